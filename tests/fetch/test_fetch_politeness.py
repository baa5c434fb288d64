"""What a server sees of us: scored at the server, with its own clock."""

import asyncio
import socket
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from monitor.fetch import schedule
from monitor.fetch.politeness import Hosts
from monitor.fetch.resolver import Resolver
from monitor.model import Fetched, Parsed, Source, SourceState, State
from monitor.settings import Polling
from tests.fetch.conftest import Make
from tests.servers.faults import MENU, Faults, Seen, Talk, feed

GAP = 0.03


def source(number: int, url: str, **more: object) -> Source:
    return Source(id=f"s{number}", url=url, **more)  # type: ignore[arg-type]


def gaps(requests: list[Seen]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(one.at for one in requests)]


async def test_one_connection_a_host_with_a_pause(faults: Faults, make_fetcher: Make, now: float) -> None:
    fetcher = make_fetcher(gap=GAP)
    polls = [fetcher.fetch(source(n, faults.url(f"ok/{n}")), SourceState(source_id=f"s{n}"), now=now) for n in range(8)]
    assert {one.state for one in await asyncio.gather(*polls)} == {State.OK}
    assert faults.most_at_once <= 1
    assert min(gaps(faults.requests)) >= GAP


async def test_a_pause_follows_a_failed_poll_too(faults: Faults, make_fetcher: Make, now: float) -> None:
    fetcher = make_fetcher(gap=GAP)
    for name in ("reset", "missing", "drip_header", "ok"):
        short = asyncio.wait_for(fetcher.fetch(source(1, faults.url(name)), SourceState(source_id="s1"), now=now), 0.1)
        await asyncio.gather(short, return_exceptions=True)
    assert len(faults.requests) == 4
    assert min(gaps(faults.requests)) >= GAP


@pytest.fixture
def keeping() -> Iterator[Faults]:
    """A server that keeps connections open."""
    with Faults(keep_alive=True) as server:
        yield server


async def test_who_waits_for_a_host_takes_its_connection_over(keeping: Faults, make_fetcher: Make, now: float) -> None:
    """The first sees nobody who waits yet, and the last one closes it: nobody comes again for minutes."""
    fetcher = make_fetcher(ports=(keeping.port,), gap=GAP)
    urls = [keeping.url(f"{name}/{n}") for n, name in enumerate(("ok", "etag", "max_age", "gzipped", "moved_on", "ok"))]
    polls = [fetcher.fetch(source(n, url), SourceState(source_id=f"s{n}"), now=now) for n, url in enumerate(urls)]
    await asyncio.gather(*polls)
    assert keeping.most_at_once == 1
    assert [one.connection for one in keeping.requests] == [1] + 6 * [2]
    assert keeping.requests[-1].headers["connection"] == "close"
    await asyncio.sleep(0.05)
    assert keeping.open_now == 0


async def test_a_connection_that_the_server_gave_up_is_no_failure(
    keeping: Faults, make_fetcher: Make, now: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks_off_when_used_again(talk: Talk) -> None:
        if sum(one.connection == talk.request.connection for one in keeping.requests) == 1:
            await talk.answer(body=feed())

    monkeypatch.setitem(MENU, "fickle", breaks_off_when_used_again)
    fetcher = make_fetcher(ports=(keeping.port,))
    polls = [fetcher.fetch(source(n, keeping.url("fickle")), SourceState(source_id="s"), now=now) for n in range(5)]
    assert {one.state for one in await asyncio.gather(*polls)} == {State.OK}


async def test_redirects_on_one_host_need_no_pause_and_others_wait(
    faults: Faults, make_fetcher: Make, now: float
) -> None:
    with Faults(host="127.0.0.2") as target:
        fetcher = make_fetcher(allow=("127.0.0.0/8",), ports=(faults.port, target.port), gap=GAP)
        urls = [f"{faults.url('to_target')}/{n}?target={target.url()}/{n}" for n in range(4)]
        urls += [f"{target.url('ok')}/direct{n}" for n in range(4)]
        polls = [fetcher.fetch(source(n, url), SourceState(source_id=f"s{n}"), now=now) for n, url in enumerate(urls)]
        assert {one.state for one in await asyncio.gather(*polls)} == {State.OK}
        assert target.most_at_once <= 1
        assert min(gaps(target.requests)) >= GAP
        faults.requests.clear()
        await fetcher.fetch(source(9, faults.url("moved")), SourceState(source_id="s9"), now=now)
        assert max(gaps(faults.requests)) < GAP


async def test_the_wait_for_a_turn_is_not_part_of_the_deadline(faults: Faults, make_fetcher: Make, now: float) -> None:
    fetcher = make_fetcher(deadline=0.25, gap=0.0)
    url = faults.url("slow_first_byte") + "?seconds=0.1"
    polls = [fetcher.fetch(source(n, url), SourceState(source_id=f"s{n}"), now=now) for n in range(4)]
    done = await asyncio.gather(*polls)
    assert {one.state for one in done} == {State.OK}
    assert max(one.elapsed for one in done) < 0.25


async def test_polls_in_all_are_bounded(now: float) -> None:
    hosts, under_way, most = Hosts(concurrency=4, gap=0, patience=10), 0, 0

    async def one(host: str) -> None:
        nonlocal under_way, most
        async with hosts.slot(host):
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.002)
            under_way -= 1

    await asyncio.gather(*(one(f"host{n}") for n in range(40)))
    assert most == 4


