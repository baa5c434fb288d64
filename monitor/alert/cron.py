"""When a crontab expression comes next, in a time zone; pure, and the one door to cronsim.

On the days on which the clocks change, a time that is skipped comes once, when the clocks have jumped over it, and a
time that is there twice comes the first time only. Where the hour is `*` every real hour counts.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache

from cronsim import CronSim, CronSimError

LONGEST = 100  # characters of an expression
FIELDS = ("minute", "hour", "day-of-month", "month", "day-of-week")
NAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_ANY = datetime(2000, 1, 1)  # what a clock on the wall shows, in no zone


def next_time(expression: str, *, after: float, zone: tzinfo) -> float:
    """Return the first moment later than `after`, in seconds since the epoch; ValueError for a bad expression."""
    if problem := check(expression):
        raise ValueError(problem)
    return next(at for at in _moments(_written(expression), after, zone) if at > after)


def _moments(expression: str, after: float, zone: tzinfo) -> Iterator[float]:
    """Yield moments from about `after` on, in order."""
    start = datetime.fromtimestamp(after, zone)
    if expression.split()[1] == "*":
        # Real time: cronsim steps in UTC. Through a zone's change of half an hour only its own clock is right.
        yield from (at.timestamp() for at in CronSim(expression, start))
        return
    # Walls: an hour earlier, since where an hour comes twice a second one in it lies behind what is still to come.
    walls = CronSim(expression, (start - timedelta(hours=1)).replace(tzinfo=None))
    yield from (_real(wall, zone) for wall in walls)


def _real(wall: datetime, zone: tzinfo) -> float:
    """Return when a clock shows this, the first time; for what it skips, when it has jumped over it."""
    while not _shown(wall, zone):
        wall += timedelta(minutes=1)
    return wall.replace(tzinfo=zone, fold=0).timestamp()


def _shown(wall: datetime, zone: tzinfo) -> bool:
    there_and_back = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return there_and_back.replace(tzinfo=None) == wall


def _written(expression: str) -> str:
    return NAMES.get(expression.strip().lower(), expression)


# --- what is wrong ---------------------------------------------------------------------------------------------------


@cache
def check(expression: str) -> str:
    """Return what is wrong with an expression, in one line, or ""."""
    written = _written(expression)
    parts = written.split()
    if len(written) > LONGEST:
        return f"a crontab expression has at most {LONGEST} characters"
    if written.startswith("@"):
        return f"there is no {expression.strip()!r}; write one of {', '.join(NAMES)}, or five fields"
    if len(parts) != len(FIELDS):
        return (
            f"{expression!r} has {len(parts)} fields and not five: minute, hour, day of the month, month and day of "
            "the week, as in '0 7 * * *' (every day at 07:00)"
        )
    try:
        next(CronSim(written, _ANY))
    except (CronSimError, ValueError, AssertionError) as error:  # it does not foresee every wrong text
        return _wrong(expression, parts, str(error))
    except StopIteration:
        return f"{expression!r} never comes: no day of the next 50 years fits it"
    return ""


def _wrong(expression: str, parts: list[str], said: str) -> str:
    """Name the field that cannot be read."""
    name = said.removeprefix("Bad ")
    if name not in FIELDS:
        return f"{expression!r} is no crontab expression"
    return f"{parts[FIELDS.index(name)]!r} is no {name.replace('-', ' ')}, in the crontab expression {expression!r}"


def said(expression: str) -> str:
    """Return a good expression in words: "At 07:00 on Monday"."""
    return str(CronSim(_written(expression), _ANY).explain())
