"""Every chart: well-formed whatever stands in it, told in words, and fit for a page with a strict policy."""

import gzip
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor import charts
from monitor.charts import Frame, bars, board, calendar, multiples, sparkline, tempo, timeline
from monitor.charts import map as maps
from tests.charts.samples import DAY, FIRST, START, samples

SVG = "{http://www.w3.org/2000/svg}"
NAMES = list(charts.CHARTS)
ELEMENTS = {"svg", "title", "desc", "g", "a", "path", "rect", "circle", "text", "style"}
EMPTY: dict[str, Any] = {
    "tempo": tempo.Tempo((), ()),
    "sparkline": sparkline.Sparkline((), START, DAY),
    "board": board.Board(()),
    "calendar": calendar.Calendar(FIRST, FIRST - timedelta(days=1), {}),
    "map": maps.Map(),
    "bars": bars.Bars(()),
    "multiples": multiples.Multiples((), START, DAY),
    "timeline": timeline.Timeline(()),
}
HOSTILE = [
    "<script>alert(1)</script>", "</svg><script>alert(1)</script>", '" onload="alert(1)', "' onmouseover='alert(1)",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "//evil.example/", "https://evil.example/",
    "/\\evil.example", "]]><x>", "<!--", "&#60;script&#62;", "&", "\x00\x0b", "\ud800", "\ufffe", "\u202eevil\u2066",
    "<style>*{display:none}</style>", "<image href=https://evil.example/>", "url(https://evil.example/)", "a" * 5000,
    "/x\nonload=alert(1)", "/x y", "?a=<b>&c=\"d\"'e'", "#\u2028", "وكالة الأنباء", "",
]  # fmt: skip
ANY = st.text(st.characters(exclude_categories=()), max_size=30)


def drawn(name: str, data: Any, **frame: Any) -> ET.Element:
    return ET.fromstring(charts.render(name, data, Frame(**{"title": "Hits", "id": "x", **frame})))


def texts(root: ET.Element) -> list[str]:
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


def check(root: ET.Element, alone: bool = False, base: str = "") -> None:
    """Fail where a drawing could do or fetch something."""
    for node in root.iter():
        tag = node.tag.removeprefix(SVG)
        assert tag in ELEMENTS - (set() if alone else {"style"})
        for key, value in node.attrib.items():
            assert not key.startswith("on")
            assert key != "style"
            assert "url(" not in value or key == "href"
            if key == "href":
                assert tag == "a"
                assert re.match(r"[/?#](?![/\\])" if not base else re.escape(base) + "[/?#]", value)


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_says_what_it_is_and_has_nothing_that_a_policy_forbids(name: str) -> None:
    root = drawn(name, samples()[name], id="one")
    check(root)
    assert root.get("aria-labelledby") == "one-title one-desc"
    assert root.findtext(f"{SVG}title") == "Hits"
    assert len(root.findtext(f"{SVG}desc") or "") > 20
    linked = root.find(f".//{SVG}a") is not None
    assert root.get("role") == ("group" if linked else "img")
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [280, 358, 720, 1200])
def test_nothing_is_drawn_outside(name: str, width: int) -> None:
    root = drawn(name, samples()[name], width=width)
    height = float(root.get("height") or 0)
    for node in root.iter():
        if node.tag == f"{SVG}text":
            assert -1 <= float(node.get("y") or 0) <= height
            assert -1 <= float(node.get("x") or 0) <= width + 1
        if node.tag == f"{SVG}rect":
            assert float(node.get("width") or 0) >= 0


@pytest.mark.parametrize("name", NAMES)
def test_alone_it_has_its_own_ground_and_a_dark_theme_and_links_into_the_page(name: str) -> None:
    base = "https://monitor.example.org/watch"
    root = drawn(name, samples()[name], alone=True, base=base)
    check(root, alone=True, base=base)
    assert "prefers-color-scheme:dark" in (root.findtext(f"{SVG}style") or "")
    assert root.find(f"{SVG}rect") is not None


@pytest.mark.parametrize("name", NAMES)
def test_it_fits_a_phone_or_a_wide_page(name: str) -> None:
    wide, slim = (charts.fitting(name, samples()[name], Frame(title="Hits"), slim=slim) for slim in (False, True))
    assert "chart-wide" in wide
    assert "chart-narrow" in slim
    for one, width in ((wide, charts.WIDE), (slim, charts.NARROW)):
        ids = re.findall(r' id="([^"]+)"', one)
        assert len(ids) == len(set(ids)) >= 3
        assert float(ET.fromstring(one).get("width", "0")) <= width


@pytest.mark.parametrize("name", NAMES)
def test_with_nothing_to_show_it_says_so(name: str) -> None:
    root = drawn(name, EMPTY[name])
    check(root)
    assert root.findtext(f"{SVG}desc")
    assert charts.rows(name, EMPTY[name], Frame(title="x")).rows == ()


