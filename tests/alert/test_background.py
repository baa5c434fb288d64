"""What stands behind a story, in a message: who else has it, how sure it is, who claims it, where it is."""

import json
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from given_alerts import ARTICLE, NOW, SOURCE, evidence, hit, story
from test_render import FORMATS, PAYLOADS, Tags, assert_harmless

from monitor.alert import background, message
from monitor.alert.facts import Facts, facts_of
from monitor.alert.render import render
from monitor.alert.samples import KINDS, sample
from monitor.alert.shape import Format, Shape
from monitor.model import Claim, Corroboration, Field, Located, Member, Severity, Source, Story, Voice

WARSAW = ZoneInfo("Europe/Warsaw")


def text_of(alert: Any, form: Format = "text", **options: Any) -> str:
    rendered = render(alert, shape=Shape(form, 200, 32_000), key="0123456789abcdef", zone=WARSAW, **options)
    assert not rendered.problem
    return rendered.body


def test_the_whole_message() -> None:
    assert text_of(sample("story", now=NOW)) == (
        "HIGH: Border deployment (Belarus border)\n"
        "\n"
        "Belarus sends special forces toward its southern border\n"
        "\n"
        "> *Special forces* are moving to three areas close to the southern border.\n"
        "\n"
        "Claimed by: Belarus's defence ministry, on Telegram\n"
        "Place: near Brest, BY; 3 km to the border with PL; likely\n"
        "4 articles, 3 independent sources; first Kestrel Wire, 23 Nov 2025, 12:23 CET\n"
        "Credibility 2, probably true: "
        "Kestrel Wire (B), Harbour Agency (C) and Ministry of Defence (D) have it independently\n"
        "\n"
        "Kestrel Wire, PL - usually reliable (B), in en\n"
        "Published 23 Nov 2025, 12:23 CET\n"
        "Seen 23 Nov 2025, 12:27 CET\n"
        "https://kestrel.example/news/border\n"
        "\n"
        "Also:\n"
        "* Ministry of Defence, 23 Nov 2025, 12:33 CET\n"
        "  https://ministry.example/news/border\n"
        "* Harbour Agency, 23 Nov 2025, 12:43 CET\n"
        "  https://harbour.example/news/border\n"
        "* Lantern Daily, 23 Nov 2025, 12:53 CET (copy)\n"
        "  https://lantern.example/news/border\n"
        "\n"
        "Why: monitor explain ssample000001\n"
        "Acknowledge: https://monitor.example/a/ssample000001?by=desk&until=1&sign=0123456789abcdef\n"
        "Message 0123456789ab"
    )


def test_the_update_says_first_what_is_new() -> None:
    assert text_of(sample("update", now=NOW)) == (
        "Update, HIGH: 2 more independent sources: Ministry of Defence, Harbour Agency\n"
        "* credibility now 2 probably true (was 3 possibly true)\n"
        "* new place: Brest, BY\n"
        "* now 30,000 soldiers (was 12,000)\n"
        "\n"
        "Belarus sends special forces toward its southern border\n"
        "https://kestrel.example/news/border\n"
        "\n"
        "Claimed by: Belarus's defence ministry, on Telegram\n"
        "4 articles, 3 independent sources; credibility 2, probably true\n"
        "\n"
        "Why: monitor explain ssample000001\n"
        "Acknowledge: https://monitor.example/a/ssample000001?by=desk&until=1&sign=0123456789abcdef\n"
        "Message 0123456789ab"
    )


def member(number: int = 1, source: Source = SOURCE, **changes: Any) -> Member:
    article = replace(
        ARTICLE, id=f"a{number:012}", link=f"https://{source.id}.example/{number}", published_at=NOW + number
    )
    return replace(Member(article=article, source=source, hits=(hit(article),), at=NOW + number), **changes)


def founded(**changes: Any) -> Corroboration:
    voice = Voice(name="Kestrel Wire", sources=("kestrel",), articles=("a1",), first_at=NOW)
    known = Corroboration(
        articles=1, sources=1, voices=(voice,), first="kestrel", first_at=NOW, credibility=6, reason="one source"
    )
    return replace(known, **changes)


@pytest.mark.parametrize("form", FORMATS)
def test_a_story_of_one_article_is_as_short_as_the_article(form: Format) -> None:
    one = replace(story(), members=(replace(member(), article=ARTICLE),), corroboration=founded())
    assert text_of(message.alert_of(one, now=NOW), form) == text_of(message.alert_of(story(), now=NOW), form)


def test_a_claim_is_told_as_one_even_of_one_article() -> None:
    claim = Claim(article_id=ARTICLE.id, party="The ministry", words="said", field=Field.SUMMARY, start=0, end=9)
    one = replace(story(), corroboration=founded(claims=(claim,)))
    for form in FORMATS:
        assert "The ministry" in text_of(message.alert_of(one, now=NOW), form)


