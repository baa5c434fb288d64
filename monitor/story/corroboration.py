"""How well a story is founded: who has it, who of them speak for themselves, and how far to believe it; no effects.

Voices are independent of each other. Sources of one owner family are one voice. What is copied from an agency, or
credits one, is that agency's voice, and what relays another outlet is that outlet's, so that forty papers with one
wire are one voice. Credibility is the second half of the Admiralty code, in the words of NATO's AJP-2.1 and STANAG
2511; docs/stories.md has the table that `credibility` follows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.model import CREDIBILITY, Article, Claim, Corroboration, Hit, Member, Source, Voice
from monitor.story import origins
from monitor.story.claims import claims, only_claimed
from monitor.story.credits import Names, Zone, credited, zones
from monitor.story.denials import denies

MANY = 5  # voices of unknown reliability that are as good as one that is known
SHORTEST = 3  # characters; a shorter name of a source is not looked for in texts
_GOOD, _USABLE = frozenset("AB"), frozenset("ABC")
_AGGREGATOR = ("https://news.google.com/", "http://news.google.com/")


@dataclass(frozen=True, slots=True)
class Reading:
    """What an article says of its origin, whatever else is in its story."""

    claims: tuple[Claim, ...]
    only_claims: bool  # all its evidence lies in what somebody says
    denied: bool
    credits: tuple[str, ...]  # keys of origins
    zones: tuple[Zone, ...]


@lru_cache(maxsize=2048)
def _reading(article: Article, hits: tuple[Hit, ...]) -> Reading:
    """Read an article; a story is looked at again with each article that joins, and the others have not changed."""
    found = claims(article, hits)
    return Reading(
        claims=tuple(found),
        only_claims=only_claimed(article, hits, found),
        denied=denies(article, hits),
        credits=tuple(credited(article, hits)),
        zones=tuple(zones(article, hits)),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """How one voice tells a story."""

    voice: Voice
    denied: bool  # every article of it says that it is denied
    claimed: tuple[str, ...]  # the parties, where each of its articles has its evidence in what somebody says


def corroborate(members: Sequence[Member]) -> Corroboration:
    """Say how well a story with these articles is founded; ValueError for no members."""
    if not members:
        raise ValueError("a story has members")
    ordered = sorted(members, key=lambda one: (one.article.seen_at, one.article.published_at or one.article.seen_at))
    told = [_told(key, group) for key, group in _voices(ordered).items()]
    number, reason = credibility(told)
    first = ordered[0]
    return Corroboration(
        articles=len({one.article.id for one in ordered}),
        sources=len({one.source.id for one in ordered}),
        voices=tuple(one.voice for one in told),
        first=first.source.id,
        first_at=first.article.seen_at,
        credibility=number,
        reason=reason,
        claims=tuple(claim for one in ordered for claim in _reading(one.article, one.hits).claims if claim.evident),
    )


# --- voices ----------------------------------------------------------------------------------------------------------


def voice_key(source: Source, article: Article | None = None) -> str:
    """Return under what a source counts: a known agency or outlet, else its family, its publisher, or itself."""
    names = (source.publisher, source.title, source.family)
    if key := next(filter(None, map(origins.known, names)), ""):
        return key
    if article and not source.family and (behind := _behind_aggregator(article)):
        return origins.known(behind) or behind.casefold()
    return (source.family or source.publisher or source.id).casefold()


def _behind_aggregator(article: Article) -> str:
    """Return the publisher that Google News names behind a title, or ""."""
    address = (article.url or article.link).strip().lower()  # a feed's own words: it need not be one that can be parsed
    return article.title.rpartition(" - ")[2].strip() if address.startswith(_AGGREGATOR) else ""


def _voices(members: Sequence[Member]) -> dict[str, list[Member]]:
    """Return the members by the voice that they count for; the voice that came first stands first."""
    groups = _copies(members)
    own = {one.article.id: voice_key(one.source, one.article) for one in members}
    names = _names(members)
    of_group = {head: _credit(group, own, names) for head, group in groups.items()}
    spoken = _spoken(groups, own, of_group)
    found: dict[str, list[Member]] = {}
    for head, group in groups.items():
        found.setdefault(_origin(of_group[head], spoken), []).extend(group)
    order = {one.article.id: place for place, one in enumerate(members)}
    for group in found.values():
        group.sort(key=lambda one: order[one.article.id])
    return dict(sorted(found.items(), key=lambda item: order[item[1][0].article.id]))


def _copies(members: Sequence[Member]) -> dict[str, list[Member]]:
    """Return articles with one wording together, by the id of one of them."""
    like = {one.article.id: one.like for one in members if one.join == "copy" and one.like}

    def head(article_id: str) -> str:
        seen = {article_id}
        while (nearer := like.get(article_id, "")) and nearer not in seen:
            seen.add(nearer)
            article_id = nearer
        return min(seen) if like.get(article_id, "") in seen else article_id

    groups: dict[str, list[Member]] = {}
    for one in members:
        groups.setdefault(head(one.article.id), []).append(one)
    return groups


def _names(members: Sequence[Member]) -> Names:
    """Return under which names the story's sources may be credited, each with its voice."""
    return Names(
        {
            name: voice_key(one.source, one.article)
            for one in members
            for name in (one.source.publisher, one.source.title)
            if len(name) >= SHORTEST and name[:1].isupper()
        }
    )


