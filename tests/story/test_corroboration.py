"""How well a story is founded: voices that are independent, and how far to believe them."""

import time
from itertools import count
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import CREDIBILITY, Article, Evidence, Field, Hit, Member, Severity, Source
from monitor.story import origins
from monitor.story.corroboration import corroborate
from monitor.story.credits import credited
from monitor.story.denials import denies

CREDITS = yaml.safe_load((Path(__file__).parents[1] / "cases" / "credits.yaml").read_text(encoding="utf-8"))
NUMBERS = count(1)


def article_of(title: str = "", text: str = "", **facts: object) -> Article:
    number = next(NUMBERS)
    given = {
        "id": f"a{number}",
        "source_id": "s",
        "identity": "i",
        "url": "",
        "link": "",
        "body": "",
        "seen_at": number,
    }
    return Article(title=title, summary=text, **{**given, **facts})  # type: ignore[arg-type]


def member(source: str, text: str = "The ferry left without its captain.", **facts: object) -> Member:
    """One article: `source` is "name" or "name/reliability", and further facts are those of source or member."""
    name, _, reliability = source.partition("/")
    about = {key: facts.pop(key) for key in ("family", "publisher") if key in facts}
    joined = {key: facts.pop(key) for key in ("join", "like") if key in facts}
    words = str(facts.pop("evidence", ""))
    article = article_of(str(facts.pop("title", "")), text, source_id=name.lower(), language="en", **facts)
    hits = (hit_on(article, words),) if words else ()
    known = Source(id=name.lower(), url="", title=name, reliability=reliability or "F", **about)  # type: ignore[arg-type]
    return Member(article=article, source=known, hits=hits, **joined)  # type: ignore[arg-type]


def hit_on(article: Article, words: str) -> Hit:
    start = article.summary.index(words)
    one = Evidence("any", words, words, Field.SUMMARY, start, start + len(words))
    return Hit(article_id=article.id, rule_id="r", rule_name="R", watch="", severity=Severity.HIGH, evidence=(one,))


def voices(*members: Member) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.name, one.sources) for one in corroborate(members).voices]


# --- credits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CREDITS, ids=[(case.get("title") or case["text"])[:50] for case in CREDITS])
def test_an_article_credits_those_whose_news_it_is(case: dict[str, str]) -> None:
    article = article_of(case.get("title", ""), case["text"], author=case.get("author", ""))
    assert credited(article) == list(case["to"])


def test_a_credit_counts_wherever_the_evidence_lies() -> None:
    text = "It rained. The harbour was full. People waited. The ferry sank, according to Reuters. It was old."
    article = article_of("", text)
    assert credited(article) == []
    assert credited(article, [hit_on(article, "ferry")]) == ["reuters"]


def test_every_agency_is_known_by_its_own_name() -> None:
    for key, name in origins.names().items():
        if key != origins.UNNAMED:
            assert origins.known(name) == key


@pytest.mark.parametrize(
    "piece", ["according to the ", "сообщает агентство ", "(", "Reuters ", "TASS: ", "- PAP", "A. "]
)
def test_hostile_repetition_does_not_take_long(piece: str) -> None:
    began = time.perf_counter()
    credited(article_of(piece * 2000, piece * 5000, author=piece * 100))
    assert time.perf_counter() - began < 2


@given(st.text(st.sampled_from("\ue000\ue001019 ReutersBC.(-)\n"), max_size=60))
def test_private_characters_in_a_text_are_no_marks(text: str) -> None:
    assert set(credited(article_of(text, text, author=text))) <= set(origins.names())


# --- voices ----------------------------------------------------------------------------------------------------------


def test_publishers_of_one_family_are_one_voice() -> None:
    found = corroborate([member("Morning", family="Quayside"), member("Evening", family="Quayside"), member("Herald")])
    assert (found.articles, found.sources, found.independent) == (3, 3, 2)
    assert [(one.name, one.sources) for one in found.voices] == [
        ("Quayside", ("morning", "evening")),
        ("Herald", ("herald",)),
    ]
    assert found.first == "morning"


