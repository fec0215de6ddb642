"""The holder's nine screens."""
