"""Documents of every format become entries; what is no feed is told apart in words."""

import calendar

import pytest

from monitor.model import Entry, Parsed, State
from monitor.parse import KINDS, Document, feed
from monitor.parse.newest import newest

URL = "https://harbour.example/feed"
JUNE = float(calendar.timegm((2023, 6, 1, 12, 0, 0)))


def parse(body: bytes | str, *, content_type: str = "application/rss+xml", **rest: object) -> Parsed:
    raw = body.encode() if isinstance(body, str) else body
    return KINDS["feed"](Document(body=raw, url=URL, content_type=content_type, **rest))  # type: ignore[arg-type]


def only(body: bytes | str, **rest: object) -> Entry:
    (entry,) = parse(body, **rest).entries  # type: ignore[arg-type]
    return entry


def rss(inner: str, *, attributes: str = "") -> str:
    return (
        f"<?xml version='1.0'?><rss version='2.0' {attributes}><channel><title>Harbour</title>{inner}</channel></rss>"
    )


RSS = """<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Harbour news</title><language>pl</language>
<link>https://harbour.example/</link><ttl>30</ttl>
<item><guid isPermaLink="false">h-1</guid><link>/ferry?id=1&amp;x=2</link><title>Ferry &lt;b&gt;late&lt;/b&gt;</title>
<description>Ice in the &lt;i&gt;bay&lt;/i&gt;.</description>
<content:encoded><![CDATA[<p>Ice in the bay since dawn.</p>]]></content:encoded>
<dc:creator>Anna Nowak</dc:creator><pubDate>Thu, 01 Jun 2023 14:00:00 +0200</pubDate>
<category>Ports</category><category>Weather</category></item></channel></rss>"""


def test_rss_2_with_its_extensions() -> None:
    parsed = parse(RSS)
    assert (parsed.state, parsed.format, parsed.title, parsed.language) == (State.OK, "rss20", "Harbour news", "pl")
    assert (parsed.link, parsed.ttl, parsed.damaged, parsed.whole) == ("https://harbour.example/", 1800.0, "", True)
    assert parsed.entries == (
        Entry(
            guid="h-1",
            link="https://harbour.example/ferry?id=1&x=2",
            title="Ferry <b>late</b>",
            summary="Ice in the <i>bay</i>.",
            content="<p>Ice in the bay since dawn.</p>",
            author="Anna Nowak",
            published="Thu, 01 Jun 2023 14:00:00 +0200",
            published_at=JUNE,
            categories=("Ports", "Weather"),
        ),
    )


