"""Where hits are: `hits --country`, `--geojson`, in JSON, CSV and the table, and `explain`; over the demonstration."""

import csv
import io
import json
from collections.abc import Callable

import pytest

Run = Callable[..., tuple[int, str, str]]


def test_hits_have_their_place_in_json_and_are_chosen_by_country(run: Run) -> None:
    everything = json.loads(run("hits", "--json")[1])
    placed = [one for one in everything if one["place"]]
    assert placed
    assert {one["place"]["sure"] for one in placed} <= {"sure", "likely", "guess"}
    chosen = json.loads(run("hits", "--json", "--country", "by")[1])
    assert chosen == [one for one in placed if "BY" in one["place"]["countries"]] != []
    assert json.loads(run("hits", "--json", "--country", "FJ")[1]) == []


def test_geojson_is_a_feature_collection_of_the_hits_with_a_place(run: Run) -> None:
    told = json.loads(run("hits", "--geojson")[1])
    placed = [one for one in json.loads(run("hits", "--json")[1]) if one["place"]]
    assert told["type"] == "FeatureCollection"
    assert [one["id"] for one in told["features"]] == [one["hit"] for one in placed]
    for feature, hit in zip(told["features"], placed, strict=True):
        assert feature["type"] == "Feature"
        properties = feature["properties"]
        assert properties.keys() >= {"rule", "headline", "time", "place", "sure", "countries", "link"}
        assert (properties["place"], properties["rule"]) == (hit["place"]["name"], hit["rule"])
        if hit["place"]["kind"] == "country":
            assert feature["geometry"] is None, "a country is no point"
        else:
            longitude, latitude = feature["geometry"]["coordinates"]
            assert feature["geometry"]["type"] == "Point"
            assert (longitude, latitude) == (hit["place"]["lon"], hit["place"]["lat"])


def test_csv_and_table_name_the_place(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("hits", "--csv", "--country", "BY")[1])))
    assert all("BY" in row["countries"].split() for row in rows)
    assert {row["sure"] for row in rows} <= {"sure", "likely", "guess"}
    assert rows[0]["place"] in run("hits", "--country", "BY")[1]


def test_explain_says_where_how_sure_and_why(run: Run) -> None:
    hit = json.loads(run("hits", "--json", "--country", "BY")[1])[0]
    out = run("explain", str(hit["hit"]))[1]
    [line] = [line for line in out.splitlines() if line.startswith("  place: ")]
    assert hit["place"]["name"] in line
    assert hit["place"]["sure"] in line
    assert "named by" in line or "only the country" in line
    assert json.loads(run("explain", str(hit["hit"]), "--json")[1])["place"] == hit["place"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("hits", "--country", "Belarus"), "did you mean BY?"),
        (("hits", "--country", "XX"), "'XX' is no country"),
        (("hits", "--geojson", "--json"), "--geojson stands alone"),
    ],
)
def test_a_mistake_is_one_message_and_exit_2(run: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
