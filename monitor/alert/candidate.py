"""What a policy looks at: a story, one channel, and what that channel has heard lately."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from monitor.alert.facts import Facts, facts_of
from monitor.alert.route import Way
from monitor.model import Article, Handled, Novelty, Severity, Silence, Story, Thread
from monitor.settings import Alerts, Channel, Inhibit, Schedule

WINDOW = 7 * 86400.0  # seconds in which the same URL or title is not told again
_NO_LETTERS = re.compile(r"[\W_]+")
TITLE_LETTERS = 20  # a shorter title ("Live updates") says too little to tell two articles apart


@dataclass(frozen=True, slots=True)
class Told:
    """Something that a channel has heard: of which article, for which rules, when."""

    article_id: str
    rules: frozenset[str]
    at: float


@dataclass(frozen=True, slots=True)
class Recent:
    """What channels have heard lately, by (key, channel); the keys are those of `keys_of`."""

    told: Mapping[tuple[str, str], tuple[Told, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str, Iterable[str], float]]) -> "Recent":
        """Build it from rows of (key, channel, article id, rule ids, time); a target counts for its channel."""
        told: dict[tuple[str, str], tuple[Told, ...]] = {}
        for key, channel, article_id, rules, at in rows:
            place = (key, channel.partition("/")[0])
            told[place] = (*told.get(place, ()), Told(article_id, frozenset(rules), at))
        return cls(told)

    def of_key(self, key: str, channel: str, *, since: float) -> tuple[Told, ...]:
        """Return what the channel heard under a key since then, the oldest first."""
        found = self.told.get((key, channel), ())
        return tuple(sorted((told for told in found if told.at >= since), key=lambda told: told.at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A story, as it stands, that may be told on a channel; everything that the policies look at."""

    story: Story
    channel: str
    settings: Channel
    way: Way | None  # None: no route leads there
    now: float
    thread: Thread  # what the channel knows of the story
    alerts: Alerts = field(default_factory=Alerts)
    recent: Recent = Recent()
    zone: tzinfo = UTC
    backfill: bool = False
    digests: Mapping[str, Schedule] = field(default_factory=dict)
    inhibit: tuple[Inhibit, ...] = ()
    lately: tuple[Thread, ...] = ()  # what the channel was told of other stories, as far back as `inhibit` looks
    silences: tuple[Silence, ...] = ()  # that are in force
    handled: tuple[Handled, ...] = ()  # what people did about this story, the oldest first
    wrong: bool = False  # a person has marked every hit of the story wrong
    spent: tuple[float, ...] = ()  # when messages went to the channel in the last hour, or will go
    released: bool = False  # the time of the digest in which it waits has come
    settled: bool = False  # nothing more will come now, so that waiting for more is over: the end of `monitor once`

    @property
    def rules(self) -> frozenset[str]:
        """The ids of the rules that it hit."""
        return frozenset(hit.rule_id for hit in self.story.hits)

    @property
    def watches(self) -> frozenset[str]:
        """The watches of these rules."""
        return frozenset(hit.watch for hit in self.story.hits if hit.watch)

    @property
    def facts(self) -> Facts:
        """What a message would tell now."""
        return facts_of(self.story)

    @property
    def known(self) -> Facts:
        """What the messages so far have told."""
        return Facts.from_json(self.thread.facts)

    @property
    def thread_digest(self) -> str:
        """The digest in which it waits already, or ""."""
        decision = self.thread.decision
        return decision.digest if decision and self.thread.is_held else ""

    @property
    def is_critical(self) -> bool:
        """Whether it is critical, and the channel has not heard that."""
        told = self.thread.told > 0 and self.known.severity is Severity.CRITICAL
        return self.story.severity is Severity.CRITICAL and not told


def articles_of(story: Story, *, history: bool = False) -> tuple[Article, ...]:
    """Return the articles of a story that some rule hit and that are news, with `history` also those that are not.

    Where there are none, the one that speaks for it.
    """
    hit = {hit.article_id for hit in story.hits}
    found = [
        member.article
        for member in story.members
        if member.article.id in hit and (history or member.novelty is not Novelty.HISTORY)
    ]
    return tuple(found) or (story.article,)


def keys_of(story: Story) -> tuple[str, ...]:
    """Return the keys under which a channel remembers a story: its articles, their URLs and their titles."""
    found = [
        key
        for article in articles_of(story, history=True)
        for key in (article_key(article), url_key(article), title_key(article))
        if key
    ]
    return tuple(dict.fromkeys(found))


def article_key(article: Article) -> str:
    """Return the key of the article itself, which outlives edits."""
    return f"article:{article.id}"


def url_key(article: Article) -> str:
    """Return the key of the canonical URL, or "" for an article without one."""
    return f"url:{article.url}" if article.url else ""


def title_key(article: Article) -> str:
    """Return the key of the title's letters and digits, or "" for a title too short to tell articles apart."""
    folded = unicodedata.normalize("NFKC", article.title).casefold()
    letters = _NO_LETTERS.sub("", folded)
    if len(letters) < TITLE_LETTERS:
        return ""
    return f"title:{hashlib.sha256(letters.encode(errors='replace')).hexdigest()[:32]}"
