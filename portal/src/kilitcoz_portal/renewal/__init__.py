"""Before a certificate ends: its holder is reminded, and may renew it at home."""
