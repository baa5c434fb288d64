"""What a reading child does: entries become articles, and one bad entry stops no other."""

from typing import Any

import pytest

from monitor import reading
from monitor.model import Article, Entry, Job, Source, State

FEED = b"""<rss version="2.0"><channel><title>Harbour</title><link>https://harbour.example/</link>
<item><guid>1</guid><title>Ferry late</title></item>
<item><guid>2</guid><title>Tug sunk</title></item></channel></rss>"""


def job(**changes: Any) -> Job:
    values: dict[str, Any] = {
        "source": Source(id="harbour", url="https://harbour.example/feed"),
        "body": FEED,
        "url": "https://harbour.example/feed",
        "content_type": "text/xml",
        "known": b"",
        "entries_limit": 2000,
        "now": 1_700_000_000.0,
    }
    return Job(**(values | changes))


def test_entries_become_articles() -> None:
    read = reading.read(job())
    assert [article.title for article in read.articles] == ["Ferry late", "Tug sunk"]
    assert {article.seen_at for article in read.articles} == {1_700_000_000.0}
    assert (read.parsed.state, read.parsed.entries, read.failed) == (State.OK, (), ())


def test_one_bad_entry_is_told_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    extract = reading.extract

    def fail_on_tugs(entry: Entry, **rest: Any) -> Article:
        if "Tug" in entry.title:
            raise ValueError("no tugs today")
        return extract(entry, **rest)

    monkeypatch.setattr(reading, "extract", fail_on_tugs)
    read = reading.read(job())
    assert [article.title for article in read.articles] == ["Ferry late"]
    assert read.failed == ("https://harbour.example/2: ValueError: no tugs today",)


def test_a_kind_that_nothing_reads_is_told() -> None:
    read = reading.read(job(source=Source(id="x", url="https://x.example/", kind="telegraph")))
    assert (read.parsed.state, read.parsed.reason) == (State.BROKEN, "nothing reads sources of kind 'telegraph'")


def test_a_relative_channel_link_is_no_base() -> None:
    body = FEED.replace(b"https://harbour.example/</link>", b"ftp:x</link>")
    read = reading.read(job(body=body))
    assert all(article.url.startswith("https://harbour.example/") for article in read.articles)
