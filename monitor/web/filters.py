"""The filters of stories, once: the page, the Atom feed, the API and its description all read this map.

What a filter's values mean in SQL stands in `monitor/store/listing.py`; here is how an address says them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from monitor.errors import UsageError
from monitor.model import Severity
from monitor.store.listing import NOBODY, ORDERS, STATES, Wanted

if TYPE_CHECKING:  # a list in a terminal has the same filters, without a web server
    from starlette.datastructures import QueryParams

_UNITS = {"m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
LONGEST = 300  # characters of one value
MOST = 50  # values of one filter
Reader = Callable[[Sequence[str], float], Any]  # (values as typed, now) -> the field of `Wanted`


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One filter: its name in an address, and how its values are read."""

    name: str
    field: str  # of `Wanted`
    label: str  # over its values on the page
    help: str  # one sentence, for the description of the API
    read: Reader
    many: bool = False  # it may be given several times: one of the values is enough
    values: tuple[str, ...] = ()  # all that it can have; () = anything


def _texts(values: Sequence[str], _: float) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _text(values: Sequence[str], _: float) -> str:
    return values[0]


def _countries(values: Sequence[str], _: float) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(value.upper() for value in values))
    if wrong := next((code for code in codes if not re.fullmatch("[A-Z]{2}", code)), ""):
        raise UsageError(f"{wrong!r} is no country; write two letters, for example BY")
    return codes


def _severity(values: Sequence[str], _: float) -> Severity:
    return Severity(_one_of("severity", values[0], tuple(Severity)))


def _states(values: Sequence[str], _: float) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_one_of("state", value, STATES) for value in values))


def _order(values: Sequence[str], _: float) -> str:
    return _one_of("order", values[0], tuple(ORDERS))


def _one_of(what: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise UsageError(f"{value!r} is no {what}; there are: {', '.join(known)}")
    return value


def moment(values: Sequence[str], now: float) -> float:
    """Return the point in time that `2h`, `3d`, `2026-05-10` or `2026-05-10T14:00` (UTC) names; else UsageError."""
    text = values[0]
    if found := re.fullmatch(r"(\d{1,6})([mhdw])", text):
        return now - float(found[1]) * _UNITS[found[2]]
    try:
        given = datetime.fromisoformat(text)
        return (given if given.tzinfo else given.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"{text!r} is no time; write for example 2h, 3d, 2026-05-10 or 2026-05-10T14:00") from None


_ALL: Final = (
    Filter(
        name="q",
        field="text",
        label="Text",
        help='Words in one of its articles: words, "a phrase", prefix*, OR, -not.',
        read=_text,
    ),
    Filter(
        name="severity",
        field="severity",
        label="Severity",
        help="The lowest severity wanted.",
        read=_severity,
        values=tuple(one.value for one in Severity),
    ),
    Filter(
        name="state",
        field="state",
        label="State",
        help="What people did about it; `wrong`: every hit of it is marked wrong; `new`: none of the others.",
        read=_states,
        many=True,
        values=STATES,
    ),
    Filter(
        name="assignee",
        field="assignee",
        label="Assigned to",
        help=f"Who looks after it; `{NOBODY}`: nobody does.",
        read=_texts,
        many=True,
    ),
    Filter(name="watch", field="watch", label="Watch", help="A watch of its rules.", read=_texts, many=True),
    Filter(name="rule", field="rule", label="Rule", help="The id of a rule that hit it.", read=_texts, many=True),
    Filter(
        name="country",
        field="country",
        label="Country",
        help="A country that its articles are about, two letters.",
        read=_countries,
        many=True,
    ),
    Filter(name="place", field="place", label="Place", help="A place of its articles.", read=_texts, many=True),
    Filter(name="source", field="source", label="Source", help="The id of a source of it.", read=_texts, many=True),
    Filter(
        name="language",
        field="language",
        label="Language",
        help="A language of its articles, two letters.",
        read=_texts,
        many=True,
    ),
    Filter(
        name="since",
        field="since",
        label="Since",
        help="It grew then or later: 2h, 3d, 2026-05-10 or 2026-05-10T14:00 (UTC).",
        read=moment,
    ),
    Filter(name="until", field="until", label="Until", help="It was first seen before then; as `since`.", read=moment),
    Filter(
        name="sort",
        field="order",
        label="Order",
        help="`newest`, `severest`, or `both`: a step of severity counts as much as six hours.",
        read=_order,
        values=tuple(ORDERS),
    ),
)
FILTERS: Final[Mapping[str, Filter]] = {one.name: one for one in _ALL}


def given(query: "QueryParams") -> dict[str, list[str]]:
    """Return what an address says of each filter, without what is empty; UsageError where that is too much."""
    found: dict[str, list[str]] = {}
    for name, one in FILTERS.items():
        values = [value.strip() for value in query.getlist(name) if value.strip()]
        if len(values) > MOST or any(len(value) > LONGEST for value in values):
            raise UsageError(f"{one.label}: that is too much; {MOST} values of {LONGEST} characters at most")
        if values:
            found[name] = values if one.many else values[-1:]
    return found


def wanted(given: Mapping[str, Sequence[str]], now: float) -> Wanted:
    """Return which stories are asked for; UsageError for a value that a filter cannot have."""
    fields = {FILTERS[name].field: FILTERS[name].read(values, now) for name, values in given.items()}
    return Wanted(**fields)


def toggled(given: Mapping[str, Sequence[str]], name: str, value: str) -> dict[str, list[str]]:
    """Return the same filters with a value more, or without it where it was there."""
    had = list(given.get(name, ()))
    more = [*had, value] if FILTERS[name].many else [value]
    now = [one for one in had if one != value] if value in had else more
    return {**{key: list(values) for key, values in given.items() if key != name}, **({name: now} if now else {})}


# --- pages by key ----------------------------------------------------------------------------------------------------


def written_key(key: tuple[float, str]) -> str:
    """Return a place in the list as an address has it."""
    return f"{key[0]!r}~{key[1]}"


def key_of(text: str) -> tuple[float, str] | None:
    """Return the place that an address names, None where it names none; UsageError for what is none."""
    if not text:
        return None
    number, sign, story_id = text.partition("~")
    try:
        place = float(number)
    except ValueError:
        place = float("nan")
    if not sign or place != place or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", story_id):
        raise UsageError("there is no such page of the list; begin at its first one")
    return place, story_id


def only(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return of the pairs of a query those that are filters."""
    return [(name, value) for name, value in pairs if name in FILTERS and value]
