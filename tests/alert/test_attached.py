"""What a digest carries beside its words: a page with its charts, pictures in the mail; and who gets which."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from given_alerts import NOW
from hypothesis import given, settings
from hypothesis import strategies as st
from test_render import PAYLOADS

from monitor.alert import attached
from monitor.alert.render import render
from monitor.alert.samples import sample
from monitor.alert.send import Sender
from monitor.alert.shape import Attachment, Format, Message, Shape
from monitor.model import Alert, Severity
from monitor.settings import Channel
from tests.servers.smtp import MailServer
from tests.servers.webhook import Webhook

WARSAW = ZoneInfo("Europe/Warsaw")
MAIL = Shape("html", 200, 32_000, styled=True, files=True, inline=True)
PAGE = "digest-daily-2025-11-23.html"


def digest(charts: str = "auto", **changes: Any) -> Alert:
    """Return a digest with charts; `changes` are of its data."""
    found = sample("digest", now=NOW)
    return replace(found, data={**found.data, "charts": charts, **changes})


def page(alert: Alert, base: str = "") -> str:
    found = attached.page_of(alert, zone=WARSAW, base=base)
    assert found
    return found.content.decode()


class Elements(HTMLParser):
    """Collects every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def assert_self_contained(text: str) -> None:
    """Nothing is loaded, nothing runs, and links lead out by http(s) only."""
    elements = Elements(text).found
    assert any("default-src 'none'" in found.get("content", "") for tag, found in elements if tag == "meta")
    for tag, attributes in elements:
        assert tag not in {"script", "img", "image", "use", "iframe", "object", "embed", "link", "base", "form"}, tag
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in {"src", "srcset", "style", "xlink:href"}, (tag, name)
            assert name != "href" or re.match(r"https?://", value), value
    assert not re.search(r"@import|url\(", text)


# --- the page --------------------------------------------------------------------------------------------------------


def test_a_page_has_all_charts_with_tables_and_all_stories() -> None:
    text = page(digest())
    titles = ("Indicators", "Hits by hour", "Where", "Top places", "Top sources", "Belarus border", "Other rules")
    assert [text.index(f">{title}</h2>") for title in titles] == sorted(
        text.index(f">{title}</h2>") for title in titles
    )
    assert text.count("<details>") == 5
    assert "prefers-color-scheme: dark" in text
    assert "Ministers agree on help with missiles" in text
    assert "22 Nov 2025, 13:13 CET" in text
    assert_self_contained(text)
    assert Elements(text).found.count(("a", {"href": "https://kestrel.example/news/1"} | REL)) == 1


REL = {"rel": "noreferrer noopener nofollow", "dir": "auto"}


def test_links_lead_to_the_monitors_own_page_where_it_has_an_address() -> None:
    assert "/stories?rule" not in page(digest())
    text = page(digest(), base="https://monitor.example.org/")
    assert 'href="https://monitor.example.org/stories?rule=border-deployment"' in text
    assert_self_contained(text)


def test_the_same_digest_makes_the_same_page() -> None:
    stored = digest()
    again = replace(stored, data=json.loads(json.dumps(stored.data)))
    assert page(stored) == page(again)


def test_a_digest_without_charts_has_no_page() -> None:
    for alert in (sample("story", now=NOW), sample("quiet", now=NOW), digest(situation=None), digest(situation="x")):
        assert attached.page_of(alert) is None
        assert attached.pictures_of(alert) == ()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_a_feed_or_a_rule_says_becomes_markup(payload: str) -> None:
    assert_self_contained(page(hostile(payload)))
    for one, _ in attached.pictures_of(hostile(payload)):
        ElementTree.fromstring(one.content)


