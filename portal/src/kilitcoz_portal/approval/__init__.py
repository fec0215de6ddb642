"""E-Onay: a consent that a holder signs once with the card, kept as a PDF that proves itself for years."""
