"""The addresses of the pages that belong to no app."""

from django.urls import path

from cme_portal.pages import appearance

urlpatterns = [
    path("appearance/", appearance.appearance, name="appearance"),
]
