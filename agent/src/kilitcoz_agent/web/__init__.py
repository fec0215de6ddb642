"""The local page and the HTTP it is served by."""
