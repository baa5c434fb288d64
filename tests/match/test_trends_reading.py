"""How trends are read: what is right, and every problem with its place and what to write instead."""

from typing import Any

import jsonschema
import pytest
from rule_builders import compiled

from monitor.config.yaml import parse
from monitor.match.rulebook import RuleBook, RuleDocument
from monitor.match.schema import json_schema

HEAD = """\
watch: North
terms: {places: [$brest, Grodno], brest: [Brest], others: [Gomel], broken: [""]}
rules:
  - {id: border, match: [troops, $places]}
  - {id: exercise, match: exercise*}
  - {id: off, enabled: false, match: x}
  - {id: wrong, match: {nera: x}}
trends:
"""
LINE = HEAD.count("\n") + 1
KNOWN = 2  # problems of HEAD itself: an empty term, an unknown condition


def problems_of(*trends: str) -> list[str]:
    located = parse(HEAD + "".join(f"  - {{{trend}}}\n" for trend in trends), file="north.yaml")
    assert located.problems == ()
    _, problems = RuleBook.compile([RuleDocument(located.file, located.data, located.where)])
    return [str(one) for one in problems][KNOWN:]


@pytest.mark.parametrize(
    ("trend", "kind", "words"),
    [
        ("count: {rule: border, more_than: 3, within: 6h}", "count", "more than 3 articles of rule border in 6 hours"),
        (
            "count: {rule: border, more_than: 1, within: 90m}",
            "count",
            "more than 1 article of rule border in 90 minutes",
        ),
        (
            "count: {watch: North, more_than: 3, within: 2w, by: source}",
            "count",
            "more than 3 sources of rules border and exercise in 2 weeks",
        ),
        (
            "spike: {rule: border}",
            "spike",
            "more articles of rule border in 1 hour than usual, at least 5",
        ),
        (
            "spike: {rules: [border, exercise], within: 3h, at_least: 9, chance: 0.01, weeks: 4, by: source}",
            "spike",
            "more sources of rules border and exercise in 3 hours than usual, at least 9",
        ),
        ("new: {rule: border, of: source}", "new", "a first-ever source among the hits of rule border"),
        ("new: {rule: border, of: words, learn: 0}", "new", "a first-ever wording among the hits of rule border"),
        (
            "new: {rule: border, of: place, set: $places}",
            "new",
            "a first-ever place of $places among the hits of rule border",
        ),
        ("silence: {rule: exercise, within: 2d}", "silence", "no article of rule exercise in 2 days"),
        (
            "silence: {rule: exercise, within: 172800, less_than: 4}",
            "silence",
            "less than 4 articles of rule exercise in 2 days",
        ),
        (
            "sequence: {first: exercise, then: border, within: 3d}",
            "sequence",
            "rule exercise, then rule border, within 3 days",
        ),
        (
            "sequence: {first: [exercise], then: {watch: North}, within: 1w, join: watch}",
            "sequence",
            "rule exercise, then rules border and exercise of the same watch, within 7 days",
        ),
    ],
)
def test_what_is_right_says_itself_in_words_and_fits_the_schema(trend: str, kind: str, words: str) -> None:
    text = HEAD.replace('broken: [""]', "more: [x]").replace("nera", "all: [y], any").replace("enabled: false, ", "")
    located = parse(f"{text}  - {{id: t, name: N, severity: high, {trend}}}\n", file="north.yaml")
    book, problems = RuleBook.compile([RuleDocument(located.file, located.data, located.where)])
    assert [str(one) for one in problems] == []
    [found] = book.trends
    assert (found.kind.name, found.name, found.severity, found.watch) == (kind, "N", "high", "North")
    assert (
        found.kind.describe()
        .replace(", off and wrong", " and exercise")
        .replace("rules border, exercise and exercise", "rules border and exercise")
        == words
    )
    jsonschema.validate(located.data, json_schema())


