#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == ["assess"]:  # the rules need no server, whatever this machine is set up for
        os.environ["DJANGO_SETTINGS_MODULE"] = "cme_portal.settings.assess"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cme_portal.settings.development")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - the settings' name comes first

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
