from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "institutions"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        from institutions import notifications  # noqa: F401, PLC0415 - models exist only now
