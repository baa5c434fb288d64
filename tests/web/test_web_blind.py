"""What keeps the monitor from seeing stands above every view: a quiet list must not look like a quiet world."""

import re
import threading
import time

import httpx
import pytest

from monitor.model import Role, Severity, SourceState, State
from monitor.web.blind import REMEMBERED, STALE
from tests.web.conftest import NOW, Opened, Page

SOURCES = "sources:\n" + "".join(f"  - {{id: s{n}, url: 'https://s{n}.example/feed'}}\n" for n in range(4))
pytestmark = pytest.mark.slow  # each starts a real server over a database of its own
VIEWS = ("/stories", "/picture", "/rules", "/sources", "/deliveries", "/silences", "/help")


def strip(page: Page, path: str = "/stories") -> str:
    """Return what stands above a view, as one line without tags; "" for nothing."""
    page.time[0] += REMEMBERED
    text = page.get(path).text
    found = re.search(r'<div id="blind"[^>]*>(.*?)</div>\s*<main', text, re.DOTALL)
    assert found, text
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def watched(page: Page, failing: int = 0, of: int = 4) -> None:
    """Let the monitor work, with so many sources that fail."""
    page.store.meta.set("last_tick", f"{NOW - 5:.0f}")
    states = [State.DNS if number < failing else State.OK for number in range(of)]
    page.store.sources.save(SourceState(source_id=f"s{n}", state=state) for n, state in enumerate(states))


def test_where_all_is_well_nothing_is_said(opened: Opened) -> None:
    page = opened(sources=SOURCES)
    watched(page, failing=1)
    assert [strip(page, path) for path in VIEWS] == [""] * len(VIEWS)


def test_a_monitor_that_does_not_run_is_said_on_every_view(opened: Opened) -> None:
    page = opened(sources=SOURCES)
    assert strip(page).startswith("The monitor has not run yet.")
    watched(page)
    page.time[0] = NOW + STALE
    for path in VIEWS:
        said = strip(page, path)
        assert said.startswith("The monitor does not run. Since 20"), path
        assert "nothing is polled and nothing is told. Start it: monitor run" in said


def test_most_sources_failing_is_said_with_a_way_to_them(opened: Opened) -> None:
    page = opened(sources=SOURCES)
    watched(page, failing=2)
    assert strip(page) == "2 of 4 sources fail. What they publish is not seen. More"
    assert 'href="/sources?state=failing"' in page.get("/stories").text
    assert strip(page, "/sources") == "2 of 4 sources fail. What they publish is not seen."


def test_a_refused_configuration_and_a_dead_channel_are_said(opened: Opened) -> None:
    page = opened(sources=SOURCES)
    watched(page)
    for number in range(13):
        page.store.problems.open("channel", f"c{number}", f"refused {number}", NOW, title=f"Channel c{number} fails")
    page.store.problems.open("silent", "s1", "quiet", NOW, title="Source s1 is silent", severity=Severity.HIGH)
    page.store.problems.open("clock", "step", "jumped", NOW, title="The clock", severity=Severity.LOW)
    said = strip(page)
    assert said.startswith("Channel c0 fails. And 12 further problems Channel c0 fails. Since")
    assert "refused 2" in said
    assert said.endswith("1 further problem: `monitor status` lists all.")
    assert "silent" not in said
    assert "clock" not in said
    page.store.problems.close("channel", "c12", NOW)
    assert "further problem:" not in strip(page)


def test_it_is_for_those_who_are_logged_in(opened: Opened) -> None:
    page = opened(sources=SOURCES)
    page.account("ann", Role.VIEWER)
    assert strip(page, "/login") == ""
    assert strip(page.as_("ann")).startswith("The monitor has not run yet.")


def test_a_monitor_that_dies_is_told_to_open_pages(opened: Opened) -> None:
    """It writes nothing any more: that nothing comes has to be seen."""
    page = opened(sources=SOURCES)
    page.store.meta.set("last_tick", f"{time.time() - STALE + 2:.3f}")
    told: list[str] = []
    ready = threading.Event()

    def listen() -> None:
        with httpx.stream("GET", f"{page.url}/events", timeout=30) as answer:
            for line in answer.iter_lines():
                ready.set()
                if line.startswith("data: "):
                    told.append(line)
                    return

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    assert ready.wait(10)
    listener.join(20)
    assert told == ['data: ["watch"]']


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_a_problem_says_is_escaped(opened: Opened, words: str) -> None:
    page = opened(sources=SOURCES)
    watched(page)
    page.store.problems.open("network", "sources", words, NOW, title=words, advice=words)
    assert words not in page.get("/stories").text
    assert "alert(1)" in page.get("/stories").text


def test_a_network_that_is_down_is_said(page: Page) -> None:
    assert "Our network is down" in strip(page)
