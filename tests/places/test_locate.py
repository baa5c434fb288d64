"""What texts name and where they are, by the cases; distances to borders; and that no text is too much."""

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import places
from monitor.model import Article, Field, Mark

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "places.yaml").read_text())
KINDS = {"place", "region", "country", ""}


def article_of(title: str, text: str = "", language: str = "", **properties: Any) -> Article:
    return Article(
        id="a", source_id="s", identity="i", url="", link="", title=title, summary=text, body="", language=language,
        **properties,
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[f"{case['language']}: {case['title']}" for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    article = article_of(case["title"], case.get("text", ""), case["language"])
    found = places.locate(article, case.get("home", ""))
    assert list(found.countries) == case["countries"], found
    for key in ("place", "kind", "sure"):
        if key in case:
            assert getattr(found, key) == case[key], found
    assert all(any(words in article.text(field) for field in Field) for words in found.words)


def test_there_are_cases_of_every_language_of_the_packs() -> None:
    languages = [case["language"] for case in CASES]
    assert len(CASES) >= 60
    assert all(languages.count(one) >= 5 for one in ("en", "ru", "uk", "be", "pl"))
    assert sum(not case["countries"] for case in CASES) >= 10, "and texts that name nothing"


@pytest.mark.parametrize(
    ("name", "border", "least", "most"),
    [
        ("Brest, BY", "PL", 1, 10), ("Gomel", "UA", 35, 45), ("Pinsk", "UA", 20, 35), ("Mozyr", "UA", 42, 55),
        ("Minsk", "LT", 100, 140), ("Grodno", "PL", 12, 25), ("Lviv", "PL", 50, 75), ("Kharkiv", "RU", 25, 40),
        ("Kaliningrad", "PL", 30, 45), ("Narva", "RU", 0, 3), ("Białystok", "BY", 40, 60), ("Chernihiv", "BY", 40, 65),
        ("Kyiv", "BY", 75, 110), ("Daugavpils", "BY", 20, 40), ("Novozybkov", "BY-UA", 20, 80),
    ],
)  # fmt: skip
def test_distances_to_borders_are_those_of_the_map(name: str, border: str, least: float, most: float) -> None:
    town, _, country = name.partition(", ")
    [place] = places.known_as(town, (country,) if country else ())
    assert least <= place.borders[border] <= most


def test_crimea_is_no_border_of_ukraine_with_itself() -> None:
    [place] = places.known_as("Simferopol")
    assert place.country == "UA"
    assert place.borders.get("RU", math.inf) > 200


def test_the_circumference_of_the_earth_is_right() -> None:
    [minsk], [kyiv] = places.known_as("Minsk"), places.known_as("Kyiv")
    assert places.distance(minsk, kyiv) == pytest.approx(434, abs=10)


def test_what_is_not_the_articles_own_is_not_looked_at() -> None:
    text = "More news: fire in Gomel"
    marked = article_of("A committee meets", text, "en", marks=(Mark(Field.SUMMARY, 0, len(text), "crosslink"),))
    assert places.locate(article_of("A committee meets", text, "en")).countries == ("BY",)
    assert places.locate(marked).countries == ()


def test_where_words_stand_is_told() -> None:
    article = article_of("Drill", "Tanks reached Brest region. A convoy left Mozyr in Belarus.", "en")
    found = places.find(article)
    assert [one.words for one in found] == ["Brest region", "Mozyr", "Belarus"]
    assert all(article.text(one.field)[one.start : one.end] == one.words for one in found)


def test_the_worked_example_is_in_belarus_at_the_ukrainian_border() -> None:
    title = "Belarus deploys special forces to three areas near its border with Ukraine"
    text = "Air-defence units in the northwest were made ready. Russia will help Belarus to build missiles, Minsk said."
    found = places.locate(article_of(title, text, "en"))
    assert found.countries[0] == "BY"
    assert "UA" in found.countries
    assert found.kind == "country", "no place is named"


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=300),
    st.text(alphabet="BrestБрестМінск-'’.,()АБВ abc\n\u0301\u200b\ud83d", max_size=200),
    st.sampled_from(["", "en", "ru", "uk", "be", "pl", "de", "xx"]),
)
def test_any_text_is_taken(title: str, text: str, language: str) -> None:
    article = article_of(title, text, language)
    for one in places.find(article):
        assert article.text(one.field)[one.start : one.end] == one.words
    found = places.locate(article)
    assert found.kind in KINDS
    assert bool(found.countries) == bool(found.place)


names = st.sampled_from(["Brest", "Минск", "Гомель", "Paris", "Jordan", "Brest region", "Польша", "Lviv", "US", "Of"])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(names, st.sampled_from([" ", ", ", ". ", "-", " in ", " в ", "\n\n", ""])), max_size=12))
def test_any_row_of_names_is_taken_and_a_title_in_capitals_too(pieces: list[tuple[str, str]]) -> None:
    text = "".join(name + gap for name, gap in pieces)
    for title in (text, text.upper()):
        article = article_of(title, text, "en")
        assert places.locate(article) == places.locate(article), "the same every time"


def test_nothing_is_read_until_it_is_asked_for() -> None:
    program = (
        "import monitor.match.rulebook, monitor.pipeline\n"
        "from monitor.places.gazetteer import gazetteer\n"
        "assert gazetteer.cache_info().currsize == 0\n"
        "from monitor import places\n"
        "places.code_of('Belarus')\n"
        "assert gazetteer.cache_info().currsize == 1"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("name", "countries", "found"),
    [
        ("Brest", (), ["BY", "FR"]), ("Brest", ("BY",), ["BY"]), ("Гомель", (), ["BY"]), ("Rostov-on-Don", (), ["RU"]),
        ("Nowhereville", (), []), ("", (), []), ("!!", (), []),
    ],
)  # fmt: skip
def test_a_name_in_a_rule_means_one_place_or_is_told_to_mean_several(
    name: str, countries: tuple[str, ...], found: list[str]
) -> None:
    assert [one.country for one in places.known_as(name, countries)] == found


def test_misspelt_names_have_a_nearest_one() -> None:
    assert places.like("Brset") == "Brest"
    assert places.like("Homle") in {"Homyel", "Gomel"}
    assert places.like("") == places.like("qqqqq") == ""
    assert places.code_of("Białoruś") == places.code_of("Белоруссия") == "BY"
    assert places.neighbours("BY") == {"PL", "LT", "LV", "RU", "UA"}
