"""Chooses what the names in an article stand for, and where its event is; no effects.

First the countries that are named without doubt are counted. Then every other name is decided with their help: of the
places that it may stand for, the one that is large, lies in a country that is named (or in the source's own) and is
asked for by the words around. What remains in doubt is left out. At last the place that is named most, in the headline
and by words such as "near", is the place of the article.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.language.fold import fold
from monitor.model import Field, Located, Place
from monitor.places import cues
from monitor.places.find import LARGE, WATCHED, Named, country_of, names_in
from monitor.places.gazetteer import COUNTRY, PLACE, Entry, gazetteer

SURE, LIKELY, GUESS = "sure", "likely", "guess"
GOVERNMENT, AT, ADJECTIVE = "government", "place", "adjective"
SMALL = 15_000  # people: a smaller place needs some help
MIDDLE = 50_000  # people: a smaller one in another form needs some help, too
GREAT = 700_000  # people: such a place is meant, whatever stands around
_DOUBTED = frozenset({"georgia", "jordan", "chad"})  # countries whose names have another common meaning
_PEOPLE_TOO = frozenset({"georgia", "jordan", "chad"})
_LEAD = 300  # characters of the text that tell most
_LATE = 1500  # what comes after so many tells little
_COUNTED = 3  # mentions of one place that count
_AGREES = 0.25  # countries with such a share of the weight of the first are the article's
_CLEAR = 1.2  # a choice that is so far ahead of the next best is no doubt
_CLOSE = 60.0  # km: two places so near one another are no contradiction

_STATE = re.compile(r",\s([A-Z]{2})\b")
_STATES = frozenset(
    "AL AK AZ AR CA CO CT DC DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY".split()
)

Texts = Sequence[tuple[Field, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Words that name a place."""

    field: Field
    start: int  # offset into the field's text, in characters
    end: int
    words: str
    place: Place
    number: int  # of the place in the gazetteer
    how: str = AT  # "place", "adjective", or "government": a capital that stands for who rules there
    weight: float = 1.0  # how much it says about where the article's event is
    margin: float = 9.0  # how far the choice was ahead of the next best


def mentions(texts: Texts, language: str, home: str = "") -> tuple[Mention, ...]:
    """Return the places that texts name, each decided; `home` is the country of the source."""
    named = [(part, text, one) for part, text in texts for one in names_in(text, language)]
    if not named:
        return ()
    context = _context(named, home)
    found = []
    taken: dict[Field, frozenset[int]] = {
        part: frozenset(at for other, _, one in named if other is part for at in (one.start, one.end))
        for part, _ in texts
    }
    for number, cue in enumerate(_cues(named)):
        part, text, one = named[number]
        mention = _decided(part, text, one, cue, context, taken[part], _country_after(named, number), home)
        if mention:
            found.append(mention)
    return tuple(found)


def _cues(named: Iterable[tuple[Field, str, Named]]) -> list[str]:
    """Return how the words before each name place it; what is said before a list of names holds for all of it."""
    found: list[str] = []
    last: tuple[Field, int] | None = None
    for part, text, one in named:
        cue = cues.cue_of(text, one)
        if cue == cues.NONE and last and last[0] is part and cues.lists(text[last[1] : one.start]):
            cue = found[-1]
        found.append(cue)
        last = (part, one.generic_end)
    return found


def _context(named: Iterable[tuple[Field, str, Named]], home: str) -> Counter[str]:
    """Count the countries that are named without doubt."""
    found: Counter[str] = Counter({home: 1} if home else {})
    names = gazetteer()
    for _, _, one in named:
        if fold(one.words) in _DOUBTED:
            continue
        codes = set(country_of(one))
        if not codes and not one.common and not one.person:
            all_of_it = {names.country(entry.number) for entry in one.candidates}
            great = max(names.people[entry.number] for entry in one.candidates) > 3 * LARGE
            codes = all_of_it if len(all_of_it) == 1 and (great or one.region) else set()
        if len(codes) == 1:
            found[codes.pop()] += 2
    return found


def _country_after(named: Sequence[tuple[Field, str, Named]], number: int) -> str:
    """Return the country that follows a name after a comma: "Brest, France"."""
    part, text, one = named[number]
    if number + 1 < len(named):
        other, _, after = named[number + 1]
        codes = list(country_of(after))
        if other is part and codes and text[one.end : after.start].strip(" \u00a0") in {",", "(", ", в", ", w"}:
            return codes[0]
    return "US" if _in_a_state(text, one) else ""


