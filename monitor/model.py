"""The frozen values that travel through the pipeline; no effects, no foreign types.

All points in time are seconds since the epoch, UTC (`float`); all durations are seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")


def _pickled_quickly(kind: type[T]) -> type[T]:
    """Let a frozen value with slots be pickled without asking for its fields each time: in tens of thousands it shows.

    The standard library's own way does the same, field by field, by `dataclasses.fields`.
    """
    names: tuple[str, ...] = kind.__slots__  # type: ignore[attr-defined]
    values = attrgetter(*names)

    setters = tuple(getattr(kind, name).__set__ for name in names)

    def setstate(self: object, state: tuple[object, ...]) -> None:
        for set_it, value in zip(setters, state):  # noqa: B905 - a check of the length costs as much as the setting
            set_it(self, value)

    kind.__getstate__ = lambda self: values(self)  # type: ignore[method-assign]
    kind.__setstate__ = setstate  # type: ignore[attr-defined]
    return kind


class Severity(StrEnum):
    """How much a rule's author cares; ordered by `rank`."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Position in the order, 0 (info) to 4 (critical)."""
        return list(Severity).index(self)


# --- sources and polls -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One thing that is polled."""

    id: str  # stable, unique, [a-z0-9-]
    url: str
    kind: str = "feed"  # a key of parse.KINDS
    title: str = ""
    publisher: str = ""
    family: str = ""  # owner family: publishers of one owner count as one voice
    country: str = ""  # ISO 3166-1 alpha-2, capitals
    language: str = ""  # ISO 639-1, or "" to detect
    reliability: str = "F"  # Admiralty code A-F; F = cannot be judged
    interval: float | None = None  # fixed seconds between polls; None = adaptive
    headers: tuple[tuple[str, str], ...] = ()
    user_agent: str = ""
    proxy: str = ""
    tags: frozenset[str] = frozenset()
    enabled: bool = True

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.title or self.publisher or self.id


