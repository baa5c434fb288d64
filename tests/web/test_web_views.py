"""Sources, deliveries and silences: what they show, and what their buttons do."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.model import Role, SourceState, State
from monitor.web.views import deliveries, sources
from tests.web import worlds
from tests.web.conftest import NOW, Opened, Page

pytestmark = pytest.mark.slow  # each starts a real server over a database of its own


def test_an_empty_monitor_says_what_to_do(opened: Opened) -> None:
    page = opened()
    for path, words in (
        ("/sources", "monitor sources add"),
        ("/deliveries", "channels:"),
        ("/silences", "Nothing is silenced"),
    ):
        answer = page.get(path)
        assert answer.status_code == 200
        assert words in answer.text


# --- sources ---------------------------------------------------------------------------------------------------------


def ids(text: str) -> list[str]:
    return re.findall(r'id="source-(source-\d+)"', text)


def test_sources_that_fail_come_first_and_are_counted(page: Page) -> None:
    text = page.get("/sources").text
    assert ids(text)[:3] == ["source-3", "source-4", "source-7"]
    assert "8 sources, 3 failing" in text
    assert "no answer within 30 s" in text
    assert "Our network is down" in text
    assert ids(page.get("/sources?state=failing").text) == ["source-3", "source-4", "source-7"]
    assert ids(page.get("/sources?q=courier+paper3").text) == ["source-3"]
    assert len(ids(page.get("/sources?tag=border").text)) == 3
    nothing = page.get("/sources?q=nothing+like+it")
    assert "Take a filter away" in nothing.text


def test_many_sources_are_paged(opened: Opened) -> None:
    page = opened()
    worlds.fill(page.store, NOW, stories=0, sources=sources.PAGE + 5)
    assert len(ids(page.get("/sources").text)) == sources.PAGE
    rest = page.get(f"/sources?from={sources.PAGE}").text
    assert len(ids(rest)) == 5
    assert f"{sources.PAGE + 1}–{sources.PAGE + 5} of {sources.PAGE + 5}" in rest
    for odd in ("-1", "x", "1e9", "9" * 30):
        assert page.get(f"/sources?from={odd}").status_code == 200


def test_a_source_is_polled_now(page: Page) -> None:
    answer = page.post("/sources/source-2/poll", {"back": "/sources?state=fine"})
    assert answer.headers["location"] == "/sources?state=fine"
    assert "is due" in page.get("/sources").text
    assert "is due: the daemon" not in page.get("/sources").text, "said once"
    state = page.store.sources.state("source-2")
    assert state is not None
    assert state.next_due <= NOW


def test_a_source_shows_what_it_brought_and_what_was_wrong(page: Page) -> None:
    text = page.get("/sources/source-1").text
    assert "Ministry says drills" in text
    assert "it has not answered for 7 h" in text
    for state in (State.TIMEOUT, State.OK):
        polled = SourceState(source_id="source-1", state=state, reason="too slow" if state is State.TIMEOUT else "")
        page.store.sources.save([replace(polled, last_polled=NOW)])
    text = page.get("/sources/source-1").text
    assert text.index("Last states") < text.index("timeout") < text.index("too slow")
    assert 'rel="noreferrer noopener nofollow"' in text


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour &lt;b&gt; News</title><link>https://h.example/</link>
<description>d</description><language>en-GB</language><item><title>One</title><link>https://h.example/1</link></item>
</channel></rss>"""


