"""Matching: what ten to a hundred thousand rules cost an article, and what it takes to compile them.

Rules have the shape of real ones: all of two or three lists of three to eight phrases, a third with exclusions. Their
phrases are drawn from the vocabulary of thousands of other articles, each phrase alike; or, to strain it, as often as
they occur, so that many rules hit each article. With MONITOR_CORPUS the articles are its news; else they are made of
words as unevenly frequent.
"""

import gc
import gzip
import json
import os
import random
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from monitor.config.yaml import load_located
from monitor.language.detect import detect
from monitor.language.tokens import tokenize
from monitor.match.rulebook import RuleBook, RuleDocument
from monitor.match.text import Text
from monitor.model import Article, Source
from monitor.resources import seeds
from tests.bench import percolators

ARTICLES, ROUNDS = 400, 5
NO_RULES = RuleBook(())
Row = dict[str, object]
SOURCE = Source(id="bench", url="")
COMMON = 0.03  # share of articles above which a word is in no rule
REAL, STRAIN = (10, 100, 1_000, 10_000, 100_000), (100, 1_000, 10_000)  # rules
MANY = 7_000  # articles whose vocabulary rules are made of


def articles(sample: int = 0, most: int = ARTICLES, step: int = 20) -> list[Article]:
    """Return articles of all languages; samples of one step have none in common."""
    corpus = os.environ.get("MONITOR_CORPUS")
    return _from_corpus(Path(corpus), sample, most, step) if corpus else _made(sample, most)


def _from_corpus(corpus: Path, sample: int, most: int, step: int) -> list[Article]:
    with gzip.open(corpus / "news" / "sample.jsonl.gz", "rt", encoding="utf-8") as lines:
        items = [json.loads(line) for number, line in enumerate(lines) if number % step == sample]
    items = [item for item in items if len((item.get("title") or "") + (item.get("text") or "")) > 150][:most]
    return [_article(item.get("title") or "", item.get("text") or "", item.get("lang") or "") for item in items]


def _made(sample: int, most: int) -> list[Article]:
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvwz", k=chance.randint(2, 11))) for _ in range(20000)]
    weights = [1 / (rank + 5) for rank in range(len(words))]
    chance.seed(sample + 3)
    texts = [" ".join(chance.choices(words, weights, k=100)) for _ in range(most)]
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


def generated(found: list[Article], count: int, *, alike: bool) -> RuleDocument:
    """Return so many rules made of the articles' phrases, as plain data; `alike`: each phrase is as likely."""
    chance = random.Random(2)
    rare = _rare([tokenize(article.summary or article.title).words for article in found])
    phrases = {length: _phrases(rare, length) for length in (1, 2, 3)}
    if alike:
        phrases = {length: sorted(set(several)) for length, several in phrases.items()}

    def phrase() -> str:
        length = chance.choices((1, 2, 3), (6, 3, 1))[0]
        return chance.choice(phrases[length]) + ("*" if length == 1 and chance.random() < 0.2 else "")

    def rule(number: int) -> dict[str, object]:
        lists = [[phrase() for _ in range(chance.randint(3, 8))] for _ in range(chance.randint(2, 3))]
        match: dict[str, object] = {"all": lists} if number % 2 else {"near": {"within": "sentence", "of": lists}}
        if chance.random() < 0.3:
            match["not"] = [phrase() for _ in range(3)]
        return {"id": f"rule-{number}", "match": match}

    return _document("generated", {"rules": [rule(number) for number in range(count)]})


def _rare(cut: list[list[str]]) -> list[list[str]]:
    """Return the words of articles, with "" for those that are common."""
    often: dict[str, int] = {}
    for words in cut:
        for word in set(words):
            often[word] = often.get(word, 0) + 1
    rare = {word for word, times in often.items() if len(word) > 2 and word.isalnum() and times <= COMMON * len(cut)}
    return [[word if word in rare else "" for word in words] for words in cut]


def _phrases(rare: list[list[str]], length: int) -> list[str]:
    """Return all phrases of so many words, as often as they occur."""
    cut = (words[at : at + length] for words in rare for at in range(len(words) - length + 1))
    return [" ".join(words) for words in cut if all(words)]


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