@pytest.mark.parametrize(
    ("party", "words", "said"),
    [
        ("Belarus's defence ministry", "said on Telegram", "Belarus's defence ministry, on Telegram"),
        ("The ministry", "said", "The ministry"),
        ("The ministry", "has claimed", "The ministry"),
        ("Минобороны", "сообщило в Telegram", "Минобороны (“сообщило в Telegram”)"),
        ("The ministry", "", "The ministry"),
        ("A  spokes\nman", "told via a post", "A spokes man, via a post"),
    ],
)
def test_who_claims_it(party: str, words: str, said: str) -> None:
    claim = Claim(article_id="a", party=party, words=words, field=Field.BODY, start=0, end=1)
    (found,) = background.of(replace(story(), corroboration=founded(claims=(claim, claim))))["claims"]  # type: ignore[misc]
    assert found["said"] == said


def test_the_grade_is_said_once() -> None:
    reason = "probably true: Reuters (A) and BelTA (C) have it independently"
    known = background.of(replace(story(), corroboration=founded(credibility=2, reason=reason)))
    assert (known["credibility"], known["credibility_words"]) == (2, "probably true")
    assert known["credibility_reason"] == "Reuters (A) and BelTA (C) have it independently"


BREST = Located(
    countries=("BY",), place="Brest", kind="place", sure="sure", borders={"PL": 3.4, "UA": 49.6, "LT": 300.0}
)


@pytest.mark.parametrize(
    ("located", "said"),
    [
        (BREST, "near Brest, BY; 3 km to the border with PL; 50 km to the border with UA"),
        (replace(BREST, sure="likely", borders={}), "near Brest, BY; likely"),
        (replace(BREST, kind="region", place="Brest region", borders={}), "in Brest region, BY"),
        (replace(BREST, sure="guess", borders={}), "near Brest, BY; a guess"),
        (Located(countries=("BY", "UA"), kind="country", sure="sure"), "in BY"),
    ],
)
def test_where_it_is(located: Located, said: str) -> None:
    (found,) = background.of(replace(story(), members=(member(located=located),)))["places"]  # type: ignore[misc]
    assert found["said"] == said


def test_the_place_that_most_articles_name_comes_first_and_a_country_only_where_there_is_no_place() -> None:
    gomel = replace(BREST, place="Gomel", borders={})
    country = Located(countries=("BY",), kind="country", sure="sure")
    places = [country, BREST, gomel, gomel, None]
    one = replace(story(), members=tuple(member(at, located=place) for at, place in enumerate(places)))
    assert [place["place"] for place in background.of(one)["places"]] == ["Gomel", "Brest"]  # type: ignore[attr-defined]


def test_each_other_source_is_named_once_and_copies_last() -> None:
    sources = [replace(SOURCE, id=f"s{number}", title=f"Source {number}") for number in range(9)]
    members = (
        replace(member(), article=ARTICLE),
        member(1, sources[0], join="copy"),
        member(2, sources[1]),
        member(3, sources[1]),
        member(4, SOURCE),
        *(member(10 + number, source) for number, source in enumerate(sources[2:])),
    )
    known = background.of(replace(story(), members=members))
    names = [one["name"] for one in known["others"]]  # type: ignore[attr-defined]
    assert names == ["Source 1", "Source 2", "Source 3", "Source 4", "Source 5"]
    assert known["others_more"] == 4
    assert "* and 4 more" in text_of(message.alert_of(replace(story(), members=members), now=NOW))


def test_a_feed_that_gathers_outlets_is_named_by_them() -> None:
    """Wire copies of one source keep the source's name: what they copy is no other place to look at."""
    members = (
        replace(member(), article=ARTICLE),
        member(1),
        member(2),
        member(3, replace(SOURCE, id="s", title="Paper")),
    )
    names = ("Harbour", "Lantern", "Lantern", "Harbour")
    voices = tuple(
        Voice(name=name, sources=(), articles=(one.article.id,), first_at=NOW)
        for one, name in zip(members, names, strict=True)
    )
    one = replace(story(), members=members, corroboration=founded(articles=4, voices=voices))
    assert [other["name"] for other in background.of(one)["others"]] == ["Lantern", "Paper"]  # type: ignore[attr-defined]


