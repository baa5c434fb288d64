"""Matching: what a hundred rules cost an article, and where; rules and articles have the shape of real ones.

Rules are generated from the words of the articles: all of two or three lists of three to eight phrases, a third with
exclusions. With MONITOR_CORPUS the articles are its news; else they are made of words as unevenly frequent.
"""

import gzip
import json
import os
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from monitor.config.yaml import load_located
from monitor.language.detect import detect
from monitor.language.tokens import tokenize
from monitor.match.rulebook import RuleBook, RuleDocument
from monitor.match.text import Text
from monitor.model import Article, Source
from monitor.resources import seeds

ARTICLES, ROUNDS = 400, 5
NO_RULES = RuleBook(())
SOURCE = Source(id="bench", url="")
COMMON = 0.03  # share of articles above which a word is in no rule


def articles() -> list[Article]:
    """Return articles of all languages."""
    corpus = os.environ.get("MONITOR_CORPUS")
    return _from_corpus(Path(corpus)) if corpus else _made()


def _from_corpus(corpus: Path) -> list[Article]:
    with gzip.open(corpus / "news" / "sample.jsonl.gz", "rt", encoding="utf-8") as lines:
        items = [json.loads(line) for number, line in enumerate(lines) if number % 20 == 0]
    items = [item for item in items if len((item.get("title") or "") + (item.get("text") or "")) > 150]
    items = items[:ARTICLES]
    return [_article(item.get("title") or "", item.get("text") or "", item.get("lang") or "") for item in items]


def _made() -> list[Article]:
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvwz", k=chance.randint(2, 11))) for _ in range(20000)]
    weights = [1 / (rank + 5) for rank in range(len(words))]
    texts = [" ".join(chance.choices(words, weights, k=100)) for _ in range(ARTICLES)]
    return [_article(text[:80].capitalize(), text[81:].capitalize() + ".", "en") for text in texts]


def _article(title: str, text: str, language: str) -> Article:
    return Article(
        id="a",
        source_id="bench",
        identity="a",
        url="",
        link="",
        title=title,
        summary=text,
        body="",
        language=language or detect(title + " " + text),
    )


def generated(found: list[Article], count: int) -> RuleBook:
    """Return so many rules made of the articles' phrases."""
    chance = random.Random(2)
    cut = [tokenize(article.summary or article.title).words for article in found]
    often: dict[str, int] = {}
    for words in cut:
        for word in set(words):
            often[word] = often.get(word, 0) + 1
    rare = [[word if often[word] <= COMMON * len(cut) else "" for word in words] for words in cut]

    def phrase() -> str:
        while True:
            words = chance.choice(rare)
            start, length = chance.randrange(len(words) or 1), chance.choices((1, 2, 3), (6, 3, 1))[0]
            chosen = words[start : start + length]
            if chosen and all(len(word) > 2 for word in chosen):
                return " ".join(chosen) + ("*" if length == 1 and chance.random() < 0.2 else "")

    def rule(number: int) -> dict[str, object]:
        lists = [[phrase() for _ in range(chance.randint(3, 8))] for _ in range(chance.randint(2, 3))]
        match: dict[str, object] = {"all": lists} if number % 2 else {"near": {"within": "sentence", "of": lists}}
        if chance.random() < 0.3:
            match["not"] = [phrase() for _ in range(3)]
        return {"id": f"rule-{number}", "match": match}

    book, problems = RuleBook.compile([_document("generated", {"rules": [rule(number) for number in range(count)]})])
    assert not problems, problems[:3]
    return book


def shipped() -> RuleBook:
    """Return the shipped packs."""
    documents = []
    for path in sorted((seeds() / "rules").glob("*.yaml")):
        located = load_located(path)
        documents.append(RuleDocument(located.file, located.data, located.where))
    return RuleBook.compile(documents)[0]


def _document(name: str, data: object) -> RuleDocument:
    return RuleDocument(name, data, lambda _path: (1, 1))


def _microseconds(work: Callable[[Article], object], found: list[Article]) -> float:
    """Return the median over rounds of CPU microseconds for an article."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for article in found:
            work(article)
        times.append((time.process_time() - start) / len(found) * 1e6)
    return statistics.median(times)


def _index(article: Article) -> Text:
    return Text(article, SOURCE, now=0.0, lexicon=NO_RULES.lexicon)


def run() -> list[dict[str, object]]:
    """Measure and return a row for each book of rules."""
    found = articles()
    languages = {
        "en": [one for one in found if one.language == "en"],
        "others": [one for one in found if one.language != "en"],
    }
    start = time.process_time()
    books = {f"{count} generated rules": generated(found, count) for count in (10, 100, 1000)}
    compiling = time.process_time() - start
    books["the shipped packs"] = shipped()
    rows: list[dict[str, object]] = []
    for name, chosen in languages.items():
        if not chosen:
            continue
        words = statistics.mean(len(_index(article).words) for article in chosen)
        shape = f"{len(chosen)} articles, {name}, {words:.0f} words"
        rows.append(
            {"articles": shape, "work": "tokens and index", "us an article": round(_microseconds(_index, chosen))}
        )
        for title, book in books.items():
            hits = sum(len(book.match(article, SOURCE, now=0.0)) for article in chosen)
            spent = _microseconds(lambda article, book=book: book.match(article, SOURCE, now=0.0), chosen)  # type: ignore[misc]
            work = f"with {title} ({len(book.rules)} rules)"
            rows.append({"articles": shape, "work": work, "us an article": round(spent), "hits": hits})
    rows.append({"articles": "", "work": "compiling 1,110 rules, ms", "us an article": round(compiling * 1000)})
    return rows
