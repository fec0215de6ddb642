"""OpenID Connect login: an identity provider says who somebody is, and their ID number says which holder.

Authorization code flow (OpenID Connect Core 1.0, 3.1) with PKCE (RFC 7636), the issuer pinned by a setting
and checked in every answer (RFC 9207). One rule: nothing that the provider sends is stored or logged; what is
remembered between the two requests is the hash of one random value.
"""
