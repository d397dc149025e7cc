"""JobStateUpdate through the real handler and through the adapter: generated calls, compared answers and rows."""
