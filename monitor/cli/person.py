"""Who gives a command: what people do about stories bears their name."""

import getpass

from monitor.errors import UsageError

LONGEST = 60  # characters of a name


def person(given: str) -> str:
    """Return the name that was given, or that of the account; UsageError where there is none."""
    name = " ".join(given.split())
    if len(name) > LONGEST:
        raise UsageError(f"a name has at most {LONGEST} characters")
    try:
        return name or getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in some containers
        raise UsageError("this account has no name; say who you are with --author or --by") from None
