"""What a policy looks at: a story, one channel, and what that channel has heard lately."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.model import Article, Story
from monitor.settings import Channel, Route

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

    def plus(self, story: Story, channels: Sequence[str], *, now: float) -> "Recent":
        """Return what is known after the story was told to these channels."""
        if not channels:
            return self
        fact = Told(story.article.id, frozenset(hit.rule_id for hit in story.hits), now)
        places = [(key, channel) for key in keys_of(story) for channel in channels]
        return Recent({**self.told, **{place: (*self.told.get(place, ()), fact) for place in places}})

    def of_key(self, key: str, channel: str, *, since: float) -> tuple[Told, ...]:
        """Return what the channel heard under a key since then, the oldest first."""
        found = self.told.get((key, channel), ())
        return tuple(sorted((told for told in found if told.at >= since), key=lambda told: told.at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A story that may be sent on a channel."""

    story: Story
    channel: str
    settings: Channel
    routes: Sequence[Route]
    recent: Recent
    now: float
    backfill: bool = False

    @property
    def rules(self) -> frozenset[str]:
        """The ids of the rules that it hit."""
        return frozenset(hit.rule_id for hit in self.story.hits)


def keys_of(story: Story) -> tuple[str, ...]:
    """Return the keys under which a channel remembers a story: its own, and article, URL and title of its members."""
    articles = [member.article for member in story.members] or [story.article]
    keys = (key for one in articles for key in (article_key(one), url_key(one), title_key(one)))
    return tuple(key for key in dict.fromkeys((story_key(story), *keys)) if key)


def story_key(story: Story) -> str:
    """Return the key of the story itself, which stays while it grows."""
    return f"story:{story.id}"


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
