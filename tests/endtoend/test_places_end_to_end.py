"""Where hits are, from the feed to the map: the real program against a real HTTP server and a real SQLite file."""

import json

import pytest

from tests.endtoend.conftest import SETTINGS, Home, Loopback, rss

RULES = """
rules:
  - id: at-the-border
    severity: high
    match: {any: [troops, войска], place: {border: [BY, UA], km: 60, country: BY}}
"""
OLD = [("o1", "Harvest begins", "Farmers are early.")]
NEAR = ("n1", "Troops arrive near Mozyr", "They came by train from Minsk, says Belarus.")
FAR = ("n2", "Troops arrive near Vitebsk", "They came by train, says Belarus.")
EDITED = ("n1", "Troops arrive near Pinsk", "They came by train from Minsk, says Belarus.")


def features(home: Home) -> list[dict[str, object]]:
    done = home.run("hits", "--geojson", "--country", "BY")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["features"]


@pytest.mark.slow
def test_a_hit_has_its_place_and_an_edit_moves_it(home: Home, loopback: Loopback) -> None:
    home.write("monitor.yaml", SETTINGS.format(port=loopback.port))
    home.write("sources.yaml", f"sources:\n  - {{id: wire, title: Wire, url: '{loopback.url('/feed')}'}}\n")
    home.write("rules/border.yaml", RULES)
    loopback.serve("/feed", rss(OLD))
    assert home.run("once", "--all").returncode == 0
    loopback.serve("/feed", rss([NEAR, FAR, *OLD]))
    done = home.run("once", "--all")
    assert done.returncode == 0, done.stdout + done.stderr
    [feature] = features(home)
    assert feature["properties"]["place"] == "Mazyr"
    assert feature["properties"]["sure"] == "sure"
    longitude, latitude = feature["geometry"]["coordinates"]
    assert (round(longitude), round(latitude)) == (29, 52)

    loopback.serve("/feed", rss([EDITED, FAR, *OLD]))
    assert home.run("once", "--all").returncode == 0
    [feature] = features(home)
    assert feature["properties"]["place"] == "Pinsk", "it is where the new text says"
    why = home.run("explain", str(feature["properties"]["article"])).stdout
    assert "Pinsk, BY (sure): named by 'Pinsk' (title)" in why
    assert "km from the border BY-UA" in why
