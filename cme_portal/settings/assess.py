"""`manage.py assess`: the rules and nothing else, so that anyone can check them without a database, Redis or secrets."""

from django.apps import AppConfig


class RulesAlone(AppConfig):
    """The credits app for its command alone: no models are loaded."""

    name = "credits"

    def import_models(self) -> None:
        self.models = {}


INSTALLED_APPS = ["cme_portal.settings.assess.RulesAlone"]
DATABASES: dict[str, dict[str, str]] = {}
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
