"""Articles become stories in the pipeline, and stay so over edits, restarts, merges, and what a person decides."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor import desk
from monitor.desk import Desk
from monitor.errors import StoreError, UsageError
from monitor.model import Article, Novelty
from monitor.store import Store
from monitor.story.features import Features, features
from monitor.story.naming import story_id
from tests.desk_world import FIRE, HELD, HOUR, SANK, SINKS, SMOKE, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.store.close()


def first_two(world: World) -> str:
    """Two sources report one event, an hour apart; return the story."""
    world.poll(world.article("1", SINKS))
    world.later(1).poll(world.article("2", SANK, "plover"))
    return story_id("a1")


# --- growing ---------------------------------------------------------------------------------------------------------


def test_two_reports_of_one_event_are_one_story_and_one_alert(world: World) -> None:
    one = world.poll(world.article("1", SINKS))
    two = world.later(1).poll(world.article("2", SANK, "plover"))
    (opened,), (grown,) = one.changes, two.changes
    assert opened.story.id == grown.story.id == story_id("a1")
    assert (opened.joined, grown.joined) == (("a1",), ("a2",))
    assert [hit.article_id for hit in grown.fresh] == ["a2"]
    first, second = grown.story.members
    assert (first.join, second.join, second.like) == ("opens", "same", "a1")
    assert {"aurelia", "kotor"} <= set(second.shared)
    assert second.at == world.now
    assert world.alerts() == [("story", SINKS[0])]
    (said,) = [one.decision for one in world.store.alerts.decisions(grown.story.id) if one.at == world.now]
    assert (said.policy, said.reason) == ("change", "new sources and credibility, for which no update is wanted here")


def test_what_a_change_carries_is_what_the_store_has(world: World) -> None:
    first_two(world)
    (change,) = world.later(1).poll(world.article("3", HELD, "wader")).changes
    stored = world.store.stories.get(change.story.id)
    assert stored is not None
    assert stored.members == change.story.members
    assert (stored.article, stored.novelty, stored.first_seen) == (
        change.story.article,
        change.story.novelty,
        change.story.first_seen,
    )


def test_a_new_rule_is_an_update_of_the_same_story(world: World) -> None:
    first_two(world)
    world.later(1).poll(world.article("3", HELD, "wader"))
    assert world.alerts() == [("story", SINKS[0]), ("update", HELD[0])]
    assert {alert.story_id for _, alert in world.store.alerts.after(0)} == {story_id("a1")}


def test_the_most_severe_then_the_most_reliable_then_the_first_speaks(world: World) -> None:
    story = first_two(world)
    speaks = [world.store.stories.get(story)]
    world.later(1).poll(world.article("3", (SANK[0] + ", again", SANK[1]), "wader"))
    speaks.append(world.store.stories.get(story))
    world.later(1).poll(world.article("4", HELD, "kestrel"))
    speaks.append(world.store.stories.get(story))
    assert [one and one.article.id for one in speaks] == ["a2", "a2", "a4"]


def test_articles_of_one_event_in_two_languages_are_one_story(world: World) -> None:
    russian = ("Макарска: пожар на пароме, 14 пострадавших", "Он шёл из Дубровника, сказал Бегович. Паром буксируют.")
    english = ("Fire on a ferry near Makarska hurts 14", "It came from Dubrovnik, Begovic said.")
    world.poll(world.article("1", russian, language="ru"))
    world.later(1).poll(world.article("2", english, "plover"))
    assert world.stories() == {frozenset({"a1", "a2"})}


def test_history_joins_a_story_and_tells_nothing(world: World) -> None:
    world.poll(world.article("1", SINKS, published_at=world.now - HOUR), primed=False)
    assert [one.story.novelty for one in world.poll(world.article("1", SINKS)).changes] == []
    assert (world.store.waiting.any(), world.stories()) == (True, set())
    report = world.pipeline.settle(world.now)
    assert (len(report.changes), report.hits, report.gates["suppressed", "history"]) == (1, [], 1)
    assert world.pipeline.settle(world.now).changes == []
    (listed,) = world.store.stories.search()
    assert (listed.novelty, world.alerts()) == (Novelty.HISTORY, [])
    world.later(1).poll(world.article("2", SANK, "plover"))
    (listed,) = world.store.stories.search()
    assert (listed.novelty, listed.article_id, listed.articles, listed.sources) == (Novelty.NEW, "a2", 2, 2)
    assert world.alerts() == [("story", SANK[0])]
    world.poll(world.article("3", HELD, "wader", published_at=world.now - HOUR), primed=False)
    assert len(world.alerts()) == 1
    assert len(world.stories()) == 1


def test_news_finds_the_past_in_its_story_though_nobody_had_time_for_it(world: World) -> None:
    world.poll(world.article("1", SINKS, published_at=world.now - HOUR), primed=False)
    world.restart()
    world.later(1).poll(world.article("2", SANK, "plover"))
    assert (world.stories(), world.store.waiting.any()) == ({frozenset({"a1", "a2"})}, False)
    assert world.alerts() == [("story", SANK[0])]


def test_an_article_that_cannot_be_grouped_holds_the_others_up_no_longer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"1": SINKS, "2": FIRE, "3": HELD}
    world.poll(
        *(world.article(name, text, published_at=world.now - HOUR) for name, text in texts.items()), primed=False
    )

    def broken(article: Article) -> Features:
        if article.id == "a2":
            raise ZeroDivisionError
        return features(article)

    monkeypatch.setattr(desk, "features", broken)
    for _ in range(4):
        world.pipeline.settle(world.now)
    assert world.stories() == {frozenset({"a1", "a3"})}
    assert not world.store.waiting.any()


def test_an_article_without_hits_is_in_no_story(world: World) -> None:
    report = world.poll(world.article("1", ("Tram fares go up in Sibiu", "From May on.")))
    assert (report.changes, world.stories()) == ([], set())


# --- edits -----------------------------------------------------------------------------------------------------------


def test_an_edit_stays_in_its_story_and_is_found_by_its_new_words(world: World) -> None:
    world.poll(world.article("1", SINKS))
    report = world.later(1).poll(world.article("1", ("Ferry Aurelia: skipper Begovic held at Herceg Novi", "Police.")))
    (change,) = report.changes
    assert (change.joined, change.fresh) == ((), ())
    world.later(1).poll(world.article("2", ("Skipper Begovic of the ferry held in Herceg Novi", "Police."), "plover"))
    assert world.stories() == {frozenset({"a1", "a2"})}
    assert world.alerts() == [("story", SINKS[0])]


def test_an_edit_that_brings_its_first_hit_joins_as_any_article(world: World) -> None:
    world.poll(world.article("1", SINKS))
    world.poll(world.article("2", ("Two deckhands missing", "Details follow."), "plover"))
    assert world.stories() == {frozenset({"a1"})}
    (change,) = world.later(1).poll(world.article("2", SANK, "plover")).changes
    assert change.joined == ("a2",)
    assert world.stories() == {frozenset({"a1", "a2"})}


def test_an_edit_after_the_window_stays_in_its_story(world: World) -> None:
    first_two(world)
    world.later(100)
    later = world.article("1", (HELD[0], "It was days ago."), published_at=world.now)
    (change,) = world.poll(later).changes
    assert (change.story.id, change.joined) == (story_id("a1"), ())
    assert {hit.rule_id for hit in change.fresh} == {"captain"}
    for _ in range(2):  # it is found no more, neither before nor after a restart
        world.later(1).poll(world.article(f"n{world.now:.0f}", HELD, "wader"))
        world.restart()
    assert frozenset({"a1", "a2"}) in world.stories()


def test_history_that_is_edited_without_a_new_hit_is_no_news(world: World) -> None:
    world.poll(world.article("1", SINKS, published_at=world.now - HOUR), primed=False)
    world.later(1).poll(world.article("1", (SINKS[0], "Divers search for three deckhands.")))
    assert world.alerts() == []
    world.later(1).poll(world.article("1", (HELD[0], SINKS[1])))
    assert world.alerts() == [("story", HELD[0])]


# --- merging ---------------------------------------------------------------------------------------------------------


def merged(world: World) -> tuple[str, str]:
    """Two stories prove to be one; return the one that stays and the one that is gone."""
    world.poll(world.article("1", FIRE))
    world.later(1).poll(world.article("2", SMOKE, "plover"))
    assert len(world.stories()) == 2
    edit = world.article("2", ("Fire at Zenica steelworks closes school", FIRE[1]), "plover")
    (change,) = world.later(0.5).poll(edit).changes
    assert change.merged == (story_id("a2"),)
    return story_id("a1"), story_id("a2")


def test_the_younger_story_becomes_part_of_the_older_and_stays_readable(world: World) -> None:
    kept, gone = merged(world)
    assert world.stories() == {frozenset({"a1", "a2"})}
    store = world.store
    assert (store.stories.current(gone), store.stories.merged_into(kept)) == (kept, [gone])
    found = store.stories.get(gone)
    assert found is not None
    assert found.id == kept
    assert store.alerts.of_story(gone)  # what was told stays under the story that it was told of
    assert store.alerts.decisions(gone)
    assert store.upkeep.check() == []


def test_after_a_merge_nothing_is_told_twice(world: World) -> None:
    merged(world)
    told = world.alerts()
    world.later(1).poll(world.article("3", (FIRE[0] + ": works closed", FIRE[1]), "wader"))
    assert world.alerts() == told


def test_a_merged_story_is_pruned_with_the_one_it_is_part_of(world: World) -> None:
    kept, gone = merged(world)
    retention = world.config.settings.retention.model_copy(update={"hits": 86400.0})
    world.store.alerts.drop([one.delivery.id for one in world.store.alerts.list()], world.now, "test")
    world.store.upkeep.prune(retention, world.now + HOUR)
    assert world.store.stories.current(gone) == kept
    world.store.upkeep.prune(retention, world.now + 200 * HOUR)
    assert (world.store.stories.listed(kept), world.store.stories.listed(gone)) == (None, None)


# --- time, restarts and failures -------------------------------------------------------------------------------------


def test_after_the_window_a_story_is_joined_no_more(world: World) -> None:
    first_two(world)
    world.later(73).poll(world.article("3", SANK, "wader"))
    assert world.stories() == {frozenset({"a1", "a2"}), frozenset({"a3"})}


def test_a_restart_goes_on_with_the_stories_of_the_window(world: World) -> None:
    first_two(world)
    world.restart()
    (change,) = world.later(1).poll(world.article("3", HELD, "wader")).changes
    assert change.story.id == story_id("a1")
    assert [one.article.id for one in change.story.members] == ["a1", "a2", "a3"]


def test_what_a_failed_transaction_grouped_is_forgotten(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.poll(world.article("1", SINKS))
    article = world.article("2", SANK, "plover")
    with monkeypatch.context() as broken:
        broken.setattr(world.store.pulses, "save", lambda _: world.store.sources.save([Broken()]))
        with pytest.raises(AttributeError):
            world.later(1).poll(article)
    assert world.stories() == {frozenset({"a1"})}
    (change,) = world.later(1).poll(article).changes
    assert change.joined == ("a2",)
    assert world.stories() == {frozenset({"a1", "a2"})}


class Broken:
    """What no table takes."""


def undone(world: World) -> None:
    with world.store.transaction():
        first_two(world)
        raise StoreError("no room")


def test_a_transaction_around_several_polls_that_fails_is_forgotten_too(world: World) -> None:
    with pytest.raises(StoreError):
        undone(world)
    assert world.stories() == set()
    first_two(world)
    assert world.stories() == {frozenset({"a1", "a2"})}


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_what_was_split_stays_split(world: World) -> None:
    story = first_two(world)
    with Store.open(world.folder / "monitor.db") as other_process:
        new = desk.split(other_process, story, ["a2"], world.now)
    parted = {frozenset({"a1"}), frozenset({"a2"})}
    assert world.stories() == parted
    world.later(1).poll(world.article("2", (SANK[0] + " still", SANK[1]), "plover"))  # as like the first as before
    world.restart()
    world.later(1).poll(world.article("1", (SINKS[0] + " today", SINKS[1])))
    assert world.stories() == parted
    assert {one.join for one in world.store.stories.members(new)} == {"hand"}
    assert "parted by hand" in world.store.alerts.decisions(new)[0].decision.reason


def test_what_was_merged_by_hand_grows_as_one(world: World) -> None:
    world.poll(world.article("1", SINKS))
    world.later(1).poll(world.article("2", FIRE, "plover"))
    with Store.open(world.folder / "monitor.db") as other_process:
        assert desk.merge(other_process, story_id("a2"), story_id("a1"), world.now) == (story_id("a1"), story_id("a2"))
    world.later(1).poll(world.article("3", (FIRE[0] + " burns on", FIRE[1]), "wader"))
    world.restart()
    world.later(1).poll(world.article("4", SANK, "wader"))
    assert world.stories() == {frozenset({"a1", "a2", "a3", "a4"})}


def test_split_and_merge_undo_each_other(world: World) -> None:
    story = first_two(world)
    for _ in range(2):
        new = desk.split(world.store, story, ["a1"], world.now)
        assert world.store.stories.current(new) == new
        kept, gone = desk.merge(world.store, story, new, world.now)
        assert world.stories() == {frozenset({"a1", "a2"})}
        assert world.store.stories.apart(kept) == []
        assert world.store.stories.current(gone) == kept
        story = kept
    assert world.store.upkeep.check() == []


@pytest.mark.parametrize("articles", [["a1", "a2"], ["a1", "nobody"], ["nobody"]])
def test_only_some_of_its_articles_can_be_parted_from_a_story(world: World, articles: list[str]) -> None:
    story = first_two(world)
    with pytest.raises(UsageError):
        desk.split(world.store, story, articles, world.now)
    assert world.stories() == {frozenset({"a1", "a2"})}


# --- whatever comes --------------------------------------------------------------------------------------------------

TITLES = [text[0] for text in (SINKS, SANK, HELD, FIRE, SMOKE)] + [
    "Fire at Zenica steelworks closes school",
    "Ferry Aurelia: fire under the smoke of Zenica",
    "Ferry",
    "Kotor and Zenica: tram fares go up",  # hit, too
    "Tram fares go up in Sibiu",  # not hit
]
ARTICLES = st.tuples(
    st.integers(0, 7),  # name: of the same name it is an edit
    st.sampled_from(TITLES),
    st.sampled_from([SINKS[1], SANK[1], FIRE[1], ""]),
    st.floats(-80, 0),  # hours before the poll
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("poll"), st.lists(ARTICLES, min_size=1, max_size=3), st.floats(0, 30), st.booleans()),
        st.tuples(st.just("split"), st.integers(0, 7)),
        st.tuples(st.just("merge"), st.integers(0, 7), st.integers(0, 7)),
    ),
    max_size=10,
)


def play(world: World, steps: list[Any], *, restarts: bool) -> list[tuple[Any, ...]]:
    """Do these steps and return what the tables say in the end."""
    for what, *values in steps:
        if restarts:
            world.restart()
        if what == "poll":
            articles, hours, primed = values
            world.now += hours * HOUR
            sources = ("kestrel", "plover", "wader")
            made = [
                world.article(str(n), (title, text), sources[n % 3], published_at=world.now + ago * HOUR)
                for n, title, text, ago in articles
            ]
            world.poll(*made, primed=primed)
            continue
        listed = sorted(one.id for one in world.store.stories.search(limit=100))
        if not listed:
            continue
        one, other = (listed[number % len(listed)] for number in (values[0], values[-1]))
        articles = world.store.stories.articles(one)
        if what == "split" and len(articles) > 1:
            desk.split(world.store, one, articles[::2], world.now)
        elif what == "merge" and one != other:
            desk.merge(world.store, one, other, world.now)
    assert world.store.upkeep.check() == []
    return [
        row
        for ask in (
            "SELECT * FROM stories ORDER BY id",
            "SELECT * FROM story_articles ORDER BY story_id, article_id",
            "SELECT * FROM stories_apart ORDER BY 1, 2",
            "SELECT id, kind, title FROM alerts ORDER BY id",
        )
        for row in world.store._db.rows(ask)
    ]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    World(folder).store.close()
    return folder


def test_articles_that_no_rule_hits_tell_how_rare_terms_are(world: World) -> None:
    """Where all that is hit is about one affair, its words count for little; the sample knows that they are rare."""
    for number in range(20):
        world.later(1).poll(world.article(f"k{number}", (f"Kotor: council votes, part {number}", "On the ferry.")))
    alone = rarity_of("kotor", world)
    world.poll(*(world.article(f"o{number}", (f"Tram fares in town {number} go up", "")) for number in range(200)))
    world.later(1).poll(world.article("f", SINKS, "plover"))
    assert rarity_of("kotor", world) > alone + 0.5


def rarity_of(term: str, world: World) -> float:
    world.pipeline.desk = Desk(world.store, one_in=2)
    world.later(1).poll(world.article(f"at{world.now:.0f}", FIRE, "wader"))
    assert world.pipeline.desk._grouping is not None
    return world.pipeline.desk._grouping.window.rarity[term]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_a_monitor_that_restarts_has_the_same_stories_as_one_that_does_not(
    template: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[Any]
) -> None:
    told = []
    for restarts in (False, True):
        folder = tmp_path_factory.mktemp("run") / "copy"
        shutil.copytree(template, folder)
        world = World(folder)
        try:
            told.append(play(world, steps, restarts=restarts))
        finally:
            world.store.close()
    assert told[0] == told[1]
