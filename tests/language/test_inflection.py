"""Forms of one word are told as one, in each language that says so; what else is looked like is not."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.language import inflection
from tests.match.rule_builders import NOW, article_of, book_of, source_of

FILE = Path(__file__).parents[1] / "cases" / "inflection.yaml"
NEEDED = "en ru uk be pl lt lv et de fr es tr ar fa he".split()
CASES = [(language, line) for language, lines in yaml.safe_load(FILE.read_text()).items() for line in lines]


def found(term: str, word: str, language: str, terms: str = "") -> bool:
    """Return whether a rule with one term, plain or listed under a language, finds a word in an article."""
    book = book_of(["$set"], {"set": {terms: [term]} if terms else [term]})
    article = article_of(word, language=language)
    hits = book.match(article, source_of(), now=NOW)
    assert hits == book.match_all(article, source_of(), now=NOW)
    return bool(hits)


def test_every_language_that_is_promised_has_its_words() -> None:
    assert {language for language, _ in CASES} == set(NEEDED)
    assert set(NEEDED) <= set(inflection.ENGINES)


@pytest.mark.parametrize(("language", "line"), CASES, ids=[f"{language} {line.split()[0]}" for language, line in CASES])
def test_a_term_finds_the_forms_of_its_word(language: str, line: str) -> None:
    forms, _, others = line.partition("|")
    term, *words = forms.split()
    for word in words:
        assert found(term, word, language), f"{term} as a plain term does not find {word}"
        assert found(term, word, language, terms=language), f"{term} under {language} does not find {word}"
        assert not found(f"={term}", word, language)
    for word in others.split():
        assert not found(term, word, language), f"{term} finds {word}"


@pytest.mark.parametrize(
    ("term", "terms", "language", "word", "hit"),
    [
        ("войска", "ru", "en", "войсками", True),  # a Russian quotation in an English article
        ("войска", "", "en", "войсками", True),
        ("войска", "ru", "", "войсками", True),
        ("soldier", "en", "", "soldiers", True),  # nobody knows the article's language
        ("soldier", "en", "de", "soldiers", False),  # an English list is not tried on German
        ("Grenze", "", "de", "Grenzen", True),  # a plain term is read in the article's language
        ("Grenze", "", "vi", "Grenzen", False),  # for which there may be no forms
        ("NATO", "", "en", "NATOs", False),
        ("NATO exercise", "", "en", "NATO exercises", True),
        ("NATO exercise", "", "en", "nato exercises", False),
        ("T-72 tank", "", "en", "T-72 tanks", True),
        ("tank 72", "", "en", "tanks 73", False),
        ("军队", "", "zh", "军队", True),
        ("군대*", "", "ko", "군대가", True),
        ("Lukaszenko", "", "pl", "Łukaszenko", True),
        ("CWICZENIA", "", "pl", "ćwiczeń", False),  # capitals match in capitals only
        ("cwiczenia", "", "pl", "ćwiczeń", True),  # typed without accents
    ],
)
def test_in_which_language_a_term_is_read(term: str, terms: str, language: str, word: str, hit: bool) -> None:
    assert found(term, word, language, terms=terms) is hit


@given(st.sampled_from(sorted(inflection.ENGINES)), st.text(max_size=12))
def test_any_word_has_keys_and_finds_itself(language: str, word: str) -> None:
    text, term = inflection.of_text(language, word), inflection.of_term(language, word)
    assert bool(text) == bool(term)
    assert not text or set(text) & set(term)