def test_forty_papers_with_one_wire_are_one_voice() -> None:
    papers = [member(f"Paper{number}", "LORNE (Reuters) - The ferry left.") for number in range(40)]
    assert [name for name, _ in voices(*papers)] == ["Reuters"]


def test_the_agency_itself_and_who_prints_it_are_one_voice() -> None:
    assert voices(member("Reuters", publisher="Reuters"), member("Herald", "The ferry left, Reuters reported.")) == [
        ("Reuters", ("reuters", "herald"))
    ]


def test_a_copy_speaks_for_who_had_it_first_and_for_the_agency_that_any_copy_credits() -> None:
    first = member("Morning")
    copy = member("Evening", join="copy", like=first.article.id)
    credits_it = member("Night", "The ferry left. (AFP)", join="copy", like=copy.article.id)
    assert voices(first, copy) == [("Morning", ("morning", "evening"))]
    assert voices(first, copy, credits_it) == [("AFP", ("morning", "evening", "night"))]


def test_who_relays_another_outlet_of_the_story_is_that_outlet_s_voice() -> None:
    found = voices(member("Herald"), member("Gazette", "The ferry left without its captain, the Herald reported."))
    assert found == [("Herald", ("herald", "gazette"))]


def test_two_that_relay_an_outlet_outside_the_story_are_one_voice() -> None:
    one = member("Herald", "The New York Times reported that the ferry had no licence.")
    two = member("Gazette", "Паром не имел лицензии, пишет The New York Times.")
    assert voices(one, two) == [("The New York Times", ("herald", "gazette"))]


def test_reports_without_a_name_are_one_voice_however_many_relay_them() -> None:
    found = voices(
        member("Herald", title="Ferry had no licence: Report"),
        member("Gazette", title="Ferry had no licence, sources said"),
        member("Echo", "The ferry had no licence, media reports said."),
    )
    assert found == [("reports without a name", ("herald", "echo")), ("Gazette", ("gazette",))]


def test_relays_are_followed_to_their_origin() -> None:
    found = voices(
        member("Herald", "The ferry left, according to AFP."),
        member("Gazette", "The ferry left, the Herald reported."),
        member("Echo", "The ferry left, Gazette reports."),
    )
    assert found == [("AFP", ("herald", "gazette", "echo"))]


def test_outlets_that_credit_each_other_are_one_voice() -> None:
    found = voices(
        member("Herald", "The ferry left, the Gazette reported."), member("Gazette", "The Herald reported it first.")
    )
    assert len(found) == 1


def test_a_paper_with_a_wire_and_a_report_of_its_own_is_a_voice_beside_the_agency() -> None:
    found = voices(member("Herald", "LORNE (AP) - The ferry left."), member("Herald", "Our man saw the ferry leave."))
    assert [name for name, _ in found] == ["Associated Press", "Herald"]


def test_behind_google_news_stand_its_publishers() -> None:
    where = "https://news.google.com/rss/articles/1"
    found = voices(
        member("Google News", title="Ferry leaves - The Lorne Echo", url=where),
        member("Google News", title="No captain on ferry - Reuters", url=where),
    )
    assert [name for name, _ in found] == ["The Lorne Echo", "Reuters"]


@pytest.mark.parametrize("where", ["http://[", "A://[", "https://news.google.com.evil.example/", "//"])
def test_an_address_that_is_none_names_no_publisher(where: str) -> None:
    assert [name for name, _ in voices(member("Morning", title="Ferry leaves - The Lorne Echo", url=where))] == [
        "Morning"
    ]


def test_the_first_is_who_was_seen_first_whatever_the_order() -> None:
    early, late = member("Morning"), member("Evening")
    assert corroborate([late, early]) == corroborate([early, late])
    assert corroborate([late, early]).first == "morning"


def test_a_story_without_members_is_refused() -> None:
    with pytest.raises(ValueError, match="members"):
        corroborate([])


