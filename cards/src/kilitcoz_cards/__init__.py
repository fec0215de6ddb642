"""What is said to a smart card to unblock its PIN: ISO/IEC 7816-4 and PIV as conversations without I/O.

Sans-IO: no sockets, no clock, no randomness, no dependency. docs/cards.md says what each module holds.
"""
