"""Rule books: every problem of every file at its place, sets over all files, hits, explanations and examples."""

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_builders import NOW, article_of, book_of, compiled, source_of

from monitor.config.yaml import parse
from monitor.match.conditions import CONDITIONS
from monitor.match.rulebook import RuleBook, RuleDocument
from monitor.match.schema import json_schema
from monitor.model import Severity


def problems_of(text: str) -> list[str]:
    """Compile YAML text and return its problems as lines."""
    located = parse(text, file="r.yaml")
    assert not located.problems
    return [str(one) for one in RuleBook.compile([RuleDocument("r.yaml", located.data, located.where)])[1]]


# YAML -> the beginning of each problem
WRONG = {
    "- troops": ["r.yaml:1:1: a rules file is not a list but has the key rules"],
    "rule: []": ["r.yaml:1:7: 'rule' is not known here; did you mean rules?"],
    "watch: [a]\nrules: []": ["r.yaml:1:1: the name of a watch is a text"],
    "terms: [a]": ["r.yaml:1:1: terms is not a list but names its sets"],
    "rules: {id: a}": ["r.yaml:1:1: rules is not a list"],
    "rules: [troops]": ["r.yaml:1:9: a rule is not a mapping"],
    "terms: {$a: [b]}": ["r.yaml:1:9: '$a' is no name of a term set"],
    "terms: {a: []}": ["r.yaml:1:12: the term set $a holds no terms"],
    "terms: {a: b}": ["r.yaml:1:12: the term set $a holds no terms"],
    "terms: {a: {en: []}}": ["r.yaml:1:17: an empty list matches nothing"],
    "terms: {a: {ua: [b]}}": ["r.yaml:1:13: 'ua' is no language; did you mean 'uk'?"],
    "terms: {a: {English: [b]}}": ["r.yaml:1:13: 'English' is no language; did you mean 'en'?"],
    "terms: {a: [b, '/(/']}": ["r.yaml:1:16: the regular expression /(/ cannot be used: missing ): ("],
    "terms: {a: [b, '*c']}": ["r.yaml:1:16: '*c': a * stands at the end of a word only"],
    "terms: {a: [$b], b: [$a]}": ["r.yaml:1:9: term sets contain one another: $a -> $b -> $a"],
    "terms: {a: [$a]}": ["r.yaml:1:9: term sets contain one another: $a -> $a"],
    "rules: [{id: a, match: $b}]": ["r.yaml:1:24: there is no term set $b; define it under terms:"],
    "terms: {forces: [a]}\nrules: [{id: a, match: [$force]}]": [
        "r.yaml:2:25: there is no term set $force; did you mean $forces?"
    ],
    "terms: {f: ['/(/']}\nrules:\n- {id: a, match: [b, $f]}\n- {id: c, match: d}": [
        "r.yaml:1:13: the regular expression /(/ cannot be used",
        "r.yaml:3:22: the term set $f cannot be used; mend the problem that is shown for it",
    ],
    "rules: [{match: b}]": ["r.yaml:1:9: the rule has no id"],
    "rules: [{id: Border Watch, match: b}]": ["r.yaml:1:14: the id 'Border Watch' is not of small letters"],
    "rules: [{id: a, match: b}, {id: a, match: c}]": ["r.yaml:1:33: the id 'a' is there twice, the other one in r"],
    "rules: [{id: a}]": ["r.yaml:1:9: a condition is missing here"],
    "rules: [{id: a, match: }]": ["r.yaml:1:24: a condition is missing here"],
    "rules: [{id: a, match: {}}]": ["r.yaml:1:24: a condition is missing here"],
    "rules: [{id: a, match: []}]": ["r.yaml:1:24: an empty list matches nothing"],
    "rules: [{id: a, match: true}]": ["r.yaml:1:24: a condition is missing here"],
    "rules: [{id: a, match: [true]}]": ["r.yaml:1:25: True is not a term; put it in quotes"],
    "rules: [{id: a, match: [1.5]}]": ["r.yaml:1:25: 1.5 is not a term; put it in quotes"],
    "rules: [{id: a, match: b, severity: hihg}]": ["r.yaml:1:37: 'hihg' is no severity; did you mean high?"],
    "rules: [{id: a, match: b, sevrity: high}]": ["r.yaml:1:36: 'sevrity' is not known here; did you mean severity?"],
    "rules: [{id: a, match: b, enabled: 1}]": ["r.yaml:1:36: 1 is neither true nor false"],
    "rules: [{id: a, match: {nera: [b]}}]": ["r.yaml:1:25: there is no condition 'nera'; did you mean near?"],
    "rules: [{id: a, match: {near: [b, c]}}]": ["r.yaml:1:25: keys are missing here; write within: ..., of: ..."],
    "rules: [{id: a, match: {near: {of: [b, c]}}}]": ["r.yaml:1:25: 'within' is missing"],
    "rules: [{id: a, match: {near: {within: sentense, of: [b, c]}}}]": [
        "r.yaml:1:40: 'sentense' is no distance; did you mean sentence?"
    ],
    "rules: [{id: a, match: {near: {within: 8 words, of: [b, c]}}}]": [
        "r.yaml:1:40: '8 words' is no distance; write 8: a number alone counts words"
    ],
    "rules: [{id: a, match: {near: {within: far, of: [b, c]}}}]": [
        "r.yaml:1:40: 'far' is no distance; write sentence, paragraph, or a number of words from 1 to 1000"
    ],
    "rules: [{id: a, match: {near: {within: 0, of: [b, c]}}}]": ["r.yaml:1:40: 0 is no distance"],
    "rules: [{id: a, match: {near: {within: 3, of: [b]}}}]": ["r.yaml:1:43: 1 is too few: 2 are needed"],
    "rules: [{id: a, match: {near: {within: 3, of: [b, {not: c}]}}}]": [
        "r.yaml:1:43: near needs two members that look for words"
    ],
    "rules: [{id: a, match: {place: {country: Belarus}}}]": [
        "r.yaml:1:42: 'Belarus' is no country; did you mean BY?"
    ],
    "rules: [{id: a, match: {place: {country: [BY, Польща]}}}]": [
        "r.yaml:1:47: 'Польща' is no country; did you mean PL?"
    ],
    "rules: [{id: a, match: {place: {border: [BY, FR], km: 5}}}]": [
        "r.yaml:1:33: BY and FR have no border in common; BY has borders with LT, LV, PL, RU, UA"
    ],
    "rules: [{id: a, match: {place: {border: BY}}}]": ["r.yaml:1:41: km is missing, which says how far"],
    "rules: [{id: a, match: {place: {border: [BY, PL, LT], km: 5}}}]": ["r.yaml:1:33: a border is of two countries"],
    "rules: [{id: a, match: {place: {border: CU, km: 5}}}]": ["r.yaml:1:41: CU has no land border"],
    "rules: [{id: a, match: {place: {border: BY, km: 500}}}]": [
        "r.yaml:1:49: 500 is no distance; write a number of km up to 300"
    ],
    "rules: [{id: a, match: {place: {country: BY, km: 5}}}]": ["r.yaml:1:50: km stands here without a border"],
    "rules: [{id: a, match: {place: {within: {km: 5, of: Brset}}}}]": [
        "r.yaml:1:53: there is no place 'Brset'; did you mean Brest?"
    ],
    "rules: [{id: a, match: {place: {within: {km: 5, of: Brest}}}}]": [
        "r.yaml:1:53: there are several places 'Brest'; write Brest, BY or Brest, FR"
    ],
    "rules: [{id: a, match: {place: {within: {km: 5, of: 'Brest, Belarus'}}}}]": [
        "r.yaml:1:53: 'Belarus' is no country"
    ],
    "rules: [{id: a, match: {place: {within: {km: far, of: Gomel}}}}]": ["r.yaml:1:46: 'far' is no distance"],
    "rules: [{id: a, match: {place: {within: {km: 5}}}}]": ["r.yaml:1:33: 'of' is missing"],
    "rules: [{id: a, match: {place: {unplaced: match}}}]": ["r.yaml:1:25: it does not say where"],
    "rules: [{id: a, match: {place: {country: BY, unplaced: maybe}}}]": [
        "r.yaml:1:56: 'maybe' is neither match nor ignore"
    ],
    "rules: [{id: a, match: {place: {countries: BY}}}]": [
        "r.yaml:1:44: 'countries' is not known here; did you mean country?"
    ],
    "rules: [{id: a, match: {near: {within: 3, of: [b, c], ordred: true}}}]": [
        "r.yaml:1:63: 'ordred' is not known here; did you mean ordered?"
    ],
    "rules: [{id: a, match: {near: {within: 3, of: [b, c], ordered: yes please}}}]": [
        "r.yaml:1:64: 'yes please' is neither true nor false"
    ],
    "rules: [{id: a, match: {at_least: {n: 3, of: [b, c]}}}]": ["r.yaml:1:39: 3 can never be reached"],
    "rules: [{id: a, match: {all: b}}]": ["r.yaml:1:30: this is not a list"],
    "rules: [{id: a, match: {all: []}}]": ["r.yaml:1:30: an empty list matches nothing"],
    "rules: [{id: a, match: {source: b}}]": ["r.yaml:1:33: keys are missing here; write id: ..."],
    "rules: [{id: a, match: {source: {contry: BY}}}]": [
        "r.yaml:1:42: 'contry' is not known here; did you mean country?"
    ],
    "rules: [{id: a, match: {source: {country: Belarus}}}]": ["r.yaml:1:43: 'Belarus' is no country"],
    "rules: [{id: a, match: {source: {reliability: G}}}]": ["r.yaml:1:47: 'G' is no reliability"],
    "rules: [{id: a, match: {language: by}}]": ["r.yaml:1:35: 'by' is no language; did you mean 'be'?"],
    "rules: [{id: a, match: {age: {max: soon}}}]": ["r.yaml:1:36: 'soon' is no duration; write for example 6h or 2d"],
    "rules: [{id: a, match: {age: {min: 2d, max: 1d}}}]": ["r.yaml:1:25: min is longer than max"],
    "rules: [{id: a, match: b, examples: [c]}]": ["r.yaml:1:27: examples are not a list"],
    "rules: [{id: a, match: b, examples: {ignored: [c]}}]": [
        "r.yaml:1:38: 'ignored' is not known here; did you mean ignore?"
    ],
    "rules: [{id: a, match: b, examples: {match: [Power: out]}}]": [
        "r.yaml:1:46: the text 'Power' goes on after ': ', so it is read as a key; put it in quotes: \"Power: out\""
    ],
    "rules: [{id: a, match: b, examples: {match: [{txt: b}]}}]": [
        "r.yaml:1:52: 'txt' is not known here; did you mean text?"
    ],
    "rules: [{id: a, match: b, examples: {match: [{text: b, language: ru_RU}]}}]": [
        "r.yaml:1:66: 'ru_RU' is no language"
    ],
    "rules:\n- id: a\n  severity: x\n  match: {near: {within: x, of: []}}\n- id: B\n  match: $c": [
        "r.yaml:3:13: 'x' is no severity",
        "r.yaml:4:26: 'x' is no distance",
        "r.yaml:4:33: an empty list matches nothing",
        "r.yaml:5:7: the id 'B' is not of small letters, digits and hyphens; write for example b",
        "r.yaml:6:10: there is no term set $c",
    ],
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG, ids=[text[:60] for text in WRONG])
def test_all_problems_are_told_with_place_and_remedy(text: str) -> None:
    found = problems_of(text)
    assert len(found) == len(WRONG[text]), found
    for said, expected in zip(found, WRONG[text], strict=True):
        assert said.startswith(expected), said
        assert "; " in said, "a problem says what to write instead"


