"""The daily line: once for each date in every zone, also when clocks change, and what it says."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alert import heartbeat
from monitor.alert.heartbeat import Counts

WARSAW = ZoneInfo("Europe/Warsaw")
ZONES = ("UTC", "Europe/Warsaw", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")
HOUR = 3600.0


def at(text: str, zone: ZoneInfo = WARSAW) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        ("2026-05-10T08:00", "2026-05-11T07:59", False),
        ("2026-05-10T08:00", "2026-05-11T08:00", True),
        ("2026-05-10T08:00", "2026-05-11T15:00", True),  # the machine was off at eight
        ("2026-05-11T15:00", "2026-05-12T08:00", True),
        ("2026-05-11T07:30", "2026-05-11T08:00", False),  # half an hour has nothing to tell
        ("2026-05-11T08:30", "2026-05-11T08:00", False),  # the clock was set back a little
        ("2026-07-11T08:30", "2026-05-11T08:00", True),  # the clock was wrong by months
    ],
)
def test_when_it_is_due(last: str, now: str, due: bool) -> None:
    assert heartbeat.due(at(last), "08:00", WARSAW, at(now)) == due


def test_none_is_due_without_a_time_or_a_beginning() -> None:
    assert not heartbeat.due(at("2026-05-10T08:00"), "", WARSAW, at("2026-05-20T08:00"))
    assert not heartbeat.due(None, "08:00", WARSAW, at("2026-05-20T08:00"))


@pytest.mark.parametrize(
    ("text", "clock", "day"),
    [("02:30", "01:30", "2026-03-29"), ("02:30", "00:30", "2026-10-25"), ("08:00", "06:00", "2026-03-29")],
)
def test_a_time_that_is_skipped_or_comes_twice(text: str, clock: str, day: str) -> None:
    end = datetime.fromisoformat(f"{day}T23:00").replace(tzinfo=UTC).timestamp()
    end = min(end, at(f"{day}T23:59"))
    moment = datetime.fromtimestamp(heartbeat.latest(text, WARSAW, end), UTC)
    assert moment.strftime("%Y-%m-%d %H:%M") == f"{day} {clock}"


@given(
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(1_700_000_000, 1_900_000_000),
    st.integers(300, 3000),
)
@settings(deadline=None, max_examples=60)
def test_it_comes_once_for_each_local_date(name: str, hour: int, minute: int, start: int, step: int) -> None:
    zone, text = ZoneInfo(name), f"{hour:02}:{minute:02}"
    last, dates = float(start), []
    for now in range(start, start + 6 * 86400, step):
        if heartbeat.due(last, text, zone, float(now)):
            last = float(now)
            dates.append(datetime.fromtimestamp(heartbeat.latest(text, zone, last), zone).date())
    assert dates == sorted(set(dates))
    assert 5 <= len(dates) <= 6


def test_what_it_says() -> None:
    counts = Counts(well=214, sources=216, articles=1204, hits=3, held=0)
    assert heartbeat.line(counts) == "214 of 216 sources well, 1,204 articles, 3 hits, 0 held"
    one = Counts(well=1, sources=1, articles=1, hits=1, held=0, problems=("Source A fails: why",))
    assert heartbeat.line(one) == "1 of 1 source well, 1 article, 1 hit, 0 held, 1 problem"
    alert = heartbeat.alert_of(one, now=0.0)
    assert alert.data["lines"] == ["Source A fails: why"]
