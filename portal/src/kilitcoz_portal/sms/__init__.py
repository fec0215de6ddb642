"""SMS: what is said to a phone, in which letters, and through which gateway it leaves.

One rule: nothing leaves for a number that is not an ordinary mobile of an allowed country (A12).
"""
