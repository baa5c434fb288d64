"""Which addresses are dialled: by table, by property, and at a listener that nobody may reach."""

import asyncio
import ipaddress
import socket
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.fetch import transport
from monitor.fetch.guard import DENIED, Allow, is_public, refusal, refusal_by_name, unwrapped
from monitor.fetch.target import BadUrl, redirected, shown, target
from monitor.model import Source, SourceState, State
from tests.fetch.conftest import Make
from tests.servers.faults import Canary, Faults

NONE = Allow()
V4, V6 = ipaddress.IPv4Address, ipaddress.IPv6Address
addresses4 = st.ip_addresses(v=4)
private4 = st.sampled_from(
    [
        "10.0.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "172.16.0.1",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
    ]
).map(V4)


def reason_against(work: Callable[[], object], kind: type[Exception]) -> str | None:
    """Return what an exception of this kind says, or None where there is none; any other one comes through."""
    try:
        work()
    except kind as error:
        return str(error)
    return None


def wrapped(inner: V4) -> list[str]:
    """Return the IPv6 addresses that lead to an IPv4 one, where something on the way unwraps them."""
    number = int(inner)
    return [
        f"::ffff:{inner}",
        f"::{inner}",
        str(V6((0x2002 << 112) | (number << 80) | 1)),
        str(V6((0x20010000 << 96) | (int(V4("8.8.8.8")) << 64) | (number ^ 0xFFFFFFFF))),
        str(V6((0x20010000 << 96) | (number << 64) | (int(V4("8.8.8.8")) ^ 0xFFFFFFFF))),
        str(V6(int(V6("64:ff9b::")) | number)),
        str(V6(int(V6("64:ff9b:1::")) | number)),
        f"::ffff:0:{inner}",
    ]


# --- the judgement ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.7", "192.88.99.1", "192.168.0.1", "198.18.0.1",
        "198.51.100.1", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1",
        "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1", "2001:db8::1", "2001:2::1",
        "3fff::1", "5f00::1", "64:ff9b:1::1", "::ffff:0:127.0.0.1", "4000::1", "localhost", "", "1.2.3", "1.2.3.4.5",
        "８.８.８.８",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused(address: str) -> None:
    assert refusal(address, allow=NONE, port=443)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "93.184.216.34",
        "2606:4700::1111",
        "2a00:1450:4001::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_what_is_public_may_be_dialled(address: str) -> None:
    assert refusal(address, allow=NONE, port=443) is None


@given(private4)
def test_no_wrapping_hides_a_private_address(inner: V4) -> None:
    for text in wrapped(inner):
        assert refusal(text, allow=NONE, port=80), text


@given(addresses4 | st.ip_addresses(v=6))
def test_what_any_list_calls_special_is_not_public(address: V4 | V6) -> None:
    inner = unwrapped(address)
    special = inner.is_private or inner.is_loopback or inner.is_link_local or inner.is_multicast or inner.is_unspecified
    listed = any(inner in network for network in DENIED if network.version == inner.version)
    if special or listed:
        assert not is_public(address)
    assert (refusal(str(address), allow=NONE, port=80) is None) == is_public(address)


@given(addresses4, st.integers(1, 65535))
def test_an_exception_opens_exactly_what_it_names(address: V4, port: int) -> None:
    allow = Allow.parse([f"{address}:{port}"])
    assert refusal(str(address), allow=allow, port=port) is None
    assert allow.names_port("", str(address), port)
    other = port % 65535 + 1
    assert not allow.permits("", str(address), other)
    assert not allow.permits("", str(address + 1 if address != V4("255.255.255.255") else address - 1), port)


def test_the_forms_of_exceptions() -> None:
    allow = Allow.parse(["Mail.LAN.", "10.1.0.0/16:8080", "fd00::/8", "[fd01::5]:9000", "bücher.lan", "127.0.0.1:81"])
    assert allow.permits("mail.lan", "192.168.0.9", 25)
    assert allow.permits("MAIL.lan.", "fd00::1", 25)
    assert allow.permits("", "10.1.2.3", 8080)
    assert not allow.permits("", "10.1.2.3", 80)
    assert not allow.permits("", "10.2.0.1", 8080)
    assert allow.permits("", "fd77::1", 1)
    assert allow.names_port("", "fd01::5", 9000)
    assert allow.permits("xn--bcher-kva.lan", "10.0.0.1", 80)
    assert not allow.permits("evil.mail.lan", "10.0.0.1", 25)


@pytest.mark.parametrize(
    "item",
    [
        "",
        ":",
        "x/y",
        "10.0.0.0/99",
        "host:0",
        "host:70000",
        "host:８０",
        "[::1",
        "[::1]80",
        "a b",
        "http://x",
        "1.2.3.999",
        "a..b",
    ],
)
def test_a_wrong_exception_is_refused_in_words(item: str) -> None:
    with pytest.raises(ValueError, match=r"neither|port|brackets|host name"):
        Allow.parse([item])


@given(st.text(max_size=40))
def test_no_exception_raises_anything_but_a_reason(item: str) -> None:
    assert reason_against(lambda: Allow.parse([item]), ValueError) != ""


