"""Redirects, proxies and TLS: who is asked, with which headers, and what is remembered."""

import asyncio
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pycurl
import pytest
import trustme

from monitor.fetch import transport
from monitor.model import Fetched, Source, SourceState, State
from tests.fetch.conftest import Make
from tests.servers.faults import Canary, Faults
from tests.servers.proxy import Proxy

SECRETS = (("Authorization", "Bearer planted-1"), ("Cookie", "session=planted-2"), ("X-Key", "planted-3"))


async def poll(fetcher, url: str, now: float, state: SourceState | None = None, **more) -> Fetched:  # type: ignore[no-untyped-def]
    return await fetcher.fetch(Source(id="s", url=url, **more), state or SourceState(source_id="s"), now=now)


@pytest.fixture
def other() -> Iterator[Faults]:
    """Another host: the same machine by another address."""
    with Faults(host="127.0.0.2") as server:
        yield server


def to(server: Faults, name: str, target: str) -> str:
    return f"{server.url(name)}?target={target}"


# --- redirects -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "ends_at", "moved_to"),
    [
        ("ok", "/ok", ""),
        ("moved", "/ok/moved", "/ok/moved"),
        ("moved_on", "/ok/moved", "/ok/moved"),
        ("moved_then_found", "/ok/found", "/found"),
        ("found", "/ok/found", ""),
        ("found_then_moved", "/ok/moved", ""),
        ("see_other", "/ok/other", ""),
        ("to_relative", "/ok/relative", ""),
        ("to_blank", "/ok/with%20a%20blank", ""),
    ],
)
async def test_only_permanent_steps_are_remembered(
    name: str, ends_at: str, moved_to: str, faults: Faults, make_fetcher: Make, now: float
) -> None:
    fetched = await poll(make_fetcher(), faults.url(name), now)
    root = f"http://{faults.address}"
    assert (fetched.state, fetched.url) == (State.OK, root + ends_at)
    assert fetched.moved_to == (root + moved_to if moved_to else "")


async def test_the_number_of_redirects_is_a_setting(faults: Faults, make_fetcher: Make, now: float) -> None:
    assert (await poll(make_fetcher(redirects=2), faults.url("moved"), now)).state is State.OK
    assert (await poll(make_fetcher(redirects=1), faults.url("moved"), now)).state is State.REDIRECTS
    assert len(faults.requests) == 3 + 2


@pytest.mark.parametrize("name", ["to_target", "to_target_for_good"])
async def test_secrets_stay_with_their_origin(
    name: str, faults: Faults, other: Faults, make_fetcher: Make, now: float
) -> None:
    """Neither another host nor another port of the same host gets them, also on the way back."""
    ports = (faults.port, other.port)
    fetcher = make_fetcher(allow=("127.0.0.0/8",), ports=ports)
    back = to(other, "to_target", faults.url("ok/back"))
    fetched = await poll(fetcher, to(faults, name, back), now, headers=SECRETS, user_agent="Mine/1")
    assert (fetched.state, fetched.url) == (State.OK, faults.url("ok/back"))
    first, last = faults.requests
    assert first.headers["authorization"] == "Bearer planted-1"
    for request in (*other.requests, last):
        assert "planted" not in str(request.header_list)
        assert request.headers["user-agent"] == "Mine/1"


async def test_secrets_go_along_on_the_same_origin(faults: Faults, make_fetcher: Make, now: float) -> None:
    await poll(make_fetcher(), faults.url("moved"), now, headers=SECRETS)
    assert [one.headers["x-key"] for one in faults.requests] == ["planted-3"] * 3


async def test_a_learnt_address_elsewhere_gets_no_secrets(
    faults: Faults, other: Faults, make_fetcher: Make, now: float
) -> None:
    fetcher = make_fetcher(allow=("127.0.0.0/8",), ports=(faults.port, other.port))
    learnt = SourceState(source_id="s", url=other.url())
    home = faults.url().replace("http://", "http://ann:planted-4@")
    assert (await poll(fetcher, home, now, learnt, headers=SECRETS)).state is State.OK
    assert "planted" not in str(other.requests[0].header_list)
    assert "authorization" not in other.requests[0].headers


