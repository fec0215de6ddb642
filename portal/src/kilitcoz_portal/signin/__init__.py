"""Who are you: the human check, the security word, the SMS codes, and what a browser's session remembers
(design §6).

One rule: whoever does not know the word learns nothing, neither whether a number is enrolled nor whether it
is blocked.
"""