def test_evidence_of_other_articles_is_not_looked_for_in_this_one() -> None:
    """Their offsets would mark any words."""
    other = replace(ARTICLE, id="a2", summary="Tanks and special forces on the move")
    hits = (
        hit(ARTICLE, evidence=(evidence(ARTICLE, "special forces"),)),
        hit(other, evidence=(evidence(other, "Tanks"),), severity=Severity.LOW),
        hit(other, rule="tanks", severity=Severity.LOW),
    )
    data = message.alert_of(story(ARTICLE, *hits), now=NOW).data
    assert [part for one in data["evidence"] for part in one["parts"] if part[1]] == [["special forces", True]]  # type: ignore[attr-defined]
    assert [rule["id"] for rule in data["rules"]] == ["border-deployment", "tanks"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_said_of_independence_where_nobody_judged_it(form: Format) -> None:
    two = replace(story(), members=(replace(member(), article=ARTICLE), member(2)))
    for alert in (message.alert_of(two, now=NOW), message.update_of(two, Facts(), now=NOW)):
        said = text_of(alert, form)
        assert "2 articles" in said
        assert "independent" not in said


@pytest.mark.parametrize("form", FORMATS)
def test_an_escalation_says_why_it_comes_here(form: Format) -> None:
    one = message.alert_of(story(), now=NOW)
    said = text_of(replace(one, data={**one.data, "escalation": "not acknowledged for 30 minutes"}), form)
    assert said.index("Rule border") < said.index("not acknowledged for 30 minutes") < said.index("special forces")


# --- what is untrusted ------------------------------------------------------------------------------------------------


def hostile(text: str) -> Story:
    """Return a story in which everything that stands behind it says this."""
    source = replace(SOURCE, id="other", title=text, country=text[:2])
    located = Located(countries=(text[:9], "PL"), place=text, kind="place", sure="likely", borders={text[:9]: 2.0})
    claim = Claim(article_id="a", party=text, words=f"said on {text}", field=Field.BODY, start=0, end=1)
    voice = Voice(name=text, sources=("other",), articles=("a",), first_at=NOW)
    bad = replace(member(2, source), located=located)
    bad = replace(bad, article=replace(bad.article, link=f"https://x.example/{text}", title=f"7 {text}"))
    return replace(
        story(),
        members=(member(), bad),
        corroboration=founded(
            articles=2, voices=(voice, voice), reason=text, first="other", claims=(claim,), credibility=2
        ),
        numbers=frozenset({"7", text}),
    )


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_stands_behind_a_story_becomes_markup(payload: str, form: Format) -> None:
    alerts = [
        message.alert_of(hostile(payload), now=NOW, acknowledge="javascript:alert(1)"),
        message.update_of(hostile(payload), Facts(), now=NOW),
    ]
    for alert in alerts:
        json.dumps(alert.data)
        rendered = render(alert, shape=Shape(form, 200, 32_000), key="k" * 64)
        assert not rendered.problem
        body = rendered.body.replace("https://kestrel.example", "https://x.example")
        assert_harmless(body, form)
        assert "javascript:alert(1)>" not in rendered.title
        if form == "html":
            assert {tag for tag, _ in Tags(body).found} <= {"p", "b", "strong", "br", "code", "a", "ul", "li", "wbr"}


def test_an_alert_that_an_older_program_queued_is_shown() -> None:
    old = {
        key: value for key, value in message.alert_of(story(), now=NOW).data.items() if key not in background.NOTHING
    }
    before = message.alert_of(story(), now=NOW)
    for form in FORMATS:
        assert text_of(replace(before, data=old), form) == text_of(before, form)


# --- updates ----------------------------------------------------------------------------------------------------------


def test_the_same_news_has_the_same_id_and_other_news_another() -> None:
    facts = facts_of(story())
    one = message.update_of(hostile("x"), facts, now=NOW)
    assert message.update_of(hostile("x"), facts, now=NOW + 9).id == one.id
    assert message.update_of(hostile("y"), facts, now=NOW).id != one.id
    assert one.id != message.alert_of(hostile("x"), now=NOW).id


def test_an_update_without_a_difference_says_so() -> None:
    grown = replace(story(), corroboration=founded(articles=4))
    assert message.update_of(grown, facts_of(story()), now=NOW).data["news"] == ["3 more articles"]
    assert message.update_of(story(), facts_of(story()), now=NOW).data["news"] == ["told again"]


def test_a_users_template_is_used_for_an_update_only_if_it_says_what_is_new() -> None:
    update = sample("update", now=NOW)
    assert text_of(update, template="Mine: {{ headline }}").startswith("Update, HIGH: 2 more")
    assert (
        text_of(update, template="{{ news[0] }}!") == "2 more independent sources: Ministry of Defence, Harbour Agency!"
    )
    assert text_of(sample("edit", now=NOW), template="Mine: {{ headline }}").startswith("Mine: ")


@pytest.mark.parametrize("limit", [0, 60, 160, 500, 1000, 4000])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMATS)
def test_every_sample_fits_everywhere(kind: str, form: Format, limit: int) -> None:
    rendered = render(sample(kind, now=NOW), shape=Shape(form, 100, limit), key="k" * 64)
    assert not rendered.problem
    assert 0 < len(rendered.body) <= (limit or 4000)
    assert len(rendered.title) <= 100
