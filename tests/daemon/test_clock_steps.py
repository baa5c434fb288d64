"""What the clocks do: set back, set ahead, daylight saving, and a scheduler that must not mind."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine

from monitor.clock import StepDetector, SystemClock
from monitor.daemon.pacemaker import Every, Pacemaker

FAST = 0.02  # seconds between two runs of the job
HOUR = 3600.0
WARSAW = ZoneInfo("Europe/Warsaw")
START = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    now: float = 1_000_000.0
    steady: float = 50.0

    def wall(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.steady

    def passes(self, seconds: float) -> None:
        self.now += seconds
        self.steady += seconds


@pytest.mark.parametrize("step", [-HOUR, HOUR, 365 * 86400.0, -31.0, 31.0])
def test_a_jump_is_told_once_with_its_size(step: float) -> None:
    clock = FakeClock()
    detector = StepDetector(clock)
    clock.passes(5)
    assert detector.step() == 0.0
    clock.now += step
    assert detector.step() == pytest.approx(step)
    clock.passes(5)
    assert detector.step() == 0.0


def test_small_steps_add_up() -> None:
    clock = FakeClock()
    detector = StepDetector(clock)
    told = []
    for _ in range(5):
        clock.now -= 10
        told.append(detector.step())
    assert told == [0.0, 0.0, 0.0, pytest.approx(-40.0), 0.0]


def test_the_trigger_runs_once_after_a_year_away() -> None:
    trigger = Every(timedelta(seconds=1))
    missed = trigger.get_next_fire_time(START, START + timedelta(days=365))
    assert missed == START + timedelta(days=365, seconds=1)
    assert trigger.get_next_fire_time(START, START) == START + timedelta(seconds=1)


@dataclass
class Runs:
    """A pacemaker with one job, and when that job ran (seconds of the event loop)."""

    pacemaker: Pacemaker = field(init=False)
    at: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    under_way: int = 0
    at_most: int = 0
    takes: float = 0.0
    ended: float = 0.0

    async def job(self) -> None:
        self.under_way += 1
        self.at_most = max(self.at_most, self.under_way)
        self.at.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.takes)
        self.under_way -= 1

    async def play(self, *moves: Callable[[], None], pause: float = 0.15) -> None:
        """Run the job for a while before, between and after the moves."""
        self.pacemaker = Pacemaker(clock=SystemClock(), stepped=lambda _, step: self.steps.append(step))
        self.pacemaker.every(FAST, "job", self.job)
        self.pacemaker.start(look=FAST)
        await asyncio.sleep(pause)
        for move in moves:
            move()
            await asyncio.sleep(pause)
        self.pacemaker.stop()
        self.ended = asyncio.get_running_loop().time()

    @property
    def longest_gap(self) -> float:
        """The longest time without a run, up to the end."""
        return max(later - earlier for earlier, later in pairwise([*self.at, self.ended]))


@pytest.mark.parametrize("step", [-HOUR, HOUR, timedelta(days=365).total_seconds(), -20.0])
async def test_jobs_go_on_within_moments_of_a_jump(step: float) -> None:
    runs = Runs()
    with time_machine.travel(START, tick=True) as traveller:
        await runs.play(lambda: traveller.shift(step))
    assert runs.longest_gap < 0.15
    assert 6 <= len(runs.at) <= 18, "about 15 runs in 0.3 seconds: none is caught up with"
    assert runs.at_most == 1
    assert [round(found) for found in runs.steps] == ([round(step)] if abs(step) > 30 else [])


async def test_jobs_go_on_when_the_clock_is_set_wrong_and_right_again() -> None:
    runs = Runs()
    with time_machine.travel(START, tick=True) as traveller:
        await runs.play(lambda: traveller.shift(-HOUR), lambda: traveller.shift(HOUR))
    assert runs.longest_gap < 0.15
    assert len(runs.steps) == 2


@pytest.mark.parametrize(
    "night",
    [datetime(2026, 3, 29, 1, 59, 59, 900_000, WARSAW), datetime(2026, 10, 25, 2, 59, 59, 900_000, WARSAW)],
    ids=["spring", "autumn"],
)
async def test_daylight_saving_is_no_jump(night: datetime) -> None:
    runs = Runs()
    with time_machine.travel(night, tick=True):
        await runs.play(pause=0.3)
    assert runs.longest_gap < 0.15
    assert runs.steps == []


async def test_a_slow_job_is_not_started_twice() -> None:
    runs = Runs(takes=0.05)
    with time_machine.travel(START, tick=True) as traveller:
        await runs.play(lambda: traveller.shift(HOUR))
    assert runs.at_most == 1
    assert len(runs.at) >= 3