def test_too_deep_nesting_is_a_problem_and_no_crash() -> None:
    deep: object = "troops"
    for _ in range(500):
        deep = {"not": deep}
    _, [problem] = compiled({"rules": [{"id": "a", "match": deep}]})
    assert "nested more than 20 deep" in problem.message


def test_a_wrong_rule_stops_no_other() -> None:
    book, [problem] = compiled(
        {"rules": [{"id": "one", "match": "a"}, {"id": "two", "match": {"nera": 1}}]},
        {"rules": [{"id": "three", "match": "b"}]},
    )
    assert [rule.id for rule in book.rules] == ["one", "three"]
    assert problem.rule_id == "two"
    assert problem.file == "file1.yaml"


def test_empty_files_and_parts_are_fine() -> None:
    assert compiled(None, {}, {"watch": None, "terms": None, "rules": None})[1] == ()


def test_sets_are_shared_over_all_files_and_their_names_are_unique() -> None:
    book, problems = compiled(
        {"terms": {"forces": ["troops"]}},
        {"rules": [{"id": "a", "match": "$forces"}]},
        {"terms": {"forces": ["tank"]}},
    )
    assert [str(one) for one in problems] == [
        "file3.yaml:3:1: the term set $forces is there twice, the other one in file1.yaml:3; rename one of them"
    ]
    assert book.match(article_of("Troops"), source_of(), now=NOW)


