"""The map: where things lie, what is left out, and whose land is whose."""

import itertools
import math
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import charts
from monitor.charts import Frame
from monitor.charts import map as maps
from monitor.charts.borders import Point, level
from monitor.charts.ground import ground
from monitor.charts.projection import WORLD, fitted, shape

SVG = "{http://www.w3.org/2000/svg}"
PLACES = {
    "Simferopol": (44.95, 34.1, "UA"), "Kyiv": (50.45, 30.52, "UA"), "Homel": (52.43, 30.98, "BY"),
    "Kaliningrad": (54.71, 20.6, "RU"), "Vladivostok": (43.2, 132.0, "RU"), "Anadyr": (64.73, 177.3, "RU"),
    "Uelen": (66.1, -170.5, "RU"), "Hargeisa": (9.56, 44.06, "SO"), "Pristina": (42.66, 21.16, "XK"),
    "Warsaw": (52.23, 21.01, "PL"), "Washington": (38.9, -77.0, "US"), "Taipei": (25.0, 121.5, "TW"),
}  # fmt: skip


def holder(lat: float, lon: float, name: str) -> list[str]:
    """Return the countries whose rings hold a place: an odd number of them."""
    return [
        country.code
        for country in level(name).countries
        if sum(inside(part.points, lon, lat) for part in country.parts) % 2
    ]


def inside(ring: tuple[Point, ...], x: float, y: float) -> bool:
    found = False
    for (x0, y0), (x1, y1) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y0 <= y) != (y1 <= y) and x < x0 + (x1 - x0) * (y - y0) / (y1 - y0):
            found = not found
    return found


@pytest.mark.parametrize("scale", ["fine", "coarse"])
@pytest.mark.parametrize("name", PLACES)
def test_a_place_lies_in_one_country(name: str, scale: str) -> None:
    lat, lon, code = PLACES[name]
    assert holder(lat, lon, scale) == [code]


def test_the_lines_in_dispute_are_kept() -> None:
    assert len(level("fine").disputed) >= 3
    assert any(32 < x < 36 and 45 < y < 47 for line in level("fine").disputed for x, y in line)


@settings(deadline=None)
@given(
    west=st.floats(-170, 100), wide=st.floats(2, 60), south=st.floats(-75, 60), tall=st.floats(2, 20),
    share=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)  # fmt: skip
def test_a_region_fits_and_the_way_back_is_the_same(
    west: float, wide: float, south: float, tall: float, share: tuple[float, float]
) -> None:
    box = (west, south, west + wide, south + tall)
    projection = fitted(box, 720, 430)
    lon, lat = west + wide * share[0], south + tall * share[1]
    x, y = projection.place(lon, lat)
    assert -4 <= x <= 724
    assert -4 <= y <= 434
    assert projection.back is not None
    back = projection.back(*projection.turn(lon, lat))
    assert back == pytest.approx((lon, lat), abs=1e-6)


def test_north_is_up_and_east_is_right() -> None:
    for box in (maps.EAST, WORLD, (-60.0, -40.0, -40.0, -20.0), (-5.0, -5.0, 10.0, 8.0)):
        projection = fitted(box, 600, 400)
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        x, y = projection.place(*middle)
        assert projection.place(middle[0] + 1, middle[1])[0] > x
        assert projection.place(middle[0], middle[1] + 1)[1] < y


def test_the_world_is_as_wide_as_equal_earth_is() -> None:
    whole = shape((-180.0, -90.0, 180.0, 90.0))
    assert whole == pytest.approx(0.4867, abs=0.001)


def spots(*places: tuple[float, float, int]) -> list[maps.Spot]:
    return [maps.Spot(f"p{n}", lat, lon, count) for n, (lat, lon, count) in enumerate(places)]


