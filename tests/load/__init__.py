"""How fast the services are: real servers on real databases, one scenario after the other, for a bounded time.

`docs/performance.md` says how to run it and how it measures; `python -m tests.load --help` lists the options.
"""