def test_a_rule_that_is_switched_off_is_checked_but_not_tried() -> None:
    book, problems = compiled({"rules": [{"id": "a", "match": "b", "enabled": False}]})
    assert (book.rules, problems) == ((), ())
    assert compiled({"rules": [{"id": "a", "match": "$b", "enabled": False}]})[1]


def test_a_hit_carries_rule_watch_severity_time_and_version() -> None:
    book, _ = compiled(
        {"watch": "Border", "rules": [{"id": "a", "name": "Troops", "severity": "high", "match": "troops"}]}
    )
    [hit] = book.match(article_of("Troops"), source_of(), now=NOW)
    assert (hit.rule_id, hit.rule_name, hit.watch, hit.severity, hit.at, hit.article_version, hit.article_id) == (
        "a", "Troops", "Border", Severity.HIGH, NOW, 1, "a",
    )  # fmt: skip
    assert hit.rule_hash == book.rules[0].hash


def test_the_hash_changes_with_the_rule_and_its_sets_and_with_nothing_else() -> None:
    def hash_of(rule: dict[str, object], terms: dict[str, object]) -> str:
        return compiled({"terms": terms, "rules": [{"id": "a", "match": ["$b"], **rule}]})[0].rules[0].hash

    first = hash_of({}, {"b": ["$c"], "c": ["troops"], "d": ["x"]})
    assert (
        hash_of({"name": "N", "examples": {"match": ["troops"]}}, {"b": ["$c"], "c": ["troops"], "d": ["y"]}) == first
    )
    assert hash_of({}, {"b": ["$c"], "c": ["tank"], "d": ["x"]}) != first
    assert hash_of({"severity": "high"}, {"b": ["$c"], "c": ["troops"]}) != first


