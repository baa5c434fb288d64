"""The picture of a watch: what it shows of which time, and where its links lead."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.errors import UsageError
from monitor.web.period import moment, period, written
from monitor.web.site import FILES, content
from tests.web import worlds
from tests.web.conftest import NOW, Opened, Page

pytestmark = pytest.mark.slow  # each starts a real server over a database of its own

DAY = 86400.0
RULES = """\
watch: border
rules:
  - {id: border-move, name: Movement at the border, severity: high, match: bridge}
  - {id: silent, name: Nothing yet, match: zeppelin}
"""


@pytest.fixture
def page(opened: Opened) -> Page:
    found = opened(rules=RULES)
    worlds.fill(found.store, NOW, stories=12, sources=8)
    found.time[0] = NOW + 60
    return found


def links(text: str, start: str) -> list[dict[str, list[str]]]:
    found = re.findall(rf'href="({re.escape(start)}\?[^"]*)"', text)
    return [parse_qs(urlsplit(one.replace("&amp;", "&")).query) for one in found]


def test_the_picture_of_a_watch(page: Page) -> None:
    text = page.get("/picture/border").text
    assert "12 hits of 1 rule" in text
    assert "12 articles in the last day, of 1 independent source" in text, "all are of one publishing house"
    assert "Movement at the border" in text
    assert "Nothing yet" in text
    for id in ("board", "tempo", "map", "places", "countries", "sources", "terms", "calendar"):
        assert re.search(rf'<svg[^>]*id="{id}"', text), id


def test_links_lead_to_the_stories_behind(page: Page) -> None:
    text = page.get("/picture/border").text
    found = links(text, "/stories")
    assert all(one["watch"] == ["border"] for one in found)
    assert {"rule", "source"} <= {name for one in found for name in one}
    for one in found:
        assert moment(one["since"][0], now=NOW, zone="UTC") < moment(one["until"][0], now=NOW, zone="UTC") + 60


def test_every_chart_has_its_table(page: Page) -> None:
    text = page.get("/picture/border").text
    tables = re.findall(r'aria-label="([^"]*), as a table"', text)
    assert {"Indicators", "Top sources", "The year"} <= set(tables)
    assert any(name.startswith("Hits by") for name in tables)


@pytest.mark.parametrize(("since", "unit"), [("24h", "hour"), ("7d", "day"), ("365d", "week")])
def test_a_period_has_bars_that_fit_it(page: Page, since: str, unit: str) -> None:
    text = page.get(f"/picture?since={since}").text
    assert f"Hits by {unit}" in text
    bars = re.findall(r'class="bar" data-from="(\d+)" data-to="(\d+)"', text)
    assert bars
    assert all(int(start) < int(end) for start, end in bars)
    assert 'data-brush="/picture"' in text


def test_many_rules_are_told_together(opened: Opened) -> None:
    rules = "".join(f"  - {{id: r{number}, match: bridge}}\n" for number in range(12))
    page = opened(rules=f"watch: border\nrules:\n{rules}")
    worlds.fill(page.store, NOW, stories=3, sources=2)
    page.time[0] = NOW + 60
    article = page.store.articles.search(limit=1)[0]
    known = page.store.hits.of(article.id)[0]
    page.store.hits.add([replace(known, rule_id=f"r{number}") for number in range(12)])
    text = page.get("/picture/border").text
    assert "15 hits of 13 rules" in text
    [head] = re.findall(r"as a table\"[^>]*><table[^>]*>\s*<thead><tr><th>Time</th>(.*?)</tr>", text)
    assert head.count("<th>") == 8 + 2
    assert "<th>5 others</th><th>All</th>" in head


def test_the_board_is_as_of_the_end_of_the_period(page: Page) -> None:
    before = page.get("/picture/border?until=2026-09-01").text
    assert "No hits in this time" in before
    assert "no article in the last day" in before
    assert re.search(r'<a href="/picture/border\?until=2026-\d\d-\d\d">show the month until then', before)


def test_a_day_of_the_calendar_leads_to_its_picture(page: Page) -> None:
    text = page.get("/picture").text
    days = re.findall(r'href="(\?day=[\d-]+)"', text)
    assert days
    for address in ("/picture", "/picture/border"):
        chosen = page.get(address + days[0])
        assert "Hits by hour" in chosen.text
        assert "No hits in this time" not in chosen.text


def test_a_phone_gets_charts_for_a_phone(page: Page) -> None:
    def kind(**headers: str) -> set[str]:
        return set(re.findall(r"chart-(wide|narrow)", page.get("/picture", headers=headers).text))

    assert kind() == {"wide"}
    assert kind(**{"User-Agent": "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"}) == {"narrow"}
    assert kind(**{"Sec-CH-UA-Mobile": "?1"}) == {"narrow"}
    assert kind(**{"Sec-CH-UA-Mobile": "?1", "Cookie": "narrow=0"}) == {"wide"}, "the script knows better"
    assert kind(Cookie="narrow=1") == {"narrow"}


def test_a_long_table_stands_by_itself(page: Page) -> None:
    for id, word in (("map", "Place"), ("tempo", "Time"), ("board", "Independent sources"), ("calendar", "Day")):
        found = page.get(f"/picture/border?since=7d&table={id}")
        assert found.status_code == 200
        assert "<svg xmlns" not in found.text, id
        assert id == "map" or f"<th>{word}</th>" in found.text, id
        assert 'href="/picture/border?since=7d"' in found.text


def test_what_is_no_time_or_no_watch_is_said(page: Page) -> None:
    for query in ("since=yesterday", "until=x", "since=2026-09-20&until=2026-09-01", "since=9999999999999d"):
        answer = page.get(f"/picture?{query}")
        assert answer.status_code == 400, query
    assert page.get("/picture/nothing").status_code == 404
    assert page.get("/picture?since=999999d").status_code == 200
    assert page.get("/picture?since=1900-01-01&until=2999-01-01").status_code == 200


def test_an_empty_monitor_has_an_empty_picture(opened: Opened) -> None:
    text = opened().get("/picture").text
    assert "No hits in this time" in text
    assert "No rules" in text


def test_names_of_watches_may_be_anything(opened: Opened) -> None:
    page = opened()
    worlds.fill(page.store, NOW, stories=3, sources=2, say=lambda text: "a/b <i>?&#" if text == "border" else text)
    text = page.get("/picture").text
    assert "<i>" not in text
    found = next(link for link in re.findall(r'href="(/picture/[^"]+)"', text) if "a%2Fb" in link)
    assert page.get(found.replace("&amp;", "&")).status_code == 200


def test_the_style_sheet_has_that_of_the_charts_once() -> None:
    [path] = [path for path in FILES.values() if path.name == "page.css"]
    assert content(path).count(b".drawing { overflow-x: auto; }") == 1


def test_periods() -> None:
    def read(since: str = "", until: str = "") -> tuple[float, float]:
        found = period(since, until, now=NOW, zone="Europe/Warsaw", usual="30d", longest=400 * DAY)
        return found.since, found.until

    assert read() == (NOW - 30 * DAY, NOW)
    assert read("24h") == (NOW - DAY, NOW)
    assert read("2026-01-01", "2026-01-01") == (1767222000.0, 1767222000.0 + DAY), "a whole day of the zone"
    assert read("2d", "2026-01-01T12:00Z") == (1767268800.0 - 2 * DAY, 1767268800.0)
    assert read("2020-01-01")[0] == NOW - 400 * DAY
    assert read("7d", "2999-01-01") == (NOW - 7 * DAY, NOW)
    with pytest.raises(UsageError):
        read("2027-01-01")
    assert moment(written(NOW), now=0.0, zone="UTC") == NOW // 60 * 60
