"""What a person writes for a place or a country in a rule or an option, and what was meant where it is misspelt."""

import difflib
from collections.abc import Sequence

from monitor.language.fold import fold
from monitor.model import Place
from monitor.places.gazetteer import COUNTRY, PLACE, gazetteer
from monitor.places.lemmas import plain_words

_RIVAL = 0.2  # of several places of one name, one with so many of the people of the largest could be meant as well


def is_country(code: str) -> bool:
    """Tell whether this is the code of a country (ISO 3166-1 alpha-2, capitals)."""
    return code in gazetteer().countries


def code_of(name: str) -> str:
    """Return the code of a country by one of its names; "" where it is none."""
    names = gazetteer()
    for number in _numbers(name):
        if names.kind(number) == COUNTRY:
            return names.country(number)
    return ""


def neighbours(code: str) -> frozenset[str]:
    """Return the countries that share a land border with one."""
    pairs = (pair.split("-") for pair in gazetteer().borders_known)
    return frozenset(other for pair in pairs if code in pair for other in pair if other != code)


def known_as(name: str, countries: Sequence[str] = ()) -> list[Place]:
    """Return the place that a name means, or several where that cannot be told; none where there is none.

    Those in `countries` go before others; of several the one with by far the most people is meant, in one country the
    one with the most.
    """
    names = gazetteer()
    numbers = [number for number in _numbers(name) if names.kind(number) == PLACE]
    numbers = [number for number in numbers if names.country(number) in countries] or ([] if countries else numbers)
    numbers.sort(key=lambda number: -names.people[number])
    most = max((names.people[number] for number in numbers), default=0)
    found: list[Place] = []
    for place in (names.place(number) for number in numbers if names.people[number] >= _RIVAL * most):
        if place.country not in {other.country for other in found}:
            found.append(place)
    return found


def like(name: str) -> str:
    """Return the nearest name of a place of some size; "" where none is near."""
    words = [fold(word) for word in plain_words(name)]
    if not words:
        return ""
    near = difflib.get_close_matches(words[0], gazetteer().beginning(words[0][:2]), 3, 0.7)
    places = [place for word in near for place in known_as(word)]
    return max(places, key=lambda place: place.people).name if places else ""


def _numbers(name: str) -> list[int]:
    """Return what a whole name stands for."""
    words = [fold(word) for word in plain_words(name)]
    found = gazetteer().names(words[0]) if words else None
    entries = found.entries if found else ()
    return list(dict.fromkeys(one.number for one in entries if one.rest == tuple(words[1:]) and "a" not in one.flags))
