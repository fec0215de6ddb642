"""Whole stories: a holder in a real browser, portal and card service as processes, a real PC/SC stack."""
