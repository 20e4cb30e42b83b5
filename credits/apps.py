from django.apps import AppConfig


class CreditsConfig(AppConfig):
    name = "credits"
    verbose_name = "学分"

    def ready(self) -> None:
        # Importing them registers the rows of the access matrix and the outbox handlers.
        from credits import access, checks, evidence, notices  # noqa: F401