def test_a_reason_says_how_to_allow_it() -> None:
    reason = refusal("10.0.0.7", allow=NONE, host="wiki.example", port=80) or ""
    assert "wiki.example (10.0.0.7) is not a public address" in reason
    assert "add wiki.example to network.allow" in reason
    assert "add 10.0.0.7:8025 to network.allow" in str(refusal("10.0.0.7", allow=NONE, port=8025))
    assert "add [fd00::7]:8025 to network.allow" in str(refusal("fd00::7", allow=NONE, port=8025))
    assert refusal("10.0.0.7", allow=Allow.parse(["wiki.example"]), host="wiki.example", port=80) is None
    reason = refusal("8.8.8.8", allow=NONE, host="x.example", port=22, ports={80}) or ""
    assert "port 22" in reason
    assert "x.example:22" in reason
    assert refusal("8.8.8.8", allow=Allow.parse(["x.example:22"]), host="x.example", port=22, ports={80}) is None
    assert refusal("8.8.8.8", allow=Allow.parse(["x.example"]), host="x.example", port=22, ports={80})


@pytest.mark.parametrize(
    "host",
    ["localhost", "router", "db.internal", "printer.local", "10.0.0.1", "::1", "127.1", "0x7f000001", "x.home.arpa"],
)
def test_what_a_proxy_may_not_be_asked_for(host: str) -> None:
    assert refusal_by_name(host, allow=NONE, port=80, ports={80})
    if host[0].isalpha():
        assert refusal_by_name(host, allow=Allow.parse([host]), port=80, ports={80}) is None
    assert refusal_by_name("news.example", allow=NONE, port=80, ports={80}) is None
    assert refusal_by_name("news.example", allow=NONE, port=25, ports={80})


# --- addresses as text -----------------------------------------------------------------------------------------------


@given(st.text(max_size=60))
@example("http://a\\@b/")
@example("http://[::1")
@example("http://a:99999/")
@example("http://\u2488.example/")
@example("//x")
def test_any_text_is_an_address_or_says_why_not(text: str) -> None:
    for whole in (text, "http://" + text, "https://a.example/" + text):
        if reason_against(lambda whole=whole: target(whole), BadUrl) is None:
            found = target(whole)
            assert found.host
            assert found.host.isascii()
            assert 0 < found.port < 65536
            assert "@" not in found.url.netloc.decode()


def test_what_an_address_is_read_as() -> None:
    found = target(" https://Ann:p%40ss@Bücher.Example:8443/päth?q=ö#part ")
    assert (found.scheme, found.host, found.port) == ("https", "xn--bcher-kva.example", 8443)
    assert str(found) == "https://xn--bcher-kva.example:8443/p%C3%A4th?q=%C3%B6"
    assert found.authorization == "Basic QW5uOnBAc3M="
    assert target("http://[::1]/").host == "::1"


@pytest.mark.parametrize(
    ("location", "goes_to"),
    [
        ("/b", "https://a.example/b"),
        ("b", "https://a.example/x/b"),
        ("//c.example/d", "https://c.example/d"),
        ("http://c.example/d#e", "http://c.example/d"),
        ("?q=1", "https://a.example/x/y?q=1"),
        ("/wide name", "https://a.example/wide%20name"),
        ("", "https://a.example/x/y"),
    ],
)
def test_where_a_redirect_leads(location: str, goes_to: str) -> None:
    assert str(redirected(target("https://a.example/x/y"), location)) == goes_to


def test_a_message_shows_no_password() -> None:
    assert shown("http://ann:secret@host/x") == "http://host/x"
    assert "\n" not in shown("http://a\nb/")


# --- at the listener -------------------------------------------------------------------------------------------------

HOSTS = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "017700000001", "0177.0.0.1",
    "0177.1", "127.000.000.001", "0", "0.0.0.0", "127.0.0.1.", "127.127.127.127", "localhost", "LOCALHOST",
    "localhost.",
    "localhost.localdomain", "ip6-localhost", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[::7f00:1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
    "[2002:7f00:1::1]", "[2001:0:7f00:1::]", "[2001:0:808:808::80ff:fffe]", "[fe80::1]", "[::1%25lo]",
    "[::ffff:0:127.0.0.1]", "１２７.０.０.１", "127。0。0。1", "①②⑦.0.0.1", "ⓛocalhost", "ｌｏｃａｌｈｏｓｔ",
    "127.0.0.1%00.example.com", "127.0.0.1%2e", "%31%32%37.0.0.1", "127%2e0%2e0%2e1",
]  # fmt: skip
WHOLE = [
    "http://good.example@{here}/", "http://good.example:80@{here}/", "http://{here}@good.invalid/",
    "http://{here}\\@good.invalid/", "http:\\\\{here}\\", "http:/{here}/", "http:{here}", "//{here}/", "{here}",
    "HTTP://{here}/", "hTTp://{here}/x", "http://\t{here}/", "http://{here}\t/", "http://\n{here}/", "ht\ntp://{here}/",
    "http://{here}#@good.invalid/", "http://{here}?@good.invalid/", "http://{here};@good.invalid/", "https://{here}/",
    "ftp://{here}/", "file:///etc/passwd", "file://{here}/etc/passwd", "gopher://{here}/_x", "dict://{here}/info",
    "data:text/xml,<rss/>", "jar:http://{here}!/", "unix:///run/x.sock", "http+unix://%2frun%2fx/", "ws://{here}/",
    "feed://{here}/", "feed:http://{here}/", "javascript:1", "http://user:pw@{here}/", "http://:@{here}/",
    "http://@{here}/", "http://{here}:80/", " http://{here}/ ", "http:// {here}/",
]  # fmt: skip
FORMS = [f"http://{host}:{{port}}/" for host in HOSTS] + [one.replace("{here}", "127.0.0.1:{port}") for one in WHOLE]


