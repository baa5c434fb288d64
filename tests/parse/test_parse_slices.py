"""Cutting known items out of a document changes nothing for the others, or is not done."""

import io
import itertools
from typing import Any

import feedparser
import pytest

from monitor.parse import feed, slices

URL = "https://harbour.example/feed"
NAMES = feed.names()
ATOM = "http://www.w3.org/2005/Atom"
RDF = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"


def entries(body: bytes) -> list[Any]:
    return feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": URL},
        sanitize_html=False,
        resolve_relative_uris=False,
    ).entries


def cut(text: str | bytes, known: bytes = b"", *, limit: int = 2000) -> slices.Sliced | None:
    body = text.encode() if isinstance(text, str) else text
    return slices.cut(body, known, limit=limit, names=NAMES)


def rss(*items: str, root: str = "", channel: str = "", tail: str = "") -> str:
    return f"<rss version='2.0' {root}><channel {channel}><title>c</title>{''.join(items)}{tail}</channel></rss>"


def atom(*items: str, root: str = "") -> str:
    return f"<feed xmlns='{ATOM}' {root}><title>c</title>{''.join(items)}</feed>"


CUTTABLE = {
    "RSS": rss("<item><title>a</title></item>", "<item ><title>b</title></item\n>", "<item><title>c</title></item>"),
    "bytes before the first tag": "\ufeff<?xml version='1.0' encoding='UTF-8'?>\n<!-- <item> -->\n<?x <item>?>"
    + rss("<item><title>ä</title></item>", "<item><title>ж</title></item>"),
    "items in CDATA": rss(
        "<item><title><![CDATA[<item>x</item>]]></title></item>",
        "<item><description><![CDATA[</item><item>]]></description></item>",
        "<item><title>z</title></item>",
    ),
    "items in comments": rss(
        "<item><!-- </item> --><title>a</title></item>", "<!-- <item> --><item><title>b</title></item>"
    ),
    "a larger-than sign in a value": rss(
        "<item x='a>b'><title>a</title></item>", "<item><title x='/>'>b</title></item>"
    ),
    "RDF, items outside the channel": f"<rdf:RDF {RDF}><channel rdf:about='c'><title>c</title>"
    "<items><rdf:Seq/></items></channel>"
    "<item rdf:about='1'><title>a</title></item><item rdf:about='2'><title>b</title></item></rdf:RDF>",
    "Atom with a prefix": f"<a:feed xmlns:a='{ATOM}'><a:entry><a:id>1</a:id></a:entry>"
    "<a:entry><a:id>2</a:id></a:entry></a:feed>",
    "base and language from above": atom(
        "<entry><link href='x'/><title>a</title></entry>",
        "<entry xml:lang='pl' xml:base='http://b.example/'><link href='x'/><title>b</title></entry>",
        "<entry><link href='x'/><title>c</title></entry>",
        root="xml:base='http://a.example/d/' xml:lang='de'",
    ),
    "a source within an entry": atom(
        "<entry><id>1</id><source><id>s</id><title>other</title><updated>2020-01-01T00:00:00Z</updated></source></entry>",
        "<entry><title>b</title><id>2</id></entry>",
        "<entry><source><title>third</title></source><id>3</id></entry>",
    ),
    "XHTML content": atom(
        "<entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>a</p><div>b</div></div></content></entry>",
        "<entry><content type='html'>&lt;div></content><title>b</title></entry>",
        "<entry><summary type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>x</div></summary></entry>",
    ),
    "content before and after": rss(
        "<item><title>a</title></item>",
        "<link>http://a.example/</link>",
        "<item><title>b</title></item>",
        tail="<ttl>5</ttl>",
    ),
    "a namespace declared in each item": rss(
        *(
            f"<item><m:content xmlns:m='http://search.yahoo.com/mrss/' url='{n}'><m:title>t</m:title></m:content>"
            f"<title>{n}</title></item>"
            for n in "abc"
        )
    ),
    "an unknown namespace declared in each item": rss(
        *(f"<item><u:title xmlns:u='urn:u'>t</u:title><title>{n}</title></item>" for n in "abc")
    ),
    "an image that is text": rss(
        "<item><image>http://a.example/i.png</image><title>a</title></item>", "<item><title>b</title></item>"
    ),
    "mixed literal markup": rss(
        "<item><description>a <b>bold</b> <i>x</i></description></item>", "<item><description>b</description></item>"
    ),
}


@pytest.mark.parametrize("name", CUTTABLE)
def test_every_subset_is_read_as_in_the_whole(name: str) -> None:
    body = CUTTABLE[name].encode()
    spans = slices.find(body, NAMES)
    whole = entries(body)
    assert len(spans) == len(whole) >= 2
    for size in range(len(spans) + 1):
        for chosen in itertools.combinations(range(len(spans)), size):
            left = slices._only(body, spans, {spans[number] for number in chosen})
            assert repr(entries(left)) == repr([whole[number] for number in chosen]), chosen


