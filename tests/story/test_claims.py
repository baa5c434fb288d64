"""Who says what a sentence tells: cases in five languages, and what holds for any text."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Article, Evidence, Field, Hit, Severity
from monitor.story.attribution import GRAMMARS
from monitor.story.claims import claims, only_claimed

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "claims.yaml").read_text(encoding="utf-8"))
LISTED = [(language, case) for language, cases in CASES.items() for case in cases]


def article_of(text: str, language: str, *, title: str = "") -> Article:
    return Article(
        id="a1", source_id="s", identity="i", url="", link="", title=title, summary=text, body="", language=language
    )


def hit_on(article: Article, words: str) -> Hit:
    start = article.summary.index(words)
    one = Evidence("any", words, words, Field.SUMMARY, start, start + len(words))
    return Hit(article_id="a1", rule_id="r", rule_name="R", watch="w", severity=Severity.HIGH, evidence=(one,))


@pytest.mark.parametrize(("language", "case"), LISTED, ids=[case["text"][:50] for _, case in LISTED])
def test_a_sentence_is_attributed_to_its_party(language: str, case: dict[str, str]) -> None:
    text = case["text"]
    article = article_of("", language, title=text) if case.get("title") else article_of(text, language)
    found = [(one.party, one.words) for one in claims(article)]
    if case["party"] == "none":
        assert found == []
    else:
        assert [party for party, _ in found] == [case["party"]]
        assert case.get("words", "") in found[0][1]


def test_a_claim_is_a_sentence_and_says_whether_evidence_lies_in_it() -> None:
    text = "It rained. Two brigades moved south, the ministry said. The minister denied a delay."
    article = article_of(text, "en")
    found = claims(article, [hit_on(article, "brigades")])
    assert [(text[one.start : one.end], one.evident) for one in found] == [
        ("Two brigades moved south, the ministry said.", True),
        ("The minister denied a delay.", False),
    ]


@pytest.mark.parametrize(("words", "only"), [(["brigades"], True), (["brigades", "rained"], False)])
def test_a_hit_is_only_claimed_where_all_its_evidence_lies_in_claims(words: list[str], only: bool) -> None:
    article = article_of("It rained on the camp. Two brigades moved south, the ministry said.", "en")
    hits = [hit_on(article, word) for word in words]
    assert only_claimed(article, hits, claims(article, hits)) is only


def test_hits_on_an_older_text_are_no_evidence() -> None:
    article = article_of("Two brigades moved south, the ministry said.", "en")
    (old,) = [hit_on(article, "brigades")]
    newer = Article(**{**{name: getattr(article, name) for name in Article.__slots__}, "version": 2})
    assert [one.evident for one in claims(newer, [old])] == [False]


@given(st.text(max_size=300), st.sampled_from([*GRAMMARS, "", "xx"]))
def test_any_text_is_read_and_each_claim_lies_in_it(text: str, language: str) -> None:
    article = article_of(text, language, title=text[:80])
    for one in claims(article):
        assert one.party
        assert 0 <= one.start < one.end <= len(article.text(one.field))


@pytest.mark.parametrize("language", GRAMMARS)
@pytest.mark.parametrize(
    "piece", ["Minister ", "the ministry of ", "в ", "А ", "said ", "Ab Ab, ", "МИД ", "(" * 5, "по словам "]
)
def test_hostile_repetition_does_not_take_long(language: str, piece: str) -> None:
    import time

    article = article_of(piece * 5000, language)
    began = time.perf_counter()
    claims(article)
    assert time.perf_counter() - began < 2
