"""The names and places that ship with the program, held in little memory and read when first asked for.

The file `gazetteer.xz` is made by `seeds/gazetteer/build.py`. Within the compression: the length of a header (4 bytes,
little-endian), the header (JSON), and the sections that it names, one after the other: columns of numbers with a row
for each country, region and place; their English names; their distances to borders (number of the border, tenths of
km); and `keys`, lines sorted by their first word:

    word <tab> flags <tab> entry,entry ...

A word is folded; its flags are "c", also an everyday word, and "p", also the name of people. An entry is the number of
a row in base 36, small letters, and after a blank each the further words of the name. The letters: "g", a region that
needs the word for it ("Gomel *region*"); "a", an adjective up to its k; "o", another name than the place's own.
"""

import json
import lzma
import re
import struct
from array import array
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from monitor.model import Place

FILE = "gazetteer.xz"
KINDS = ("place", "region", "country")
PLACE, REGION, COUNTRY = range(3)
_CAPITAL, _DISTRICT = 4, 8  # bits of the column `kind`
_NONE = 0xFFFF
REMEMBERED = 1024  # places: an article names few, and the same ones as others
_PREFIX = 3  # letters by which lines are found
_ENTRY = re.compile(r"([0-9A-Z]+)([a-z]*)((?: [^ ]+)*)")


class Entry(NamedTuple):
    """One thing that a name may stand for."""

    number: int
    flags: str = ""
    rest: tuple[str, ...] = ()  # the further words of the name


class Names(NamedTuple):
    """What begins with a word."""

    flags: str
    entries: tuple[Entry, ...]


class Gazetteer:
    """Places by name, and by number."""

    def __init__(self, data: bytes) -> None:
        """Take the file, decompressed."""
        [length] = struct.unpack_from("<I", data)
        head = json.loads(data[4 : 4 + length])
        sections: dict[str, bytes] = {}
        at = 4 + length
        for name, size in head["sections"]:
            sections[name] = data[at : at + size]
            at += size
        self.countries: list[str] = head["countries"]
        self.borders_known: list[str] = head["borders"]  # "BY-UA", in the order of the letters
        self._pairs: tuple[str, ...] = tuple(head["pairs"])
        self._lat, self._lon = _numbers("i", sections["lat"]), _numbers("i", sections["lon"])
        self.people = _numbers("I", sections["people"])
        self._country, self._kind = sections["country"], sections["kind"]
        self._region = _numbers("H", sections["region"])
        self._name_at, self._border_at = _numbers("I", sections["name_at"]), _numbers("I", sections["border_at"])
        self._names, self._borders, self._keys = sections["names"], sections["borders"], sections["keys"]
        self._starts: dict[str, int] = dict(zip(head["starts"], range(len(head["starts"])), strict=True))
        self._start_at = _numbers("I", sections["start_at"])
        self._start_at.append(len(self._keys))
        self.place = lru_cache(REMEMBERED)(self._place)  # everything that is known of one row

    def __len__(self) -> int:
        """How many countries, regions and places there are."""
        return len(self._kind)

    def names(self, word: str) -> Names | None:
        """Return what begins with a folded word; None where nothing does."""
        start = self._starts.get(word[:_PREFIX])
        if start is None:
            return None
        low, high = self._start_at[start], self._start_at[start + 1]
        key = word.encode("utf-8", "replace") + b"\t"
        at = low if self._keys.startswith(key, low) else self._keys.find(b"\n" + key, low, high) + 1
        if at == 0:
            return None
        _, flags, entries = self._keys[at : self._keys.index(b"\n", at)].decode().split("\t")
        return Names(flags, tuple(_entries(entries)))

    def beginning(self, letters: str) -> list[str]:
        """Return the first words of all names that begin so."""
        starts = [at for prefix, at in self._starts.items() if prefix.startswith(letters)]
        lines = (self._keys[self._start_at[at] : self._start_at[at + 1]].decode().splitlines() for at in starts)
        return [line.split("\t")[0] for part in lines for line in part]

    def kind(self, number: int) -> int:
        """Return PLACE, REGION or COUNTRY."""
        return self._kind[number] & 3

    def capital(self, number: int) -> bool:
        """Tell whether a place is the capital of its country."""
        return bool(self._kind[number] & _CAPITAL)

    def district(self, number: int) -> bool:
        """Tell whether a region is of the second level."""
        return bool(self._kind[number] & _DISTRICT)

    def country(self, number: int) -> str:
        """Return the code of the country that something is or lies in."""
        return self.countries[self._country[number]]

    def region(self, number: int) -> int | None:
        """Return the number of the region that a place lies in, or of the region itself."""
        found = self._region[number]
        return None if found == _NONE else found

    def country_number(self, code: str) -> int | None:
        """Return the number of a country by its code: countries are the first rows."""
        return self.countries.index(code) if code in self.countries else None

    def _place(self, number: int) -> Place:
        kind = self.kind(number)
        region = self.region(number)
        nowhere = kind == COUNTRY
        return Place(
            name=self._name(number),
            kind=KINDS[kind],
            country=self.country(number),
            region=self._name(region) if region is not None and region != number else "",
            lat=None if nowhere else self._lat[number] / 1e4,
            lon=None if nowhere else self._lon[number] / 1e4,
            people=self.people[number],
            capital=self.capital(number),
            borders=self.borders(number),
        )

    def borders(self, number: int) -> Mapping[str, float]:
        """Return the km to each border that is near: "UA" of the own country with UA, "BY-UA" of two others."""
        data = self._borders[self._border_at[number] : self._border_at[number + 1]]
        return {self._pairs[border]: km / 10 for border, km in struct.iter_unpack("<HH", data)}

    def _name(self, number: int) -> str:
        return self._names[self._name_at[number] : self._name_at[number + 1]].decode()


@cache
def gazetteer() -> Gazetteer:
    """Return the gazetteer, read when it is first asked for."""
    with (files("monitor.places") / FILE).open("rb") as file:
        return Gazetteer(lzma.decompress(file.read()))


def _numbers(kind: str, data: bytes) -> "array[int]":
    found = array(kind)
    found.frombytes(data)
    return found


def _entries(text: str) -> Iterator[Entry]:
    for one in text.split(","):
        if found := _ENTRY.fullmatch(one):
            yield Entry(int(found[1], 36), found[2], tuple(found[3].split()))
