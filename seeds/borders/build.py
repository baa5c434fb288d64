"""Makes the borders that ship in `monitor/charts/borders.xz` of the Natural Earth data that npm's world-atlas carries.

    (cd SOURCES && npm pack world-atlas@2.0.2)
    pip install pycountry
    python seeds/borders/build.py SOURCES monitor/charts/borders.xz

Natural Earth (public domain) draws who holds a land. Here Crimea is part of Ukraine, as in resolution 68/262 of the
General Assembly of the United Nations and in ISO 3166; so are Northern Cyprus of Cyprus and Somaliland of Somalia. The
lines between them are kept apart, to be drawn as lines that are in dispute.

The file, within the compression: the length of a header (4 bytes, little-endian), the header (JSON), and for each level
its arcs: the number of points and then, for each point, how far it is from the one before, in units of `UNIT` degrees,
as numbers of variable length, the sign in the lowest bit.
"""

import json
import lzma
import struct
import sys
import tarfile
from pathlib import Path
from typing import Any

import pycountry

UNIT = 0.004  # degrees: 400 m
LEVELS = {"fine": "countries-50m.json", "coarse": "countries-110m.json"}
CRIMEA = (34.2, 45.2)
JOINED = {"N. Cyprus": "CY", "Somaliland": "SO", "Indian Ocean Ter.": "AU", "Siachen Glacier": "IN"}
CODES = {"Kosovo": "XK"}
NAMES = {
    "MK": "North Macedonia", "SZ": "Eswatini", "BA": "Bosnia and Herzegovina", "US": "United States", "CD": "DR Congo",
    "CF": "Central African Republic", "DO": "Dominican Republic", "EH": "Western Sahara", "GQ": "Equatorial Guinea",
    "SS": "South Sudan", "SB": "Solomon Islands", "CZ": "Czechia",
}  # fmt: skip
Point = tuple[int, int]
Ring = list[int]


def main(sources: Path, target: Path) -> None:
    """Write the file and say how large it is."""
    head: dict[str, Any] = {"unit": UNIT, "levels": []}
    bodies = []
    for name, member in LEVELS.items():
        level, body = level_of(read(sources, member))
        head["levels"].append({"name": name, "bytes": len(body), **level})
        bodies.append(body)
    text = json.dumps(head, separators=(",", ":"), ensure_ascii=False).encode()
    data = struct.pack("<I", len(text)) + text + b"".join(bodies)
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 0, "lp": 0, "pb": 0}]
    target.write_bytes(lzma.compress(data, format=lzma.FORMAT_XZ, filters=filters))
    print(f"{target}: {target.stat().st_size:,} bytes of {len(data):,}")


def read(sources: Path, name: str) -> dict[str, Any]:
    """Return a file of the package."""
    [package] = sources.glob("world-atlas-*.tgz")
    with tarfile.open(package) as archive:
        member = archive.extractfile(f"package/{name}")
        assert member
        return dict(json.load(member))


