"""New is said once, every edit once; ids that change, repeat or are missing do not matter; archives are history."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from monitor.extract import extract
from monitor.extract.novelty import asked, decide
from monitor.model import Article, Entry, Judged, Known, Novelty, Source

NOW = 1_700_000_000.0
DAY = 86400.0
SITE = "https://wire.example"


class Memory:
    """What a store remembers, in dictionaries: sightings by source and identity, articles by URL."""

    def __init__(self) -> None:
        self.sightings: dict[tuple[str, str], Known] = {}
        self.articles: dict[str, Known] = {}

    def poll(self, entries: Sequence[Entry], source: str = "wire", **how: object) -> list[Judged]:
        """Extract, decide and remember, as the pipeline does."""
        options = {"primed": True, "backfill": False, "whole": True, "last_success": NOW - 900, "now": NOW} | how
        articles = [article(entry, source) for entry in entries]
        known = {key: self.sightings[source, key] for key in asked(articles) if (source, key) in self.sightings}
        judged = decide(articles, source_id=source, known=known, by_url=self.by_url(articles), **options)  # type: ignore[arg-type]
        for one in judged:
            self.remember(one, source)
        return list(judged)

    def by_url(self, articles: Sequence[Article]) -> dict[str, Known]:
        found = {}
        for known in reversed(self.articles.values()):
            if known.url:
                sharing = sum(one.url == known.url for one in self.articles.values())
                found[known.url] = replace(known, shared=sharing > 1)
        return {one.url: found[one.url] for one in articles if one.url in found}

    def remember(self, one: Judged, source: str) -> None:
        if one.novelty is Novelty.KNOWN:
            return
        new = one.article
        known = Known(
            article_id=new.id,
            source_id=source,
            identity=new.identity,
            content_hash=new.content_hash,
            version=new.version,
            url=new.url,
        )
        self.sightings[source, new.identity] = known
        if one.novelty in (Novelty.NEW, Novelty.HISTORY):
            assert new.id not in self.articles, "stored as fresh twice"
            self.articles[new.id] = known
        elif one.novelty is Novelty.EDITED:
            was = self.articles[new.id]
            assert new.version == was.version + 1
            self.articles[new.id] = replace(known, identity=was.identity, source_id=was.source_id)


def article(entry: Entry, source: str) -> Article:
    return extract(
        entry,
        source=Source(id=source, url=f"https://{source}.example/feed"),
        feed_language="en",
        base_url=f"https://{source}.example/",
        now=NOW,
    )


def entry(
    number: int, *, guid: str | None = None, title: str = "", text: str = "x", at: float | None = NOW, **more: str
) -> Entry:
    return Entry(
        guid=f"id-{number}" if guid is None else guid,
        link=more.get("link", f"{SITE}/story-{number}"),
        title=title or f"Report {number} about place{number} and name{number}",
        summary=text,
        published_at=at,
    )


def novelties(judged: Sequence[Judged]) -> list[str]:
    assert all(one.reason for one in judged)
    return [one.novelty.value for one in judged]


def test_the_first_poll_is_history_unless_it_shall_be_told() -> None:
    assert novelties(Memory().poll([entry(1), entry(2)], primed=False, last_success=None)) == ["history"] * 2
    told = Memory().poll([entry(1), entry(2, at=NOW - 90 * DAY)], primed=False, last_success=None, backfill=True)
    assert novelties(told) == ["new"] * 2


def test_new_once_then_known_then_edited_once() -> None:
    memory = Memory()
    assert novelties(memory.poll([entry(1)])) == ["new"]
    assert novelties(memory.poll([entry(1)])) == ["known"]
    (edit,) = memory.poll([entry(1, text="y")])
    assert (edit.novelty, edit.article.version) == (Novelty.EDITED, 2)
    assert novelties(memory.poll([entry(1, text="y")])) == ["known"]
    assert novelties(memory.poll([])) == []
    assert novelties(memory.poll([entry(1, text="y")])) == ["known"]


def test_an_id_that_changes_at_each_poll_makes_nothing_new() -> None:
    memory = Memory()
    (first,) = memory.poll([entry(1, guid="a")])
    (again,) = memory.poll([entry(1, guid="b")])
    assert (again.novelty, again.article.id, again.article.identity) == (Novelty.KNOWN, first.article.id, "a")
    (edit,) = memory.poll([entry(1, guid="c", title="Report 1 about place1 and name1, corrected")])
    assert (edit.novelty, edit.article.id, edit.article.version) == (Novelty.EDITED, first.article.id, 2)
    assert novelties(memory.poll([entry(1, guid="d", title="Report 1 about place1 and name1, corrected")])) == ["known"]


def test_an_item_listed_under_its_old_and_its_new_id_is_one_article() -> None:
    memory = Memory()
    assert novelties(memory.poll([entry(1, guid="a"), entry(1, guid="b")])) == ["new", "known"]
    assert novelties(memory.poll([entry(1, guid="a"), entry(1, guid="b")])) == ["known", "known"]


def test_two_texts_under_one_id_do_not_take_turns() -> None:
    memory = Memory()
    both = [entry(1, text="x"), entry(1, text="y")]
    assert novelties(memory.poll(both)) == ["new", "known"]
    assert novelties(memory.poll(both)) == ["known", "known"]


def test_one_id_for_all_items_still_tells_them_apart_by_their_links() -> None:
    memory = Memory()
    both = [entry(1, guid="feed"), entry(2, guid="feed")]
    assert novelties(memory.poll(both)) == ["new", "new"]
    assert novelties(memory.poll(both)) == ["known", "known"]
    changed = [entry(1, guid="feed", text="y"), entry(2, guid="feed")]
    assert novelties(memory.poll(changed)) == ["edited", "known"]


@pytest.mark.parametrize("link", [SITE, f"{SITE}/", f"{SITE}/index.html"])
def test_items_that_all_link_to_the_home_page_are_articles_of_their_own(link: str) -> None:
    memory = Memory()
    items = [entry(number, link=link) for number in range(4)]
    assert novelties(memory.poll(items)) == ["new"] * 4
    assert novelties(memory.poll([*items, entry(9, link=link)])) == ["known"] * 4 + ["new"]
    assert all(one.article.url == "" for one in memory.poll(items))


@pytest.mark.parametrize("guid", [None, ""])
def test_items_that_share_one_page_are_articles_of_their_own(guid: str | None) -> None:
    memory = Memory()
    items = [entry(number, guid=guid, link=f"{SITE}/show") for number in range(4)]
    assert novelties(memory.poll(items[:3])) == ["new"] * 3
    assert novelties(memory.poll(items[:3])) == ["known"] * 3
    assert novelties(memory.poll(items[3:], whole=False)) == ["new"]
    assert novelties(memory.poll(items)) == ["known"] * 4


def test_items_told_apart_by_the_anchors_of_one_page_are_articles_of_their_own() -> None:
    memory = Memory()
    items = [entry(number, guid="", link=f"{SITE}/live#post-{number}") for number in range(3)]
    assert novelties(memory.poll(items[:1])) == ["new"]
    assert novelties(memory.poll(items[1:], whole=False)) == ["new"] * 2
    assert novelties(memory.poll(items)) == ["known"] * 3


def test_a_counter_behind_the_link_is_a_revision_not_another_item() -> None:
    memory = Memory()
    memory.poll([entry(1, guid=f"{SITE}/story-1#0")])
    assert novelties(memory.poll([entry(1, guid=f"{SITE}/story-1#1", text="y")])) == ["edited"]


def test_the_same_url_in_another_source_is_a_sighting() -> None:
    memory = Memory()
    (first,) = memory.poll([entry(1)])
    (other,) = memory.poll(
        [entry(1, guid="z", text="other words", link=f"{SITE}/story-1?utm_source=x")], source="other"
    )
    assert (other.novelty, other.article.id) == (Novelty.SIGHTING, first.article.id)
    assert novelties(memory.poll([entry(1, guid="z", text="other words")], source="other")) == ["known"]
    assert novelties(memory.poll([entry(1)])) == ["known"]
    assert novelties(memory.poll([entry(1, guid="z", text="changed words")], source="other")) == ["sighting"]


def test_what_is_long_past_is_history() -> None:
    memory = Memory()
    judged = memory.poll([entry(1, at=NOW - 8 * DAY), entry(2, at=NOW - 3 * DAY), entry(3, at=None)])
    assert novelties(judged) == ["history", "new", "new"]


def test_what_came_while_nothing_could_be_polled_is_new() -> None:
    judged = Memory().poll([entry(1, at=NOW - 20 * DAY), entry(2, at=NOW - 40 * DAY)], last_success=NOW - 30 * DAY)
    assert novelties(judged) == ["new", "history"]


def test_an_archive_issued_again_is_history_and_todays_items_are_new() -> None:
    old = [entry(number, at=NOW - 3 * DAY - number * 3600) for number in range(30)]
    assert novelties(Memory().poll([entry(99), *old])) == ["new"] + ["history"] * 30


def test_undated_items_are_new_when_few_and_history_when_the_whole_document_is_another_one() -> None:
    undated = [entry(number, at=None) for number in range(12)]
    memory = Memory()
    assert novelties(memory.poll(undated)) == ["history"] * 12
    assert (
        novelties(memory.poll([*undated, *[entry(number, at=None) for number in range(20, 23)]]))
        == ["known"] * 12 + ["new"] * 3
    )
    assert novelties(Memory().poll(undated, whole=False)) == ["new"] * 12
    assert novelties(Memory().poll(undated[:9])) == ["new"] * 9


WORDS = st.sampled_from(["today", "later", "again", "soon"])
NUMBERS = st.integers(0, 7)


class MutatingFeed(RuleBasedStateMachine):
    """A feed that does what feeds do; each text of an article must be told exactly once."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()
        self.memory.poll([entry(100)], primed=False)
        self.texts: dict[int, str] = {}  # as the publisher has them
        self.told: dict[int, str] = {}  # as the monitor was last shown them
        self.listed: list[int] = []
        self.churn = 0

    @rule(number=NUMBERS)
    def publish(self, number: int) -> None:
        self.texts.setdefault(number, "first")
        if number not in self.listed:
            self.listed.insert(0, number)

    @rule(number=NUMBERS, word=WORDS)
    def edit(self, number: int, word: str) -> None:
        if number in self.texts:
            self.texts[number] = word

    @rule(number=NUMBERS)
    def take_down(self, number: int) -> None:
        if number in self.listed:
            self.listed.remove(number)

    @rule(random=st.randoms(use_true_random=False))
    def reorder(self, random: object) -> None:
        random.shuffle(self.listed)  # type: ignore[attr-defined]

    @rule()
    def make_new_ids(self) -> None:
        self.churn += 1

    @rule()
    def answer_nothing(self) -> None:
        assert self.memory.poll([]) == []

    @rule(number=NUMBERS)
    def poll(self, number: int) -> None:
        entries = [self.item(one) for one in self.listed]
        twice = number in self.listed
        judged = self.memory.poll([*entries, self.item(number)] if twice else entries)
        if twice:
            assert judged.pop().novelty is Novelty.KNOWN
        for one, found in zip(self.listed, judged, strict=True):
            assert found.novelty is self.expected(one), found.reason
            self.told[one] = self.texts[one]

    def item(self, number: int) -> Entry:
        title = f"Report {number} about place{number} and name{number} says {self.texts[number]}"
        return entry(number, guid=f"{self.churn}-{number}", title=title)

    def expected(self, number: int) -> Novelty:
        if number not in self.told:
            return Novelty.NEW
        return Novelty.KNOWN if self.told[number] == self.texts[number] else Novelty.EDITED


MutatingFeed.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestMutatingFeed = MutatingFeed.TestCase