class State(StrEnum):
    """What a source's last poll ended in; shown by `monitor sources`."""

    NEW = "new"  # never polled
    OK = "ok"  # entries were read
    UNCHANGED = "unchanged"  # 304, or the same bytes as before
    EMPTY = "empty"  # a valid feed without entries
    NOT_A_FEED = "not-a-feed"  # a page: captcha, login, an HTML error with status 200
    BROKEN = "broken"  # no entry could be read, or the parser was stopped
    GONE = "gone"  # 410: polled no more until the user acts
    BLOCKED = "blocked"  # 401, 403, 451
    LIMITED = "limited"  # 429, or 503 with Retry-After
    HTTP_ERROR = "http-error"  # any other status
    TIMEOUT = "timeout"  # the whole-fetch deadline passed
    NETWORK = "network"  # refused, reset, broken protocol
    DNS = "dns"  # the name does not resolve, or not in time
    TLS = "tls"  # certificate or handshake
    REFUSED_ADDRESS = "refused-address"  # the address guard
    REDIRECTS = "redirects"  # too many, a loop, or to a scheme that is not http(s)
    TOO_LARGE = "too-large"  # a byte cap, on the wire or after decompression

    @property
    def healthy(self) -> bool:
        """Whether the source answered with what a feed answers with."""
        return self in {State.OK, State.UNCHANGED, State.EMPTY, State.NEW}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of a source between polls; a row of table `sources`."""

    source_id: str
    state: State = State.NEW
    reason: str = ""  # one sentence for a person
    status: int | None = None  # last HTTP status
    etag: str | None = None  # verbatim
    last_modified: str | None = None  # verbatim
    body_hash: str = ""
    items: bytes = b""  # 8-byte hashes of the items of the last read document, concatenated
    moved_to: str = ""  # target of the last permanent redirect seen
    moved_count: int = 0  # how many times in a row that target was seen
    url: str = ""  # learnt URL (a permanent redirect after three sightings); "" = the configured one
    next_due: float = 0.0
    last_polled: float | None = None
    last_success: float | None = None  # last healthy poll
    last_new: float | None = None  # last poll that brought a new entry
    last_whole: float | None = None  # last poll whose document was parsed whole, not only its new items
    failures: float = 0.0  # softness-weighted failures in a row (0.25 temporary, 0.5 soft, 1 hard)
    interval: float = 0.0  # current adaptive interval
    rhythm: float | None = None  # smoothed seconds between new entries
    floor: float = 0.0  # what the feed asks for (ttl, max-age, ...), seconds, already bounded
    primed: bool = False  # the first read has happened: what comes now can be news


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """What a source's past says of its usual life; a row of table `pulses`, written only when it changes."""

    source_id: str
    since: float  # first healthy poll that was watched
    arrivals: int = 0  # polls that brought something new, after a gap that was watched
    usual: float = 0.0  # smoothed seconds between arrivals
    longest: float = 0.0  # longest gap between arrivals; forgotten by half in 60 days
    last_new: float | None = None  # last arrival
    failing_since: float | None = None  # first failure of those in a row
    failed: int = 0  # failures in a row
    good_since: float | None = None  # first healthy poll after the last failures that are over
    certificate: float | None = None  # when that of its server runs out
    certificate_near: float | None = None  # from when on that is near
    failed_for: float = 0.0  # of a source that flaps: seconds that it failed, the worst of the last days
    dated: bool = False  # its entries have had dates
    undated: int = 0  # polls in a row whose new entries all lacked a date
    missed: float = 0.0  # how often, of late, a poll and the one before had no entry in common


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What one fetch ended in; never an exception."""

    source_id: str
    state: State  # OK (there is a body), UNCHANGED (304) or what went wrong
    reason: str = ""  # one sentence for a person
    url: str = ""  # final URL after redirects
    status: int | None = None
    body: bytes = b""
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str = ""  # target, when every hop up to it was permanent (301, 308)
    fresh_for: float | None = None  # seconds, from Cache-Control max-age or Expires
    retry_after: float | None = None  # seconds, from Retry-After in either form
    wire_bytes: int = 0
    certificate: tuple[float, float] | None = None  # from when, and until when that of the server is valid
    elapsed: float = 0.0
    at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as its feed states it, not yet cleaned."""

    guid: str = ""
    link: str = ""
    title: str = ""  # may hold HTML
    summary: str = ""  # may hold HTML
    content: str = ""  # may hold HTML; the fullest text of the entry
    author: str = ""
    published: str = ""  # raw
    published_at: float | None = None  # as the parser understood it
    updated: str = ""  # raw
    updated_at: float | None = None
    language: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What one document holds; never an exception."""

    state: State  # OK, UNCHANGED (every item known), EMPTY, NOT_A_FEED or BROKEN
    reason: str = ""
    format: str = ""  # "rss20", "atom10", "json11", "cdf", ...
    title: str = ""
    language: str = ""
    link: str = ""
    entries: tuple[Entry, ...] = ()
    items: bytes = b""  # 8-byte hashes of every item of the document, in order, concatenated
    known: int = 0  # items left out, because their bytes were known
    skipped: int = 0  # entries beyond the newest 2,000
    ttl: float | None = None  # seconds, from RSS ttl or sy:updatePeriod/updateFrequency
    damaged: str = ""  # what the parser complained about although entries were read
    whole: bool = True  # every item was parsed, not only those with unknown bytes


# --- articles --------------------------------------------------------------------------------------------------------


class Field(StrEnum):
    """A part of an article; evidence names it."""

    TITLE = "title"
    SUMMARY = "summary"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text that is not the article's own: it is kept, but not matched."""

    field: Field
    start: int
    end: int
    kind: str  # "crosslink", "boilerplate"


@_pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One published item, cleaned; its identity outlives edits."""

    id: str  # public, short: "a" + 12 of base32 of (source, identity); the same on every machine
    source_id: str
    identity: str  # key of the item in its source: guid, else canonical link, else content hash
    url: str  # canonical
    link: str  # as published
    title: str
    summary: str  # plain text; blank lines bound paragraphs
    body: str  # plain text; empty where the feed gives no more than the summary
    author: str = ""
    published_at: float | None = None  # clamped
    published_raw: str = ""
    updated_at: float | None = None
    updated_raw: str = ""
    seen_at: float = 0.0
    language: str = ""  # ISO 639-1, "" = unknown
    language_from: str = ""  # "declared", "detected", "source"
    categories: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()  # "date-future", "date-absurd", "date-missing", "mojibake-repaired"
    marks: tuple[Mark, ...] = ()
    content_hash: str = ""  # hex, of title, summary and body
    version: int = 1

    def text(self, part: Field) -> str:
        """Return one part's plain text."""
        if part is Field.TITLE:
            return self.title
        return self.summary if part is Field.SUMMARY else self.body


