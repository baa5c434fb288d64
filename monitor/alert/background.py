"""What stands behind a story, as data for templates: who else has it, how sure it is, who claims it, and where it is.

Everything is plain JSON and whole; how much of it a message has room for is decided where it is rendered.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from monitor.alert.clean import cut, one_line, web_link
from monitor.alert.facts import facts_of, place_name
from monitor.model import CREDIBILITY, Claim, Corroboration, Located, Member, Story, Voice

OTHERS = 5  # other sources that are named
PLACES = 3  # places that are named
PARTIES = 5  # parties that are named
NEAR = 150.0  # km within which a border is named
WORDS = 240  # characters of a reason
# What a template is shown where an alert has nothing of the kind, also one that an older program queued.
NOTHING: Mapping[str, object] = {
    "story_id": "",
    "articles": 1,
    "independent": 1,
    "voices": [],
    "first": None,
    "credibility": 0,
    "credibility_words": "",
    "credibility_reason": "",
    "claims": [],
    "places": [],
    "countries": [],
    "numbers": [],
    "others": [],
    "others_more": 0,
    "acknowledge": "",
    "news": [],
    "escalation": "",  # why it is told here: nobody has acknowledged it elsewhere
}
_WHEN = re.compile(r"(?i)\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|night|morning|evening|day|week|month)\b|\d")
_BY_MEANS = re.compile(r"\b(?:on|via|through|at|in)\s+\S.*$")  # "said on Telegram"
_SPOKEN = re.compile(r"(?:has |have |had )?(?:said|says|say|claimed|claims|claim|stated|announced|reported|told)\Z")


def of(story: Story) -> dict[str, object]:
    """Return the data."""
    facts = facts_of(story)
    founded = story.corroboration
    others = _others(story)
    return {
        "story_id": story.id,
        "articles": facts.articles,
        "independent": facts.independent,
        "voices": [
            {"name": one_line(voice.name), "reliability": voice.reliability, "at": voice.first_at}
            for voice in _voices(story)
        ],
        "first": {"name": _name_of(story, founded.first), "at": founded.first_at} if founded else None,
        "credibility": facts.credibility,
        "credibility_words": CREDIBILITY.get(facts.credibility, ""),
        "credibility_reason": _reason(founded) if founded else "",
        "claims": _claims(founded.claims if founded else ()),
        "places": _places(story.members),
        "countries": list(facts.countries),
        "numbers": list(facts.numbers),
        "others": others[:OTHERS],
        "others_more": len(others[OTHERS:]),
    }


def _reason(founded: Corroboration) -> str:
    """Return why it is so credible, without the words for the grade, which stand beside it."""
    words = CREDIBILITY.get(founded.credibility, "")
    return cut(one_line(founded.reason).removeprefix(f"{words}: "), WORDS)


def _name_of(story: Story, source_id: str) -> str:
    named = (member.source.name for member in story.members if member.source.id == source_id)
    return one_line(next(named, story.source.name if story.source.id == source_id else source_id))


# --- others ----------------------------------------------------------------------------------------------------------


def _others(story: Story) -> list[dict[str, object]]:
    """Return the other sources that have it, each once: first those who say it in words of their own.

    A feed that gathers several outlets is named once for each.
    """
    voices = {one: voice.name for voice in _voices(story) for one in voice.articles}
    found: dict[tuple[str, str], Member] = {}
    for member in sorted(story.members, key=lambda member: (member.join == "copy", _time_of(member))):
        found.setdefault((member.source.id, voices.get(member.article.id, "")), member)
    feeds = Counter(source for source, _ in found)
    own = (story.source.id, voices.get(story.article.id, ""))
    return [
        _other(member, voice if feeds[source] > 1 and voice else member.source.name)
        for (source, voice), member in found.items()
        if (source, voice) != own
    ]


def _voices(story: Story) -> tuple[Voice, ...]:
    return story.corroboration.voices if story.corroboration else ()


def _other(member: Member, name: str) -> dict[str, object]:
    return {
        "name": one_line(name),
        "country": member.source.country,
        "at": _time_of(member),
        "link": web_link(member.article.link) or web_link(member.article.url),
        "is_copy": member.join == "copy",
        "article_id": member.article.id,
    }


def _time_of(member: Member) -> float:
    return member.article.published_at or member.article.seen_at or member.at


# --- claims ----------------------------------------------------------------------------------------------------------


def _claims(claims: Iterable[Claim]) -> list[dict[str, object]]:
    """Return who claims something, each party once, and how in words: "Belarus's defence ministry, on Telegram"."""
    parties = {one_line(claim.party).casefold(): claim for claim in reversed(tuple(claims)) if one_line(claim.party)}
    return [
        {"party": one_line(claim.party), "words": one_line(claim.words), "said": _claimed(claim)}
        for claim in list(reversed(parties.values()))[:PARTIES]
    ]


def _claimed(claim: Claim) -> str:
    party, words = cut(one_line(claim.party), 120), cut(one_line(claim.words), 80)
    if (means := _BY_MEANS.search(words)) and not _WHEN.search(means[0]):
        return f"{party}, {means[0]}"
    words = words.removesuffix(means[0]).strip() if means else words
    return party if not words or _SPOKEN.match(words.casefold()) else f"{party} (“{words}”)"


# --- places ----------------------------------------------------------------------------------------------------------


def _places(members: Iterable[Member]) -> list[dict[str, object]]:
    """Return where it is: the most specific places first, of those the ones that most articles name."""
    found: dict[str, list[Located]] = {}
    for member in members:
        if member.located and (member.located.place or member.located.countries):
            found.setdefault(place_name(member.located), []).append(member.located)
    ranked = sorted(found.values(), key=lambda many: (_vague(many[0]), -len(many)))
    exact = [many[0] for many in ranked if many[0].kind != "country" and many[0].place]
    return [_place(one) for one in (exact or [many[0] for many in ranked])[:PLACES]]


def _vague(located: Located) -> tuple[bool, int]:
    return located.sure == "guess", {"place": 0, "region": 1}.get(located.kind, 2)


def _place(located: Located) -> dict[str, object]:
    return {
        "place": one_line(located.place),
        "country": next(iter(located.countries), ""),
        "kind": located.kind,
        "sure": located.sure,
        "lat": located.lat,
        "lon": located.lon,
        "borders": dict(located.borders),
        "said": _where(located),
    }


def _where(located: Located) -> str:
    """Return "near Brest, BY; 3 km to the border with PL; likely"."""
    near = sorted((km, country) for country, km in located.borders.items() if km <= NEAR)
    borders = [f"{km:,.0f} km to the border with {country}" for km, country in near[:2]]
    sure = {"guess": "a guess", "likely": "likely"}.get(located.sure, "")
    name = {"place": f"near {place_name(located)}", "country": located.place}.get(located.kind, "")
    return "; ".join(filter(None, (name or f"in {place_name(located)}", *borders, sure)))
