"""Every document of the corpus goes over HTTP through fetch, parse, extract and store."""

import csv
import json
import os
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path

import feedparser
import pytest

from tests.endtoend.conftest import RULES, SETTINGS, Home, Loopback

CORPUS = os.environ.get("MONITOR_CORPUS")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS, reason="MONITOR_CORPUS is not set: the corpus of real feeds is not here"),
]
SILENT = {"new"}  # a state that no polled source may stay in


def set_up(home: Home, loopback: Loopback, paths: list[str]) -> None:
    home.write("monitor.yaml", SETTINGS.format(port=loopback.port))
    home.write(
        "sources.yaml",
        "sources:\n" + "".join(f"  - {{id: s{n}, url: '{loopback.url(path)}'}}\n" for n, path in enumerate(paths)),
    )
    home.write("rules/border.yaml", RULES)


def test_every_document_ends_in_a_stated_state_and_no_entry_is_lost(home: Home, loopback: Loopback) -> None:
    folder = Path(str(CORPUS)) / "feeds"
    with (folder / "index.tsv").open() as file:
        documents = [
            row["path"] for row in csv.DictReader(file, delimiter="\t") if not row["path"].startswith("snapshots/")
        ]
    documents = [path for path in documents if (folder / path).is_file()]
    for number, path in enumerate(documents):
        loopback.serve(f"/{number}", (folder / path).read_bytes(), "application/xml")
    set_up(home, loopback, [f"/{number}" for number in range(len(documents))])
    done = home.run("once", "--all", timeout=1500)
    assert done.returncode in (0, 1), done.stderr[-3000:]
    with sqlite3.connect(home.database) as db:
        states = dict(db.execute("select id, state from sources"))
        stored: dict[str, int] = defaultdict(int, db.execute("select source_id, count(*) from sightings group by 1"))
        # Entries under one address are versions of one article.
        for source_id, versions in db.execute("select source_id, sum(version - 1) from articles group by 1"):
            stored[source_id] += versions
    lost = []
    for number, path in enumerate(documents):
        state = states[f"s{number}"]
        assert state not in SILENT, path
        if state in ("too-large",):
            continue
        try:
            found = feedparser.parse(
                (folder / path).read_bytes(), response_headers={"content-type": "application/xml"}
            ).entries
        except Exception:  # feedparser itself fails here: the source must say so
            assert state in ("broken", "not-a-feed"), path
            continue
        identities = {
            entry.get("id") or entry.get("link") or json.dumps([entry.get("title"), entry.get("summary")])
            for entry in found
        }
        if found and stored[f"s{number}"] < len(identities):
            lost.append((path, state, len(identities), stored[f"s{number}"]))
    print(f"{len(documents)} documents, {sum(stored.values())} sightings, states {Counter(states.values())}")
    assert not lost, lost[:20]
