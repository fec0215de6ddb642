"""Messages that leave the house: their journal, their queue, and who carries them, whatever the channel.

One rule: a message is handed over again only where it was certainly not accepted; a lost answer leaves it in
doubt, and nothing is said twice (A13).
"""