def _compiled(document: RuleDocument) -> tuple[RuleBook, dict[str, Any]]:
    """Return compiled rules, and what compiling them took; memory as the system counts it."""
    gc.collect()
    before, start = _resident(), time.process_time()
    book, problems = RuleBook.compile([document])
    book.ready()
    spent = time.process_time() - start
    assert not problems, problems[:3]
    gc.collect()
    return book, {"compile s": round(spent, 2), "compile MB": round(_resident() - before), "before": before}


def _resident() -> float:
    """Return the megabytes of this process that are in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def _rows(work: str, book: RuleBook, groups: dict[str, list[Article]], compiling: dict[str, Any]) -> list[Row]:
    """Measure one rule book on each group of articles, as in a daemon: what has been made stays, for the collector."""
    for article in [article for chosen in groups.values() for article in chosen]:
        book.match(article, SOURCE, now=0.0)
    gc.collect()
    gc.freeze()
    compiling |= {"with words MB": round(_resident() - compiling.pop("before"))} if compiling else {}
    rows = []
    for shape, chosen in groups.items():
        measured: Row = {
            "us an article": round(_microseconds(lambda article: book.match(article, SOURCE, now=0.0), chosen)),
            "us to choose": round(_microseconds(lambda article: _choose(book, article), chosen)),
            "tried": round(sum(len(_choose(book, article)) for article in chosen) / len(chosen), 2),
            "hits": round(sum(len(book.match(article, SOURCE, now=0.0)) for article in chosen) / len(chosen), 2),
        }
        rows.append({"articles": shape, "work": work, **measured, **compiling})
    gc.unfreeze()
    return rows


def _choose(book: RuleBook, article: Article) -> list[int]:
    """Do what is done for each article, whether rules hit or not: cut it into words, and choose the rules to try."""
    return book.index.candidates(Text(article, SOURCE, now=0.0, lexicon=book.lexicon))


def _beside(found: list[Article], other: list[Article]) -> list[Row]:
    """Measure other ways to try the same rules on the same articles, by turns with the monitor's."""
    rows: list[Row] = []
    for count in (1_000, 10_000):
        document = generated(other, count, alike=False)
        data: Any = document.data
        book = RuleBook.compile([document])[0].ready()
        few = found[::40]  # expressions take so long that a few articles tell it
        times: dict[str, list[float]] = {"monitor": [], "FTS5, a query a rule": [], "an expression a rule": []}
        for _ in range(3):
            times["monitor"].append(_microseconds(lambda one, book=book: book.match(one, SOURCE, now=0.0), found))
            times["FTS5, a query a rule"].append(percolators.fts5(data["rules"], found))
            if count == 1_000:
                times["an expression a rule"].append(percolators.expressions(data["rules"], few))
        spent = {name: statistics.median(taken) for name, taken in times.items() if taken}
        rows += [
            {
                "articles": f"{len(found)} of all languages",
                "work": f"{count:,} rules, strained: {name}",
                "us an article": round(taken),
                "x monitor": round(taken / spent["monitor"], 1),
            }
            for name, taken in spent.items()
        ]
    return rows


def run() -> list[Row]:
    """Measure and return a row for each book of rules and group of articles; `tried` and `hits` are for an article."""
    found, other, many = articles(), articles(10), articles(1, MANY, 4)
    english = [one for one in found if one.language == "en"], [one for one in found if one.language != "en"]
    groups: dict[str, list[Article]] = {}
    for name, chosen in zip(("en", "others"), english, strict=True):
        if chosen:
            words = statistics.mean(len(_index(article).words) for article in chosen)
            groups[f"{len(chosen)} {name}, {words:.0f} words"] = chosen
    columns = ("us to choose", "tried", "hits", "compile s", "compile MB", "with words MB", "x monitor")
    nothing = dict.fromkeys(columns, "")
    rows: list[Row] = []
    for shape, chosen in groups.items():
        spent = round(_microseconds(_index, chosen))
        rows.append({"articles": shape, "work": "tokens and index", "us an article": spent, **nothing})
    for kind, sample, counts in (("rules", many, REAL), ("rules, strained", other, STRAIN)):
        for count in counts:
            book, compiling = _compiled(generated(sample, count, alike=kind == "rules"))
            rows += _rows(f"{count:,} {kind}", book, groups, compiling)
            del book
    rows += _beside(found, other)
    packs = shipped()
    return rows + _rows(f"the shipped packs ({len(packs.rules)} rules)", packs, groups, {})
