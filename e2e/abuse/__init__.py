"""Abuse cases in a real browser on real parts: A14–A20, A18b, A28, A29, A34, A35, A40 (../shared/abuse-cases.md)."""
