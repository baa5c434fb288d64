"""Articles of one event become one story: online, in bounded time, the same on every machine.

An article joins, in this order, the story of
  1. an article at the same canonical address, or of the same wording (a copy);
  2. the articles that tell the same event in other words; if it brings much that is new, as a development.
Else it opens a story. Where it shows that two stories are one, the younger is merged into the older. A story keeps
its articles when they leave the window; it is the window that bounds who may still join.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from monitor.story.features import Features
from monitor.story.naming import story_id
from monitor.story.similarity import HOUR, NOTHING, Asked, Likeness, share
from monitor.story.window import Window
from monitor.story.wording import is_copy

WINDOW = 72 * HOUR
BEST = 3  # members whose mean likeness speaks for a story: one member alone would chain event to event
MERGE_MARGIN = 0.08  # how much surer than for a join an article must be of both stories, to merge them
COMPARED = 6  # members of each story that are compared before two are merged
DEVELOPMENT_AFTER = HOUR  # after the first article, in seconds
DEVELOPMENT_NEW = 0.5  # share of its title, by rarity, that the story had not
REMEMBERED = 64  # articles of the story, the last to come, that say what it had
SAME_ADDRESS = -0.3  # margin that is enough at one address: feeds exist that give every entry the same one
SHOWN = 8  # terms that are given as the reason


class Join(StrEnum):
    """How an article came to its story."""

    OPENS = "opens"
    COPY = "copy"
    SAME = "same"
    DEVELOPMENT = "development"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one article went, and why."""

    article_id: str
    story_id: str
    join: Join
    score: float = 1.0
    terms: tuple[str, ...] = ()  # shared rare terms
    like: str = ""  # the article that it is most like
    merged: tuple[str, ...] = ()  # stories that became part of this one


@dataclass(slots=True)
class Members:
    """One story as it grows."""

    id: str
    first_at: float
    articles: list[str] = field(default_factory=list)
    apart: set[str] = field(default_factory=set)  # stories that somebody has parted from this one