@pytest.mark.parametrize("name", NAMES)
def test_its_rows_go_with_its_columns_and_links(name: str) -> None:
    table = charts.rows(name, samples("Line\nbreak")[name], Frame(title="x"))
    assert table.rows
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert len(table.links) in (0, len(table.rows))
    assert not any("\n" in str(cell) for row in table.rows for cell in row)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_only_words(name: str, text: str) -> None:
    root = drawn(name, samples(text, text)[name], title=text, description=text, id=text)
    check(root)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(text=ANY, href=ANY, name=st.sampled_from(NAMES), width=st.integers(60, 2000), alone=st.booleans())
def test_any_words_are_only_words(text: str, href: str, name: str, width: int, alone: bool) -> None:
    check(drawn(name, samples(text, href)[name], title=text, width=width, alone=alone), alone=alone)


@settings(max_examples=60, deadline=None)
@given(
    counts=st.lists(st.integers(0, 10**9), max_size=60),
    start=st.floats(-1e14, 1e14),
    step=st.floats(1, 1e8),
    width=st.integers(60, 1500),
)
def test_any_numbers_give_a_drawing(counts: list[int], start: float, step: float, width: int) -> None:
    edges = [(start + n * step, start + (n + 1) * step) for n in range(len(counts))]
    both = tuple(tempo.Bar(*edge, (count, count // 2)) for edge, count in zip(edges, counts, strict=True))
    check(drawn("tempo", tempo.Tempo(("a", "b"), both), width=width))
    check(drawn("sparkline", sparkline.Sparkline(tuple(counts), start, step), width=width))
    check(drawn("bars", bars.Bars(tuple(bars.Row(str(n), count) for n, count in enumerate(counts))), width=width))
    check(drawn("multiples", multiples.Multiples((multiples.Series("a", tuple(counts)),), start, step), width=width))
    items = tuple(timeline.Item(str(n), str(n % 40), "t", start + n * step) for n in range(len(counts)))
    check(drawn("timeline", timeline.Timeline(items), width=width))


@settings(max_examples=40, deadline=None)
@given(
    spots=st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180), st.integers(0, 10**6)), max_size=30),
    width=st.integers(200, 900),
)
def test_places_anywhere_give_a_map(spots: list[tuple[float, float, int]], width: int) -> None:
    found = tuple(maps.Spot(f"p{n}", lat, lon, count) for n, (lat, lon, count) in enumerate(spots))
    check(drawn("map", maps.Map(found), width=width))


def test_a_chart_that_is_unknown_is_named() -> None:
    with pytest.raises(ValueError, match="no chart 'pie'"):
        charts.render("pie", None, Frame(title="x"))


# --- tempo -----------------------------------------------------------------------------------------------------------


def of_days(count: int, rules: int) -> tempo.Tempo:
    stretches = tuple(
        tempo.Bar(START + n * DAY, START + (n + 1) * DAY, tuple(range(1, rules + 1))) for n in range(count)
    )
    return tempo.Tempo(
        tuple(f"rule {n}" for n in range(rules)),
        stretches,
        href=lambda start, end: f"/hits?from={start:.0f}&to={end:.0f}",
    )


def groups(root: ET.Element) -> list[ET.Element]:
    return [node for node in root.iter(f"{SVG}g") if node.get("class") == "bar"]


def test_each_bar_is_a_link_with_its_time_and_a_hook_for_a_brush() -> None:
    found = groups(drawn("tempo", of_days(20, 2)))
    assert len(found) == 20
    assert (found[3].get("data-from"), found[3].get("data-to")) == (f"{START + 3 * DAY:.0f}", f"{START + 4 * DAY:.0f}")
    [link] = found[3].iter(f"{SVG}a")
    assert link.get("href") == f"/hits?from={START + 3 * DAY:.0f}&to={START + 4 * DAY:.0f}"
    assert link.findtext(f"{SVG}title") == "Wed 4 May 2022: 3 hits: rule 1 2, rule 0 1"


def test_nine_rules_have_their_names_and_of_more_the_rest_is_counted_together() -> None:
    assert "others" not in " ".join(texts(drawn("tempo", of_days(5, 9))))
    told = texts(drawn("tempo", of_days(5, 12)))
    assert "4 others" in told
    assert "50" in told  # 5 days of 1 + 2 + 3 + 4
    assert "390" in told


