"""What else can try many rules on each article: FTS5 with a query a rule, and one regular expression a rule.

Both do less than the monitor: no forms, no sentences (`near` is taken as `all`), no evidence. FTS5 is given all
articles at once and asked each query once for all of them, which suits it best.
"""

import re
import sqlite3
import time
from collections.abc import Mapping, Sequence
from typing import Any

from monitor.model import Article


def parts(match: Mapping[str, Any]) -> tuple[list[list[str]], list[str]]:
    """Return the lists of which one term each must stand in an article, and those that must not."""
    lists = match["all"] if "all" in match else match["near"]["of"]
    return lists, match.get("not", [])


def text_of(article: Article) -> str:
    """Return what is searched."""
    return f"{article.title}\n{article.summary}"


def fts5(rules: Sequence[Mapping[str, Any]], articles: Sequence[Article]) -> float:
    """Return microseconds an article: a table in memory is filled, and each rule asked as a query."""
    queries = [_query(*parts(rule["match"])) for rule in rules]
    start = time.process_time()
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE news USING fts5(text, tokenize='unicode61 remove_diacritics 2')")
    db.executemany("INSERT INTO news (text) VALUES (?)", [(text_of(article),) for article in articles])
    for query in queries:
        db.execute("SELECT rowid FROM news WHERE news MATCH ?", (query,)).fetchall()
    spent = time.process_time() - start
    db.close()
    return spent / len(articles) * 1e6


def _query(lists: list[list[str]], without: list[str]) -> str:
    wanted = " AND ".join(f"({' OR '.join(map(_quoted, terms))})" for terms in lists)
    return f"({wanted}) NOT ({' OR '.join(map(_quoted, without))})" if without else wanted


def _quoted(term: str) -> str:
    return f'"{term.removesuffix("*")}"{"*" if term.endswith("*") else ""}'


def expressions(rules: Sequence[Mapping[str, Any]], articles: Sequence[Article]) -> float:
    """Return microseconds an article: each rule is one compiled expression, with a look-ahead for each of its lists."""
    compiled = [re.compile(_pattern(*parts(rule["match"])), re.IGNORECASE | re.DOTALL) for rule in rules]
    texts = [text_of(article) for article in articles]
    start = time.process_time()
    for text in texts:
        for pattern in compiled:
            pattern.match(text)
    return (time.process_time() - start) / len(articles) * 1e6


def _pattern(lists: list[list[str]], without: list[str]) -> str:
    wanted = "".join(f"(?=.*{_any(terms)})" for terms in lists)
    return wanted + (f"(?!.*{_any(without)})" if without else "")


def _any(terms: list[str]) -> str:
    return r"\b(?:" + "|".join(_worded(term) for term in terms) + ")"


def _worded(term: str) -> str:
    words = r"\W+".join(map(re.escape, term.removesuffix("*").split()))
    return words if term.endswith("*") else words + r"\b"
