"""Holders, their cards and what was enrolled of each card."""