@pytest.mark.parametrize(
    ("trend", "problem"),
    [  # ^ stands where the problem is
        (
            "id: t, count: {rule: ^bordr, more_than: 3, within: 6h}",
            "there is no rule 'bordr'; did you mean border?",
        ),
        (
            "id: t, count: {rules: [border, ^exersice], more_than: 3, within: 6h}",
            "there is no rule 'exersice'; did you mean exercise?",
        ),
        (
            "id: t, count: {rule: ^off, more_than: 3, within: 6h}",
            "the rule 'off' is not in use, so nothing of it is counted; enable it, or set enabled: false here",
        ),
        (
            "id: t, count: {rule: ^wrong, more_than: 3, within: 6h}",
            "the rule 'wrong' is not in use, so nothing of it is counted; mend it, or set enabled: false here",
        ),
        (
            "id: t, count: {watch: ^Nroth, more_than: 3, within: 6h}",
            "there is no watch 'Nroth'; did you mean North?",
        ),
        (
            "id: t, ^count: {more_than: 3, within: 6h}",
            "it does not say what is counted; write rule: ID, rules: [ID, ...] or watch: NAME",
        ),
        (
            "id: t, ^count: {rule: border, watch: North, more_than: 3, within: 6h}",
            "rule and watch stand side by side; write rule: ID, rules: [ID, ...] or watch: NAME",
        ),
        (
            "id: t, ^count: {rule: border, within: 6h}",
            "'more_than' is missing; write more_than: ...",
        ),
        (
            "id: t, count: {rule: border, more_then: ^3, within: 6h}",
            "'more_then' is not known here; did you mean more_than?",
        ),
        (
            "id: t, count: {rule: border, more_than: ^yes, within: 6h}",
            "'yes' is no number for more_than; write 1 to 1000000",
        ),
        (
            "id: t, count: {rule: border, more_than: 3, within: ^soon}",
            "'soon' is not a duration; write for example 90m, 6h, 2d or 1w",
        ),
        (
            "id: t, count: {rule: border, more_than: 3, within: ^5s}",
            "5s is too short; write 1m to 366d",
        ),
        (
            "id: t, count: {rule: border, more_than: 3, within: 6h, by: ^sauce}",
            "'sauce' is not known here; did you mean source?",
        ),
        (
            "id: t, spike: {rule: border, within: ^90m}",
            "the window of a spike is of whole hours; write for example 1h or 6h",
        ),
        (
            "id: t, spike: {rule: border, chance: ^1}",
            "1 is no number for chance; write 1e-09 to 0.05",
        ),
        (
            "id: t, ^new: {rule: border, of: place}",
            "a place is a term of a term set, and none is named; write for example set: places",
        ),
        (
            "id: t, new: {rule: border, of: ^people}",
            "'people' is not known here; write one of: place, source, term, words",
        ),
        (
            "id: t, new: {rule: border, of: place, set: ^plaices}",
            "there is no term set 'plaices'; did you mean places?",
        ),
        (
            "id: t, new: {rule: border, of: term, set: ^others}",
            "border looks for no term of it, so none is ever found; name $others in the condition of the rule",
        ),
        (
            "id: t, new: {rule: border, of: source, set: ^places}",
            "a term set goes with terms only; write place, term or words, or no set",
        ),
        (
            "id: t, new: {rule: border, of: place, set: ^broken}",
            "the term set $broken cannot be used; mend the problem that is shown for it",
        ),
        (
            "id: t, sequence: {first: exercise, then: border, within: 3d, join: place, set: ^places}",
            "exercise looks for no term of it, so none is ever found; name $places in the condition of the rule",
        ),
        (
            "id: t, sequence: {first: exercise, then: {rule: ^border}, within: 3d}",
            "'rule' is not known here; write one of: watch",
        ),
        (
            "id: t, ^sipke: {rule: border}",
            "'sipke' is not known here; did you mean spike?",
        ),
        (
            "id: t, count: {rule: border, more_than: 3, within: 6h}, ^spike: {rule: border}",
            "count and spike stand side by side; write only one of: count, spike, new, silence, sequence",
        ),
        (
            "^id: t",
            "it does not say what it looks for; write one of: count, spike, new, silence, sequence",
        ),
        (
            "id: ^border, spike: {rule: border}",
            "the id 'border' is there twice, the other one in north.yaml:4; rename it",
        ),
        (
            "^spike: {rule: border}",
            "the trend has no id; write for example id: border-deployment",
        ),
        (
            "id: t, severity: ^hihg, spike: {rule: border}",
            "'hihg' is no severity; did you mean high?",
        ),
    ],
)
def test_a_problem_has_its_place_and_says_what_to_write(trend: str, problem: str) -> None:
    column = 5 if trend.startswith("^") else len("  - {") + trend.index("^") + 1  # 5: the whole trend
    found = problems_of(trend.replace("^", ""))
    assert f"north.yaml:{LINE}:{column}: {problem}" in found, found


def test_a_trend_counts_rules_and_not_trends() -> None:
    [problem] = problems_of("id: t, spike: {rule: border}", "id: u, spike: {rule: t}")
    assert problem.endswith("'t' is a trend; a trend counts the hits of rules; name the rule itself")


def test_a_disabled_trend_is_checked_and_not_used() -> None:
    assert problems_of("id: t, enabled: false, spike: {rule: off}") == []
    assert len(problems_of("id: t, enabled: false, spike: {rule: nobody}")) == 1


def test_a_wrong_trend_stops_neither_rules_nor_other_trends() -> None:
    data: Any = {
        "rules": [{"id": "border", "match": "troops"}],
        "trends": [{"id": "a", "spike": {"rule": "x"}}, {"id": "b", "spike": {"rule": "border"}}],
    }
    book, problems = compiled(data)
    assert [rule.id for rule in book.rules] == ["border"]
    assert [trend.id for trend in book.trends] == ["b"]
    assert [one.rule_id for one in problems] == ["a"]


def test_trends_of_one_file_count_rules_of_another() -> None:
    book, problems = compiled(
        {"trends": [{"id": "t", "spike": {"rule": "border"}}]}, {"rules": [{"id": "border", "match": "troops"}]}
    )
    assert problems == ()
    assert [trend.rules for trend in book.trends] == [("border",)]


def test_what_a_trend_looks_for_makes_its_hash_and_its_name_does_not() -> None:
    def hash_of(places: list[str], **trend: Any) -> str:
        book, problems = compiled(
            {
                "terms": {"places": places},
                "rules": [{"id": "border", "match": "$places"}],
                "trends": [{"id": "t", "new": {"rule": "border", "of": "place", "set": "places"}, **trend}],
            }
        )
        assert problems == ()
        return book.trends[0].hash

    one = hash_of(["Brest"])
    assert one == hash_of(["Brest"], name="Other", severity="low")
    assert one != hash_of(["Brest", "Lida"])
