"""The page over 1,000,000 articles and 50,000 hits: milliseconds of a view at the server, and its size.

`MONITOR_BENCH_ARTICLES` asks for fewer articles; the database is made in a temporary folder.
"""

import json
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from monitor.config import load
from monitor.model import Severity, Source
from monitor.store import Store
from monitor.store.stories import _FACETS
from monitor.web.app import create_app
from monitor.web.serve import bound, server_of

ARTICLES = int(os.environ.get("MONITOR_BENCH_ARTICLES", "1000000"))
HITS, STORIES, SOURCES, RULES, TEXTS = 50_000, 30_000, 300, 40, 20_000
NOW, STEP = 1_790_000_000.0, 30.0  # seconds between two articles: a year for a million
ROUNDS = 11
COUNTRIES = ("BY", "UA", "PL", "LT", "LV", "RU", "EE", "FI", "MD", "RO")
LANGUAGES = ("en", "ru", "uk", "pl", "be")


def run() -> list[dict[str, object]]:
    """Return of each view the CPU time (the machine may be shared), with that of the client, and its size.

    The first answer reads from a cold connection; then the median of the next ones; and the quickest on the clock.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "monitor.yaml").write_text("database: m.db\n")
        (folder / "sources.yaml").write_text("sources: []\n")
        with Store.open(folder / "m.db") as store:
            words = fill(store)
            with served(folder, store) as client:
                return [_measured(client, what, path) for what, path in views(store, words)]


def views(store: Store, words: list[str]) -> list[tuple[str, str]]:
    """Return what is asked, by name."""
    largest = store._db.value("SELECT story_id FROM story_articles GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    deep = store._db.row("SELECT weight, id FROM stories ORDER BY weight LIMIT 1 OFFSET 100")
    return [
        ("stories", "/stories"),
        ("most severe", "/stories?sort=severest"),
        ("last page", f"/stories?after={deep[0]!r}~{deep[1]}"),
        ("one rule", "/stories?rule=rule-3"),
        ("one country, high", "/stories?country=UA&severity=high"),
        ("five filters", "/stories?country=UA&country=BY&severity=medium&language=ru&state=new&watch=watch-1"),
        ("acknowledged", "/stories?state=acknowledged"),
        ("a frequent word", f"/stories?q={words[0]}"),
        ("a usual word", f"/stories?q={words[300]}"),
        ("a rare word", f"/stories?q={words[15000]}"),
        ("two words, a rule", f"/stories?q={words[20]}+{words[30]}&rule=rule-3"),
        ("a word left out", f"/stories?q=-{words[300]}"),
        ("last week", "/stories?since=7d"),
        ("one story", f"/stories/{largest}"),
        ("feed", "/stories.atom?severity=high"),
        ("API, stories", "/api/stories?country=UA"),
        ("API, hits", "/api/hits?rule=rule-3"),
        ("sources", "/sources"),
        ("deliveries", "/deliveries"),
    ]


def _measured(client: httpx.Client, what: str, path: str) -> dict[str, object]:
    taken, worked = [], []
    for _ in range(ROUNDS):
        start, began = time.perf_counter(), time.process_time()
        answer = client.get(path)
        worked.append((time.process_time() - began) * 1000)
        taken.append((time.perf_counter() - start) * 1000)
        assert answer.status_code == 200, answer.text
    return {
        "view": what,
        "first ms": round(worked[0], 1),
        "ms": round(statistics.median(worked[1:]), 1),
        "on the clock": round(min(taken[1:]), 1),
        "kB": round(len(answer.content) / 1000, 1),
    }


@contextmanager
def served(folder: Path, store: Store) -> Iterator[httpx.Client]:
    """Serve the page on loopback."""
    door = bound("127.0.0.1:0")
    port = door.getsockname()[1]
    server = server_of(create_app(load(folder), store, environ={}, port=port, clock=lambda: NOW))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        yield client
    server.should_exit = True
    thread.join(10)
    door.close()


# --- the database ----------------------------------------------------------------------------------------------------


def fill(store: Store) -> list[str]:
    """Fill a database by plain SQL, and return its words, the most frequent first."""
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvwz", k=chance.randint(3, 11))) for _ in range(20000)]
    weights = [1 / (rank + 5) for rank in range(len(words))]
    texts = [" ".join(chance.choices(words, weights, k=60)) for _ in range(TEXTS)]
    store.sources.sync(
        [Source(id=f"source-{n}", url=f"https://paper{n}.example/rss", title=f"Paper {n}") for n in range(SOURCES)], NOW
    )
    start = time.perf_counter()
    with store.transaction():
        store._db.execute_many(
            "INSERT INTO articles (number, id, source_id, url, title, summary, body, author, published_at, "
            "published_raw, "
            "updated_raw, seen_at, language, language_from, categories, flags, marks, content_hash, version, novelty, "
            "reason, variants) VALUES (?, ?, ?, ?, ?, ?, '', '', ?, '', '', ?, ?, 'declared', '[]', '[]', '[]', ?, 1, "
            "'new', 'not seen before', '')",
            (_article(number, texts, chance) for number in range(ARTICLES)),
        )
    store._db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    with store.transaction():
        _stories(store, texts, chance)
    store._db.execute("ANALYZE")
    print(f"{ARTICLES} articles, {HITS} hits, {STORIES} stories in {time.perf_counter() - start:.0f} s")
    return words


def _at(number: int) -> float:
    return NOW - (ARTICLES - number) * STEP


def _article(number: int, texts: list[str], chance: random.Random) -> tuple[object, ...]:
    text = texts[chance.randrange(TEXTS)]
    url = f"https://paper.example/2026/05/an-article-with-a-usual-name-{number}"
    source = f"source-{int(SOURCES * chance.random() ** 2)}"
    language = LANGUAGES[int(len(LANGUAGES) * chance.random() ** 2)]
    return (
        number,
        f"a{number:012d}",
        source,
        url,
        text[:80],
        text[81:],
        _at(number),
        _at(number),
        language,
        f"{number:032x}",
    )


def _stories(store: Store, texts: list[str], chance: random.Random) -> None:
    """Hits are spread evenly over the articles; the first STORIES of them open a story, the others join one near."""
    numbers = sorted(chance.sample(range(ARTICLES), HITS))
    opens = set(chance.sample(range(1, HITS), STORIES - 1)) | {0}
    stories: list[int] = []
    hits, rows, members, places, handled = [], [], [], [], []
    for place, number in enumerate(numbers):
        at, rule = _at(number), int(RULES * chance.random() ** 2)
        severity = list(Severity)[min(4, int(chance.expovariate(1.0)))]
        if place in opens:
            stories.append(number)
            title = texts[chance.randrange(TEXTS)][:80]
            rows.append(
                (f"s{number:012d}", f"a{number:012d}", title, severity.value, at, at, at, chance.randint(1, 4), 3)
            )
            if chance.random() < 0.1:
                handled.append(
                    (f"s{number:012d}", "acknowledged" if chance.random() < 0.8 else "muted", at, severity.value)
                )
        story = stories[-1 - min(len(stories) - 1, int(chance.expovariate(0.5)))] if place not in opens else number
        evidence = json.dumps([["any", "x", word, "title", 0, 5] for word in texts[number % TEXTS].split()[:4]])
        hits.append(
            (f"a{number:012d}", f"rule-{rule}", f"Rule {rule}", f"watch-{rule % 5}", severity.value, evidence, at)
        )
        members.append((f"s{story:012d}", f"a{number:012d}", place, place + 1, at, number))
        if chance.random() < 0.7:
            country = COUNTRIES[int(len(COUNTRIES) * chance.random() ** 2)]
            places.append((f"a{number:012d}", json.dumps([country]), f"Town {rule}", 50 + rule / 10, 25 + rule / 10))
    many = store._db.execute_many
    many(
        "INSERT INTO hits (article_id, article_version, rule_id, rule_name, rule_hash, watch, severity, evidence, at) "
        "VALUES (?, 1, ?, ?, 'h', ?, ?, ?, ?)",
        hits,
    )
    many(
        "INSERT INTO stories (id, article_id, title, severity, novelty, first_seen, updated_at, first_at, independent, "
        "credibility) VALUES (?, ?, ?, ?, 'new', ?, ?, ?, ?, ?)",
        rows,
    )
    many(
        "INSERT INTO story_articles (story_id, article_id, place, indexed, novelty, how, alike, shared, at, number) "
        "VALUES (?, ?, ?, ?, 'new', 'opens', '', '[]', ?, ?)",
        members,
    )
    many(
        "INSERT INTO places (article_id, countries, place, kind, lat, lon, sure, borders, why, words) "
        "VALUES (?, ?, ?, 'place', ?, ?, 'sure', '{}', 'named', '[]')",
        places,
    )
    many("INSERT INTO handled (story_id, what, by, at, note, severity) VALUES (?, ?, 'ann', ?, '', ?)", handled)
    many(
        "INSERT INTO marks (article_id, rule_id, verdict, note, at) VALUES (?, ?, 'wrong', '', ?)",
        [(hit[0], hit[1], NOW) for hit in hits[::50]],
    )
    many(_FACETS, [(row[0],) for row in rows])
