"""E-mail to holders: the second way to reach a known contact."""
