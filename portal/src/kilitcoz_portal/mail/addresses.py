"""How an e-mail address is shown to a person who should recognise it."""

from __future__ import annotations


def masked(address: str) -> str:
    """`a•••@ornek.example`; empty for an empty one."""
    mailbox, _, domain = address.rpartition("@")
    return f"{mailbox[:1]}•••@{domain}" if mailbox else ""
