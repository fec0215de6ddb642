"""The whole system on one machine: virtual card, portal, card service. ./run demo, e2e/ and bench/ start it.

Nothing here is part of the product; it only starts the product's own commands, as an administrator would.
"""
