"""The worked example of the design: one report in five languages, whole and damaged, and every fact is recognised."""

from pathlib import Path
from typing import Any

import pytest
from rule_builders import NOW, shipped

from monitor.config.yaml import parse
from monitor.extract import extract
from monitor.model import Article, Entry, Hit, Source

CASES = parse(
    (Path(__file__).parents[1] / "cases" / "worked_example.yaml").read_text(), file="worked_example.yaml"
).data
SIGNS = "“”„‘’—–…🇧🇾🇺🇦"
ASIDES = ("crosslink", "call")
SOURCE = Source(id="kestrel", url="https://kestrel.example/rss")


def damaged(text: str) -> str:
    """Read the UTF-8 of quotes, dashes and flags as Greek, which happens to them on the way; letters arrive whole."""
    return "".join(_greek(sign) if sign in SIGNS else sign for sign in text)


def _greek(sign: str) -> str:
    return "".join(bytes((byte,)).decode("cp1253", "ignore") or chr(byte) for byte in sign.encode())


def article_of(case: dict[str, Any], language: str, *, damage: bool) -> Article:
    """Make an article of a case as its feed brings it: with other people's lines and a post between its paragraphs."""
    paragraphs = list(case["paragraphs"])
    paragraphs[1:1] = [case["crosslink"]]
    paragraphs[3:3] = [case["call"]]
    html = "".join(f"<p>{one}</p>" for one in paragraphs) + f"<blockquote><p>{case['post']}</p></blockquote>"
    broken = damaged if damage else str
    entry = Entry(guid="g", title=broken(case["title"]), summary=broken(html), language=language)
    return extract(entry, source=SOURCE, feed_language="", base_url="https://kestrel.example/", now=NOW)


@pytest.mark.parametrize("damage", [False, True], ids=["whole", "damaged"])
@pytest.mark.parametrize("language", CASES)
def test_each_fact_hits_the_right_rule_with_the_right_words(language: str, damage: bool) -> None:
    case = CASES[language]
    article = article_of(case, language, damage=damage)
    assert ("mojibake-repaired" in article.flags) == damage
    assert article.title == case["title"]
    hits = {hit.rule_id: hit for hit in shipped().match(article, SOURCE, now=NOW)}
    for rule_id, wanted in case["facts"].items():
        assert rule_id in hits, f"{rule_id} did not hit"
        found = words_of(hits[rule_id])
        assert [one for one in wanted if not any(one.lower() in words for words in found)] == [], (rule_id, found)


@pytest.mark.parametrize("language", CASES)
def test_what_is_not_the_articles_own_is_no_evidence(language: str) -> None:
    article = article_of(CASES[language], language, damage=True)
    marked = [article.summary[mark.start : mark.end] for mark in article.marks]
    assert marked == [CASES[language][aside] for aside in ASIDES]
    for hit in shipped().match(article, SOURCE, now=NOW):
        for evidence in hit.evidence:
            text = article.text(evidence.field)
            assert text[evidence.start : evidence.end] == evidence.words
            assert not any(evidence.words in aside for aside in marked)


@pytest.mark.parametrize("language", CASES)
def test_each_fact_is_recognised_in_its_own_sentence(language: str) -> None:
    """A fact must not be found only because another one stands beside it."""
    case = CASES[language]
    texts = [*case["paragraphs"], case["post"]]
    for rule_id in case["facts"]:
        alone = [text for text in texts if rule_id in hits_of(text, language)]
        assert alone, f"no single paragraph says {rule_id}"


def hits_of(text: str, language: str) -> set[str]:
    entry = Entry(guid="g", title="", summary=f"<p>{damaged(text)}</p>", language=language)
    article = extract(entry, source=SOURCE, feed_language="", base_url="", now=NOW)
    return {hit.rule_id for hit in shipped().match(article, SOURCE, now=NOW)}


def words_of(hit: Hit) -> list[str]:
    return [evidence.words.lower() for evidence in hit.evidence]
