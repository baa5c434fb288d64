"""Rendering: what a person reads, and that nothing a feed says becomes markup."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from given_alerts import ARTICLE, NOW, SOURCE, evidence, hit, story
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alert import clean, message
from monitor.alert.escape import link
from monitor.alert.evidence import sentences
from monitor.alert.render import check_template, render
from monitor.alert.shape import Format, Shape
from monitor.model import Alert, Delivery, Field

FORMATS: tuple[Format, ...] = ("text", "markdown", "html")
PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "<!here> <!channel> <@U123> <#C1>",
    "<https://evil.example|click>",
    "@channel @everyone @here @room",
    "**bold** _it_ `code` ~~no~~ # head",
    "{{ 7*7 }} {% raw %}",
    "a\r\nBcc: eve@example.org",
    "\u202egnp.exe\u2066x\u200b\x1b[31m\x00",
    "&lt;b&gt; &#60;i&#62;",
    "1. one\n- two\n> three\n***",
]


def alert_with(text: str) -> Alert:
    """Return an alert in which everything a feed or a rule can say is this text."""
    article = replace(ARTICLE, title=text, summary=f"Before. {text} special forces {text}. After.", author=text)
    article = replace(article, link="javascript:alert(1)", url=f"https://x.example/{text}", language=text[:2])
    found = evidence(article, "special forces")
    one = hit(article, rule_name=text, watch=text, evidence=(found,))
    return message.alert_of(story(article, one, source=replace(SOURCE, title=text)), now=NOW)


class Tags(HTMLParser):
    """Collects every tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


def assert_harmless(body: str, form: Format) -> None:
    """Nothing but our own markup is there, and nobody is woken."""
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", body)
    assert not re.search(r"@(everyone|here|channel|room|all)\b|<[!@#]", body)
    if form == "html":
        for tag, attributes in Tags(body).found:
            assert tag in {"p", "b", "strong", "br", "blockquote", "code", "a", "ul", "li", "wbr"}
            assert all(name == "href" and str(value).startswith("https://x.example/") for name, value in attributes)
    if form == "markdown":
        plain = re.sub(r"\\.", "", body)  # what is escaped is literal
        plain = re.sub(r"<https://[^<>\s]+>", "", plain)  # our own links
        assert not re.search(r"[\[\]<]|&(#|\w+;)", plain)
        assert not re.search(r"javascript:\S*\)", re.sub(r"\\\[.*?\\\]", "", plain)) or "](" not in plain


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_a_feed_says_becomes_markup(payload: str, form: Format) -> None:
    rendered = render(alert_with(payload), shape=Shape(form), key="k" * 64)
    assert not rendered.problem
    assert_harmless(rendered.body, form)
    assert not re.search(r"[\r\n<>\[\]`*\x00-\x1f]", rendered.title)


DATA = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=300) | st.sampled_from(PAYLOADS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=25, deadline=None)
@given(
    text=st.text(max_size=6000) | st.sampled_from(PAYLOADS).map(lambda payload: payload * 40),
    form=st.sampled_from(FORMATS),
    title_max=st.integers(0, 400),
    body_max=st.integers(0, 6000),
)
def test_any_story_fits_and_is_harmless(text: str, form: Format, title_max: int, body_max: int) -> None:
    rendered = render(alert_with(text), shape=Shape(form, title_max, body_max), key="k" * 64)
    assert len(rendered.title) <= min(200, title_max)
    assert 0 < len(rendered.body) <= min(4000, body_max or 4000)
    assert not rendered.problem
    assert_harmless(rendered.body, rendered.format)


@settings(max_examples=60, deadline=None)
@given(
    data=st.dictionaries(
        st.sampled_from(["evidence", "headline", "headline_parts", "rules", "groups", "lines", "source", "published"]),
        DATA,
    ),
    kind=st.sampled_from(["story", "update", "digest", "system", "new-kind"]),
    form=st.sampled_from(FORMATS),
)
def test_any_data_gives_a_message(data: dict[str, Any], kind: str, form: Format) -> None:
    """Also what an older or newer program has stored."""
    alert = Alert(id="n1", kind=kind, severity=hit().severity, title="A title", data=data)
    rendered = render(alert, shape=Shape(form), key="k")
    assert rendered.body
    assert_harmless(rendered.body, rendered.format)


@settings(max_examples=60, deadline=None)
@given(
    template=st.text(max_size=80)
    | st.sampled_from(["{{ headline }}", "{% for x in y %}", "{{ 1/0 }}", "{{ evidence[9] }}"])
)
def test_any_template_gives_a_message(template: str) -> None:
    rendered = render(alert_with("x"), shape=Shape("html"), template=template, title_template=template)
    assert rendered.body
    assert rendered.title


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ headline.__class__ }}",
        "{{ evidence.append(1) }}",
        "{{ headline|safe }}",
        "{{ unknown }}",
        "{% include '/etc/passwd' %}",
        "{% if %}",
    ],
)
def test_a_template_that_fails_or_tries_to_break_out_is_replaced(template: str) -> None:
    rendered = render(alert_with("headline"), shape=Shape("html"), template=template)
    assert rendered.problem.startswith("template: ")
    assert "Why: <code>monitor explain" in rendered.body


def test_a_users_template_is_escaped_too() -> None:
    template = "<h1>{{ headline }}</h1>{{ evidence[0].parts|mark }}{{ link|web }}"
    rendered = render(
        alert_with("<img src=x>"), shape=Shape("html"), template=template, title_template="{{ rules[0].id }}!"
    )
    assert rendered.title == "border-deployment!"
    assert "<h1>&lt;img src=x&gt;</h1>" in rendered.body
    assert "<b>special forces</b>" in rendered.body


