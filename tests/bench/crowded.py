"""A folder with a crowded year: 1,000,000 articles, 50,000 hits, 5,000 sources, and what people and channels did."""

import json
import os
import random
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from monitor.config import load
from monitor.model import Action, Alert, Decision, Severity, Silence, SourceState, State, Thread
from monitor.pipeline import RULE_TIME, RULE_TRIED
from monitor.resources import seeds
from monitor.store import Store
from monitor.store.stories import _FACETS

ARTICLES = int(os.environ.get("MONITOR_BENCH_ARTICLES", "1000000"))
HITS, STORIES, SOURCES, TEXTS = ARTICLES // 20, ARTICLES * 3 // 100, 5_000, 20_000
MADE = 30  # rules that are made here, beside those that `monitor init` writes
NOW, STEP = 1_790_000_000.0, 30.0  # seconds between two articles: a year for a million
DAY = 86400.0
COUNTRIES = ("BY", "UA", "PL", "LT", "LV", "RU", "EE", "FI", "MD", "RO")
LANGUAGES = ("en", "ru", "uk", "pl", "be")
FAILING = (State.TIMEOUT, State.HTTP_ERROR, State.BLOCKED, State.NOT_A_FEED, State.DNS)
CHANNELS = ("mail", "chat", "room", "pager")
SENT, WAITING, DEAD, HELD = 6_000, 300, 60, 400  # alerts; stories that policies hold back
SILENCES, OVER = 30, 400  # in force, and over


def prepare(folder: Path) -> list[str]:
    """Make the folder where it is not there yet, and return the words of its articles, the most frequent first."""
    words = _words(random.Random(7))
    if not (folder / "m.db").exists():
        _configure(folder)
        with Store.open(folder / "m.db") as store:
            start = time.perf_counter()
            _fill(folder, store, words)
            print(f"{ARTICLES} articles, {HITS} hits, {STORIES} stories in {time.perf_counter() - start:.0f} s")
    return words


def _words(chance: random.Random) -> list[str]:
    return ["".join(chance.choices("abcdefghijklmnoprstuvwz", k=chance.randint(3, 11))) for _ in range(20_000)]


