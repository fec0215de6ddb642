"""What the commands of `kilitcoz-agent` do; `cli` only reads the command line."""