def hostile(text: str) -> Alert:
    """Return a digest in which everything that somebody else can say is this text."""
    facts = json.loads(json.dumps(digest().data["situation"]))
    for cell in facts["board"]:
        cell |= {"name": text, "why": text, "rule": text}
    facts["tempo"]["names"] = [text for _ in facts["tempo"]["names"]]
    facts["tempo"]["rules"] = [text for _ in facts["tempo"]["rules"]]
    facts["spots"] = [[text, *rest] for _, *rest in facts["spots"]]
    facts["areas"] = [[text, *rest] for _, *rest in facts["areas"]]
    facts["sources"] = [[text, *rest] for _, *rest in facts["sources"]]
    entries: Any = digest().data["entries"]
    said = dict.fromkeys(("headline", "watch", "source", "link", "credibility_words"), text)
    told = [{**entry, **said, "rules": [text], "countries": [text]} for entry in entries]
    return replace(digest(situation=facts, entries=told, name=text), title=text)


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=2000))
def test_whatever_is_said_the_page_is_one(text: str) -> None:
    assert_self_contained(page(hostile(text)))


def test_the_name_of_a_file_is_plain() -> None:
    found = attached.page_of(digest(name='../Утро "x"\r\nBcc: e'))
    assert found
    assert found.name == "digest-x-Bcc-e-2025-11-23.html"


def test_a_page_stays_within_its_bound() -> None:
    entries: Any = digest().data["entries"]
    many = [{**entries[0], "headline": "Я" * 300, "link": "https://x.example/" + "a" * 1900} for _ in range(5000)]
    text = page(digest(entries=many))
    assert len(text.encode()) <= attached.BYTES
    assert f"And {5000 - attached.STORIES} more." in text
    cells: Any = digest().data["situation"]
    huge = {**cells, "sources": [["x" * 1000, 1]] * 3000}
    assert attached.page_of(digest(situation=huge)) is None
    assert attached.pictures_of(digest(situation=huge)) == ()


# --- pictures in the mail --------------------------------------------------------------------------------------------


def test_pictures_are_files_of_their_own_in_both_themes() -> None:
    found = attached.pictures_of(digest(), zone=WARSAW)
    assert [title for _, title in found] == ["Indicators", "Hits by hour", "Where", "Top places", "Top sources"]
    for one, title in found:
        root = ElementTree.fromstring(one.content)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root.findtext("{http://www.w3.org/2000/svg}title") == title
        assert b"prefers-color-scheme:dark" in one.content
        assert int(root.attrib["width"]) <= attached.MAIL


# --- who gets what ---------------------------------------------------------------------------------------------------

CHAT = Shape("markdown", 0, 4000, files=True)
NOTHING = Shape("html", 200, 32_000, styled=True)


@pytest.mark.parametrize(
    ("charts", "shape", "files", "pictures"),
    [
        ("auto", MAIL, [PAGE], 0),
        ("auto", CHAT, [], 0),
        ("auto", NOTHING, [], 0),
        ("file", MAIL, [PAGE], 0),
        ("file", CHAT, [PAGE], 0),
        ("inline", MAIL, ["board", "tempo", "map", "places", "sources", PAGE], 5),
        ("inline", replace(MAIL, inline=False), [PAGE], 0),
        ("inline", CHAT, [PAGE], 0),
        ("inline", NOTHING, [], 0),
        ("none", MAIL, [], 0),
        ("nonsense", CHAT, [PAGE], 0),
    ],
)
def test_who_gets_which_charts(charts: str, shape: Shape, files: list[str], pictures: int) -> None:
    found = render(digest(charts), shape=shape, key="k")
    names = [name if name.endswith(".html") else f"digest-daily-2025-11-23-{name}.svg" for name in files]
    assert [one.name for one in found.attachments] == names
    assert found.body.count("cid:") == pictures
    assert ("attached, " in found.body) is bool(files)
    assert not found.problem
    assert (found.bare is None) is (not files)
    if found.bare:
        assert found.bare == render(digest("none"), shape=shape, key="k")


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_the_message_names_its_page(form: Format) -> None:
    body = render(digest("file"), shape=Shape(form, 200, 16_000, files=True), key="k").body
    assert "Charts, and all of the stories: attached, digest" in body


def test_a_digest_is_never_lost_to_its_charts() -> None:
    for broken in ({"board": 5}, {"hits": 1}, {**_situation(), "tempo": {"bars": [], "names": [], "rules": []}}):
        found = render(digest(situation=broken), shape=MAIL, key="k")
        assert found.attachments == ()
        assert "Belarus sends special forces" in found.body
        assert found.problem.startswith("charts: ")


def _situation() -> dict[str, Any]:
    found: Any = digest().data["situation"]
    return dict(found)


