"""The rules, explanations and commands of pages in `docs/`, for the tests that run them."""

import re
from pathlib import Path

from monitor.config.yaml import parse
from monitor.match.rulebook import RuleBook, RuleDocument

DOCS = Path(__file__).parents[2] / "docs"
_RULES = re.compile(r"(?<!-->\n)^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)
_EXPLAINED = re.compile(r"^<!-- explain: ([\w-]+): (.*?) -->\n```text\n(.*?)^```", re.DOTALL | re.MULTILINE)


def rules_of(page: str) -> list[str]:
    """Return the rules that a page shows, as YAML; not what follows a comment, which is the output of something."""
    return _RULES.findall((DOCS / page).read_text())


def explanations_of(page: str) -> list[tuple[str, str, str]]:
    """Return rule, headline and shown tree of each explanation."""
    return _EXPLAINED.findall((DOCS / page).read_text())


def book_of_page(page: str, *blocks: str) -> RuleBook:
    """Compile rules of a page; they must be right."""
    located = [parse(block, file=f"docs/{page}#{number}") for number, block in enumerate(blocks, 1)]
    assert [str(problem) for one in located for problem in one.problems] == []
    book, problems = RuleBook.compile([RuleDocument(one.file, one.data, one.where) for one in located])
    assert [str(problem) for problem in problems] == []
    return book
