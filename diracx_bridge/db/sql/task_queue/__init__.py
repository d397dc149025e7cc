"""TaskQueueDB: which waiting jobs may be given to which pilots."""