def test_examples_that_fail_are_told_with_the_reason() -> None:
    rule = {
        "id": "a",
        "match": {"near": {"within": "sentence", "of": ["troops", "border"]}, "not": ["sport"]},
        "examples": {
            "match": ["Troops at the border", "Troops at sea", {"title": "Border", "text": "Troops"}],
            "ignore": ["Sport for troops at the border", "Troops cross the border"],
        },
    }
    book, problems = compiled({"rules": [rule]})
    assert problems == ()
    first, second, third = book.check_examples()
    assert first.message == "rule a does not match its example 'Troops at sea'"
    assert "- border [not found]" in first.hint
    assert "+ troops [found 'Troops' (title)" in first.hint
    assert "nowhere close together" in second.hint
    assert third.message == "rule a does not ignore its example 'Troops cross the border'"
    assert {one.rule_id for one in (first, second, third)} == {"a"}


def test_an_example_can_name_language_and_source() -> None:
    rule = {
        "id": "a",
        "match": {"source": {"country": "BY", "tag": "official"}, "language": "ru", "title": ["войска"]},
        "examples": {
            "match": [{"title": "Войска", "language": "ru", "source": {"country": "BY", "tag": ["official"]}}],
            "ignore": [{"title": "Войска", "language": "ru", "source": "severny"}],
        },
    }
    book, problems = compiled({"rules": [rule]})
    assert problems == ()
    assert book.check_examples() == ()


def test_evidence_is_bounded_and_names_different_words_first() -> None:
    text = "troops " * 50 + "tank soldiers"
    [hit] = book_of(["troops", "tank", "soldiers"]).match(article_of(text), source_of(), now=NOW)
    assert len(hit.evidence) == 20
    assert [one.words for one in hit.evidence[:4]] == ["troops", "troops", "tank", "soldiers"]


