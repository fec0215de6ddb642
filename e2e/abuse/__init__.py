"""The abuse cases, each where it is real: Chromium, pcscd with vpcd, portal and card service as processes.

What a single part refuses is tested beside that part; here stands what only the whole ring can show.
"""
