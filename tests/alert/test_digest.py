"""Digests of stories: their order, what is left out and said so, the chart, and that nothing in them is markup."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from given_alerts import NOW
from hypothesis import given, settings
from hypothesis import strategies as st
from test_render import FORMATS, PAYLOADS, Tags, assert_harmless

from monitor.alert import chart
from monitor.alert.digest import digest_message, ranked
from monitor.alert.render import render
from monitor.alert.samples import sample
from monitor.alert.send import Sender
from monitor.alert.shape import Format, Shape
from monitor.model import Alert, Digest, DigestEntry, Severity
from monitor.settings import Channel
from tests.servers.smtp import MailServer

WARSAW = ZoneInfo("Europe/Warsaw")
LONG = "https://kestrel.example/" + "a1b2-c3/" * 40
MAIL = Shape("html", 200, 32_000, styled=True)


def entry(number: int = 1, **changes: Any) -> DigestEntry:
    known = DigestEntry(
        story_id=f"s{number:06}",
        headline=f"Headline {number}",
        severity=Severity.HIGH,
        rules=("Border deployment",),
        watch="Belarus border",
        independent=1,
        credibility=3,
        countries=("BY",),
        first_seen=NOW - 3600,
        link=f"https://x.example/{number}",
        why="",
        source="Kestrel Wire",
    )
    return replace(known, **changes)


def digest(*entries: DigestEntry, name: str = "daily", **changes: Any) -> Digest:
    return replace(Digest(name=name, channel="desk", start=NOW - 86400, end=NOW, entries=entries), **changes)


def alert(*entries: DigestEntry, **changes: Any) -> Alert:
    found = digest_message(digest(*entries, **changes))
    assert found
    return found


def text_of(one: Alert, form: Format = "text") -> str:
    rendered = render(one, shape=Shape(form, 200, 32_000), key="k" * 12, zone=WARSAW)
    assert not rendered.problem
    return rendered.body


def test_the_most_severe_and_best_founded_comes_first() -> None:
    one = entry(1, severity=Severity.LOW, independent=9, credibility=1)
    two = entry(2, severity=Severity.CRITICAL, credibility=0)
    three = entry(3, severity=Severity.CRITICAL, credibility=2)
    four = entry(4, severity=Severity.CRITICAL, independent=2, credibility=6)
    five = entry(5, severity=Severity.CRITICAL, credibility=2, first_seen=NOW - 7200)
    assert ranked([one, two, three, four, five]) == [four, five, three, two, one]


def test_stories_stand_by_watch_and_then_by_rule() -> None:
    told = text_of(
        alert(
            entry(1, severity=Severity.MEDIUM, rules=("Exercise", "Other")),
            entry(2, watch="", rules=("Sanctions",), severity=Severity.LOW),
            entry(3, severity=Severity.CRITICAL),
            entry(4, severity=Severity.INFO),
        )
    )
    order = ["BELARUS BORDER", "Border deployment", "Headline 3", "Headline 4", "Exercise", "Headline 1"]
    order += ["OTHER RULES", "Sanctions", "Headline 2"]
    places = [told.index(words) for words in order]
    assert places == sorted(places)
    assert told.count("Headline") == 4


def test_what_a_line_says() -> None:
    told = text_of(alert(entry(independent=2, credibility=2, why="1 more independent source", told=True)))
    assert (
        "* HIGH: Headline 1\n"
        "  23 Nov 2025, 12:13 CET, Kestrel Wire; 2 independent sources, 2 probably true; BY\n"
        "  Told before: 1 more independent source\n"
        "  https://x.example/1\n"
    ) in told


@pytest.mark.parametrize(
    ("one", "title"),
    [
        (digest(entry()), "Digest daily: 1 story, 1 high"),
        (digest(entry(), entry(2, severity=Severity.CRITICAL)), "Digest daily: 2 stories, 1 critical, 1 high"),
        (digest(entry(severity=Severity.LOW), name="quiet"), "After quiet hours: 1 story"),
        (digest(entry(severity=Severity.LOW), name="budget"), "Over the limit: 1 story"),
        (digest(entry(severity=Severity.LOW), name="inhibition"), "Held back: 1 story"),
        (digest(), "Digest daily: nothing happened"),
        (digest(left=(entry(),)), "Digest daily: 1 unconfirmed"),
    ],
)
def test_the_title(one: Digest, title: str) -> None:
    found = digest_message(one)
    assert found
    assert found.title == title


def test_an_empty_digest_is_one_line_or_none() -> None:
    assert text_of(alert()) == (
        "From 22 Nov 2025, 13:13 CET to 23 Nov 2025, 13:13 CET: nothing happened.\n\nMessage kkkkkkkkkkkk"
    )
    assert digest_message(digest(), empty=False) is None
    assert digest_message(digest(entry()), empty=False)
    assert [digest_message(digest(name=name)) for name in ("quiet", "budget", "inhibition")] == [None] * 3


def test_the_same_digest_has_the_same_id_and_the_next_another() -> None:
    assert alert(entry()).id == alert(entry()).id
    assert len({alert(entry()).id, alert(entry(2)).id, alert(entry(), end=NOW + 1).id, alert(name="weekly").id}) == 4


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("limit", [600, 2000, 4000, 32_000])
def test_what_has_no_room_is_counted_by_rule(form: Format, limit: int) -> None:
    """Never cut in the middle, never left out without a word."""
    many = [entry(number, rules=(f"Rule {number % 3}",)) for number in range(2000)]
    rendered = render(alert(*many), shape=Shape(form, 200, limit), key="k", zone=WARSAW)
    assert rendered.format == form
    assert len(rendered.body) <= min(limit, 16_000)
    shown = rendered.body.count("Headline ")
    more = re.search(r"And (\d+) more, by rule: (.*)", rendered.body)
    assert more
    assert shown + int(more[1]) == 2000
    assert sum(int(number) for number in re.findall(r"\((\d+)\)", more[2])) == int(more[1])
    assert "monitor stories list" in rendered.body


@pytest.mark.parametrize("form", FORMATS)
def test_a_service_without_titles_gets_it_in_the_text(form: Format) -> None:
    one = alert(entry())
    assert "Digest daily" in render(one, shape=Shape(form, 0, 4096), key="k").body.splitlines()[0]
    assert "Digest daily" not in render(one, shape=Shape(form, 200, 4096), key="k").body


def test_what_was_never_confirmed_is_told_last() -> None:
    told = text_of(alert(entry(), left=tuple(entry(number) for number in range(100, 130))))
    assert told.index("Headline 1\n") < told.index("Never confirmed, and not told:") < told.index("Headline 100")
    assert "* and 10 more" in told


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_in_a_digest_becomes_markup(payload: str, form: Format) -> None:
    bad = entry(
        headline=payload,
        rules=(payload,),
        watch=payload,
        countries=(payload,),
        link=f"https://x.example/{payload}",
        why=payload,
        source=payload,
    )
    one = alert(bad, replace(bad, told=True, link="javascript:alert(1)"), left=(bad,), name=payload)
    body = render(one, shape=Shape(form, 200, 32_000), key="k").body
    assert_harmless(body.replace("<h3>", "<p>").replace("</h3>", "</p>"), form)


@settings(max_examples=40, deadline=None)
@given(
    data=st.dictionaries(
        st.sampled_from(["entries", "left", "counts", "step", "start", "end", "about"]),
        st.none() | st.text(max_size=20) | st.lists(st.integers() | st.lists(st.floats(), max_size=3), max_size=3),
    ),
    form=st.sampled_from(FORMATS),
)
def test_any_data_gives_a_digest(data: dict[str, Any], form: Format) -> None:
    assert render(Alert(id="n1", kind="digest", severity=Severity.LOW, title="T", data=data), shape=Shape(form)).body


# --- the chart -------------------------------------------------------------------------------------------------------


def days(*numbers: int) -> list[tuple[float, int]]:
    start = datetime(2025, 11, 17, tzinfo=WARSAW).timestamp()
    return [(start + number * 86400, count) for number, count in enumerate(numbers)]


def test_days_as_blocks() -> None:
    said = chart.blocks(days(4, 2, 0, 11, 7, 3, 6), 86400, WARSAW)
    assert said == "Mon ▄ Tue ▃ Wed ▁ Thu █ Fri ▆ Sat ▃ Sun ▅; most 11, Thu 20 Nov"


def test_hours_as_blocks() -> None:
    counts = [(NOW - NOW % 3600 + hour * 3600, hour % 5) for hour in range(12)]
    assert chart.blocks(counts, 3600, UTC) == "12:00 ▁▃▅▇█▁ 18:00 ▃▅▇█▁▃; most 4, Sun 23 Nov, 16:00"


def test_nothing_counted_is_nothing_drawn() -> None:
    assert chart.blocks(days(0, 0), 86400, UTC) == chart.blocks([], 86400, UTC) == ""
    assert chart.table(days(0, 0), 86400, UTC) == ""


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 10**6), max_size=400))
def test_a_chart_keeps_every_story_and_has_few_bars(numbers: list[int]) -> None:
    kept, step = chart.fewer(days(*numbers), 86400)
    assert sum(number for _, number in kept) == sum(numbers)
    assert len(kept) <= chart.BARS
    assert step * len(kept) >= 86400 * len(numbers)
    drawn = chart.table(days(*numbers), 86400, UTC)
    assert drawn.count(f'bgcolor="{chart.COLOUR}"') == sum(number > 0 for _, number in kept)


def test_a_mail_has_bars_and_other_html_has_blocks() -> None:
    one = sample("weekly", now=NOW)
    mail = render(one, shape=MAIL, key="k", zone=WARSAW).body
    tags = {tag for tag, _ in Tags(mail).found}
    known = {"div", "p", "b", "br", "h3", "ul", "li", "a", "code", "table", "tr", "td"}
    assert tags <= known, "no image, no script, no style sheet"
    assert mail.count("bgcolor=") == 7
    room = render(one, shape=Shape("html", 200, 32_000), key="k", zone=WARSAW).body
    assert "<table" not in room
    assert "█" in room
    assert "<table" not in render(one, shape=replace(MAIL, format="markdown"), key="k", zone=WARSAW).body


async def test_a_digest_arrives_as_html_mail() -> None:
    with MailServer() as server:
        url = f"mailto://localhost:{server.port}?from=bot@example.org&to=ann@example.org&smtp=localhost"
        sender = Sender({"desk": Channel(url=url)}, str)
        shape = await sender.shape("desk")
        assert (shape.format, shape.styled, shape.thread) == ("html", True, "reply")
        alert = sample("digest", now=NOW)
        entries = [*alert.data["entries"], {**alert.data["entries"][0], "link": LONG}]  # type: ignore[misc, index]
        alert = replace(alert, data={**alert.data, "entries": entries})
        await sender.send("desk", render(alert, shape=shape, key="k", zone=WARSAW), key="k")
        (mail,) = server.mails
    html = mail.part("text/html")
    assert mail.message["Subject"] == "Digest daily: 6 stories, 1 critical, 2 high"
    assert html.count("bgcolor=") == 24
    assert LONG in mail.part("text/plain")
    assert "Pontoon bridge seen near the river" in html
    assert "by hour:\n\nSat 22 Nov, 13:13 – Sun 23 Nov, 12:13; most 9" in mail.part("text/plain").replace("\r\n", "\n")
