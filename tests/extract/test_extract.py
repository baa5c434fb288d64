"""An entry becomes an article: the worked example's damage, dates within reason, and an identity that lasts."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract import extract
from monitor.extract.dates import DAY, sensible
from monitor.extract.identity import article_id, content_hash, identity
from monitor.model import Article, Entry, Field, Source

NOW = 1_700_000_000.0


def made(**fields: object) -> Article:
    entry = Entry(**{"guid": "g", "link": "https://a.example/x", "title": "A title"} | fields)  # type: ignore[arg-type]
    return extract(
        entry,
        source=Source(id="a", url="https://a.example/rss"),
        feed_language="en",
        base_url="https://a.example/",
        now=NOW,
    )


def test_damaged_text_becomes_an_article_that_rules_can_match() -> None:
    article = made(
        title="Minskβ€™s forces &amp;amp; the border",
        link="/news/forces?utm_source=rss",
        summary="<p>Units π\x9f‡§π\x9f‡Ύ went south β€” at once.</p><p>TALKS ON GAS ENTER THIRD DAY</p>"
        "<p>“Ready,” he said.</p>"
        "<p>Click here to read more</p><blockquote><p>Ministry: a grouping has doubled. #border</p></blockquote>",
        published_at=NOW - 60,
    )
    assert article.title == "Minsk’s forces & the border"
    assert article.url == "https://a.example/news/forces"
    assert article.summary.split("\n\n") == [
        "Units 🇧🇾 went south — at once.",
        "TALKS ON GAS ENTER THIRD DAY",
        "“Ready,” he said.",
        "Click here to read more",
        "Ministry: a grouping has doubled. #border",
    ]
    marked = [(mark.field, mark.kind, article.summary[mark.start : mark.end]) for mark in article.marks]
    assert marked == [
        (Field.SUMMARY, "crosslink", "TALKS ON GAS ENTER THIRD DAY"),
        (Field.SUMMARY, "boilerplate", "Click here to read more"),
    ]
    assert article.flags == {"mojibake-repaired"}
    assert (article.language, article.language_from) == ("en", "declared")
    assert (article.published_at, article.seen_at) == (NOW - 60, NOW)


def test_damage_that_hides_in_entities_is_repaired() -> None:
    assert made(summary="It&acirc;&euro;&trade;s ready").summary == "It’s ready"


def test_a_body_that_repeats_the_summary_is_empty() -> None:
    assert made(summary="<p>same</p>", content="same").body == ""
    assert made(summary="short", content="<p>long</p><p>text</p>").body == "long\n\ntext"


def test_a_dangerous_link_is_no_url() -> None:
    assert made(link="javascript:alert(1)").url == ""


def test_an_entry_with_nothing_is_an_article_all_the_same() -> None:
    article = made(guid="", link="", title="")
    assert article.identity.startswith("sha256:")
    assert article.flags == {"date-missing"}


@pytest.mark.parametrize(
    ("at", "raw", "expected", "flags"),
    [
        (NOW, "x", NOW, set()),
        (NOW + 3600, "x", NOW + 3600, set()),
        (253_000_000_000.0, "9999", NOW + DAY, {"date-future"}),
        (0.0, "1970", None, {"date-absurd"}),
        (-1e12, "x", None, {"date-absurd"}),
        (math.nan, "x", None, {"date-absurd"}),
        (math.inf, "x", None, {"date-absurd"}),
        (None, "yesterday-ish", None, {"date-absurd"}),
        (None, " ", None, {"date-missing"}),
    ],
)
def test_dates_are_kept_within_reason(at: float | None, raw: str, expected: float | None, flags: set[str]) -> None:
    assert sensible(at, raw, NOW) == (expected, flags)


@given(st.one_of(st.none(), st.floats()), st.text(max_size=5), st.one_of(st.none(), st.floats()))
def test_no_date_leaves_the_bounds(at: float | None, raw: str, updated: float | None) -> None:
    article = made(published_at=at, published=raw, updated_at=updated)
    for shown in (article.published_at, article.updated_at):
        assert shown is None or 631152000 <= shown <= NOW + DAY


def test_the_date_of_an_update_stands_in_for_a_missing_one() -> None:
    article = made(updated="x", updated_at=NOW - 5)
    assert (article.published_at, article.updated_at, article.flags) == (NOW - 5, NOW - 5, frozenset())


def test_identity_is_guid_else_link_else_content() -> None:
    assert identity(" a\n b ", "l", "c") == "a b"
    assert identity("", "l", "c") == "l"
    assert identity("null", "l", "c") == "l"
    assert identity("", "", "c") == "sha256:c"
    assert len(identity("x" * 5000, "", "")) < 100
    assert made(guid="https://a.example/").identity == "https://a.example/x"


def test_an_article_id_is_the_same_on_every_machine() -> None:
    assert article_id("kestrel", "k-110") == "acooxrem2rjrg"


def test_white_space_and_running_counters_make_no_other_text() -> None:
    assert content_hash("A  b\nc") == content_hash("A b c")
    assert content_hash("Takes long To learn") != content_hash("Takes long to learn")  # an edit is an edit
    assert content_hash("Posted 5 minutes ago by X") == content_hash("Posted 2 hours ago by X")
    assert content_hash("a", "b") != content_hash("ab", "")
    assert content_hash("5 dead") != content_hash("6 dead")
    one, other = (made(summary=f"Text.\n\nComments: {number}").content_hash for number in (3, 4))
    assert one == other


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80), st.text(max_size=30))
def test_any_entry_becomes_an_article(title: str, summary: str, link: str, guid: str) -> None:
    article = made(title=title, summary=summary, content=summary + title, link=link, guid=guid)
    assert article.identity
    assert "\n" not in article.title
    for text in (article.title, article.summary, article.body, article.url, article.link, article.identity):
        text.encode()
    for mark in article.marks:
        assert 0 <= mark.start < mark.end <= len(article.text(mark.field))
    assert made(title=title, summary=summary, content=summary + title, link=link, guid=guid) == article
