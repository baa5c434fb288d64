"""What is read of an article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.story.features import MOST_NAMES, MOST_TERMS, editions, features, skeleton, without_outlet
from monitor.story.wording import SKETCH, is_copy, sketch
from tests.story.story_builders import article


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kharkiv", "харків"),
        ("kharkiv", "харьков"),
        ("lukashenko", "лукашенко"),
        ("zelenskyy", "зеленский"),
        ("zelensky", "зеленський"),
        ("baranovichi", "барановичи"),
        ("mariupol", "мариуполь"),
    ],
)
def test_a_name_has_one_skeleton_in_every_script(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other) != ""


def test_a_name_of_few_consonants_is_not_compared() -> None:
    assert skeleton("gomel") == skeleton("шойгу") == skeleton("北京") == ""


def test_names_that_differ_have_other_skeletons() -> None:
    assert len({skeleton(name) for name in ("mariupol", "kharkiv", "chernihiv", "kramatorsk", "minsk")}) == 5


@pytest.mark.parametrize(
    ("title", "edition"),
    [
        ("War in brief: day 1423", {("day", "1423")}),
        ("Сводка: 87-й день", set()),
        ("Сводка на день 87", {("day", "87")}),
        ("Puzzle answers for January 24", {("month1", "24")}),
        ("Загадки на 24 января", {("month1", "24")}),
        ("Nothing is counted here", set()),
    ],
)
def test_a_title_says_which_edition_it_is(title: str, edition: set[tuple[str, str]]) -> None:
    assert set(editions(title.lower().replace(":", "").replace("-", " ").split())) == edition


def test_thousands_are_one_number_however_they_are_parted() -> None:
    parted = [features(article("a", f"Mill sells {number} sacks of rye")) for number in ("1,423", "1423", "1 423")]
    assert [one.numbers for one in parted] == [frozenset({"1423"})] * 3


def test_an_outlet_is_taken_off_the_end_of_a_title_but_not_a_part_of_it() -> None:
    assert without_outlet("Minister resigns over the harbour - Daily Sun") == "Minister resigns over the harbour"
    assert without_outlet("War - Daily Sun") == "War - Daily Sun"
    assert without_outlet("Port city under fire") == "Port city under fire"


def test_function_words_say_nothing() -> None:
    assert features(article("a", "What they said about it on Monday")).terms == ()


@given(st.text(max_size=300), st.text(max_size=3000), st.sampled_from(["", "en", "ru", "ar", "zh", "th", "??"]))
def test_any_text_can_be_read_and_costs_a_bounded_memory(title: str, text: str, lang: str) -> None:
    found = features(article("a", title, text, lang=lang))
    assert found == features(article("a", title, text, lang=lang))
    assert len(found.terms) == len(found.weights) <= MOST_TERMS
    assert found.titled <= len(found.terms)
    assert len(set(found.terms)) == len(found.terms)
    assert len(found.names) <= MOST_NAMES
    assert len(found.sketch) <= SKETCH


LONG = "the harbour master of ploce told reporters that a dredger had struck the quay at dawn and sunk in minutes "
OTHER = "bakers in the old town will stay at home on monday unless the council takes back its tax on rye flour today"


def test_the_beginning_of_a_text_is_a_copy_of_it() -> None:
    whole = sketch([], (LONG + OTHER + " " + LONG.upper()).split())
    assert is_copy(whole, sketch([], LONG.split()))
    assert is_copy(sketch([], LONG.split()), whole)


def test_other_texts_are_no_copies_and_too_short_ones_are_not_judged() -> None:
    assert not is_copy(sketch([], LONG.split()), sketch([], OTHER.split()))
    assert not is_copy(sketch("so few words here".split(), []), sketch("so few words here".split(), []))
    assert not is_copy(sketch([], []), sketch([], []))


@given(st.lists(st.sampled_from("a b c d e f g".split()), min_size=12, max_size=60))
def test_a_text_is_a_copy_of_itself_where_it_is_long_enough(words: list[str]) -> None:
    one = sketch([], words)
    assert is_copy(one, one) == (len(one) >= 6)
