"""The synchroniser of the configuration: what a change takes and costs, and what the official command takes."""
