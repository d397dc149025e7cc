"""Instantiate database classes, which creates their tables.

usage: create_tables.py SYSTEM/DATABASE ...
"""

import importlib
import sys

import DIRAC

DIRAC.initialize(require_auth=False)

for argument in sys.argv[1:]:
    system, database = argument.split("/")
    getattr(importlib.import_module(f"DIRAC.{system}System.DB.{database}"), database)()