def _configure(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    channels = "".join(f"  {name}: {{url: 'json://127.0.0.1:9/{name}'}}\n" for name in CHANNELS)
    (folder / "monitor.yaml").write_text(f"database: m.db\nchannels:\n{channels}")
    (folder / "sources.yaml").write_text("sources:\n" + "".join(_source(number) for number in range(SOURCES)))
    shutil.copytree(seeds() / "rules", folder / "rules")
    made = "".join(
        f"  - id: rule-{number}\n    name: Rule {number}\n    severity: {list(Severity)[number % 5].value}\n"
        f"    match: {{any: [word{number}, 'another word{number}']}}\n"
        for number in range(MADE)
    )
    (folder / "rules" / "made.yaml").write_text(f"watch: Made\nrules:\n{made}")


def _source(number: int) -> str:
    country, language = COUNTRIES[number % len(COUNTRIES)], LANGUAGES[number % len(LANGUAGES)]
    enabled = ", enabled: false" if number % 50 == 7 else ""
    return (
        f"  - {{id: source-{number}, url: 'https://paper{number}.example/rss', title: Paper {number}, "
        f"country: {country}, language: {language}, tags: [group-{number % 7}]{enabled}}}\n"
    )


def _fill(folder: Path, store: Store, words: list[str]) -> None:
    """Fill the database, the large tables by plain SQL."""
    chance = random.Random(8)
    config = load(folder)
    weights = [1 / (rank + 5) for rank in range(len(words))]
    texts = [" ".join(chance.choices(words, weights, k=60)) for _ in range(TEXTS)]
    store.sources.sync(list(config.sources), NOW)
    store.sources.save(_state(number, chance) for number in range(SOURCES))
    rules = [(rule.id, rule.name, rule.watch) for rule in config.rules.rules]
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
        opened = _stories(store, texts, rules, chance)
        _counters(store, [rule[0] for rule in rules])
        _alerts(store, opened, chance)
        _handling(store, [rule[0] for rule in rules])
    store._db.execute("ANALYZE")


def _at(number: int) -> float:
    return NOW - (ARTICLES - number) * STEP


def _article(number: int, texts: list[str], chance: random.Random) -> tuple[object, ...]:
    text = texts[chance.randrange(TEXTS)]
    url = f"https://paper.example/2026/05/an-article-with-a-usual-name-{number}"
    source = f"source-{int(SOURCES * chance.random() ** 3)}"
    language = LANGUAGES[int(len(LANGUAGES) * chance.random() ** 2)]
    hash = f"{number:032x}"
    return number, f"a{number:012d}", source, url, text[:80], text[81:], _at(number), _at(number), language, hash


def _state(number: int, chance: random.Random) -> SourceState:
    id = f"source-{number}"
    if number % 50 == 11:
        return SourceState(source_id=id)
    state = FAILING[number % len(FAILING)] if number % 17 == 3 else (State.OK, State.UNCHANGED)[number % 2]
    polled = NOW - chance.random() * 900
    return SourceState(
        source_id=id,
        state=state,
        reason="" if state.healthy else "no answer within 30 s",
        status=200 if state.healthy else 503,
        next_due=polled + 900,
        last_polled=polled,
        last_success=polled if state.healthy else NOW - 2 * DAY,
        last_new=polled - chance.random() * DAY,
        interval=900,
        rhythm=3600.0,
        primed=True,
    )


def _stories(
    store: Store, texts: list[str], rules: list[tuple[str, str, str]], chance: random.Random
) -> list[tuple[str, float, str]]:
    """Spread hits evenly over the articles; the first STORIES open a story each, the others join one near in time."""
    numbers = sorted(chance.sample(range(ARTICLES), HITS))
    opens = set(chance.sample(range(1, HITS), STORIES - 1)) | {0}
    stories: list[int] = []
    hits, rows, members, places, handled = [], [], [], [], []
    for place, number in enumerate(numbers):
        at, kind = _at(number), int(len(rules) * chance.random() ** 2)
        rule, name, watch = rules[kind]
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
        hits.append((f"a{number:012d}", rule, name, watch, severity.value, evidence, at))
        members.append((f"s{story:012d}", f"a{number:012d}", place, place + 1, at, number))
        if chance.random() < 0.7:
            town = int(200 * chance.random() ** 2)
            spot = (50 + town % 20 / 2, 22 + town // 20)
            places.append((f"a{number:012d}", json.dumps([COUNTRIES[town % len(COUNTRIES)]]), f"Town {town}", *spot))
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
    given = [(row[0], name, row[2]) for row, name in zip(handled[::6], ("ann", "bob") * len(handled), strict=False)]
    many("INSERT INTO assigned (story_id, name, by, at) VALUES (?, ?, 'ann', ?)", given)
    many(
        "INSERT INTO marks (article_id, rule_id, verdict, note, at) VALUES (?, ?, 'wrong', '', ?)",
        [(hit[0], hit[1], NOW) for hit in hits[::50]],
    )
    many(_FACETS, [(row[0],) for row in rows])
    return [(row[0], row[4], row[2]) for row in rows]


def _counters(store: Store, rules: list[str]) -> None:
    """Write what the daemon counts: what was fetched each day, and what each rule cost."""
    days = [datetime.fromtimestamp(NOW - back * DAY, UTC).date().isoformat() for back in range(400)]
    rows: list[tuple[str, str, str, int]] = [(day, "fetched", "ok", 1000) for day in days]
    rows += [(day, gate, rule, 900) for day in days for gate in (RULE_TIME, RULE_TRIED) for rule in rules]
    store._db.execute_many("INSERT INTO counters (day, gate, label, n) VALUES (?, ?, ?, ?)", rows)


def _alerts(store: Store, stories: list[tuple[str, float, str]], chance: random.Random) -> None:
    """Tell the newest stories to two channels each; some wait, some were given up, some are held back."""
    for number, (id, at, title) in enumerate(stories[-SENT:]):
        alert = Alert(
            id=f"n{number:012d}", kind="story", severity=Severity.HIGH, title=title, story_id=id, at=at, data={}
        )
        store.alerts.add(alert, [(name, f"{name}{number}") for name in chance.sample(CHANNELS, 2)], at)
    last = store._db.value("SELECT max(id) FROM deliveries")
    store._db.execute(
        "UPDATE deliveries SET state = 'sent', attempts = 1, sent_at = first_queued + 3, answer = '250 OK' "
        "WHERE id <= ?",
        (last - WAITING,),
    )
    store._db.execute(
        "UPDATE deliveries SET state = 'dead', attempts = 9, last_error = '550 no such recipient' WHERE id % 200 = 9",
    )
    store._db.execute(
        "INSERT INTO attempts (delivery_id, at, outcome, answer) SELECT d.id, d.first_queued + 60 * c.n, 'failed', "
        "'451 4.7.1 try again later' FROM deliveries AS d, (SELECT 1 AS n UNION SELECT 2 UNION SELECT 4) AS c "
        "WHERE d.state = 'dead'"
    )
    held = Decision(Action.HOLD, "quiet", "quiet hours until 07:00", NOW + 36000)
    sent = Decision(Action.SEND, "first", "it is new")
    threads = [(id, at, sent) for id, at, _ in stories[-SENT:-HELD]] + [(id, at, held) for id, at, _ in stories[-HELD:]]
    store.threads.save(
        Thread(story_id=id, channel=name, opened=at, decision=one, since=at)
        for id, at, one in threads
        for name in CHANNELS[:2]
    )


def _handling(store: Store, rules: list[str]) -> None:
    """Keep silences, and troubles that sources had."""
    for number in range(SILENCES + OVER):
        end = NOW + 3600.0 * (1 + number) if number < SILENCES else NOW - 3600.0 * number
        rule = rules[number % len(rules)]
        store.silences.add(
            Silence(id=0, author="ann", reason="announced, known", start=end - 9000.0 * 60, end=end, rules=(rule,))
        )
    for number in range(2_000):
        id, at = f"source-{number % 500}", NOW - 3600.0 * (2_000 - number)
        store.problems.open("failing", id, "it has not answered for 7 h", at, title=f"{id} fails")
        if number < 1_900:
            store.problems.close("failing", id, at + 1800)


def largest_story(store: Store) -> str:
    """Return the story with most articles."""
    return str(store._db.value("SELECT story_id FROM story_articles GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"))


def dead_delivery(store: Store) -> int:
    """Return the number of a delivery that was given up."""
    return int(store._db.value("SELECT max(id) FROM deliveries WHERE state = 'dead'"))


def last_page(store: Store) -> str:
    """Return the key after which the last hundred stories of the list come."""
    row = store._db.row("SELECT weight, id FROM stories ORDER BY weight LIMIT 1 OFFSET 100")
    return f"{row[0]!r}~{row[1]}"
