"""Kullanıma Aç: the holder sets the card's first PIN, and its certificates leave their suspension."""