def level_of(atlas: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the countries of a level with their rings of arcs, the arcs that are in dispute, and the arcs as bytes."""
    arcs = [unpacked(arc, atlas["transform"]) for arc in atlas["arcs"]]
    countries: dict[str, list[list[Ring]]] = {}
    names: dict[str, str] = {}
    joined: dict[str, list[list[Ring]]] = {}
    for shape in atlas["objects"]["countries"]["geometries"]:
        if not shape.get("arcs"):
            continue
        name, polygons = shape["properties"]["name"], polygons_of(shape)
        if name in JOINED:
            joined.setdefault(JOINED[name], []).extend(polygons)
            continue
        code = CODES.get(name) or code_of(shape.get("id"))
        if code:
            countries.setdefault(code, []).extend(polygons)
            names.setdefault(code, NAMES.get(code, name))
    crimea = [polygon for polygon in countries["RU"] if holds(ring_points(polygon[0], arcs), CRIMEA)]
    countries["RU"] = [polygon for polygon in countries["RU"] if polygon not in crimea]
    joined["UA"] = crimea
    disputed: list[int] = []
    for code, polygons in joined.items():
        countries[code], inner = merged(countries.get(code, []) + polygons, arcs)
        disputed += inner
    used = sorted(
        {
            arc if arc >= 0 else ~arc
            for polygons in countries.values()
            for rings in polygons
            for ring in rings
            for arc in ring
        }
        | set(disputed)
    )
    place = {arc: number for number, arc in enumerate(used)}

    def moved(arc: int) -> int:
        return place[arc] if arc >= 0 else ~place[~arc]

    listed = [
        [code, names[code], [[[moved(arc) for arc in ring] for ring in rings] for rings in countries[code]]]
        for code in sorted(countries)
    ]
    body = b"".join(packed(arcs[arc]) for arc in used)
    points = sum(len(arcs[arc]) for arc in used)
    print(f"{len(listed)} countries, {len(used)} arcs, {points:,} points, {len(disputed)} lines in dispute")
    return {"countries": listed, "arcs": len(used), "disputed": [place[arc] for arc in disputed]}, body


def code_of(numeric: str | None) -> str:
    """Return the letters of a country of the standard."""
    found = pycountry.countries.get(numeric=numeric) if numeric else None
    return found.alpha_2 if found else ""


def polygons_of(shape: dict[str, Any]) -> list[list[Ring]]:
    """Return the polygons of a shape, each an outer ring and its holes."""
    return list(shape["arcs"]) if shape["type"] == "MultiPolygon" else [shape["arcs"]]


def unpacked(arc: list[list[int]], transform: dict[str, Any]) -> list[Point]:
    """Return an arc in our units."""
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    x = y = 0
    found: list[Point] = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        point = (round((x * sx + tx) / UNIT), round((y * sy + ty) / UNIT))
        if not found or found[-1] != point:
            found.append(point)
    return found if len(found) > 1 else found * 2


def ring_points(ring: Ring, arcs: list[list[Point]]) -> list[Point]:
    """Return the points of a ring."""
    return [point for arc in ring for point in (arcs[arc] if arc >= 0 else arcs[~arc][::-1])[:-1]]


def holds(points: list[Point], place: tuple[float, float]) -> bool:
    """Tell whether a ring is a small one around a place."""
    xs, ys = [x * UNIT for x, _ in points], [y * UNIT for _, y in points]
    return (
        min(xs) > place[0] - 5
        and max(xs) < place[0] + 5
        and min(xs) < place[0] < max(xs)
        and min(ys) < place[1] < max(ys)
    )


def merged(polygons: list[list[Ring]], arcs: list[list[Point]]) -> tuple[list[list[Ring]], list[int]]:
    """Return polygons without the arcs that two of them share, and those arcs."""
    of_arc: dict[int, list[int]] = {}
    for number, rings in enumerate(polygons):
        for ring in rings:
            for arc in ring:
                of_arc.setdefault(arc if arc >= 0 else ~arc, []).append(number)
    inner = [arc for arc, owners in of_arc.items() if len(set(owners)) == 2]
    touched = {number for arc in inner for number in of_arc[arc]}
    loose = [
        arc
        for number in sorted(touched)
        for ring in polygons[number]
        for arc in ring
        if (arc if arc >= 0 else ~arc) not in inner
    ]
    kept = [rings for number, rings in enumerate(polygons) if number not in touched]
    rings = linked(loose, arcs)
    rings.sort(key=lambda ring: -len(ring_points(ring, arcs)))
    return kept + [[ring] for ring in rings], inner


def linked(loose: list[int], arcs: list[list[Point]]) -> list[Ring]:
    """Return arcs put together to rings by their ends."""

    def ends(arc: int) -> tuple[Point, Point]:
        points = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        return points[0], points[-1]

    left, rings = list(loose), []
    while left:
        ring = [left.pop(0)]
        while ends(ring[-1])[1] != ends(ring[0])[0]:
            following = next((arc for arc in left if ends(arc)[0] == ends(ring[-1])[1]), None)
            assert following is not None, "a ring that does not close"
            left.remove(following)
            ring.append(following)
        rings.append(ring)
    return rings


def packed(points: list[Point]) -> bytes:
    """Return an arc as numbers of variable length."""
    written = bytearray(varint(len(points)))
    x = y = 0
    for px, py in points:
        written += varint(zigzag(px - x)) + varint(zigzag(py - y))
        x, y = px, py
    return bytes(written)


def zigzag(number: int) -> int:
    """Return a number with its sign in the lowest bit."""
    return number * 2 if number >= 0 else -number * 2 - 1


def varint(number: int) -> bytes:
    """Return a number in groups of seven bits, the low ones first."""
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    written.append(number)
    return bytes(written)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
