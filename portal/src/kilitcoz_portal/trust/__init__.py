"""Which certificates we believe, and whom they name (RFC 5280, RFC 6960, ETSI EN 319 412)."""
