"""From the legacy ``dirac.cfg`` to the typed multi-VO configuration of DiracX.

``reader`` reads CFG text with positions, ``rules`` is the table that says what becomes of each option, ``converter``
applies it, ``publisher`` writes the result to a file or into a git repository. Everything that is noticed on the way is
a `findings.Finding`; everything that is lost is in the `account.Account`.
"""
