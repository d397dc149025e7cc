"""SandboxMetadataDB."""
