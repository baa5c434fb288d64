"""OPML in and out, also from hostile files."""

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import opml
from monitor.errors import UsageError
from monitor.model import Source

CORPUS = os.environ.get("MONITOR_CORPUS", "")
LIST = """<?xml version="1.0" encoding="windows-1251"?>
<opml version="1.1"><head><title>x</title></head><body>
<outline text="Восток Europe">
  <outline text="Feed &amp; more" xmlUrl="https://a.example/feed" language="en-GB" category="/news/World,war"/>
  <outline title="Лента" text="other" XMLURL="feed://b.example/rss"/>
</outline>
<outline text="Link" type="link" url="https://c.example/"/>
<outline text="Bad" xmlUrl="ftp://d.example/"/>
</body></opml>""".encode("cp1251")


def test_feeds_are_read_with_folders_as_tags() -> None:
    found = opml.read(LIST)
    assert [(one.url, one.title, one.language, one.tags) for one in found.entries] == [
        (("https://a.example/feed",), "Feed & more", "en", ("europe", "news", "world", "war")),
        (("https://b.example/rss",), "Лента", "", ("europe",)),
    ]
    assert found.skipped == ("Bad: 'ftp://d.example/' is not an http(s) address",)


def test_a_bare_ampersand_does_not_spoil_the_file() -> None:
    found = opml.read(b'<opml><body><outline text="A & B &amp; C" xmlUrl="https://a.example/?x=1&y=2"/></body></opml>')
    assert found.entries[0].title == "A & B & C"
    assert found.entries[0].url == ("https://a.example/?x=1&y=2",)


BOMB = b'<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><opml><outline text="&b;"/></opml>'
FILE = b'<!DOCTYPE o SYSTEM "file:///etc/passwd"><opml/>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (BOMB, "document type"),
        (FILE, "document type"),
        (b"", "not OPML"),
        (b"<html><body/></html>", "outermost element is <html>"),
        (b"<opml><body></opml>", "not OPML: line 1"),
        (b"<opml>" + b"<outline text='x'>" * 100, "levels deep"),
        (b"<opml>&nbsp;</opml>", "not OPML"),
        (b'<?xml version="1.0" encoding="nonsense"?><opml/>', "cannot be read|not OPML"),
        (b"x" * (opml.BYTES + 1), "larger than"),
    ],
)
def test_what_is_hostile_or_broken_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        opml.read(data)


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail_otherwise(data: bytes) -> None:
    for text in (data, b"<opml><body>" + data + b"</body></opml>"):
        with contextlib.suppress(UsageError):
            opml.read(text)


def test_what_is_written_is_read_again() -> None:
    sources = [
        Source(
            id="a",
            url="https://a.example/?x=1&y=2",
            title='"Quoted" <b>&\x07',
            language="pl",
            tags=frozenset({"x", "y"}),
        ),
        Source(id="b", url="https://b.example/"),
    ]
    back = opml.read(opml.write(sources).encode())
    assert [one.url[0] for one in back.entries] == [source.url for source in sources]
    assert back.entries[0].title == '"Quoted" <b>&'
    assert (back.entries[0].language, back.entries[0].tags) == ("pl", ("x", "y"))


def test_the_number_of_feeds_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opml, "OUTLINES", 3)
    data = b"<opml>" + b'<outline xmlUrl="https://a.example/"/>' * 4 + b"</opml>"
    with pytest.raises(UsageError, match="more than 3 feeds"):
        opml.read(data)


@pytest.mark.skipif(not CORPUS, reason="MONITOR_CORPUS is not set: the corpus of real feeds is not here")
def test_lists_in_the_corpus_are_read_or_refused_in_words() -> None:
    paths = sorted(Path(CORPUS, "feeds").rglob("*.opml"))
    for path in paths:
        with contextlib.suppress(UsageError):
            assert opml.read(path.read_bytes()).entries
    assert paths
