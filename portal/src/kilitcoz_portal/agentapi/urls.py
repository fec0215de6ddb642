"""Addresses of the agent API."""

from django.urls import path

from kilitcoz_portal.agentapi.api import api
from kilitcoz_portal.agentapi.wellknown import well_known

urlpatterns = [
    path(".well-known/kilitcoz.json", well_known),
    path("agent/v1/", api.urls),
]
