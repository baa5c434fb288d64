"""The lands of the world and their borders, read when a map is first drawn (Natural Earth, public domain).

The file `borders.xz` is made by `seeds/borders/build.py`, where its form is said. There are two levels: "fine" (scale
1 to 50 million) for a part of the world, "coarse" (1 to 110 million) for the whole.
"""

import io
import json
import lzma
import struct
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

Point = tuple[float, float]  # longitude, latitude; degrees
Box = tuple[float, float, float, float]  # west, south, east, north


class Part(NamedTuple):
    """One outer ring or hole of a country."""

    box: Box
    points: tuple[Point, ...]


class Country(NamedTuple):
    """A country by its code of ISO 3166-1 (Kosovo is XK)."""

    code: str
    name: str
    parts: tuple[Part, ...]


class Level(NamedTuple):
    """The world at one scale."""

    countries: tuple[Country, ...]
    disputed: tuple[tuple[Point, ...], ...]  # lines that are no borders of the standard, but are held


@cache
def level(name: str) -> Level:
    """Return a level: "fine" (0.1 s when first asked for) or "coarse"."""
    data = lzma.decompress(_packed())
    head, at = _head(data)
    for one in head["levels"]:
        if one["name"] == name:
            return _level(one, _arcs(data[at : at + one["bytes"]], head["unit"]))
        at += one["bytes"]
    raise ValueError(f"no level {name!r}")


@cache
def names_of_countries() -> dict[str, str]:
    """Return the name of each country by its code."""
    with lzma.open(io.BytesIO(_packed())) as file:  # what stands before the points is enough
        [length] = struct.unpack("<I", file.read(4))
        head = json.loads(file.read(length))
    return {code: name for one in head["levels"] if one["name"] == "fine" for code, name, _ in one["countries"]}


def _packed() -> bytes:
    return files("monitor.charts").joinpath("borders.xz").read_bytes()


def _head(data: bytes) -> tuple[dict[str, Any], int]:
    """Return what is said of the levels, and where their points begin."""
    [length] = struct.unpack_from("<I", data)
    return json.loads(data[4 : 4 + length]), 4 + length


def _level(head: dict[str, list[tuple[str, str, list[list[list[int]]]]]], arcs: list[tuple[Point, ...]]) -> Level:
    countries = tuple(
        Country(code, name, tuple(part for rings in polygons for ring in rings for part in _parts(ring, arcs)))
        for code, name, polygons in head["countries"]
    )
    return Level(countries, tuple(arcs[int(number)] for number in head["disputed"]))  # type: ignore[call-overload]


def _parts(ring: list[int], arcs: list[tuple[Point, ...]]) -> list[Part]:
    """Return a ring; one that crosses the date line twice, on both edges of the world."""
    points: list[Point] = []
    for arc in ring:
        points += (arcs[arc] if arc >= 0 else arcs[~arc][::-1])[:-1]
    if max(x for x, _ in points) - min(x for x, _ in points) < 180:
        return [_part(points)]
    whole = _unbroken(points)
    turn = -360.0 if max(x for x, _ in whole) > 180 else 360.0
    return [_part(whole), _part([(x + turn, y) for x, y in whole])]


def _part(points: list[Point]) -> Part:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Part((min(xs), min(ys), max(xs), max(ys)), tuple(points))


def _unbroken(points: list[Point]) -> list[Point]:
    """Return a ring whose longitudes go on beyond 180 degrees instead of jumping to the other end."""
    turns, before = 0.0, points[0][0]
    found = []
    for x, y in points:
        turns += -360.0 if x - before > 180 else 360.0 if before - x > 180 else 0.0
        before = x
        found.append((x + turns, y))
    return found


def _arcs(data: bytes, unit: float) -> list[tuple[Point, ...]]:
    numbers = _numbers(data)
    arcs = []
    for count in numbers:
        x = y = 0
        points = []
        for _ in range(count):
            x += _signed(next(numbers))
            y += _signed(next(numbers))
            points.append((x * unit, y * unit))
        arcs.append(tuple(points))
    return arcs


def _numbers(data: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in data:
        number |= (byte & 127) << shift
        if byte < 128:
            yield number
            number = shift = 0
        else:
            shift += 7


def _signed(number: int) -> int:
    return -(number + 1 >> 1) if number & 1 else number >> 1