async def test_slow_hosts_do_not_hold_up_quick_ones() -> None:
    hosts = Hosts(concurrency=4, gap=0, patience=0.02)
    slow_under_way = most = 0

    async def slow(host: str) -> None:
        nonlocal slow_under_way, most
        async with hosts.slot(host):
            slow_under_way += 1
            most = max(most, slow_under_way)
            await asyncio.sleep(0.3)
            slow_under_way -= 1

    stuck = [asyncio.create_task(slow(f"slow{n}")) for n in range(12)]
    await asyncio.sleep(0.1)
    begun = time.monotonic()
    for n in range(20):
        async with hosts.slot(f"quick{n}"):
            pass
    assert time.monotonic() - begun < 0.2
    assert most == 12
    await asyncio.gather(*stuck)
    async with hosts.slot("slow0"):
        assert hosts._places._slow == 12
        assert hosts._places._quick._value == 3


async def test_slow_polls_are_bounded_too() -> None:
    hosts, most, under_way = Hosts(concurrency=2, gap=0, patience=0.01), 0, 0

    async def slow(host: str) -> None:
        nonlocal most, under_way
        async with hosts.slot(host):
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.1)
            under_way -= 1

    await asyncio.gather(*(slow(f"host{n}") for n in range(20)))
    assert most == 2 + 3 * 2


async def test_nothing_is_remembered_of_hosts_that_are_done() -> None:
    hosts = Hosts(concurrency=4, gap=0.001)
    for n in range(2000):
        async with hosts.slot(f"host{n}"):
            pass
    assert not hosts._locks
    assert not hosts._waiting
    assert len(hosts._free_at) < 600


async def test_a_cancelled_wait_leaves_the_host_free() -> None:
    hosts = Hosts(concurrency=1, gap=0)

    async def hold() -> None:
        async with hosts.slot("a"):
            await asyncio.sleep(10)

    tasks = [asyncio.create_task(hold()) for _ in range(3)]
    await asyncio.sleep(0)
    assert not hosts.ready("a")
    assert hosts.ready("b")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert hosts.ready("a")
    async with hosts.slot("a"):
        pass


async def test_a_fetcher_tells_which_sources_could_be_polled_at_once(
    faults: Faults, make_fetcher: Make, now: float
) -> None:
    fetcher, state = make_fetcher(gap=0.2), SourceState(source_id="s1")
    assert fetcher.ready(source(1, faults.url()), state)
    await fetcher.fetch(source(1, faults.url()), state, now=now)
    assert not fetcher.ready(source(2, faults.url("other")), SourceState(source_id="s2"))
    assert fetcher.ready(source(1, faults.url()), SourceState(source_id="s1", url="http://elsewhere.example/"))
    assert fetcher.ready(source(3, "nonsense"), state)


# --- over many polls -------------------------------------------------------------------------------------------------


class Reader:
    """One source over days of its own clock: polls when it is due, and keeps what it is to keep."""

    def __init__(self, url: str, start: float) -> None:
        self.source, self.now = Source(id="s", url=url), start
        self.state = SourceState(source_id="s", next_due=start)
        self.times: list[float] = []

    def take(self, fetched: Fetched) -> None:
        read = Parsed(state=State.OK, format="rss20") if fetched.state is State.OK else None
        self.state = schedule.after(
            self.state, source=self.source, fetched=fetched, parsed=read, new_entries=0, newest=None,
            polling=Polling(), now=self.now, spread=0.0,
        )  # fmt: skip
        self.times.append(self.now)
        self.now = self.state.next_due


@pytest.mark.parametrize(
    ("name", "least"),
    [("busy", 7200), ("busy_until", 7190), ("unavailable", 600), ("max_age", 1800), ("etag", 300), ("forbidden", 300)],
)
async def test_a_server_is_asked_no_sooner_than_it_said(
    name: str, least: float, faults: Faults, make_fetcher: Make, now: float
) -> None:
    fetcher, reader = make_fetcher(), Reader(faults.url(name), now)
    for _ in range(6):
        reader.take(await fetcher.fetch(reader.source, reader.state, now=time.time()))
    between = [later - earlier for earlier, later in pairwise(reader.times)]
    assert min(between) >= least


