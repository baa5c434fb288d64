"""The pure parts: decompression, headers about time, and the feeds of a page."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch import caching
from monitor.fetch.decode import BrokenBody, Decoder, TooLarge
from monitor.fetch.discover import USUAL_PATHS, feed_links

NOW = 1_762_070_400.0  # Sunday, 2 November 2025, 08:00 UTC


# --- decompression ---------------------------------------------------------------------------------------------------


def raw_deflate(data: bytes) -> bytes:
    pack = zlib.compressobj(wbits=-15)
    return pack.compress(data) + pack.flush()


PACKERS = {"": bytes, "identity": bytes, "gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress}


def decode(encoding: str, pieces: list[bytes], *, wire: int = 10**6, decoded: int = 10**6) -> bytes:
    decoder = Decoder(encoding, wire=wire, decoded=decoded)
    for piece in pieces:
        decoder.feed(piece)
    return decoder.body()


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({place % (len(data) + 1) for place in places} | {len(data)})
    return [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]


@given(st.binary(max_size=3000), st.sampled_from(sorted(PACKERS)), st.lists(st.integers(0, 5000), max_size=8))
def test_any_body_in_any_pieces_comes_out_whole(body: bytes, encoding: str, places: list[int]) -> None:
    assert decode(encoding.upper(), cut(PACKERS[encoding](body), places)) == body


@given(st.binary(min_size=1, max_size=3000), st.lists(st.integers(0, 5000), max_size=8))
def test_deflate_is_read_without_its_header_too(body: bytes, places: list[int]) -> None:
    assert decode("deflate", cut(raw_deflate(body), places)) == body


@given(st.lists(st.binary(max_size=500), min_size=1, max_size=4), st.lists(st.integers(0, 5000), max_size=8))
def test_gzip_may_have_members_and_padding(bodies: list[bytes], places: list[int]) -> None:
    packed = b"".join(map(gzip.compress, bodies)) + b"\0" * 20
    assert decode("gzip", cut(packed, places)) == b"".join(bodies)


@given(st.binary(max_size=300), st.sampled_from(sorted(PACKERS)))
def test_any_bytes_are_a_body_or_broken(data: bytes, encoding: str) -> None:
    try:
        decode(encoding, [data[:7], data[7:]])
    except BrokenBody:
        assert encoding not in ("", "identity")


@given(st.integers(1, 400), st.sampled_from(["gzip", "deflate"]))
def test_a_missing_end_is_noticed(short: int, encoding: str) -> None:
    packed = PACKERS[encoding](bytes(range(256)) * 2 + b"some text" * 9)
    with pytest.raises(BrokenBody, match=r"broke off"):
        decode(encoding, [packed[: max(1, len(packed) - 8 - short)]])


@pytest.mark.parametrize(
    "encoding", ["br", "zstd", "compress", "gzip, gzip", "gzip,deflate", "identity, gzip", "\x00", "x" * 999]
)
def test_what_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(BrokenBody, match=r"not asked for"):
        Decoder(encoding, wire=1, decoded=1)


def test_caps_hold_to_the_byte() -> None:
    assert decode("", [b"x" * 10], wire=10, decoded=10) == b"x" * 10
    with pytest.raises(TooLarge, match=r"10 bytes on the wire"):
        decode("", [b"x" * 6, b"x" * 5], wire=10)
    packed = gzip.compress(b"x" * 1000)
    assert len(decode("gzip", [packed], decoded=1000)) == 1000
    with pytest.raises(TooLarge, match=r"999 bytes when unpacked"):
        decode("gzip", [packed], decoded=999)
    with pytest.raises(TooLarge, match=r"1,999 bytes when unpacked"):
        decode("gzip", [packed + packed], decoded=1999)


@pytest.mark.parametrize(
    ("length", "refused"), [("11", True), ("10", False), ("9" * 400, True), ("-5", False), ("x", False)]
)
def test_a_length_beyond_the_cap_is_believed(length: str, refused: bool) -> None:
    decoder = Decoder("", wire=10, decoded=10)
    if refused:
        with pytest.raises(TooLarge):
            decoder.expect(length)
    else:
        decoder.expect(length)


# --- time in headers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", 120), (" 120 ", 120), ("0", 0), ("99999", 86400), ("9" * 50, 86400), ("", None), ("soon", None),
        ("-5", None), ("1.5", None), ("١٢٠", None), ("Sun, 02 Nov 2025 08:10:00 GMT", 600),
        ("Sunday, 02-Nov-25 08:10:00 GMT", 600), ("Sun Nov  2 08:10:00 2025", 600),
        ("Sun, 02 Nov 2025 10:10:00 +0200", 600),
        ("Sun, 02 Nov 2025 07:00:00 GMT", 0), ("Sat, 01 Jan 2050 00:00:00 GMT", 86400), ("Sun, 99 Nov 2025", None),
        ("Sun, 02 Nov 99999 08:10:00 GMT", None), ("x" * 5000, None),
    ],
)  # fmt: skip
def test_retry_after(value: str, wait: float | None) -> None:
    assert caching.retry_after({"retry-after": value}, NOW) == wait


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": 'public, MAX-AGE="600"'}, 600),
        ({"cache-control": "s-maxage=9, max-age=600", "expires": "0"}, 600),
        ({"cache-control": "s-maxage=9"}, None),
        ({"cache-control": "max-age=600, no-cache"}, None),
        ({"cache-control": "no-store"}, None),
        ({"cache-control": "max-age=600", "age": "200"}, 400),
        ({"cache-control": "max-age=600", "age": "900"}, 0),
        ({"cache-control": "max-age=600", "age": "-9"}, 600),
        ({"cache-control": "max-age=x"}, None),
        ({"expires": "Sun, 02 Nov 2025 08:30:00 GMT"}, 1800),
        ({"expires": "Sun, 02 Nov 2025 08:30:00 GMT", "date": "Sun, 02 Nov 2025 08:20:00 GMT"}, 600),
        ({"expires": "Sun, 02 Nov 2025 07:30:00 GMT"}, 0),
        ({"expires": "-1"}, None),
    ],
)
def test_fresh_for(headers: dict[str, str], fresh: float | None) -> None:
    assert caching.fresh_for(headers, NOW) == fresh


@given(st.text(max_size=50), st.text(max_size=50))
def test_no_header_raises(one: str, other: str) -> None:
    headers = {"retry-after": one, "cache-control": other, "expires": one, "date": other, "age": one}
    for wait in (caching.retry_after(headers, NOW), caching.fresh_for(headers, NOW)):
        assert wait is None or wait >= 0


# --- the feeds of a page ---------------------------------------------------------------------------------------------

PAGE = "https://site.example/news/"


def head(inner: str) -> str:
    return f"<!doctype html><html><head>{inner}</head><body>x</body></html>"


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (head('<link rel="alternate" type="application/rss+xml" href="/feed">'), ("https://site.example/feed",)),
        (head("<LINK REL='Alternate home' TYPE='Application/ATOM+xml; charset=utf-8' HREF=a.xml>"), (PAGE + "a.xml",)),
        (head('<link type="application/feed+json" href="//cdn.example/f.json" rel=alternate>'), ("https://cdn.example/f.json",)),
        (head('<base href="/base/"><link rel=alternate type=text/xml href=f>'), ("https://site.example/base/f",)),
        (head('<base href="http://["><link rel=alternate type=text/xml href=f>'), (PAGE + "f",)),
        (head('<link rel=feed href=/f><link rel=feed href="/f#x">'), ("https://site.example/f",)),
        (head('<link rel=stylesheet type=text/css href=/s.css><link rel=alternate hreflang=de href=/de>'), ()),
        (head('<link rel=alternate type=application/json href=/wp-json/wp/v2/posts/1>'), ()),
        (head('<link rel=alternate type=text/xml href="javascript:alert(1)">'), ()),
        (head('<link rel=alternate type=text/xml href="http://[">'), ()),
        (head('<link rel=alternate type=text/xml href="">'), ()),
        ('<a href="/rss">RSS</a><a href="/feedback">x</a><a href="http://else.example/rss">y</a>', ("https://site.example/rss",)),
        ('<a href="/news.rss">1</a><a href="/a/feed/">2</a>', ("https://site.example/news.rss", "https://site.example/a/feed/")),
        ("", ()),
        ("<![foo[", ()),
    ],
)  # fmt: skip
def test_feed_links(html: str, found: tuple[str, ...]) -> None:
    assert feed_links(html, PAGE) == found


def test_declared_feeds_come_before_linked_ones() -> None:
    html = '<body><a href="/atom.xml">a</a><link rel=alternate type=application/rss+xml href=/declared></body>'
    assert feed_links(html, PAGE) == ("https://site.example/declared", "https://site.example/atom.xml")


def test_a_page_cannot_name_endlessly_many() -> None:
    html = "".join(f'<a href="/rss/{n}.rss">x</a>' for n in range(1000))
    assert len(feed_links(html, PAGE)) < 20


@given(st.text(max_size=200))
def test_any_page_can_be_searched(text: str) -> None:
    for html in (text, f"<link rel=alternate type=text/xml href='{text}'>", f"<base href='{text}'><a href=/rss>"):
        assert all(link.startswith(("http://", "https://")) for link in feed_links(html, PAGE))


def test_usual_paths_are_paths() -> None:
    assert all(path.startswith("/") for path in USUAL_PATHS)