def _credit(group: Sequence[Member], own: Mapping[str, str], names: Names) -> str:
    """Return the voice of articles with one wording: whom they credit, an agency first, else who had it first."""
    found = []
    for one in group:
        mine = own[one.article.id]
        read = _reading(one.article, one.hits)
        found += [key for key in (*read.credits, *names.credited(read.zones)) if key != mine]
    agency = next((key for key in found if key in origins.agencies()), "")
    named = next((key for key in found if key != origins.UNNAMED), "")
    return agency or named or (found[0] if found else own[group[0].article.id])


def _spoken(
    groups: Mapping[str, Sequence[Member]], own: Mapping[str, str], of_group: Mapping[str, str]
) -> dict[str, str]:
    """Return for whom each source speaks: for itself where one of its articles is its own."""
    spoken: dict[str, str] = {}
    for head, group in groups.items():
        for one in group:
            mine = own[one.article.id]
            if spoken.get(mine) != mine:
                spoken[mine] = of_group[head]
    return spoken


def _origin(key: str, spoken: Mapping[str, str]) -> str:
    """Follow credits to their origin: a paper may relay one that prints an agency; of a circle the smallest key."""
    path = [key]
    while (further := spoken.get(path[-1], path[-1])) not in path:
        path.append(further)
    return min(path[path.index(further) :])


def _told(key: str, group: Sequence[Member]) -> Told:
    first = group[0]
    name = origins.names().get(key) or (first.source.family or first.source.publisher or first.source.name)
    if (behind := _behind_aggregator(first.article)) and behind.casefold() == key:
        name = behind
    voice = Voice(
        name=name,
        sources=tuple(dict.fromkeys(one.source.id for one in group)),
        articles=tuple(one.article.id for one in group),
        first_at=first.article.seen_at,
        reliability=min(one.source.reliability for one in group),
    )
    read = [_reading(one.article, one.hits) for one in group]
    parties = [claim.party for one in read for claim in one.claims if claim.evident]
    claimed = tuple(dict.fromkeys(parties)) if all(one.only_claims for one in read) else ()
    return Told(voice, all(one.denied for one in read), claimed)


# --- credibility -----------------------------------------------------------------------------------------------------


def credibility(told: Sequence[Told]) -> tuple[int, str]:
    """Return the Admiralty number, 1 (confirmed) to 6 (cannot be judged), and the reason in words."""
    number, why = _by_voices([one.voice for one in told])
    number, bounds = _bounded(number, told)
    return number, f"{CREDIBILITY[number]}: {'; '.join([why, *bounds])}"


def _by_voices(voices: Sequence[Voice]) -> tuple[int, str]:
    """Judge by how many independent voices of which reliability there are."""
    good = [one for one in voices if one.reliability in _GOOD]
    usable = [one for one in voices if one.reliability in _USABLE]
    unknown = [one for one in voices if one.reliability == "F"]
    said = _listed(voices)
    if len(good) >= 2 or len(usable) >= 3:
        return 1, f"{said} have it independently"
    if len(usable) >= 2 or (usable and unknown) or len(unknown) >= MANY:
        return 2, f"{said} have it independently, too few of known reliability to confirm it"
    if usable:
        others = "and nobody else" if len(voices) == 1 else "the others are not reliable"
        return (2 if usable[0].reliability == "A" else 3), f"{_listed(usable)} has it, {others}"
    if len(unknown) >= 2:
        return 3, f"{said} have it independently, how reliable they are is not known"
    alone = f"only {said} {'has' if len(voices) == 1 else 'have'} it"
    if unknown:
        return 6, f"{alone}, how reliable that is is not known"
    return 4, f"{alone}, and that is not reliable"


def _bounded(number: int, told: Sequence[Told]) -> tuple[int, list[str]]:
    """Lower what is denied, and what everybody tells as somebody's words."""
    bounds = []
    if denied := [one.voice for one in told if one.denied]:
        share = len(denied) / len(told)
        bounds.append(f"{_listed(denied)} {'tells' if len(denied) == 1 else 'tell'} it as denied or false")
        number = max(number, 5 if share == 1 else 4 if share >= 0.5 else 2)
    if all(one.claimed for one in told):
        parties = list(dict.fromkeys(one.claimed[0] for one in told))[:3]
        bounds.append(f"all tell it as what {', '.join(parties)} said")
        number = max(number, 3)
    return number, bounds


def _listed(voices: Sequence[Voice]) -> str:
    """Name voices with their reliability: "Reuters (A), Gazeta (C) and 3 more"."""
    shown = [f"{one.name} ({one.reliability})" for one in sorted(voices, key=lambda one: one.reliability)]
    if len(shown) > 4:
        return f"{', '.join(shown[:3])} and {len(shown) - 3} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