def test_there_are_at_least_sixty_forms() -> None:
    assert len(set(FORMS)) >= 60


async def test_no_form_reaches_an_internal_listener(make_fetcher: Make, faults: Faults, now: float) -> None:
    """Polls, learnt addresses, pages and redirects: the listener counts, though its port is on the list of ports."""
    with Canary() as canary:
        fetcher = make_fetcher(allow=(), ports=(80, 443, canary.port))
        guide = make_fetcher(allow=(faults.address,), ports=(80, 443, canary.port))

        async def attack(url: str) -> set[State]:
            source, learnt = Source(id="x", url=url), SourceState(source_id="x", url=url)
            direct = [
                await fetcher.fetch(source, SourceState(source_id="x"), now=now),
                await fetcher.fetch(Source(id="x", url="http://a.invalid/"), learnt, now=now),
                await fetcher.get(url, now=now),
            ]
            away = await guide.get(faults.url("to_target") + "?target=" + _escaped(url), now=now)
            assert away.state is not State.OK or away.url.startswith(f"http://{faults.address}/"), url
            assert all(one.reason for one in direct), url
            return {one.state for one in direct}

        states = await asyncio.gather(*(attack(form.replace("{port}", str(canary.port))) for form in FORMS))
    assert canary.accepted == 0
    assert set().union(*states) <= {State.REFUSED_ADDRESS, State.DNS, State.NETWORK, State.TIMEOUT}
    assert sum(State.REFUSED_ADDRESS in one for one in states) > len(FORMS) * 0.8


def _escaped(url: str) -> str:
    return "".join(f"%{byte:02x}" for byte in url.encode().decode("latin-1").encode())


async def test_ipv6_loopback_is_refused_too(make_fetcher: Make, now: float) -> None:
    try:
        canary = Canary("::1")
    except OSError:
        pytest.skip("there is no IPv6 here")
    with canary:
        fetcher = make_fetcher(allow=(), ports=(canary.port,))
        fetched = await fetcher.get(f"http://[::1]:{canary.port}/", now=now)
    assert fetched.state is State.REFUSED_ADDRESS
    assert canary.accepted == 0


async def test_a_name_that_changes_its_answer_is_judged_where_it_is_dialled(
    make_fetcher: Make, now: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: the first answer is public, the next ones are not; only judged answers are dialled."""
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1", "127.0.0.1"])
    asked: list[str] = []
    dialled: list[str] = []

    def getaddrinfo(host: str, port: object, *_: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 0))]

    def open_socket(_: object, address: tuple[str, int]) -> None:
        dialled.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(transport, "open_socket", open_socket)
    fetcher = make_fetcher(allow=())
    assert (await fetcher.get("http://rebinding.example/", now=now)).state is State.NETWORK
    assert (asked, dialled) == (["rebinding.example"], ["93.184.216.34"])


async def test_one_private_answer_among_public_ones_refuses_the_name(
    make_fetcher: Make, now: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, 1, 6, "", (address, 0)) for address in ("93.184.216.34", "192.168.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)
    fetched = await make_fetcher(allow=()).get("http://mixed.example/", now=now)
    assert fetched.state is State.REFUSED_ADDRESS
    assert "mixed.example (192.168.0.1)" in fetched.reason


async def test_a_name_can_be_allowed(make_fetcher: Make, faults: Faults, now: float) -> None:
    url = f"http://localhost:{faults.port}/ok"
    assert (await make_fetcher(allow=()).get(url, now=now)).state is State.REFUSED_ADDRESS
    assert (await make_fetcher(allow=("localhost",)).get(url, now=now)).state is State.OK
    assert (await make_fetcher(allow=("localhost",)).get(faults.url(), now=now)).state is State.REFUSED_ADDRESS


async def test_ports_have_a_list_of_their_own(make_fetcher: Make, faults: Faults, now: float) -> None:
    for allow in (("127.0.0.1",), ("localhost",)):
        fetched = await make_fetcher(allow=allow, ports=(80,)).get(f"http://localhost:{faults.port}/ok", now=now)
        assert (fetched.state, "network.ports" in fetched.reason) == (State.REFUSED_ADDRESS, True)
    for allow in ((f"127.0.0.0/8:{faults.port}",), (f"localhost:{faults.port}",)):
        fetched = await make_fetcher(allow=allow, ports=(80,)).get(f"http://localhost:{faults.port}/ok", now=now)
        assert fetched.state is State.OK
