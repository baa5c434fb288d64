"""Invented messages of each kind, for who writes a template and wants to see what it makes of them; pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from monitor.alert.digest import HELD, digest_message
from monitor.alert.facts import facts_of
from monitor.alert.message import alert_of, trial_alert, update_of
from monitor.alert.record import carrying
from monitor.alert.sample_situation import situation
from monitor.model import (
    Alert,
    Article,
    Claim,
    Corroboration,
    Digest,
    DigestEntry,
    Evidence,
    Field,
    Hit,
    Located,
    Member,
    Novelty,
    Severity,
    Source,
    Story,
    Voice,
)

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
PAGE = "https://monitor.example"
ACKNOWLEDGE = "https://monitor.example/a/ssample000001?by=desk&until=1&sign=0123456789abcdef"
SOURCES = {
    source.id: source
    for source in (
        Source(id="kestrel", url="", title="Kestrel Wire", country="PL", reliability="B"),
        Source(id="harbour", url="", title="Harbour Agency", country="GB", reliability="C"),
        Source(id="lantern", url="", title="Lantern Daily", country="LT", reliability="C"),
        Source(id="ministry", url="", title="Ministry of Defence", country="BY", reliability="D"),
    )
}
BREST = Located(countries=("BY",), place="Brest", kind="place", lat=52.1, lon=23.7, sure="likely", borders={"PL": 3.0})
SUMMARY = (
    "Special forces are moving to three areas close to the southern border. The defence ministry said on Telegram "
    "that a foreign grouping across the border has more than doubled in six months."
)


def sample(kind: str, *, now: float) -> Alert:
    """Return an invented alert of a kind of KINDS, as of `now`."""
    return KINDS[kind](now)


# --- a story ---------------------------------------------------------------------------------------------------------


def _article(source: str, title: str, at: float, summary: str = SUMMARY) -> Article:
    address = f"https://{source}.example/news/border"
    return Article(
        id=f"asample{source:.5}",
        source_id=source,
        identity=address,
        url=address,
        link=address,
        title=title,
        summary=summary,
        body="",
        published_at=at,
        seen_at=at + 4 * MINUTE,
        language="en",
    )


def _hit(article: Article, words: str, severity: Severity = Severity.HIGH) -> Hit:
    start = article.summary.find(words)
    found = Evidence("any", words, words, Field.SUMMARY, start, start + len(words))
    return Hit(
        article_id=article.id,
        rule_id="border-deployment",
        rule_name="Border deployment",
        watch="Belarus border",
        severity=severity,
        evidence=(found,) if start >= 0 else (),
    )


def _member(article: Article, at: float, **changes: object) -> Member:
    one = Member(
        article=article,
        source=SOURCES[article.source_id],
        hits=(_hit(article, "Special forces"),),
        at=at,
        located=BREST,
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def _short(now: float) -> Story:
    """Return a story of one article."""
    article = _article("kestrel", "Belarus sends special forces toward its southern border", now - 50 * MINUTE)
    hit = _hit(article, "Special forces")
    return Story(
        id="ssample000001",
        article=article,
        source=SOURCES["kestrel"],
        hits=(hit,),
        novelty=Novelty.NEW,
        first_seen=now - 46 * MINUTE,
        members=(_member(article, now - 46 * MINUTE, located=None),),
        numbers=frozenset({"12000"}),
    )


def _grown(now: float) -> Story:
    """Return the same story, told by four sources."""
    first = _member(_short(now).article, now - 46 * MINUTE)
    others = (
        _member(_article("ministry", "On a threat across the border", now - 40 * MINUTE), now - 38 * MINUTE),
        _member(
            _article("harbour", "Belarus moves 30,000 soldiers to the Ukrainian frontier", now - 30 * MINUTE),
            now - 28 * MINUTE,
            join="same",
        ),
        _member(
            _article("lantern", "Belarus sends special forces toward its southern border", now - 20 * MINUTE),
            now - 17 * MINUTE,
            join="copy",
        ),
    )
    members = (first, *others)
    claim = Claim(
        article_id=first.article.id,
        party="Belarus's defence ministry",
        words="said on Telegram",
        field=Field.SUMMARY,
        start=SUMMARY.index("The defence"),
        end=len(SUMMARY),
    )
    return replace(
        _short(now),
        members=members,
        hits=tuple(hit for member in members for hit in member.hits),
        corroboration=_corroboration(members, claim),
        numbers=frozenset({"12000", "30000"}),
    )


def _corroboration(members: tuple[Member, ...], claim: Claim) -> Corroboration:
    first, ministry, second, copy = members
    voices = (
        Voice(
            name="Kestrel Wire",
            sources=(first.source.id, copy.source.id),
            articles=(first.article.id, copy.article.id),
            first_at=first.at,
            reliability="B",
        ),
        Voice(
            name="Ministry of Defence",
            sources=(ministry.source.id,),
            articles=(ministry.article.id,),
            first_at=ministry.at,
            reliability="D",
        ),
        Voice(
            name="Harbour Agency",
            sources=(second.source.id,),
            articles=(second.article.id,),
            first_at=second.at,
            reliability="C",
        ),
    )
    return Corroboration(
        articles=len(members),
        sources=len(members),
        voices=voices,
        first=first.source.id,
        first_at=first.article.published_at or first.at,
        credibility=2,
        reason="probably true: Kestrel Wire (B), Harbour Agency (C) and Ministry of Defence (D) have it independently",
        claims=(claim,),
    )


def _update(now: float) -> Alert:
    before = replace(facts_of(_short(now)), credibility=3, counted={"12000": "soldiers"})
    return _told(update_of(_grown(now), before, now=now, acknowledge=ACKNOWLEDGE), _grown(now))


def _edit(now: float) -> Alert:
    story = _short(now)
    story = replace(story, article=replace(story.article, version=2), novelty=Novelty.EDITED)
    return _told(alert_of(story, now=now), story)


def _told(said: Alert, story: Story) -> Alert:
    """Return an alert that can be shown to a program, too."""
    return carrying(said, story, base=PAGE)


# --- digests ---------------------------------------------------------------------------------------------------------


def _entries(now: float) -> tuple[DigestEntry, ...]:
    rows = (
        (
            "Belarus sends special forces toward its southern border",
            "critical",
            "Border deployment",
            3,
            2,
            ("BY", "UA"),
        ),
        ("Missile units ready for drills in the north-west", "high", "Exercise", 2, 2, ("BY",)),
        ("Two crossings closed until further notice", "medium", "Closure", 1, 3, ("PL", "BY")),
        ("Pontoon bridge seen near the river", "high", "Border deployment", 1, 3, ("UA",)),
        ("Exercise to test the readiness of reserves", "low", "Exercise", 1, 0, ()),
        ("Ministers agree on help with missiles", "medium", "Missile deal", 4, 1, ("RU", "BY")),
    )
    return tuple(
        DigestEntry(
            story_id=f"ssample{number:06}",
            headline=headline,
            severity=Severity(severity),
            rules=(rule,),
            watch="" if rule == "Missile deal" else "Belarus border",
            independent=independent,
            credibility=credibility,
            countries=countries,
            first_seen=now - number * 3.4 * HOUR,
            link=f"https://kestrel.example/news/{number}",
            why="2 more independent sources: Harbour Agency, Lantern Daily" if number == 2 else "",
            source="Harbour Agency" if number == 2 else "Kestrel Wire",
            told=number == 2,
        )
        for number, (headline, severity, rule, independent, credibility, countries) in enumerate(rows, 1)
    )


def _daily(now: float, *, entries: tuple[DigestEntry, ...] | None = None) -> Digest:
    hours = (0, 1, 0, 0, 2, 0, 3, 5, 4, 2, 6, 9, 4, 3, 2, 2, 1, 4, 5, 2, 1, 0, 0, 1)
    start = now - DAY
    return Digest(
        name="daily",
        channel="desk",
        start=start,
        end=now,
        entries=_entries(now) if entries is None else entries,
        left=_left(now) if entries is None else (),
        counts=tuple((start + number * HOUR, count) for number, count in enumerate(hours)) if entries is None else (),
        step=HOUR,
    )


def _left(now: float) -> tuple[DigestEntry, ...]:
    return (
        replace(
            _entries(now)[4],
            story_id="ssample000009",
            headline="Column of lorries on the ring road, a reader writes",
            link="https://lantern.example/news/9",
        ),
    )


def _weekly(now: float) -> Digest:
    days = (4, 2, 0, 11, 7, 3, 6)
    start = now - 7 * DAY
    counts = tuple((start + number * DAY, count) for number, count in enumerate(days))
    return replace(_daily(now), name="weekly", start=start, counts=counts, step=DAY)


def _quiet(now: float) -> Digest:
    held = tuple(replace(entry, why=entry.why or "held: quiet hours 22:00-07:00") for entry in _entries(now)[1:4])
    return replace(_daily(now, entries=held), name="quiet", start=now - 9 * HOUR)


def _message(digest: Digest) -> Alert:
    alert = digest_message(digest)
    if alert is None:
        raise AssertionError("a sample says something")
    if not digest.entries or digest.name in HELD:
        return alert
    charts = {"charts": "auto", "situation": situation(digest.start, digest.end)}
    return replace(alert, data={**alert.data, **charts})


KINDS: Mapping[str, Callable[[float], Alert]] = {
    "story": lambda now: _told(alert_of(_grown(now), now=now, acknowledge=ACKNOWLEDGE), _grown(now)),
    "short": lambda now: _told(alert_of(_short(now), now=now), _short(now)),
    "update": _update,
    "edit": _edit,
    "digest": lambda now: _message(_daily(now)),
    "weekly": lambda now: _message(_weekly(now)),
    "empty": lambda now: _message(_daily(now, entries=())),
    "quiet": lambda now: _message(_quiet(now)),
    "system": lambda now: trial_alert("desk", now=now),
}
