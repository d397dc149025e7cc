"""DIRAC's SQL databases: schemas, statements, and the unit of work that holds them together."""
