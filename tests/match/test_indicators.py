"""Indicators: each state by hand, and what may not change it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.indicators import AT_LEAST, HOUR, State, indicator
from monitor.model import Occurrence

NOW = 20000 * 86400.0 + 15.5 * HOUR
HERE = int(NOW // HOUR)


def hit(number: int, source: str = "a", ago: float = HOUR, **more: object) -> Occurrence:
    return Occurrence(article_id=f"{source}{number}", source_id=source, rule_id="border", at=NOW - ago, **more)  # type: ignore[arg-type]


def usual(a_day: int, weeks: int = 8) -> list[tuple[int, str, int]]:
    return [(HERE - 24 * day, "a", a_day) for day in range(1, weeks * 7 + 1)] if a_day else []


@pytest.mark.parametrize(
    ("hits", "past", "state", "sources"),
    [
        ([], 3, State.QUIET, 0),
        ([hit(1)], 3, State.SINGLE, 1),
        ([hit(1), hit(2)], 3, State.SINGLE, 1),
        ([hit(1), hit(2, "b")], 3, State.CORROBORATED, 2),
        ([hit(n) for n in range(20)], 3, State.SURGE, 1),
        ([hit(n) for n in range(20)], 20, State.SINGLE, 1),
        ([hit(1, ago=25 * HOUR)], 3, State.QUIET, 0),
        ([hit(1, ago=-HOUR)], 3, State.QUIET, 0),
        ([hit(1, news=False)], 3, State.QUIET, 0),
    ],
)
def test_the_state_follows_from_hits_sources_and_the_past(
    hits: list[Occurrence], past: int, state: State, sources: int
) -> None:
    found = indicator("border", hits, NOW, hours=usual(past))
    assert (found.state, found.sources) == (state, sources)


def test_sources_of_one_family_are_one() -> None:
    hits = [hit(1), hit(2, "b")]
    assert indicator("border", hits, NOW, families={"a": "tass", "b": "tass"}).state is State.SINGLE
    assert indicator("border", hits, NOW, families={"a": "tass", "b": ""}).state is State.CORROBORATED


def test_a_rule_that_never_hit_surges_only_from_a_least_number() -> None:
    few, enough = [hit(n) for n in range(AT_LEAST - 1)], [hit(n) for n in range(AT_LEAST)]
    assert indicator("border", few, NOW).state is State.SINGLE
    assert indicator("border", enough, NOW).state is State.SURGE


def test_without_a_past_nothing_is_a_surge_and_it_says_so() -> None:
    found = indicator("border", [hit(n) for n in range(50)], NOW, since=NOW - 86400)
    assert found.state is State.SINGLE
    assert (found.usual, found.threshold) == (None, None)
    assert found.why == "50 articles in the last day, of 1 independent source; what is usual is not known yet"


def test_it_says_what_it_follows_from() -> None:
    found = indicator("border", [hit(1), hit(2, "b")], NOW, hours=usual(3))
    assert found.why == (
        "2 articles in the last day, of 2 independent sources; "
        f"usual at this hour of this weekday is 3 (mean of 8); a surge begins at {found.threshold}"
    )
    assert found.threshold is not None
    assert 7 <= found.threshold <= 10


def test_hits_of_another_rule_do_not_count() -> None:
    other = Occurrence(article_id="x", source_id="a", rule_id="deal", at=NOW - 5)
    assert indicator("border", [other], NOW).number == 0


@given(st.integers(0, 60), st.integers(0, 30))
def test_more_hits_never_weaken_a_state(number: int, past: int) -> None:
    order = list(State)
    first = indicator("border", [hit(n) for n in range(number)], NOW, hours=usual(past))
    then = indicator("border", [hit(n) for n in range(number + 1)], NOW, hours=usual(past))
    assert order.index(then.state) >= order.index(first.state)
