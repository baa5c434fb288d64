"""Hostile documents: each ends with a stated result within the limits, and the next one is read."""

import socket
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest
from parse_attacks import ITEM, QUICK, SLOW, external, laughs, rss, titled

from monitor.model import Job, Reading, Source, State
from monitor.parse import Document, feed
from monitor.parse.child import Readers
from monitor.parse.entities import bomb
from monitor.settings import Limits

URL = "https://harbour.example/feed"
FINE = titled(b"Ferry delayed")


def job(body: bytes) -> Job:
    return Job(
        source=Source(id="harbour", url=URL),
        body=body,
        url=URL,
        content_type="application/rss+xml",
        known=b"",
        entries_limit=2000,
        now=1_700_000_000.0,
    )


def stated(reading: Reading) -> bool:
    parsed = reading.parsed
    return bool(parsed.reason) if parsed.state is not State.OK else len(reading.articles) + len(reading.failed) > 0


async def test_every_attack_ends_stated_and_the_same_child_reads_on() -> None:
    readers = Readers(limits=Limits(parse_cpu=3, parse_wall=6))
    await readers.read(job(FINE))
    pids = readers.pids
    for name, make in QUICK.items():
        begun = time.monotonic()
        reading = await readers.read(job(make()))
        assert stated(reading), (name, reading.parsed)
        assert time.monotonic() - begun < 6, name
        assert [one.title for one in (await readers.read(job(FINE))).articles] == ["Ferry delayed"], name
        assert readers.pids == pids, f"{name}: the child died"
    await readers.aclose()


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
async def test_what_burns_or_eats_ends_within_the_limits(name: str) -> None:
    readers = Readers(limits=Limits(parse_cpu=4, parse_wall=8))
    begun = time.monotonic()
    reading = await readers.read(job(SLOW[name]()))
    assert stated(reading), reading.parsed
    assert time.monotonic() - begun < 9
    assert (await readers.read(job(FINE))).parsed.state is State.OK
    await readers.aclose()


@pytest.mark.slow
async def test_of_100_000_entries_the_newest_2_000_are_read_and_the_rest_is_counted() -> None:
    dated = (
        b"<item><guid>%d</guid><pubDate>%s</pubDate></item>" % (n, formatdate(1_600_000_000 + n).encode())
        for n in range(100_000)
    )
    readers = Readers(limits=Limits())
    reading = await readers.read(job(rss(*dated)))
    assert (reading.parsed.state, reading.parsed.skipped) == (State.OK, 98_000)
    assert len(reading.articles) == 2000
    assert min(article.published_at or 0 for article in reading.articles) == 1_600_098_000
    await readers.aclose()


@pytest.fixture
def canary() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        yield listener


@pytest.mark.parametrize("form", ["general", "public", "parameter", "dtd", "xinclude", "schema"])
async def test_nothing_outside_a_document_is_opened(form: str, canary: socket.socket, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    marker.write_text("the marker of the harbour")
    port = canary.getsockname()[1]
    for target in (marker.as_uri(), f"http://127.0.0.1:{port}/x"):
        body = {
            "general": external(f'<!ENTITY x SYSTEM "{target}">'),
            "public": external(f'<!ENTITY x PUBLIC "-//x" "{target}">'),
            "parameter": external(f'<!ENTITY % p SYSTEM "{target}"> %p;', "x"),
            "dtd": titled(b"A&x;B", before=f'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "{target}">'.encode()),
            "xinclude": titled(
                f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" parse="text" href="{target}"/>AB'.encode()
            ),
            "schema": titled(b"AB").replace(
                b"<rss",
                f"<rss xmlns:s='http://www.w3.org/2001/XMLSchema-instance' s:schemaLocation='u {target}'".encode(),
            ),
        }[form]
        parsed = feed.parse(Document(body=body, url=URL, content_type="application/xml"))
        assert "marker of the harbour" not in repr(parsed)
        assert len(parsed.entries) == 1
    with pytest.raises(BlockingIOError):
        canary.accept()


@pytest.mark.parametrize(
    "body", [marker.encode() for marker in ("/etc/hostname", "http://127.0.0.1:9/feed", "file:///etc/hostname")]
)
def test_a_document_is_never_taken_for_a_name(body: bytes) -> None:
    parsed = feed.parse(Document(body=body, url=URL))
    assert (parsed.state, parsed.reason) == (State.NOT_A_FEED, "the answer is plain text, not a feed")


def test_small_entities_as_real_feeds_have_them_are_expanded() -> None:
    body = external('<!ENTITY x "Gdynia">')
    assert bomb(body) == ""
    (entry,) = feed.parse(Document(body=body, url=URL)).entries
    assert entry.title == "AGdyniaB"


@pytest.mark.parametrize(
    "body",
    [laughs(), laughs(encoding="utf-16"), laughs(encoding="utf-16-le"), laughs(encoding="cp037"), laughs(6)],
    ids=["utf-8", "utf-16", "utf-16-le", "ebcdic", "a million laughs"],
)
def test_entities_that_expand_without_bounds_are_refused_before_parsing(body: bytes) -> None:
    parsed = feed.parse(Document(body=body, url=URL))
    assert parsed.state is State.BROKEN
    assert parsed.reason.startswith("refused: its entities would expand")


def test_an_attack_among_entries_is_told_with_its_class() -> None:
    parsed = feed.parse(Document(body=rss(ITEM % (b"&#999999999999; &nbsp;", b"1")), url=URL))
    assert parsed.state is State.BROKEN
    assert parsed.reason.startswith("the parser failed: OverflowError: ")
