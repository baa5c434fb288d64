"""Who is let in: the machine's own user, accounts, proxies; the Host header; guessing."""

import re
import socket
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from monitor.config import load
from monitor.errors import ConfigError
from monitor.model import Role
from monitor.store import Store, connection
from monitor.web import remembered, throttle
from monitor.web.access import is_for_this_machine
from monitor.web.app import create_app
from monitor.web.ask import local
from monitor.web.remembered import Remembered
from monitor.web.views import events
from tests.web.conftest import NOW, PASSWORD, Opened, Page

pytestmark = pytest.mark.slow  # each starts a real server over a database of its own


async def from_(app: Starlette, peer: str, path: str, **headers: str) -> httpx.Response:
    """Ask as if from another machine."""
    transport = httpx.ASGITransport(app, client=(peer, 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8787") as client:
        return await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def application(folder: Path, web: str, store: Store) -> Starlette:
    (folder / "monitor.yaml").write_text(f"database: m.db\nweb: {web}\n")
    (folder / "sources.yaml").write_text("sources: []\n")
    return create_app(load(folder), store, environ={"TOKEN": "t" * 30}, clock=lambda: NOW)


# --- who needs to log in ---------------------------------------------------------------------------------------------


def test_the_machines_own_user_needs_no_login_until_there_is_an_account(page: Page) -> None:
    assert page.get("/sources").status_code == 200
    assert page.get("/sources/add").status_code == 200, "it is the one who could edit the files anyway"
    page.account("ann", Role.VIEWER)
    assert page.get("/sources").headers["location"] == "/login?next=%2Fsources"


@pytest.mark.parametrize(
    ("web", "private"),
    [
        ("{}", True),
        ("{listen: '[::1]:80'}", True),
        ("{url: 'http://localhost:8787'}", True),
        ("{listen: '0.0.0.0:80'}", False),
        ("{listen: '192.0.2.1:80'}", False),
        ("{url: 'https://monitor.example'}", False),
        ("{hosts: [monitor.example]}", False),
    ],
)
def test_anything_but_loopback_demands_a_login(tmp_path: Path, web: str, private: bool) -> None:
    with Store.open(tmp_path / "m.db") as store:
        app = application(tmp_path, web, store)
        assert is_for_this_machine(app.state.site.config.settings.web) is private
        assert app.state.site.access.is_open(store) is private


async def test_another_machine_is_not_the_machines_own_user(tmp_path: Path) -> None:
    with Store.open(tmp_path / "m.db") as store:
        app = application(tmp_path, "{}", store)
        assert (await from_(app, "127.0.0.1", "/help")).status_code == 200
        for peer in ("192.0.2.7", "::ffff:192.0.2.7", "10.0.0.1"):
            assert (await from_(app, peer, "/help")).status_code == 303


async def test_a_proxy_is_believed_from_its_address_only(tmp_path: Path) -> None:
    web = "{proxy_header: X-Remote-User, proxy_from: [10.1.0.0/16, '::1']}"
    with Store.open(tmp_path / "m.db") as store:
        app = application(tmp_path, web, store)
        for peer, headers, status in (
            ("10.1.2.3", {"X_Remote_User": "ann"}, 200),
            ("::ffff:10.1.2.3", {"X_Remote_User": "ann"}, 200),
            ("::1", {"X_Remote_User": "ann"}, 200),
            ("10.1.2.3", {}, 303),
            ("10.1.2.3", {"X_Remote_User": " "}, 303),
            ("10.2.0.1", {"X_Remote_User": "ann"}, 303),
            ("127.0.0.1", {"X_Remote_User": "ann"}, 303),
        ):
            answer = await from_(app, peer, "/help", **headers)
            assert answer.status_code == status, (peer, headers)
        assert (await from_(app, "10.1.2.3", "/sources/add", X_Remote_User="ann")).status_code == 403
        shown = await from_(app, "10.1.2.3", "/help", X_Remote_User="<b>ann</b>")
        assert "&lt;b&gt;ann" in shown.text


async def test_a_second_header_that_somebody_slipped_in_is_not_believed(tmp_path: Path) -> None:
    with Store.open(tmp_path / "m.db") as store:
        app = application(tmp_path, "{proxy_header: X-Remote-User, proxy_from: [10.0.0.1]}", store)
        transport = httpx.ASGITransport(app, client=("10.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8787") as client:
            answer = await client.get("/help", headers=[("X-Remote-User", "ann"), ("X-Remote-User", "root")])
        assert answer.status_code == 303


@pytest.mark.parametrize(
    ("web", "words"),
    [
        ("{tokens: {a: {token: short}}}", "less than 20"),
        ("{tokens: {a: {token: '${MISSING}'}}}", "MISSING"),
        ("{proxy_header: X-User, proxy_from: [nobody]}", "is no address"),
        ("{proxy_header: X-User}", "go together"),
        ("{proxy_from: 10.0.0.1}", "go together"),
    ],
)
def test_settings_that_cannot_hold_are_refused(tmp_path: Path, web: str, words: str) -> None:
    with Store.open(tmp_path / "m.db") as store, pytest.raises(ConfigError, match=words):
        application(tmp_path, web, store)


def test_a_token_in_clear_is_warned_of(tmp_path: Path) -> None:
    with Store.open(tmp_path / "m.db") as store:
        app = application(tmp_path, "{tokens: {a: {token: 'aaaaaaaaaaaaaaaaaaaaaaaa'}}}", store)
    assert any("stands in clear" in one.message for one in app.state.site.config.problems if one.warning)


# --- the Host header -------------------------------------------------------------------------------------------------


def test_a_page_that_points_its_name_at_us_gets_nothing(page: Page) -> None:
    port = httpx.URL(page.url).port
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "", "127.0.0.1", f"[::2]:{port}"):
        for path in ("/", "/sources", "/static/x", "/events"):
            assert page.get(path, headers={"Host": host}).status_code == 421
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"LOCALHOST:{port}", f"[::1]:{port}"):
        assert page.get("/help", headers={"Host": host}).status_code == 200


def test_further_names_can_be_given(opened: Opened) -> None:
    page = opened("web: {url: 'https://monitor.example', hosts: [watch.example]}\n")
    for host in ("monitor.example", "monitor.example:443", "watch.example"):
        assert page.get("/login", headers={"Host": host}).status_code == 200
    assert page.get("/login", headers={"Host": "monitor.example:80"}).status_code == 421


# --- accounts and sessions -------------------------------------------------------------------------------------------


def test_login_and_logout(page: Page) -> None:
    page.account("ann", Role.TRIAGER)
    answer = page.log_in("ann", next="/deliveries?state=dead")
    assert (answer.status_code, answer.headers["location"]) == (303, "/deliveries?state=dead")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("session="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert "ann" in page.get("/sources").text
    token = page.client.cookies["session"]
    assert token not in Path(page.store.path).read_bytes().decode("latin1"), "only its hash is kept"
    assert page.post("/logout").headers["location"] == "/login"
    page.client.cookies.set("session", token)
    assert page.get("/sources").status_code == 303


def test_behind_https_cookies_are_secure_and_of_this_host_alone(opened: Opened) -> None:
    page = opened("web: {url: 'https://monitor.example'}\n")
    page.account("ann", Role.VIEWER)
    headers = {"Host": "monitor.example"}
    form = page.get("/login", headers=headers)
    visit = form.headers["set-cookie"]
    assert visit.startswith("__Host-visit=")
    assert "Secure" in visit
    token = re.search(r'name="csrf" value="(\w+)"', form.text)
    assert token
    data = {"csrf": token[1], "name": "ann", "password": PASSWORD}
    cookie = visit.partition(";")[0]
    answer = page.client.post("/login", data=data, headers={**headers, "Cookie": cookie})
    session = next(one for one in answer.headers.get_list("set-cookie") if "session=" in one)
    assert session.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(session.split("; "))


def test_a_session_ends_unused_and_with_its_account(opened: Opened) -> None:
    page = opened("web: {session: 1h}\n")
    page.account("ann", Role.VIEWER)
    page.log_in("ann")
    for minutes in (50, 100, 150):
        page.time[0] = NOW + minutes * 60
        assert page.get("/help").status_code == 200, "used in time"
    page.time[0] += 3601
    assert page.get("/help").status_code == 303
    page.log_in("ann")
    assert page.get("/help").status_code == 200
    page.account("ann", Role.ADMIN)
    assert page.get("/help").status_code == 303, "a new password ends what was begun with the old one"
    page.log_in("ann")
    page.store.people.remove("ann")
    page.account("bob", Role.VIEWER)
    assert page.get("/help").status_code == 303


def test_a_session_id_from_before_the_login_is_worth_nothing(page: Page) -> None:
    page.account("ann", Role.VIEWER)
    page.client.cookies.set("session", "chosen-by-somebody-else")
    assert page.log_in("ann").status_code == 303
    assert "chosen-by-somebody-else" not in list(page.client.cookies.jar)[-1].value
    with httpx.Client(base_url=page.url, cookies={"session": "chosen-by-somebody-else"}) as other:
        assert other.get("/help").status_code == 303


@pytest.mark.parametrize(
    "goal", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/a\n", "//["]
)
def test_a_login_leads_nowhere_else(page: Page, goal: str) -> None:
    page.account("ann", Role.VIEWER)
    assert page.log_in("ann", next=goal).headers["location"] == "/"
    assert local(goal) == ""


def test_guessing_gets_slower_and_slower(page: Page) -> None:
    page.account("ann", Role.VIEWER)
    for _ in range(throttle.FREE):
        assert page.log_in("ann", "wrong wrong").status_code == 403
    answer = page.log_in("ann")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    waits = []
    for _ in range(6):
        page.time[0] += float(answer.headers["retry-after"])
        assert page.log_in("ann", "wrong wrong").status_code == 403
        answer = page.log_in("ann", "wrong wrong")
        assert answer.status_code == 429
        waits.append(float(answer.headers["retry-after"]))
    assert waits == [2, 4, 8, 16, 32, 64]
    assert page.log_in("bob").status_code == 429, "from this address no other name helps"
    page.time[0] += 64
    assert page.log_in("ann").status_code == 303


def test_behind_a_proxy_of_this_machine_guessers_slow_down_only_themselves(page: Page) -> None:
    page.account("ann", Role.VIEWER)
    token = page.csrf("/login")
    for _ in range(throttle.FREE + 1):
        data = {"csrf": token, "name": "zoe", "password": "wrong wrong"}
        answer = page.client.post("/login", data=data, headers={"X-Forwarded-For": "6.6.6.6, 198.51.100.7"})
    assert answer.status_code == 429
    assert page.log_in("ann").status_code == 303


def test_a_wrong_name_and_a_wrong_password_say_the_same(page: Page) -> None:
    page.account("ann", Role.VIEWER)
    answers = [page.log_in(name, password) for name, password in (("ann", "wrong wrong"), ("zoe", PASSWORD))]
    texts = [re.sub(r'value="[^"]*"', "", answer.text) for answer in answers]
    assert texts[0] == texts[1]
    assert page.log_in("ann", "x" * 5000).status_code == 403


def test_throttle_forgets_and_stays_small() -> None:
    slow = throttle.Throttle()
    for number in range(throttle.MOST + 50):
        assert slow.begin((f"name {number}",), NOW) == 0
    assert len(slow.known) == throttle.MOST
    for step in range(throttle.FREE):
        assert slow.begin(("a", "b"), NOW + step) == 0
    assert slow.begin(("a", "c"), NOW + 3.5) > 0
    assert slow.begin(("c",), NOW + 3.5) == 0, "what has to wait does not count"
    assert slow.begin(("a",), NOW + throttle.FORGET + 10) == 0


# --- what an inspector tried -----------------------------------------------------------------------------------------


async def test_what_a_proxy_of_this_machine_passes_on_is_not_the_machines_own_user(tmp_path: Path) -> None:
    with Store.open(tmp_path / "m.db") as store:
        app = application(tmp_path, "{}", store)
        assert (await from_(app, "127.0.0.1", "/help")).status_code == 200
        for name in ("X_Forwarded_For", "X_Forwarded_Proto", "X_Forwarded_Host", "X_Real_IP", "Forwarded", "Via"):
            answer = await from_(app, "127.0.0.1", "/help", **{name: "203.0.113.9"})
            assert answer.status_code == 303, name


async def test_one_network_of_ipv6_is_one_guesser(tmp_path: Path) -> None:
    with Store.open(tmp_path / "m.db") as store:
        access = application(
            tmp_path, "{listen: '[::]:80', proxy_header: X-U, proxy_from: 10.0.0.1}", store
        ).state.site.access

        def seen(peer: str, forwarded: str = "") -> str:
            headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
            return str(access.address(Request({"type": "http", "client": (peer, 1), "headers": headers})))

        assert seen("2001:db8:1:2::7") == seen("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
        assert seen("2001:db8:1:3::7") != seen("2001:db8:1:2::7")
        assert seen("::ffff:192.0.2.1") == seen("192.0.2.1") == "192.0.2.1"
        assert seen("fe80::1%eth0") == "fe80::/64"
        assert seen("10.0.0.1", "9.9.9.9, 2001:db8:1:2::9") == "2001:db8:1:2::/64"
        assert seen("10.0.0.1", "x" * 9000) == "10.0.0.1", "what is no address is not kept"
        assert seen("192.0.2.1", "9.9.9.9") == "192.0.2.1", "from nobody else it is believed"


def test_a_login_ends_the_one_before_in_the_same_browser(page: Page) -> None:
    page.account("ann", Role.VIEWER)
    assert page.log_in("ann").status_code == 303
    first = page.client.cookies["session"]
    assert page.post("/login", {"name": "ann", "password": PASSWORD}).status_code == 303
    assert page.client.cookies["session"] != first
    assert page.store.people.session(first, NOW, lasts=9999.0) is None


def test_who_logs_out_hears_no_more_of_changes(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT", 0.1)
    page.account("ann", Role.VIEWER)
    ann = page.as_("ann")
    with ann.client.stream("GET", "/events") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "retry: 5000"
        assert ": still here" in [next(lines), next(lines)]
        page.store.people.end(ann.client.cookies["session"])
        assert len(list(lines)) < 10, "it ends"


def test_what_is_remembered_is_not_without_bound() -> None:
    known = Remembered()
    for number in range(remembered.MOST + 5):
        assert known.get(f"year of {number}", NOW, 60, lambda: number) == number  # noqa: B023 - called at once
    assert len(known._values) == remembered.MOST
    assert known.get("year of 204", NOW, 60, lambda: 0) == 204, "the latest are kept"


def test_a_login_reads_on_while_nothing_can_be_written(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)
    page = opened()
    page.account("ann", Role.VIEWER)
    page.log_in("ann")
    page.time[0] += 3600  # it would be noted that the login is used
    with Store.open(page.store.path) as daemon, daemon.transaction():
        assert page.get("/help").status_code == 200
        assert page.post("/logout").status_code == 503, "what has to be written says so"
    assert page.post("/logout").status_code == 303


def test_tabs_that_a_browser_restores_can_all_send_their_forms(page: Page) -> None:
    with httpx.Client(base_url=page.url) as before:
        (cookie,) = [one for one in before.get("/help").headers.get_list("set-cookie") if "visit=" in one]
    assert "Max-Age=34560000" in cookie, "it is there still when the browser is started again"
    kept = {"Cookie": cookie.partition(";")[0]}
    tokens = []
    for _ in range(3):
        with httpx.Client(base_url=page.url, headers=kept) as tab:
            answer = tab.get("/help")
            assert not [one for one in answer.headers.get_list("set-cookie") if "visit=" in one]
            tokens += re.findall(r'name="csrf" value="([0-9a-f]+)"', answer.text)[:1]
    for token in tokens:
        sent = httpx.post(f"{page.url}/theme", data={"csrf": token, "theme": "dark"}, headers=kept)
        assert sent.status_code == 303


def test_a_proxy_that_says_nothing_is_known_by_its_http(page: Page) -> None:
    """As nginx does with `proxy_pass http://127.0.0.1:8787` alone: HTTP/1.0, our name as Host, nobody's address."""
    host = page.url.removeprefix("http://")
    for version, status in (("1.0", b"303"), ("1.1", b"200")):
        with socket.create_connection(("127.0.0.1", int(host.partition(":")[2])), timeout=10) as line:
            line.sendall(f"GET /help HTTP/{version}\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            assert line.recv(65536).split()[1] == status, version
