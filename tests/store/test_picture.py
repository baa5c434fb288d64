"""What the picture of a watch is counted from: the numbers, and that each question reads its own time by index."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.model import Article, Hit, Judged, Located, Novelty, Severity, Source
from monitor.store import Store

DAY = 86400.0
NOW = 1_790_000_000.0
HITS = (  # rule, source, days ago, countries, place
    ("a", "one", 0.5, ("BY",), "Brest"),
    ("a", "two", 0.6, ("BY", "PL"), "Brest"),
    ("a", "one", 2.5, ("UA",), ""),
    ("b", "one", 0.7, ("PL",), "Suwałki"),
    ("other", "one", 0.5, ("US",), "Boston"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "m.db") as found:
        found.sources.sync([Source(id=id, url=f"https://{id}.example/") for id in ("one", "two")], NOW)
        for number, hit in enumerate(HITS):
            put(found, f"a{number}", *hit)
        yield found


def put(store: Store, id: str, rule: str, source: str, ago: float, countries: tuple[str, ...], place: str) -> None:
    at = NOW - ago * DAY
    article = Article(
        id=id,
        source_id=source,
        identity=id,
        url=f"https://x.example/{id}",
        link="",
        title=f"Title {id}",
        summary="",
        body="",
        seen_at=at,
    )
    hit = Hit(article_id=id, rule_id=rule, rule_name=rule.upper(), watch="w", severity=Severity.LOW, evidence=(), at=at)
    where = Located(
        countries=countries,
        place=place,
        kind="place" if place else "country",
        lat=52.0 if place else None,
        lon=23.0 if place else None,
    )
    with store.transaction():
        store.articles.add([Judged(article, Novelty.NEW, "new")])
        store.hits.add([hit])
        store.places.add({id: where})


def test_hits_are_counted_between_edges(store: Store) -> None:
    edges = [NOW - 3 * DAY, NOW - 2 * DAY, NOW - DAY, NOW]
    assert store.picture.counts(["a", "b", "none"], edges) == {"a": [1, 0, 2], "b": [0, 0, 1], "none": [0, 0, 0]}
    assert store.picture.counts([], edges) == {}
    assert store.picture.counts(["a"], [NOW]) == {"a": []}


def test_the_rhythm_of_a_source(store: Store) -> None:
    found = store.picture.rhythm([NOW - 3 * DAY, NOW - DAY, NOW])
    assert found == {"one": [1, 3], "two": [0, 1]}


def test_an_edge_belongs_to_what_begins_there(store: Store) -> None:
    at = NOW - 0.5 * DAY
    assert store.picture.counts(["a"], [at - 1, at, at + 1]) == {"a": [0, 1]}


def test_places_sources_and_countries_of_the_asked_rules_only(store: Store) -> None:
    picture, since = store.picture, NOW - DAY
    assert picture.countries(["a", "b"], since, NOW) == [("BY", 2), ("PL", 2)]
    assert [(one.name, one.country, one.count) for one in picture.places(["a", "b"], since, NOW, 9)] == [
        ("Brest", "BY", 2),
        ("Suwałki", "PL", 1),
    ]
    assert len(picture.places(["a", "b"], since, NOW, 1)) == 1
    assert picture.sources(["a", "b"], since, NOW) == [("one", 2), ("two", 1)]
    assert picture.headlines(["a"], 0.0, NOW, 2) == [("a0", "one", "Title a0"), ("a1", "two", "Title a1")]
    assert picture.rules() == {"a": ("A", "w"), "b": ("B", "w"), "other": ("OTHER", "w")}
    assert [number for number, _, _ in picture.recent("a", 2)] == [1, 2]


def test_hours_are_those_of_one_rule_each(store: Store) -> None:
    ids = ["a", "b"]
    found = store.picture.hourly(ids, NOW - 9 * DAY, NOW)
    for id in ids:
        assert sorted(found[id]) == sorted(store.trends.hourly([id], NOW - 9 * DAY, NOW))


def test_an_empty_database_has_an_empty_picture(tmp_path: Path) -> None:
    with Store.open(tmp_path / "m.db") as store:
        assert store.picture.rules() == {}
        assert store.picture.countries(["a"], 0, NOW) == store.picture.sources(["a"], 0, NOW) == []


def test_every_question_goes_by_index(store: Store) -> None:
    asked: list[str] = []
    store._db.conn.set_trace_callback(asked.append)
    picture, ids = store.picture, ["a", "b"]
    picture.rules()
    picture.counts(ids, [0.0, NOW, NOW + 1])
    picture.countries(ids, 0.0, NOW)
    picture.places(ids, 0.0, NOW, 5)
    picture.sources(ids, 0.0, NOW)
    picture.headlines(ids, 0.0, NOW, 5)
    picture.hourly(ids, 0.0, NOW)
    picture.recent("a", 5)
    picture.rhythm([0.0, NOW])
    store._db.conn.set_trace_callback(None)
    assert len(asked) == 9
    for sql in asked:
        plan = [row[3] for row in store._db.rows(f"EXPLAIN QUERY PLAN {sql}")]
        scans = [step for step in plan if step.startswith("SCAN") and step.split()[1] in ("h", "a", "p", "hits")]
        assert scans == [], sql
        assert any("hits_rule" in step or "COVERING INDEX articles_seen" in step for step in plan), sql
    for sql in asked[1:5]:  # what only counts reads no hit, so no evidence either
        assert any("COVERING INDEX hits_rule" in row[3] for row in store._db.rows(f"EXPLAIN QUERY PLAN {sql}")), sql
