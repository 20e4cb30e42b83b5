"""The addresses of the pages that belong to no app."""

from django.urls import path

from cme_portal.pages import appearance, home

urlpatterns = [
    path("", home.home, name="home"),
    path("appearance/", appearance.appearance, name="appearance"),
]
