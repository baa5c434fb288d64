"""Draws what a digest carries beside its words: its charts, as one file to be opened or as pictures in the mail; pure.

A file is a page that loads nothing and runs nothing: all drawings are in it, in both themes, each with the same as a
table, and every story of the digest, also those for which the message has no room. Mail programs that draw no SVG
(Gmail, Outlook) so have the charts one click away; those that do (Apple Mail, Thunderbird) can show them in the mail.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from monitor import charts
from monitor.alert import digest
from monitor.alert.clean import one_line, web_link
from monitor.alert.shape import Attachment
from monitor.charts import Frame, theme
from monitor.charts.bars import Bars, Row
from monitor.charts.board import STATES, Board, Cell
from monitor.charts.map import Area, Map, Spot
from monitor.charts.tempo import Bar, Tempo
from monitor.model import Alert

BYTES = 1_000_000  # of a file, at most; a usual one has a quarter of it
STORIES, LETTERS = 300, 200  # of the list of stories
CELL, WIDE, MAIL = 240, 720, 560  # pixels: an indicator, a chart of a file, one in a mail
SVG, HTML = "image/svg+xml", "text/html"


@dataclass(frozen=True, slots=True)
class Part:
    """One chart: what is drawn, and what it is called."""

    kind: str  # of monitor.charts
    key: str
    title: str
    data: Any
    note: str = ""
    width: int = WIDE


def charts_of(alert: Alert) -> Mapping[str, Any]:
    """Return what the charts of an alert show; empty where it has none."""
    found = alert.data.get("situation")
    return found if alert.kind == "digest" and isinstance(found, Mapping) else {}


def page_of(alert: Alert, *, zone: tzinfo = UTC, base: str = "") -> Attachment | None:
    """Return the charts and all stories as one page; None where there is nothing to draw, or far too much.

    `base` is the address of the monitor's own page, to which links in the charts lead; "" = none.
    """
    if not charts_of(alert):
        return None
    for most in (STORIES, 40, 0):
        content = _page(alert, zone, base, most).encode(errors="replace")
        if len(content) <= BYTES:
            return Attachment(f"{_stem(alert)}.html", HTML, content)
    return None


def pictures_of(alert: Alert, *, zone: tzinfo = UTC, base: str = "") -> tuple[tuple[Attachment, str], ...]:
    """Return each chart as a picture for the mail itself, with the words that stand for it where it is not shown."""
    found = []
    for part in _parts(alert, base) if charts_of(alert) else ():
        frame = Frame(title=part.title, id=part.key, width=min(part.width, MAIL), alone=True, base=base, zone=zone)
        content = charts.render(part.kind, part.data, frame).encode(errors="replace")
        found.append((Attachment(f"{_stem(alert)}-{part.key}.svg", SVG, content), part.title))
    return tuple(found) if sum(len(one.content) for one, _ in found) <= BYTES else ()


def _stem(alert: Alert) -> str:
    """Return "digest-morning-2026-11-24": what a file system, a header and an address take as it is."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", str(alert.data.get("name", ""))).strip("-")[:40]
    return "-".join(filter(None, ["digest", name, f"{datetime.fromtimestamp(alert.at, UTC):%Y-%m-%d}"]))


# --- the charts ------------------------------------------------------------------------------------------------------


def _parts(alert: Alert, base: str) -> Iterator[Part]:
    facts = charts_of(alert)
    cells = tuple(_cell(one, base) for one in facts["board"])
    if cells:
        width = min(WIDE, CELL * len(cells))
        note = "Each rule's last 24 hours against its own past, of all that it found."
        yield Part("board", "board", "Indicators", Board(cells, noun="article"), note, width)
    told = "Hits of stories that this channel was told of."
    if facts["cut"]:
        told += f" Only the newest {facts['hits']:,} are counted."
    yield Part("tempo", "tempo", f"Hits by {_unit(facts['tempo']['bars'])}", _tempo(facts["tempo"], base), told)
    spots = tuple(Spot(str(name), lat, lon, number) for name, lat, lon, number in facts["spots"])
    areas = tuple(Area(str(code), number) for code, number in facts["areas"])
    if spots or areas:
        yield Part("map", "map", "Where", Map(spots, areas))
    if spots:
        rows = tuple(Row(spot.name, spot.count) for spot in spots[:10])
        yield Part("bars", "places", "Top places", Bars(rows, what="place"))
    rows = tuple(Row(str(name), number) for name, number in facts["sources"])
    yield Part("bars", "sources", "Top sources", Bars(rows, what="source"))


def _cell(one: Mapping[str, Any], base: str) -> Cell:
    state = one["state"] if one["state"] in STATES else STATES[0]
    counts = tuple(one["counts"])
    return Cell(one["name"], state, one["number"], one["sources"], one["why"], counts, _rule(one["rule"], base))


def _tempo(facts: Mapping[str, Any], base: str) -> Tempo:
    bars = tuple(Bar(start, end, tuple(counts)) for start, end, counts in facts["bars"])
    links = [_rule(rule, base) for rule in facts["rules"]]
    return Tempo(tuple(facts["names"]), bars, hrefs=(*links, *[""] * (len(facts["names"]) - len(links))))


