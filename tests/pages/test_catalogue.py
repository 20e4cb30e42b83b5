"""The catalogue of what the portal says in other words than Django and allauth."""

import gettext
import re

from cme_portal.settings.base import LOCALE_PATHS

FOLDER = LOCALE_PATHS[0] / "zh_Hans/LC_MESSAGES"
# A message with its translation; one that counts has a single Chinese form.
MESSAGE = re.compile(r'^msgid "(.+)"\n(?:msgid_plural ".+"\n)?msgstr(?:\[0\])? "(.+)"$', re.MULTILINE)


def test_what_is_compiled_is_what_is_written() -> None:
    """After a change: cd cme_portal && django-admin compilemessages."""
    source = (FOLDER / "django.po").read_text(encoding="utf-8").replace('"\n"', "")  # one line a message
    written = dict(MESSAGE.findall(source))
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    # What counts is kept by its message and the number of the form; the heading is the translation of nothing.
    told = {key if isinstance(key, str) else key[0]: text for key, text in compiled.items() if key}
    assert len(written) > 20
    assert told == written