def _in_a_state(text: str, one: Named) -> bool:
    """Tell whether one of the United States follows a name: "Inverness, FL"."""
    state = _STATE.match(text, one.end)
    return state is not None and state[1] in _STATES


def _decided(
    part: Field, text: str, one: Named, cue: str, context: Counter[str], taken: frozenset[int], after: str, home: str
) -> Mention | None:
    """Return what a name stands for, and how it is meant; None where that is in doubt."""
    if cues.names_a_thing(text, one):
        return None
    scored = sorted(
        ((_score(entry, context, after, home, doubted=fold(one.words) in _DOUBTED), entry) for entry in one.candidates),
        key=lambda pair: (-pair[0], pair[1].number),
    )
    best, entry = scored[0]
    if _in_a_state(text, one) and gazetteer().country(entry.number) != "US":
        return None
    if not _credible(text, one, entry, cue, context, taken, known=bool(after)):
        return None
    place = gazetteer().place(entry.number)
    rivals = [score for score, other in scored[1:] if _apart(entry.number, other.number)]
    how = _how(text, one, entry.number, cue)
    return Mention(
        field=part,
        start=one.start,
        end=one.start + len(one.words),
        words=one.words,
        place=place,
        number=entry.number,
        how=how,
        weight=_weight(part, one, cues.NONE if place.kind == "country" else cue, how),
        margin=best - max(rivals, default=best - 9.0),
    )


def _score(entry: Entry, context: Counter[str], after: str, home: str, *, doubted: bool) -> float:
    """Return how likely a name stands for something, before its surroundings are looked at."""
    names = gazetteer()
    kind, country = names.kind(entry.number), names.country(entry.number)
    if kind == COUNTRY:
        score = 7.4 if doubted else 11.0
    elif kind == PLACE:
        score = 1.3 * math.log10(max(100, names.people[entry.number])) + 0.7 * names.capital(entry.number)
    else:
        score = 5.5 if names.district(entry.number) else 0.3 + 1.1 * math.log10(max(10_000, names.people[entry.number]))
    score += min(1.2, 0.6 * context[country]) + (0.4 if country == home else 0.0)
    score += 6.0 if after and after == country else 0.0
    return score - 1.0 * ("o" in entry.flags) - 0.3 * ("i" in entry.flags) + 0.8 * len(entry.rest)


@dataclass(frozen=True, slots=True)
class _Case:
    """What speaks for and against a name being meant as a place."""

    one: Named
    entry: Entry
    cue: str
    helped: bool  # its country is named elsewhere in the article
    before: bool  # a word with a capital that is no place stands right before it
    after: bool
    joined: bool  # a hyphen joins it to such a word

    @property
    def kind(self) -> int:
        """PLACE, REGION or COUNTRY."""
        return gazetteer().kind(self.entry.number)

    @property
    def people(self) -> int:
        """How many live there."""
        return gazetteer().people[self.entry.number]

    @property
    def near(self) -> bool:
        """Whether it lies where small places are known, too."""
        return gazetteer().country(self.entry.number) in WATCHED


def _credible(
    text: str, one: Named, entry: Entry, cue: str, context: Counter[str], taken: frozenset[int], *, known: bool
) -> bool:
    """Tell whether a name is meant as a place at all, and not as a word or as somebody's name."""
    names = gazetteer()
    person = one.person or fold(one.words) in _PEOPLE_TOO
    if known or one.region or (names.kind(entry.number) == COUNTRY and not person):
        return True
    helped = context[names.country(entry.number)] > (2 if one.person else 0)
    case = _Case(one, entry, cue, helped, *cues.beside_names(text, one, taken))
    if one.adjective:
        return not (one.words[0].isupper() and (case.before or (cue == cues.NONE and not helped)))
    if person:
        return _not_a_person(case)
    if one.common and case.kind != PLACE:
        return helped and cue != cues.NONE
    if one.common and cues.has_article(text, one):
        return False
    if one.common:
        return cue == cues.STRONG and (helped or not one.shouted) and case.people >= 1000
    return _not_a_form_of_another(case) and _large_enough(case)


