"""The examples of docs/rules.md are run, and the page names every condition."""

import re
from pathlib import Path

import pytest
from rule_builders import NOW, article_of, source_of

from monitor.config.yaml import parse
from monitor.match.conditions import CONDITIONS
from monitor.match.rulebook import RuleBook, RuleDocument
from monitor.match.trends import TRENDS
from monitor.match.trends.spike import bound

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text()
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: re.search(r"id: (\S+)", block)[1])
def test_an_example_of_the_page_is_a_rule_that_keeps_its_promises(block: str) -> None:
    located = parse(block, file="docs/rules.md")
    assert not located.problems
    book, problems = RuleBook.compile([RuleDocument(located.file, located.data, located.where)])
    assert [str(one) for one in problems] == []
    assert [str(one) for one in book.check_examples()] == []
    assert book.rules
    assert all(rule.examples for rule in book.rules)


def test_the_page_shows_an_explanation_as_it_is() -> None:
    located = parse(BLOCKS[0], file="docs/rules.md")
    book, _ = RuleBook.compile([RuleDocument(located.file, located.data, located.where)])
    [explanation] = book.explain(article_of("Troops were sent north"), source_of(), now=NOW)
    [shown] = re.findall(r"```text\n(.*?)\n```", PAGE, re.DOTALL)
    assert shown == explanation.text()


def test_the_page_has_a_heading_for_each_condition() -> None:
    headings = set(re.findall(r"^## (\w+)$", PAGE, re.MULTILINE))
    assert headings - {"Terms", "Trends", "Warnings"} == set(CONDITIONS)


def test_the_page_has_a_heading_and_an_example_for_each_kind_of_trend() -> None:
    section = PAGE.partition("## Trends")[2].partition("\n## ")[0]
    assert set(re.findall(r"^### (\w+)$", section, re.MULTILINE)) == {*TRENDS, "Limits"}
    [block] = [one for one in BLOCKS if "trends:" in one]
    located = parse(block, file="docs/rules.md")
    book, _ = RuleBook.compile([RuleDocument(located.file, located.data, located.where)])
    assert {trend.kind.name for trend in book.trends} == set(TRENDS)
    for count, mean in ((11, 2), (41, 20)):
        assert f"sual {mean}" in section
        assert bound([mean] * 8, 1e-4) == count
