"""docs/cookbook.md: its rules keep their promises, its explanations and outputs are what the program says."""

import re
import subprocess
from pathlib import Path

import pytest
from rule_builders import NOW, article_of, source_of
from rules_pages import DOCS, book_of_page, explanations_of, rules_of

from monitor import cli

PAGE = "cookbook.md"
BLOCKS = rules_of(PAGE)
RECIPES = re.findall(r"^## (\d+)\. (.*?)$(.*?)(?=^## )", (DOCS / PAGE).read_text(), re.DOTALL | re.MULTILINE)
IMPORTS = re.findall(
    r"^```sh\nmonitor (rules import .*?)\n```\n\n<!-- prints -->\n```yaml\n(.*?)^```",
    (DOCS / PAGE).read_text(),
    re.DOTALL | re.MULTILINE,
)


def name_of(block: str) -> str:
    found = re.search(r"- id: (\S+)", block)
    return found[1] if found else "without an id"


@pytest.mark.parametrize("block", BLOCKS, ids=name_of)
def test_a_rule_of_the_cookbook_keeps_its_promises(block: str) -> None:
    book = book_of_page(PAGE, block)
    assert [str(problem) for problem in book.check_examples()] == []
    [rule] = book.rules
    assert {example.match for example in rule.examples} == {True, False}


@pytest.mark.parametrize("block", BLOCKS, ids=name_of)
def test_english_examples_hold_also_where_the_language_is_known(block: str) -> None:
    book = book_of_page(PAGE, block)
    [rule] = book.rules
    for example in rule.examples:
        if not example.language and not example.source:
            article = article_of(example.title, example.text, language="en")
            assert bool(book.match(article, source_of(), now=NOW)) == example.match, example


def test_the_rules_of_the_page_can_live_together() -> None:
    assert len(book_of_page(PAGE, *BLOCKS).rules) == len(BLOCKS) == 12


def test_there_are_twelve_problems_each_with_a_rule_and_its_limits() -> None:
    assert [int(number) for number, _, _ in RECIPES] == list(range(1, 13))
    for _, title, text in RECIPES:
        assert text.count("```yaml") == 1, title
        assert "\nDoes not catch: " in text, title


@pytest.mark.parametrize(("rule", "headline", "shown"), explanations_of(PAGE))
def test_an_explanation_is_what_the_program_says(rule: str, headline: str, shown: str) -> None:
    book = book_of_page(PAGE, *BLOCKS)
    told = {one.rule_id: one.text() for one in book.explain(article_of(headline), source_of(), now=NOW)}
    assert told[rule] + "\n" == shown


@pytest.mark.parametrize(("command", "shown"), IMPORTS, ids=range(len(IMPORTS)))
def test_an_import_prints_what_the_page_shows(
    command: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MONITOR_CONFIG", str(tmp_path))  # without sources
    words = subprocess.run(["bash", "-c", f"printf '%s\\0' {command}"], capture_output=True, check=True, text=True)
    code = cli.execute(words.stdout.split("\0")[:-1])
    assert capsys.readouterr().out == shown
    assert code == ("LEFT OUT" in shown)
    assert [str(problem) for problem in book_of_page(PAGE, shown).check_examples()] == []


def test_the_page_shows_all_that_this_file_looks_for() -> None:
    assert (len(explanations_of(PAGE)), len(IMPORTS)) == (3, 5)
