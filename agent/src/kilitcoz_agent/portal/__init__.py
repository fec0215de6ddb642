"""The portal as the card service sees it: the agent API over HTTPS, and messages sealed by HPKE."""
