"""Which terms tell wrong hits from right ones: the statistic against known values, and what is made of it."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.match.suggest import BACKGROUND, CHANCE, FEWEST, Marked, suggest, unevenness, words_of
from tests.match.rule_builders import article_of, source_of

WRONG = [
    "A border collie runs with the troops",
    "Two of the troops with a border collie",
    "The border collie at the border",
    "Border collie show, troops look on",
]
RIGHT = [
    "Troops move to the border at night",
    "The brigade sends troops over the border",
    "A brigade of troops at the border",
    "Troops and a tank brigade near the border",
]


def marked(wrong: list[str], right: list[str]) -> list[Marked]:
    found = []
    for number, text in enumerate([*wrong, *right]):
        article = article_of(text)
        object.__setattr__(article, "id", f"a{number}")
        found.append(Marked(article, source_of(), number >= len(wrong)))
    return found


@pytest.mark.parametrize(
    ("table", "chance"),
    [
        ((3, 4, 1, 4), 17 / 70),  # the lady who tastes tea, as Fisher tells it
        ((4, 4, 0, 4), 1 / 70),
        ((0, 4, 4, 4), 1 / 70),  # towards the other side
        ((3, 3, 0, 3), 1 / 20),  # three marks of each kind can just tell something
        ((2, 4, 2, 4), 53 / 70),
        ((0, 4, 0, 4), 1.0),
        ((4, 4, 4, 4), 1.0),
    ],
)
def test_the_chance_is_that_of_fishers_exact_test(table: tuple[int, int, int, int], chance: float) -> None:
    assert unevenness(*table) == pytest.approx(chance)


@given(of_wrong=st.integers(1, 5), of_right=st.integers(1, 5), data=st.data())
def test_the_chance_equals_counting_every_draw(of_wrong: int, of_right: int, data: st.DataObject) -> None:
    wrong, right = data.draw(st.integers(0, of_wrong)), data.draw(st.integers(0, of_right))
    draws = list(combinations(range(of_wrong + of_right), wrong + right))
    leans = wrong * of_right >= right * of_wrong
    in_wrong = [sum(one < of_wrong for one in draw) for draw in draws]
    uneven = sum(number >= wrong if leans else number <= wrong for number in in_wrong)
    assert unevenness(wrong, of_wrong, right, of_right) == pytest.approx(uneven / len(draws))


def test_what_stands_in_wrong_hits_is_for_not_and_the_rest_to_require() -> None:
    found = suggest(marked(WRONG, RIGHT))
    assert found.enough
    assert found.precision == 0.5
    exclude, require = {one.term: one for one in found.exclude}, {one.term: one for one in found.require}
    assert "brigade" not in exclude
    collie = next(one for one in found.exclude if "collie" in (one.term, *one.also))
    assert (collie.excludes, collie.right, collie.kept) == (True, 0, 4)
    assert collie.precision == pytest.approx(4 / (4 + 4 - collie.wrong))
    assert collie.example in WRONG
    assert not require.keys() & exclude.keys()
    assert all(one.chance <= CHANCE for one in (*found.exclude, *found.require))


def test_terms_of_the_same_articles_are_one_suggestion() -> None:
    found = suggest(marked(["Border terrier wins"] * 4, ["Troops at the border"] * 4))
    (exclude,) = found.exclude
    assert exclude.term in {"terrier", "wins"}
    assert {exclude.term, *exclude.also} == {"terrier", "wins", "border terrier", "terrier wins"}
    assert exclude.chance == pytest.approx(1 / 70)
    assert exclude.precision == 1.0
    assert found.together == (4, 0)


def test_counts_are_those_of_the_matcher_as_the_term_would_be_written() -> None:
    """A term in small letters finds capitals, too, and what is folded: so the count is what the rule would have."""
    texts = ["ÉTAT border", "état border", "Etat border", "etat: border"]
    found = suggest(marked(texts, ["border north", "border south", "border east", "border west"]))
    etat = next(one for one in found.exclude if one.term == "etat")
    assert (etat.wrong, etat.right) == (4, 0)


def test_words_of_all_news_are_left_out() -> None:
    wrong = [f"The said collie{n} dog" for n in range(4)]
    right = [f"Troops {n} border" for n in range(4)]
    without = suggest(marked(wrong, right))
    assert {"the", "said", "dog"} <= {word for one in without.exclude for word in (one.term, *one.also)}
    background = [article_of(f"The minister said {n}") for n in range(BACKGROUND)]
    for number, article in enumerate(background):
        object.__setattr__(article, "id", f"other{number}")
    terms = {word for one in suggest(marked(wrong, right), background).exclude for word in (one.term, *one.also)}
    assert "dog" in terms
    assert not terms & {"the", "said"}


@pytest.mark.parametrize(("wrong", "right"), [(0, 0), (FEWEST - 1, 9), (9, FEWEST - 1)])
def test_too_few_marks_tell_nothing(wrong: int, right: int) -> None:
    found = suggest(marked(["collie"] * wrong, ["troops"] * right))
    assert not found.enough
    assert (found.wrong, found.right, found.exclude, found.require) == (wrong, right, (), ())


def test_the_same_words_on_both_sides_tell_nothing() -> None:
    found = suggest(marked(["troops at the border"] * 6, ["troops at the border"] * 6))
    assert found.enough
    assert (found.exclude, found.require) == ((), ())


def test_pairs_stand_in_one_sentence_and_numbers_say_nothing() -> None:
    words = words_of(article_of("Troops left", "The border. It is 2022 at sea", "军队"))
    assert {"troops left", "the border", "troops", "at sea", "军", "军 队"} <= words
    assert not words & {"left the", "border it", "2022", "it", "at"}


@settings(max_examples=60, deadline=None)
@given(
    wrong=st.lists(st.text(max_size=60), max_size=6),
    right=st.lists(st.text(max_size=60), max_size=6),
    background=st.lists(st.text(max_size=40), max_size=4),
)
def test_any_text_is_taken_and_the_figures_fit(wrong: list[str], right: list[str], background: list[str]) -> None:
    found = suggest(marked(wrong, right), [article_of(text) for text in background])
    for one in (*found.exclude, *found.require):
        assert 0 <= one.wrong <= len(wrong)
        assert 0 <= one.right <= len(right)
        assert one.wrong + one.right > 0
        assert 0 < one.chance <= CHANCE
        assert 0 <= one.precision <= 1
        left = (len(right) - one.right, len(wrong) - one.wrong) if one.excludes else (one.right, one.wrong)
        assert one.kept == left[0]
        assert one.precision == (left[0] / sum(left) if sum(left) else 0.0)