class Grouping:
    """The stories of the window."""

    def __init__(self, window: float = WINDOW) -> None:
        """Begin empty; `window` in seconds is how long an article can be joined."""
        self.span = window
        self.window = Window(window)
        self.stories: dict[str, Members] = {}
        self.story_of: dict[str, str] = {}

    def add(self, batch: Iterable[Features]) -> tuple[Placed, ...]:
        """Place the articles of a batch, in order of time; the order in which they are given changes nothing.

        Of an article that is there twice the later one counts.
        """
        latest = {one.article_id: one for one in sorted(batch, key=lambda one: (one.at, one.terms))}
        ordered = sorted(latest.values(), key=lambda one: (one.at, one.article_id))
        for article in ordered:
            self.window.learn(article)
        return tuple(self._place(article) for article in ordered)

    def load(self, stories: Iterable[Members], articles: Iterable[Features]) -> None:
        """Go on where another grouping stopped: with its stories, and its articles in the order they were placed."""
        for article in articles:
            self.window.put(article)
        for story in stories:
            self.stories[story.id] = story
            self.story_of.update(dict.fromkeys(story.articles, story.id))

    def expire(self, now: float) -> int:
        """Forget articles that are older than the window, and stories that have no other; return how many articles."""
        gone = self.window.older(now - self.span)
        for article_id in gone:
            self.window.drop(article_id)
            story = self.stories[self.story_of.pop(article_id)]
            story.articles.remove(article_id)
            if not story.articles:
                del self.stories[story.id]
        return len(gone)

    def _place(self, article: Features) -> Placed:
        self.window.index(article)
        known = self.story_of.get(article.article_id)
        copied = self._copied(article)
        if copied is not None and known is None:
            story = self.story_of[copied.article_id]
            self._join(story, article)
            return Placed(article.article_id, story, Join.COPY, like=copied.article_id)
        return self._by_event(article, known)

    def _copied(self, article: Features) -> Features | None:
        """Return the first placed article at the same address or of the same wording."""
        asked = Asked(article, self.window.rarity)
        for one in self.window.same_url(article):
            if one.article_id in self.story_of and asked.with_(one).margin >= SAME_ADDRESS:
                return one
        for one in self.window.same_words(article):
            copied = one.article_id in self.story_of and is_copy(article.sketch, one.sketch)
            if copied and asked.with_(one).margin >= 0:
                return one
        return None

    def _by_event(self, article: Features, known: str | None) -> Placed:
        found = self._likely(article)
        fitting = [story for story in found if found[story][0].margin >= 0]
        story = known or (fitting[0] if fitting else story_id(article.article_id))
        if story not in found and known is None:
            self._join(story, article)
            return Placed(article.article_id, story, Join.OPENS, 0.0)
        best, like = found.get(story, (NOTHING, ""))
        join = self._kind(article, story) if known is None else Join.SAME
        if known is None:
            self._join(story, article)
        others = [one for one in fitting if one != story and found[one][0].margin >= MERGE_MARGIN]
        merged = self._merge(story, others) if best.margin >= MERGE_MARGIN or known else ()
        return Placed(
            article.article_id,
            self.story_of[article.article_id],
            join,
            best.score,
            self._rarest(best.shared),
            like,
            merged,
        )

    def _likely(self, article: Features) -> dict[str, tuple[Likeness, str]]:
        """Return the stories that an article may belong to, the likeliest first, each with its likest article."""
        asked = Asked(article, self.window.rarity)
        by_story: dict[str, list[tuple[Likeness, str]]] = {}
        for one in self.window.candidates(article):
            story = self.story_of.get(one.article_id)
            if story is not None:
                by_story.setdefault(story, []).append((asked.with_(one), one.article_id))
        found = {story: self._spoken(likenesses) for story, likenesses in by_story.items()}
        return dict(sorted(found.items(), key=lambda pair: (-pair[1][0].margin, self._age(pair[0]))))

    @staticmethod
    def _spoken(found: list[tuple[Likeness, str]]) -> tuple[Likeness, str]:
        """Let the best few members speak for their story."""
        if len(found) == 1:
            return found[0]
        best = sorted(found, key=lambda pair: (-pair[0].margin, pair[1]))[:BEST]
        margin = sum(one.margin for one, _ in best) / len(best)
        score = sum(one.score for one, _ in best) / len(best)
        return Likeness(score, margin, best[0][0].shared), best[0][1]

    def _age(self, story: str) -> tuple[float, str]:
        return self.stories[story].first_at, story

    def _kind(self, article: Features, story: str) -> Join:
        """Tell whether an article brings much that its story had not."""
        if article.at - self.stories[story].first_at < DEVELOPMENT_AFTER:
            return Join.SAME
        had: set[str] = set()
        for one in self.stories[story].articles[-REMEMBERED:]:
            had.update(self.window.articles[one].terms)
        of, title = self.window.rarity, article.terms[: article.titled]
        new = [term for term in title if term not in had]
        much = share(sum(of[term] for term in new), sum(of[term] for term in title)) >= DEVELOPMENT_NEW
        return Join.DEVELOPMENT if much or any(term.isdecimal() for term in new) else Join.SAME

    def _join(self, story: str, article: Features) -> None:
        members = self.stories.setdefault(story, Members(story, article.at))
        members.first_at = min(members.first_at, article.at)
        members.articles.append(article.article_id)
        self.story_of[article.article_id] = story

    def _merge(self, story: str, others: Sequence[str]) -> tuple[str, ...]:
        """Merge stories that an article has shown to be one with its own; return those that are gone."""
        gone = []
        for other in others:
            if other not in self.stories[story].apart and self._are_one(story, other):
                older, younger = sorted((story, other), key=self._age)
                self.merge(older, younger)
                gone.append(younger)
                story = older
        return tuple(gone)

    def split(self, story: str, articles: Iterable[str]) -> str:
        """Part articles from their story, by hand: the two are never merged again by themselves; return the new story.

        ValueError where they are not some, but not all, of the story's articles.
        """
        whole = self.stories[story]
        moved = [one for one in whole.articles if one in set(articles)]
        if not moved or len(moved) == len(whole.articles) or len(moved) < len(set(articles)):
            raise ValueError(f"some, but not all, of the articles of {story} can be parted from it")
        new = Members(story_id(f"{story}/{moved[0]}"), self._first(moved), moved, {story, *whole.apart})
        whole.articles = [one for one in whole.articles if one not in moved]
        whole.first_at = self._first(whole.articles)
        self.stories[new.id] = new
        self.story_of.update(dict.fromkeys(moved, new.id))
        for other in new.apart & self.stories.keys():
            self.stories[other].apart.add(new.id)
        return new.id

    def _first(self, articles: Iterable[str]) -> float:
        return min(self.window.articles[one].at for one in articles)

    def merge(self, older: str, younger: str) -> None:
        """Make one story a part of another, also where they were parted by hand."""
        moved = self.stories.pop(younger)
        kept = self.stories[older]
        for other in moved.apart & self.stories.keys() - {older}:
            self.stories[other].apart.add(older)
        kept.apart |= moved.apart
        kept.apart -= {older, younger}
        kept.first_at = min(kept.first_at, moved.first_at)
        kept.articles += moved.articles
        self.story_of.update(dict.fromkeys(moved.articles, older))

    def _are_one(self, one: str, other: str) -> bool:
        """Compare the members of two stories, a few of each: on the mean they must be one event."""
        mine, theirs = self._some(one), self._some(other)
        margins = []
        for article in mine:
            asked = Asked(article, self.window.rarity)
            margins += [max(asked.with_(their).margin, -0.5) for their in theirs]
        return sum(margins) / len(margins) >= 0

    def _some(self, story: str) -> list[Features]:
        return [self.window.articles[one] for one in self.stories[story].articles[-COMPARED:]]

    def _rarest(self, terms: Iterable[str]) -> tuple[str, ...]:
        of = self.window.rarity
        return tuple(sorted(terms, key=lambda term: (-of[term], term))[:SHOWN])
