"""Where the archives of sandboxes are kept: an S3 bucket, or a directory with the same contract."""
