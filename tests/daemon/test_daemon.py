"""The daemon in this process, with a real socket for systemd's side and real signals."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import time_machine

from monitor.clock import SystemClock
from monitor.daemon.changes import Changes
from monitor.daemon.run import Daemon
from monitor.errors import UsageError
from monitor.metrics import Metrics
from monitor.notify import Notifier
from tests.daemon.standin import StandIn

TICK = 0.02


@dataclass
class World:
    """One daemon, its work, and what it told systemd."""

    folder: Path
    socket: socket.socket
    address: str
    watchdog: float | None = None
    metrics: Metrics = field(default_factory=Metrics)
    left: list[int] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    code: int | None = None

    def daemon(self, work: StandIn, *, stop_within: float = 2.0) -> Daemon:
        environ = {"NOTIFY_SOCKET": self.address}
        if self.watchdog is not None:
            environ["WATCHDOG_USEC"] = str(int(self.watchdog * 1_000_000))
        return Daemon(
            work,
            metrics=self.metrics,
            clock=SystemClock(),
            notifier=Notifier(environ),
            stop_within=stop_within,
            tick=TICK,
            tick_limit=0.2,
            changes=TICK,
            leave=self.left.append,
        )

    def heard(self) -> list[str]:
        """Everything told to systemd up to now."""
        while True:
            try:
                self.told.append(self.socket.recv(4096).decode())
            except BlockingIOError:
                return self.told

    async def until(self, holds: Callable[[], bool], *, within: float = 2.0) -> None:
        deadline = time.monotonic() + within
        while not holds():
            assert time.monotonic() < deadline, self.heard()
            await asyncio.sleep(0.01)

    @asynccontextmanager
    async def running(self, work: StandIn, **options: float) -> AsyncIterator[None]:
        """Run until READY, do what the test does, stop by SIGTERM."""
        task = asyncio.create_task(self.daemon(work, **options).main())
        await self.until(lambda: any("READY=1" in one for one in self.heard()) or task.done())
        yield
        os.kill(os.getpid(), signal.SIGTERM)
        self.code = await task


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "config.yaml").write_text("a: 1\n")
    time.sleep(0.01)  # the kernel's file times are a few milliseconds behind
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sock:
        address = f"@monitor-daemon-{os.getpid()}"
        sock.bind("\0" + address[1:])
        yield World(tmp_path, sock, address)


async def test_it_says_what_it_does_from_start_to_stop(world: World) -> None:
    work = StandIn(world.folder)
    async with world.running(work):
        await world.until(lambda: work.ticks >= 3)
        os.kill(os.getpid(), signal.SIGHUP)
        await world.until(lambda: "reload" in work.calls)
    told = [one.split("\n")[0].split("=")[0] for one in world.heard()]
    assert told == ["EXTEND_TIMEOUT_USEC", "READY", "STATUS", "RELOADING", "READY", "STOPPING", "EXTEND_TIMEOUT_USEC"]
    assert "STATUS=0 words" in world.told
    assert work.calls == ["start", "reload", "stop", "stopped"]
    assert world.code == 0
    assert world.left == []


async def test_the_watchdog_hears_of_good_ticks_only(world: World) -> None:
    world.watchdog = 0.15
    work = StandIn(world.folder)
    async with world.running(work):
        await asyncio.sleep(0.3)
        good = world.heard().count("WATCHDOG=1")
        work.ok = False
        await asyncio.sleep(0.05)
        world.heard()
        before = work.ticks
        await asyncio.sleep(0.2)
        assert world.heard().count("WATCHDOG=1") <= good + 1
        assert work.ticks > before, "it ticks on, and systemd is not told"
    assert 3 <= good <= 7, "about six thirds of the limit passed"


@pytest.mark.parametrize("word", ["raise", "hang"])
async def test_a_bad_tick_is_told_and_the_next_one_comes(world: World, word: str) -> None:
    work = StandIn(world.folder, frozenset({word}))
    async with world.running(work):
        await world.until(lambda: any("STATUS=the tick" in one for one in world.heard()))
        await world.until(lambda: work.ticks >= 5)
    assert world.metrics.snapshot.ok
    assert world.code == 0


async def test_a_refused_configuration_leaves_the_daemon_up(world: World) -> None:
    work = StandIn(world.folder)
    async with world.running(work):
        for answer in ("rules/a.yaml:3: no such term set", "a bug", ""):
            work.answer = answer
            before = len(work.calls)
            os.kill(os.getpid(), signal.SIGHUP)
            await world.until(lambda before=before: len(work.calls) > before)
            await asyncio.sleep(0.02)
            assert (b"config_last_reload_successful 0.0" in world.metrics.text()) == bool(answer)
    assert world.code == 0
    assert "".join(world.heard()).count("RELOADING=1") == 3


async def test_a_changed_file_is_read_once_it_is_left_alone(world: World) -> None:
    work = StandIn(world.folder, frozenset())
    async with world.running(work):
        for number in range(10):
            work.config.write_text(f"a: {number}\n")
            await asyncio.sleep(TICK / 4)
        await world.until(lambda: "reload" in work.calls)
        await asyncio.sleep(0.1)
        assert work.calls.count("reload") <= 2
        before = work.calls.count("reload")
        (world.folder / "new.yaml").write_text("b: 1\n")
        await world.until(lambda: work.calls.count("reload") > before)


async def test_a_file_changed_while_it_starts_is_read_again(world: World) -> None:
    work = StandIn(world.folder)
    original = work.start

    async def start_and_change(now: float) -> None:
        await original(now)
        await asyncio.sleep(0.02)
        work.config.write_text("a: 2\n")

    work.start = start_and_change  # type: ignore[method-assign]
    async with world.running(work):
        await world.until(lambda: "reload" in work.calls)


async def test_a_clock_set_back_is_told_to_the_work(world: World) -> None:
    work = StandIn(world.folder)
    with time_machine.travel(time.time(), tick=True) as traveller:
        async with world.running(work):
            traveller.shift(-3600)
            await world.until(lambda: "replan -3600" in work.calls)
            before = work.ticks
            await world.until(lambda: work.ticks > before)
    assert b"monitor_clock_steps_total 1.0" in world.metrics.text()


async def test_what_cannot_start_is_an_error_for_the_user(world: World) -> None:
    with pytest.raises(UsageError, match="nothing to run"):
        await world.daemon(StandIn(world.folder, frozenset({"no-start"}))).main()
    assert not any("READY" in one for one in world.heard())


async def test_a_signal_while_it_starts_ends_it(world: World) -> None:
    work = StandIn(world.folder, frozenset({"slow-start"}))
    task = asyncio.create_task(world.daemon(work).main())
    await world.until(lambda: "start" in work.calls)
    os.kill(os.getpid(), signal.SIGTERM)
    assert await asyncio.wait_for(task, 1) == 0
    assert work.calls == ["start"]


async def test_a_stop_that_takes_too_long_is_cut_off(world: World) -> None:
    work = StandIn(world.folder, frozenset({"slow-stop"}))
    began = time.monotonic()
    async with world.running(work, stop_within=0.3):
        pass
    assert world.code == 1
    assert time.monotonic() - began < 1


async def test_a_second_signal_ends_it_at_once(world: World) -> None:
    work = StandIn(world.folder, frozenset({"slow-stop"}))
    async with world.running(work, stop_within=30):
        os.kill(os.getpid(), signal.SIGINT)
        await world.until(lambda: "stop" in work.calls)
    assert world.left == [1]


def test_changes_sees_what_keeps_its_mtime(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("one")
    changes = Changes([file], since=time.time() + 60)
    assert not changes.settled()
    other = tmp_path / "b"
    other.write_text("two")
    os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    other.replace(file)
    assert [changes.settled(), changes.settled()] == [False, True]
    changes.about_to_read()
    assert not changes.settled()
    file.unlink()
    assert [changes.settled(), changes.settled()] == [False, True]
