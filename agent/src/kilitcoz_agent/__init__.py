"""Akıllı Kart Servisi: the card service on the holder's PC, where the new PIN is typed."""

__version__ = "0.1.0"