def _rule(rule: str, base: str) -> str:
    """Return the address of a rule's stories within the monitor's page; "" where it is not known where that is."""
    return f"/stories?{urlencode({'rule': rule})}" if base else ""


def _unit(bars: Sequence[Any]) -> str:
    step = bars[0][1] - bars[0][0]
    return "hour" if step <= 3600 else "day" if step <= 90_000 else "week"


# --- the file --------------------------------------------------------------------------------------------------------

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """\
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 760px; padding: 20px; font: 15px/1.5 %(font)s; }
body { background: %(ground)s; color: %(ink)s; }
h1 { font-size: 22px; line-height: 1.3; margin: 0 0 4px; } h2 { font-size: 17px; margin: 28px 0 8px; }
h3 { font-size: 15px; margin: 16px 0 4px; } p { margin: 0 0 6px; } .soft { color: %(soft)s; font-size: 13px; }
ul { margin: 0; padding-left: 20px; } li { margin-bottom: 6px; overflow-wrap: anywhere; } a { color: inherit; }
section > .soft { margin-top: 6px; }
details { margin-top: 6px; font-size: 13px; } summary { cursor: pointer; } table { border-collapse: collapse; }
.scroll { overflow-x: auto; } td, th { padding: 2px 12px 2px 0; text-align: left; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; } svg { max-width: 100%%; }
@media (prefers-color-scheme: dark) { body { background: %(night)s; color: %(bright)s; } .soft { color: %(dim)s; } }
"""
_TEMPLATE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{{ title }}</title>
<style>{{ style }}</style>
</head>
<body>
<h1 dir="auto">{{ title }}</h1>
<p class="soft">{{ start }} – {{ end }}</p>
{% for part in parts %}
<section>
<h2>{{ part.title }}</h2>
<div class="drawing">{{ part.drawing }}</div>
{% if part.note %}<p class="soft">{{ part.note }}</p>{% endif %}
{% if part.table.rows %}<details><summary>As a table</summary><div class="scroll"><table>
<tr>{% for name in part.table.columns %}<th>{{ name }}</th>{% endfor %}</tr>
{% for row in part.table.rows[:200] %}<tr>{% for cell in row %}<td{% if cell is number %} class="number"{% else %} dir="auto"{% endif %}>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table></div></details>{% endif %}
</section>
{% endfor %}
{% for section in sections %}
<h2 dir="auto">{{ section.watch }}</h2>
{% for group in section.rules %}
<h3 dir="auto">{{ group.rule }}</h3>
<ul>
{% for item in group['items'] %}
<li><strong>{{ item.severity|upper }}</strong>: {% if item.link %}<a href="{{ item.link }}" rel="noreferrer noopener nofollow" dir="auto">{{ item.headline }}</a>{% else %}<bdi>{{ item.headline }}</bdi>{% endif %}
<div class="soft">{{ item.at }}{% if item.source %}, <bdi>{{ item.source }}</bdi>{% endif %}; {{ item.independent }} independent source{{ '' if item.independent == 1 else 's' }}{% if item.credibility %}, {{ item.credibility }} {{ item.credibility_words }}{% endif %}{% if item.countries %}; {{ item.countries|join(', ') }}{% endif %}</div></li>
{% endfor %}
</ul>
{% endfor %}
{% endfor %}
{% if more %}<p>And {{ more }} more.</p>{% endif %}
</body>
</html>
"""  # noqa: E501 - a template's lines are what they make


@cache
def _template() -> Any:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_TEMPLATE)


def _page(alert: Alert, zone: tzinfo, base: str, most: int) -> str:
    entries = [_entry(one, zone) for one in _entries(alert)]
    said: str = _template().render(
        policy=_POLICY,
        style=Markup(_style() + charts.stylesheet()),  # noqa: S704 - written here and in monitor.charts
        title=one_line(alert.title),
        start=_when(alert.data.get("start"), zone),
        end=_when(alert.data.get("end"), zone),
        parts=[_drawn(part, zone, base) for part in _parts(alert, base)],
        **digest.sections(entries, most, LETTERS),
    )
    return said


def _entries(alert: Alert) -> list[dict[str, Any]]:
    found = alert.data.get("entries")
    return list(found) if isinstance(found, list) else []


def _entry(one: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    return {**one, "at": _when(one["first_seen"], zone), "link": web_link(str(one["link"]))}


def _when(at: object, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):%d %b %Y, %H:%M %Z}" if isinstance(at, int | float) else ""


def _drawn(part: Part, zone: tzinfo, base: str) -> dict[str, Any]:
    frame = Frame(title=part.title, id=part.key, width=part.width, base=base, zone=zone)
    return {
        "title": part.title,
        "note": part.note,
        "drawing": Markup(charts.fitting(part.kind, part.data, frame, slim=False)),  # noqa: S704 - charts escape every word
        "table": charts.rows(part.kind, part.data, frame),
    }


def _style() -> str:
    light, dark = ({name: pair[which] for name, pair in theme.COLOURS.items()} for which in (0, 1))
    return _STYLE % {
        "font": theme.FONT,
        "ground": light["surface"],
        "ink": light["ink"],
        "soft": light["soft"],
        "night": dark["surface"],
        "bright": dark["ink"],
        "dim": dark["soft"],
    }
