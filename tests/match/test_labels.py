"""`labels:` of rules files: what is right, what is wrong and where, and that the schema says the same."""

import jsonschema
import pytest

from monitor.config.yaml import parse
from monitor.match.labels import labels_of
from monitor.match.rulebook import RuleBook, RuleDocument
from monitor.match.schema import json_schema

RULES = "rules: [{id: ship, match: ship}, {id: ferry, match: ferry}]\n"


def document(text: str) -> RuleDocument:
    located = parse(text + RULES, file="r.yaml")
    assert not located.problems
    return RuleDocument("r.yaml", located.data, located.where)


RIGHT = {
    "labels: {boats: [ship, ferry]}\n": {"boats": ("ship", "ferry")},
    "labels: {boats: ship, more: [ferry, ferry]}\n": {"boats": ("ship",), "more": ("ferry",)},
    "labels: {}\n": {},
    "labels:\n": {},
    "": {},
}
WRONG = {
    "labels: [ship]\n": "r.yaml:1:1: labels is not a list but names rules; write labels: {deploy: [border-deployment]}",
    "labels: {boats: []}\n": "r.yaml:1:17: the label 'boats' names no rule; write boats: [border-deployment]",
    "labels: {boats: {ship: 1}}\n": "r.yaml:1:10: the label 'boats' names no rule; write boats: [border-deployment]",
    "labels: {boats: [shp]}\n": "r.yaml:1:18: there is no rule 'shp'; did you mean ship?",
    "labels: {boats: fery}\n": "r.yaml:1:17: there is no rule 'fery'; did you mean ferry?",
    "labels: {'': [ship]}\n": "r.yaml:1:10: '' is no label; write a word",
}


@pytest.mark.parametrize("text", RIGHT)
def test_labels_name_rules(text: str) -> None:
    one = document(text)
    book, problems = RuleBook.compile([one])
    assert problems == ()
    assert len(book.rules) == 2
    assert labels_of([one]) == RIGHT[text]
    jsonschema.validate(one.data, json_schema())


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_label_is_told_and_stops_no_rule(text: str) -> None:
    one = document(text)
    book, problems = RuleBook.compile([one])
    assert [str(problem)[: len(WRONG[text])] for problem in problems] == [WRONG[text]]
    assert len(book.rules) == 2


def test_a_label_may_name_rules_of_another_file_and_adds_up() -> None:
    other = parse("labels: {boats: [ferry]}\nrules: [{id: raft, match: raft}]\n", file="s.yaml")
    documents = [document("labels: {boats: [ship, raft]}\n"), RuleDocument("s.yaml", other.data, other.where)]
    assert RuleBook.compile(documents)[1] == ()
    assert labels_of(documents) == {"boats": ("ship", "raft", "ferry")}


@pytest.mark.parametrize("labels", [["ship"], {"boats": []}, {"boats": 1}, {"boats": [1]}])
def test_the_schema_refuses_what_is_no_mapping_of_rules(labels: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"labels": labels}, json_schema())
