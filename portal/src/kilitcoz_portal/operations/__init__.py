"""One deed of one holder with one card: states, capability, claims, release, result."""
