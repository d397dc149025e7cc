"""Identity providers: where the members of a VO log in."""
