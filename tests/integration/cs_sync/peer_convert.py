"""Runs in the environment of the official packages: what their converter makes of the CFG files in a folder.

Writes ``X.yml`` beside ``X.cfg`` where it succeeds, and ``X.err`` where it fails.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path

os.environ["DIRAC_COMPAT_ENABLE_CS_CONVERSION"] = "yes"

from diracx.cli.internal.legacy import cs_sync

for file in sorted(Path(sys.argv[1]).glob("*.cfg")):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            cs_sync(file, file.with_suffix(".yml"))
    except Exception as error:
        file.with_suffix(".err").write_text(f"{type(error).__name__}: {error}")
