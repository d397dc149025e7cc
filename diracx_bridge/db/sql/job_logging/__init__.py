"""JobLoggingDB: the status history of every job."""
