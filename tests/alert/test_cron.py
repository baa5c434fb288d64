"""When a crontab expression comes next: over both changes of the clocks, leap days, and what is no expression."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.alert.cron import check, next_time, said

WARSAW = ZoneInfo("Europe/Warsaw")


def at(text: str, zone: ZoneInfo = WARSAW, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()


def times(expression: str, start: float, count: int, zone: ZoneInfo = WARSAW) -> list[str]:
    """The next moments, each with its offset, so that an hour which comes twice can be told apart."""
    found = []
    for _ in range(count):
        start = next_time(expression, after=start, zone=zone)
        found.append(f"{datetime.fromtimestamp(start, zone):%Y-%m-%d %H:%M %z}")
    return found


@pytest.mark.parametrize(
    ("expression", "start", "expected"),
    [
        ("0 7 * * *", "2026-03-28 07:00", ["2026-03-29 07:00 +0200", "2026-03-30 07:00 +0200"]),
        ("0 7 * * *", "2026-03-28 06:59:59", ["2026-03-28 07:00 +0100", "2026-03-29 07:00 +0200"]),
        # 29 March: 02:00 to 03:00 is skipped; what falls into it comes once, after it.
        ("30 2 * * *", "2026-03-28 12:00", ["2026-03-29 03:00 +0200", "2026-03-30 02:30 +0200"]),
        ("*/15 2 * * *", "2026-03-29 01:00", ["2026-03-29 03:00 +0200", "2026-03-30 02:00 +0200"]),
        ("0 2,3 * * *", "2026-03-29 01:00", ["2026-03-29 03:00 +0200", "2026-03-30 02:00 +0200"]),
        ("0 */2 * * *", "2026-03-29 00:00", ["2026-03-29 03:00 +0200", "2026-03-29 04:00 +0200"]),
        ("0 * * * *", "2026-03-29 00:30", ["2026-03-29 01:00 +0100", "2026-03-29 03:00 +0200"]),
        # 25 October: 02:00 to 03:00 comes twice; what falls into it comes once, the first time.
        ("30 2 * * *", "2026-10-24 12:00", ["2026-10-25 02:30 +0200", "2026-10-26 02:30 +0100"]),
        ("*/30 2 * * *", "2026-10-25 00:00", ["2026-10-25 02:00 +0200", "2026-10-25 02:30 +0200"]),
        ("30 2 * * *", "2026-10-25 02:30", ["2026-10-26 02:30 +0100"]),
        ("0 3 * * *", "2026-10-25 02:30", ["2026-10-25 03:00 +0100"]),
        (
            "0 * * * *",
            "2026-10-25 01:30",
            ["2026-10-25 02:00 +0200", "2026-10-25 02:00 +0100", "2026-10-25 03:00 +0100"],
        ),
        # Leap days, the last day, days of the week.
        ("0 8 29 2 *", "2026-01-01 00:00", ["2028-02-29 08:00 +0100", "2032-02-29 08:00 +0100"]),
        ("0 8 L * *", "2027-02-01 00:00", ["2027-02-28 08:00 +0100", "2027-03-31 08:00 +0200"]),
        ("0 8 * * 5L", "2026-11-01 00:00", ["2026-11-27 08:00 +0100", "2026-12-25 08:00 +0100"]),
        ("0 8 * * mon#1", "2026-11-24 00:00", ["2026-12-07 08:00 +0100"]),
        ("0 8 LW * *", "2026-10-01 00:00", ["2026-10-30 08:00 +0100"]),
        ("0 8 * * mon-fri", "2026-11-27 09:00", ["2026-11-30 08:00 +0100"]),
        ("0 8 * * 7", "2026-11-27 09:00", ["2026-11-29 08:00 +0100"]),
        ("@weekly", "2026-11-27 09:00", ["2026-11-29 00:00 +0100"]),
        ("0 8 1 1 1", "2026-11-24 00:00", ["2027-01-01 08:00 +0100", "2027-01-04 08:00 +0100"]),  # either, as in cron
    ],
)
def test_the_next_times(expression: str, start: str, expected: list[str]) -> None:
    assert times(expression, at(start), len(expected)) == expected


def test_the_second_of_two_hours_is_not_the_first_again() -> None:
    """At 02:10 winter time, 02:30 of that morning is over: it was 40 minutes ago."""
    late = at("2026-10-25 02:10", fold=1)
    assert times("30 2 * * *", late, 1) == ["2026-10-26 02:30 +0100"]
    assert times("5 3 * * *", late, 1) == ["2026-10-25 03:05 +0100"]


def test_a_change_of_half_an_hour() -> None:
    zone = ZoneInfo("Australia/Lord_Howe")
    assert times("15 2 * * *", at("2026-10-03 12:00", zone), 2, zone) == [
        "2026-10-04 02:30 +1100",
        "2026-10-05 02:15 +1100",
    ]


def test_a_day_that_a_country_left_out() -> None:
    zone = ZoneInfo("Pacific/Apia")
    assert times("0 7 * * *", at("2011-12-29 07:00", zone), 2, zone) == [
        "2011-12-31 00:00 +1400",
        "2011-12-31 07:00 +1400",
    ]


ZONES = ["Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC", "Asia/Kathmandu"]
NUMBERS = st.sampled_from(["*", "0", "2", "1-3", "*/2", "1,3"])


@settings(max_examples=150, deadline=None)
@given(
    minute=st.sampled_from(["0", "30", "*/20", "59"]),
    hour=NUMBERS,
    day=st.sampled_from(["*", "1", "L", "29"]),
    start=st.integers(1_700_000_000, 1_900_000_000),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
)
@example(minute="30", hour="2", day="*", start=1_793_000_000, zone=WARSAW)
def test_it_moves_on_and_leaves_nothing_out(minute: str, hour: str, day: str, start: int, zone: ZoneInfo) -> None:
    """Later than it was asked for, always the same seen from anywhere before it, and shown so by the clock."""
    expression = f"{minute} {hour} {day} * *"
    first = next_time(expression, after=start, zone=zone)
    assert first > start
    assert next_time(expression, after=first - 1, zone=zone) == first
    assert next_time(expression, after=(start + first) / 2, zone=zone) == first
    assert next_time(expression, after=first, zone=zone) > first
    shown = datetime.fromtimestamp(first, zone)
    fits = (minute != "0" or shown.minute == 0) and (hour != "2" or shown.hour == 2)
    skipped = shown.utcoffset() != datetime.fromtimestamp(first - 1, zone).utcoffset()
    assert fits or skipped


def test_every_night_of_twenty_years_comes_once() -> None:
    """No night is lost and none comes twice, with a time that both changes touch."""
    moment, days = at("2026-01-01 00:00"), []
    while moment < at("2046-01-01 00:00"):
        moment = next_time("30 2 * * *", after=moment, zone=WARSAW)
        days.append(datetime.fromtimestamp(moment, WARSAW).date())
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("61 * * * *", "'61' is no minute, in the crontab expression '61 * * * *'"),
        ("0 25 * * *", "'25' is no hour"),
        ("0 7 32 * *", "'32' is no day of month"),
        ("0 7 * 13 *", "'13' is no month"),
        ("0 7 * * 8", "'8' is no day of week"),
        ("0 7 * * moon", "'moon' is no day of week"),
        ("0 7 30 2 *", "'30' is no day of month"),
        ("0 7 */20 * 1L", "never comes"),
        ("*/0 * * * *", "'*/0' is no minute"),
        ("0 7 * *", "has 4 fields and not five: minute, hour,"),
        ("0 0 7 * * *", "has 6 fields and not five"),
        ("", "has 0 fields"),
        ("every day at 7", "has 4 fields"),
        ("@noon", "there is no '@noon'; write one of @hourly, @daily"),
        ("0 " * 60, "at most 100 characters"),
        ("١ * * * *", "is no minute"),
    ],
)
def test_a_bad_expression_is_one_clear_line(expression: str, words: str) -> None:
    problem = check(expression)
    assert words in problem
    assert "\n" not in problem
    with pytest.raises(ValueError, match=re.escape(problem)):
        next_time(expression, after=0, zone=UTC)


@settings(deadline=None)
@given(st.text(alphabet="0123456789*,-/#LWMONFEB @ab\u0661", max_size=40) | st.text(max_size=120))
def test_any_text_is_an_expression_or_is_told(text: str) -> None:
    if not check(text):
        assert next_time(text, after=1_790_000_000, zone=WARSAW) > 1_790_000_000
        assert said(text)


def test_it_says_itself() -> None:
    assert said("0 7 * * 1") == "At 07:00 on Monday"
