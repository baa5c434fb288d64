"""`/stories`: what happened, the newest and most severe first; filters with counts, and views under a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams
from starlette.responses import Response

from monitor.alert.clean import one_line
from monitor.charts.borders import names_of_countries
from monitor.errors import UsageError
from monitor.model import Severity
from monitor.store import Store
from monitor.store.listing import COUNTED, KINDS, NOBODY, ORDERS, STATES
from monitor.store.saved import SavedView
from monitor.web import filters
from monitor.web.ask import Ask
from monitor.web.listed import told

PAGE = 25  # rows
VALUES = 15  # of one filter that are offered; an address can name any
NAME = 60  # characters of a view's name
KEPT = 200  # named views
PERIODS = (("1h", "hour"), ("24h", "day"), ("7d", "week"), ("30d", "month"))


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter that can be chosen."""

    value: str
    name: str
    count: int
    is_chosen: bool
    address: str


def listing(ask: Ask) -> Response:
    """Show a page of the list, with its filters."""
    given = filters.given(ask.query)
    wanted = filters.wanted(given, ask.now)
    after = filters.key_of(ask.query.get("after", ""))
    query, saved = urlencode(given, doseq=True), ask.store.views.all()
    look = ask.store.listing.look(wanted, ask.now, limit=PAGE + 1, after=after)
    rows, more = look.rows, filters.written_key(look.rows[PAGE - 1].key) if len(look.rows) > PAGE else ""
    return ask.page(
        "stories.html",
        found=told(ask.store, rows[:PAGE], ask.now),
        total=look.total,
        counted_up_to=COUNTED,
        given=given,
        typed={name: given.get(name, [""])[0] for name in ("q", "since", "until")},
        choices=_choices(ask, given, look.counts),
        mine=_mine(ask, given, look.counts["assignee"]),
        filters=filters.FILTERS,
        orders=[(name, ask.url("stories", **{**given, "sort": [name]})) for name in ORDERS],
        order=wanted.order,
        periods=[(text, word, ask.url("stories", **filters.toggled(given, "since", text))) for text, word in PERIODS],
        chosen=_chosen(ask, given),
        first=ask.url("stories", **given) if after else "",
        following=ask.url("stories", **given, after=more) if more else "",
        query=query,
        saved=saved,
        named=next((one.name for one in saved if one.query == query), ""),
        source_name=lambda source_id: name_of(ask, "source", source_id),
        name_length=NAME,
    )


# --- filters ---------------------------------------------------------------------------------------------------------


def _choices(
    ask: Ask, given: Mapping[str, Sequence[str]], counts: Mapping[str, Mapping[str, int]]
) -> dict[str, list[Choice]]:
    """Return what can be chosen of each filter."""
    at_least, running = {}, 0
    for severity in reversed(Severity):
        running += counts["severity"].get(severity.value, 0)
        at_least[severity.value] = running
    every: dict[str, Mapping[str, int]] = {kind: counts[kind] for kind in (*KINDS, "assignee")}
    every |= {"severity": at_least, "state": {name: counts["state"].get(name, 0) for name in STATES}}
    found = {}
    for kind, values in every.items():
        chosen = given.get(kind, ())
        offered = dict(list(values.items())[:VALUES]) | {value: values.get(value, 0) for value in chosen}
        found[kind] = [_choice(ask, given, kind, value, number) for value, number in offered.items()]
    return found


def _mine(ask: Ask, given: Mapping[str, Sequence[str]], counts: Mapping[str, int]) -> Choice | None:
    """Return the choice of what the reader looks after; None for who has no name here and looks after nothing."""
    if ask.user is None:
        return None
    one = _choice(ask, given, "assignee", ask.user.name, counts.get(ask.user.name, 0))
    return one if one.count or one.is_chosen or ask.user.by in {"session", "proxy"} else None


def _choice(ask: Ask, given: Mapping[str, Sequence[str]], kind: str, value: str, number: int) -> Choice:
    address = ask.url("stories", **filters.toggled(given, kind, value))
    return Choice(value, name_of(ask, kind, value), number, value in given.get(kind, ()), address)


def _chosen(ask: Ask, given: Mapping[str, Sequence[str]]) -> list[tuple[str, str, str]]:
    """Return each value that is chosen: the filter's label, its name, and the address without it."""
    return [
        (
            filters.FILTERS[name].label,
            name_of(ask, name, value),
            ask.url("stories", **filters.toggled(given, name, value)),
        )
        for name, values in given.items()
        if name != "sort"
        for value in values
    ]


def name_of(ask: Ask, kind: str, value: str) -> str:
    """Return what a person calls a value of a filter."""
    if kind == "assignee":
        return "nobody" if value == NOBODY else value
    if kind == "country":
        return names_of_countries().get(value, value)
    if kind == "rule":
        return next((rule.name for rule in ask.config.rules.rules if rule.id == value and rule.name), value)
    if kind == "source":
        names = ask.site.remembered.get("names of sources", ask.now, 60.0, lambda: _names_of_sources(ask.store))
        return names.get(value) or value
    return value


def _names_of_sources(store: Store) -> dict[str, str]:
    return {one.id: one.title for one in store.sources.looks()}


# --- views under a name ----------------------------------------------------------------------------------------------


def save(ask: Ask) -> Response:
    """Keep the filters of a list under a name, give them another one, or forget a name."""
    name, by = one_line(ask.need("name"))[:NAME], ask.user.name if ask.user else ""
    if ask.form.get("do") == "remove":
        with ask.writing() as store:
            gone = store.views.remove(name)
        return ask.redirect(ask.back(ask.url("stories")), say="It is forgotten." if gone else "It was not there.")
    given = filters.given(QueryParams(filters.only(parse_qsl(str(ask.form.get("query", ""))))))
    filters.wanted(given, ask.now)  # for its UsageError
    if not given:
        raise UsageError("a view needs filters; choose some first")
    query = urlencode(given, doseq=True)  # in the order in which the list itself writes it
    was = str(ask.form.get("was", ""))
    with ask.writing() as store, store.transaction(durable=True):
        names = [one.name for one in store.views.all()]
        if was and was != name and name in names:
            raise UsageError(f"there is a view “{name}” already")
        if was and was != name:
            store.views.remove(was)
        elif name not in names and len(names) >= KEPT:
            raise UsageError(f"there are {KEPT} views already; remove one that nobody uses")
        store.views.put(SavedView(name, query, by, ask.now))
    return ask.redirect(f"{ask.url('stories')}?{query}", say=f"“{name}” is in the list of views.")
