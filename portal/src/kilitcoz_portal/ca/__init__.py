"""The embedded certificate authority: certificates, CRLs and OCSP answers as pure functions of keys, data and
time (RFC 5280, RFC 6960, ETSI EN 319 412).

One rule: nothing here asks the clock, the network or the database; what is signed is what was given.
"""
