"""The frame: live changes, questions that take too long, another database in its place, themes, accounts by command."""

import io
import json
import sys
import threading
from pathlib import Path

import httpx
import pytest

from monitor.cli import execute
from monitor.errors import StoreError, TooSlow
from monitor.model import Role
from monitor.store import Store
from monitor.web import live, passwords
from monitor.web.pages import Pages, host, line, since, web
from monitor.web.readers import Readers, Writer
from monitor.web.remembered import Remembered
from tests.web import worlds
from tests.web.conftest import NOW, Page

pytestmark = pytest.mark.slow  # each starts a real server over a database of its own

# --- live ------------------------------------------------------------------------------------------------------------


def test_a_page_is_told_what_has_changed_and_only_that(page: Page) -> None:
    told: list[list[str]] = []
    ready, done = threading.Event(), threading.Event()

    def listen() -> None:
        with httpx.stream("GET", f"{page.url}/events", timeout=30) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            for text in answer.iter_lines():
                ready.set()
                if text.startswith("data: "):
                    told.append(json.loads(text.removeprefix("data: ")))
                    done.set()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    assert ready.wait(10)
    looked = threading.Event()
    threading.Timer(2 * live.EVERY, looked.set).start()
    assert looked.wait(10)  # the hub has its first marks
    with Store.open(page.store.path) as daemon:  # another connection, as the daemon's is
        daemon.meta.set("last_tick", str(NOW))  # of no interest to any page
        worlds.fill(daemon, NOW, stories=13, sources=8)
    assert done.wait(20), "nothing was told"
    assert "stories" in {topic for topics in told for topic in topics}
    assert "silence" not in json.dumps(told)
    page.site.hub.close()
    thread.join(10)
    assert not thread.is_alive()


def test_too_many_listeners_are_sent_away(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_OF_ONE", 1)
    with page.client.stream("GET", "/events") as first:
        assert first.status_code == 200
        answer = page.get("/events", headers={"Accept": "application/json"})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_question_that_takes_too_long_is_broken_off(page: Page) -> None:
    readers = Readers(page.store.path)
    with pytest.raises(TooSlow), readers.reading(0.05) as store:
        store._db.rows("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
    with readers.reading(5.0) as store:
        assert store.read_only
        with pytest.raises(StoreError):
            store.meta.set("a", "b")
    readers.close()


def test_the_writer_follows_a_restored_backup(tmp_path: Path) -> None:
    path, other = tmp_path / "m.db", tmp_path / "other.db"
    for file in (path, other):
        with Store.open(file):
            pass
    with Store.open(path) as given:
        writer = Writer(path, given)
        with writer.writing() as store:
            assert store is given
        path.unlink()
        with pytest.raises(StoreError, match="there is no database"), writer.writing():
            pass
        other.replace(path)
        for word in ("first", "second"):
            with writer.writing() as store:
                assert store is not given
                store.meta.set("which", word)
        writer.close()
        given.meta.set("which", "lost")
    with Store.open(path) as store:
        assert store.meta.get("which") == "second"


def test_readers_follow_a_restored_backup_and_say_what_is_missing(tmp_path: Path) -> None:
    path, other = tmp_path / "m.db", tmp_path / "other.db"
    readers = Readers(path)
    with pytest.raises(StoreError, match="there is no database"), readers.reading(1.0):
        pass
    for file, value in ((path, "old"), (other, "restored")):
        with Store.open(file) as store:
            store.meta.set("which", value)
    with readers.reading(1.0) as store:
        assert store.meta.get("which") == "old"
    other.replace(path)
    with readers.reading(1.0) as store:
        assert store.meta.get("which") == "restored"
    readers.close()


def test_without_a_database_the_page_says_what_to_do(page: Page) -> None:
    path = Path(page.store.path)
    page.site.readers.close()
    path.rename(path.with_suffix(".away"))
    answer = page.get("/sources")
    assert answer.status_code == 503
    assert "monitor run" in answer.text


def test_what_is_dear_is_found_once_a_minute() -> None:
    found, known = [], Remembered()
    for at in (0.0, 30.0, 59.0, 61.0, 62.0):
        known.get("key", NOW + at, 60.0, lambda: found.append(1))
    assert len(found) == 2
    known.get("key", NOW - 1e6, 60.0, lambda: found.append(1))
    assert len(found) == 3, "a clock that was set back does not keep it for ever"


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "link", "name"),
    [
        ("https://www.paper.example/a?b=1", "https://www.paper.example/a?b=1", "paper.example"),
        ("http://paper.example", "http://paper.example", "paper.example"),
        ("javascript:alert(1)", "", ""),
        ("//paper.example/x", "", "paper.example"),
        ("https://user:secret@paper.example/", "", "paper.example"),
        ("https://paper.example/a b", "", "paper.example"),
        ("https://", "", ""),
        ("https://[::1", "", ""),
        ("ftp://paper.example/", "", "paper.example"),
    ],
)
def test_links_are_http_or_https_with_a_host(address: str, link: str, name: str) -> None:
    assert (web(address), host(address)) == (link, name)


