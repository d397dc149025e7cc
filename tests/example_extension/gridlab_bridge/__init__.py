"""The example of an extension."""
