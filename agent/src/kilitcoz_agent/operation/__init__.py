"""One operation from its capability to its end: found card, the portal's decision, the PIN, one transaction,
the result.
"""
