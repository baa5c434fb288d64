"""Real feeds: the same entries as feedparser finds by itself, whole and cut."""

import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.model import State
from monitor.parse import Document, feed, slices

CORPUS = os.environ.get("MONITOR_CORPUS")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS, reason="MONITOR_CORPUS is not set: the corpus of real feeds is not here"),
]
URL = "https://harbour.example/feed"
OPTIONS: dict[str, Any] = {
    "response_headers": {"content-type": "application/xml", "content-location": URL},
    "sanitize_html": False,
    "resolve_relative_uris": False,
}
# feedparser as it is installed, in a process in which nothing of it is replaced.
PRISTINE = """
import io, json, sys, warnings, feedparser
warnings.simplefilter("ignore")
options = json.loads(sys.argv[1])
for path in map(str.strip, sys.stdin):
    with open(path, "rb") as file:
        body = file.read()
    try:
        found = feedparser.parse(io.BytesIO(body), **options)
        answer = [found.version, repr(found.feed), [repr(entry) for entry in found.entries]]
    except Exception as error:
        answer = [type(error).__name__, "", None]
    print(json.dumps(answer))
"""


def documents() -> Iterator[Path]:
    for path in sorted((Path(str(CORPUS)) / "feeds").rglob("*")):
        if path.is_file() and "snapshots" not in path.parts and path.name != "index.tsv":
            yield path


@pytest.fixture(scope="module")
def pristine() -> dict[Path, tuple[str, str, list[str] | None]]:
    paths = list(documents())
    done = subprocess.run(
        [sys.executable, "-c", PRISTINE, json.dumps(OPTIONS)],
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(paths, map(tuple, map(json.loads, done.stdout.splitlines())), strict=True))  # type: ignore[arg-type]


def test_taking_costs_out_of_feedparser_changes_no_answer(pristine: dict[Path, Any]) -> None:
    for path, (version, head, entries) in pristine.items():
        if entries is not None:
            found = feed.load().parse(io.BytesIO(path.read_bytes()), **OPTIONS)
            assert (found.version, repr(found.feed), [repr(entry) for entry in found.entries]) == (
                version,
                head,
                entries,
            )


def test_every_document_is_stated_and_no_entry_is_lost(pristine: dict[Path, Any]) -> None:
    states: dict[str, int] = {}
    for path, (_, _, entries) in pristine.items():
        parsed = feed.parse(Document(body=path.read_bytes(), url=URL, content_type="application/xml"))
        states[parsed.state] = states.get(parsed.state, 0) + 1
        assert parsed.state is State.OK or parsed.reason, path
        if entries is None:
            assert parsed.state is State.BROKEN, path
        elif entries or not parsed.format.startswith("json"):
            assert len(parsed.entries) + parsed.skipped == len(entries), path
    print(f"{len(pristine)} documents: {states}")


def test_items_cut_free_are_read_as_in_the_whole_document(pristine: dict[Path, Any]) -> None:
    chance = random.Random(7)
    compared = cuttable = 0
    names = feed.names()
    options = OPTIONS | {
        "response_headers": {"content-type": "application/xml; charset=utf-8", "content-location": URL}
    }
    for path, (_, _, entries) in pristine.items():
        body = path.read_bytes()
        sliced = slices.cut(body, b"", limit=10**9, names=names)
        if not sliced or entries is None:
            continue
        cuttable += 1
        spans = slices.find(body, names)
        assert len(spans) == len(entries) == sliced.taken, path
        sizes = [0, 1, 2, 5, len(spans)] + [chance.randint(0, len(spans)) for _ in range(3)]
        for size in {size for size in sizes if size <= len(spans)}:
            chosen = sorted(chance.sample(range(len(spans)), size))
            left = slices._only(body, spans, {spans[number] for number in chosen})
            found = feed.load().parse(io.BytesIO(left), **options).entries
            assert [repr(entry) for entry in found] == [entries[number] for number in chosen], path
            compared += size
    print(f"{cuttable} of {len(pristine)} documents can be cut; {compared} entries compared")
    assert cuttable > 500
    assert compared > 3000


def test_a_second_poll_finds_every_item_known_and_a_third_only_the_edited_one() -> None:
    for path in documents():
        document = Document(body=path.read_bytes(), url=URL, content_type="application/xml")
        first = feed.parse(document)
        if not first.items:
            continue
        again = feed.parse(Document(body=document.body, url=URL, content_type="application/xml", known=first.items))
        assert (again.state, again.entries, again.items) == (State.UNCHANGED, (), first.items), path
        assert (again.format, again.title, again.ttl) == (first.format, first.title, first.ttl), path
        forgotten = len(first.items) // slices.SIZE // 2 * slices.SIZE
        one = first.items[forgotten : forgotten + slices.SIZE]
        known = b"".join(
            first.items[place : place + slices.SIZE]
            for place in range(0, len(first.items), slices.SIZE)
            if first.items[place : place + slices.SIZE] != one
        )
        if known:
            third = feed.parse(Document(body=document.body, url=URL, content_type="application/xml", known=known))
            assert third.entries, path
            assert set(third.entries) <= set(first.entries), path