def _not_a_person(case: _Case) -> bool:
    """Decide on a name that people have, too."""
    beside = case.before or case.after
    if gazetteer().capital(case.entry.number):
        return case.one.shouted or not beside
    if case.kind == COUNTRY:
        return (case.helped and case.one.shouted) or not (beside or case.one.shouted)
    if (beside and not case.one.shouted) or case.cue == cues.NONE:
        return False
    return case.helped or (case.cue == cues.STRONG and not case.one.shouted)


def _not_a_form_of_another(case: _Case) -> bool:
    """Decide on a name that is not the place's own, or in another form than its own."""
    if "o" in case.entry.flags and not case.near:
        return case.cue != cues.NONE and (case.helped or case.people >= GREAT)
    if "i" in case.entry.flags and case.kind == PLACE and case.people < MIDDLE:
        return case.helped and case.cue != cues.NONE if case.people < SMALL else case.helped or case.cue != cues.NONE
    return case.helped or not ("o" in case.entry.flags and case.people < LARGE)


def _large_enough(case: _Case) -> bool:
    """Decide by size, and by what stands around, on a name that nothing else speaks against."""
    if case.kind != PLACE or case.people >= GREAT:
        return True
    if case.joined:
        return False
    if case.people >= LARGE and (case.near or case.helped or case.cue != cues.NONE):
        return True
    if case.people >= LARGE:  # a far place that nothing speaks for: perhaps a company or somebody
        return not (case.one.shouted or case.before or case.after)
    if case.one.shouted:
        return case.helped and (case.cue != cues.NONE or case.people >= SMALL)
    if case.cue == cues.NONE and (case.before or case.after):
        return False
    return case.helped or (case.people >= SMALL and (case.near or case.cue != cues.NONE))


def _apart(one: int, other: int) -> bool:
    """Tell whether it makes a difference which of two is meant."""
    names = gazetteer()
    a, b = names.place(one), names.place(other)
    if a.country != b.country:
        return True
    km = distance(a, b)
    return km is not None and km > _CLOSE and "region" not in {a.kind, b.kind}


def _how(text: str, one: Named, number: int, cue: str) -> str:
    """Return how a name is meant."""
    if one.adjective:
        return ADJECTIVE
    if cues.is_dateline(text, one):
        return GOVERNMENT
    if gazetteer().capital(number) and (cue != cues.STRONG or cues.speaks(text, one)):
        return GOVERNMENT
    return AT


def _weight(part: Field, one: Named, cue: str, how: str) -> float:
    """Return how much a mention says about where the event is."""
    where = 6.0 if part is Field.TITLE else 2.0 if one.start < _LEAD else 1.0 if one.start < _LATE else 0.5
    said = {cues.STRONG: 1.4, cues.WEAK: 0.9}.get(cue, 1.0)
    return where * said * (0.6 if how == ADJECTIVE else 1.0)


