"""Adapters: classes with the methods of a legacy service that do their work by the DiracX API.

An adapter takes legacy arguments, returns the plain value of the legacy method and raises ``core.errors`` classes; it
knows neither DIRAC nor transports. Doors (``dirac/``) put it where legacy code finds it.
"""
