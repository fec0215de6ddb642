"""A gateway that is an SMSC, spoken to by SMPP 3.4: one bound session a process, kept up by itself.

The octets of what we say are aiosmpplib's; the session, and the reading of what SMSCs say, are our own
(docs/decisions/0009).
"""
