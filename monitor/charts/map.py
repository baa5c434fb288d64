"""`map`: where hits are: countries shaded by their number, places as discs, names where there is room for them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from monitor.charts import theme
from monitor.charts.borders import Box, names_of_countries
from monitor.charts.frame import Frame, draw
from monitor.charts.ground import FINE, Ground, Land, ground
from monitor.charts.projection import WORLD, shape
from monitor.charts.scale import class_of, class_words, many, steps, whole
from monitor.charts.svg import Svg, clean, extent, join, label, shorten, tag
from monitor.charts.table import Table

EAST: Final[Box] = (17.0, 44.0, 42.0, 58.5)  # Europe's east, shown unless the hits are elsewhere
ENOUGH = 0.75  # share of the hits at places that a region must hold
SMALLEST = 3.2  # radius of a disc, pixels
GROWTH = 48  # by which the width is divided for the radius of the largest disc
NAMED = 14  # places and countries with a name in the drawing, at most
ATTRIBUTION = "Borders: Natural Earth"
Counted = TypeVar("Counted", "Spot", "Area")
Rect = tuple[float, float, float, float]  # left, top, right, bottom
Try = tuple[str, float, float]  # a text's anchor, and where that is


@dataclass(frozen=True, slots=True)
class Spot:
    """A place and the hits there."""

    name: str
    lat: float  # degrees, WGS 84
    lon: float
    count: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A country (ISO 3166-1 alpha-2) and the hits that are about it."""

    code: str
    count: int
    href: str = ""
    name: str = ""  # "" = the name that the borders have


@dataclass(frozen=True, slots=True)
class Map:
    """What is shown, and of which region; None = where most of it is."""

    spots: tuple[Spot, ...] = ()
    areas: tuple[Area, ...] = ()
    region: Box | None = None
    noun: str = "hit"


@dataclass(frozen=True, slots=True)
class Disc:
    """A place, or several that are too near to be told apart; the one with most names them."""

    spots: tuple[Spot, ...]
    x: float
    y: float
    r: float

    @property
    def count(self) -> int:
        """The hits at all of them."""
        return sum(spot.count for spot in self.spots)

    @property
    def rect(self) -> Rect:
        """What it covers."""
        return self.x - self.r, self.y - self.r, self.x + self.r, self.y + self.r


def rows(data: Map, frame: Frame) -> Table:  # noqa: ARG001 - every chart is asked alike
    """Return countries and places with their counts."""
    areas = [(("country", clean(_name(area)), area.count), area.href) for area in _most(data.areas)]
    spots = [(("place", clean(spot.name), spot.count), spot.href) for spot in _most(data.spots)]
    lines = areas + spots
    columns = ("Kind", "Name", f"{data.noun.capitalize()}s")
    return Table(columns, tuple(line for line, _ in lines), tuple(href for _, href in lines))


def chart(data: Map, frame: Frame) -> Svg:
    """Draw lands, then discs, then names; below, what the shades and discs mean, and what lies outside."""
    spots = [spot for spot in _most(data.spots) if math.isfinite(spot.lat) and math.isfinite(spot.lon)]
    box = data.region or region(spots)
    width, height = frame.width, round(frame.width * min(max(shape(box), 0.46), 0.94 if frame.slim else 0.62))
    base = ground(box, width, height)
    areas = {area.code: area for area in _most(data.areas)}
    bounds = steps([area.count for area in areas.values()], len(theme.AREAS))
    inside, outside = _parted(spots, base, width, height)
    discs = _discs(inside, base, max(8.0, width / GROWTH))
    linked = sum(1 for disc in discs if disc.spots[0].href) + sum(1 for area in areas.values() if area.href)
    marks = [_land(land, areas.get(land.code), bounds, data, frame, linked) for land in base.lands]
    layers = [
        tag("rect", width=width, height=height, **theme.fill("sea")),
        _lands(marks),
        _disputed(base),
        _over([_disc(disc, data, frame, linked) for disc in discs]),
        _names(discs, base, areas, width, height),
    ]
    body = [tag("svg", *layers, x=0, y=0, width=width, height=height, overflow="hidden")]
    foot = _foot(data, bounds, discs, outside, frame, height)
    return draw(frame, height + foot[1], join([*body, foot[0]]), _words(data, outside))


def _lands(marks: Sequence[Svg]) -> Svg:
    scale = f"scale({1 / FINE:g})"
    return tag("g", *marks, transform=scale, stroke_width=1.5, stroke_linejoin="round", **theme.stroke("border"))


def _over(discs: Sequence[Svg]) -> Svg:
    return tag("g", *discs, stroke_width="1.2", fill_opacity=".88", **theme.both("mark", "surface"))