def test_check_template_says_what_is_wrong() -> None:
    assert check_template("{{ headline }}") == ""
    assert check_template("one\n{% if %}").startswith("line 2: ")


# --- what a person reads ---------------------------------------------------------------------------------------------

EXAMPLE = message.alert_of(
    story(ARTICLE, hit(evidence=(evidence(ARTICLE, "special forces"), evidence(ARTICLE, "border", Field.TITLE)))),
    now=NOW,
)


def test_the_plain_message() -> None:
    rendered = render(EXAMPLE, shape=Shape("text"), key="0123456789abcdef", zone=ZoneInfo("Europe/Warsaw"))
    assert rendered.title == "HIGH: Rule border-deployment – Belarus sends special forces toward its southern border"
    assert rendered.body == (
        "HIGH: Rule border-deployment (Belarus border)\n"
        "\n"
        "Belarus sends special forces toward its southern *border*\n"
        "\n"
        "> Belarus is sending *special forces* to three areas close to its border.\n"
        "\n"
        "Kestrel Wire, PL - usually reliable (B), in en\n"
        "Published 23 Nov 2025, 13:03 CET\n"
        "Seen 23 Nov 2025, 13:13 CET\n"
        "https://kestrel.example/2022/border?utm_source=feed\n"
        "\n"
        "Why: monitor explain akestrel00001\n"
        "Message 0123456789ab"
    )


def test_a_service_of_few_words_gets_title_and_link() -> None:
    rendered = render(EXAMPLE, shape=Shape("text", 0, 160), key="k")
    assert rendered.title == ""
    assert rendered.body.startswith("HIGH: Rule border-deployment")
    assert rendered.body.endswith("\nhttps://kestrel.example/2022/border?utm_source=feed")
    assert len(rendered.body) <= 160


def test_a_digest_of_2000_fits() -> None:
    waiting = [Delivery(id=n, alert=EXAMPLE, channel="desk", key=str(n)) for n in range(1999)]
    fault = message.system_alert("channel", "x", title="Channel x fails", at=NOW)
    waiting.append(Delivery(id=1999, alert=fault, channel="desk", key="z"))
    for form in FORMATS:
        rendered = render(message.digest_of(waiting), shape=Shape(form), key="k")
        assert len(rendered.body) <= 4000
        assert "and 1989 more" in rendered.body
        assert rendered.body.index("monitor itself") < rendered.body.index("Rule border-deployment")


# --- evidence --------------------------------------------------------------------------------------------------------


def said(summary: str, *words: str) -> list[str]:
    article = replace(ARTICLE, summary=summary)
    found = sentences(article, [evidence(article, word) for word in words])
    return ["".join(f"[{text}]" if marked else text for text, marked in one["parts"]) for one in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("summary", "words", "expected"),
    [
        ("One. Two troops here. Three.", ["troops"], ["Two [troops] here."]),
        ("Troops", ["Troops"], ["[Troops]"]),
        ("A troops b tank c.", ["troops", "tank"], ["A [troops] b [tank] c."]),
        ("A troops b. A tank c.", ["troops", "tank"], ["A [troops] b.", "A [tank] c."]),
        ("First line\n\nThe troops move\n\nLast line", ["troops"], ["The [troops] move"]),
        ("部隊が動いた。戦車が来た。終わり。", ["戦車"], ["[戦車]が来た。"]),
        ("special forces", ["special forces", "forces"], ["[special forces]"]),
        ('He said: "Troops move." Then left.', ["Troops"], ['He said: "[Troops] move."']),
    ],
)
def test_matched_words_stand_in_their_sentence(summary: str, words: list[str], expected: list[str]) -> None:
    assert said(summary, *words) == expected


def test_a_sentence_without_end_is_cut_around_the_words() -> None:
    (line,) = said("word " * 500 + "troops " + "word " * 500, "troops")
    assert line.startswith("…word")
    assert line.endswith("word…")
    assert "[troops]" in line
    assert len(line) < 450


def test_evidence_beyond_the_text_is_no_trouble() -> None:
    article = replace(ARTICLE, summary="short", body="")
    assert sentences(article, [replace(evidence(ARTICLE, "special forces"))]) == []


# --- links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/a?b=c#d", "https://x.example/a?b=c#d"),
        ("http://x.example", "http://x.example/"),
        ("javascript:alert(1)", ""),
        ("JAVASCRIPT:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//x.example/", ""),
        ("", ""),
        ("https://user:pw@x.example/", "https://x.example/"),
        ("https://x.example/a b<c>\"d'|e)", "https://x.example/a%20b%3Cc%3E%22d%27%7Ce%29"),
        ("https://x.example/ü", "https://x.example/%C3%BC"),
        ("https://приклад.example/", "https://xn--80aikifvh.example/"),
        ("https://[::1]:8080/x", "https://[::1]:8080/x"),
        ("https://x.example:99999/", ""),
        ("https://x.example/\r\nX: y", "https://x.example/%20X:%20y"),
        ("https://" + "a" * 300 + ".example/", ""),
    ],
)
def test_only_web_links_and_only_safe_ones(url: str, expected: str) -> None:
    assert clean.web_link(url) == expected


def test_a_long_link_may_be_broken_on_a_narrow_screen_and_stays_whole() -> None:
    address = "https://x.example/" + "a" * 200
    found = str(link(address, "html"))
    assert f'href="{address}"' in found
    assert max(len(part) for part in re.split("<[^>]*>", found)) <= 40
    assert re.sub("<[^>]*>", "", found) == address


@given(st.text(), st.integers(0, 50))
def test_cut_never_gives_more(text: str, limit: int) -> None:
    assert len(clean.cut(text, limit)) <= limit
