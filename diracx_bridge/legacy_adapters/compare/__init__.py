"""The stage compare: legacy answers, and what DiracX would have done is laid beside it."""