async def test_validators_go_along(faults: Faults, other: Faults, make_fetcher: Make, now: float) -> None:
    fetcher = make_fetcher(allow=("127.0.0.0/8",), ports=(faults.port, other.port))
    first = await poll(fetcher, to(faults, "to_target", other.url("etag")), now)
    state = SourceState(source_id="s", etag=first.etag, last_modified=first.last_modified)
    again = await poll(fetcher, to(faults, "to_target", other.url("etag")), now, state)
    assert (again.state, again.url) == (State.UNCHANGED, other.url("etag"))


async def test_a_redirect_to_a_private_address_is_refused(faults: Faults, make_fetcher: Make, now: float) -> None:
    with Canary() as canary:
        fetcher = make_fetcher(allow=(faults.address,), ports=(80, canary.port))
        for name in ("to_target", "to_target_for_good"):
            for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1"):
                fetched = await poll(fetcher, to(faults, name, f"http://{host}:{canary.port}/"), now)
                assert fetched.state is State.REFUSED_ADDRESS
        assert (await poll(fetcher, to(faults, "to_target", "http://10.0.0.1/"), now)).state is State.REFUSED_ADDRESS
    assert canary.accepted == 0


async def test_the_body_of_a_redirect_is_not_read(faults: Faults, make_fetcher: Make, now: float) -> None:
    fetched = await poll(make_fetcher(), faults.url("redirect_with_endless_body"), now)
    assert (fetched.state, fetched.elapsed < 1) == (State.OK, True)


# --- TLS -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that the system trusts."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return authority


def secure(authority: trustme.CA, *names: str, **more: object) -> Faults:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, **more).configure_cert(context)  # type: ignore[arg-type]
    return Faults(context=context)


async def test_a_secure_feed_is_read(trusted: trustme.CA, make_fetcher: Make, now: float) -> None:
    with secure(trusted, "127.0.0.1") as server:
        fetcher = make_fetcher(ports=(server.port,))
        assert (await poll(fetcher, server.url(), now)).state is State.OK
        assert (await poll(fetcher, server.url("reset_in_body"), now)).state is State.NETWORK
        assert (await poll(fetcher, server.url("closed"), now)).state is State.NETWORK


async def test_the_first_poll_of_a_day_looks_at_the_certificate(
    trusted: trustme.CA, make_fetcher: Make, now: float
) -> None:
    end = datetime.fromtimestamp(now + 5 * 86400, UTC).replace(microsecond=0)
    with secure(trusted, "127.0.0.1", not_after=end) as server:
        fetcher, source = make_fetcher(ports=(server.port,)), Source(id="s", url=server.url())
        first = await fetcher.fetch(source, SourceState(source_id="s"), now=now)
        assert first.certificate is not None
        assert first.certificate[1] == end.timestamp()
        polled = SourceState(source_id="s", last_polled=now, etag=first.etag)
        assert (await fetcher.fetch(source, polled, now=now)).certificate is None
        again = await fetcher.fetch(source, polled, now=now + 86400)
        assert again.certificate == first.certificate


@pytest.mark.parametrize(
    ("names", "trust", "why"),
    [
        (("127.0.0.1",), False, "the certificate is not valid: unable to get local issuer"),
        (("news.example",), True, "the certificate is not valid: no alternative certificate subject name"),
    ],
)
async def test_a_wrong_certificate_is_refused(
    names: tuple[str, ...], trust: bool, why: str, trusted: trustme.CA, make_fetcher: Make, now: float
) -> None:
    with secure(trusted if trust else trustme.CA(), *names) as server:
        fetched = await poll(make_fetcher(ports=(server.port,)), server.url(), now)
        assert not server.requests
    assert fetched.state is State.TLS
    assert why in fetched.reason


