"""Articles, sources and rule books for tests, from plain data."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from monitor.config.yaml import load_located
from monitor.errors import Problem
from monitor.match.rulebook import RuleBook, RuleDocument
from monitor.model import Article, Field, Mark, Source
from monitor.resources import seeds

NOW = 1_000_000.0


def where(path: tuple[str | int, ...]) -> tuple[int, int]:
    """A place in a file that has none: the path's length, so that deeper is later."""
    return len(path) + 1, 1


def compiled(*files: object) -> tuple[RuleBook, tuple[Problem, ...]]:
    """Compile rules files given as plain data."""
    return RuleBook.compile([RuleDocument(f"file{n}.yaml", data, where) for n, data in enumerate(files, 1)])


def book_of(match: object, terms: Mapping[str, Any] | None = None, **rule: object) -> RuleBook:
    """Return a book with one rule; it must be right."""
    book, problems = compiled({"terms": terms, "rules": [{"id": "rule", "match": match, **rule}]})
    assert [str(problem) for problem in problems] == []
    return book


def article_of(
    title: str = "",
    text: str = "",
    body: str = "",
    *,
    language: str = "",
    age: float | None = None,
    seen: float = 0.0,
    marked: str = "",
) -> Article:
    """Return an article; `marked` is a stretch of its text that is not its own."""
    start = text.index(marked) if marked else 0
    return Article(
        id="a",
        source_id="kestrel",
        identity="a",
        url="",
        link="",
        title=title,
        summary=text,
        body=body,
        language=language,
        published_at=None if age is None else NOW - age,
        seen_at=NOW - seen,
        marks=(Mark(Field.SUMMARY, start, start + len(marked), "crosslink"),) if marked else (),
    )


def source_of(*, id: str = "kestrel", tags: list[str] | None = None, **properties: Any) -> Source:
    """Return a source."""
    return Source(id=id, url="", tags=frozenset(tags or ()), **properties)


@cache
def shipped() -> RuleBook:
    """Return the rules that are shipped; they must be right."""
    located = [load_located(path, file=path.name) for path in sorted((seeds() / "rules").glob("*.yaml"))]
    book, problems = RuleBook.compile([RuleDocument(one.file, one.data, one.where) for one in located])
    assert [str(problem) for one in located for problem in one.problems] + [str(one) for one in problems] == []
    return book