async def test_no_request_is_unconditional_but_the_first(faults: Faults, make_fetcher: Make, now: float) -> None:
    fetcher, reader = make_fetcher(), Reader(faults.url("etag"), now)
    for number in range(8):
        if number == 4:  # a bad day in between changes nothing
            reader.take(await fetcher.fetch(Source(id="s", url=faults.url("reset")), reader.state, now=now))
            reader.take(await fetcher.fetch(Source(id="s", url=faults.url("missing")), reader.state, now=now))
        reader.take(await fetcher.fetch(reader.source, reader.state, now=now))
    conditional = ["if-none-match" in one.headers and "if-modified-since" in one.headers for one in faults.seen("etag")]
    assert conditional == [False] + 7 * [True]
    assert reader.state.state is State.UNCHANGED


async def test_what_is_gone_is_not_asked_again(faults: Faults, make_fetcher: Make, now: float) -> None:
    fetcher, reader = make_fetcher(), Reader(faults.url("gone"), now)
    reader.take(await fetcher.fetch(reader.source, reader.state, now=now))
    assert reader.state.state is State.GONE
    assert reader.now - now > 9 * 365 * 86400


async def test_a_move_is_believed_the_third_time(faults: Faults, make_fetcher: Make, now: float) -> None:
    fetcher, reader = make_fetcher(), Reader(faults.url("moved"), now)
    for _ in range(5):
        reader.take(await fetcher.fetch(reader.source, reader.state, now=now))
    assert reader.state.url == faults.url("ok/moved")
    assert len(faults.seen("moved")) == 3
    assert len(faults.requests) == 3 * 3 + 2


# --- name service ----------------------------------------------------------------------------------------------------


def anything_goes(address: str, host: str, port: int, ports: object) -> None: ...


async def test_a_hanging_resolver_holds_up_only_its_own_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred names whose look-up hangs; one more, asked at the same time, must be answered."""

    def getaddrinfo(host: str, *_: object) -> list[object]:
        if host.startswith("hang"):
            time.sleep(0.6)
        return [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    resolver, begun = Resolver(anything_goes, limit=0.05), time.monotonic()
    hanging = [asyncio.create_task(resolver.resolve(f"hang{n}.example")) for n in range(100)]
    assert await resolver.resolve("good.example", 443) == ["93.184.216.34"]
    assert time.monotonic() - begun < 0.5
    failed = await asyncio.gather(*hanging, return_exceptions=True)
    assert all(isinstance(one, socket.gaierror) for one in failed)
    assert "no answer within" in str(failed[0])


async def test_answers_and_failures_are_remembered_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def getaddrinfo(host: str, *_: object) -> list[object]:
        asked.append(host)
        if host == "none.example":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 0))] * 2

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    resolver = Resolver(anything_goes)
    for port in (80, 443):
        assert await resolver.resolve("some.example", port) == ["93.184.216.34"]
        with pytest.raises(socket.gaierror, match="not known"):
            await resolver.resolve("none.example", port)
    assert asked == ["some.example", "none.example"]


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "a..b", "\x00", "ä" * 64])
async def test_a_name_that_is_none_does_not_resolve(host: str) -> None:
    with pytest.raises(OSError, match=r"."):
        await Resolver(anything_goes).resolve(host)


# --- in bad company --------------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_two_hundred_dripping_hosts_beside_fifty_good_ones(
    faults: Faults, make_fetcher: Make, now: float
) -> None:
    """All are due at once, the slow ones first; the good ones must not wait for the deadlines of the slow ones."""
    with Faults(host="0.0.0.0") as server:
        fetcher = make_fetcher(allow=("127.0.0.0/8",), ports=(server.port,), deadline=20.0, concurrency=48)
        begun = time.monotonic()
        late: list[float] = []

        async def one(number: int, name: str) -> None:
            url = server.url(name, host=f"127.0.{1 + number // 200}.{1 + number % 200}")
            fetched = await fetcher.fetch(source(number, url), SourceState(source_id=f"s{number}"), now=now)
            if name == "ok":
                assert fetched.state is State.OK
                late.append(time.monotonic() - begun)

        slow = [asyncio.create_task(one(number, "drip_body")) for number in range(200)]
        await asyncio.gather(*(one(200 + number, "ok") for number in range(50)))
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
    assert sorted(late)[int(0.95 * len(late))] < 60
    print(f"the last good one after {max(late):.1f} s")
