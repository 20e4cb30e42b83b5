"""The portal's addresses: each app brings its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("", include("institutions.urls")),
    path("", include("credits.urls")),
    path("", include("audits.urls")),
    path("", include("cme_portal.pages.urls")),
]