async def test_what_is_not_tls_is_said_so(faults: Faults, trusted: trustme.CA, make_fetcher: Make, now: float) -> None:
    fetched = await poll(make_fetcher(), faults.url().replace("http:", "https:"), now)
    assert fetched.state is State.TLS
    assert "no secure connection" in fetched.reason
    with secure(trusted, "127.0.0.1") as server:
        plain = await poll(make_fetcher(ports=(server.port,)), server.url().replace("https:", "http:"), now)
    assert plain.state is State.NETWORK


async def test_secrets_do_not_leave_the_secure_form(
    trusted: trustme.CA, faults: Faults, make_fetcher: Make, now: float
) -> None:
    with secure(trusted, "127.0.0.1") as server:
        fetcher = make_fetcher(ports=(server.port, faults.port))
        fetched = await poll(fetcher, to(server, "to_target", faults.url()), now, headers=SECRETS)
    assert fetched.state is State.OK
    assert "planted" not in str(faults.requests[0].header_list)


def test_without_authorities_of_the_system_certifi_has_some(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: ssl.DefaultVerifyPaths(None, None, "", "", "", ""))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    ((option, file),) = transport.authorities()
    assert option == pycurl.CAINFO
    assert Path(file).read_text().count("BEGIN CERTIFICATE") > 50


# --- proxies ---------------------------------------------------------------------------------------------------------


async def test_a_source_is_polled_by_proxy(faults: Faults, make_fetcher: Make, now: float) -> None:
    with Proxy(password="ann:planted", names={"news.example": "127.0.0.1"}) as proxy:
        fetcher = make_fetcher(allow=("127.0.0.1",))
        url = f"http://news.example:{faults.port}/etag"
        fetched = await poll(fetcher, url, now, proxy=f"http://ann:planted@127.0.0.1:{proxy.port}", headers=SECRETS)
    assert (fetched.state, fetched.url) == (State.OK, url)
    assert proxy.asked[0][:2] == ("GET", url)
    assert "proxy-authorization" not in faults.requests[0].headers
    assert faults.requests[0].headers["host"] == f"news.example:{faults.port}"


async def test_the_network_may_have_a_proxy_for_all(faults: Faults, make_fetcher: Make, now: float) -> None:
    with Proxy(names={"news.example": "127.0.0.1"}) as proxy:
        fetcher = make_fetcher(proxy=f"http://127.0.0.1:{proxy.port}")
        assert (await poll(fetcher, f"http://news.example:{faults.port}/moved", now)).state is State.OK
    assert len(proxy.asked) == 3


async def test_a_secure_feed_goes_through_a_tunnel(trusted: trustme.CA, make_fetcher: Make, now: float) -> None:
    with secure(trusted, "news.example") as server, Proxy(names={"news.example": "127.0.0.1"}) as proxy:
        fetcher = make_fetcher(ports=(server.port,), proxy=f"http://127.0.0.1:{proxy.port}")
        fetched = await poll(fetcher, f"https://news.example:{server.port}/ok", now, headers=SECRETS)
        seen = server.requests
    assert fetched.state is State.OK
    assert seen[0].headers["x-key"] == "planted-3"
    assert proxy.asked[0][:2] == ("CONNECT", f"news.example:{server.port}")
    assert "planted" not in str(proxy.asked)


async def test_a_proxy_itself_is_guarded(faults: Faults, make_fetcher: Make, now: float) -> None:
    with Canary() as canary:
        fetcher = make_fetcher(allow=(), ports=(80, canary.port))
        for proxy in (
            f"http://127.0.0.1:{canary.port}",
            f"http://localhost:{canary.port}",
            f"http://[::1]:{canary.port}",
        ):
            for url in ("http://news.example/", "https://news.example/"):
                assert (await poll(fetcher, url, now, proxy=proxy)).state is State.REFUSED_ADDRESS
    assert canary.accepted == 0


