"""BridgeDB: what the bridge itself must not lose; our own database, beside JobDB on the same server."""