@pytest.mark.parametrize("name", CUTTABLE)
def test_an_item_goes_from_its_start_tag_to_its_end_tag(name: str) -> None:
    body = CUTTABLE[name].encode()
    for start, end in slices.find(body, NAMES):
        item = body[start:end]
        assert item.startswith((b"<item", b"<entry", b"<a:entry"))
        assert item.rstrip(b"\n >").endswith((b"</item", b"</entry", b"</a:entry"))


ONE, TWO = "<item><title>a</title></item>", "<item><title>b</title></item>"
UNCUTTABLE = {
    "broken XML": rss(ONE, TWO)[:-3],
    "an unknown entity": rss(ONE, "<item><title>&nbsp;</title></item>"),
    "a document type": "<!DOCTYPE rss [<!ENTITY e 'x'>]>" + rss(ONE, TWO),
    "another encoding": "<?xml version='1.0' encoding='iso-8859-2'?>" + rss(ONE, TWO),
    "a prefix that is not declared": rss(ONE, "<item><x:y/></item>"),
    "an HTML page": "<html><body><item/></body></html>",
    "an item in an item": rss(ONE, f"<item><title>x</title>{TWO}</item>"),
    "an item in a strange place": rss(ONE, f"<wrap>{TWO}</wrap>"),
    "an item of an unknown namespace": rss(ONE, "<item xmlns='urn:mine'><title>b</title></item>"),
    "a feed in an item": rss(f"<item><feed xmlns='{ATOM}'/></item>", TWO),
    "an empty item": rss("<item a='>'/>", TWO),
    "an empty item at the end": rss(ONE, "<item/>"),
    "an empty item before text": rss(ONE, "<item />text"),
    "an image with children": rss("<item><image><title>x</title></image></item>", TWO),
    "a literal div": rss("<item><description><div>x</div></description></item>", TWO),
    "literal XML": atom("<entry><content type='application/xml'><title>x</title></content></entry>"),
    "one prefix, two meanings": rss(
        "<item><x:title xmlns:x='urn:a'>t</x:title></item>", "<item><x:title xmlns:x='urn:b'>t</x:title></item>"
    ),
    "two prefixes, one meaning": rss(
        "<item><x:title xmlns:x='urn:a'>t</x:title></item>", "<item><y:title xmlns:y='urn:a'>t</y:title></item>"
    ),
    "a prefix of feedparser's for another namespace that it knows": rss(
        "<item><cc:x xmlns:cc='http://purl.org/dc/elements/1.1/'>t</cc:x></item>", TWO
    ),
    "a literal element within a text, whose end feedparser acts on": rss(
        "<item><title><content><title>a</title></content></title></item>", TWO
    ),
    "a prefix that feedparser uses itself": rss("<item><dc:title xmlns:dc='urn:a'>t</dc:title></item>", TWO),
    "RDF that names its version in items": "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    "<item xmlns='http://purl.org/rss/1.0/'><title>x</title></item></rdf:RDF>",
}


@pytest.mark.parametrize("name", UNCUTTABLE)
def test_what_is_not_plain_is_left_whole(name: str) -> None:
    assert cut(UNCUTTABLE[name]) is None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "iso-8859-2"])
def test_only_utf_8_is_cut(encoding: str) -> None:
    assert cut(rss("<item><title>ą</title></item>").encode(encoding)) is None


def test_items_are_told_apart_by_their_bytes() -> None:
    first = cut(rss(ONE, TWO))
    assert first
    assert (first.known, first.taken, len(first.items)) == (0, 2, 16)
    second = cut(rss("<item><title>b!</title></item>", ONE), first.items)
    assert second
    assert (second.known, second.taken) == (1, 1)
    assert second.body == rss("<item><title>b!</title></item>").encode()
    assert second.items[8:] == first.items[:8]


def test_of_too_many_new_items_the_newest_stay() -> None:
    items = [f"<item><pubDate>0{day} Jun 2023 12:00:00 GMT</pubDate></item>" for day in (2, 9, 4)]
    sliced = cut(rss(*items), limit=2)
    assert sliced
    assert (sliced.body, sliced.taken, sliced.skipped, len(sliced.items)) == (
        rss(items[1], items[2]).encode(),
        2,
        1,
        24,
    )
    dated = [f"<entry><updated>2023-06-0{day}T00:00:00Z</updated></entry>" for day in (2, 9, 4)]
    sliced = cut(atom(*dated), limit=1)
    assert sliced
    assert sliced.body == atom(dated[1]).encode()


def test_where_the_count_is_not_as_expected_the_whole_document_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    body = rss(ONE, TWO).encode()
    wrong = slices.Sliced(rss(ONE).encode(), b"12345678" * 2, 0, 0, 2)
    monkeypatch.setattr(feed, "_slice", lambda document: wrong)
    parsed = feed.parse(feed.Document(body=body, url=URL))
    assert ([entry.title for entry in parsed.entries], parsed.items) == (["a", "b"], b"")
