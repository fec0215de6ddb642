"""Addresses that stand in certificates; they never change."""

from django.urls import path, re_path

from kilitcoz_portal.publication import views

urlpatterns = [
    path("pki/<slug:name>.cer", views.certificate, name="ca-certificate"),
    path("pki/<slug:name>.crl", views.revocation_list, name="ca-list"),
    path("ocsp", views.ocsp_post, name="ocsp"),
    re_path(r"^ocsp/(?P<encoded>.+)$", views.ocsp_get, name="ocsp-get"),
]