def test_the_region_is_where_the_hits_are() -> None:
    assert maps.region([]) == maps.EAST
    assert maps.region(spots((50, 30, 90), (38.9, -77, 10))) == maps.EAST
    assert maps.region(spots((50, 30, 10), (38.9, -77, 90))) == WORLD
    west, south, east, north = maps.region(spots((35.7, 51.4, 5), (31.8, 35.2, 5)))
    assert west < 35.2
    assert east > 51.4
    assert south < 31.8
    assert north > 35.7


def test_what_lies_outside_is_named() -> None:
    data = maps.Map((maps.Spot("Kyiv", 50.45, 30.5, 90), maps.Spot("Washington", 38.9, -77, 10)))
    root = ET.fromstring(charts.render("map", data, Frame(title="x")))
    told = ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]
    assert "Outside this map: Washington 10" in told
    assert "Kyiv 90" in told
    assert maps.ATTRIBUTION in told
    assert len(list(root.iter(f"{SVG}circle"))) == 2  # Kyiv, and the one that explains discs


def test_near_places_become_one_disc_that_names_all() -> None:
    data = maps.Map((maps.Spot("Bucha", 50.55, 30.22, 30), maps.Spot("Irpin", 50.52, 30.25, 10)))
    root = ET.fromstring(charts.render("map", data, Frame(title="x")))
    [words] = [node.text or "" for circle in root.iter(f"{SVG}circle") for node in circle]
    assert words == "Bucha: 30 hits; beside it Irpin 10"


def test_names_do_not_lie_on_each_other_or_on_discs() -> None:
    lats = [50 + n % 7 for n in range(40)]
    data = maps.Map(tuple(maps.Spot(f"A place {n}", lats[n], 22 + n * 0.45, 40 - n) for n in range(40)))
    taken = boxes(ET.fromstring(charts.render("map", data, Frame(title="x"))))
    assert len(taken) > 5
    for one, other in itertools.combinations(taken, 2):
        assert one[0] >= other[2] or one[2] <= other[0] or one[1] >= other[3] or one[3] <= other[1]


def boxes(root: ET.Element) -> list[tuple[float, float, float, float]]:
    from monitor.charts.svg import extent

    found = []
    for node in next(root.iter(f"{SVG}svg")).iter(f"{SVG}text"):
        words = "".join(node.itertext())
        if words.startswith("A place"):
            x, y, room = float(node.get("x") or 0), float(node.get("y") or 0), extent(words, 12)
            left = x - {"start": 0, "middle": room / 2, "end": room}[node.get("text-anchor") or "start"]
            found.append((left, y - 9, left + room, y + 2))
    return found


def test_discs_grow_by_area() -> None:
    assert maps._radius(100, 100, 15) == 15
    assert maps._radius(25, 100, 15) == pytest.approx(7.5)
    assert maps._radius(0, 0, 15) == maps.SMALLEST


def test_no_land_runs_across_the_whole_world() -> None:
    for land in ground(WORLD, 720, 350).lands:
        x = 0
        for part in land.path.rstrip("z").split("z"):
            head, _, steps = part.partition("l")
            x = int(head[1:].split("-")[0].split()[0] or 0)
            assert -2 <= x <= 1442
            for pair in steps.replace("-", " -").split(" "):
                assert not pair or abs(int(pair)) < 500


def test_a_country_is_shaded_by_its_class_and_linked() -> None:
    data = maps.Map(areas=(maps.Area("BY", 40, "/?country=BY"), maps.Area("PL", 1)))
    root = ET.fromstring(charts.render("map", data, Frame(title="x")))
    [link] = root.iter(f"{SVG}a")
    assert link.get("href") == "/?country=BY"
    [path] = link.iter(f"{SVG}path")
    assert path.get("class") == "f-area4"
    assert path.findtext(f"{SVG}title") == "Belarus: 40 hits"


def test_a_place_of_nowhere_is_left_out() -> None:
    data = maps.Map((maps.Spot("x", math.nan, 30, 4), maps.Spot("y", 52, math.inf, 4)))
    assert "NaN" not in charts.render("map", data, Frame(title="x"))
