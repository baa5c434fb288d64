"""Feed readers: they show a token by HTTP Basic, and are asked for it where they show none."""

import base64
import threading
from pathlib import Path

import feedparser
import httpx
import pytest

from monitor.model import Role
from monitor.store import Store
from monitor.web.throttle import FREE
from monitor.web.views import VIEWS
from tests.web import worlds
from tests.web.conftest import NOW, Opened, Page
from tests.web.test_web_access import application
from tests.web.test_web_walk import ENVIRON, SETTINGS

pytestmark = pytest.mark.slow  # each starts a real server over a database of its own


@pytest.fixture
def page(opened: Opened) -> Page:
    found = opened(SETTINGS, environ=ENVIRON)
    worlds.fill(found.store, NOW, stories=5, sources=4)
    found.account("ann", Role.ADMIN)
    return found


def basic(password: str, name: str = "reader") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def test_who_shows_nothing_is_asked_and_not_led_to_the_login(page: Page) -> None:
    for headers in ({}, {"Accept": "text/html"}, {"Accept": "application/atom+xml"}, {"Accept": "application/json"}):
        answer = page.get("/stories.atom?severity=high", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith('Basic realm="monitor: a token as password"')
        assert answer.headers["www-authenticate"].endswith(", Bearer")
        assert "web.tokens" in answer.text


@pytest.mark.parametrize("name", ["reader", "", "ann", "é"])
def test_a_token_is_the_password_whatever_the_name(page: Page, name: str) -> None:
    answer = page.get("/stories.atom", headers=basic(ENVIRON["READ"], name))
    assert answer.status_code == 200
    assert len(feedparser.parse(answer.content).entries) == 5
    tag = {"If-None-Match": answer.headers["etag"]}
    assert page.get("/stories.atom", headers={**tag, **basic(ENVIRON["READ"], name)}).status_code == 304


def test_a_reader_that_takes_the_login_from_the_address_of_the_feed_gets_it(page: Page) -> None:
    """As newsboat and Miniflux do."""
    with_login = page.url.replace("://", f"://reader:{ENVIRON['READ']}@")
    assert httpx.get(f"{with_login}/stories.atom").status_code == 200


@pytest.mark.parametrize("shown", ["wrong", "correct horse", "", f"{ENVIRON['READ']}x"])
def test_a_password_that_is_no_token_is_none_also_that_of_an_account(page: Page, shown: str) -> None:
    assert page.get("/stories.atom", headers=basic(shown, "ann")).status_code == 401


@pytest.mark.parametrize("given", ["Basic", "Basic !!", "Basic /w==", "Basic cmVhZGVy", "basic", "Basic " + "A" * 8000])
def test_what_is_no_basic_is_no_login(page: Page, given: str) -> None:
    assert page.get("/stories.atom", headers={"Authorization": given}).status_code == 401


def test_basic_says_nothing_anywhere_else(page: Page) -> None:
    """A browser shows everywhere what it was asked for at the feed: that must neither let in nor shut out."""
    headers = basic(ENVIRON["ADMIN"])
    ann = page.as_("ann")
    for path in ("/sources", "/api/stories", "/stories"):
        assert page.get(path, headers=headers).status_code in (303, 401)
        assert ann.get(path, headers=headers).status_code == 200
    for client in (page.client, ann.client):
        assert client.post("/stories/s1/do", headers=headers, data={"do": "acknowledge"}).status_code in (401, 403)
    assert [view.name for view in VIEWS if view.basic] == ["stories-atom"]


def test_who_guesses_has_to_wait_and_many_feeds_at_once_do_not(page: Page) -> None:
    answers: list[int] = []
    right = basic(ENVIRON["READ"])

    def read() -> None:
        answers.append(httpx.get(f"{page.url}/stories.atom", headers=right, timeout=20).status_code)

    readers = [threading.Thread(target=read) for _ in range(2 * FREE)]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    assert answers == [200] * (2 * FREE)
    for _ in range(FREE):
        assert page.get("/stories.atom", headers=basic("wrong wrong wrong wrong")).status_code == 401
    slowed = page.get("/stories.atom", headers=right)
    assert (slowed.status_code, slowed.headers["retry-after"]) == (429, "1")
    bearer = {"Authorization": f"Bearer {ENVIRON['READ']}"}
    assert page.get("/stories.atom", headers=bearer).status_code == 200
    assert page.log_in("ann").status_code == 303, "the login has a count of its own"
    page.time[0] += 1
    assert page.get("/stories.atom", headers=right).status_code == 200


def test_the_host_is_looked_at_first(page: Page) -> None:
    headers = {**basic(ENVIRON["READ"]), "Host": "evil.example"}
    assert page.get("/stories.atom", headers=headers).status_code == 421


async def test_a_proxy_s_own_basic_is_handed_on_and_its_word_counts(tmp_path: Path) -> None:
    """nginx with auth_basic passes on what it was shown, and names the user."""
    with Store.open(tmp_path / "m.db") as store:
        app = application(tmp_path, "{proxy_header: X-Remote-User, proxy_from: [10.1.0.0/16]}", store)
        for peer, status in (("10.1.2.3", 200), ("10.2.0.1", 401)):
            transport = httpx.ASGITransport(app, client=(peer, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8787") as client:
                for path in ("/sources", "/stories.atom"):
                    headers = {**basic("password of the proxy", "ann"), "X-Remote-User": "ann"}
                    answer = await client.get(path, headers={**headers, "Accept": "application/json"})
                    assert answer.status_code == status, (peer, path)
