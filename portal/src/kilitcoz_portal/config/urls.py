"""Addresses: health, the agent API with its well-known document, and the holder's pages."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from kilitcoz_portal.config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
for _room in ("agentapi", "publication", "pages"):
    if find_spec(f"kilitcoz_portal.{_room}.urls"):
        urlpatterns.append(path("", include(f"kilitcoz_portal.{_room}.urls")))
handler400 = "kilitcoz_portal.pages.views.failures.bad_request"
handler404 = "kilitcoz_portal.pages.views.failures.page_not_found"