def distance(one: Place, other: Place) -> float | None:
    """Return the km between two places on the globe; None where one is a country, which has no point."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))


# --- the article ------------------------------------------------------------------------------------------------------


def located(found: Sequence[Mention]) -> Located:
    """Return where an article is that names such places; without any it is nowhere."""
    countries = _countries(found)
    spots = [one for one in found if one.how != GOVERNMENT and one.place.kind != "country"]
    spots = [one for one in spots if one.place.country in countries and _about(one, found)]
    if not spots:
        return _in_a_country(found, countries)
    weights = _weights(spots)
    number = _most_specific(weights)
    own = [one for one in spots if one.number == number]
    place, first = own[0].place, max(own, key=lambda one: one.weight)
    titled = {one.place.country for one in found if one.field is Field.TITLE}
    stray = bool(titled) and place.country not in titled
    sure = _sure(first, weights[number], _rival(weights, spots, place), stray=stray)
    return Located(
        countries=tuple(dict.fromkeys([place.country, *countries])),
        place=place.name,
        kind=place.kind,
        lat=place.lat,
        lon=place.lon,
        sure=sure,
        borders=place.borders,
        why=_why(own, first, sure),
        words=tuple(dict.fromkeys(one.words for one in own)),
    )


def _about(spot: Mention, found: Iterable[Mention]) -> bool:
    """Tell whether a place may be where the event is: the headline names its country, or none, or it comes early."""
    said = {one.place.country for one in found if one.field is Field.TITLE}
    return not said or spot.place.country in said or spot.start < _LEAD


def _countries(found: Iterable[Mention]) -> dict[str, float]:
    """Return the countries that are spoken of, the most first, with their weights."""
    weights: dict[str, float] = {}
    times: Counter[str] = Counter()
    for one in sorted(found, key=lambda one: -one.weight):
        share = 1.0 if one.place.kind == "country" and one.how == AT else 0.8
        if times[one.place.country] < 2 * _COUNTED:
            weights[one.place.country] = weights.get(one.place.country, 0.0) + one.weight * share
        times[one.place.country] += 1
    most = max(weights.values(), default=0.0)
    kept = {code: weight for code, weight in weights.items() if weight >= _AGREES * most}
    order = list(dict.fromkeys(one.place.country for one in found))
    return dict(sorted(kept.items(), key=lambda pair: (-pair[1], order.index(pair[0]))))


def _weights(spots: Iterable[Mention]) -> dict[int, float]:
    """Return how much speaks for each place."""
    weights: dict[int, float] = {}
    times: Counter[int] = Counter()
    for one in sorted(spots, key=lambda one: -one.weight):
        if times[one.number] < _COUNTED:
            weights[one.number] = weights.get(one.number, 0.0) + one.weight
        times[one.number] += 1
    return weights


def _most_specific(weights: Mapping[int, float]) -> int:
    """Return the place that most speaks for; one in a region rather than the region, where both are named."""
    names = gazetteer()
    number = max(weights, key=lambda one: (weights[one], -one))
    if names.kind(number) != PLACE:
        inside = [one for one in weights if one != number and names.region(one) == number]
        inside = [one for one in inside if weights[one] >= 0.35 * weights[number]]
        number = max(inside, key=lambda one: (weights[one], -one), default=number)
    return number


def _rival(weights: Mapping[int, float], spots: Iterable[Mention], place: Place) -> float:
    """Return the weight of the strongest other place that lies elsewhere."""
    elsewhere = [0.0]
    for one in spots:
        km = distance(one.place, place)
        same_region = place.name in {one.place.region, one.place.name} or one.place.name == place.region
        if not same_region and (km is None or km > _CLOSE):
            elsewhere.append(weights[one.number])
    return max(elsewhere)


def _sure(first: Mention, weight: float, rival: float, *, stray: bool) -> str:
    """Return how sure a place is; `stray`: the headline names only other countries."""
    if first.margin < 0.5 or weight < 1.0:
        return GUESS
    if stray:
        return LIKELY if rival <= 0.6 * weight else GUESS
    if first.margin >= _CLEAR and weight >= 2.6 and rival <= 0.6 * weight and first.how == AT:
        return SURE
    return LIKELY if rival <= 0.9 * weight or first.field is Field.TITLE else GUESS


def _why(own: Sequence[Mention], first: Mention, sure: str) -> str:
    """Say which words named the place, where, and what leaves a doubt."""
    words = ", ".join(dict.fromkeys(f"{one.words!r} ({one.field})" for one in own[:_COUNTED]))
    doubts = {
        "as an adjective": first.how == ADJECTIVE,
        "other places have the name": first.margin < _CLEAR,
        "other places are named as well": sure != SURE and first.margin >= _CLEAR and first.how != ADJECTIVE,
    }
    said = [doubt for doubt, holds in doubts.items() if holds]
    return f"named by {words}" + (f"; {', '.join(said)}" if said else "")


def _in_a_country(found: Sequence[Mention], countries: Mapping[str, float]) -> Located:
    """Return the country that an article is about which names no place in it."""
    if not countries:
        return Located(countries=())
    code = next(iter(countries))
    own = [one for one in found if one.place.country == code]
    named = any(one.place.kind == "country" and one.how == AT and one.weight >= 2.0 for one in own)
    others = [weight for other, weight in countries.items() if other != code]
    sure = LIKELY if named and countries[code] >= 1.5 * max(others, default=0.0) else GUESS
    number = gazetteer().country_number(code)
    name = gazetteer().place(number).name if number is not None else code
    words = tuple(dict.fromkeys(one.words for one in own))
    named_by = ", ".join(dict.fromkeys(f"{one.words!r} ({one.field})" for one in own[:_COUNTED]))
    why = f"no place is named, only the country, by {named_by}"
    return Located(countries=tuple(countries), place=name, kind="country", sure=sure, why=why, words=words)