# --- what arrives ----------------------------------------------------------------------------------------------------


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


async def sent(server: MailServer, charts: str, to: str = "ann@x.example") -> str:
    url = f"mailto://127.0.0.1:{server.port}/?from=bot@x.example&to={to}&format=html"
    sender = Sender({"desk": Channel(url=url)}, str, timeout=10)
    target = next(iter(sender.targets))
    message = render(digest(charts), shape=await sender.shape(target), key="k", zone=WARSAW)
    return await sender.send(target, message, key="k", severity=Severity.HIGH)


async def test_a_mail_arrives_with_the_page(mail: MailServer) -> None:
    assert await sent(mail, "auto") == "250 2.0.0 queued as mail 1"
    (one,) = mail.mails
    parts = {part.get_filename(): part for part in one.message.walk() if part.get_filename()}
    assert list(parts) == [PAGE]
    assert parts[PAGE].get_content_type() == "text/html"
    assert parts[PAGE].get_content_disposition() == "attachment"
    assert parts[PAGE].get_payload(decode=True) == page(digest()).encode()
    assert f"attached, {PAGE}" in one.part("text/plain")


async def test_pictures_arrive_within_the_mail_beside_the_page(mail: MailServer) -> None:
    await sent(mail, "inline")
    (one,) = mail.mails
    assert one.message.get_content_type() == "multipart/related"
    names = re.findall(r'src="cid:([^"]+)"', one.part("text/html"))
    parts = {part.get_filename(): part for part in one.message.walk() if part.get_filename()}
    assert list(parts) == [*names, PAGE]
    for name in names:
        assert parts[name]["Content-ID"] == f"<{name}>"
        assert parts[name].get_content_type() == "image/svg+xml"
        assert parts[name].get_content_disposition() == "inline"
    assert parts[PAGE].get_content_disposition() == "attachment"
    assert "<table" in one.part("text/html"), "what shows no SVG still has the bars"


@pytest.mark.slow  # apprise leaves 5.5 s between two mails
async def test_where_pages_are_refused_the_digest_comes_without() -> None:
    with MailServer(refuse_pages=True) as server:
        answer = await sent(server, "auto")
        assert answer == (f"250 2.0.0 queued as mail 1 (without {PAGE}: 552 5.7.0 attached pages are not taken here)")
        (one,) = server.mails
        assert "attached" not in one.part("text/plain")
        assert "Belarus sends special forces" in one.part("text/plain")


async def test_the_next_mail_of_a_channel_has_no_old_files(mail: MailServer) -> None:
    url = f"mailto://127.0.0.1:{mail.port}/?from=bot@x.example&to=ann@x.example&format=html"
    sender = Sender({"desk": Channel(url=url)}, str, timeout=10)
    message = render(digest("inline"), shape=await sender.shape("desk"), key="k")
    await sender.send("desk", message, key="k")
    await sender.send("desk", Message("A title", "<p>A body</p>", "html"), key="l")
    assert [part.get_filename() for part in mail.mails[1].message.walk() if part.get_filename()] == []


async def test_a_webhook_that_asks_for_files_gets_the_page() -> None:
    with Webhook() as hook:
        sender = Sender({"desk": Channel(url=f"json://{hook.url}/")}, str, timeout=5)
        shape = await sender.shape("desk")
        assert (shape.files, shape.inline) == (True, False)
        await sender.send("desk", render(digest("auto"), shape=shape, key="k"), key="k")
        await sender.send("desk", render(digest("file"), shape=shape, key="l"), key="l")
        without, whole = (request.json["attachments"] for request in hook.requests)
        assert without == []
        assert [(one["filename"], one["mimetype"]) for one in whole] == [(PAGE, "text/html")]
        assert base64.b64decode(whole[0]["base64"]).startswith(b"<!doctype html>")


async def test_a_service_that_takes_no_files_is_known() -> None:
    sender = Sender({"desk": Channel(url="rocket://user:password@localhost/%23channel")}, str, timeout=5)
    assert not (await sender.shape("desk")).files


def test_an_attachment_is_a_value() -> None:
    assert Attachment("a", "b", b"c") == Attachment("a", "b", b"c")
