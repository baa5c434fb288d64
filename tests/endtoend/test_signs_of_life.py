"""The real service: the ping goes out after a good tick only, and what is wrong reaches channels that work."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from monitor.config import load
from monitor.errors import StoreError
from monitor.service import Service, waiting
from tests.endtoend.conftest import RULES, SETTINGS, Loopback, rss


class Living:
    """A service on a folder, ticked by hand, with a server that is feed, channel and receiver of the ping."""

    def __init__(self, folder: Path, loopback: Loopback) -> None:
        self.folder, self.loopback = folder, loopback
        self.environ = {"PING": "secret-token"}
        self.loopback.pages["*"] = lambda _: (200, {}, b"OK")
        self.loopback.serve("/feed", rss([("1", "Nothing new", "-")]))
        self.now = time.time()
        (folder / "rules").mkdir()
        (folder / "rules" / "a.yaml").write_text(RULES)
        (folder / "sources.yaml").write_text(f"sources:\n  - {{id: feed, url: '{loopback.url('/feed')}'}}\n")
        self.settings()
        self.service = Service(lambda: load(folder), environ=self.environ)

    def settings(self, heartbeat: str = "", free: str = "1M") -> None:
        port = self.loopback.port
        base = SETTINGS.format(port=port).replace("free_space: 1M", f"free_space: {free}")
        ping = heartbeat or f"ping: 'http://127.0.0.1:{port}/ping/${{PING}}', every: 60s"
        (self.folder / "monitor.yaml").write_text(
            f"{base}channels: {{desk: {{url: 'json://127.0.0.1:{port}/desk'}}}}\nheartbeat: {{{ping}}}\n"
        )

    async def tick(self, after: float = 0.0) -> None:
        self.now += after
        await self.service.tick(self.now)

    def pings(self) -> list[str]:
        return [path for _, path, _, _ in list(self.loopback.requests) if path.startswith("/ping")]

    def titles(self) -> list[str]:
        return [str(one["title"]).removeprefix("monitor: ") for one in self.loopback.received()]


@pytest_asyncio.fixture
async def living(tmp_path: Path, loopback: Loopback) -> AsyncIterator[Living]:
    made = Living(tmp_path, loopback)
    await made.service.start(made.now)
    yield made
    await made.service.stop(5.0)


async def until(true: Callable[[], bool]) -> None:
    """Let the service's tasks go on until something holds; fail after ten seconds."""
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


async def test_a_good_tick_pings_and_not_more_often_than_it_shall(living: Living) -> None:
    await living.tick()
    await until(lambda: living.pings() == ["/ping/secret-token"])
    for _ in range(5):
        await living.tick(10)
    assert len(living.pings()) == 1
    await living.tick(15)
    await until(lambda: len(living.pings()) == 2)


async def test_an_ill_monitor_says_so_at_once_and_that_it_is_well_again(living: Living) -> None:
    await living.tick()
    await until(lambda: len(living.pings()) == 1)
    living.settings(free="999999G")
    assert await living.service.reload() == ""
    await living.tick(1)
    await until(lambda: living.pings()[-1] == "/ping/secret-token/fail")
    living.settings()
    assert await living.service.reload() == ""
    await living.tick(1)
    await until(lambda: living.pings()[-1] == "/ping/secret-token")
    await living.tick(1)
    assert len(living.pings()) == 3


async def test_a_tick_that_fails_does_not_say_that_all_is_well(living: Living) -> None:
    def broken(*_: object) -> None:
        raise StoreError("the database is locked")

    due, living.service.store.sources.due = living.service.store.sources.due, broken  # type: ignore[method-assign, assignment]
    for _ in range(3):
        with pytest.raises(StoreError):
            await living.tick(40)
    await until(lambda: "The database cannot be used" in living.titles())
    assert set(living.pings()) == {"/ping/secret-token/fail"}
    living.service.store.sources.due = due  # type: ignore[method-assign]
    await living.tick(1)
    await living.tick(1)
    await until(lambda: "Over: the database can be used again" in living.titles())
    await until(lambda: living.pings()[-1] == "/ping/secret-token")
    told = [title for title in living.titles() if "database" in title]
    assert told == ["The database cannot be used", "Over: the database can be used again"]


async def test_a_ping_that_is_not_answered_is_told_once_and_when_it_is_again(living: Living) -> None:
    living.loopback.pages["/ping/secret-token"] = lambda _: (500, {}, b"no")
    for number in range(5):
        await living.tick(70)
        await until(lambda number=number: len(living.pings()) == number + 1)
    await living.tick(1)
    await until(lambda: "The ping is not answered" in living.titles())
    assert "secret" not in str(living.loopback.received())
    del living.loopback.pages["/ping/secret-token"]
    await living.tick(70)
    await until(lambda: len(living.pings()) == 6)
    await until(lambda: not living.service.store.problems.current("ping"))
    await living.tick(1)
    await until(lambda: "Over: The ping is not answered" in living.titles())
    assert living.titles().count("The ping is not answered") == 1


async def test_a_secret_that_is_missing_is_said_and_stops_nothing_else(living: Living) -> None:
    living.environ.clear()
    assert await living.service.reload() == ""
    assert any("there is no ping" in one for one in living.service.troubles())
    await living.tick()
    assert living.pings() == []


async def test_a_source_that_is_gone_and_the_daily_line_reach_the_channel(living: Living) -> None:
    living.loopback.pages["/feed"] = lambda _: (410, {}, b"")
    await living.tick()
    await until(lambda: living.service.totals.polls == 1)
    await living.tick(60)
    await living.tick(1)
    await until(lambda: "Source feed is gone and no longer polled" in living.titles())
    queues = living.service.store.alerts.queue
    await until(lambda: not any(map(waiting, queues(living.now).values())))  # received, and known to be
    await living.tick(86400)
    await living.tick(1)
    line = "0 of 1 source well, 0 articles, 0 hits, 0 held, 1 problem"
    await until(lambda: line in living.titles())


async def test_a_pause_that_ended_while_the_monitor_was_off_is_over_at_its_start(living: Living) -> None:
    living.settings(free="999999G")
    assert await living.service.reload() == ""
    await living.tick()
    await living.tick(1)
    await until(lambda: living.titles() == ["The disk is nearly full: polling pauses"])
    await living.service.stop(5.0)
    living.settings()
    living.service = Service(lambda: load(living.folder), environ=living.environ)
    await living.service.start(living.now)
    await living.tick(1)
    await living.tick(1)
    await until(lambda: living.titles()[1:] == ["Over: The disk is nearly full: polling pauses"])
    assert living.service.store.problems.current() == []


async def test_a_clock_that_is_set_is_told_and_a_machine_that_slept_is_not(living: Living) -> None:
    living.service._slept -= 7200.0  # as if it had slept for two hours
    living.service.replan(living.now + 7200, 7200.0)
    await living.tick(7200)
    assert living.service.store.problems.current() == []
    living.service.replan(living.now - 3600, -3600.0)
    await living.tick(-3600)
    await living.tick(1)
    await until(lambda: living.titles() == ["This machine's clock jumped"])
    assert "by -3,600 seconds" in str(living.loopback.received())
