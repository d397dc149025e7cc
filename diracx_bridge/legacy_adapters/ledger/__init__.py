"""The ledger: what happened to calls, counted in the process, sent to the service in batches, never in the way."""
