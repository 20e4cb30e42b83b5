from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "institutions"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        # Importing them registers the outbox handlers, the receivers of signals and who tells of the journal's subjects.
        from institutions import journal_subjects, notifications, people, sign_in_journal  # noqa: F401, PLC0415 - models exist