def test_an_explanation_says_what_is_there_and_what_is_missing() -> None:
    book, _ = compiled(
        {
            "terms": {"forces": ["troops", "tank"], "sport": ["football"]},
            "rules": [
                {
                    "id": "a",
                    "name": "Forces",
                    "match": {"near": {"within": "sentence", "of": ["$forces", "border"]}, "not": ["$sport", "collie"]},
                }
            ],
        }
    )
    [near] = book.explain(article_of("Troops leave", "They came. A tank remained."), source_of(), now=NOW)
    assert near.verdict == "near"
    assert near.text().splitlines() == [
        "near (1 part missing): a - Forces",
        "  - all of:",
        "    - within one sentence:",
        "      + any of $forces (troops, tank) [found 'Troops' (title), 'tank' (summary, sentence 2)]",
        "      - border [not found]",
        "    + none of $sport, collie",
    ]
    [hit] = book.explain(article_of("Troops at the border"), source_of(), now=NOW)
    assert hit.text().splitlines()[2] == "    + within one sentence: [found 'Troops' (title), 'border' (title)]"
    [excluded] = book.explain(article_of("Troops at the border play football"), source_of(), now=NOW)
    assert (excluded.verdict, excluded.missing) == ("near", 1)
    assert "- none of $sport, collie [excluded by 'football' (title)]" in excluded.text()
    [miss] = book.explain(article_of("Rain"), source_of(), now=NOW)
    assert (miss.verdict, miss.missing) == ("miss", 2)


def test_a_short_explanation_shows_the_nearest_alternatives_only() -> None:
    far = [{"near": {"within": 3, "of": [f"far{n}", f"away{n}"]}} for n in range(9)]
    nearest = {"near": {"within": 3, "of": ["troops", "border"]}}
    book, _ = compiled({"rules": [{"id": "a", "name": "A", "match": {"any": [*far[:5], nearest, *far[5:]]}}]})
    [near] = book.explain(article_of("Troops leave"), source_of(), now=NOW)
    assert near.verdict == near.short().verdict == "near"
    assert len(near.text().splitlines()) == 2 + 10 * 3
    assert near.short().text().splitlines() == [
        "near (1 part missing): a - A",
        "  - one of 10 conditions: [9 others, none nearer]",
        "    - within 3 words:",
        "      + troops [found 'Troops' (title)]",
        "      - border [not found]",
    ]
    [hit] = book.explain(article_of("Troops at the border"), source_of(), now=NOW)
    assert hit.short().text() == hit.text()


def test_a_rule_says_itself_in_words() -> None:
    match = {
        "title": ["NATO"],
        "near": {"within": 5, "ordered": True, "of": ["air", {"at_least": {"n": 1, "of": ["base", "field"]}}]},
        "source": {"country": ["BY", "RU"]},
        "language": "en",
        "age": {"max": "2d"},
    }
    assert book_of(match).rules[0].describe() == (
        "in the title: NATO, and within 5 words and in this order: air; and at least 1 of: base; field, and "
        "source with country BY or RU, and in language en, and at most 2 d old"
    )


def test_the_schema_accepts_the_shipped_shape_and_refuses_wrong_keys() -> None:
    schema = json_schema()
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    right = {
        "watch": "w",
        "terms": {"a": {"en": ["b"]}, "c": ["d", 5]},
        "rules": [{"id": "a", "match": {"near": {"within": "sentence", "of": ["$a", {"any": ["x"]}]}, "not": ["y"]}}],
    }
    assert list(validator.iter_errors(right)) == []
    for wrong in (
        {"rule": []},
        {"rules": [{"id": "a", "match": {"nera": []}}]},
        {"rules": [{"id": "A", "match": "b"}]},
    ):
        assert list(validator.iter_errors(wrong))


