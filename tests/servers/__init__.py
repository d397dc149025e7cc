"""Real servers for the tests: installed into a cache, started once per run, shared by all workers.

`README.md` beside this file says what tests get; `python -m tests.servers` is the same by hand.
Nothing here needs more than the standard library, except `databases.py` (PyMySQL).
"""
