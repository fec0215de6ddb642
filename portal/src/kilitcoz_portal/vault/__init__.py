"""Unlock secrets, their journal and budgets; nobody else touches its tables; imports no other room."""