WORDS = [
    "troops",
    "NATO",
    "nato",
    "border",
    "air",
    "defence",
    "войска",
    "войсками",
    "军",
    "队",
    "U.S.",
    "café",
    "об’єкт",
]
TERMS = [*WORDS, "air defence", "войск*", "=café", "US", "军队", r"/\bde\w+/", "NATO border"]
TEXTS = st.lists(st.sampled_from([*WORDS, ".", ",", "\n\n", "\n", "!", "-"]), max_size=25).map(" ".join)
ANY_TEXT = st.one_of(TEXTS, st.text(max_size=80))


def conditions(leaf: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    some = st.lists(leaf, min_size=1, max_size=3)
    two = st.lists(st.one_of(st.sampled_from(TERMS), leaf), min_size=2, max_size=3)
    return st.one_of(
        st.builds(lambda of: {"any": of}, some),
        st.builds(lambda of: {"all": of}, some),
        st.builds(lambda of: {"not": of}, some),
        st.builds(lambda of: {"at_least": {"n": 1 + len(of) // 2, "of": of}}, some),
        st.builds(
            lambda of, within, ordered: {"near": {"within": within, "ordered": ordered, "of": of}},
            two,
            st.sampled_from(["sentence", "paragraph", 1, 3, 10]),
            st.booleans(),
        ),
        st.builds(lambda scope, part: {scope: part}, st.sampled_from(["title", "lead", "body"]), leaf),
        st.just({"language": "en"}),
    )


RULES = st.recursive(st.sampled_from(TERMS), conditions, max_leaves=8)


@settings(max_examples=150, deadline=None)
@given(match=RULES, title=ANY_TEXT, text=ANY_TEXT, body=ANY_TEXT, language=st.sampled_from(["", "en", "ru"]))
def test_any_rule_on_any_text_is_judged_and_its_evidence_cuts_right(
    match: object, title: str, text: str, body: str, language: str
) -> None:
    book, problems = compiled({"rules": [{"id": "a", "match": match}, {"id": "b", "match": {"not": match}}]})
    if problems:
        return  # `near` with fewer than two members that look for words
    article = article_of(title, text, body, language=language)
    hits = {hit.rule_id: hit for hit in book.match(article, source_of(), now=NOW)}
    assert len(hits) == 1, "a condition holds, or its negation does"
    for hit in hits.values():
        assert len(hit.evidence) <= 20
        for one in hit.evidence:
            assert article.text(one.field)[one.start : one.end] == one.words
    for explanation in book.explain(article, source_of(), now=NOW):
        assert (explanation.verdict == "hit") == (explanation.rule_id in hits)
        assert (explanation.missing == 0) == (explanation.verdict == "hit")
        assert explanation.text()


@settings(max_examples=100, deadline=None)
@given(words=st.lists(st.sampled_from(["a1", "b1", "c1", "x1"]), max_size=14), within=st.integers(1, 6))
def test_near_agrees_with_trying_all_places(words: list[str], within: int) -> None:
    book = book_of({"near": {"within": within, "of": [["a1", "b1"], ["b1", "c1"], "x1"]}})
    places = [
        (one, other, third)
        for one, first in enumerate(words)
        for other, second in enumerate(words)
        for third, last in enumerate(words)
        if first in ("a1", "b1") and second in ("b1", "c1") and last == "x1" and len({one, other, third}) == 3
    ]
    expected = any(max(place) - min(place) <= within for place in places)
    assert bool(book.match(article_of(" ".join(words)), source_of(), now=NOW)) == expected


@given(st.sampled_from([term for term in TERMS if not term.startswith("/")]))
def test_a_term_matches_itself(term: str) -> None:
    assert book_of([term]).match(article_of(term.strip("=*")), source_of(), now=NOW)


def test_every_condition_is_tried_above() -> None:
    assert set(CONDITIONS) == {
        "any", "all", "not", "at_least", "near", "title", "lead", "body", "source", "language", "age",
        "place",
    }  # fmt: skip


def test_a_failing_example_without_a_language_says_as_what_it_is_read() -> None:
    text = "rules: [{id: a, match: [військо], examples: {match: ['Тут тихо', {text: Тут тихо, language: uk}, Calm]}}]"
    located = parse(text, file="r.yaml")
    book, _ = RuleBook.compile([RuleDocument("r.yaml", located.data, located.where)])
    told = ["no language is given, so it is read as Russian" in one.hint for one in book.check_examples()]
    assert told == [True, False, False]
