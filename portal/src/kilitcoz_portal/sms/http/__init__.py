"""A gateway that is a web service of any shape: what is said to it, and how its answer is read, stands in the
gateways' file.
"""
