"""The options by which `hits` and `articles` choose, and how a time is written."""

import re
import time
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.errors import UsageError

RuleOption = Annotated[str, typer.Option("--rule", help="Id of a rule.")]
SourceOption = Annotated[str, typer.Option("--source", help="Id of a source.")]
TextOption = Annotated[str, typer.Option("--text", help='Full text: words, "a phrase", prefix*, OR, -not.')]
SinceOption = Annotated[str, typer.Option("--since", help="2h, 3d, 2026-05-10 or 2026-05-10T14:00 (UTC).")]
UntilOption = Annotated[str, typer.Option("--until", help="As --since.")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")]
FollowOption = Annotated[bool, typer.Option("--follow", "-f", help="Go on, and show what comes.")]

UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
PAUSE = 1.0  # seconds between two looks when following


def moment(text: str, *, now: float) -> float | None:
    """Return the point in time that an option names, or None for an empty one; UsageError where it names none."""
    if not text:
        return None
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)([smhdw])", text.strip()):
        return now - float(found[1]) * UNITS[found[2]]
    try:
        given = datetime.fromisoformat(text.strip())
        return (given if given.tzinfo else given.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"{text!r} is no time; write for example 2h, 3d, 2026-05-10 or 2026-05-10T14:00") from None


def duration(text: str) -> float:
    """Return the seconds of `90s`, `30m`, `2h`, `3d` or `1w`; UsageError for anything else, and for none."""
    found = re.fullmatch(r"(\d{1,9}(?:\.\d+)?)([smhdw])", text.strip())
    if not found or not float(found[1]):
        raise UsageError(f"{text!r} is no duration; write for example 30m, 2h or 3d")
    return float(found[1]) * UNITS[found[2]]


def local_moment(text: str, *, zone: str) -> float:
    """Return a point in time as a person writes it, in this zone where it names none; UsageError where it is none."""
    try:
        given = datetime.fromisoformat(text.strip())
        return (given if given.tzinfo else given.replace(tzinfo=ZoneInfo(zone))).timestamp()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"{text!r} is no time; write for example 2026-05-10 or 2026-05-10T14:00") from None


def pause() -> None:
    """Wait a moment for what comes."""
    time.sleep(PAUSE)
