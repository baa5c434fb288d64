"""From the globe to the page: which projection suits a region, and where a place lies on the drawing.

A region away from the equator is drawn on Lambert's conformal cone (Snyder, "Map projections: a working manual", U.S.
Geological Survey 1987, page 104 on, for a sphere), one at the equator on Mercator's cylinder, the world in Equal Earth
(Savric, Patterson, Jenny, Int. J. Geogr. Inf. Sci. 33, 2019).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from monitor.charts.borders import Box, Point

Turn = Callable[[float, float], Point]  # from longitude and latitude (degrees) to the plane, or back
WORLD: Box = (-180.0, -58.0, 180.0, 80.0)
WIDE = 110.0  # degrees of longitude from which on a region is drawn as the world
_STEPS = 24  # points of an edge that are looked at


@dataclass(frozen=True, slots=True)
class Projection:
    """A region fitted into a drawing."""

    turn: Turn
    back: Turn | None  # None: the world, of which all is drawn
    scale: float
    left: float  # of the plane, at x = 0
    top: float

    def place(self, lon: float, lat: float) -> Point:
        """Return where a place lies, in pixels."""
        x, y = self.turn(lon, lat)
        return (x - self.left) * self.scale, (self.top - y) * self.scale

    def seen(self, width: float, height: float) -> Box:
        """Return the degrees that a drawing of this size shows, or a little more."""
        if self.back is None:
            return (-180.0, -91.0, 180.0, 91.0)
        places = [
            self.back(self.left + x / self.scale, self.top - y / self.scale) for x, y in _edge(0, 0, width, height)
        ]
        lons, lats = [lon for lon, _ in places], [lat for _, lat in places]
        return min(lons) - 1, min(lats) - 1, max(lons) + 1, max(lats) + 1


def fitted(box: Box, width: float, height: float) -> Projection:
    """Return the projection that shows a region as large as the drawing allows, in its middle."""
    turn, back = _turns(box)
    west, south, east, north = _extent(box, turn)
    scale = min(width / (east - west), height / (north - south))
    left = (east + west) / 2 - width / scale / 2
    top = (north + south) / 2 + height / scale / 2
    return Projection(turn, back, scale, left, top)


def shape(box: Box) -> float:
    """Return how high a region is by its width, as it is drawn."""
    west, south, east, north = _extent(box, _turns(box)[0])
    return (north - south) / (east - west)


def _extent(box: Box, turn: Turn) -> Box:
    seen = [turn(lon, lat) for lon, lat in _edge(*box)]
    xs, ys = [x for x, _ in seen], [y for _, y in seen]
    return min(xs), min(ys), max(xs), max(ys)


def _edge(west: float, south: float, east: float, north: float) -> list[Point]:
    found = []
    for number in range(_STEPS + 1):
        share = number / _STEPS
        x, y = west + (east - west) * share, south + (north - south) * share
        found += [(x, south), (x, north), (west, y), (east, y)]
    return found


def _turns(box: Box) -> tuple[Turn, Turn | None]:
    west, south, east, north = box
    middle = (west + east) / 2
    if east - west > WIDE:
        return _equal_earth, None
    low, high = south + (north - south) / 6, north - (north - south) / 6
    if abs(low + high) / 2 < 20 or low * high <= 0:
        return _mercator(middle)
    return _conic(middle, low, high)


def _conic(middle: float, low: float, high: float) -> tuple[Turn, Turn]:
    first, second = math.radians(low), math.radians(high)
    cone = math.sin(first)
    if abs(first - second) > 1e-6:
        ratio = math.tan(math.pi / 4 + second / 2) / math.tan(math.pi / 4 + first / 2)
        cone = math.log(math.cos(first) / math.cos(second)) / math.log(ratio)
    factor = math.cos(first) * math.tan(math.pi / 4 + first / 2) ** cone / cone

    def turn(lon: float, lat: float) -> Point:
        bound = math.radians(min(max(lat, -85.0), 85.0))
        radius = factor / math.tan(math.pi / 4 + bound / 2) ** cone
        angle = cone * math.radians(lon - middle)
        return radius * math.sin(angle), -radius * math.cos(angle)

    def back(x: float, y: float) -> Point:
        side = math.copysign(1.0, cone)
        radius = side * max(1e-9, math.hypot(x, y))
        angle = math.atan2(side * x, -side * y)
        lat = 2 * math.atan((factor / radius) ** (1 / cone)) - math.pi / 2
        return middle + math.degrees(angle / cone), math.degrees(lat)

    return turn, back


def _mercator(middle: float) -> tuple[Turn, Turn]:
    def turn(lon: float, lat: float) -> Point:
        bound = math.radians(min(max(lat, -84.0), 84.0))
        return math.radians(lon - middle), math.log(math.tan(math.pi / 4 + bound / 2))

    def back(x: float, y: float) -> Point:
        return middle + math.degrees(x), math.degrees(2 * math.atan(math.exp(y)) - math.pi / 2)

    return turn, back


def _equal_earth(lon: float, lat: float) -> Point:
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    angle = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    square = angle * angle
    sixth = square**3
    slope = a1 + 3 * a2 * square + sixth * (7 * a3 + 9 * a4 * square)
    x = 2 / math.sqrt(3) * math.radians(lon) * math.cos(angle) / slope
    return x, angle * (a1 + a2 * square + sixth * (a3 + a4 * square))
