"""What is typed after `/`: `bridge severity:high watch:"Border moves"`; pure."""

import re

from monitor.errors import UsageError
from monitor.web.filters import FILTERS, LONGEST, MOST

_PART = re.compile(r'(?<!\S)(?P<name>[a-z]+):(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+))')


def read(text: str) -> dict[str, list[str]]:
    """Return the values of each filter that a text names, its other words as `q`; UsageError where that is too much.

    A name that is no filter is a word to search for.
    """
    found: dict[str, list[str]] = {}

    def take(part: re.Match[str]) -> str:
        name = part["name"]
        if name not in FILTERS:
            return part[0]
        value = part["quoted"] if part["quoted"] is not None else part["plain"]
        found[name] = [*found.get(name, []), value] if FILTERS[name].many else [value]
        return " "

    words = " ".join(_PART.sub(take, text).split())
    if words:
        found["q"] = [words]
    if any(len(values) > MOST or any(len(one) > LONGEST for one in values) for values in found.values()):
        raise UsageError(f"that is too much; {MOST} values of {LONGEST} characters at most")
    return found
