"""Where articles are, as every backend of the store keeps it."""

import pytest
from store_builders import NOW, hit, judged

from monitor.model import Located, Novelty
from monitor.settings import Retention
from monitor.store import Store

A1, A2 = "a000000000001", "a000000000002"
MOZYR = Located(
    countries=("BY", "UA"),
    place="Mazyr",
    kind="place",
    lat=52.0495,
    lon=29.2456,
    sure="sure",
    borders={"UA": 46.6, "RU-UA": 174.4},
    why="named by 'Мозырь' (title)",
    words=("Мозырь",),
)
COUNTRY = Located(countries=("UA",), place="Ukraine", kind="country", sure="guess")


@pytest.fixture(autouse=True)
def hits(store: Store) -> None:
    store.articles.add([judged(1), judged(2)])
    store.hits.add([hit(1), hit(2)])


def test_a_place_comes_back_as_it_was(store: Store) -> None:
    store.places.add({A1: MOZYR, A2: COUNTRY})
    assert store.places.of([A1, A2, "a-unknown"]) == {A1: MOZYR, A2: COUNTRY}
    assert store.places.of([]) == {}


def test_the_latest_place_counts_and_one_that_is_gone_is_forgotten(store: Store) -> None:
    store.places.add({A1: MOZYR, A2: COUNTRY})
    store.places.add({A1: COUNTRY, A2: Located(countries=())})
    assert store.places.of([A1, A2]) == {A1: COUNTRY}


def test_hits_are_searched_by_country(store: Store) -> None:
    store.places.add({A1: MOZYR, A2: COUNTRY})
    assert [one.article_id for _, one, _ in store.hits.search(country="BY")] == [A1]
    assert [one.article_id for _, one, _ in store.hits.search(country="UA")] == [A2, A1]
    assert store.hits.search(country="PL") == []


def test_a_place_goes_with_its_article(store: Store) -> None:
    store.places.add({A1: MOZYR})
    store.upkeep.prune(Retention(hits=1.0, articles=1.0), NOW + 1e9)
    assert store.places.of([A1]) == {}
    assert store.articles.novelty(A1) is None


def test_words_that_sqlite_cannot_hold_are_kept_as_far_as_they_can_be(store: Store) -> None:
    store.articles.add([judged(3, Novelty.NEW)])
    store.places.add({"a000000000003": Located(countries=("BY",), place="Brest", why="\ud800", words=("\ud800",))})
    assert store.places.of(["a000000000003"])["a000000000003"].words == ("?",)
