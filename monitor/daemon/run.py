"""EDGE: signals, reload, the service manager's questions and a clean stop; it decides nothing about the work itself.

Exit codes: 0 after a clean stop on SIGTERM or SIGINT; 1 when something did not end in time, a second signal came, or
the start failed in a way that nobody foresaw. Errors that a user can mend leave `run` as a MonitorError.
"""

import asyncio
import faulthandler
import logging
import os
import signal
import threading
from collections.abc import Callable, Mapping

from monitor.clock import Clock, SystemClock
from monitor.daemon.changes import Changes
from monitor.daemon.pacemaker import Pacemaker
from monitor.daemon.work import Health, Work
from monitor.errors import MonitorError
from monitor.metrics import Metrics, listen
from monitor.notify import Notifier

TICK = 1.0  # seconds between two ticks
TICK_LIMIT = 25.0  # seconds that one tick may take; well below the watchdog's 90
CHANGES = 5.0  # seconds between two looks at the configuration files
ALIVE = 86400.0  # seconds between two lines in the log that say that all is well
STOP = 10.0  # seconds from the signal to the end of the process
EXTEND = 60.0  # seconds that a long start (a migration) asks for, again and again
EXTEND_AT_MOST = 60  # times; then systemd decides
log = logging.getLogger("monitor.daemon")


def run(
    work: Work,
    *,
    metrics: Metrics,
    address: str = "",
    clock: Clock | None = None,
    environ: Mapping[str, str] | None = None,
    stop_within: float = STOP,
    leave: Callable[[int], None] = os._exit,
) -> int:
    """Run the work until a signal ends it, and return the exit code; the caller then has nothing to do but to exit.

    `address` is where /metrics and /health are served; "" = nowhere. `leave` ends the process `stop_within` seconds
    after the signal, if it still lives then: threads that hang in the network or on the disk hold nothing up.
    Raises MonitorError where the work cannot start or the address cannot be used.
    """
    faulthandler.enable()  # the watchdog's SIGABRT then shows in the log where every thread hung
    daemon = Daemon(
        work,
        metrics=metrics,
        clock=clock or SystemClock(),
        notifier=Notifier(os.environ if environ is None else environ),
        stop_within=stop_within,
        leave=leave,
    )
    server = listen(metrics, address) if address else None
    try:
        return asyncio.run(daemon.main())
    finally:
        if server:
            server.close()


