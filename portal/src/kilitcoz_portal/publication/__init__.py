"""The public face of the certificate authority: its certificates, lists, and OCSP (RFC 5280, RFC 6960)."""
