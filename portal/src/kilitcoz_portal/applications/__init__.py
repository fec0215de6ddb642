"""Applications for a certificate ("Başvuru"): received, checked by one person, approved by another, produced.

Verbs that write are in services; `printing` makes the form with the security word. An application opens
nothing by itself: what it says counts from the moment a registrar has checked it against a person.
"""
