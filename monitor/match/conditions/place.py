"""`place`: where the article says that something is: in a country, near a place, near a border."""

import typing
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor import places
from monitor.match.conditions.base import Condition, Piece, Searched, Told, say
from monitor.match.reading import Path, Reader
from monitor.match.text import Area, Found, Span, Text
from monitor.model import Place

KEYS = ("country", "within", "border", "km", "unplaced")
UNPLACED = ("ignore", "match")
FARTHEST = 300.0  # km up to which the gazetteer knows the distance to the borders of other countries
WIDEST = 20_000.0  # km
Named = tuple[places.Mention, int, int]  # with its first and last word


@dataclass(frozen=True, slots=True)
class Around:
    """A circle: so many km around a place."""

    km: float
    of: Place

    def holds(self, place: Place) -> bool:
        """Tell whether a place lies in it; a region by its middle."""
        away = places.distance(place, self.of)
        return away is not None and away <= self.km


@dataclass(frozen=True, slots=True, eq=False)
class PlaceIs(Searched):
    """A place that the article names lies in one of the countries, near the place, and near the border."""

    name = "place"
    cost = 4
    countries: tuple[str, ...]
    around: Around | None
    border: tuple[str, ...]  # one country, or the two that share it
    km: float
    unplaced: bool  # whether it holds for an article that names no place

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: Reader) -> Condition | None:
        """Read `country`, `within`, `border` with `km`, and `unplaced`."""
        if not reader.keys(data, place, KEYS):
            return None
        countries = _countries(data["country"], (*place, "country"), reader) if "country" in data else ()
        border = _border(data["border"], (*place, "border"), reader) if "border" in data else ()
        km = _border_km(data, place, reader)
        around = _around(data["within"], (*place, "within"), reader, countries or border or ()) if _has(data) else None
        unplaced = data.get("unplaced", "ignore")
        right = countries is not None and border is not None and km is not None and not (_has(data) and around is None)
        if unplaced not in UNPLACED:
            reader.complain((*place, "unplaced"), f"{unplaced!r} is neither match nor ignore", "write unplaced: match")
            return None
        if not {"country", "within", "border"} & data.keys():
            reader.complain(place, "it does not say where", "add country, within, or border with km")
            return None
        if not right:
            return None
        return cls(countries or (), around, border or (), km or 0.0, unplaced == "match")

    @staticmethod
    def schema(_condition: dict[str, typing.Any]) -> dict[str, typing.Any]:
        """`country`, `within`, `border` with `km`, and `unplaced`."""
        code = {"type": "string", "pattern": "^[A-Za-z]{2}$"}
        km = {"type": "number", "exclusiveMinimum": 0}
        within = {
            "type": "object",
            "properties": {"km": km, "of": {"type": "string", "description": "A place, or 'Brest, BY'."}},
            "required": ["km", "of"],
            "additionalProperties": False,
        }
        properties = {
            "country": {"anyOf": [code, {"type": "array", "items": code, "minItems": 1}]},
            "within": within,
            "border": {"anyOf": [code, {"type": "array", "items": code, "minItems": 1, "maxItems": 2}]},
            "km": {**km, "maximum": FARTHEST, "description": "How far from the border at most."},
            "unplaced": {"enum": list(UNPLACED), "description": "What an article that names no place does."},
        }
        return {
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
            "anyOf": [{"required": [key]} for key in ("country", "within", "border")],
            "dependentRequired": {"border": ["km"], "km": ["border"]},
        }

    @property
    def finds(self) -> bool:
        """It does: the words that name the place."""
        return True

    @property
    def single(self) -> bool:
        """Each place alone makes it hold."""
        return not self.unplaced

    @property
    def monotone(self) -> bool:
        """It is, unless it holds where no place is named."""
        return not self.unplaced

    def search(self, text: Text, area: Area) -> Found | None:
        """Return the words that name places which fit."""
        inside = [one for one in named_in(text) if area[0] <= one[1] and one[2] < area[1]]
        spots = [one for one in inside if self._counts(one[0], text)]
        found = tuple(Span(first, last, self._term(one.place)) for one, first, last in spots if self.fits(one.place))
        if found:
            return found
        return () if self.unplaced and not spots and self._may_be(text) else None

    def _counts(self, mention: places.Mention, text: Text) -> bool:
        """Tell whether a mention is of a kind that is asked for: a country will do where only that is asked."""
        if self.around or self.border:
            return mention.how != places.GOVERNMENT and mention.place.kind != "country"
        return mention.place.country in _located(text)

    def _may_be(self, text: Text) -> bool:
        """Tell whether an article without a place may be of the countries: it names one of them, or none."""
        countries = _located(text)
        return not self.countries or not countries or not set(countries).isdisjoint(self.countries)

    def fits(self, place: Place) -> bool:
        """Tell whether a place lies where it is to lie."""
        if self.countries and place.country not in self.countries:
            return False
        if self.around and not self.around.holds(place):
            return False
        return not self.border or self._away(place) <= self.km

    def _away(self, place: Place) -> float:
        return min((km for _, km in border_distances(place, self.border)), default=float("inf"))

    def _term(self, place: Place) -> str:
        """Say of a place what makes it fit."""
        said = [place.name if place.kind == "country" else f"{place.name} ({place.country})"]
        if self.around and (away := places.distance(place, self.around.of)) is not None:
            said.append(f"{away:.0f} km from {self.around.of.name}")
        if self.border:
            border, km = min(border_distances(place, self.border), key=lambda one: one[1])
            said.append(f"{km:.0f} km from the border {border}")
        return ", ".join(said)

    def describe(self) -> str:
        """Say where."""
        said = [f"in {' or '.join(self.countries)}"] if self.countries else []
        if self.around:
            said.append(f"within {self.around.km:g} km of {self.around.of.name} ({self.around.of.country})")
        if self.border:
            said.append(f"within {self.km:g} km of {_border_said(self.border)}")
        return f"a place {' and '.join(said)}" + (", or no place" if self.unplaced else "")

    def tell(self, text: Text, area: Area) -> Told:
        """Say which places there are, and how far they are."""
        found = self.look(text, area)
        told = [f"{span.term}, named by {text.words_of(span)!r}" for span in found or ()]
        note = "; ".join(dict.fromkeys(told)) if found else self._named(text, area)
        return Told(self.describe(), found is not None, say(found or (), text), note=note, missing=int(found is None))

    def _named(self, text: Text, area: Area) -> str:
        inside = [one for one, first, last in named_in(text) if area[0] <= first and last < area[1]]
        said = dict.fromkeys(f"{self._seen(one)}" for one in inside)
        return f"it names {', '.join(list(said)[:5])}" if said else "it names no place"

    def _seen(self, mention: places.Mention) -> str:
        place = mention.place
        if place.kind == "country":
            return place.name
        if mention.how == places.GOVERNMENT and (self.around or self.border):
            return f"{place.name} as a government"
        away = min(border_distances(place, self.border), key=lambda one: one[1], default=None) if self.border else None
        return f"{place.name} ({place.country})" + (f", {away[1]:.0f} km from the border {away[0]}" if away else "")

    def evidence(self, text: Text, area: Area) -> Iterable[Piece]:
        """Return the words that name the places; without any, that there are none."""
        found = self.look(text, area)
        if found == ():
            return [Piece(self.name, fact="no place is named")]
        return [Piece(self.name, span) for span in found or ()]