@pytest.fixture
def feed(opened: Opened, tmp_path: Path) -> tuple[str, int]:
    """Serve a feed on loopback."""
    import http.server
    import threading

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            self.wfile.write(FEED.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    return f"http://127.0.0.1:{port}/feed", port


@pytest.mark.parametrize("allowed", [True, False])
def test_a_source_is_looked_at_and_added_where_that_is_allowed(
    opened: Opened, feed: tuple[str, int], allowed: bool
) -> None:
    url, port = feed
    page = opened(
        f"network: {{allow: ['127.0.0.1:{port}'], ports: [{port}]}}\nweb: {{allow_edit: {str(allowed).lower()}}}\n"
    )
    looked = page.post("/sources/add", {"url": url, "do": "look"})
    assert looked.status_code == 200, looked.text
    assert "with 1 entry" in looked.text
    assert "Harbour &lt;b&gt; News" in looked.text
    assert '<li dir="auto">' in looked.text, "the headlines that it begins with"
    assert ('value="add"' in looked.text) is allowed
    file = page.config.folder / "sources.yaml"
    assert "harbour" not in file.read_text()
    added = page.post("/sources/add", {"url": url, "do": "add", "tags": "port sea", "id": "harbour"})
    assert added.status_code == (303 if allowed else 403)
    assert ("id: harbour" in file.read_text()) is allowed
    if allowed:
        assert "harbour" in {source.id for source in page.site.config.sources}, "the page knows it at once"
        again = page.post("/sources/add", {"url": url, "do": "look"})
        assert (again.status_code, "already" in again.text) == (400, True)


def test_an_address_that_has_no_feed_is_said_so(opened: Opened) -> None:
    page = opened()
    answer = page.post("/sources/add", {"url": "http://127.0.0.1:9/", "do": "look"})
    assert answer.status_code == 400
    assert "cannot be read" in answer.text
    assert 'value="http://127.0.0.1:9/"' in answer.text, "the form is still there, with what was typed"
    assert page.post("/sources/add", {"url": ""}).status_code == 400


# --- deliveries ------------------------------------------------------------------------------------------------------


def test_deliveries_are_sent_again_and_dropped(page: Page) -> None:
    dead = page.store.alerts.list(state="dead")
    assert len(dead) == 4
    assert f"Send all {len(dead)} given up again" in page.get("/deliveries").text
    first, second = dead[0].delivery.id, dead[1].delivery.id
    page.post("/deliveries", {"do": "retry", "id": str(first)})
    page.post("/deliveries", {"do": "drop", "id": str(second)})
    assert {one.delivery.id for one in page.store.alerts.list(state="dead")} == {one.delivery.id for one in dead[2:]}
    dropped = page.store.alerts.list(state="dropped")[0].delivery
    assert (dropped.id, dropped.last_error) == (second, "dropped on the page by local")
    page.post("/deliveries", {"do": "retry-dead"})
    assert not page.store.alerts.list(state="dead")
    for odd in ({"do": "explode"}, {}, {"do": ""}):
        assert page.post("/deliveries", odd).status_code == 400
    assert page.post("/deliveries", {"do": "retry", "id": "x"}).status_code == 303


def test_deliveries_are_filtered(page: Page) -> None:
    assert page.get("/deliveries?state=dead").text.count("data-row") == 4
    assert page.get("/deliveries?state=dead&channel=mail").text.count("data-row") == 2
    assert page.get("/deliveries?state=nonsense").status_code == 200
    assert "not in the configuration" in page.get("/deliveries").text
    assert deliveries.PAGE >= 24


def test_what_policies_hold_back_is_shown_with_the_reason(page: Page) -> None:
    text = page.get("/deliveries").text
    assert "Held back" in text
    assert text.count("quiet hours until 07:00") == 2
    assert "chat/desk" in text
    assert "Held back" not in page.get("/deliveries?channel=mail").text


# --- silences --------------------------------------------------------------------------------------------------------


def test_silences_are_made_and_ended(opened: Opened) -> None:
    page = opened("channels: {mail: {url: 'json://127.0.0.1:1'}}\n")
    page.account("ann", Role.TRIAGER)
    page.log_in("ann")
    said = {"word": " exercise* ", "for": "3d", "reason": "announced", "country": "by, ua", "channel": "mail"}
    assert page.post("/silences", said).status_code == 303
    made = page.store.silences.all()[0]
    assert (made.author, made.words, made.countries, made.channels) == ("ann", ("exercise*",), ("BY", "UA"), ("mail",))
    assert made.end - made.start == 3 * 86400
    text = page.get("/silences").text
    assert "country BY or UA; word exercise*; channel mail" in text
    page.post(f"/silences/{made.id}/end")
    assert page.store.silences.all()[0].ended_by == "ann"
    assert "Nothing is silenced" in page.get("/silences").text
    assert "ended by" in page.get("/silences?all=1").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "every story"),
        ({"channel": "mail"}, "every story"),
        ({"rule": "nothing"}, "there is no rule"),
        ({"word": "x", "for": "soon"}, "is no duration"),
        ({"word": "x", "for": "0h"}, "is no duration"),
        ({"word": "x", "for": "9999w"}, "is no duration"),
        ({"word": "x", "reason": " "}, "is empty"),
        ({"country": "Belarus"}, "is no country"),
        ({"word": "x", "below": "king"}, "is no severity"),
    ],
)
def test_silences_that_would_hide_too_much_are_refused(opened: Opened, wrong: dict[str, str], words: str) -> None:
    page = opened("channels: {mail: {url: 'json://127.0.0.1:1'}}\n")
    answer = page.post("/silences", {"for": "2h", "reason": "because", **wrong})
    assert answer.status_code == 400
    assert words in answer.text
    assert not page.store.silences.all()


def test_the_form_is_filled_in_by_the_address(page: Page) -> None:
    text = page.get('/silences?word="><script>&for=1d&reason=known').text
    assert 'value="&#34;&gt;&lt;script&gt;"' in text
    assert 'value="1d"' in text
