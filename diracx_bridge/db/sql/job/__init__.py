"""JobDB: the jobs, their JDLs, input data, heartbeats and pending commands."""
