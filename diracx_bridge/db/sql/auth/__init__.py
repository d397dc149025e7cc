"""AuthDB: login flows and refresh tokens; DiracX's own database, shared with upstream servers."""
