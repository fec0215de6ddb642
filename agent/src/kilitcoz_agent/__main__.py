"""`python -m kilitcoz_agent`."""

from kilitcoz_agent.cli import app

app()
