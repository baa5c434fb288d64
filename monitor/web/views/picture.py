"""`/picture`: the situation at a glance: how each rule stands against its own past, when, where, and who says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.responses import Response

from monitor.charts.bars import Bars, Row
from monitor.charts.board import STATES, Board, Cell
from monitor.charts.borders import names_of_countries
from monitor.charts.calendar import Calendar
from monitor.charts.map import Area, Map, Spot
from monitor.charts.tempo import Bar, Tempo
from monitor.indicating import Before, before, standing
from monitor.match.emerging import Emerging, Headline, emerging
from monitor.match.indicators import DAY, Indicator
from monitor.match.trends.spike import HOUR
from monitor.model import Severity, Source
from monitor.story.corroboration import voice_key
from monitor.web.ask import Ask
from monitor.web.panels import BROAD, FULL, SLIM, Easel, Panel
from monitor.web.period import Period, midnights, period, written
from monitor.web.refusal import not_found

USUAL, LONGEST = "30d", 400 * DAY
CHOICES = (("24h", "day"), ("7d", "week"), ("30d", "month"), ("90d", "quarter"), ("365d", "year"))
HOURLY, DAILY = 3 * DAY, 120 * DAY  # periods up to this are shown by the hour, by the day; longer ones by the week
COUNTED = 5_000  # hits that places and sources are counted of: the newest
SPOTS, TOP = 250, 10
NAMED = 8  # rules that the tempo tells apart, as many as the chart has colours for
CELL = 240  # pixels of an indicator
NEW, OLD = 800, 1600  # headlines that are compared
YEAR = 364  # days of the calendar
TABLES = ("board", "tempo", "map", "calendar")  # may be too long to stand below their chart


@dataclass(frozen=True, slots=True)
class Known:
    """A rule that is live, or was."""

    id: str
    name: str
    watch: str
    rank: int  # of its severity
    live: bool = True


@dataclass(frozen=True, slots=True)
class Scene:
    """What is looked at: which rules, which time, and how links say it."""

    ask: Ask
    watch: str  # "" = all
    rules: tuple[Known, ...]
    time: Period
    easel: Easel

    @property
    def ids(self) -> list[str]:
        """The ids of the rules."""
        return [rule.id for rule in self.rules]

    def stories(self, since: float = 0.0, until: float = 0.0, **filters: str) -> str:
        """Return the address of the stories behind a part of a chart."""
        fields = {"watch": self.watch, **filters}
        chosen = urlencode({name: text for name, text in fields.items() if text})
        stretch = f"since={written(since or self.time.since)}&until={written(until or self.time.until)}"
        return f"/stories?{chosen}&{stretch}" if chosen else f"/stories?{stretch}"

    def here(self, **fields: str) -> str:
        """Return the address of this picture of another time."""
        return address(self.ask, self.watch, **fields)


def picture(ask: Ask) -> Response:
    """Show the picture of a watch, or of all."""
    known = _known(ask)
    watches = sorted({rule.watch for rule in known if rule.watch}, key=str.casefold)
    watch = ask.path.get("watch", "")
    if watch and watch not in watches:
        raise not_found(f"watch “{watch}”")
    scene = _scene(ask, watch, [rule for rule in known if watch in ("", rule.watch)])
    edges = _edges(scene.time, scene.easel.zone)
    counts = ask.store.picture.counts(scene.ids, [*edges[:-1], scene.time.until])
    if found := _table(scene, ask.query.get("table", ""), edges, counts):
        back = scene.here(**scene.time.said)
        return ask.page("picture_table.html", one=found, watch=watch, time=scene.time, back=back)
    total = sum(map(sum, counts.values()))
    latest = None if total else ask.store.trends.last(scene.ids, ask.now)
    return ask.page(
        "picture.html",
        watch=watch,
        watches=[(name, address(ask, name, **scene.time.said)) for name in ("", *watches)],
        choices=[(text, name, scene.here(since=text)) for text, name in CHOICES],
        chosen=scene.time.said.get("since", USUAL) if "until" not in scene.time.said else "",
        time=scene.time,
        days=_days(scene),
        total=total,
        firing=sum(1 for numbers in counts.values() if any(numbers)),
        latest=latest and (latest.at, scene.here(until=_date(latest.at, scene.easel.zone))),
        brush=scene.here(),
        tables={id: scene.here(**scene.time.said, table=id) for id in TABLES},
        board=_board(scene),
        tempo=_tempo(scene, edges, counts),
        panels=_panels(scene, _counted_since(edges, counts)) if total else {},
        calendar=_calendar(scene),
        as_of=scene.time.until,
        stories=scene.stories(),
    )


def _table(scene: Scene, id: str, edges: Sequence[float], counts: Mapping[str, Sequence[int]]) -> Panel | None:
    """Return the one chart whose table is asked for."""
    if id == "map":
        return _panels(scene, _counted_since(edges, counts))["map"]
    if id == "tempo":
        return _tempo(scene, edges, counts)
    return _board(scene) if id == "board" else _calendar(scene) if id == "calendar" else None


def address(ask: Ask, watch: str, **fields: str) -> str:
    """Return the address of a picture."""
    return ask.url("picture-watch", watch=watch, **fields) if watch else ask.url("picture", **fields)


def known_sources(ask: Ask) -> dict[str, Source]:
    """Return every source that there is or was, by id; a minute old at most."""

    def find() -> dict[str, Source]:
        return {source.id: source for source in ask.store.sources.all(removed=True)}

    return ask.site.remembered.get("known sources", ask.now, 60.0, find)


def _families(ask: Ask) -> dict[str, str]:
    """Return of each source which voice it is: sources of one house are one; a minute old at most."""

    def find() -> dict[str, str]:
        return {source.id: voice_key(source) for source in known_sources(ask).values()}

    return ask.site.remembered.get("families", ask.now, 60.0, find)


def _known(ask: Ask) -> list[Known]:
    """Return the rules that are live, and those that are not but have hits."""
    live = [Known(rule.id, rule.name, rule.watch, rule.severity.rank) for rule in ask.config.rules.rules]
    ids = {rule.id for rule in live}
    gone = ask.store.picture.rules().items()
    return live + [Known(id, name, watch, Severity.INFO.rank, False) for id, (name, watch) in gone if id not in ids]


def _scene(ask: Ask, watch: str, rules: Sequence[Known]) -> Scene:
    """Read the period; it begins with a whole day, or hour."""
    zone = ZoneInfo(ask.zone)
    day = ask.query.get("day", "")
    since, until = ask.query.get("since", day), ask.query.get("until", day)
    asked = period(since, until, now=ask.now, zone=ask.zone, usual=USUAL, longest=LONGEST)
    start = asked.since // HOUR * HOUR if asked.seconds <= HOURLY else midnights(asked.since, asked.since, zone)[0]
    return Scene(ask, watch, tuple(rules), replace(asked, since=start), Easel(zone, ask.is_slim))


def _edges(time: Period, zone: ZoneInfo) -> list[float]:
    """Return where the bars begin, and where the last ends: hours, days, or weeks."""
    if time.seconds > HOURLY + DAY:
        days = midnights(time.since, time.until, zone)
        return days if time.seconds <= DAILY else [*days[:-1:7], days[-1]]
    number = int((time.until - time.since + HOUR - 1) // HOUR)
    return [time.since + place * HOUR for place in range(max(1, number) + 1)]


def _days(scene: Scene) -> tuple[str, str]:
    """Return the first and last day of the period, for the fields of the form."""
    zone = scene.easel.zone
    return _date(scene.time.since, zone), _date(max(scene.time.since, scene.time.until - 1), zone)


def _date(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).date().isoformat()


# --- indicators ------------------------------------------------------------------------------------------------------


def _board(scene: Scene) -> Panel:
    """Draw how each live rule stands at the end of the period, the strongest state first."""
    rules = [rule for rule in scene.rules if rule.live] or list(scene.rules)
    told = _indicators(scene, rules)
    order = sorted(zip(rules, told, strict=True), key=lambda pair: (-_rank(pair[1][0]), -pair[0].rank, pair[0].name))
    cells = tuple(_cell(scene, rule, one, counts) for rule, (one, counts) in order)
    quiet = sum(1 for cell in cells if cell.state == STATES[0])
    note = "Each rule's last 24 hours against its own past; the bars are the days before." + (
        f" {quiet} of {len(cells)} are quiet." if quiet else ""
    )
    width = min(FULL, CELL * max(1, len(cells)))  # a single one is not drawn across the page
    return scene.easel.panel("board", "board", "Indicators", Board(cells, noun="article"), width=width, note=note)


def _rank(one: Indicator) -> int:
    return STATES.index(one.state.value)


def _cell(scene: Scene, rule: Known, one: Indicator, counts: tuple[int, ...]) -> Cell:
    until = scene.time.until
    link = scene.stories(until - DAY, until, rule=rule.id) if one.number else scene.ask.url("rule", id=rule.id)
    return Cell(rule.name or rule.id, one.state.value, one.number, one.sources, one.why, counts, link)


def _indicators(scene: Scene, rules: Sequence[Known]) -> list[tuple[Indicator, tuple[int, ...]]]:
    """Return the state of each rule, and its articles of each of the last days."""
    until, ids = scene.time.until, [rule.id for rule in rules]
    return standing(scene.ask.store, ids, until, _families(scene.ask), _past(scene, ids, int(until // HOUR)))


def _past(scene: Scene, ids: Sequence[str], hour: int) -> Before:
    """Return the past weeks; kept until the next hour, of all rules at once: each watch has some of them."""
    store = scene.ask.store

    def find() -> Before:
        every = {rule.id for rule in scene.ask.config.rules.rules} | store.picture.rules().keys()
        return before(store, sorted(every), hour)

    past = scene.ask.site.remembered.get(f"picture past {hour}", scene.ask.now, 300.0, find)
    return past._replace(hours={id: past.hours.get(id, ()) for id in ids})


# --- tempo, map, tops ------------------------------------------------------------------------------------------------


def _tempo(scene: Scene, edges: Sequence[float], counts: Mapping[str, Sequence[int]]) -> Panel:
    """Draw the bars: rules with most hits each for itself, all others together."""
    order = sorted(scene.rules, key=lambda rule: -sum(counts[rule.id]))
    hitting = [rule for rule in order if any(counts[rule.id])]
    kept, rest = (hitting[:NAMED], hitting[NAMED:]) if len(hitting) > NAMED + 1 else (hitting, [])
    others = [[sum(column) for column in zip(*(counts[rule.id] for rule in rest), strict=True)]] if rest else []
    series = [*(counts[rule.id] for rule in kept), *others]
    bars = tuple(
        Bar(start, end, tuple(numbers[place] for numbers in series))
        for place, (start, end) in enumerate(pairwise(edges))
    )
    data = Tempo(
        (*(rule.name or rule.id for rule in kept), *(f"{len(rest)} others" for _ in others)),
        bars,
        hrefs=(*(scene.stories(rule=rule.id) for rule in kept), *("" for _ in others)),
        href=lambda start, end: scene.stories(start, min(end, scene.time.until)),
    )
    unit = "hour" if edges[1] - edges[0] <= HOUR else "day" if scene.time.seconds <= DAILY else "week"
    note = "A bar leads to its stories; drag over several to look at their time."
    return scene.easel.panel("tempo", "tempo", f"Hits by {unit}", data, note=note)


def _counted_since(edges: Sequence[float], counts: Mapping[str, Sequence[int]]) -> float:
    """Return from when on there are about so many hits that places and sources are counted of."""
    number = 0
    for place in range(len(edges) - 2, 0, -1):
        number += sum(bars[place] for bars in counts.values())
        if number >= COUNTED:
            return edges[place]
    return edges[0]


def _panels(scene: Scene, since: float) -> dict[str, Panel]:
    """Draw what can only be told of the hits themselves: of those since then."""
    store, names = scene.ask.store, names_of_countries()
    ids, until = scene.ids, scene.time.until
    countries = store.picture.countries(ids, since, until)
    places = store.picture.places(ids, since, until, SPOTS)
    spots = tuple(Spot(one.name, one.lat, one.lon, one.count, scene.stories(place=one.name)) for one in places)
    areas = tuple(Area(code, number, scene.stories(country=code)) for code, number in countries)
    where = "A place or a country leads to its stories."
    if since > scene.time.since:
        where += f" These are many hits: places and sources are counted since {_date(since, scene.easel.zone)}."
    top = tuple(Row(one.name, one.count, one.href) for one in spots[:TOP])
    lands = tuple(Row(names.get(one.code, one.code), one.count, one.href) for one in areas[:TOP])
    draw = scene.easel.panel
    return {
        "map": draw("map", "map", "Where", Map(spots, areas), width=BROAD, note=where),
        "places": draw("bars", "places", "Top places", Bars(top, what="place"), width=SLIM),
        "countries": draw("bars", "countries", "Top countries", Bars(lands, what="country"), width=SLIM),
        "sources": draw("bars", "sources", "Top sources", _sources(scene, since), width=SLIM),
        "terms": _terms(scene),
    }


def _sources(scene: Scene, since: float) -> Bars:
    names = {source.id: source.name for source in known_sources(scene.ask).values()}
    found = scene.ask.store.picture.sources(scene.ids, since, scene.time.until)[:TOP]
    rows = tuple(Row(names.get(id, id), number, scene.stories(source=id)) for id, number in found)
    return Bars(rows, what="source")


def _terms(scene: Scene) -> Panel:
    """Draw the words of headlines that came up in the period."""
    span = min(max(scene.time.seconds, 7 * DAY), 56 * DAY)

    def find() -> tuple[list[Emerging], int, int]:
        now = _headlines(scene, scene.time.since, scene.time.until, NEW)
        before = _headlines(scene, scene.time.since - span, scene.time.since, OLD)
        return emerging(now, before, most=TOP), len(now), len(before)

    key = f"picture terms {scene.watch} {scene.time.said}"
    found, new, old = scene.ask.site.remembered.get(key, scene.ask.now, 60.0, find)
    rows = tuple(
        Row(one.word, one.now, scene.stories(q=one.word), "new" if one.is_new else f"before {one.before}")
        for one in found
    )
    days = round(span / DAY)
    note = (
        f"Words in more headlines of hits than in the {days} days before, beyond chance: G² of at least 10.8 "
        f"(one in a thousand), at least 3 headlines and 2 sources. {new} headlines against {old}."
    )
    return scene.easel.panel(
        "bars", "terms", "Terms that came up", Bars(rows, noun="headline", what="term"), width=BROAD, note=note
    )


def _headlines(scene: Scene, since: float, until: float, most: int) -> list[Headline]:
    rows = scene.ask.store.picture.headlines(scene.ids, since, until, most)
    return [(source, title) for _, source, title in rows]


# --- the year --------------------------------------------------------------------------------------------------------


def _calendar(scene: Scene) -> Panel:
    """Draw the year that ends with the period; a minute old at most."""
    zone, until = scene.easel.zone, scene.time.until
    last = datetime.fromtimestamp(until - 1, zone).date()
    first = last - timedelta(days=YEAR)
    edges = midnights(datetime(first.year, first.month, first.day, tzinfo=zone).timestamp(), until, zone)
    key = f"picture year {last} {scene.watch}"
    numbers = scene.ask.site.remembered.get(key, scene.ask.now, 60.0, lambda: _year(scene, edges))
    polled = scene.ask.store.counters.days("fetched", edges[0], until)
    counts = {
        day: number
        for place, number in enumerate(numbers)
        if (day := first + timedelta(days=place)) <= last and (number or not polled or _number(day) in polled)
    }
    hrefs = {day: f"?day={day.isoformat()}" for day, number in counts.items() if number}
    data = Calendar(first, last, counts, hrefs)
    return scene.easel.panel("calendar", "calendar", "The year", data, width=BROAD, note="A day leads to its picture.")


def _year(scene: Scene, edges: Sequence[float]) -> list[int]:
    return [sum(column) for column in zip(*scene.ask.store.picture.counts(scene.ids, edges).values(), strict=True)]


def _number(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() // DAY)