def test_days_that_would_be_too_thin_become_weeks_from_monday_with_the_same_total() -> None:
    found = groups(drawn("tempo", of_days(365, 3)))
    assert 52 <= len(found) <= 54
    starts = [int(one.get("data-from") or 0) for one in found]
    assert all((date(1970, 1, 1) + timedelta(days=start // 86400)).weekday() == 0 for start in starts[1:])
    assert "2\u202f190" in texts(drawn("tempo", of_days(365, 3)))


def test_days_are_told_in_the_zone_that_is_asked_for() -> None:
    zone = ZoneInfo("Europe/Minsk")
    bar = tempo.Bar(START - 3 * 3600, START + 21 * 3600, (4,))
    table = charts.rows("tempo", tempo.Tempo(("a",), (bar,)), Frame(title="x", zone=zone))
    assert table.rows == (("Sun 1 May 2022", 4, 4),)


def test_counts_that_do_not_go_with_the_names_are_refused() -> None:
    with pytest.raises(ValueError, match="each bar has 1 counts"):
        drawn("tempo", tempo.Tempo(("a",), (tempo.Bar(START, START + DAY, (1, 2)),)))


# --- calendar, sparkline, board, timeline ----------------------------------------------------------------------------


def test_a_day_that_was_not_watched_is_no_quiet_day() -> None:
    data = calendar.Calendar(FIRST, FIRST + timedelta(days=2), {FIRST: 0, FIRST + timedelta(days=2): 3})
    told = [node.text for node in drawn("calendar", data).iter(f"{SVG}title")]
    assert told[1:] == ["Sun 1 May 2022: 0 hits", "Mon 2 May 2022: not watched", "Tue 3 May 2022: 3 hits"]


def test_a_year_has_its_months_and_of_more_only_the_last_year_is_drawn() -> None:
    data = calendar.Calendar(FIRST - timedelta(days=1000), FIRST, {FIRST: 1})
    root = drawn("calendar", data)
    told = texts(root)
    assert {"Jun", "Sep", "Dec", "Apr"} <= {word.split()[0] for word in told}
    assert len([node for node in root.iter(f"{SVG}title")]) <= 374


def test_the_links_of_many_days_are_no_stops_of_the_tab_key() -> None:
    days = [FIRST + timedelta(days=n) for n in range(100)]
    few = calendar.Calendar(days[0], days[20], dict.fromkeys(days[:20], 1), dict.fromkeys(days, "/x"))
    many = calendar.Calendar(days[0], days[-1], dict.fromkeys(days, 1), dict.fromkeys(days, "/x"))
    assert {link.get("tabindex") for link in drawn("calendar", few).iter(f"{SVG}a")} == {None}
    assert {link.get("tabindex") for link in drawn("calendar", many).iter(f"{SVG}a")} == {"-1"}


def test_a_sparkline_breaks_its_line_where_nothing_is_known() -> None:
    root = drawn("sparkline", sparkline.Sparkline((1, None, 2, 0), START, DAY))
    line = list(root.iter(f"{SVG}path"))[-1].get("d") or ""
    assert line == "M0 21.5H30M60 21.5H120"


def test_a_state_has_a_word_and_a_sign_of_its_own() -> None:
    signs = {re.sub(r' (class|fill|stroke)="[^"]*"', "", board.symbol(state, 0, 0)) for state in board.STATES}
    assert len(signs) == 4
    told = texts(drawn("board", samples()["board"]))
    assert set(board.WORDS.values()) <= set(told)


def test_a_state_that_is_unknown_is_refused() -> None:
    with pytest.raises(ValueError, match="'calm' is none of"):
        drawn("board", board.Board((board.Cell("a", "calm", 0, 0, ""),)))


def test_a_timeline_tells_the_first_and_whose_copy_a_copy_is() -> None:
    table = charts.rows("timeline", samples("Agency")["timeline"], Frame(title="x"))
    assert [row[-1] for row in table.rows] == ["first", "copy of Agency", "copy"]


def test_many_sources_share_the_last_line() -> None:
    items = tuple(timeline.Item(str(n), f"source {n}", "t", START + n) for n in range(40))
    root = drawn("timeline", timeline.Timeline(items))
    assert "16 more sources" in texts(root)
    assert float(root.get("height") or 0) < 700


def test_a_name_that_is_cut_is_whole_for_the_pointer() -> None:
    name = "Ministry of a very long name, with many words in it and still more words after them"
    root = drawn("bars", bars.Bars((bars.Row(name, 3),)))
    [node] = [node for node in root.iter(f"{SVG}text") if node.find(f"{SVG}title") is not None]
    assert node.findtext(f"{SVG}title") == name
    assert (node.find(f"{SVG}title")).tail.endswith("…")  # type: ignore[union-attr]


def test_a_year_is_small() -> None:
    year = charts.render("tempo", of_days(365, 9), Frame(title="x"))
    assert len(gzip.compress(year.encode())) < 10_000
    busy = replace(samples()["calendar"], start=FIRST - timedelta(days=364), end=FIRST)
    assert len(charts.render("calendar", busy, Frame(title="x"))) < 80_000
