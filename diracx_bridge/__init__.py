"""diracx-bridge: move a running DIRAC installation to DiracX, one call at a time."""

__version__ = "0.1.0.dev0"
