"""JSON Feed 1.0 and 1.1."""

import json
from typing import Any

import pytest

from monitor.model import Entry, Parsed, State
from monitor.parse import KINDS, Document

VERSION = "https://jsonfeed.org/version/1.1"


def parse(feed: Any, **rest: Any) -> Parsed:
    body = feed if isinstance(feed, bytes) else json.dumps(feed).encode()
    return KINDS["feed"](Document(body=body, url="https://a.example/f", content_type="application/feed+json", **rest))


def feed_of(*items: Any, **head: Any) -> dict[str, Any]:
    return {"version": VERSION, "title": "Harbour", "items": list(items)} | head


def test_every_field() -> None:
    item = {
        "id": "h-1",
        "url": "https://a.example/1",
        "title": "Ice & <wind>",
        "summary": "short",
        "content_html": "<p>Ice</p>",
        "content_text": "Ice",
        "date_published": "2023-06-01T14:00:00+02:00",
        "date_modified": "2023-06-01T12:00:01Z",
        "authors": [{"name": "Anna"}, {"url": "x"}, {"name": "Jan"}],
        "tags": ["Sea", None],
        "language": "pl",
    }
    parsed = parse(feed_of(item, language="en", home_page_url="https://a.example/"))
    assert (parsed.state, parsed.format, parsed.title) == (State.OK, "json11", "Harbour")
    assert (parsed.language, parsed.link) == ("en", "https://a.example/")
    assert parsed.entries == (
        Entry(
            guid="h-1",
            link="https://a.example/1",
            title="Ice &amp; &lt;wind>",
            summary="short",
            content="<p>Ice</p>",
            author="Anna, Jan",
            published="2023-06-01T14:00:00+02:00",
            published_at=1685620800.0,
            updated="2023-06-01T12:00:01Z",
            updated_at=1685620801.0,
            language="pl",
            categories=("Sea",),
        ),
    )


def test_numbers_as_ids_keep_every_digit() -> None:
    body = b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": 123456789012345678901234567890}]}'
    assert parse(body).entries[0].guid == "123456789012345678901234567890"


def test_plain_text_keeps_its_lines_and_signs() -> None:
    assert parse(feed_of({"id": "1", "content_text": "a < b\nc"})).entries[0].content == "a &lt; b<br>c"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_encodings(encoding: str) -> None:
    body = json.dumps(feed_of({"id": "1", "title": "Паром"}), ensure_ascii=False).encode(encoding)
    assert parse(body).entries[0].title == "Паром"


def test_known_items_are_left_out_and_edited_ones_are_not() -> None:
    items = [{"id": str(n), "title": "x"} for n in range(4)]
    first = parse(feed_of(*items))
    assert len(first.items) == 4 * 8
    again = parse(feed_of(*reversed(items)), known=first.items)
    assert (again.state, again.entries, again.known, again.whole) == (State.UNCHANGED, (), 4, False)
    items[2]["title"] = "y"
    third = parse(feed_of(*items), known=first.items)
    assert ([entry.guid for entry in third.entries], third.known) == (["2"], 3)


def test_the_newest_are_taken() -> None:
    items = [{"id": str(day), "date_published": f"2023-06-0{day}T00:00:00Z"} for day in (1, 4, 2, 3)]
    parsed = parse(feed_of(*items), entries_limit=2)
    assert ([entry.guid for entry in parsed.entries], parsed.skipped) == (["4", "3"], 2)


@pytest.mark.parametrize(
    ("feed", "state", "reason"),
    [
        (feed_of(), State.EMPTY, "the feed holds no entries"),
        (feed_of() | {"items": 5}, State.NOT_A_FEED, "the answer is JSON that is no feed: it has no list of items"),
        (
            {"title": "Users", "items": [{"id": 1, "login": "anna"}]},
            State.NOT_A_FEED,
            "the answer is JSON that is no feed: it names no version, and its items are no articles",
        ),
    ],
)
def test_what_holds_no_entries(feed: Any, state: State, reason: str) -> None:
    assert (parse(feed).state, parse(feed).reason) == (state, reason)


def test_a_feed_that_forgot_its_version_is_read() -> None:
    assert parse({"title": "Harbour", "items": [{"id": "1", "content_text": "Ice"}]}).state is State.OK


def test_what_is_cut_off_is_damaged() -> None:
    whole = json.dumps(feed_of({"id": "1"})).encode()
    assert parse(whole[:-5]).state is State.BROKEN
    assert parse(b'{"a": [1, 2').reason.startswith("the answer is damaged JSON: ")