class Daemon:
    """One run of the work, from start to stop."""

    def __init__(
        self,
        work: Work,
        *,
        metrics: Metrics,
        clock: Clock,
        notifier: Notifier,
        stop_within: float = STOP,
        tick: float = TICK,
        tick_limit: float = TICK_LIMIT,
        changes: float = CHANGES,
        leave: Callable[[int], None] = os._exit,
    ) -> None:
        """Take what it works with; nothing happens before `main`."""
        self._work = work
        self._metrics = metrics
        self._clock = clock
        self._notifier = notifier
        self._stop_within = stop_within
        self._tick_seconds = tick
        self._tick_limit = tick_limit
        self._changes_seconds = changes
        self._leave = leave
        self._signals = 0
        self._code = 1  # until the work has come to its end
        self._changes: Changes | None = None  # None = not started yet
        self._stop = asyncio.Event()
        self._at_once = asyncio.Event()
        self._reloading = asyncio.Lock()
        self._ticking = asyncio.Lock()
        self._reload_wanted = False
        self._status = ""
        self._fed = float("-inf")  # monotonic: when the watchdog was last told
        self._tasks: set[asyncio.Task[None]] = set()

    # --- life ---------------------------------------------------------------------------------------------------------

    async def main(self) -> int:
        """Start, run until a signal, stop; return the exit code."""
        self._listen_to_signals()
        began = self._clock.wall()
        if not await self._start():
            return 0 if self._signals else 1  # nothing has begun that would have to finish
        self._changes = Changes(self._work.watched(), since=began)
        pacemaker = self._pacemaker()
        self._notifier.ready(self._health().status)
        log.info("ready: %s", self._health().status)
        pacemaker.start()
        if self._reload_wanted:
            self._reload_wanted = False
            self._on_hangup()
        await self._stop.wait()
        pacemaker.pause()
        self._code = await self._end()
        pacemaker.stop()
        return self._code

    def _pacemaker(self) -> Pacemaker:
        pacemaker = Pacemaker(clock=self._clock, stepped=self._stepped)
        pacemaker.every(self._tick_seconds, "tick", self._tick)
        pacemaker.every(self._changes_seconds, "changes", self._look_for_changes)
        pacemaker.every(ALIVE, "alive", self._say_alive)
        return pacemaker

    async def _start(self) -> bool:
        """Start the work while asking systemd for patience; return whether it runs."""
        start = asyncio.ensure_future(self._work.start(self._clock.wall()))
        stop = asyncio.ensure_future(self._stop.wait())
        for _ in range(EXTEND_AT_MOST):
            self._notifier.extend(EXTEND)
            await asyncio.wait({start, stop}, timeout=EXTEND / 4, return_when=asyncio.FIRST_COMPLETED)
            if start.done() or stop.done():
                break
        else:
            await asyncio.wait({start, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not start.done():
            start.cancel()
        return await self._started(start)

    async def _started(self, start: asyncio.Future[None]) -> bool:
        try:
            await start
        except asyncio.CancelledError:
            return False
        except MonitorError:
            self._notifier.stopping()
            raise
        except Exception:
            log.exception("the start failed")
            return False
        return True

    async def _end(self) -> int:
        """Let the work finish; after the time is over, or at a second signal, go without it."""
        self._notifier.stopping()
        self._notifier.extend(self._stop_within + 5)
        log.info("stopping: sends and transactions finish")
        if await self._finish():
            log.info("stopped")
            return 0
        log.error("stopped before everything was finished; what was queued is in the database and goes on at the start")
        if self._at_once.is_set():
            self._leave(1)
        return 1

    async def _finish(self) -> bool:
        """Return whether the work came to its end."""
        within = self._stop_within * 0.8
        finish = asyncio.ensure_future(self._stop_work(within))
        second = asyncio.ensure_future(self._at_once.wait())
        await asyncio.wait({finish, second}, timeout=self._stop_within * 0.9, return_when=asyncio.FIRST_COMPLETED)
        second.cancel()
        if not finish.done():
            finish.cancel()
            return False
        if error := finish.exception():
            log.error("while stopping: %s", error, exc_info=error)
        return error is None

    async def _stop_work(self, within: float) -> None:
        async with self._reloading, self._ticking:  # a reload or a tick that has begun may end
            await self._work.stop(within)

    # --- signals ------------------------------------------------------------------------------------------------------

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_stop_signal, number)
        loop.add_signal_handler(signal.SIGHUP, self._on_hangup)

    def _on_stop_signal(self, number: signal.Signals) -> None:
        self._signals += 1
        log.info("%s received", number.name)
        if self._signals == 1:
            last_resort = threading.Timer(self._stop_within, lambda: self._leave(self._code))
            last_resort.daemon = True
            last_resort.start()
        (self._stop if self._signals == 1 else self._at_once).set()

    def _on_hangup(self) -> None:
        if self._stop.is_set():
            return
        if self._changes is None:
            self._reload_wanted = True  # `main` sees to it when the start is over
            return
        task = asyncio.create_task(self._reload("SIGHUP"), name="reload")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- jobs ---------------------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        """Let the work take one step, and tell systemd only if that went well."""
        async with self._ticking:
            if self._stop.is_set():
                return
            health = await self._step()
            now, monotonic = self._clock.wall(), self._clock.monotonic()
            self._metrics.ticked(
                ok=health.ok, status=health.status, details=health.details, now=now, monotonic=monotonic
            )
            if not self._reloading.locked():
                self._show(health.status)
            if health.ok:
                self._feed_watchdog(monotonic)

    async def _step(self) -> Health:
        try:
            async with asyncio.timeout(self._tick_limit):
                await self._work.tick(self._clock.wall())
        except TimeoutError:
            log.error("the tick was stopped after %.0f seconds", self._tick_limit)
            return Health(False, f"the tick was stopped after {self._tick_limit:.0f} seconds")
        except Exception as error:
            log.error("the tick failed: %s", error, exc_info=error)
            return Health(False, f"the tick failed: {error}")
        return self._health()

    def _health(self) -> Health:
        try:
            return self._work.health(self._clock.wall())
        except Exception as error:
            log.error("the health is not known: %s", error, exc_info=error)
            return Health(False, f"the health is not known: {error}")

    def _feed_watchdog(self, monotonic: float) -> None:
        limit = self._notifier.watchdog_seconds
        if limit is not None and monotonic - self._fed >= limit / 3:
            self._fed = monotonic
            self._notifier.watchdog()

    def _show(self, status: str) -> None:
        if status != self._status and self._notifier.status(status):
            self._status = status

    async def _look_for_changes(self) -> None:
        if self._changes and self._changes.settled():
            await self._reload("a configuration file was changed")

    async def _say_alive(self) -> None:
        log.info("alive: %s", self._health().status)

    async def _reload(self, why: str) -> None:
        """Read the configuration again; a second wish while that goes on is met by one more reading."""
        if self._reload_wanted or self._changes is None:
            return
        self._reload_wanted = True
        async with self._reloading:
            self._reload_wanted = False
            if self._stop.is_set():
                return
            log.info("reading the configuration again: %s", why)
            self._notifier.reloading()
            self._changes.about_to_read()
            problem = await self._read_again()
            self._changes.watch(self._work.watched())
            self._metrics.reloaded(ok=not problem)
            self._status = self._health().status
            self._notifier.ready(self._status)
        if problem:
            log.error("the new configuration was refused, the old one stays: %s", problem)
        else:
            log.info("the new configuration is in use: %s", self._status)

    async def _read_again(self) -> str:
        try:
            return await self._work.reload()
        except Exception as error:
            log.error("the reload failed: %s", error, exc_info=error)
            return f"the reload failed: {error}"

    def _stepped(self, now: float, step: float) -> None:
        self._metrics.stepped()
        try:
            self._work.replan(now, step)
        except Exception as error:
            log.error("due times could not be mended: %s", error, exc_info=error)
