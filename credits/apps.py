from django.apps import AppConfig


class CreditsConfig(AppConfig):
    name = "credits"
    verbose_name = "学分"

    def ready(self) -> None:
        # Importing them registers the rows of the access matrix, the outbox handlers, who tells standings and subjects.
        from credits import access, checks, evidence, journal_subjects, notices, standing  # noqa: F401, PLC0415 - models exist
