"""The vocabulary of the bridge: errors, security properties, models, settings, extensions. No I/O."""
