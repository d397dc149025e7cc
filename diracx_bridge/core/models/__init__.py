"""The shapes of DiracX 0.7.0's HTTP API as pydantic models, with the names and defaults of its OpenAPI file."""
