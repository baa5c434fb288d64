"""Reading many articles in order, range by range."""

from itertools import chain

import pytest
from store_builders import NOW, hit, judged

from monitor.model import Novelty
from monitor.store import Range, Store


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    monkeypatch.setattr("monitor.store.scan.RANGE", 4)
    monkeypatch.setattr("monitor.store.scan.HELD", 3)
    store.articles.add([judged(n) for n in range(10)])


def numbers(store: Store, pieces: list[Range]) -> list[int]:
    return [int(one.id[1:]) for one in chain.from_iterable(map(store.scan.articles, pieces))]


@pytest.mark.parametrize(
    ("since", "until", "limit", "expected"),
    [
        (None, None, None, list(range(10))),
        (NOW + 3, None, None, list(range(3, 10))),
        (NOW + 3, NOW + 8, None, list(range(3, 8))),
        (None, None, 4, [6, 7, 8, 9]),
        (None, NOW + 8, 3, [5, 6, 7]),
        (None, None, 10, list(range(10))),
        (None, None, 99, list(range(10))),
        (NOW + 99, None, 3, []),
    ],
)
def test_the_plan_holds_every_article_of_a_time_once(
    store: Store, since: float | None, until: float | None, limit: int | None, expected: list[int]
) -> None:
    pieces, count = store.scan.plan(since=since, until=until, limit=limit)
    assert count == len(expected)
    assert numbers(store, pieces) == expected
    assert all(piece.last - piece.first < 4 for piece in pieces)


def test_articles_come_as_they_were_stored_and_in_their_latest_text(store: Store) -> None:
    store.articles.add([judged(4, Novelty.EDITED, title="Another", version=2, content_hash="other")])
    pieces, _ = store.scan.plan()
    read = {one.id: one for one in chain.from_iterable(map(store.scan.articles, pieces))}
    assert read["a000000000004"].title == "Another"
    assert all(one == store.articles.get(one.id) for one in read.values())


def test_articles_that_come_later_are_not_in_the_plan(store: Store) -> None:
    pieces, _ = store.scan.plan()
    store.articles.add([judged(77)])
    assert numbers(store, pieces) == list(range(10))


def test_gaps_between_articles_are_passed_over(store: Store) -> None:
    store.articles.add([judged(n, seen_at=NOW + 1e6) for n in range(20, 23)])
    pieces, count = store.scan.plan(since=NOW + 9)
    assert count == 4
    assert numbers(store, [*pieces, Range(500, 900)]) == [9, 20, 21, 22]


def test_recorded_hits_of_some_rules_come_by_article(store: Store) -> None:
    store.hits.add([hit(1), hit(1, "deal"), hit(2, "deal"), hit(9)])
    store.articles.add([judged(1, Novelty.EDITED, title="Another", version=2, content_hash="other")])
    store.hits.add([hit(1, article_version=2)])
    (first, *_), _ = store.scan.plan()
    found = store.scan.hits(first, ["border"])
    assert {id: [(one.rule_id, one.article_version) for one in hits] for id, hits in found.items()} == {
        "a000000000001": [("border", 1), ("border", 2)]
    }
    assert store.scan.hits(first, []) == {}
