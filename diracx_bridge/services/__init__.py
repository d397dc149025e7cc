"""The FastAPI application: the DiracX HTTP API on DIRAC's own databases."""
