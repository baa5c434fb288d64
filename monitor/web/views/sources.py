"""`/sources`: what is polled, how it is doing, and what it brought."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.responses import Response

from monitor.errors import UsageError
from monitor.model import Source, State
from monitor.store import Store
from monitor.store.sources import Look
from monitor.web.ask import Ask
from monitor.web.panels import Easel
from monitor.web.refusal import not_found

PAGE = 35  # rows: with their forms about 50 kB
RECENT = 30 * 86400.0  # seconds over which hits and firsts are counted
RHYTHM = 14  # days of a sparkline
NEWEST = 20  # articles that a source's own page shows
STATES = ("failing", "fine", "new", "disabled")


@dataclass(frozen=True, slots=True)
class Row:
    """One source in the list."""

    look: Look
    group: str  # one of STATES
    hits: int
    firsts: int

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.look.title or self.look.id


def listing(ask: Ask) -> Response:
    """Show the sources: those that fail first."""
    rows = _rows(ask)
    state, tag, text = (ask.query.get(name, "") for name in ("state", "tag", "q"))
    tagged = [row for row in rows if (not tag or tag in row.look.tags) and _has(row, text)]
    counts = {name: sum(row.group == name for row in tagged) for name in STATES}
    shown = [row for row in tagged if not state or row.group == state]
    shown.sort(key=lambda row: (STATES.index(row.group), -row.hits, row.name.lower()))
    first = _number(ask.query.get("from", ""))
    page = shown[first : first + PAGE]
    return ask.page(
        "sources.html",
        rows=page,
        rhythms=_rhythms(ask, page),
        days=RHYTHM,
        total=len(shown),
        everything=len(rows),
        unfiltered=len(tagged),
        first=first,
        page=PAGE,
        counts=counts,
        state=state,
        tag=tag,
        text=text,
        tags=sorted({name for row in rows for name in row.look.tags}),
    )


def _rows(ask: Ask) -> list[Row]:
    hits, firsts = ask.site.remembered.get("contributions", ask.now, 60.0, lambda: _brought(ask.store, ask.now))
    looks = ask.store.sources.looks()
    return [Row(look, group_of(look), hits.get(look.id, 0), firsts.get(look.id, 0)) for look in looks]


def _rhythms(ask: Ask, rows: list[Row]) -> dict[str, Markup]:
    """Draw the articles of each source of the last days; nothing for one that was never polled."""
    edges = [ask.now - (RHYTHM - place) * 86400.0 for place in range(RHYTHM + 1)]
    counts = ask.site.remembered.get("rhythms", ask.now, 60.0, lambda: ask.store.picture.rhythm(edges))
    easel, none = Easel(ZoneInfo(ask.zone)), [0] * RHYTHM

    def drawn(place: int, row: Row) -> Markup:
        title = f"{row.name}, articles by day"
        return easel.spark(tuple(counts.get(row.look.id, none)), edges[0], 86400.0, title, "article", f"rhythm-{place}")

    return {row.look.id: drawn(place, row) for place, row in enumerate(rows) if row.group != "new"}


def _brought(store: Store, now: float) -> tuple[dict[str, int], dict[str, int]]:
    since = now - RECENT
    return store.audit.hits_by_source(since), store.audit.firsts_by_source(since)


def group_of(look: Look) -> str:
    """Return under which of STATES a source is counted."""
    if not look.enabled:
        return "disabled"
    if look.state is State.NEW:
        return "new"
    return "fine" if look.state.healthy else "failing"


def _has(row: Row, text: str) -> bool:
    wanted = text.casefold().split()
    had = f"{row.look.id} {row.look.title} {row.look.url} {row.look.reason}".casefold()
    return all(word in had for word in wanted)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


# --- one source ------------------------------------------------------------------------------------------------------


def one(ask: Ask) -> Response:
    """Show one source: its state and its past, what it brought, and its newest articles."""
    source = _source(ask)
    state = ask.store.sources.state(source.id)
    days = ask.store.audit.days_of_source(source.id, ask.now - RECENT)
    today = int(ask.now // 86400)
    hits, firsts = ask.site.remembered.get("contributions", ask.now, 60.0, lambda: _brought(ask.store, ask.now))
    return ask.page(
        "source.html",
        source=source,
        state=state,
        healthy=state is None or state.state.healthy,
        is_gone=not any(one.id == source.id for one in ask.config.sources),
        pulse=ask.store.pulses.of([source.id]).get(source.id),
        hits=hits.get(source.id, 0),
        firsts=firsts.get(source.id, 0),
        days=[(day * 86400.0, days.get(day, 0)) for day in range(today - 13, today + 1)],
        busiest=max(days.values(), default=0),
        states=ask.store.sources.past(source.id),
        past=ask.store.problems.past(source.id, 20),
        articles=ask.store.articles.search(source=source.id, limit=NEWEST),
    )


def _source(ask: Ask) -> Source:
    found = ask.store.sources.get(ask.path["id"])
    if found is None:
        raise not_found(f"source “{ask.path['id']}”")
    return found


def poll(ask: Ask) -> Response:
    """Make a source due now; the daemon polls it at its next tick."""
    source = _source(ask)
    with ask.writing() as store:
        found = store.sources.poll_now([source.id], ask.now)
    if not found:
        raise UsageError(f"{source.name} is disabled; write 'enabled: true' in sources.yaml")
    said = f"{source.name} is due: the daemon polls it within seconds, if it runs."
    return ask.redirect(ask.back(ask.url("source", id=source.id)), say=said)
