"""The agent API: thin HTTP over operations."""
