"""The smaller full-text index: it knows the articles that rules hit, all of them, as they read now, and no others."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Novelty
from monitor.store import Store
from monitor.store.listing import Wanted
from tests.store.store_builders import NOW, hit, judged, source, story

MOVES = st.lists(st.tuples(st.sampled_from(["add", "hit", "again", "edit", "unhit"]), st.integers(1, 4)), max_size=14)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "m.db") as store:
        store.sources.sync([source()], NOW)
        yield store


def found(store: Store, word: str) -> list[int]:
    return [row[0] for row in store._db.rows("SELECT rowid FROM hits_fts WHERE hits_fts MATCH ? ORDER BY 1", (word,))]


@settings(max_examples=40, deadline=None)
@given(MOVES)
def test_it_fits_whatever_happens(tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, int]]) -> None:
    with Store.open(tmp_path_factory.mktemp("db") / "m.db") as store:
        store.sources.sync([source()], NOW)
        texts: dict[int, str] = {}
        hits: dict[int, int] = {}
        for place, (move, number) in enumerate(moves):
            if move == "add" and number not in texts:
                store.articles.add([judged(number, title=f"tank w{place}")])
                texts[number] = f"w{place}"
            elif move in ("hit", "again") and number in texts:
                version = place if move == "again" else 1
                store.hits.add([hit(number, article_version=version)])
                hits[number] = 1
            elif move == "edit" and number in texts:
                edited = judged(number, Novelty.EDITED, title=f"tank w{place}", content_hash=f"h{place}")
                store.articles.add([edited])
                texts[number] = f"w{place}"
            elif move == "unhit" and number in hits:
                store._db.execute("DELETE FROM hits WHERE article_id = ?", (f"a{number:012}",))
                del hits[number]
        assert len(found(store, "tank")) == len(hits)
        for number, word in texts.items():
            assert len(found(store, word)) == (number in hits)
        assert store.upkeep.check() == []


def test_stories_and_hits_are_found_by_their_words(store: Store) -> None:
    store.articles.add([judged(1, title="Brigade at the river"), judged(2, title="Brigade in the north")])
    store.hits.add([hit(1)])
    store.stories.add(story(1))
    assert [row.id for row in store.listing.page(Wanted(text="brigade"), NOW + 9, limit=5)] == ["s000000000001"]
    assert [one.article_id for _, one, _ in store.hits.search(text="brigade")] == ["a000000000001"]
    assert store.hits.search(text="brigade -river") == store.hits.search(text="-brigade") == []
    assert len(store.articles.search(text="brigade")) == 2


def test_an_index_that_does_not_fit_is_found_and_mended(store: Store) -> None:
    store.articles.add([judged(1, title="Brigade at the river")])
    store.hits.add([hit(1)])
    store._db.execute("DROP TRIGGER hits_fts_before")
    store._db.execute("UPDATE articles SET title = 'Another' WHERE number = 1")
    assert any("full-text" in one for one in store.upkeep.check())
    store.upkeep.mend_index()
    assert store.upkeep.check() == []
    assert (found(store, "brigade"), found(store, "another")) == ([], [1])


def test_places_are_a_filter(store: Store) -> None:
    store.articles.add([judged(1), judged(2)])
    store.hits.add([hit(1), hit(2)])
    store._db.execute(
        "INSERT INTO places (article_id, countries, place, kind, lat, lon, sure, borders, why, words) "
        "VALUES ('a000000000001', '[\"BY\"]', 'Homel', 'place', 52.4, 31.0, 'sure', '{}', '', '[]')"
    )
    store.stories.add(story(1))
    store.stories.add(story(2, article=story(2).article))
    assert [row.id for row in store.listing.page(Wanted(place=("Homel",)), NOW + 9, limit=5)] == ["s000000000001"]
    assert store.listing.page(Wanted(place=("Minsk",)), NOW + 9, limit=5) == []
    look = store.listing.look(Wanted(place=("Homel",), country=("BY",), rule=("border",)), NOW + 9, limit=5)
    assert (look.total, look.counts["rule"]) == (1, {"border": 1})
