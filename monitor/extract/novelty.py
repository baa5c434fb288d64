"""What an article is to the store: new, history, edited, seen elsewhere, or known; pure decisions with a reason.

Sources break every rule about ids: they leave them out, repeat them, or make new ones at each poll. So an article is
looked for by its id in its source first, then by its canonical URL; a URL that several articles share identifies none.
Dates decide only whether something unknown is history; nothing known is ever new again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.extract.identity import article_id, content_hash
from monitor.model import Article, Judged, Known, Novelty

DAY = 86400.0
OLD = 7 * DAY  # published so long before the last good poll: an archive, not news
STALE = 2 * DAY  # the same, where many such entries come at once
MANY = 5  # entries that are many
MANY_UNDATED = 10  # unknown entries without dates, and no known one: the whole document is another one
_TITLE_MARK = "#~"  # between a shared URL and the hash of a title, in the identity of an article without an id
_ALIKE = 0.5  # share of words that two titles of one article have in common


def asked(articles: Iterable[Article]) -> list[str]:
    """Return every identity under which these articles may be known: what to look up before `decide`."""
    listed = list(articles)
    often = Counter(one.identity for one in listed)
    # By its title an article is known only where its address is all that names it, or where its id is used again.
    titled = (_titled(one) for one in listed if one.identity == one.url or often[one.identity] > 1)
    return list(dict.fromkeys(key for key in (*often, *titled) if key))


def decide(
    articles: Sequence[Article],
    *,
    source_id: str,
    known: Mapping[str, Known],
    by_url: Mapping[str, Known],
    primed: bool,
    backfill: bool,
    whole: bool,
    last_success: float | None,
    now: float,
) -> tuple[Judged, ...]:
    """Say of each article of one poll what it is, with a reason; in the order of the document.

    `known` holds what is stored of this source by identity (of `asked`), `by_url` the first article of any source at
    each URL. `primed`: the source was read before. `whole`: the document's known items are among the articles.
    EDITED, SIGHTING and KNOWN carry the id of the article that is known.
    """
    book = _Book(source_id, dict(known), dict(by_url), _listed(articles))
    found = [book.judge(article) for article in articles]
    unknown = [one.article for one in found if one.novelty is Novelty.NEW]
    if not unknown or (not primed and backfill):
        return tuple(found)
    past = _Past(
        primed=primed,
        last=min(last_success, now) if last_success is not None else now,
        reissued=_reissued(unknown, last_success, now),
        undated=whole and len(unknown) == len(found) and sum(_date(one) is None for one in unknown) >= MANY_UNDATED,
    )
    return tuple(past.judge(one) if one.novelty is Novelty.NEW else one for one in found)


# --- known or not ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Listed:
    """What one document says about itself."""

    hashes: Mapping[str, frozenset[str]]  # identity -> the texts listed under it
    shared: frozenset[str]  # URLs that clearly different items share
    identities: frozenset[str]
    reused: frozenset[str]  # ids that items at different URLs share


def _listed(articles: Sequence[Article]) -> _Listed:
    hashes, titles, urls = defaultdict(set), defaultdict(set), defaultdict(set)
    for one in articles:
        hashes[one.identity].add(one.content_hash)
        if one.url:
            titles[one.url].add(one.title.casefold())
            urls[one.identity].add(one.url)
    return _Listed(
        hashes={identity: frozenset(found) for identity, found in hashes.items()},
        shared=frozenset(url for url, found in titles.items() if len(found) > 1 and _differ(sorted(found))),
        identities=frozenset(hashes),
        reused=frozenset(identity for identity, found in urls.items() if len(found) > 1),
    )


def _differ(titles: Sequence[str]) -> bool:
    """Return whether two of some titles belong to different articles rather than to an edited one."""
    words = [frozenset(title.split()) for title in titles[:20]]
    pairs = ((one, other) for number, one in enumerate(words) for other in words[:number])
    return any(len(one & other) < _ALIKE * len(one | other) for one, other in pairs)


@dataclass(slots=True)
class _Book:
    """What is known, by identity and by URL; grows with each article that is judged."""

    source_id: str
    known: dict[str, Known]
    by_url: dict[str, Known]
    listed: _Listed

    def judge(self, article: Article) -> Judged:
        """Say whether an article is known, edited or seen elsewhere; NEW if it is none of these."""
        article = self._with_own_identity(article)
        one = self._by_identity(article) or self._by_url(article) or Judged(article, Novelty.NEW, "not seen before")
        known = known_of(one.article)
        self.known[article.identity] = self.known[one.article.identity] = known
        if one.article.url and one.novelty is not Novelty.SIGHTING:
            self.by_url.setdefault(one.article.url, known)
        return one

    def _with_own_identity(self, article: Article) -> Article:
        """Give an article another identity where its own one does not tell it from others."""
        key = article.identity
        if article.url and key in self.listed.reused and key not in (article.url, ""):
            key = article.url
        if key == article.url and self._is_shared(article.url):
            key = _titled(article) or key
        if key == article.identity:
            return article
        return replace(article, identity=key, id=article_id(article.source_id, key))

    def _is_shared(self, url: str) -> bool:
        there = self.by_url.get(url)
        return url in self.listed.shared or (
            there is not None and (there.shared or _is_item_of_page(there.identity, url))
        )

    def _by_identity(self, article: Article) -> Judged | None:
        had = self.known.get(article.identity)
        if had is None:
            return None
        texts = self.listed.hashes.get(article.identity, frozenset((article.content_hash,)))
        if had.content_hash in texts:
            if had.content_hash == article.content_hash:
                return _as(article, had, Novelty.KNOWN, "its id and text are known")
            return _as(article, had, Novelty.KNOWN, "listed twice under one id; the text that is known counts")
        there = self.by_url.get(article.url) if article.url else None
        if there and there.source_id != self.source_id and there.article_id == had.article_id:
            return _as(article, had, Novelty.SIGHTING, f"its text here changed; the article is {there.source_id}'s")
        return _as(article, had, Novelty.EDITED, "its id is known, its text changed")

    def _by_url(self, article: Article) -> Judged | None:
        there = self.by_url.get(article.url) if article.url else None
        if there is None:
            return None
        if there.source_id == self.source_id and there.content_hash == article.content_hash:
            return _as(article, there, Novelty.KNOWN, "its link and text are known under another id", there.identity)
        if self._is_shared(article.url):
            return None
        if there.source_id != self.source_id:
            return _as(article, there, Novelty.SIGHTING, f"source {there.source_id} has the article at this URL, too")
        listed_too = there.identity in self.listed.identities and there.identity not in self.listed.reused
        if listed_too and there.identity != article.identity:
            return None  # two ids in one document are two items, whatever their link: neither text may be lost
        return _as(article, there, Novelty.EDITED, "its link is known under another id, its text changed")


def _as(article: Article, had: Known, novelty: Novelty, reason: str, identity: str = "") -> Judged:
    version = had.version + (novelty is Novelty.EDITED)
    return Judged(
        replace(article, id=had.article_id, version=version, identity=identity or article.identity), novelty, reason
    )


def _is_item_of_page(identity: str, url: str) -> bool:
    """Return whether an identity names one of many items at a URL; `#0`, `#1` count the revisions of one article."""
    return identity.startswith(url + "#") and not identity[len(url) + 1 :].isdigit()


def _titled(article: Article) -> str:
    """Return the identity of an article at a URL that it shares; "" where it has no URL or title."""
    return f"{article.url}{_TITLE_MARK}{content_hash(article.title)}" if article.url and article.title else ""


def known_of(article: Article) -> Known:
    """Return what later articles must know of one that is not stored yet."""
    return Known(
        article_id=article.id,
        source_id=article.source_id,
        identity=article.identity,
        content_hash=article.content_hash,
        version=article.version,
        url=article.url,
    )


# --- news or history -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What makes something unknown history at this poll."""

    primed: bool
    last: float  # the last good poll
    reissued: int  # entries older than it that came at once, if many
    undated: bool  # every entry is unknown, and they are many without a date

    def judge(self, one: Judged) -> Judged:
        """Return the same as history, with the reason, or unchanged."""
        reason = self._reason(_date(one.article))
        return Judged(one.article, Novelty.HISTORY, reason) if reason else one

    def _reason(self, date: float | None) -> str:
        if not self.primed:
            return "first poll of its source: what it already holds is history"
        if date is None:
            return "undated, and nothing in the whole document is known" if self.undated else ""
        if date < self.last - OLD:
            return f"published {(self.last - date) / DAY:.0f} days before the last good poll"
        if self.reissued and date < self.last - STALE:
            return f"one of {self.reissued} unknown entries from before the last good poll: an archive issued again"
        return ""


def _reissued(unknown: Sequence[Article], last_success: float | None, now: float) -> int:
    """Return how many unknown entries are from well before the last good poll, if they are many; else 0."""
    since = (last_success if last_success is not None else now) - STALE
    old = sum((date := _date(one)) is not None and date < since for one in unknown)
    return old if old >= MANY else 0


def _date(article: Article) -> float | None:
    return article.published_at if article.published_at is not None else article.updated_at
