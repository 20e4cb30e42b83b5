"""Addresses of credits: what anybody may open, and the evidence of claims."""

from django.urls import include, path

urlpatterns = [
    path("", include("credits.urls_public")),
    path("", include("credits.urls_evidence")),
]
