"""`monitor sources` over a real database, a real feed server on loopback and real files."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from monitor import cli
from monitor.model import SourceState, State
from monitor.store import Store

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour \x1b[31m News: daily</title>
<language>en-GB</language><link>http://x.example/</link><item><title>One</title><guid>1</guid></item></channel></rss>""".replace(
    b"\x1b", b""
)
PAGE = b"""<html><head><link rel="stylesheet" href="/x.css"><link rel=alternate type="application/rss+xml"
href="/broken.xml"><link rel="alternate" type="application/rss+xml" href="news.xml">
<link rel="alternate" type="application/atom+xml" href="/other.xml">
</head><body>Hello</body></html>"""
PAGES = {
    "/": (200, "text/html", PAGE),
    "/plain/": (200, "text/html", b"<html><body>no link here</body></html>"),
    "/feed.xml": (200, "application/rss+xml", FEED),
    "/news.xml": (200, "text/xml", FEED),
    "/other.xml": (200, "text/xml", FEED),
    "/broken.xml": (200, "text/html", b"<html>log in</html>"),
    "/gone": (410, "text/html", b"gone"),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, kind, body = PAGES.get(self.path, (404, "text/html", b"<html>nothing</html>"))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{made.server_address[1]}"
    made.shutdown()
    made.server_close()


@pytest.fixture
def home(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    port = server.rpartition(":")[2]
    (tmp_path / "monitor.yaml").write_text(
        f"network: {{allow: [127.0.0.1], ports: [{port}]}}\npolling: {{host_gap: 0}}\n"
    )
    (tmp_path / "sources.yaml").write_text(
        "# mine\nsources:\n"
        "  - {id: one, url: 'https://one.example/feed', tags: [a]}  # first\n"
        "  - {id: two, url: 'https://two.example/feed', enabled: false}\n"
        "  - {id: three, url: 'https://three.example/feed'}\n"
        "# end\n"
    )
    return tmp_path


@pytest.fixture
def polled(home: Path) -> Path:
    """The same with a database in which one source fails."""
    from monitor.config import load

    with_states = [
        SourceState(
            source_id="one",
            state=State.TLS,
            reason="the certificate has\nexpired \x1b[2J",
            last_success=5.0,
            failures=3.0,
        ),
        SourceState(source_id="three", state=State.UNCHANGED, last_success=10.0, next_due=4e9, interval=900.0),
    ]
    store = Store.open(home / "monitor.db")
    store.sources.sync(list(load(home).sources), 1.0)
    store.sources.save(with_states)
    store.close()
    return home


# --- list ------------------------------------------------------------------------------------------------------------


def test_sources_are_listed_before_anything_was_polled(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["sources"]) == 0
    told = capsys.readouterr().out
    assert [line.split()[:2] for line in told.splitlines()[1:4]] == [
        ["one", "new"],
        ["two", "disabled"],
        ["three", "new"],
    ]
    assert "3 sources, 0 polled, 2 not polled yet, 1 disabled, 0 failing; `monitor once` or" in told
    assert not (home / "monitor.db").exists()


def test_health_comes_from_the_database(polled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["sources"]) == 0
    told = capsys.readouterr().out
    assert "the certificate has expired [2J" in told
    assert "\x1b" not in told
    assert "3 sources, 2 polled, 1 disabled, 1 failing" in told
    assert "15m" in told


def test_lists_can_be_narrowed_and_read_by_programs(polled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["sources", "--failing", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["id"], row["state"], row["last_success"], row["tags"]) == ("one", "tls", 5.0, ["a"])
    assert cli.execute(["sources", "--tag", "a", "--csv"]) == 0
    assert [line.split(",")[0] for line in capsys.readouterr().out.splitlines() if line[:3] in {"id,", "one"}] == [
        "id",
        "one",
    ]


def test_what_is_gone_is_never_polled_again(polled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Store.open(polled / "monitor.db")
    gone = SourceState(source_id="three", state=State.GONE, reason="gone", next_due=4e11, interval=3650 * 86400.0)
    store.sources.save([gone])
    store.close()
    assert cli.execute(["sources"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("three")]
    assert line.split() == ["three", "gone", "never", "never", "gone"]
    assert cli.execute(["sources", "--json"]) == 0
    assert [row["next_due"] for row in json.loads(capsys.readouterr().out) if row["id"] == "three"] == [None]


# --- add -------------------------------------------------------------------------------------------------------------


def test_the_feed_of_a_page_is_found_read_and_added(
    home: Path, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.execute(["sources", "add", f"{server}/", "--tag", "x"]) == 0
    told = capsys.readouterr()
    assert f"{server}/news.xml: rss20, 1 entries" in told.err
    assert f"the page has another feed: {server}/other.xml" in told.err
    text = (home / "sources.yaml").read_text()
    assert "# first" in text
    assert text.endswith(
        "  - {id: three, url: 'https://three.example/feed'}\n\n"
        f'  - id: harbour-31m-news-daily\n    url: {server}/news.xml\n    title: "Harbour [31m News: daily"\n'
        "    language: en\n    tags: [x]\n# end\n"
    )
    assert cli.execute(["check", "--no-examples"]) == 0


def test_a_page_without_links_is_asked_for_the_usual_paths(home: Path, server: str) -> None:
    assert cli.execute(["sources", "add", f"{server}/plain/", "--id", "plain", "--title", "Plain"]) == 0
    assert f"  - id: plain\n    url: {server}/feed.xml\n    title: Plain\n" in (home / "sources.yaml").read_text()


def test_a_dry_run_changes_nothing(home: Path, server: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = (home / "sources.yaml").read_text()
    assert cli.execute(["sources", "add", f"{server}/feed.xml", "--dry-run"]) == 0
    assert f"url: {server}/feed.xml" in capsys.readouterr().out
    assert (home / "sources.yaml").read_text() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["SERVER/gone"], "410"),
        (["SERVER/feed.xml", "--id", "one"], "the id 'one' is taken"),
        (["SERVER/feed.xml", "--id", "Bad Id"], "'Bad Id' is no id"),
        (["http://10.0.0.1/"], "10.0.0.1"),
        (["ftp://x.example/"], "ftp"),
    ],
)
def test_what_cannot_be_added_is_told(
    home: Path, server: str, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (home / "sources.yaml").read_text()
    assert cli.execute(["sources", "add", *(word.replace("SERVER", server) for word in words)]) == 2
    assert told in capsys.readouterr().err
    assert (home / "sources.yaml").read_text() == before


def test_a_feed_is_not_added_twice(home: Path, server: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["sources", "add", f"{server}/feed.xml"]) == 0
    assert cli.execute(["sources", "add", f"{server}/feed.xml"]) == 2
    assert "is in sources.yaml already" in capsys.readouterr().err


# --- import, export, poll --------------------------------------------------------------------------------------------

OPML = """<opml version="2.0"><body><outline text="Ports">
<outline text="One again" xmlUrl="http://one.example/feed/"/><outline text="Four" xmlUrl="https://four.example/"/>
<outline text="Four" xmlUrl="https://five.example/"/><outline text="Bad" xmlUrl="ftp://bad.example/"/></outline></body></opml>"""


def test_a_list_is_imported_without_what_is_known(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "list.opml").write_text(OPML)
    assert cli.execute(["sources", "import", "list.opml"]) == 0
    told = capsys.readouterr().err
    assert "2 added, 1 known already, 1 left out" in told
    assert "left out: Bad: 'ftp://bad.example/' is not an http(s) address" in told
    text = (home / "sources.yaml").read_text()
    assert text.startswith("# mine\n")
    assert "  - id: four\n    url: https://four.example/\n    title: Four\n    tags: [ports]\n" in text
    assert "  - id: four-2\n    url: https://five.example/\n" in text
    assert cli.execute(["sources", "import", "list.opml"]) == 0
    assert "0 added, 3 known already" in capsys.readouterr().err
    assert (home / "sources.yaml").read_text() == text


def test_a_file_that_is_no_list_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "x").write_text("hello")
    assert cli.execute(["sources", "import", "x"]) == 2
    assert cli.execute(["sources", "import", "none"]) == 2
    told = capsys.readouterr().err
    assert "this is not OPML" in told
    assert "none cannot be read: No such file" in told


def test_sources_are_exported_and_no_file_is_overwritten(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["sources", "export"]) == 0
    text = capsys.readouterr().out
    assert 'xmlUrl="https://two.example/feed"' in text
    assert cli.execute(["sources", "export", "out.opml"]) == 0
    assert (home / "out.opml").read_text() == text
    assert cli.execute(["sources", "export", "out.opml"]) == 2
    assert "--force overwrites it" in capsys.readouterr().err
    assert cli.execute(["sources", "export", "out.opml", "--force"]) == 0


def test_a_source_is_made_due(polled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["sources", "poll", "three"]) == 0
    store = Store.open(polled / "monitor.db", read_only=True)
    state = store.sources.state("three")
    store.close()
    assert state is not None
    assert state.next_due == 0
    assert cli.execute(["sources", "poll", "thre"]) == 2
    assert cli.execute(["sources", "poll", "two"]) == 2
    told = capsys.readouterr().err
    assert "there is no source 'thre'; did you mean 'three'?" in told
    assert "the source 'two' is disabled" in told


def test_all_sources_are_polled_but_those_that_are_off_or_gone(
    polled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store.open(polled / "monitor.db")
    store.sources.save([SourceState(source_id="one", state=State.GONE, reason="gone", next_due=4e11)])
    store.close()
    assert cli.execute(["sources", "poll", "--all"]) == 0
    assert capsys.readouterr().out.startswith("1 due now: ")
    for words in (["poll"], ["poll", "three", "--all"]):
        assert cli.execute(["sources", *words]) == 2
        assert "say which sources, or --all" in capsys.readouterr().err
