"""Addresses of the certificate office, of the holder's own certificates, and of public verification."""

from django.urls import include, path

urlpatterns = [
    path("", include("audits.urls_public")),
]
