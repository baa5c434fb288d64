"""Warnings about rules: each check by what it says, and rules that must get none."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_builders import NOW, article_of, compiled, source_of

from monitor.config.yaml import load_located, parse
from monitor.match.covering import Cover, covers
from monitor.match.lint import LINTS, lint
from monitor.match.outline import Outline
from monitor.match.rulebook import RuleBook, RuleDocument
from monitor.match.survey import Survey
from monitor.match.terms import BadTerm, Terms
from monitor.resources import seeds

SOURCES = [
    source_of(id="kestrel", tags=["world", "official"], publisher="Kestrel News", country="PL", reliability="B"),
    source_of(id="severny", tags=["state-media"], publisher="Severny", country="RU", language="ru"),
]


def remarks(match: object, terms: Mapping[str, Any] | None = None, **rule: object) -> list[str]:
    """Return what is said of one rule, without hints."""
    book, problems = compiled({"terms": terms, "rules": [{"id": "it", "match": match, **rule}]})
    assert [str(problem) for problem in problems] == []
    found = lint(book, SOURCES)
    assert all(one.warning and one.hint and one.file == "file1.yaml" and one.line for one in found)
    return [one.message for one in found]


NEVER = "rule it can never match: "

SAID: list[tuple[str, object, Mapping[str, Any] | None, str]] = [
    # --- can never match
    ("what is needed is excluded", {"any": ["border"], "not": ["border"]}, None, f"{NEVER}'border' is excluded"),
    (
        "by a shorter phrase",
        {"any": ["border collie", "border terrier"], "not": ["border"]},
        None,
        f"{NEVER}'border collie' is excluded by 'border', and so is the rest",
    ),
    ("by a prefix", {"all": [["troops"], ["moving"]], "not": ["mov*"]}, None, f"{NEVER}'moving' is excluded by 'mov*'"),
    (
        "a whole term set",
        {"near": {"within": "sentence", "of": ["$forces", "border"]}, "not": ["troop*", "soldier*"]},
        {"forces": ["troops", "soldiers"]},
        f"{NEVER}$forces: 'troops' is excluded by 'troop*', and so is the rest",
    ),
    (
        "within near",
        {"near": {"within": 5, "of": ["troops", "border", {"not": ["border"]}]}},
        None,
        f"{NEVER}'border' is excluded",
    ),
    ("in the title only", {"title": ["drill"], "not": ["drill*"]}, None, f"{NEVER}'drill' is excluded by 'drill*'"),
    (
        "in an all within an all",
        {"all": [["troops"], {"all": [["border"], {"not": ["troops"]}]}]},
        None,
        f"{NEVER}'troops' is excluded",
    ),
    (
        "too few can hold",
        {"at_least": {"n": 2, "of": ["troops", "border", "tanks"]}, "not": ["troops", "border"]},
        None,
        f"{NEVER}2 must hold, and only 1 can: 'troops' is excluded",
    ),
    (
        "two languages",
        {"all": [{"language": "ru"}, {"language": ["en", "pl"]}, ["NATO"]]},
        None,
        f"{NEVER}it asks for two languages at once",
    ),
    (
        "two countries",
        {"all": [{"source": {"country": "PL"}}, {"source": {"country": "RU"}}, ["NATO"]]},
        None,
        f"{NEVER}no source has two values of 'country'",
    ),
    (
        "a language that no term speaks",
        {"any": ["$moving"], "language": "pl"},
        {"moving": {"en": ["deployed"], "de": ["verlegt"]}},
        f"{NEVER}$moving: 'deployed' is not for articles in pl, and so is the rest",
    ),
    (
        "a script that the language has not",
        {"any": ["спецназ"], "language": "en"},
        None,
        "no term of this list is in the letters of en: it can match a quotation only",
    ),
    (
        "too close together",
        {"near": {"within": 1, "of": ["troops", "cross", "border"]}},
        None,
        f"{NEVER}3 members do not fit within 1: 2 are needed",
    ),
    # --- parts that can never hold
    (
        "an alternative",
        {"any": ["troops", {"all": [["border"], {"not": ["border"]}]}]},
        None,
        "this part can never hold: 'border' is excluded",
    ),
    (
        "an exclusion",
        {"any": ["troops"], "not": {"all": [["border"], {"not": ["bord*"]}]}},
        None,
        "this excludes nothing: 'border' is excluded by 'bord*'",
    ),
    (
        "a term that is excluded",
        {"any": ["border fence", "border guard"], "not": ["border guard*"]},
        None,
        "'border guard' is looked for and excluded by 'border guard*' at once: it never counts",
    ),
    (
        "the name of a set without its sign",
        {"near": {"within": 5, "of": ["$rail", "harm"]}},
        {"rail": ["track"], "harm": ["cut", "blown"]},
        "'harm' is the name of a term set, and stands here as a word",
    ),
    (
        "a term of a set in a near",
        {"near": {"within": 5, "of": ["$damage", "rail"]}, "not": ["cut"]},
        {"damage": ["cut", "blown"]},
        "'cut' is excluded, and is a term of $damage: it can never be what matches here",
    ),
    (
        "a term of a list in a near",
        {"near": {"within": 5, "of": [["cut", "blown"], "rail"]}, "not": ["cut"]},
        None,
        "'cut' is looked for and excluded at once: it never counts",
    ),
    # --- everything
    ("only exclusions", {"not": ["sport"]}, None, "rule it matches nearly every article: nothing in it must be there"),
    ("only an age", {"age": {"max": "2d"}}, None, "rule it matches nearly every article: it says only how old"),
    (
        "an exclusion among alternatives",
        {"any": ["border", {"not": ["sport"]}]},
        None,
        "rule it matches nearly every article: nothing in it must be there",
    ),
    (
        "in a part",
        {"all": [["troops"], {"any": ["border", {"not": ["sport"]}]}]},
        None,
        "this alternative holds for nearly every article: nothing in it must be there",
    ),
    (
        "an everyday word",
        {"all": [["troops"], ["border", "at"]]},
        None,
        "'at' is an everyday word: the list holds in very many articles",
    ),
    (
        "a prefix of one",
        ["$say"],
        {"say": {"ru": ["что*", "заявил*"]}},
        "'что*' finds 'что', an everyday word: the list holds in very many articles",
    ),
    (
        "an everyday word excluded",
        {"any": ["troops"], "not": ["us"]},
        None,
        "'us' is an everyday word: it excludes very many articles",
    ),
    (
        "a small word within a sentence",
        {"near": {"within": "sentence", "of": [["troops"], ["us", "nato forces"]]}},
        None,
        "'us' is an everyday word: the list holds in very many articles",
    ),
    (
        "a form that excludes the word",
        {"any": ["$drills"], "not": ["drilling", "oil rig"]},
        {"drills": {"en": ["drill", "exercise"]}},
        "'drilling' excludes every form of the word, also 'drill', which the rule looks for",
    ),
    (
        "a form that excludes what a prefix finds",
        {"near": {"within": 9, "of": [["navy"], ["drill*"]]}, "not": ["drilled"]},
        None,
        "'drilled' excludes every form of the word, also 'drill*', which the rule looks for",
    ),
    # --- lists
    ("twice", ["troops", "tanks", "troops"], None, "'troops' is in this list twice"),
    (
        "twice, folded",
        ["air defence", "Air-Defence"],
        None,
        "'Air-Defence' is in this list twice: 'air defence' finds the same",
    ),
    ("by a prefix before", ["troop*", "troops"], None, "'troops' adds nothing to this list: 'troop*' finds it already"),
    ("by a prefix after", ["troops", "troop*"], None, "'troops' adds nothing to this list: 'troop*' finds it already"),
    (
        "by a shorter phrase",
        ["special forces", "forces"],
        None,
        "'special forces' adds nothing to this list: 'forces' finds it already",
    ),
    ("by small letters", ["NATO", "nato"], None, "'NATO' adds nothing to this list: 'nato' finds it already"),
    ("exact", ["=Orlan", "orlan"], None, "'=Orlan' adds nothing to this list: 'orlan' finds it already"),
    (
        "in a set",
        ["$a"],
        {"a": {"ru": ["ракета", "ракет*"]}},
        "'ракета' adds nothing to this list: 'ракет*' finds it already",
    ),
    ("a set twice", {"any": ["$a", "$a"]}, {"a": ["tank"]}, "$a is in this list 2 times"),
    ("an unused set", ["troops"], {"a": ["tank"]}, "no rule uses the term set $a"),
    # --- sources
    (
        "an unknown tag",
        {"any": ["troops"], "source": {"tag": "state_media"}},
        None,
        "no source has the tag 'state_media'",
    ),
    (
        "an unknown id",
        {"any": ["troops"], "not": {"source": {"id": ["kestral"]}}},
        None,
        "no source has the id 'kestral'",
    ),
    (
        "an unknown publisher",
        {"source": {"publisher": "Kestrl News"}},
        None,
        "no source has the publisher 'Kestrl News'",
    ),
    (
        "nobody there",
        {"any": ["troops"], "source": {"country": ["BY", "UA"]}},
        None,
        "no source has the country BY or UA: this never holds",
    ),
    (
        "nobody is all of it",
        {"any": ["troops"], "source": {"country": "PL", "tag": "state-media"}},
        None,
        "no source has all of this together: country, tag; this never holds",
    ),
    # --- signs
    ("AND", ["troops AND border"], None, "'troops AND border' is read as a phrase: 'AND' has no meaning in a term"),
    ("OR", ["войска ИЛИ солдаты"], None, "'войска ИЛИ солдаты' is read as a phrase: 'ИЛИ' has no meaning in a term"),
    (
        "NEAR",
        ["troops NEAR/5 border"],
        None,
        "'troops NEAR/5 border' is read as a phrase: 'NEAR/5' has no meaning in a term",
    ),
    ("||", ["troops || border"], None, "'troops || border' is read as a phrase: '||' has no meaning in a term"),
    ("a minus", ["-collie"], None, "'-collie' looks for the word: a - excludes nothing"),
    ("a regular expression", [r"T-\d{2}"], None, r"'T-\\d{2}' is read as words, not as a regular expression"),
    (
        "alternatives",
        ["(troops|soldiers) moved"],
        None,
        "'(troops|soldiers) moved' is read as a phrase: 's|s' has no meaning in a term",
    ),
    ("a star within", ["de*loy"], None, "'de*loy' is read as a phrase, de* and then loy"),
    ("a question mark", ["organi?ation"], None, "'organi?ation' is read as a phrase: ? stands for no letter"),
    (
        "a set within a term",
        ["crossing $border"],
        None,
        "'crossing $border' is read as a phrase: a term set within a term is none",
    ),
    (
        "commas",
        ["troops, tanks, soldiers"],
        None,
        "'troops, tanks, soldiers' is read as one phrase: signs divide no terms",
    ),
    (
        "a stop",
        ["left home. The border"],
        None,
        "'left home. The border' is never found as it is written: a phrase ends with its sentence",
    ),
    # --- letters
    ("two scripts in a word", ["вoйска"], None, "'вoйска' has Latin letters among others (o): it is hardly found"),
    (
        "Latin under ru",
        ["$a"],
        {"a": {"ru": ["troops", "войска"]}},
        "'troops' is in Latin letters, and stands under 'ru'",
    ),
    (
        "a word of another list",
        ["$a"],
        {"a": {"ru": ["lorry", "войска"], "en": ["lorry"]}},
        "'lorry' is in Latin letters, and stands under 'ru'",
    ),
    (
        "a Latin letter as a name",
        ["$a"],
        {"a": {"ru": ["C 300"]}},
        "'C 300' is in Latin letters, and stands under 'ru'",
    ),
    ("Cyrillic under pl", ["$a"], {"a": {"pl": ["войска"]}}, "'войска' is in Cyrillic letters, and stands under 'pl'"),
    # --- capitals
    ("a usual word", ["TROOPS"], None, "'TROOPS' is found in capitals only"),
    ("a Russian one", ["ВОЙСКА"], None, "'ВОЙСКА' is found in capitals only"),
    ("one that the rules know", ["KESTREL", "kestrel flies"], None, "'KESTREL' is found in capitals only"),
]


@pytest.mark.parametrize(("match", "terms", "said"), [case[1:] for case in SAID], ids=[case[0] for case in SAID])
def test_a_mistake_is_told_once(match: object, terms: Mapping[str, Any] | None, said: str) -> None:
    assert remarks(match, terms) == [said]


RIGHT: list[tuple[str, object, Mapping[str, Any] | None]] = [
    ("an exclusion that narrows", {"any": ["border"], "not": ["border collie"]}, None),
    ("an exclusion beside", {"any": ["tank", "troops"], "not": ["think tank", "fish tank"]}, None),
    ("a set of which some are excluded", {"any": ["$forces"], "not": ["tank"]}, {"forces": ["tank", "troops"]}),
    ("a word that is the name of a set in use", {"all": ["$harm", ["harm", "rail"]]}, {"harm": ["cut", "blown"]}),
    ("a set that holds its own name", {"any": ["$harm"]}, {"harm": ["harm", "blown"]}),
    (
        "a set in a near of which a phrase is excluded by its word",
        {"near": {"within": 5, "of": ["$arms", "rail"]}, "not": ["strike"]},
        {"arms": ["strike drone", "missile"]},
    ),
    ("excluded in capitals only", {"any": ["it works"], "not": ["IT WORKS"]}, None),
    ("excluded in another language", {"any": ["$a"], "not": ["$b"]}, {"a": {"en": ["gift"]}, "b": {"de": ["Gift"]}}),
    ("excluded in the title only", {"any": ["border"], "not": {"title": ["border"]}}, None),
    ("excluded nearby", {"any": ["border"], "not": {"near": {"within": 3, "of": ["border", "collie"]}}}, None),
    ("excluded in one alternative", {"any": [{"all": [["a1"], {"not": ["b1"]}]}, "b1"]}, None),
    ("all of a source", {"source": {"tag": "official"}, "not": ["sport"]}, None),
    ("all of a language", {"language": "ru"}, None),
    ("young and about something", {"any": ["troops"], "age": {"max": "2d"}}, None),
    (
        "a small word close by",
        {"near": {"within": 2, "ordered": True, "of": [["agree*"], ["to", "on"], ["buy"]]}},
        None,
    ),
    (
        "a modal word within a sentence",
        {"near": {"within": "sentence", "of": [["troops"], ["will", "after", "said"]]}},
        None,
    ),
    ("a form excluded that nothing looks for", {"any": ["$d"], "not": ["drilling"]}, {"d": {"en": ["exercise"]}}),
    ("one form excluded", {"any": ["$d"], "not": ["=drilling"]}, {"d": {"en": ["drill"]}}),
    ("a plural excluded", {"any": ["$d"], "not": ["tanks"]}, {"d": {"en": ["tank", "army"]}}),
    ("a small word in a phrase", ["call to arms", "state of war"], None),
    ("a word that is everyday elsewhere", ["war", "die", "man"], None),
    ("capitals of an everyday word", ["US", "IT", "WHO"], None),
    ("exact", ["=US", "=It"], None),
    ("one word in several languages", ["$a"], {"a": {"en": ["drone"], "pl": ["drone"], "fr": ["drone"]}}),
    ("Cyrillic neighbours", ["$a"], {"a": {"ru": ["танк*"], "uk": ["танк*"], "be": ["танк*"]}}),
    ("prefixes side by side", ["deploy*", "redeploy*", "employ*"], None),
    ("a phrase and a word of it in capitals", ["NATO summit", "EU summit"], None),
    ("a prefix within a phrase", ["military exercise*", "military exercising"], None),
    ("a longer word is no shorter phrase", ["air defence", "air defences"], None),
    ("a set in a set", ["$a"], {"a": ["$b", "tank"], "b": ["troops"]}),
    ("a set used by a rule that is off", ["troops"], None),
    (
        "known source",
        {"any": ["x1"], "source": {"tag": ["OFFICIAL"], "country": ["PL", "BY"], "reliability": ["A", "B"]}},
        None,
    ),
    ("a source excluded", {"any": ["x1"], "not": {"source": {"country": "US"}}}, None),
    ("a name with capitals", ["SEARCH AND RESCUE", "RULES OF ORIGIN"], None),
    ("and in small letters", ["search and rescue", "now or never"], None),
    ("one comma", ["Paris, Texas", "Minsk, Belarus"], None),
    ("signs in names", ["AT&T", "R&D", "Johnson & Johnson", "C++", "F-16", "24/7", "S-400", "e-mail", "Yahoo!"], None),
    ("abbreviations", ["Gen. Smith", "U.S. Army", "St. Petersburg", "vs. Poland", "No. 5"], None),
    ("a minus before a number", ["-40 degrees", "post-war"], None),
    ("questions", ["why now?", "¿qué?"], None),
    ("a phrase with a star", ["deploy* troops", "военн* учени*"], None),
    ("regular expressions", [r"/\bT-\d{2}\b/", "/a|b/", "/AND OR/"], None),
    (
        "names in Latin letters",
        ["$a"],
        {"a": {"ru": ["NATO", "Telegram", "HIMARS"], "uk": ["F-16", "telegram", "iPhone"]}},
    ),
    ("abbreviations of many letters", ["HIMARS", "ATACMS", "UNICEF", "FRONTEX", "NORTHCOM", "INTERPOL"], None),
    ("short words in capitals", ["TANK", "ARMY", "ПВО", "СБУ"], None),
    ("Serbian in both scripts", ["$a"], {"a": {"sr": ["војска", "vojska"]}}),
    ("Latin and Cyrillic side by side", ["Orlan-10", "Орлан-10", "Т-72", "T-72"], None),
    ("near with room", {"near": {"within": 2, "of": ["troops", "cross", "border"]}}, None),
    ("near with a not", {"near": {"within": 1, "of": ["troops", "border", {"not": ["x1"]}]}}, None),
    ("language and its terms", {"any": ["$a"], "language": ["uk", "be"]}, {"a": {"ru": ["танк*"]}}),
    ("Latin names in Russian articles", {"any": ["NATO"], "language": "ru"}, None),
    ("English names in Russian articles", {"any": ["$a"], "language": "ru"}, {"a": {"en": ["HIMARS"]}}),
    ("some of the terms", {"any": ["$a"], "language": "en"}, {"a": {"en": ["troops"], "ru": ["войска"]}}),
    ("numbers", ["200", 300, "М 777"], None),
    ("two Chinese terms", ["中国", "军队"], None),
]


@pytest.mark.parametrize(("match", "terms"), [case[1:] for case in RIGHT], ids=[case[0] for case in RIGHT])
def test_a_rule_that_is_meant_so_is_left_in_peace(match: object, terms: Mapping[str, Any] | None) -> None:
    assert remarks(match, terms) == []


def test_forms_of_a_word_are_named_together() -> None:
    sets = {"a": {"en": ["send", "sends", "sent", "sender"], "ru": ["войска", "войсками"], "pl": ["broń", "broni"]}}
    assert sorted(remarks(["$a"], sets)) == [
        "'broni' adds nothing to this list: 'broń' finds it already",
        "'войсками' adds nothing to this list: 'войска' finds it already",
        "2 terms add nothing to this list: 'sends', 'sent' ('send' finds them)",
    ]
    several = {"a": {"en": ["tank", "army", "tank", "tanks", "army*", "red army"]}}  # army* does not find "armies"
    assert remarks(["$a"], several) == [
        "3 terms add nothing to this list: 'tank', 'tanks' ('tank' finds them); 'red army' ('army' finds it)"
    ]
    assert remarks(["send*", "send"]) == []  # the prefix does not find "sent"
    assert remarks(["choose*", "chooses"]) == []  # nor this one "chose"
    assert remarks(["день*", "день"]) == []  # nor "дня"
    assert remarks({"any": ["$b"], "not": ["$a"]}, {"a": {"en": ["send"]}, "b": {"en": ["sent"]}}) == [
        f"{NEVER}$b: 'sent' is excluded by 'send'"
    ]
    assert remarks(["$b"], {"b": {"en": ["say"]}}) == [
        "'say' finds its form 'said', an everyday word: the list holds in very many articles"
    ]


def test_a_set_is_used_by_rules_that_are_off_and_by_other_sections() -> None:
    off = {"id": "off", "match": ["$a"], "enabled": False}
    book, _ = compiled({"terms": {"a": ["x1"], "b": ["$c"], "c": ["x2"]}, "rules": [off]})
    assert [one.message for one in lint(book)] == ["no rule uses the term set $b", "no rule uses the term set $c"]


def test_a_warning_stands_at_the_line_of_what_it_is_about() -> None:
    lines = ["terms:", "  a:", "    ru: [ракета,", "         ракет*]", "rules:", "  - id: it", "    match:"]
    text = "\n".join([*lines, "      any: [$a]", "      not: [tank,", "            the]"])
    located = parse(text, file="rules/a.yaml")
    book, problems = RuleBook.compile([RuleDocument(located.file, located.data, located.where)])
    assert problems == ()
    assert [str(one).partition(";")[0] for one in lint(book)] == [
        "rules/a.yaml:3:10: 'ракета' adds nothing to this list: 'ракет*' finds it already",
        "rules/a.yaml:10:13: 'the' is an everyday word: it excludes very many articles",
    ]


def test_a_misspelt_name_comes_with_the_right_one() -> None:
    book, _ = compiled({"rules": [{"id": "it", "match": {"source": {"tag": "state_media"}}}]})
    [problem] = lint(book, SOURCES)
    assert problem.hint == "did you mean state-media?"
    assert (problem.rule_id, problem.warning) == ("it", True)
    assert lint(book) == ()  # without sources there is nothing to compare with


def test_rules_that_are_broken_are_no_matter_of_style() -> None:
    book, problems = compiled({"terms": {"a": ["$a"]}, "rules": [{"id": "it", "match": {"any": ["$a", "troops"]}}, 5]})
    assert problems
    assert lint(book) == ()


@pytest.mark.slow
def test_the_shipped_rules_can_match_and_choose() -> None:
    documents = []
    for path in sorted((seeds() / "rules").glob("*.yaml")):
        located = load_located(path, file=path.name)
        documents.append(RuleDocument(located.file, located.data, located.where))
    book, _ = RuleBook.compile(documents)
    grave = ("never", "nearly every", "read as", "letters", "capitals only", "excludes nothing")
    assert [str(one) for one in lint(book) if any(word in one.message for word in grave)] == []


# --- the comparison of terms, held to real matching -------------------------------------------------------------------

WORDS = st.sampled_from(
    ["border", "Border", "BORDER", "bord*", "borders", "guard", "GUARD", "gu*", "=Border", "граница", "гран*"]
)
WRITTEN = st.lists(WORDS, min_size=1, max_size=3).map(lambda words: " ".join(words).replace(" =", " "))
TEXTS = st.lists(
    st.sampled_from(["border", "Border", "BORDER", "borders", "guard", "GUARDS", "граница", "ГРАНЬ"]), max_size=6
)


@given(WRITTEN, WRITTEN, TEXTS)
def test_a_term_that_covers_another_is_found_wherever_that_is(one: str, other: str, text: list[str]) -> None:
    terms = Terms()
    try:
        first, second = terms.parse(one), terms.parse(other)
    except BadTerm:
        return
    if covers(first, second):
        book, problems = compiled({"rules": [{"id": "one", "match": [one]}, {"id": "other", "match": [other]}]})
        assert problems == ()
        hits = [hit.rule_id for hit in book.match(article_of(" ".join(text)), source_of(), now=NOW)]
        assert "other" not in hits or "one" in hits


@given(WRITTEN, WRITTEN)
def test_a_cover_finds_what_the_comparison_of_pairs_does(one: str, other: str) -> None:
    terms = Terms()
    try:
        first, second = terms.parse(one), terms.parse(other)
    except BadTerm:
        return
    assert (Cover.of([first]).of_term(second) is not None) == covers(first, second)


def near(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.fixed_dictionaries({"within": st.integers(1, 3), "of": st.lists(inner, min_size=2, max_size=3)})


def at_least(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.fixed_dictionaries({"n": st.just(1), "of": st.lists(inner, min_size=1, max_size=3)})


CONDITION = st.recursive(
    st.one_of(WRITTEN, st.sampled_from(["$a", "the", "AND"])),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=2), "not": inner}),
        st.fixed_dictionaries({"near": near(inner)}),
        st.fixed_dictionaries({"at_least": at_least(inner)}),
    ),
    max_leaves=8,
)


@given(CONDITION, TEXTS)
def test_a_rule_that_is_said_never_to_match_never_does(match: object, text: list[str]) -> None:
    book, _ = compiled({"terms": {"a": ["border", "guard*"]}, "rules": [{"id": "it", "match": match}]})
    said = [one.message for one in lint(book)]
    if any("can never match" in one for one in said):
        assert book.match_all(article_of(" ".join(text)), source_of(), now=NOW) == ()


def test_every_check_says_something_in_these_cases() -> None:
    """A check that no case calls up would be proved by nothing."""
    books = [compiled({"terms": terms, "rules": [{"id": "it", "match": match}]})[0] for _, match, terms, _ in SAID]
    outlines = [Outline.of(book) for book in books]
    silent = [check.__name__ for check in LINTS if not any(any(check(outline, SOURCES)) for outline in outlines)]
    assert silent == []


# --- what stored articles say -----------------------------------------------------------------------------------------


def surveyed(terms: Mapping[str, Any], match: object, texts: list[tuple[str, str]]) -> list[str]:
    """Show a rule so many articles (text, language); return what is said."""
    book, problems = compiled({"terms": terms, "rules": [{"id": "it", "match": match}]})
    assert problems == ()
    survey = Survey.of(book)
    for text, language in texts:
        survey.add(article_of(text, language=language), source_of(), now=NOW)
    return sorted(one.message for one in (*survey.broad(), *survey.absent()))


def test_a_rule_that_hits_nearly_everything_is_very_broad() -> None:
    texts = [("the border", "en")] * 30 + [("quiet", "en")] * 170
    assert surveyed({}, ["border"], texts) == ["rule it is very broad: it matches 30 of 200 stored articles (15 %)"]
    assert surveyed({}, ["border"], texts[15:] + texts[-15:]) == []
    assert surveyed({}, ["border"], texts[:199]) == []  # too few to tell


def test_terms_that_never_stood_in_their_language_are_named() -> None:
    texts = [("our troops", "en")] * 150 + [("quiet", "en")] * 850 + [("тихо", "ru")] * 999
    sets = {"a": {"en": ["troops", "batallion", "tanx*"], "ru": ["войско"]}, "b": {"en": ["bordr"]}, "c": ["frontir"]}
    assert surveyed(sets, ["$a", "$b", "$c", "/x+/"], texts) == [
        "2 of 3 terms of $a never stand in 1000 stored articles in en: batallion, tanx*",
        "the only term of $b never stands in 1000 stored articles in en: bordr",
        "the only term of $c never stands in 1999 stored articles: frontir",
    ]
    assert surveyed({"a": sets["a"], "b": sets["b"]}, ["$a", "$b"], texts[1:]) == []


def test_a_set_that_no_rule_uses_is_not_counted() -> None:
    assert surveyed({"a": ["nowhere"]}, ["border"], [("border", "en")] * 1000)[1:] == []


def test_what_is_excluded_with_a_sign_under_not_only_loses_the_sign() -> None:
    book, _ = compiled({"rules": [{"id": "it", "match": {"any": ["border", "-dog"], "not": ["-collie"]}}]})
    hints = [one.hint for one in lint(book, SOURCES) if "excludes nothing" in one.message]
    assert hints == ["write collie: it stands under not already", "write not: [dog]"]
