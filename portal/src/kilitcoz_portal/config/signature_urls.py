"""Addresses of the origin that asks browsers for a certificate: one page, what it looks like, and health."""

from __future__ import annotations

from django.urls import path

from kilitcoz_portal.config import health
from kilitcoz_portal.pages.views import front, signature_origin

urlpatterns = [
    path("healthz", health.healthz),
    path("renkler.css", front.colours, name="colours"),
    path("imza/<slug:ticket_id>", signature_origin.present, name="signature-present"),
]
handler400 = "kilitcoz_portal.pages.views.signature_origin.not_here"
handler403 = "kilitcoz_portal.pages.views.signature_origin.not_here"
handler404 = "kilitcoz_portal.pages.views.signature_origin.not_here"
