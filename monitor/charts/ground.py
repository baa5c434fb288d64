"""The ground of a map: the lands of a region as paths, and where the name of each can stand."""

from functools import lru_cache
from typing import NamedTuple

from monitor.charts.borders import Box, Point, level
from monitor.charts.projection import WIDE, Projection, fitted

FINE = 2  # units of a path to a pixel
_NEAR = 2.0  # pixels: points nearer to the one before are left out
_SMALL = 2.0  # square pixels: lands smaller than this are left out


class Land(NamedTuple):
    """A country as it is seen."""

    code: str
    name: str
    path: str  # in units of 1 / FINE pixels
    spot: Point  # where its name may stand, in pixels
    room: float  # how wide it is there, in pixels


class Ground(NamedTuple):
    """The lands of a region."""

    projection: Projection
    lands: tuple[Land, ...]
    disputed: str  # path of the lines that are in dispute


@lru_cache(maxsize=32)
def ground(box: Box, width: int, height: int) -> Ground:
    """Return the ground of a region; kept, since the same region is drawn again and again."""
    projection = fitted(box, width, height)
    seen = projection.seen(width, height)
    world = level("coarse" if box[2] - box[0] > WIDE / 2 else "fine")
    lands = []
    for country in world.countries:
        if country.code == "AQ":
            continue
        rings = []
        for part in country.parts:
            if _meets(part.box, seen):
                ring = _thinned([projection.place(*point) for point in _clipped(part.points, part.box, seen)])
                if len(ring) > 2 and (abs(_area(ring)) > _SMALL):
                    rings.append(ring)
        if rings:
            spot, room = _spot(max(rings, key=lambda ring: abs(_area(ring))), width, height)
            lands.append(Land(country.code, country.name, "".join([_path(ring) + "z" for ring in rings]), spot, room))
    lines = [_thinned([projection.place(*point) for point in line]) for line in world.disputed if _within(line, seen)]
    return Ground(projection, tuple(lands), "".join([_path(line) for line in lines if len(line) > 1]))


def _meets(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and one[2] >= other[0] and one[1] <= other[3] and one[3] >= other[1]


def _within(line: tuple[Point, ...], seen: Box) -> bool:
    return any(seen[0] <= x <= seen[2] and seen[1] <= y <= seen[3] for x, y in line)


def _clipped(points: tuple[Point, ...], box: Box, seen: Box) -> list[Point]:
    """Return a ring cut at the four sides of what is seen (Sutherland and Hodgman, 1974)."""
    ring = list(points)
    for axis, bound, sign, reach in (
        (0, seen[0], 1, box[0]), (1, seen[1], 1, box[1]), (0, seen[2], -1, -box[2]), (1, seen[3], -1, -box[3]),
    ):  # fmt: skip
        if ring and reach < sign * bound:
            ring = _cut(ring, axis, bound, sign)
    return ring


def _cut(ring: list[Point], axis: int, bound: float, sign: int) -> list[Point]:
    kept = []
    before = ring[-1]
    was_in = sign * before[axis] >= sign * bound
    for point in ring:
        is_in = sign * point[axis] >= sign * bound
        if is_in != was_in:
            share = (bound - before[axis]) / (point[axis] - before[axis])
            kept.append((before[0] + (point[0] - before[0]) * share, before[1] + (point[1] - before[1]) * share))
        if is_in:
            kept.append(point)
        before, was_in = point, is_in
    return kept


def _thinned(points: list[Point]) -> list[Point]:
    """Return a line without the points that are hardly away from the one before."""
    if len(points) < 3:
        return points
    kept = [points[0]]
    x, y = points[0]
    for point in points[1:-1]:
        if abs(point[0] - x) + abs(point[1] - y) >= _NEAR:
            kept.append(point)
            x, y = point
    return [*kept, points[-1]]


def _area(ring: list[Point]) -> float:
    total = 0.0
    x0, y0 = ring[-1]
    for x, y in ring:
        total += x0 * y - x * y0
        x0, y0 = x, y
    return total / 2


def _path(points: list[Point]) -> str:
    """Write a line in whole numbers, each point from the one before."""
    x, y = round(points[0][0] * FINE), round(points[0][1] * FINE)
    parts = [f"M{x} {y}l"]
    written = []
    for px, py in points[1:]:
        nx, ny = round(px * FINE), round(py * FINE)
        if nx != x or ny != y:
            written.append(f"{nx - x} {ny - y}")
            x, y = nx, ny
    return "".join([*parts, " ".join(written)]).replace(" -", "-") if written else parts[0][:-1]


def _spot(ring: list[Point], width: float, height: float) -> tuple[Point, float]:
    """Return the middle of the widest stretch of a land that is seen, near its middle height, and how wide it is."""
    ys = [min(max(y, 0.0), height) for _, y in ring]
    low, high = min(ys), max(ys)
    best = ((0.0, 0.0), 0.0)
    for share in (0.5, 0.42, 0.58, 0.34, 0.66):
        y = low + (high - low) * share
        crossings = sorted(_crossings(ring, y))
        for first, last in zip(crossings[::2], crossings[1::2], strict=False):
            left, right = max(0.0, first), min(width, last)
            if (right - left) * (1 - abs(share - 0.5)) > best[1]:
                best = ((left + right) / 2, y), right - left
    return best


def _crossings(ring: list[Point], y: float) -> list[float]:
    found = []
    x0, y0 = ring[-1]
    for x1, y1 in ring:
        if (y0 <= y) != (y1 <= y):
            found.append(x0 + (x1 - x0) * (y - y0) / (y1 - y0))
        x0, y0 = x1, y1
    return found
