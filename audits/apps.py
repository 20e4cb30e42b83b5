from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "audits"
    verbose_name = "审验与证书"

    def ready(self) -> None:
        # Importing them registers the rows of the access matrix, the outbox handlers and who tells of certificates.
        from audits import access, certificates, journal_subjects, making  # noqa: F401, PLC0415 - models exist only now