# --- credibility -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratings", "number"),
    [
        ("AB", 1),
        ("BB", 1),
        ("CCC", 1),
        ("BCC", 1),
        ("A", 2),
        ("BC", 2),
        ("CC", 2),
        ("BF", 2),
        ("CF", 2),
        ("FFFFF", 2),
        ("B", 3),
        ("C", 3),
        ("CD", 3),
        ("FF", 3),
        ("D", 4),
        ("DE", 4),
        ("EEEEEE", 4),
        ("F", 6),
        ("FD", 6),
    ],
)
def test_credibility_follows_independence_and_reliability(ratings: str, number: int) -> None:
    found = corroborate([member(f"Paper{place}/{letter}") for place, letter in enumerate(ratings)])
    assert (found.credibility, found.reason.partition(":")[0]) == (number, CREDIBILITY[number])


def test_the_reason_names_the_voices() -> None:
    found = corroborate([member("Herald/B"), member("Gazette/A")])
    assert found.reason == "confirmed by other sources: Gazette (A) and Herald (B) have it independently"


@pytest.mark.parametrize(("denying", "number"), [(0, 1), (1, 2), (2, 4), (4, 5)])
def test_what_is_denied_is_believed_less(denying: int, number: int) -> None:
    told = [
        member(f"Paper{place}/B", title="Port denies that ferry left" if place < denying else "Ferry left")
        for place in range(4)
    ]
    found = corroborate(told)
    assert found.credibility == number
    assert ("denied" in found.reason) is bool(denying)


def test_what_everybody_tells_as_one_party_s_words_is_not_confirmed_by_many() -> None:
    text = "Two brigades moved south, the ministry said."
    found = corroborate([member(f"Paper{place}/B", text, evidence="brigades") for place in range(3)])
    assert found.credibility == 3
    assert found.reason.endswith("all tell it as what the ministry said")
    assert {claim.party for claim in found.claims} == {"the ministry"}
    seen = member("Echo/B", "Our reporter saw two brigades move south.", evidence="brigades")
    assert corroborate([member("Herald/B", text, evidence="brigades"), seen]).credibility == 1


@pytest.mark.parametrize(
    ("title", "denied"),
    [
        ("Ministry denies that troops moved", True),
        ("Fact check: false, no troops moved", True),
        ("Минобороны опровергло переброску войск", True),
        ("Генштаб спростував інформацію про наступ", True),
        ("Мінабароны абвергла чуткі", True),
        ("MON zaprzecza doniesieniom", True),
        ("Court denies bail to captain", False),
        ("Captain was denied entry", False),
        ("Ministry does not deny that troops moved", False),
        ("Министерство не опровергло слухи", False),
        ("Troops moved on Friday", False),
    ],
)
def test_a_denial_is_told_from_other_denying(title: str, denied: bool) -> None:
    assert denies(article_of(title)) is denied


# --- for any story ---------------------------------------------------------------------------------------------------

TEXTS = st.sampled_from(
    [
        "The ferry left.",
        "LORNE (AFP) - The ferry left.",
        "The ferry left, P1 reported.",
        "The ferry left, P2 reports.",
        "According to P3, the ferry left.",
        "The ferry left, Reuters reported.",
        "(((",
        "",
    ]
)
MEMBERS = st.lists(
    st.tuples(st.integers(0, 4), TEXTS, st.sampled_from("ABCDEF"), st.sampled_from(["", "Quay"]), st.integers(-1, 6)),
    min_size=1,
    max_size=8,
)


@given(MEMBERS)
def test_every_article_has_one_voice_and_order_does_not_matter(facts: list[tuple[int, str, str, str, int]]) -> None:
    members: list[Member] = []
    for number, text, letter, family, like in facts:
        copied = {"join": "copy", "like": members[like].article.id} if 0 <= like < len(members) else {}
        members.append(member(f"P{number}/{letter}", text, family=family, **copied))
    found = corroborate(members)
    told = [article for one in found.voices for article in one.articles]
    assert sorted(told) == sorted(one.article.id for one in members)
    assert 1 <= found.independent <= len(members)
    assert found.credibility in CREDIBILITY
    assert corroborate(members[::-1]) == found
