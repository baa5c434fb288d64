"""Timing rules changes nothing about what they find, and tells of each rule that was tried what it took."""

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from tests.match.rule_builders import NOW, article_of, compiled, source_of

words = st.sampled_from("troops border tank collie войска граница".split())
conditions = st.lists(st.lists(words, min_size=1, max_size=2), min_size=1, max_size=2)


@given(st.lists(conditions, min_size=1, max_size=5), st.lists(words, max_size=6).map(" ".join))
def test_timing_finds_the_same(matches: list[list[list[str]]], text: str) -> None:
    book, _ = compiled({"rules": [{"id": f"rule-{n}", "match": {"all": match}} for n, match in enumerate(matches)]})
    article, ticks = article_of(text), count()
    timed, spent = book.timed(article, source_of(), now=NOW, clock=lambda: float(next(ticks)))
    assert timed == book.match_all(article, source_of(), now=NOW)
    assert set(spent) >= {hit.rule_id for hit in timed}
    assert set(spent.values()) <= {1.0}


def test_rules_that_cannot_hold_take_no_time() -> None:
    book, _ = compiled({"rules": [{"id": "tanks", "match": ["tank"]}, {"id": "dogs", "match": ["collie"]}]})
    ticks = count(0, 0.25)
    hits, spent = book.timed(article_of("A tank"), source_of(), now=NOW, clock=lambda: next(ticks))
    assert [hit.rule_id for hit in hits] == ["tanks"]
    assert spent == {"tanks": 0.25}
