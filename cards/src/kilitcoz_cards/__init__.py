"""Kilitçöz: cards."""
