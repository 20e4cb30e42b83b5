from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "cme_portal.pages"
    label = "pages"
    verbose_name = "门户"
