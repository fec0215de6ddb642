"""Private keys in a token (PKCS #11 v2.40): the only room that speaks to one.

A key is named by its address (RFC 7512); where the module lies and how its PIN is read are settings.
"""
