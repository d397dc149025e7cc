"""One package per operation group."""
