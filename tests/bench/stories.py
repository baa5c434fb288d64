"""Stories: how right they are on files that people labelled, and what an article costs in a full window.

With MONITOR_CORPUS the articles are its news and the labelled files are scored, whole and in halves; else the window is
of made articles. Times are simulated: the hundred thousand lie within the 72 hours of a window.
"""

import gzip
import json
import os
import random
import time
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from monitor.model import Article
from monitor.story.features import features
from monitor.story.grouping import WINDOW, Grouping
from monitor.story.judging import clusters_of, pairs_of
from monitor.story.metrics import Measure

FULL, MORE, BATCH = 100_000, 5_000, 64
NEWS = ("2022-04-15_2022-05-20.jsonl.gz", "sample.jsonl.gz")
SETS = ("ecbplus-topics-1-10.jsonl", "google-news-stories-sample.jsonl")
Row = dict[str, object]


def run() -> list[Row]:
    """Return the rows of the table."""
    corpus = os.environ.get("MONITOR_CORPUS")
    return [*(right(Path(corpus)) if corpus else []), *speed(Path(corpus) if corpus else None)]


def right(corpus: Path) -> list[Row]:
    """Score the labelled files, and each half of them."""
    rows: list[Row] = []
    for name in SETS:
        lines = read(corpus / "clusters" / name)
        for part, some in halves(lines, key=lambda line: str(line.get("topic", line["cluster"]))):
            bcubed, same = clusters_of(some).judge()
            rows += [row(f"{name}, {part}: B-cubed", bcubed), row(f"{name}, {part}: pairs", same)]
    for part, some in halves(read(corpus / "clusters" / "pairs-labelled.jsonl"), key=lambda line: line["pair"] // 4):
        judged = pairs_of(some).judge()
        also = f"related {judged.joined['related']} of {judged.of['related']}"
        rows.append(row(f"pairs-labelled, {part}: same", judged.same) | {"also joined": also})
    return rows


def halves(lines: list[Any], key: Any) -> list[tuple[str, list[Any]]]:
    """Return all lines, and two halves that share no event."""
    order = {one: place % 2 for place, one in enumerate(dict.fromkeys(key(line) for line in lines))}
    return [("all", lines), *((f"half {half + 1}", [x for x in lines if order[key(x)] == half]) for half in (0, 1))]


def row(name: str, measure: Measure) -> Row:
    """Return a row with one measure."""
    return {
        "what": name,
        "precision": f"{measure.precision:.3f}",
        "recall": f"{measure.recall:.3f}",
        "F1": f"{measure.f1:.3f}",
    }


def read(path: Path) -> list[Any]:
    """Return the lines of a file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def speed(corpus: Path | None) -> list[Row]:
    """Measure a full window: articles a second, reading included, and bytes of memory an article."""
    articles = spread(real(corpus) if corpus else made())
    grouping = Grouping()
    filling = timed(grouping, articles[:FULL])
    full = timed(grouping, articles[FULL:])
    held = len(grouping.window.articles)
    rows = [
        {"what": f"filling a window with {FULL:,} articles", "articles/s": f"{FULL / filling:,.0f}"},
        {"what": f"{MORE:,} more in a window of {held:,}", "articles/s": f"{MORE / full:,.0f}"},
    ]
    tracemalloc.start()
    small = Grouping()
    timed(small, articles[: FULL // 5])
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return [*rows, {"what": "memory of a window", "KB/article": f"{memory / 1024 / (FULL // 5):.1f}"}]


def timed(grouping: Grouping, articles: Sequence[Article]) -> float:
    """Group articles as the daemon does, a batch at a time; return the seconds."""
    start = time.perf_counter()
    for at in range(0, len(articles), BATCH):
        batch = [features(article) for article in articles[at : at + BATCH]]
        grouping.add(batch)
        grouping.expire(batch[-1].at)
    return time.perf_counter() - start


def spread(texts: list[tuple[str, str, str, str]]) -> list[Article]:
    """Make articles of texts (source, title, text, language), evenly over a little more than a window."""
    chance = random.Random(3)
    mixed = list(texts)
    while len(mixed) < FULL + MORE:  # more than there are: the title of one with the text of another
        (source, title, _, language), other = chance.choice(texts), chance.choice(texts)
        mixed.append((source, title, other[2], language))
    chance.shuffle(mixed)
    step = WINDOW / FULL
    return [
        Article(
            id=f"a{number}",
            source_id=source,
            identity=str(number),
            url="",
            link="",
            title=title,
            summary=text,
            body="",
            language=language,
            published_at=number * step,
        )
        for number, (source, title, text, language) in enumerate(mixed[: FULL + MORE])
    ]


def real(corpus: Path) -> list[tuple[str, str, str, str]]:
    """Return the texts of the corpus's news."""
    lines = [line for name in NEWS for line in read(corpus / "news" / name)]
    return [tuple(str(line.get(key) or "") for key in ("source", "title", "text", "lang")) for line in lines]  # type: ignore[misc]


def made() -> list[tuple[str, str, str, str]]:
    """Return texts of words as unevenly frequent as those of news."""
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvwz", k=chance.randint(3, 11))) for _ in range(60_000)]
    sums, total = [], 0.0
    for rank in range(len(words)):
        total += 1 / (rank + 20)
        sums.append(total)
    texts = (chance.choices(words, cum_weights=sums, k=35) for _ in range(FULL))
    return [(f"source{place % 300}", " ".join(t[:10]), " ".join(t[10:]), "en") for place, t in enumerate(texts)]
