"""ResourceStatusDB."""
