"""What was told of a story, and what is new against it, in words."""

import json
from dataclasses import replace

import pytest
from given_alerts import ARTICLE, NOW, SOURCE, hit, story
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alert.facts import Facts, differences, facts_of, grouped, plain_number
from monitor.model import Corroboration, Located, Member, Severity, Voice

BEFORE = Facts(
    severity=Severity.HIGH,
    rules={"border": "Border deployment"},
    grades={"border": "high"},
    articles=1,
    independent=1,
    voices=("BelTA",),
    credibility=3,
    countries=("BY",),
    places=("Brest, BY",),
    numbers=("12000",),
    counted={"12000": "soldiers"},
)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ()),
        ({"articles": 9}, ()),  # copies tell nothing new
        ({"independent": 2, "voices": ("BelTA", "Reuters")}, ("1 more independent source: Reuters",)),
        (
            {"independent": 6, "voices": ("BelTA", "A", "B", "C", "D", "E")},
            ("5 more independent sources: A, B, C and 2 more",),
        ),
        (
            {"independent": 3, "voices": ("Old name", "BelTA", "Reuters")},
            ("2 more independent sources: Old name, Reuters",),
        ),
        (
            {
                "severity": Severity.CRITICAL,
                "rules": {"border": "Border deployment", "strike": "Strike", "low": "Low one"},
                "grades": {"border": "high", "strike": "critical", "low": "low"},
            },
            ("now critical: rule Strike", "new rule: Low one"),
        ),
        ({"severity": Severity.CRITICAL}, ("now critical",)),  # the rule itself became more severe
        ({"severity": Severity.LOW}, ()),
        (
            {"rules": {"border": "Border deployment", "a": "A", "b": "B"}, "grades": {"a": "low", "b": "low"}},
            ("new rules: A, B",),
        ),
        ({"credibility": 2}, ("credibility now 2 probably true (was 3 possibly true)",)),
        ({"credibility": 0}, ()),
        ({"places": ("Brest, BY", "Terespol, PL"), "countries": ("BY", "PL")}, ("new place: Terespol, PL",)),
        ({"countries": ("BY", "LT", "PL")}, ("new countries: LT, PL",)),
        ({"numbers": ("12000", "30000"), "counted": {"30000": "soldier"}}, ("now 30,000 soldier (was 12,000)",)),
        ({"numbers": ("12000", "5"), "counted": {"5": "areas"}}, ("new number: 5 areas",)),
        ({"numbers": ("7",), "counted": {}}, ("new number: 7",)),
    ],
)
def test_the_differences(changes: dict[str, object], words: tuple[str, ...]) -> None:
    assert differences(BEFORE, replace(BEFORE, **changes)) == words  # type: ignore[arg-type]


def test_what_nobody_judged_before_is_no_news() -> None:
    assert differences(replace(BEFORE, credibility=0), BEFORE) == ()


TEXTS = st.text(max_size=20)
FACTS = st.builds(
    Facts,
    severity=st.sampled_from(Severity),
    rules=st.dictionaries(TEXTS, TEXTS, max_size=3),
    grades=st.dictionaries(TEXTS, st.sampled_from([one.value for one in Severity]), max_size=3),
    articles=st.integers(1, 99),
    independent=st.integers(1, 99),
    voices=st.lists(TEXTS, max_size=3).map(tuple),
    credibility=st.integers(0, 6),
    countries=st.lists(TEXTS, max_size=3).map(tuple),
    places=st.lists(TEXTS, max_size=3).map(tuple),
    numbers=st.lists(TEXTS | st.integers(0).map(str), max_size=3).map(tuple),
    counted=st.dictionaries(TEXTS, TEXTS, max_size=3),
)


@settings(deadline=None)
@given(FACTS, FACTS)
def test_facts_outlive_a_restart_and_nothing_is_new_against_itself(one: Facts, other: Facts) -> None:
    kept = Facts.from_json(json.loads(json.dumps(one.to_json())))
    assert kept == one
    assert differences(one, kept) == ()
    assert all(words and isinstance(words, str) for words in differences(one, other))


def test_what_an_older_program_stored_is_read() -> None:
    assert Facts.from_json({}) == Facts()


def test_the_facts_of_a_story() -> None:
    def member(number: int, title: str, located: Located | None) -> Member:
        article = replace(ARTICLE, id=f"a{number}", title=title)
        return Member(article=article, source=SOURCE, hits=(hit(article),), located=located)

    near = Located(countries=("BY", "PL"), place="Brest", kind="place", sure="likely")
    guess = Located(countries=("FR",), place="Brest", kind="place", sure="guess")
    country = Located(countries=("UA",), place="Ukraine", kind="country", sure="sure")
    members = (member(1, "12 000 soldiers near the border", near), member(2, "30,000", guess), member(3, "x", country))
    voices = tuple(Voice(name=name, sources=(), articles=(), first_at=NOW) for name in ("BelTA", "Reuters"))
    founded = Corroboration(
        articles=3, sources=3, voices=voices, first="x", first_at=NOW, credibility=2, reason="two voices"
    )
    one = replace(story(), members=members, corroboration=founded, numbers=frozenset({"30000", "12000"}))
    assert facts_of(one) == Facts(
        severity=Severity.HIGH,
        rules={"border-deployment": "Rule border-deployment"},
        grades={"border-deployment": "high"},
        articles=3,
        independent=2,
        voices=("BelTA", "Reuters"),
        credibility=2,
        countries=("BY", "UA"),
        places=("Brest, BY",),
        numbers=("12000", "30000"),
        counted={"12000": "soldiers"},
    )


def test_the_facts_of_a_story_that_nobody_judged() -> None:
    facts = facts_of(story())
    assert (facts.articles, facts.independent, facts.voices, facts.credibility) == (1, 1, ("Kestrel Wire",), 0)


@pytest.mark.parametrize(
    ("written", "plain", "shown"),
    [
        ("30,000", "30000", "30,000"),
        ("30 000", "30000", "30,000"),
        ("30\u202f000", "30000", "30,000"),
        ("1.500.000", "1500000", "1,500,000"),
        ("2022", "2022", "2022"),
        ("3.5", "3.5", "3.5"),
        ("7", "7", "7"),
    ],
)
def test_numbers_as_people_write_them(written: str, plain: str, shown: str) -> None:
    assert plain_number(written) == plain
    assert grouped(plain) == shown
