from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "cme_portal.foundation"
    label = "foundation"
    verbose_name = "基础"

    def ready(self) -> None:
        from cme_portal.foundation import checks  # noqa: F401, PLC0415 - importing it registers them, once models exist
