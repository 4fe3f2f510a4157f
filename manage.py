#!/usr/bin/env python3
"""Django's commands; those that need a database start the embedded servers, if none are named or up."""

import os
import signal
import sys
from types import FrameType

WITHOUT_SERVERS = {
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "icons",
    "makemessages",
    "prove_rights",  # brings servers of its own
    "version",
}


def leave(number: int, _frame: FrameType | None) -> None:
    """End by the ordinary way, so that what was started is stopped."""
    sys.exit(128 + number)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kunshan_edu.settings")
    from django.core.management import execute_from_command_line

    from kunshan_edu import embedded

    signal.signal(signal.SIGTERM, leave)
    try:
        if sys.argv[1:] and sys.argv[1] not in WITHOUT_SERVERS and not {"-h", "--help"} & set(sys.argv):
            embedded.ensure()
        execute_from_command_line(sys.argv)
    except embedded.ServerError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
