from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "cme_portal.demo"
    verbose_name = "演示"
