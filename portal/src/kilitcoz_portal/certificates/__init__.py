"""Certificates of holders' cards: their states, who may change them, and what the authority is told."""