def region(spots: Sequence[Spot]) -> Box:
    """Return Europe's east where most hits are there, else what holds all places, else the world."""
    total = sum(spot.count for spot in spots)
    if not total or sum(spot.count for spot in spots if _in(spot, EAST)) >= ENOUGH * total:
        return EAST
    lats, lons = [spot.lat for spot in spots], [spot.lon for spot in spots]
    west, south, east, north = (
        math.floor(min(lons)),
        math.floor(min(lats)),
        math.ceil(max(lons)),
        math.ceil(max(lats)),
    )
    if east - west > 90:
        return WORLD
    wide, tall = max(3.0, (east - west) * 0.15), max(2.0, (north - south) * 0.15)
    return max(-180.0, west - wide), max(-80.0, south - tall), min(180.0, east + wide), min(83.0, north + tall)


def _in(spot: Spot, box: Box) -> bool:
    return box[0] <= spot.lon <= box[2] and box[1] <= spot.lat <= box[3]


def _most(items: Iterable[Counted]) -> list[Counted]:
    return sorted((item for item in items if item.count > 0), key=lambda item: -item.count)


def _name(area: Area) -> str:
    return area.name or names_of_countries().get(area.code, area.code)


# --- lands -----------------------------------------------------------------------------------------------------------


def _land(land: Land, area: Area | None, bounds: Sequence[int], data: Map, frame: Frame, linked: int) -> Svg:
    if area is None:
        return tag("path", tag("title", land.name), d=land.path, **theme.fill("land"))
    colour = theme.AREAS[class_of(area.count, bounds)]
    words = tag("title", f"{clean(area.name or land.name)}: {many(area.count, data.noun)}")
    return frame.link(area.href, tag("path", words, d=land.path, **theme.fill(colour)), stops=linked)


def _disputed(base: Ground) -> Svg:
    """Draw the lines that are held, but are no borders, as broken ones."""
    if not base.disputed:
        return Svg()
    return tag(
        "path",
        d=base.disputed,
        transform=f"scale({1 / FINE:g})",
        fill="none",
        stroke_width="2.4",
        stroke_dasharray="5 4",
        **theme.stroke("soft"),
    )


# --- places ----------------------------------------------------------------------------------------------------------


def _parted(spots: Sequence[Spot], base: Ground, width: float, height: float) -> tuple[list[Spot], list[Spot]]:
    """Return the places that the drawing shows, and those that it does not."""
    inside: list[Spot] = []
    outside: list[Spot] = []
    for spot in spots:
        x, y = base.projection.place(spot.lon, spot.lat)
        (inside if 0 <= x <= width and 0 <= y <= height else outside).append(spot)
    return inside, outside


def _discs(spots: Sequence[Spot], base: Ground, largest: float) -> list[Disc]:
    """Return a disc a place; places whose discs would hide each other become one."""
    top = max((spot.count for spot in spots), default=1)
    discs: list[Disc] = []
    for spot in spots:
        x, y = base.projection.place(spot.lon, spot.lat)
        near = next(
            (n for n, disc in enumerate(discs) if math.hypot(disc.x - x, disc.y - y) < max(disc.r * 0.9, 5.0)), None
        )
        if near is None:
            discs.append(Disc((spot,), x, y, _radius(spot.count, top, largest)))
        else:
            disc = discs[near]
            share = spot.count / (disc.count + spot.count)
            merged = (*disc.spots, spot)
            r = _radius(disc.count + spot.count, top, largest)
            discs[near] = Disc(merged, disc.x + (x - disc.x) * share, disc.y + (y - disc.y) * share, r)
    return sorted(discs, key=lambda disc: -disc.count)


def _radius(count: int, top: int, largest: float) -> float:
    return max(SMALLEST, min(largest * 1.5, largest * math.sqrt(count / max(top, 25))))


def _disc(disc: Disc, data: Map, frame: Frame, linked: int) -> Svg:
    first = disc.spots[0]
    words = f"{clean(first.name)}: {many(first.count, data.noun)}"
    if len(disc.spots) > 1:
        listed = "; ".join(f"{clean(spot.name)[:60]} {whole(spot.count)}" for spot in disc.spots[1:8])
        more = len(disc.spots) - 8
        words = f"{words}; beside it {listed}{f' and {more} more' if more > 0 else ''}"
    shape = tag("circle", tag("title", words), cx=round(disc.x, 1), cy=round(disc.y, 1), r=round(disc.r, 1))
    return frame.link(first.href, shape, stops=linked)


# --- names -----------------------------------------------------------------------------------------------------------


def _names(discs: Sequence[Disc], base: Ground, areas: Mapping[str, Area], width: int, height: int) -> Svg:
    """Write the names of the places with most, then of the countries, wherever one hides nothing else."""
    most = NAMED if width > 500 else NAMED // 2
    taken: list[Rect] = [disc.rect for disc in discs]
    large: list[Rect] = [disc.rect for disc in discs if disc.r > 2 * SMALLEST]  # what even a great place may not hide
    parts: list[Svg] = []
    for place, disc in enumerate(discs[:most]):
        words = _called(disc)
        room, tries = extent(words, 12), _around(disc)
        found = _free(tries, room, 12, taken, width, height)
        if found is None and place < most // 3:
            found = _free(tries, room, 12, large, width, height)
        if found:
            anchor, x, y, rect = found
            taken.append(rect)
            large.append(rect)
            parts.append(label(words, x, y, anchor=anchor, **_HALO, **theme.both("ink", "surface")))
    return tag("g", *parts, *_countries(base, areas, most, taken, width, height), pointer_events="none")


