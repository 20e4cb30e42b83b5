"""The portal's addresses: each app brings its own."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
]
urlpatterns += [
    path("", include(f"{app}.urls"))
    for app in ("institutions", "credits", "projects", "audits", "cme_portal.pages")
    if find_spec(f"{app}.urls")
]