def test_atom_1() -> None:
    entry = only(
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="uk"><title>H</title><entry><id>urn:1</id>
        <title type="html">Ice &amp;amp; wind</title><link rel="alternate" href="a"/>
        <updated>2023-06-01T12:00:00Z</updated><summary>short</summary>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Long <b>text</b></div>
        </content><author><name>Jan</name></author><category term="Sea"/></entry></feed>"""
    )
    assert (entry.guid, entry.title, entry.link) == ("urn:1", "Ice &amp; wind", "https://harbour.example/a")
    assert (entry.published_at, entry.updated_at, entry.language) == (None, JUNE, "uk")
    assert (entry.published, entry.updated) == ("", "2023-06-01T12:00:00Z"), "an update is not a publication"
    assert entry.content == "Long <b>text</b>"
    assert (entry.author, entry.categories) == ("Jan", ("Sea",))


@pytest.mark.parametrize(
    ("name", "body", "format_", "guid", "title"),
    [
        (
            "RSS 0.91",
            "<rss version='0.91'><channel><item><title>x</title><link>http://a.example/1</link></item></channel></rss>",
            "rss091u",
            "",
            "x",
        ),
        (
            "RSS 0.90",
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'>"
            "<channel><title>c</title></channel><item><title>x</title></item></rdf:RDF>",
            "rss090",
            "",
            "x",
        ),
        (
            "RSS 1.0",
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
            "<channel><title>c</title></channel><item rdf:about='http://a.example/1'><title>x</title></item></rdf:RDF>",
            "rss10",
            "http://a.example/1",
            "x",
        ),
        (
            "Atom 0.3",
            "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><id>urn:i</id><title>x</title></entry></feed>",
            "atom03",
            "urn:i",
            "x",
        ),
        (
            "a single entry of Atom",
            "<entry xmlns='http://www.w3.org/2005/Atom'><id>urn:i</id><title>x</title></entry>",
            "atom10",
            "urn:i",
            "x",
        ),
        (
            "CDF",
            "<CHANNEL HREF='http://a.example/'><ITEM HREF='http://a.example/1'><TITLE>x</TITLE></ITEM></CHANNEL>",
            "",
            "",
            "x",
        ),
    ],
)
def test_other_formats(name: str, body: str, format_: str, guid: str, title: str) -> None:
    parsed = parse(body)
    assert parsed.state is State.OK, name
    assert (parsed.format, parsed.entries[0].guid, parsed.entries[0].title) == (format_, guid, title)


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", "", "application/rss+xml"),
        ("utf-8", "", "text/xml"),
        ("utf-8", "", "text/html"),
        ("utf-8", "", ""),
        ("utf-8", "utf-8", "text/xml"),
        ("utf-8-sig", "", ""),
        ("windows-1251", "windows-1251", "text/xml"),
        ("windows-1251", "", "text/xml; charset=windows-1251"),
        ("koi8-r", "utf-8", 'application/xml; charset="KOI8-R"'),
        ("utf-16", "utf-16", ""),
        ("utf-16-le", "utf-16", "text/xml"),
    ],
)
def test_encodings(encoding: str, declared: str, content_type: str) -> None:
    declaration = f"<?xml version='1.0'{f' encoding={declared!r}' if declared else ''}?>"
    text = f"{declaration}<rss version='2.0'><channel><item><title>Паром опоздал</title></item></channel></rss>"
    assert only(text.encode(encoding), content_type=content_type).title == "Паром опоздал"


@pytest.mark.parametrize(
    "inner",
    [
        "<item><title>Ferry &nbsp; late</title></item>",
        "<item><title>Ferry & tug late</title></item>",
        "<item><title>Ferry late</title><description>cut <b>here",
        "<item><title>Ferry late</title></itme>",
        "<item><title>Ferry\x0b late</title></item>",
    ],
)
def test_broken_xml_is_read_and_what_was_wrong_is_said(inner: str) -> None:
    parsed = parse(rss(inner))
    assert parsed.state is State.OK
    assert parsed.damaged
    assert parsed.entries[0].title.startswith("Ferry")
    assert parsed.items == b""


@pytest.mark.parametrize(
    ("inner", "seconds"),
    [
        ("<ttl>60</ttl>", 3600.0),
        ("<ttl> 5 </ttl>", 300.0),
        ("<ttl>soon</ttl>", None),
        ("<ttl>-1</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600.0),
        ("<sy:updatePeriod> Daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 21600.0),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 3600.0),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
        ("", None),
    ],
)
def test_what_a_feed_asks_for_between_polls(inner: str, seconds: float | None) -> None:
    space = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
    assert parse(rss(f"{inner}<item><title>x</title></item>", attributes=space)).ttl == seconds


def test_the_same_ttl_is_told_when_every_entry_is_known() -> None:
    body = rss("<ttl>60</ttl><item><title>x</title></item>")
    known = parse(body).items
    again = parse(body, known=known)
    assert (again.state, again.reason, again.ttl, again.format) == (
        State.UNCHANGED,
        "every entry is known",
        3600.0,
        "rss20",
    )
    assert (again.entries, again.known, again.items, again.whole) == ((), 1, known, False)


def test_only_new_and_edited_items_are_read_again() -> None:
    first = parse(rss("".join(f"<item><guid>{n}</guid><title>t{n}</title></item>" for n in range(5))))
    edited = rss("".join(f"<item><guid>{n}</guid><title>t{n}{'!' * (n == 3)}</title></item>" for n in range(6)))
    second = parse(edited, known=first.items)
    assert [entry.title for entry in second.entries] == ["t3!", "t5"]
    assert (second.state, second.known, second.whole) == (State.OK, 4, False)
    assert len(second.items) == 6 * 8


@pytest.mark.parametrize("broken", [False, True], ids=["cut", "whole"])
def test_the_newest_entries_are_taken_and_the_rest_is_counted(broken: bool) -> None:
    items = [
        f"<item><guid isPermaLink='false'>{day}</guid><pubDate>{day:02} Jun 2023 12:00:00 GMT</pubDate></item>"
        for day in (3, 9, 1, 7, 5)
    ]
    parsed = parse(rss("".join(items) + "&nbsp;" * broken), entries_limit=3)
    assert [entry.guid for entry in parsed.entries] == ["9", "7", "5"]
    assert (parsed.state, parsed.skipped) == (State.OK, 2)


def test_without_dates_the_first_are_the_newest() -> None:
    assert newest([None] * 5, 2) == [0, 1]
    assert newest([1.0, None, 5.0, None, 3.0], 3) == [2, 3, 4]
    assert newest([1.0, 2.0], 2) == [0, 1]


@pytest.mark.parametrize(
    ("inner", "title"),
    [
        ("<title>Depth &lt; 5 m</title>", "Depth &lt; 5 m"),
        ("<title>Tom &amp;amp; Eva</title>", "Tom &amp; Eva"),
        ("<title>&lt;b&gt;Late&lt;/b&gt;</title>", "<b>Late</b>"),
    ],
)
def test_a_title_can_be_read_as_html_whatever_it_is(inner: str, title: str) -> None:
    assert only(rss(f"<item>{inner}</item>")).title == title


CLOUDFLARE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><div id='x'></div></body></html>"
LOGIN = "<html><title>Members</title><form><input name=p type='password'></form></html>"


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        ("", "text/xml", "the answer is empty, not a feed"),
        ("  \n", "text/xml", "the answer is empty, not a feed"),
        (CLOUDFLARE, "text/html", "the answer is a captcha page, not a feed"),
        ("<html><script src=https://captcha.example/></html>", "text/html", "the answer is a captcha page, not a feed"),
        (LOGIN, "text/html", "the answer is a login page, not a feed"),
        (
            "<!-- x --><HTML><TITLE>Not &amp;\n found</TITLE></HTML>",
            "application/rss+xml",
            'the answer is an HTML page titled "Not & found", not a feed',
        ),
        ("<html><p>hello</html>", "text/html; charset=utf-8", "the answer is an HTML page, not a feed"),
        (
            "<?xml version='1.0'?><!DOCTYPE html><html xmlns='x'><p/></html>",
            "",
            "the answer is an HTML page, not a feed",
        ),
        ("Service unavailable", "text/plain", "the answer is plain text, not a feed"),
        ("Service unavailable", "text/xml", "the answer is plain text, sent as text/xml, not a feed"),
        ("<opml version='2.0'><body/></opml>", "text/xml", "the answer is an OPML list of feeds, not a feed"),
        ("<urlset xmlns='http://s.example'/>", "text/xml", "the answer is a sitemap, not a feed"),
        (
            "<Error><Code>AccessDenied</Code></Error>",
            "text/xml",
            "the answer is XML that is no feed: it begins with <error>",
        ),
        ("%PDF-1.7 xyz", "application/pdf", "the answer is a PDF file, not a feed"),
        ("\x1f\x8b", "", "the answer is plain text, not a feed"),
        (
            '{"error": "no such feed"}',
            "application/json",
            "the answer is JSON that is no feed: it has no list of items",
        ),
        ('[{"id": 1}]', "application/json", "the answer is JSON that is no feed: it has no list of items"),
    ],
)
def test_what_is_no_feed_is_told_in_words(body: str, content_type: str, reason: str) -> None:
    parsed = parse(body.encode("latin-1"), content_type=content_type)
    expected = "the answer is compressed data, not a feed" if body == "\x1f\x8b" else reason
    assert (parsed.state, parsed.reason) == (State.NOT_A_FEED, expected)


def test_a_large_page_that_only_mentions_a_captcha_is_a_page() -> None:
    page = "<html><title>Harbour</title>" + "<p>Ferry news.</p>" * 3000 + "<script src=/recaptcha.js></script></html>"
    assert parse(page, content_type="text/html").reason == 'the answer is an HTML page titled "Harbour", not a feed'


@pytest.mark.parametrize(
    "body",
    [
        "<html><item><title>x</title></item></html>",
        "Warning: deprecated in line 3<br>\n<rss version='2.0'><channel><item><title>x</title></item></channel></rss>",
        '{"html": "<item><title>x</title></item>"}',
    ],
)
def test_no_entry_is_lost_to_what_a_document_looks_like(body: str) -> None:
    assert only(body, content_type="text/html").title == "x"


@pytest.mark.parametrize(
    "body",
    [
        rss(""),
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title></feed>",
        "<rss version='2.0'><channel><title>a &nbsp; b</title></channel></rss>",
        "<rss version='2.0'/>",
    ],
)
def test_a_feed_without_entries_is_empty(body: str) -> None:
    parsed = parse(body)
    assert (parsed.state, parsed.reason) == (State.EMPTY, "the feed holds no entries")


def test_a_feed_cut_off_before_its_entries_is_broken() -> None:
    parsed = parse("<rss version='2.0'><channel><title>Harbour</title><description>Fer")
    assert parsed.state is State.BROKEN
    assert parsed.reason.startswith("the feed is damaged before its first entry: ")


def test_control_characters_are_what_windows_means_by_them() -> None:
    assert only(rss("<item><title>\x93Паром\x94 &#151; ferry</title></item>")).title == "“Паром” — ferry"


def test_the_reader_works_where_feedparser_lacks_what_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    import feedparser

    feed.load.cache_clear()
    with monkeypatch.context() as patch:
        for name in ("PREFERRED_XML_PARSERS", "StrictFeedParser"):
            patch.delattr(feedparser.api, name)
        patch.delattr(feedparser.mixin, "make_safe_absolute_uri")
        assert feed.load() is feedparser
    feed.load.cache_clear()
    feed.load()
