"""Kilitçöz: portal."""
