"""EDGE: the desk where articles become stories: it remembers the stories of the last days, and keeps them in the store.

The pure part (`monitor.story`) says which articles tell one event. Here it is handed the articles that rules hit, and
what follows is written in the transaction that stores them: who joined which story and why, and which stories have
become one. What the desk remembers is a copy of what stands in the database: it is read again at a start, when a
transaction was undone, and when a person has split or merged stories.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.errors import UsageError
from monitor.model import Action, Article, Change, Decision, Hit, Judged, Member, Novelty, Source, Story
from monitor.store import Store
from monitor.story import naming
from monitor.story.background import MOST, ONE_IN, Background
from monitor.story.features import features
from monitor.story.grouping import WINDOW, Grouping, Join, Members, Placed
from monitor.story.rarity import Rarity
from monitor.story.telling import story_of

log = logging.getLogger("monitor.desk")
HAND = "hand"  # how an article came to its story, and the policy of a decision: a person did it
BY_HAND = "stories_by_hand"  # key of table meta: how often a person has split or merged stories


@dataclass(slots=True)
class Taken:
    """What happened to the stories while a batch was taken in."""

    story: dict[str, str] = field(default_factory=dict)  # article -> the story that it went to
    joined: list[str] = field(default_factory=list)  # articles that were in no story before
    merged: dict[str, str] = field(default_factory=dict)  # story -> the one that it has become part of

    def current(self, story_id: str) -> str:
        """Return what a story has become."""
        while story_id in self.merged:
            story_id = self.merged[story_id]
        return story_id


class Desk:
    """The stories over one store."""

    def __init__(self, store: Store, *, window: float = WINDOW, one_in: int = ONE_IN, most: int = MOST) -> None:
        """Remember nothing yet; `window` in seconds is how long an article can be joined.

        One article `one_in` so many, the newest `most` of them, tell how rare terms are.
        """
        self._store = store
        self._window = window
        self._one_in = one_in
        self._most = most
        self._grouping: Grouping | None = None
        self._background = Background(Rarity())
        self._last = 0  # number of the newest article that may be in the background
        self._read: tuple[int, str] = (0, "")  # undone transactions and changes by hand, as of the last reading

    # --- taking in ---------------------------------------------------------------------------------------------------

    def prepare(self, judged: Iterable[Judged], hits: Mapping[str, Sequence[Hit]], now: float) -> None:
        """Recall the stories that may still grow, before the articles of a batch are stored: an edit changes their age.

        What is remembered is read anew where it may not be what is stored.
        """
        edited = [one.article.id for one in judged if one.novelty is Novelty.EDITED]
        if not any(hits.values()) and not (edited and self._store.stories.of_articles(edited)):
            return
        read = (self._store.rollbacks, self._store.meta.get(BY_HAND))
        if self._grouping is None or read != self._read:
            self._load(now)
            self._read = read
        if self._grouping:
            self._grouping.expire(now)
            self._background.expire(now - self._window)

    def take(self, judged: Sequence[Judged], hits: Mapping[str, Sequence[Hit]], now: float) -> list[Change]:
        """Put the articles that rules hit into stories, and return what has changed, in the order of the articles.

        `hits` are those found just now, by article. In the transaction that stored articles and hits, after `prepare`.
        An article that is in a story stays there when it is edited; with hits or without, its new words count then.
        """
        if self._grouping:
            self._learn(judged)
        latest = {one.article.id: one for one in judged if hits.get(one.article.id) or one.novelty is Novelty.EDITED}
        had = self._store.stories.of_articles(latest) if latest else {}
        latest = {key: one for key, one in latest.items() if hits.get(key) or key in had}
        if not latest:
            return []
        taken = Taken(dict(had))
        self._place([self._as_stored(one) for one in latest.values()], novelties_of(judged, hits), taken, now)
        changed = dict.fromkeys(taken.current(taken.story[key]) for key in latest)
        return [self._change(story_id, hits, taken, now) for story_id in changed]

    def story(self, story_id: str) -> Story | None:
        """Return a story as it stands, by its members; None where it has none, or there is no such story."""
        members = self._store.stories.members(story_id)
        return story_of(story_id, members) if members else None

    def _place(self, articles: Iterable[Article], novelties: Mapping[str, Novelty], taken: Taken, now: float) -> None:
        """Group articles, and keep where they went."""
        if self._grouping is None:
            raise AssertionError("the desk was not prepared")
        by_id = {one.id: one for one in articles}
        late = [key for key in by_id if key in taken.story and key not in self._grouping.story_of]
        for placed in self._grouping.add(features(one) for key, one in by_id.items() if key not in late):
            key = placed.article_id
            self._write(placed, by_id[key], novelties.get(key, Novelty.KNOWN), taken, now)
        for key in late:  # too old to be found by others: it stays where it is
            self._store.stories.edited(key, novelties.get(key, Novelty.KNOWN), grouped=False)
        for story_id in dict.fromkeys(map(taken.current, taken.merged)):  # in the order in which they are remembered
            self._store.stories.move(self._grouping.stories[story_id].articles, story_id)

    def _as_stored(self, one: Judged) -> Article:
        """Return an article as the database has it, and as it is read after a restart.

        An edit keeps the source and the time of the first sighting; of what a feed lists twice the first is kept.
        """
        return self._store.articles.get(one.article.id) or one.article

    def _write(self, placed: Placed, article: Article, novelty: Novelty, taken: Taken, now: float) -> None:
        """Keep where an article went, and which stories it has shown to be one."""
        stories, story_id = self._store.stories, placed.story_id
        if article.id in taken.story:
            stories.edited(article.id, novelty, grouped=True)
        else:
            if placed.join is Join.OPENS:
                stories.open(story_id, article, first_at=article.published_at or article.seen_at, now=now)
            stories.join(story_id, member_of(placed, article, novelty, now))
            taken.joined.append(article.id)
        taken.story[article.id] = story_id
        for gone in placed.merged:
            stories.merge(story_id, gone)
            taken.merged[gone] = story_id

    def _change(self, story_id: str, hits: Mapping[str, Sequence[Hit]], taken: Taken, now: float) -> Change:
        """Return what has changed in a story, and keep what a list shows of it."""
        story = story_of(story_id, self._store.stories.members(story_id))
        live = self._grouping.stories.get(story_id) if self._grouping else None
        self._store.stories.describe(story, now, live.first_at if live else None)
        mine = [key for key, where in taken.story.items() if taken.current(where) == story_id]
        return Change(
            story=story,
            fresh=tuple(hit for key in mine for hit in hits.get(key, ())),
            joined=tuple(key for key in taken.joined if key in mine),
            merged=tuple(gone for gone in taken.merged if taken.current(gone) == story_id),
        )

    # --- remembering -------------------------------------------------------------------------------------------------

    def _load(self, now: float) -> None:
        """Read the stories of the window, and the sample of all articles."""
        self._grouping, since = Grouping(self._window), now - self._window
        kept, articles = self._store.stories.window(since)
        stories = [Members(one.id, one.first_at, list(one.articles), set(one.apart)) for one in kept]
        self._grouping.load(stories, map(features, articles))
        self._background = Background(self._grouping.window.rarity, one_in=self._one_in, most=self._most)
        self._last = self._store.articles.last()
        sample = self._store.articles.sample(self._one_in, since=since, limit=self._most)
        self._hear(sample)
        log.debug("%d articles of %d stories can be joined; %d others read", len(articles), len(kept), len(sample))

    def _learn(self, judged: Iterable[Judged]) -> None:
        """Let the sample of all articles grow by what was just stored, and follow edits."""
        self._hear(self._store.articles.sample_after(self._last, self._one_in))
        self._last = self._store.articles.last()
        edited = (one.article for one in judged if one.novelty is Novelty.EDITED)
        self._hear(one for one in edited if one.id in self._background)

    def _hear(self, articles: Iterable[Article]) -> None:
        for article in articles:
            try:
                self._background.add(article.seen_at, features(article))
            except Exception as error:  # one that cannot be read is missing from the sample, and stops nothing
                log.error("it is not in the sample", exc_info=error, extra={"article": article.id})


def novelties_of(judged: Sequence[Judged], hits: Mapping[str, Sequence[Hit]]) -> dict[str, Novelty]:
    """Return what articles were when they were hit: an edit that brings no hit makes no news of what was none."""
    hit = {(article_id, one.article_version) for article_id, found in hits.items() for one in found}
    mine = [one for one in judged if (one.article.id, one.article.version) in hit]
    # The newest version counts; of one that is listed twice, the first is what was stored.
    return {one.article.id: one.novelty for one in sorted(reversed(mine), key=lambda one: one.article.version)}


def member_of(placed: Placed, article: Article, novelty: Novelty, now: float) -> Member:
    """Return an article that joins a story as its row says it; hits and source the store has itself."""
    return Member(
        article=article,
        source=Source(id=article.source_id, url=""),
        hits=(),
        novelty=novelty,
        join=placed.join.value,
        like=placed.like,
        shared=placed.terms,
        at=now,
    )


# --- by hand ---------------------------------------------------------------------------------------------------------


def split(store: Store, story_id: str, articles: Sequence[str], now: float) -> str:
    """Part articles from their story for good, and return the story that they are now; UsageError where it cannot be.

    A monitor that runs notices before it groups again.
    """
    with store.transaction(durable=True):
        members = [one for one in store.stories.members(story_id) if one.article.id in articles]
        left = [one for one in store.stories.members(story_id) if one.article.id not in articles]
        if strange := set(articles) - {one.article.id for one in members}:
            raise UsageError(f"story {story_id} has no article {', '.join(sorted(strange))}")
        if not left:
            raise UsageError(f"these are all articles of {story_id}; one must stay, or there is nothing to part")
        new, first_at = naming.story_id(f"{story_id}/{members[0].article.id}"), time_of(members)
        store.stories.open(new, members[0].article, first_at=first_at, now=now)
        store.stories.move([one.article.id for one in members], new, HAND)
        for other in (story_id, *store.stories.apart(story_id)):
            if other != new:
                store.stories.part(new, other)
        describe(store, new, now)
        describe(store, story_id, now)
        reason = f"parted by hand from story {story_id}, which says what was told before"
        store.alerts.decision(new, "", Decision(Action.DROP, HAND, reason), now)
        _changed(store)
    return new


def merge(store: Store, one: str, other: str, now: float) -> tuple[str, str]:
    """Make one of two stories part of the other, the younger of the older, and return (older, younger).

    So it stays, also where they were parted by hand before. A monitor that runs notices before it groups again.
    """
    with store.transaction(durable=True):
        older, younger = sorted((one, other), key=lambda story_id: (store.stories.first_at(story_id), story_id))
        store.stories.merge(older, younger, HAND)
        describe(store, older, now)
        _changed(store)
    return older, younger


def describe(store: Store, story_id: str, now: float) -> None:
    """Keep what a list shows of a story whose members have changed."""
    members = store.stories.members(story_id)
    store.stories.describe(story_of(story_id, members), now, time_of(members))


def time_of(members: Iterable[Member]) -> float:
    """Return the time of the first article, by the articles' own dates."""
    return min(one.article.published_at or one.article.seen_at for one in members)


def _changed(store: Store) -> None:
    store.meta.set(BY_HAND, str(int(store.meta.get(BY_HAND, "0")) + 1))