def test_lines_are_clean_and_times_are_exact() -> None:
    assert line("a\u202eb\x00 \n c") == "ab c"
    assert line("abcdef", 4) == "abc…"
    assert (since(NOW - 90, NOW), since(NOW + 7200, NOW)) == ("2m ago", "in 2h")
    pages = Pages(zone="Europe/Warsaw")
    assert str(pages.clock(NOW)) == (
        '<time datetime="2026-09-21T14:13:20Z" title="2026-09-21 16:13:20 CEST · 2026-09-21 14:13:20 UTC" '
        'data-time="clock">2026-09-21 16:13</time>'
    )
    for at in (None, 1e300, float("nan"), -1e18):
        assert "none" in pages.clock(at)


def test_a_theme_is_kept_by_a_cookie_and_leads_back(page: Page) -> None:
    assert 'data-theme="auto"' in page.get("/help").text
    answer = page.post("/theme", {"theme": "dark", "back": "/sources?state=failing"})
    assert answer.headers["location"] == "/sources?state=failing"
    assert 'data-theme="dark"' in page.get("/help").text
    page.post("/theme", {"theme": "auto", "back": "https://evil.example/"})
    assert 'data-theme="auto"' in page.get("/help").text
    assert page.post("/theme", {"theme": '"><script>'}).status_code == 400


# --- accounts by command ---------------------------------------------------------------------------------------------


def test_accounts_are_made_listed_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "monitor.yaml").write_text("database: m.db\n")
    (tmp_path / "sources.yaml").write_text("sources: []\n")

    def monitor(*words: str, said: str = "") -> int:
        monkeypatch.setattr(sys, "stdin", io.StringIO(said))
        return execute(["--config", str(tmp_path), "web", *words])

    assert monitor("user", "add", "ann", "--role", "admin", said="correct horse\n") == 0
    with Store.open(tmp_path / "m.db") as store:
        person = store.people.get("ann")
    assert person is not None
    assert (person.role, person.password[:10]) == (Role.ADMIN, "$argon2id$")
    assert passwords.is_right("correct horse", person.password)
    assert not passwords.is_right("correct hors", person.password)
    capsys.readouterr()
    assert monitor("user", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["name"] == "ann"
    for words, said in (
        (("user", "add", "ann"), "short\n"),
        (("user", "add", "a b"), "correct horse\n"),
        (("user", "add", "bob", "--role", "king"), "correct horse\n"),
        (("user", "remove", "zoe"), ""),
        (("--listen", "nowhere"), ""),
        (("--listen", "0.0.0.0:0"), ""),
    ):
        assert monitor(*words, said=said) == 2, words
        assert capsys.readouterr().out == ""
    assert monitor("user", "remove", "ann") == 0
    assert "last account" in capsys.readouterr().out
