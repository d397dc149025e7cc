"""The doors inside DIRAC; nothing else in the bridge imports DIRAC."""