def named_in(text: Text) -> list[Named]:
    """Return what an article names, with the words; worked out once."""
    known: list[Named] | None = text.memory.get("places")
    if known is None:
        known = text.memory["places"] = list(_in_words(text))
    return known


def _in_words(text: Text) -> Iterator[Named]:
    parts = {part.field: part for part in text.parts}
    texts = [(part.field, part.tokens.text) for part in text.parts]
    for one in places.mentions(texts, text.article.language, text.source.country):
        part = parts[one.field]
        first = max(0, bisect_right(part.tokens.starts, one.start) - 1)
        last = max(first, bisect_left(part.tokens.starts, one.end) - 1)
        if part.tokens.words:
            yield one, part.first + first, part.first + last


def _located(text: Text) -> tuple[str, ...]:
    """Return the countries of the article as a whole; worked out once."""
    known: tuple[str, ...] | None = text.memory.get("countries")
    if known is None:
        known = text.memory["countries"] = places.located([one for one, _, _ in named_in(text)]).countries
    return known


def border_distances(place: Place, border: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """Return the km from a place to a border, or to each border of one country, with the countries that share it."""
    for other, km in place.borders.items():
        pair = other if "-" in other else "-".join(sorted((place.country, other)))
        if set(border) <= set(pair.split("-")):
            yield pair, km


def _border_said(border: tuple[str, ...]) -> str:
    return f"the border of {border[0]}" if len(border) == 1 else f"the border {'-'.join(border)}"


# --- reading ----------------------------------------------------------------------------------------------------------


def _has(data: typing.Any) -> bool:
    return "within" in data


def _countries(data: typing.Any, place: Path, reader: Reader) -> tuple[str, ...] | None:
    values = reader.texts(data, place)
    if values is None:
        return None
    codes = tuple(value.upper() for value in values)
    for number, (code, value) in enumerate(zip(codes, values, strict=True)):
        if not places.is_country(code):
            spot = (*place, number) if isinstance(data, list) else place
            meant = places.code_of(value)
            hint = f"did you mean {meant}?" if meant else "write its ISO 3166-1 code, for example PL"
            reader.complain(spot, f"{value!r} is no country", hint)
            return None
    return codes


def _border(data: typing.Any, place: Path, reader: Reader) -> tuple[str, ...] | None:
    codes = _countries(data, place, reader)
    if codes is None:
        return None
    if len(codes) > 2:
        reader.complain(place, f"a border is of two countries, not of {len(codes)}", "write one place: for each border")
        return None
    neighbours = places.neighbours(codes[0])
    if not neighbours:
        reader.complain(place, f"{codes[0]} has no land border", "use within instead")
        return None
    if len(codes) == 2 and codes[1] not in neighbours:
        wrong = f"{codes[0]} and {codes[1]} have no border in common"
        reader.complain(place, wrong, f"{codes[0]} has borders with {', '.join(sorted(neighbours))}")
        return None
    return codes


def _border_km(data: typing.Any, place: Path, reader: Reader) -> float | None:
    if "border" not in data:
        if "km" in data:
            hint = "add border: [BY, UA], or write within: {km: 50, of: Brest}"
            reader.complain((*place, "km"), "km stands here without a border", hint)
            return None
        return 0.0
    if "km" not in data:
        wrong = "km is missing, which says how far from the border"
        reader.complain((*place, "border"), wrong, "write for example km: 50")
        return None
    return _km(data["km"], (*place, "km"), reader, FARTHEST)


def _km(value: typing.Any, place: Path, reader: Reader, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        reader.complain(place, f"{value!r} is no distance", f"write a number of km up to {most:g}, for example 50")
        return None
    return float(value)


def _around(data: typing.Any, place: Path, reader: Reader, countries: tuple[str, ...]) -> Around | None:
    if not reader.keys(data, place, ("km", "of"), ("km", "of")):
        return None
    km = _km(data["km"], (*place, "km"), reader, WIDEST)
    centre = _centre(data["of"], (*place, "of"), reader, countries)
    return Around(km, centre) if km is not None and centre else None


def _centre(data: typing.Any, place: Path, reader: Reader, countries: tuple[str, ...]) -> Place | None:
    values = reader.texts(data, place)
    if not values or isinstance(data, list):
        if values:
            reader.complain(place, "of names one place", "write one place: for each")
        return None
    name, _, code = (part.strip() for part in values[0].partition(","))
    if code and not places.is_country(code.upper()):
        reader.complain(place, f"{code!r} is no country", "write its ISO 3166-1 code after the comma: Brest, BY")
        return None
    found = places.known_as(name, (code.upper(),) if code else countries)
    if not found:
        near = places.like(name)
        reader.complain(place, f"there is no place {values[0]!r}", f"did you mean {near}?" if near else "write a town")
        return None
    if len(found) > 1:
        said = " or ".join(f"{one.name}, {one.country}" for one in found[:4])
        reader.complain(place, f"there are several places {name!r}", f"write {said}")
        return None
    return found[0]
