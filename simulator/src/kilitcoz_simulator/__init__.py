"""Kilitçöz: simulator."""
