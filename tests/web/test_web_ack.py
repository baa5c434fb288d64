"""The link in a message, answered by the real server on loopback."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from monitor.alert.acknowledging import LIFE, ack_url
from monitor.alert.handling import standing
from monitor.config import Config, load
from monitor.errors import ConfigError, MonitorError
from monitor.model import Article, Evidence, Field, Handled, Hit, Judged, Novelty, Severity, Source, Story
from monitor.settings import Web
from monitor.signing import signing_key
from monitor.store import Store
from monitor.web import guard
from monitor.web.app import create_app
from monitor.web.serve import bound, serve, server_of
from monitor.web.site import ADDRESSES

NOW = 1_790_000_000.0
URL = "https://monitor.example.org"
TITLE = 'Ferry <script>alert("1")</script> & captain'


@dataclass
class Running:
    """A server under way."""

    store: Store
    key: bytes
    client: httpx.Client
    now: list[float]

    def link(self, story: str = "s1", at: float = NOW) -> str:
        return ack_url(URL, story, "desk", key=self.key, at=at).removeprefix(URL)

    def acknowledged(self) -> Handled | None:
        return standing(self.store.handled.of("s1"), NOW).acknowledged


def configured(folder: Path, web: str = f"{{url: {URL}, listen: 127.0.0.1:0}}") -> Config:
    (folder / "monitor.yaml").write_text(f"database: monitor.db\ntimezone: Europe/Warsaw\nweb: {web}\n")
    (folder / "sources.yaml").write_text("sources:\n  - {url: https://paper.example/rss, id: paper}\n")
    return load(folder)


def with_story(store: Store) -> None:
    source = Source(id="paper", url="https://paper.example/rss", title="Paper <b>")
    article = Article(
        id="a1",
        source_id="paper",
        identity="i",
        url="https://paper.example/1",
        link="https://paper.example/1",
        title=TITLE,
        summary="",
        body="",
        seen_at=NOW,
    )
    evidence = (Evidence("any", "ferry", "Ferry", Field.TITLE, 0, 5),)
    hit = Hit(
        article_id="a1", rule_id="r", rule_name="Ferries", watch="", severity=Severity.HIGH, evidence=evidence, at=NOW
    )
    store.sources.sync([source], NOW)
    store.articles.add([Judged(article, Novelty.NEW, "new")])
    store.hits.add([hit])
    store.stories.add(Story(id="s1", article=article, source=source, hits=(hit,), novelty=Novelty.NEW, first_seen=NOW))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """The application behind its real server, with a clock of ours."""
    config, now = configured(tmp_path), [NOW]
    with Store.open(tmp_path / "monitor.db") as store, bound("127.0.0.1:0") as door:
        with_story(store)
        port = door.getsockname()[1]
        server = server_of(create_app(config, store, environ={}, port=port, clock=lambda: now[0]))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            key = signing_key(config.settings.web, store, environ={})
            yield Running(store, key, client, now)
        server.should_exit = True
        thread.join(10)


def test_only_the_form_acknowledges(running: Running) -> None:
    for method in ("GET", "HEAD"):
        answer = running.client.request(method, running.link())
        assert answer.status_code == 200
    assert running.acknowledged() is None
    posted = running.client.post(running.link(), data={"name": " Ann\u202e Example ", "note": "on it"})
    assert posted.status_code == 303
    done = running.acknowledged()
    assert done
    assert (done.by, done.note, done.severity, done.at) == ("Ann Example (desk)", "on it", Severity.HIGH, NOW)
    page = running.client.get(posted.headers["location"]).text
    assert "Acknowledged by Ann Example (desk), " in page
    assert "<form" not in page


def test_a_second_click_changes_nothing(running: Running) -> None:
    running.client.post(running.link(), data={"name": "Ann"})
    running.client.post(running.link(), data={"name": "Bob"})
    assert [one.by for one in running.store.handled.of("s1")] == ["Ann (desk)"]


def test_an_empty_form_is_enough(running: Running) -> None:
    running.client.post(running.link())
    done = running.acknowledged()
    assert done
    assert done.by == "a reader of desk"


def test_what_a_feed_says_is_no_markup_and_no_script_may_run(running: Running) -> None:
    answer = running.client.get(running.link())
    assert "<script" not in answer.text
    assert "Ferry &lt;script&gt;" in answer.text
    assert "Paper &lt;b&gt;" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers
    style = running.client.get(ADDRESSES["page.css"])
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")


def test_a_wrong_link_is_forbidden_and_an_old_one_is_gone(running: Running) -> None:
    good = running.link()
    wrong = good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB")
    for method in ("GET", "POST"):
        assert running.client.request(method, wrong).status_code == 403
        assert running.client.request(method, running.link("s9")).status_code == 410
    running.now[0] = NOW + LIFE
    for method in ("GET", "POST"):
        assert running.client.request(method, good).status_code == 410
    assert running.acknowledged() is None


def test_every_answer_has_the_headers_and_other_paths_have_nothing(running: Running) -> None:
    answers = [
        running.client.get("/"),
        running.client.get("/ack"),
        running.client.get("/static/../app.py"),
        running.client.get("/static/%2e%2e/app.py"),
        running.client.put(running.link()),
        running.client.get(running.link(), headers={"Host": "evil.example"}),
        running.client.post(running.link(), content=b"name=" + b"a" * guard.LARGEST),
    ]
    assert [one.status_code for one in answers] == [303, 404, 404, 404, 405, 421, 413]
    for one in answers:
        assert "default-src 'none'" in one.headers["content-security-policy"]


def test_it_answers_to_its_names_only(running: Running) -> None:
    port = running.client.base_url.port
    for host in (f"127.0.0.1:{port}", f"LOCALHOST:{port}", "monitor.example.org"):
        assert running.client.get("/", headers={"Host": host}).status_code == 303
    for host in ("127.0.0.1", f"monitor.example.org:{port}", "monitor.example.org.evil.example", ""):
        assert running.client.get("/", headers={"Host": host}).status_code == 421


def test_a_body_without_a_length_is_not_read(running: Running) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"name=a"

    assert running.client.post(running.link(), content=pieces()).status_code == 413


def test_many_at_once_make_one_acknowledgement(running: Running) -> None:
    link, port = running.link(), running.client.base_url.port
    codes: list[int] = []

    def post() -> None:
        codes.append(httpx.post(f"http://127.0.0.1:{port}{link}", data={"name": "Ann"}, timeout=10).status_code)

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303] * 8
    assert len(running.store.handled.of("s1")) == 1


# --- the key and the place -------------------------------------------------------------------------------------------


def test_the_key_is_made_once(tmp_path: Path) -> None:
    with Store.open(tmp_path / "monitor.db") as store:
        key = signing_key(Web(), store, environ={})
    with Store.open(tmp_path / "monitor.db") as store:
        assert signing_key(Web(), store, environ={}) == key
    with Store.open(tmp_path / "other.db") as store:
        assert signing_key(Web(), store, environ={}) != key
    assert len(key) == 32


def test_a_configured_secret_makes_the_key(tmp_path: Path) -> None:
    with Store.open(tmp_path / "monitor.db") as store:
        web = Web(secret="${WEB}")
        key = signing_key(web, store, environ={"WEB": "x" * 16})
        assert key == signing_key(web, store, environ={"WEB": "x" * 16})
        assert key != signing_key(web, store, environ={"WEB": "y" * 16})
        for environ in ({"WEB": "x" * 15}, {}):
            with pytest.raises(ConfigError):
                signing_key(web, store, environ=environ)


@pytest.mark.parametrize("listen", ["0.0.0.0:8787", "[::]:8787", "192.0.2.1:80"])
def test_it_does_not_listen_where_others_reach_it_without_a_name(tmp_path: Path, listen: str) -> None:
    config = configured(tmp_path, "{}")
    with Store.open(tmp_path / "monitor.db") as store, pytest.raises(ConfigError, match=r"web\.listen"):
        serve(config, store, environ={}, listen=listen)
    guard.must_be_named(Web(url=URL), listen)
    guard.must_be_named(Web(hosts=("monitor.example.org",)), listen)


@pytest.mark.parametrize("listen", ["", "8787", "host.example:80", "127.0.0.1:99999", "127.0.0.1:", "127.0.0.1:٨"])
def test_what_is_no_address_is_refused(listen: str) -> None:
    with pytest.raises(ConfigError, match=r"web\.listen"):
        guard.place_of(listen)


def test_an_address_that_is_taken_is_said_so() -> None:
    told = "another program listens there, perhaps a page already; write another address into web.listen"
    with bound("127.0.0.1:0") as door, pytest.raises(MonitorError, match=told):
        bound(f"127.0.0.1:{door.getsockname()[1]}")
