"""The cast and the databases of the portal's tests."""
