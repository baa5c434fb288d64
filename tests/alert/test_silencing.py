"""Which stories a silence is about."""

from dataclasses import replace

import pytest

from monitor.alert.silencing import described, has_word, is_silent
from monitor.model import Article, Evidence, Field, Hit, Located, Member, Novelty, Severity, Silence, Source, Story

NOW = 1_790_000_000.0
ARTICLE = Article(
    id="a1", source_id="wire", identity="i", url="", link="", title="Drills begin near Brest", summary="", body=""
)
SOURCE = Source(id="wire", url="")
HIT = Hit(
    article_id="a1",
    rule_id="drill",
    rule_name="Drill",
    watch="Border",
    severity=Severity.MEDIUM,
    evidence=(Evidence("any", "drills", "Drills", Field.TITLE, 0, 6),),
)
BREST = Located(countries=("BY", "PL"), place="Brest", sure="likely")
MEMBER = Member(article=ARTICLE, source=SOURCE, hits=(HIT,), located=BREST)
STORY = Story(
    id="s1", article=ARTICLE, source=SOURCE, hits=(HIT,), novelty=Novelty.NEW, first_seen=NOW, members=(MEMBER,)
)
OTHER_RULE = replace(HIT, rule_id="deal", watch="Arms", severity=Severity.HIGH)


def silence(**values: object) -> Silence:
    given = {"id": 1, "author": "ann", "reason": "known", "start": NOW - 10, "end": NOW + 10}
    return Silence(**{**given, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("named", "silent"),
    [
        ({}, True),
        ({"rules": ("drill",)}, True),
        ({"rules": ("deal", "drill")}, True),
        ({"rules": ("deal",)}, False),
        ({"watches": ("Border",)}, True),
        ({"watches": ("Arms",)}, False),
        ({"sources": ("wire", "paper")}, True),
        ({"sources": ("paper",)}, False),
        ({"countries": ("BY",)}, True),
        ({"countries": ("PL",)}, False),
        ({"words": ("brest",)}, True),
        ({"words": ("minsk", "begin near")}, True),
        ({"words": ("bres",)}, False),
        ({"words": ("bres*",)}, True),
        ({"channels": ("room",)}, True),
        ({"channels": ("mail",)}, False),
        ({"below": Severity.HIGH}, True),
        ({"below": Severity.MEDIUM}, False),
        ({"rules": ("drill",), "countries": ("UA",)}, False),
        ({"start": NOW + 1}, False),
        ({"end": NOW}, False),
    ],
)
def test_a_silence_is_about_what_it_names(named: dict[str, object], silent: bool) -> None:
    assert is_silent(silence(**named), STORY, "room/ann@example.org", NOW) is silent


@pytest.mark.parametrize(
    ("named", "grown"),
    [
        ({"rules": ("drill",)}, replace(STORY, hits=(HIT, OTHER_RULE))),
        ({"watches": ("Border",)}, replace(STORY, hits=(HIT, OTHER_RULE))),
        ({"below": Severity.HIGH}, replace(STORY, hits=(HIT, OTHER_RULE))),
        ({"sources": ("wire",)}, replace(STORY, members=(MEMBER, replace(MEMBER, source=Source(id="paper", url=""))))),
        (
            {"countries": ("BY",)},
            replace(STORY, members=(MEMBER, replace(MEMBER, located=Located(countries=("UA",), sure="sure")))),
        ),
    ],
)
def test_a_story_that_has_more_than_what_is_named_is_told(named: dict[str, object], grown: Story) -> None:
    assert is_silent(silence(**named), STORY, "room", NOW)
    assert not is_silent(silence(**named), grown, "room", NOW)


def test_where_a_story_is_has_to_be_more_than_a_guess() -> None:
    guessed = replace(STORY, members=(replace(MEMBER, located=Located(countries=("BY",), sure="guess")),))
    nowhere = replace(STORY, members=(replace(MEMBER, located=None),))
    for one in (guessed, nowhere):
        assert not is_silent(silence(countries=("BY",)), one, "room", NOW)


@pytest.mark.parametrize(
    ("headline", "word", "has"),
    [
        ("Навучанні «Захад» скончыліся", "захад", True),
        ("Захадняя брама", "захад", False),
        ("Захадняя брама", "захад*", True),
        ("A deal, at last", "deal at", True),
        ("Anything", "", False),
        ("Anything", "*", False),
    ],
)
def test_words_are_whole_and_their_case_does_not_matter(headline: str, word: str, has: bool) -> None:
    assert has_word(headline, word) is has


def test_a_silence_says_itself_in_words() -> None:
    one = silence(rules=("drill", "deal"), channels=("room",), below=Severity.HIGH)
    assert described(one) == "rule drill or deal; channel room; below high"
    assert described(silence()) == "all stories"
