"""Notices: what was done in a holder's name is told to every contact we know of, with a way to undo it."""
