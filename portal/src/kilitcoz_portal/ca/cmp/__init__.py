"""A certificate authority elsewhere, spoken to in CMP (RFC 4210 and 4211 as updated by RFC 9480, in the
profile of RFC 9483, over HTTP by RFC 6712): port.CertificateAuthority by other means.

One rule: what is about to be sent is on the disk first, and whatever is lost on the way is sent again as it
was; so no wish ever becomes two certificates.
"""