async def test_a_proxy_is_not_sent_to_local_places(faults: Faults, make_fetcher: Make, now: float) -> None:
    with Proxy() as proxy:
        fetcher = make_fetcher(allow=(f"127.0.0.1:{proxy.port}",), proxy=f"http://127.0.0.1:{proxy.port}")
        for host in ("127.0.0.1", "localhost", "[::1]", "router", "db.internal", "127.1", "0x7f.1"):
            fetched = await poll(fetcher, f"http://{host}:{faults.port}/ok", now)
            assert fetched.state is State.REFUSED_ADDRESS, host
    assert not proxy.asked


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_what_goes_wrong_at_a_proxy_names_no_password(scheme: str, make_fetcher: Make, now: float) -> None:
    with Proxy(password="ann:right") as proxy:
        fetcher = make_fetcher()
        url = f"{scheme}://news.example/"
        wrong = await poll(fetcher, url, now, proxy=f"http://ann:planted@127.0.0.1:{proxy.port}")
    closed = await poll(fetcher, url, now, proxy=f"http://ann:planted@127.0.0.1:{proxy.port}")
    odd = await poll(fetcher, url, now, proxy="socks5://ann:planted@127.0.0.1:1")
    broken = await poll(fetcher, url, now, proxy="http://ann:planted@[::1")
    assert (wrong.state, closed.state) == (State.BLOCKED if scheme == "http" else State.NETWORK, State.NETWORK)
    for one in (wrong, closed, odd, broken):
        assert one.reason
        assert "planted" not in one.reason


# --- what libcurl would do by itself ---------------------------------------------------------------------------------


async def test_no_proxy_of_the_environment_is_used(
    faults: Faults, make_fetcher: Make, now: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    assert (await poll(make_fetcher(), faults.url(), now)).state is State.OK


async def test_the_environment_exempts_no_host_from_the_proxy(
    faults: Faults, make_fetcher: Make, now: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with Proxy(names={"news.example": "127.0.0.1"}) as proxy:
        fetcher = make_fetcher(allow=("127.0.0.1",))
        fetched = await poll(
            fetcher, f"http://news.example:{faults.port}/ok", now, proxy=f"http://127.0.0.1:{proxy.port}"
        )
    assert fetched.state is State.OK
    assert len(proxy.asked) == 1


@pytest.mark.parametrize("value", ["a\r\nX-Planted: 1", "a\nX-Planted: 1", "a\x00b", "a\rb"])
async def test_a_header_cannot_bring_another_one(faults: Faults, make_fetcher: Make, now: float, value: str) -> None:
    fetched = await poll(make_fetcher(), faults.url(), now, headers=(("X-Key", value),))
    assert (fetched.state, "cannot be sent" in fetched.reason) == (State.NETWORK, True)
    assert faults.requests == []


async def test_polls_leave_no_socket_open(faults: Faults, make_fetcher: Make, now: float) -> None:
    """libcurl gets a copy of each socket that we make; both must go."""
    fetcher = make_fetcher()
    await poll(fetcher, faults.url(), now)
    await asyncio.sleep(0.2)  # the server lives in this process and closes its own ends when it comes to that
    before = len(list(Path("/proc/self/fd").iterdir()))
    for name in ("ok", "reset", "closed", "endless", "found", "missing") * 5:
        await poll(fetcher, faults.url(name), now)
    await asyncio.sleep(0.5)
    assert len(list(Path("/proc/self/fd").iterdir())) < before + 5, "thirty polls leave nothing"


async def test_a_closed_fetcher_answers_whoever_waits(faults: Faults, make_fetcher: Make, now: float) -> None:
    fetcher = make_fetcher(deadline=20.0)
    waiting = asyncio.create_task(poll(fetcher, faults.url("slow_first_byte"), now))
    await asyncio.sleep(0.2)
    await fetcher.aclose()
    async with asyncio.timeout(2):
        assert (await waiting).state is State.NETWORK
