from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "audits"
    verbose_name = "审验与证书"

    def ready(self) -> None:
        # Importing them registers the rows of the access matrix and the outbox handlers.
        from audits import access, certificates, making  # noqa: F401, PLC0415 - models are ready only now
