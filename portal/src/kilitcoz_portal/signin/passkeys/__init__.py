"""Passkeys: a second factor that replaces the SMS code (WebAuthn Level 3; NIST SP 800-63B-4, 3.2.5).

Asked for only after the right word, or of who is signed in, so a passkey tells no stranger who is enrolled.
One rule: every challenge is bound to a browser and a deed, lives five minutes and is answered once.
"""
