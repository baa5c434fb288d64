"""Scales: round numbers, round times, classes that hold what is counted."""

import itertools
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.charts.scale import class_of, class_words, short, span_words, steps, ticks, time_ticks, whole

DAY = 86400.0


def at(*parts: int) -> float:
    return datetime(*parts, tzinfo=UTC).timestamp()  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("most", "shown"),
    [(0, [0]), (1, [0, 1]), (7, [0, 5]), (17, [0, 10]), (60, [0, 20, 40, 60]), (1234, [0, 500, 1000])],
)
def test_ticks_are_round(most: int, shown: list[int]) -> None:
    assert ticks(most) == shown


@given(st.integers(1, 10**9))
def test_ticks_are_few_and_within(most: int) -> None:
    shown = ticks(most)
    assert 2 <= len(shown) <= 7
    assert shown[-1] <= most


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=50), st.integers(1, 6))
def test_every_count_has_a_class_and_each_class_its_words(counts: list[int], most: int) -> None:
    bounds = steps(counts, most)
    assert len(bounds) <= most
    assert all(low < high for low, high in itertools.pairwise(bounds))
    assert len(class_words(bounds)) == len(bounds)
    for count in counts:
        if count:
            place = class_of(count, bounds)
            assert count <= bounds[place]
            assert place == 0 or count > bounds[place - 1]


def test_classes_are_told() -> None:
    assert class_words([1, 3, 1200]) == ["1", "2–3", "4–1\u202f200"]
    assert whole(1234567) == "1\u202f234\u202f567"


def test_a_stretch_is_told_as_short_as_it_can_be() -> None:
    assert span_words(at(2022, 5, 10), at(2022, 5, 11)) == "Tue 10 May 2022"
    assert span_words(at(2022, 5, 9), at(2022, 5, 16)) == "Mon 9 May 2022 to Sun 15 May 2022"
    assert (
        span_words(at(2022, 5, 10, 6), at(2022, 5, 10, 7), ZoneInfo("Europe/Kyiv"))
        == "Tue 10 May 2022, 09:00 to 10:00 EEST"
    )


@pytest.mark.parametrize(
    ("start", "end", "first"),
    [
        (at(2022, 5, 10), at(2022, 5, 10, 6), "10 May"),
        (at(2022, 5, 10, 5, 50), at(2022, 5, 10, 11), "10 May 06:00"),
        (at(2022, 4, 15), at(2022, 5, 20), "18 Apr"),
        (at(2021, 6, 1), at(2022, 6, 1), "Jul 2021"),
        (at(1990, 1, 1), at(2022, 6, 1), "1990"),
    ],
)
def test_times_begin_with_what_tells_where_one_is(start: float, end: float, first: str) -> None:
    assert time_ticks(start, end, 500)[0][1] in (first, first.replace("Jul", "Jun"))


@given(st.floats(-1e10, 1e11), st.floats(60, 1e10), st.integers(60, 1500))
def test_times_are_in_order_within_and_have_room(start: float, span: float, room: int) -> None:
    found = [moment for moment, _ in time_ticks(start, start + span, room)]
    assert found == sorted(found)
    assert all(start <= moment <= start + span for moment in found)
    assert len(found) <= max(2, room / 72) + 2


def test_days_stay_days_when_the_clock_is_changed() -> None:
    zone = ZoneInfo("Europe/Kyiv")
    start, end = datetime(2022, 3, 25, tzinfo=zone).timestamp(), datetime(2022, 3, 30, tzinfo=zone).timestamp()
    shown = time_ticks(start, end, 500, zone)
    assert [words for _, words in shown] == [f"{day} Mar" for day in (25, 26, 27, 28, 29, 30)]
    assert all(datetime.fromtimestamp(moment, zone).hour == 0 for moment, _ in shown)


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (500, "500"), (1000, "1k"), (1500, "1.5k"), (20000, "20k"), (3_000_000, "3M")]
)
def test_a_round_number_is_short(value: int, said: str) -> None:
    assert short(value) == said