def _around(disc: Disc) -> tuple[Try, ...]:
    """Return where the name of a disc may stand, the best first."""
    r = disc.r + 4
    near = r * 0.7
    x, y = disc.x, disc.y
    return (
        ("start", x + r, y + 4), ("end", x - r, y + 4), ("middle", x, y - r - 1), ("middle", x, y + r + 10),
        ("start", x + near, y - near), ("start", x + near, y + near + 8),
        ("end", x - near, y - near), ("end", x - near, y + near + 8),
    )  # fmt: skip


def _countries(
    base: Ground, areas: Mapping[str, Area], most: int, taken: list[Rect], width: int, height: int
) -> list[Svg]:
    """Return the names of the countries with most, each within its land."""
    more: dict[str, Any] = {"font_style": "italic", **_HALO, **theme.both("ink", "surface")}
    parts = []
    lands = sorted((land for land in base.lands if land.code in areas), key=lambda land: -areas[land.code].count)
    for land in lands[:most]:
        area, (x, y) = areas[land.code], land.spot
        words = f"{shorten(area.name or land.name, 130, 11)} {whole(area.count)}"
        room = extent(words, 11)
        tries = tuple(("middle", x, y + down) for down in (4, -14, 22, -32, 40))
        found = _free(tries, room, 11, taken, width, height) if room <= land.room + 16 else None
        if found:
            taken.append(found[3])
            parts.append(label(words, found[1], found[2], size=11, anchor="middle", **more))
    return parts


_HALO: Final[dict[str, Any]] = {"stroke_width": "2.5", "paint_order": "stroke", "stroke_linejoin": "round"}


def _called(disc: Disc) -> str:
    return f"{shorten(disc.spots[0].name, 120, 12)} {whole(disc.spots[0].count)}"


def _free(
    tries: Sequence[Try], room: float, size: float, taken: Sequence[Rect], width: float, height: float
) -> tuple[str, float, float, Rect] | None:
    """Return the first place where a text hides nothing, and what it then takes."""
    for anchor, x, y in tries:
        left = x - {"start": 0.0, "middle": room / 2, "end": room}[anchor]
        rect = (left - 1, y - size, left + room + 1, y + 3)
        if rect[0] < 2 or rect[2] > width - 2 or rect[1] < 1 or rect[3] > height - 1:
            continue
        if not any(rect[0] < one[2] and rect[2] > one[0] and rect[1] < one[3] and rect[3] > one[1] for one in taken):
            return anchor, x, y, rect
    return None


# --- below -----------------------------------------------------------------------------------------------------------


def _foot(
    data: Map, bounds: Sequence[int], discs: Sequence[Disc], outside: Sequence[Spot], frame: Frame, top: float
) -> tuple[Svg, float]:
    """Return the lines below the map and how high they are."""
    y, x, parts = top + 18.0, 0.0, list[Svg]()
    if bounds:
        words = f"{data.noun.capitalize()}s about a country"
        parts.append(tag("text", words, x=0, y=y))
        x = extent(words, 11) + 10
        for colour, said in zip(theme.AREAS, class_words(bounds), strict=False):
            parts.append(tag("rect", x=x, y=y - 9, width=14, height=10, stroke_width="1", **theme.both(colour, "soft")))
            parts.append(tag("text", said, x=x + 18, y=y))
            x += 28 + extent(said, 11)
    if discs:
        if frame.slim and x:
            y, x = y + 18, 0.0
        parts.append(tag("circle", cx=x + 6, cy=y - 4, r=4.5, **theme.fill("mark")))
        parts.append(tag("text", "at a place, by area", x=x + 16, y=y))
        x += 16 + extent("at a place, by area", 11)
    wide = extent(ATTRIBUTION, 11)
    if x + wide + 12 > frame.width:
        y += 18
    parts.append(tag("text", ATTRIBUTION, x=frame.width, y=y, text_anchor="end"))
    if outside:
        y += 18
        parts.append(label(_outside(outside), 0, y, room=frame.width, size=11))
    return tag("g", *parts, font_size="11", **theme.fill("soft")), y - top + 8


def _outside(outside: Sequence[Spot]) -> str:
    listed = ", ".join(f"{clean(spot.name)[:40]} {whole(spot.count)}" for spot in outside[:6])
    more = len(outside) - 6
    return f"Outside this map: {listed}{f' and {more} more' if more > 0 else ''}"


def _words(data: Map, outside: Sequence[Spot]) -> str:
    areas = ", ".join(f"{clean(_name(area))} {whole(area.count)}" for area in _most(data.areas)[:10])
    spots = ", ".join(f"{clean(spot.name)[:60]} {whole(spot.count)}" for spot in _most(data.spots)[:10])
    told = [f"Countries: {areas}." if areas else "", f"Places: {spots}." if spots else ""]
    told.append(f"{_outside(outside)}." if outside else "")
    return " ".join(one for one in told if one) or f"No {data.noun}s at a known place."
