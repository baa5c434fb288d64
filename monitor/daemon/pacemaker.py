"""EDGE: calls jobs at their pace, whatever happens to the wall clock.

APScheduler 3 plans by the wall clock. Reproduced with 3.11: a clock that is set back by an hour stops every job for an
hour, and setting it right again does not wake them; one that is set ahead by a year makes its own interval trigger
count every second of that year. So a second loop, on the monotonic clock, wakes the scheduler each second and puts jobs
that lie too far ahead back to now; and the trigger is ours: what was missed is run once, not caught up with.
Due times of sources and deliveries are not here, but in the database.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from monitor.clock import Clock, StepDetector

LOOK = 1.0  # seconds between two looks at the clocks
log = logging.getLogger("monitor.daemon")


class Every(BaseTrigger):  # type: ignore[misc]  # apscheduler ships no types
    """Fires each `interval`; after a gap of any length it fires once and goes on from there."""

    __slots__ = ("interval",)

    def __init__(self, interval: timedelta) -> None:
        """Take the pause between two runs."""
        self.interval = interval

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return when it is due next; always after `now`."""
        following = (previous_fire_time or now) + self.interval
        return following if following > now else now + self.interval


class Pacemaker:
    """Runs jobs in the running event loop; one job is never under way twice."""

    def __init__(self, *, clock: Clock, stepped: Callable[[float, float], None], threshold: float = 30.0) -> None:
        """Call `stepped(now, step)` when the wall clock jumps by more than `threshold` seconds."""
        self._clock = clock
        self._stepped = stepped
        self._steps = StepDetector(clock, threshold=threshold)
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._look: asyncio.Task[None] | None = None

    def every(self, seconds: float, name: str, job: Callable[[], Awaitable[None]]) -> None:
        """Run `job` each so many seconds, for the first time after that many."""
        self._scheduler.add_job(
            job, Every(timedelta(seconds=seconds)), id=name, coalesce=True, misfire_grace_time=None, max_instances=1
        )

    def start(self, *, look: float = LOOK) -> None:
        """Begin; `look` is the pause between two looks at the clocks, in seconds."""
        self._scheduler.start()
        self._look = asyncio.create_task(self._keep_looking(look), name="pacemaker")

    def pause(self) -> None:
        """Start no job any more; those under way go on."""
        self._scheduler.pause()
        if self._look:
            self._look.cancel()

    def stop(self) -> None:
        """End it, and cancel what is still under way."""
        self.pause()
        self._scheduler.shutdown(wait=False)

    def look(self) -> None:
        """Compare the clocks, mend what a jump did, and wake the scheduler."""
        step = self._steps.step()
        if step:
            log.warning("the wall clock jumped by %+.0f seconds", step)
            self._stepped(self._clock.wall(), step)
        self._bring_back()
        self._scheduler.wakeup()

    def _bring_back(self) -> None:
        """Put jobs that are due later than their own interval allows back to now."""
        now = datetime.fromtimestamp(self._clock.wall(), UTC)
        for job in self._scheduler.get_jobs():
            if job.next_run_time and job.next_run_time - now > job.trigger.interval + timedelta(seconds=1):
                job.modify(next_run_time=now)

    async def _keep_looking(self, pause: float) -> None:
        while True:
            await asyncio.sleep(pause)
            self.look()
