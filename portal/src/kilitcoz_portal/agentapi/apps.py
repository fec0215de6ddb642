"""Django's registration of the room."""

from django.apps import AppConfig


class AgentApiConfig(AppConfig):
    """kilitcoz_portal.agentapi"""

    name = "kilitcoz_portal.agentapi"
    label = "agentapi"