class Novelty(StrEnum):
    """What an entry is to the store."""

    NEW = "new"  # unknown: stored, matched, alerted
    HISTORY = "history"  # unknown, but old: stored, matched, not alerted
    EDITED = "edited"  # known, other text: a new version, matched again
    SIGHTING = "sighting"  # its canonical URL is known from another source: one article, two sightings
    KNOWN = "known"  # nothing to do


@dataclass(frozen=True, slots=True)
class Judged:
    """An article with what it is to the store, and why."""

    article: Article  # EDITED and SIGHTING: with the id (and next version) of the article that is known
    novelty: Novelty
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store already has of one identity."""

    article_id: str
    source_id: str
    identity: str
    content_hash: str
    version: int
    url: str = ""
    shared: bool = False  # several articles of its source have this URL, so it does not tell which one is meant


# --- reading a document in a child process ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One document to read."""

    source: Source
    body: bytes
    url: str
    content_type: str
    known: bytes
    entries_limit: int
    now: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a document held; `failed` says of entries that could not be made articles why."""

    parsed: Parsed
    articles: tuple[Article, ...] = ()
    failed: tuple[str, ...] = ()


# --- rules and hits --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a condition held: which words, where."""

    condition: str  # the condition's name, e.g. "near", "any"
    term: str  # as the rule's author wrote it
    words: str  # as the article has it
    field: Field
    start: int  # offset into the field's text, in characters
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule matched an article."""

    article_id: str
    rule_id: str
    rule_name: str
    watch: str
    severity: Severity
    evidence: tuple[Evidence, ...]
    rule_hash: str = ""  # which wording of the rule it was
    article_version: int = 1
    at: float = 0.0


# --- stories and alerts ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A populated place, a region or a country, as the gazetteer has it."""

    name: str  # in English
    kind: str  # "place", "region", "country"
    country: str  # ISO 3166-1 alpha-2
    region: str = ""  # the name of the first-level region that it lies in
    lat: float | None = None  # degrees, WGS 84; a region has its middle, a country none
    lon: float | None = None
    people: int = 0
    capital: bool = False
    borders: Mapping[str, float] = field(default_factory=dict)  # as in `Located`; a region counts by its nearest place


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where an article's event is, as far as its words say."""

    countries: tuple[str, ...]  # ISO 3166-1 alpha-2, the most certain first
    place: str = ""  # the most specific one, in its English name
    kind: str = ""  # "place", "region", "country"
    lat: float | None = None  # degrees, WGS 84
    lon: float | None = None
    sure: str = ""  # "sure", "likely", "guess"
    borders: Mapping[str, float] = field(default_factory=dict)  # neighbour -> km to it; "BY-UA" = of two others
    why: str = ""  # in words: which words named it, and what makes it so sure
    words: tuple[str, ...] = ()  # that named it, as the article has them

    def plain(self) -> dict[str, Any]:
        """Return for JSON what is known of the place, but for its name, which answers call differently."""
        names = ("kind", "lat", "lon", "sure", "why")
        return {"countries": list(self.countries), **{name: getattr(self, name) for name in names}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a text says that somebody says: it is told as theirs, not as a fact."""

    article_id: str
    party: str  # who says it, as the article has it: "Belarus's defence ministry"
    words: str  # that attribute it: "said on Telegram"
    field: Field
    start: int  # of the sentence, offset into the field's text, in characters
    end: int
    evident: bool = False  # a rule has evidence in that sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Sources that count as one: of one owner family, or copying one agency."""

    name: str
    sources: tuple[str, ...]  # ids, in the order in which they had it
    articles: tuple[str, ...]  # ids
    first_at: float
    reliability: str = "F"  # the best of its sources, Admiralty code


CREDIBILITY = {  # information credibility by the Admiralty code, in its own words
    1: "confirmed by other sources",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "truth cannot be judged",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Corroboration:
    """How well a story is founded."""

    articles: int
    sources: int
    voices: tuple[Voice, ...]  # independent of each other, the first one first
    first: str  # id of the source that had it first
    first_at: float
    credibility: int  # Admiralty code, 1 (confirmed) to 6 (cannot be judged)
    reason: str  # of the credibility, in words
    claims: tuple[Claim, ...] = ()

    @property
    def independent(self) -> int:
        """How many voices there are."""
        return len(self.voices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of a story, with what it hit and how it came to be there."""

    article: Article
    source: Source
    hits: tuple[Hit, ...]  # of each rule the latest
    novelty: Novelty = Novelty.NEW
    join: str = "opens"  # "opens", "copy", "same", "development"; "hand" = a person put it there
    like: str = ""  # id of the article that it was found to be like
    shared: tuple[str, ...] = ()  # terms that say so
    at: float = 0.0  # when it joined
    located: Located | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The hits of several articles about one event, as it stands."""

    id: str  # "s" + 12 of base32; stays while the story grows
    article: Article  # the one that speaks for it
    source: Source
    hits: tuple[Hit, ...]  # of all its members
    novelty: Novelty  # HISTORY: none of its members is news
    first_seen: float
    members: tuple[Member, ...] = ()  # in the order in which they joined
    corroboration: Corroboration | None = None
    numbers: frozenset[str] = frozenset()  # that its headlines name

    @property
    def severity(self) -> Severity:
        """The highest severity among its hits."""
        return max((hit.severity for hit in self.hits), key=lambda severity: severity.rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to a story just now."""

    story: Story  # as it is now
    fresh: tuple[Hit, ...]  # hits that were found just now
    joined: tuple[str, ...] = ()  # ids of articles that joined just now; none: one of its articles was edited
    merged: tuple[str, ...] = ()  # ids of stories that have become part of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What a person does not want to hear of for a while; what it does not name does not matter."""

    id: int
    author: str
    reason: str
    start: float
    end: float
    rules: tuple[str, ...] = ()
    watches: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # one of which the headline must have
    channels: tuple[str, ...] = ()
    below: Severity | None = None  # only what is less severe than this
    ended_by: str = ""  # who ended it early


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What a person did about a story."""

    story_id: str
    what: str  # "acknowledged", "muted", "unmuted"
    by: str
    at: float
    note: str = ""
    until: float | None = None  # of a mute: its end; None = for good
    severity: Severity = Severity.INFO  # of the story, when it was done


class Action(StrEnum):
    """What a policy wants done."""

    SEND = "send"
    HOLD = "hold"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to a story on one channel, and why."""

    action: Action
    policy: str  # which policy spoke: a key of alert.POLICIES, or "route"
    reason: str  # one sentence for a person
    until: float | None = None  # of a hold: when it is looked at again; None = when the story changes
    digest: str = ""  # of a hold: what is held under one name on a channel is told in one message


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What one channel knows of one story, and what is held back from it; a row of table `threads`."""

    story_id: str
    channel: str
    opened: float  # when the channel was first asked
    told: int = 0  # how many messages it got
    times: tuple[float, ...] = ()  # when, the newest last, a bounded list
    facts: Mapping[str, object] = field(default_factory=dict)  # what they said: `alert.facts.Facts` as JSON
    heard: frozenset[str] = frozenset()  # ids of the articles that were in the story then
    watches: frozenset[str] = frozenset()  # of the rules that it was told for
    alert_id: str = ""  # of the last message
    decision: Decision | None = None  # the last one
    since: float = 0.0  # when that was taken
    escalate_at: float | None = None  # when it is told elsewhere, unless a person has done something about it
    escalation: str = ""  # why it is to be told here although nothing is new: nobody has answered elsewhere

    @property
    def last_told(self) -> float | None:
        """When it was told last."""
        return self.times[-1] if self.times else None

    @property
    def is_held(self) -> bool:
        """Whether something waits to be told."""
        return self.decision is not None and self.decision.action is Action.HOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """One story of a digest."""

    story_id: str
    headline: str
    severity: Severity
    rules: tuple[str, ...]  # names, the most severe first
    watch: str
    independent: int  # voices that tell it
    credibility: int  # Admiralty code, 1 to 6; 0 = nobody judged it
    countries: tuple[str, ...]  # ISO 3166-1 alpha-2
    first_seen: float
    link: str
    why: str  # it was not told at once
    source: str = ""  # name of the one that speaks for it
    told: bool = False  # the channel has heard of it before: this is what is new


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Many stories in one message."""

    name: str  # a key of `digests:`, or "quiet", "budget", "inhibition"
    channel: str
    start: float  # of the period
    end: float
    entries: tuple[DigestEntry, ...]  # the most severe first, then the best founded
    left: tuple[DigestEntry, ...] = ()  # given up in the period: never corroborated
    counts: tuple[tuple[float, int], ...] = ()  # (start of an hour or a day, stories first seen in it), for a chart
    step: float = 3600.0  # seconds that one of `counts` stands for


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What is to be said, whichever channel carries it."""

    id: str  # "n" + 12 of base32 of (kind, subject, reason)
    kind: str  # "story", "update", "trend", "digest", "system"
    severity: Severity
    title: str
    story_id: str = ""
    at: float = 0.0
    data: Mapping[str, object] = field(default_factory=dict)  # JSON-able: what the templates show


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt-tracked sending of an alert to a channel."""

    id: int
    alert: Alert
    channel: str
    key: str  # sha256 of (alert, channel), hex: the same over repeats
    attempts: int = 0
    first_queued: float = 0.0
    next_try: float = 0.0
    last_error: str = ""


# --- trends ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A hit as a trend counts it."""

    article_id: str
    source_id: str
    rule_id: str
    watch: str = ""
    at: float = 0.0  # when it was found
    published_at: float | None = None
    news: bool = True  # False: it was in the feed before the source was watched, or was old; it counts for nothing
    terms: tuple[tuple[str, str], ...] = ()  # (term as written, words as the article has them); where asked for


class Verdict(StrEnum):
    """What a trend says of this moment."""

    LEARNING = "learning"  # there is not enough history yet
    QUIET = "quiet"  # its condition does not hold
    HOLDS = "holds"  # it does


@dataclass(frozen=True, slots=True)
class Behind:
    """Articles behind a number, under a heading."""

    label: str
    articles: tuple[str, ...]  # ids, the newest first, a bounded list
    total: int  # how many there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a trend found at one moment, whether it is to be told or not."""

    trend_id: str
    kind: str  # a key of match.trends.TRENDS
    name: str
    severity: Severity
    watch: str
    rules: tuple[str, ...]  # ids of the rules whose hits it counts
    verdict: Verdict
    reason: str  # in words, for a person
    number: int = 0
    threshold: float | None = None  # what the number is held against
    baseline: float | None = None  # what is usual
    start: float = 0.0  # the window
    end: float = 0.0
    behind: tuple[Behind, ...] = ()
    sources: tuple[str, ...] = ()  # ids of the sources behind the number
    fresh: tuple[str, ...] = ()  # values that are to be told now; "" where a trend has only one thing to tell
    over: tuple[str, ...] = ()  # values that were told and have ceased: they may be told again
    learnt: tuple[str, ...] = ()  # values to be remembered without being told


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendState:
    """What is remembered of a trend; a row of table `trends`."""

    trend_id: str
    kind: str
    hash: str  # of its wording: a changed trend starts anew
    since: float  # from when on the hits of its rules are known
    watching_since: float  # from when on it was looked at without a gap
    checked_at: float  # when it was looked at last
    fired_at: float | None = None
    fired: int = 0  # how many times
    reason: str = ""  # what it said when it fired last
    alert_id: str = ""  # the alert that said it


# --- people ----------------------------------------------------------------------------------------------------------


class Role(StrEnum):
    """What somebody may do on the page; each may also do what those before it may."""

    VIEWER = "viewer"  # reads
    TRIAGER = "triager"  # acknowledges, mutes, marks, silences, polls, sends again
    ADMIN = "admin"  # changes the configuration, where `web.allow_edit` lets anybody do so

    def may(self, needed: "Role") -> bool:
        """Say whether this role is enough where `needed` is asked for."""
        return list(Role).index(self) >= list(Role).index(needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may log in to the page."""

    name: str
    role: Role
    password: str  # an argon2 hash, never the password
    since: float
