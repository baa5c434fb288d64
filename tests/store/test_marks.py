"""Marks on hits, as every backend of the store keeps them."""

import pytest
from store_builders import NOW, hit, judged

from monitor.errors import StoreError
from monitor.model import Novelty
from monitor.settings import Retention
from monitor.store import HitMark, Store, Verdict

A1, A2 = "a000000000001", "a000000000002"


@pytest.fixture(autouse=True)
def hits(store: Store) -> None:
    store.articles.add([judged(1), judged(2)])
    store.hits.add([hit(1), hit(2), hit(1, "deal")])


def test_a_mark_comes_back_and_the_last_word_counts(store: Store) -> None:
    store.marks.set(A1, "border", Verdict.RIGHT, NOW)
    store.marks.set(A1, "border", Verdict.WRONG, NOW + 5, note="о собаках \ud800")
    expected = HitMark(article_id=A1, rule_id="border", verdict=Verdict.WRONG, note="о собаках ?", at=NOW + 5)
    assert store.marks.of([(A1, "border"), (A2, "border"), (A1, "deal")]) == {(A1, "border"): expected}
    assert store.marks.of_rule("border") == [expected]


def test_a_mark_is_of_one_rule_only_and_is_taken_away(store: Store) -> None:
    store.marks.set(A1, "border", Verdict.RIGHT, NOW)
    store.marks.set(A1, "deal", Verdict.WRONG, NOW)
    assert store.marks.clear(A1, "border") is True
    assert store.marks.clear(A1, "border") is False
    assert store.marks.of_rule("border") == []
    assert store.marks.counts() == {"deal": {Verdict.WRONG: 1}}


def test_marks_are_counted_by_rule(store: Store) -> None:
    store.marks.set(A1, "border", Verdict.RIGHT, NOW)
    store.marks.set(A2, "border", Verdict.WRONG, NOW)
    assert store.marks.counts() == {"border": {Verdict.RIGHT: 1, Verdict.WRONG: 1}}


def test_hits_are_chosen_by_their_mark(store: Store) -> None:
    store.marks.set(A1, "border", Verdict.WRONG, NOW)
    store.marks.set(A2, "border", Verdict.RIGHT, NOW)

    def found(**asked: object) -> list[tuple[str, str]]:
        return [(one.article_id, one.rule_id) for _, one, _ in store.hits.search(**asked)]  # type: ignore[arg-type]

    assert found(marked=Verdict.WRONG) == [(A1, "border")]
    assert found(marked=Verdict.RIGHT) == [(A2, "border")]
    assert found(marked="none") == [(A1, "deal")]
    assert found(marked=Verdict.WRONG, rule="deal") == []
    assert found(marked=Verdict.WRONG, text="article") == [(A1, "border")]


def test_a_mark_stays_when_the_article_is_edited_and_matched_again(store: Store) -> None:
    store.marks.set(A1, "border", Verdict.WRONG, NOW)
    store.articles.add([judged(1, Novelty.EDITED, title="Another title", version=2, content_hash="other")])
    store.hits.add([hit(1, article_version=2)])
    assert [one.article_version for _, one, _ in store.hits.search(marked=Verdict.WRONG)] == [2, 1]


def test_a_mark_on_an_article_that_is_not_stored_is_an_error(store: Store) -> None:
    with pytest.raises(StoreError):
        store.marks.set("a-none", "border", Verdict.RIGHT, NOW)


def test_a_mark_goes_with_its_article(store: Store) -> None:
    store.marks.set(A1, "border", Verdict.WRONG, NOW)
    store.upkeep.prune(Retention(hits=86400.0), NOW + 400 * 86400.0)
    assert store.articles.get(A1) is None
    assert store.marks.counts() == {}
    assert store.upkeep.check() == []


def test_a_hit_is_found_by_its_number_and_the_last_of_each_rule_is_known(store: Store) -> None:
    number, newest, _ = store.hits.search(limit=1)[0]
    assert store.hits.get(number) == newest
    assert store.hits.get(number + 1) is None
    assert store.hits.last_per_rule() == {"border": NOW + 2, "deal": NOW + 1}


def test_one_gate_is_counted_over_some_days(store: Store) -> None:
    store.counters.add_all({("rule time (us)", "border"): 5, ("matched", "border"): 1}, NOW - 3 * 86400)
    store.counters.add_all({("rule time (us)", "border"): 7, ("rule time (us)", "deal"): 2}, NOW)
    assert store.counters.of_gate("rule time (us)", NOW - 86400) == {"border": 7, "deal": 2}
    assert store.counters.of_gate("rule time (us)", NOW - 9 * 86400) == {"border": 12, "deal": 2}
    assert store.counters.of_gate("matched", NOW) == {}


def test_counters_are_kept_for_more_than_a_year(store: Store) -> None:
    for days in (0, 399, 402):
        store.counters.add("matched", "border", 1, NOW - days * 86400)
    assert store.upkeep.prune(Retention(), NOW).rows["counters"] == 1
    assert store.counters.of_gate("matched", 0.0) == {"border": 2}
