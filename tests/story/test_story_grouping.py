"""Which articles become one story: cases in many languages, and what holds for any articles."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Article
from monitor.story.features import features
from monitor.story.grouping import WINDOW, Grouping, Join
from monitor.story.naming import story_id
from monitor.story.window import POSTED
from tests.story.story_builders import HOUR, article

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "stories.yaml").read_text(encoding="utf-8"))


def grouped(batches: Iterable[Iterable[Article]]) -> Grouping:
    grouping = Grouping()
    for batch in batches:
        grouping.add([features(one) for one in batch])
    return grouping


def groups(grouping: Grouping) -> set[frozenset[str]]:
    return {frozenset(story.articles) for story in grouping.stories.values()}


def of_case(case: dict[str, Any]) -> list[Article]:
    return [
        article(name, one["title"], one.get("text", ""), **{k: v for k, v in one.items() if k not in ("title", "text")})
        for name, one in case["articles"].items()
    ]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
@pytest.mark.parametrize("singly", [False, True], ids=["one batch", "one by one"])
def test_a_case_becomes_its_stories(case: dict[str, Any], singly: bool) -> None:
    found = of_case(case)
    grouping = grouped([[one] for one in found] if singly else [found])
    assert groups(grouping) == {frozenset(story) for story in case["stories"]}


def test_a_story_keeps_the_id_of_the_article_that_opened_it_while_it_grows() -> None:
    grouping = Grouping()
    first = grouping.add([features(article("a", "Ferry Aurelia sinks in the Bay of Kotor", "Divers search."))])
    later = grouping.add([features(article("b", "Divers search Bay of Kotor: ferry Aurelia sank", hours=2))])
    assert [one.story_id for one in (*first, *later)] == [story_id("a")] * 2
    assert first[0].join is Join.OPENS
    assert later[0].like == "a"
    assert {"aurelia", "kotor"} <= set(later[0].terms)


def test_a_copy_is_told_from_other_words_and_from_a_development() -> None:
    text = "The bridge over the Drin at Kukes gave way on Sunday under a lorry with gravel, and its driver swam ashore."
    grouping = Grouping()
    placed = {
        name: grouping.add([features(one)])[0].join
        for name, one in {
            "first": article("first", "Bridge over the Drin gives way", text),
            "copy": article("copy", "Lorry falls into the Drin", text, hours=1),
            "same": article("same", "Drin bridge at Kukes gave way under a lorry", hours=0.5),
            "new": article("new", "Drin bridge at Kukes: engineer arrested, 12 fined", "Lorry driver heard.", hours=9),
        }.items()
    }
    assert placed == {"first": Join.OPENS, "copy": Join.COPY, "same": Join.SAME, "new": Join.DEVELOPMENT}


def test_a_flood_of_one_text_in_one_batch_is_one_story() -> None:
    text = "The bridge over the Drin at Kukes gave way on Sunday under a lorry with gravel, and its driver swam ashore."
    flood = [article(f"a{n}", "Bridge over the Drin gives way", text, hours=n / 100) for n in range(POSTED * 2)]
    assert len(groups(grouped([flood]))) == 1


def test_an_article_that_is_twice_in_a_batch_is_placed_once() -> None:
    first = article("a", "Ferry Aurelia sinks in the Bay of Kotor")
    later = article("a", "Tram fares go up in Sibiu", hours=1)
    grouping = Grouping()
    assert len(grouping.add(map(features, [later, first]))) == 1
    assert grouping.window.articles["a"] == features(later)
    grouping.expire(float("inf"))
    assert not grouping.window._terms


def test_the_same_address_is_the_same_story_whatever_the_headline_became() -> None:
    text = "Power is out in Gjirokaster."
    first = article("a", "Storm over Gjirokaster", text, url="https://example.org/storm")
    other = article("b", "Lights back on after night of gales", text, url="https://example.org/storm", hours=20)
    assert len(groups(grouped([[first], [other]]))) == 1


def test_a_source_that_gives_all_its_entries_one_address_does_not_make_one_story() -> None:
    titles = ("Storm over Gjirokaster", "Opera house sold to a hotelier", "Chess league begins", "Tram fares go up")
    found = [article(f"a{n}", title, url="https://example.org/news") for n, title in enumerate(titles)]
    assert len(groups(grouped([found]))) == len(titles)


def test_an_edited_article_stays_in_its_story_and_is_found_by_its_new_words() -> None:
    grouping = grouped([[article("a", "Ferry Aurelia sinks in the Bay of Kotor")]])
    edited = grouping.add([features(article("a", "Ferry Aurelia sinks near Herceg Novi, captain Begovic held"))])
    after = grouping.add([features(article("b", "Captain Begovic held in Herceg Novi", hours=3))])
    assert edited[0].story_id == after[0].story_id == story_id("a")
    assert groups(grouping) == {frozenset("ab")}
    assert len(grouping.window.articles) == 2


def test_two_stories_that_prove_to_be_one_are_merged_into_the_older() -> None:
    fire = article("a", "Fire at Zenica steelworks", "Blast furnace stands still.")
    smoke = article("b", "Smoke above Zenica: school closed", "Children were sent home.", hours=1)
    grouping = grouped([[fire], [smoke]])
    assert len(groups(grouping)) == 2
    edited = article("b", "Fire at Zenica steelworks closes school", "Blast furnace stands still.", hours=1)
    placed = grouping.add([features(edited)])
    assert placed[0].merged == (story_id("b"),)
    assert grouping.story_of == {"a": story_id("a"), "b": story_id("a")}


def ferries() -> Grouping:
    """Return one story of three articles."""
    titles = (
        "Ferry Aurelia sinks in the Bay of Kotor",
        "Aurelia sinks: divers in Bay of Kotor",
        "Kotor ferry Aurelia sank",
    )
    found = grouped(
        [[article(name, title, hours=n)] for n, (name, title) in enumerate(zip("abc", titles, strict=True))]
    )
    assert groups(found) == {frozenset("abc")}
    return found


def test_what_was_split_by_hand_stays_split() -> None:
    grouping = ferries()
    new = grouping.split(story_id("a"), ["c"])
    assert groups(grouping) == {frozenset("ab"), frozenset("c")}
    again = grouping.add([features(article("c", "Ferry Aurelia sinks in the Bay of Kotor", hours=2))])
    other = grouping.add([features(article("d", "Ferry Aurelia sank in the Bay of Kotor", hours=3))])
    assert again[0].story_id == new
    assert again[0].merged == other[0].merged == ()
    assert grouping.story_of["c"] == new != grouping.story_of["a"]


def test_what_was_split_can_be_merged_by_hand_again_and_then_be_split_otherwise() -> None:
    grouping = ferries()
    grouping.merge(story_id("a"), grouping.split(story_id("a"), ["b", "c"]))
    assert groups(grouping) == {frozenset("abc")}
    assert not grouping.stories[story_id("a")].apart
    grouping.split(story_id("a"), ["a"])
    assert groups(grouping) == {frozenset("a"), frozenset("bc")}


def test_a_split_outlives_the_merging_of_one_side_into_another_story() -> None:
    grouping = ferries()
    new = grouping.split(story_id("a"), ["c"])
    opened = grouping.add([features(article("e", "Opera house sold to a hotelier"))])[0].story_id
    grouping.merge(opened, new)
    assert story_id("a") in grouping.stories[opened].apart
    assert opened in grouping.stories[story_id("a")].apart


@pytest.mark.parametrize("chosen", [[], ["a", "b", "c"], ["a", "x"]])
def test_a_split_must_leave_something_on_both_sides(chosen: list[str]) -> None:
    with pytest.raises(ValueError, match="some, but not all"):
        ferries().split(story_id("a"), chosen)


def test_what_is_older_than_the_window_is_forgotten_wholly() -> None:
    grouping = grouped([[article("a", "Ferry Aurelia sinks in the Bay of Kotor"), article("b", "Tram fares go up")]])
    start = article("a", "x").published_at or 0.0
    assert grouping.expire(start + WINDOW) == 0
    assert grouping.expire(start + WINDOW + 1) == 2
    assert not grouping.stories
    assert not grouping.story_of
    assert not grouping.window.rarity.counts
    assert not grouping.window.rarity.titles
    assert not grouping.window._terms
    assert not grouping.window._shingles


def test_articles_farther_apart_than_the_window_are_never_one_story() -> None:
    title, text = "Ferry Aurelia sinks in the Bay of Kotor", "Divers search for two missing deckhands near the buoy."
    found = [article("a", title, text), article("b", title, text, hours=WINDOW / HOUR + 1)]
    assert len(groups(grouped([found]))) == 2


def test_a_restored_grouping_goes_on_as_the_one_that_never_stopped() -> None:
    case = next(case for case in CASES if case["name"].startswith("over languages"))
    found = sorted(of_case(case), key=lambda one: (one.published_at, one.id))
    whole = grouped([[one] for one in found])
    restarted = Grouping()
    before = grouped([[one] for one in found[:2]])
    restarted.load(before.stories.values(), [before.window.articles[one.id] for one in found[:2]])
    for one in found[2:]:
        restarted.add([features(one)])
    assert restarted.story_of == whole.story_of


def test_what_one_outlet_says_in_every_title_is_no_evidence_between_its_articles() -> None:
    towns = "Drava Neretva Lipik Omis Sisak Trogir Vinkovci Gospic Krapina Delnice Otocac Slunj".split()
    clubs = [one[:4] + other[-3:] for one in towns for other in towns]
    languages = ("en", "", "cs")  # headlines of names are taken for many
    found = [
        article(
            f"m{n}",
            f"{clubs[2 * n]} vs {clubs[2 * n + 1]} Fantasy Tips, Pitch Report, Probable Updates",
            source="tips",
            lang=languages[n % 3],
        )
        for n in range(48)
    ]
    assert max(len(story) for story in groups(grouped([found]))) == 1


WORDS = (
    "ferry Aurelia Kotor divers deckhand Zenica furnace steelworks 12 seven Drin bridge Россия Минск учения день day"
)
TEXTS = st.lists(st.sampled_from(WORDS.split()), max_size=12).map(" ".join)
ARTICLES = st.lists(
    st.builds(
        lambda number, title, text, hours, lang: article(f"a{number}", title, text, hours=hours, lang=lang),
        st.integers(0, 30),
        TEXTS | st.text(max_size=40),
        TEXTS | st.text(max_size=200),
        st.integers(-200, 200),
        st.sampled_from(["en", "ru", "uk", "zh", "", "xx"]),
    ),
    max_size=14,
    unique_by=lambda one: one.id,
)


@settings(max_examples=60, deadline=None)
@given(ARTICLES, st.randoms(use_true_random=False))
def test_the_order_within_a_batch_changes_nothing(found: list[Article], chance: Any) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    one, other = Grouping(), Grouping()
    assert one.add(map(features, found)) == other.add(map(features, shuffled))
    assert groups(one) == groups(other)


@settings(max_examples=60, deadline=None)
@given(st.lists(ARTICLES, max_size=4))
def test_every_article_is_in_exactly_one_story_whatever_comes_again_or_expires(batches: list[list[Article]]) -> None:
    grouping = Grouping()
    for batch in batches:
        placed = grouping.add(map(features, batch))
        assert [one.article_id for one in placed] == [
            one.id for one in sorted(batch, key=lambda one: (one.published_at, one.id))
        ]
        members = [one for story in grouping.stories.values() for one in story.articles]
        assert sorted(members) == sorted(grouping.story_of) == sorted(grouping.window.articles)
        assert all(one in grouping.stories[story].articles for one, story in grouping.story_of.items())
        grouping.expire(1_652_140_800.0)
    grouping.expire(float("inf"))
    assert not grouping.stories
    assert not grouping.window.rarity.counts
