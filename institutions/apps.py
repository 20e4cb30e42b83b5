from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "institutions"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        # Importing them registers the outbox handlers and the receivers of signals.
        from institutions import notifications, sign_in_journal  # noqa: F401, PLC0415 - models exist only now
