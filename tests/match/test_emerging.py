"""Terms that came up: the statistic, and what is no news."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.emerging import BOUND, emerging, likelihood

OLD = [(f"s{number % 5}", f"Talks about trade go on, day {number}") for number in range(200)]


def test_a_word_that_several_sources_use_now_and_nobody_did_before_comes_up() -> None:
    now = [(f"s{number}", "Bridge at Kamianka is closed") for number in range(4)] + OLD[:30]
    found = {one.word: one for one in emerging(now, OLD)}
    assert {"Bridge", "Kamianka", "closed"} <= set(found)
    assert found["Kamianka"].is_new
    assert (found["Kamianka"].now, found["Kamianka"].before) == (4, 0)
    assert "Talks" not in found


def test_what_one_source_says_again_and_again_is_no_news() -> None:
    assert emerging([("s1", "Morning column Zephyr")] * 20, OLD) == []


def test_nothing_is_said_where_nothing_is_known_of_the_time_before() -> None:
    assert emerging([("a", "Flood"), ("b", "Flood"), ("c", "Flood")], []) == []
    assert emerging([], OLD) == []


def test_words_that_became_rarer_do_not_come_up() -> None:
    assert all(one.word != "trade" for one in emerging([("a", "Rain"), ("b", "Snow"), ("c", "Hail")] * 9, OLD))


def test_a_word_is_shown_as_most_write_it() -> None:
    now = [("a", "KAMIANKA"), ("b", "Kamianka"), ("c", "Kamianka"), ("d", "kamianka")]
    assert [one.word for one in emerging(now, OLD)] == ["Kamianka"]


def test_likelihood_is_the_sum_over_the_four_cells() -> None:
    # 10 of 100 against 20 of 1000: expected are 30/1100 of each.
    share = 30 / 1100
    cells = [(10, 100 * share), (90, 100 * (1 - share)), (20, 1000 * share), (980, 1000 * (1 - share))]
    assert likelihood(10, 100, 20, 1000) == pytest.approx(2 * sum(o * math.log(o / e) for o, e in cells))
    assert likelihood(10, 100, 20, 1000) > BOUND
    assert likelihood(2, 100, 20, 1000) == 0.0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=40)), max_size=30), st.integers(0, 5))
def test_any_text_is_taken(now: list[tuple[str, str]], most: int) -> None:
    found = emerging(now, OLD, most=most)
    assert len(found) <= most
    assert all(one.score >= BOUND and one.now >= 3 for one in found)
