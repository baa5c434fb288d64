"""Queries of other tools become rules that say the same, or the message says what none can say, and where."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_builders import NOW, article_of, compiled, source_of

from monitor.match.dialects import DIALECTS, QueryError, dialect_of, translate
from monitor.match.dialects.tree import LESS, MORE

WORDS = ["troops", "border", "collie", "missile", "harbour", "winter"]
Tree = tuple[Any, ...]


# --- one query, one rule


@pytest.mark.parametrize(
    ("query", "dialect", "match"),
    [
        ("troops", "google", {"any": ["troops"]}),
        ("troops border", "google", {"all": ["troops", "border"]}),
        ("troops AND border", "google", {"all": ["troops", "border"]}),
        ("troops border OR frontier", "google", {"all": ["troops", ["border", "frontier"]]}),
        ("troops border | frontier", "google", {"all": ["troops", ["border", "frontier"]]}),
        ("troops -collie -'dog'", "google", {"any": ["troops"], "not": ["collie", "dog"]}),
        ("troops -(collie OR dog)", "google", {"any": ["troops"], "not": ["collie", "dog"]}),
        ("troops –collie —dog", "google", {"any": ["troops"], "not": ["collie", "dog"]}),
        ("“border collie”", "google", {"any": ["border collie"]}),
        ("troops AROUND(3) border", "google", {"near": {"within": 4, "of": ["troops", "border"]}}),
        ('"air * drill"', "google", {"near": {"within": 2, "ordered": True, "of": ["air", "drill"]}}),
        ('"* big air * * drill *"', "google", {"near": {"within": 3, "ordered": True, "of": ["big air", "drill"]}}),
        ("allintitle: troops border", "google", {"title": {"all": ["troops", "border"]}}),
        ("intitle:troops border", "google", {"any": ["border"], "title": ["troops"]}),
        ("intitle:a1 intitle:b1", "google", {"all": [{"title": ["a1"]}, {"title": ["b1"]}]}),
        ("-intitle:collie troops", "google", {"any": ["troops"], "not": [{"title": ["collie"]}]}),
        ("troops $TSLA =x1 /y1/", "google", {"all": ["troops", "TSLA", "x1", "y1"]}),
        ("U.S. army", "google", {"all": ["U.S", "army"]}),
        ("T-72 OR об'єкт", "google", {"any": ["T-72", "об'єкт"]}),
        ("troops NEAR/5 border", "talkwalker", {"near": {"within": 6, "of": ["troops", "border"]}}),
        ("troops ONEAR/0 border", "talkwalker", {"near": {"within": 1, "ordered": True, "of": ["troops", "border"]}}),
        ("troops SENTENCE border", "talkwalker", {"near": {"within": "sentence", "of": ["troops", "border"]}}),
        ("troops AND border OR fence", "talkwalker", {"any": [{"all": ["troops", "border"]}, "fence"]}),
        ("troops AND NOT border", "talkwalker", {"any": ["troops"], "not": ["border"]}),
        ("troops NOT (a1 OR b1)", "talkwalker", {"any": ["troops"], "not": ["a1", "b1"]}),
        ('"missile deal"~3', "talkwalker", {"near": {"within": 4, "of": ["missile", "deal"]}}),
        (
            "deploy* colo?r mo*ve a*",
            "talkwalker",
            {"all": ["deploy*", r"/\bcolo\wr\b/", r"/\bmo\w*ve\b/", r"/\ba\w*\b/"]},
        ),
        ('"milit* exerc*"', "talkwalker", {"any": ["milit* exerc*"]}),
        ("++ATACMS", "talkwalker", {"any": ["=ATACMS"]}),
        ("+café", "talkwalker", {"any": [r"/\bcafé\b/"]}),
        ("x1 AND lang:(en OR ru)", "talkwalker", {"any": ["x1"], "language": ["en", "ru"]}),
        ("x1 AND sourcecountry:uk", "talkwalker", {"any": ["x1"], "source": {"country": "GB"}}),
        ("x1 NOT sourcecountry:ru", "talkwalker", {"any": ["x1"], "not": [{"source": {"country": "RU"}}]}),
        ("title:(x1 OR y1)", "talkwalker", {"title": ["x1", "y1"]}),
        (
            "x1 NEAR/2 (y1 AND z1)",
            "talkwalker",
            {"all": [{"near": {"within": 3, "of": ["x1", "y1"]}}, {"near": {"within": 3, "of": ["x1", "z1"]}}]},
        ),
        ("intitle:troops AND (x1 OR y1)", "inoreader", {"any": ["x1", "y1"], "title": ["troops"]}),
        (r"title:/T-\d+/i x1", "inoreader", {"any": ["x1"], "title": [r"/T-\d+/"]}),
        (r"/T-\d+/", "inoreader", {"any": [r"/(?-i)T-\d+/"]}),
        ("Title contains special forces", "inoreader", {"title": ["special forces"]}),
        (
            "Title or content contains troops\nContent doesn't contain sport",
            "inoreader",
            {"any": ["troops"], "not": [{"body": ["sport"]}]},
        ),
        (
            "Match any:\ntitle contains x1\ncontent contains y1",
            "inoreader",
            {"any": [{"title": ["x1"]}, {"body": ["y1"]}]},
        ),
        ("Title starts with Live:", "inoreader", {"title": [r"/^\s*Live:/"]}),
        ("Title matches regex /(war|peace)/", "inoreader", {"title": ["/(?-i)(war|peace)/"]}),
        ("Title contains x1\nLanguage is en", "inoreader", {"title": ["x1"], "language": "en"}),
        (r"EntryTitle=(?i)\btroops\b", "miniflux", {"title": [r"/\btroops\b/"]}),
        ("EntryContent=Troops|Tanks", "miniflux", {"body": ["/(?-i)Troops|Tanks/"]}),
        ("EntryTitle=(?is)a.b", "miniflux", {"title": ["/(?s)a.b/"]}),
        ("EntryTitle=a1\nEntryTitle=b1", "miniflux", {"any": [{"title": ["/(?-i)a1/"]}, {"title": ["/(?-i)b1/"]}]}),
        (
            "EntryTitle=a1\nblock:\nEntryContent=b1",
            "miniflux",
            {"title": ["/(?-i)a1/"], "not": [{"body": ["/(?-i)b1/"]}]},
        ),
        ("EntryDate=max-age:7d", "miniflux", {"age": {"max": "7d"}}),
    ],
)
def test_a_query_becomes_a_condition(query: str, dialect: str, match: Any) -> None:
    translation = translate(query, dialect)
    assert translation.match == match
    assert translation.lost == ()
    _, problems = compiled({"rules": [{"id": "rule", "match": match}]})
    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize(
    ("query", "dialect"),
    [
        ("troops border -collie", "google"),
        ("troops AROUND(3) border", "google"),
        ("intitle:troops", "google"),
        ("troops NEAR/5 border -collie", "talkwalker"),
        ("title:troops", "talkwalker"),
        ("lang:en AND troops", "talkwalker"),
        ('"a b"~3', "talkwalker"),
        ("++BMW", "talkwalker"),
        ("inauthor:smith troops", "inoreader"),
        ("Title contains troops", "inoreader"),
        ("EntryTitle=(?i)troops", "miniflux"),
        ("block:\nEntryURL=/sport/", "miniflux"),
    ],
)
def test_a_dialect_is_recognised(query: str, dialect: str) -> None:
    assert dialect_of(query) == dialect


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("troops or border", "'or' is not in capitals"),
        ("troops - border", "excludes nothing"),
        ("troops border OR fence", "OR binds more strongly than AND"),
        ("troops SENTENCE border OR fence AND x1", "AND binds more strongly than OR"),
        ('"a1 * b1"', "fewer words may stand there"),
        ("-collie", "it only excludes"),
        ("Title contains war", "inside words"),
        ("troops NEAR/1 border", "lets 1 word stand between; within counts up to the other word: 2"),
    ],
)
def test_what_an_author_should_know_is_noted(query: str, said: str) -> None:
    notes = translate(query).notes
    assert sum(said in note for note in notes) == 1, notes


@pytest.mark.parametrize(
    ("query", "match"),
    [
        ("troops site:one.example", {"any": ["troops"], "source": {"id": "a"}}),
        ('troops site:"https://www.one.example/"', {"any": ["troops"], "source": {"id": "a"}}),
        ("troops site:example", {"any": ["troops"], "source": {"id": ["a", "b"]}}),
        ("troops host:(one.example OR two.example)", {"any": ["troops"], "source": {"id": ["a", "b"]}}),
        ("troops site:ne.example", {"any": ["troops"]}),
        ("troops site:one.example/sport", {"any": ["troops"]}),
    ],
)
def test_a_site_becomes_the_sources_of_it(query: str, match: Any) -> None:
    translation = translate(query, "talkwalker", {"a": "news.one.example", "b": "two.example"})
    assert translation.match == match
    assert bool(translation.lost) == ("source" not in match)


# --- capitals


@pytest.mark.parametrize(
    ("query", "match", "said"),
    [
        ("ATACMS strike", {"all": ["ATACMS", "strike"]}, "found only in capitals: ATACMS"),
        ("NATO", {"any": ["NATO"]}, "found only in capitals: NATO"),
        ("МИД заявил", {"all": ["МИД", "заявил"]}, "found only in capitals: МИД"),
        ("BELARUS troops", {"all": ["belarus", "troops"]}, "found in any case: BELARUS"),
        ("TROOPS AT BORDER", {"all": ["troops", "at", "border"]}, "found in any case: TROOPS, AT, BORDER"),
        ('"US ARMY" base', {"all": ["US ARMY", "base"]}, "found only in capitals: US, ARMY"),
        ('"war AND peace" NATO', {"all": ["war and peace", "NATO"]}, "found in any case: AND"),
        ("++ATACMS", {"any": ["=ATACMS"]}, ""),
    ],
)
def test_words_in_capitals_stay_so_where_they_are_acronyms(query: str, match: Any, said: str) -> None:
    translation = translate(query)
    assert translation.match == match
    assert any(said in note for note in translation.notes) == bool(said)


# --- what cannot be said


@pytest.mark.parametrize(
    ("query", "match", "lost", "effect"),
    [
        ("troops site:x.example", {"any": ["troops"]}, "site:x.example", MORE),
        ("troops OR site:x.example", {"any": ["troops"]}, "site:x.example", LESS),
        ("troops -site:x.example", {"any": ["troops"]}, "site:x.example", MORE),
        ("troops -(dog OR site:x.example)", {"any": ["troops"], "not": ["dog"]}, "site:x.example", MORE),
        ("troops -(dog site:x.example)", {"any": ["troops"], "not": ["dog"]}, "site:x.example", LESS),
        ("troops NEAR/2000 dog", {"all": ["troops", "dog"]}, "NEAR/2000", MORE),
        ("troops SENTENCE/3 dog lang:en", {"all": ["troops", "dog"], "language": "en"}, "SENTENCE/3", MORE),
        ("troops foo:bar", {"any": ["troops"]}, "foo:bar", MORE),
        ("troops lang:english", {"any": ["troops"]}, "lang:english", MORE),
        ("troops before:2024-01-01", {"any": ["troops"]}, "before:2024-01-01", MORE),
        ("troops AND €", {"any": ["troops"]}, "€", MORE),
        ("Title contains troops\nAuthor is Smith", {"title": ["troops"]}, "Author is Smith", MORE),
        (r"Title matches regex /(?=x)y/" "\nTitle contains x1", {"title": ["x1"]}, "/(?=x)y/", MORE),
        ("EntryTitle=a1\nEntryURL=b1", {"title": ["/(?-i)a1/"]}, "EntryURL=b1", LESS),
        ("EntryTitle=a1\nblock:\nEntryTag=b1", {"title": ["/(?-i)a1/"]}, "EntryTag=b1", MORE),
    ],
)
def test_what_no_rule_can_say_is_left_out_and_named(query: str, match: Any, lost: str, effect: str) -> None:
    translation = translate(query)
    [found] = translation.lost
    assert (translation.match, found.part.written, found.effect) == (match, lost, effect)
    assert query[found.part.at :].startswith(lost) or "matches" in query
    assert found.part.why


@pytest.mark.parametrize(
    ("query", "at", "said"),
    [
        ("", 0, "empty"),
        ("  ", 0, "empty"),
        ("troops (border", 7, "never closed"),
        ("troops border)", 13, "closes nothing"),
        ('troops "border', 7, "never closed"),
        ("troops OR", 9, "where a word is missing"),
        ("OR troops", 0, "where a word is missing"),
        ("troops () border", 7, "nothing stands between"),
        ("troops NEAR border", 7, "needs a number"),
        ("troops near/5 border", 7, "small letters"),
        ("troops NEAR/3 NOT border", 7, "joins words only"),
        ("troops AROUND(2) (a1 NEAR/3 b1)", 7, "is no operator of Talkwalker"),
        ("site:x.example", 0, "nothing of it can be said"),
        ("*", 1, "where a word is missing"),
        ("(" * 40 + "x1" + ")" * 40, 16, "nested more than"),
        ("NOT " * 40 + "x1", 64, "nested more than"),
        ("title:" * 1000 + "x1", 96, "nested more than"),
        ("x1" + " NEAR/1 y1" * 900, 160, "nested more than"),
        ("(a1 b1)" + " NEAR/1 (c1 d1)" * 12, 83, "joins too many words"),
        (
            "(x1" + " NEAR/1 y1" * 13 + ")" + " NEAR/1 z1" * 13,
            0,
            "no rule can say it: conditions are nested more than 20",
        ),
        ("x" * 20_000, 10_000, "more than 10000 characters"),
        ("EntryTitle=(?i)troops\nfoo", 22, "no filter rule of Miniflux"),
        ("EntryTitle=", 0, "has no expression"),
        ("Title contains troops\nfoo", 22, "no condition of Inoreader"),
    ],
)
def test_a_query_that_cannot_be_read_says_where(query: str, at: int, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        translate(query)
    assert said in caught.value.message
    assert caught.value.at == at


def test_an_operator_of_another_tool_names_its_dialect() -> None:
    with pytest.raises(QueryError) as caught:
        translate("troops NEAR/5 border", "google")
    assert caught.value.hint == "choose the dialect that has it: --dialect talkwalker"


_pieces = [
    *'()"-+*/|:= \n',
    "OR ",
    "AND ",
    "NOT ",
    "NEAR/3 ",
    "AROUND(2) ",
    "SENTENCE ",
    "title:",
    "lang:",
    "site:",
    "++",
]
_pieces += ["x1 ", "/a/ ", "EntryTitle=", "title contains ", "block:\n", "é", "'", "?", "~2", "http://", "en "]


@settings(deadline=None)
@given(
    query=st.text(max_size=60) | st.lists(st.sampled_from(_pieces), max_size=30).map("".join),
    dialect=st.sampled_from(["", *DIALECTS]),
)
def test_hostile_queries_give_a_rule_that_compiles_or_one_message(query: str, dialect: str) -> None:
    refused = None
    try:
        translation = translate(query, dialect)
    except QueryError as error:
        refused = error
    if refused is not None:
        assert 0 <= refused.at <= len(query)
        assert refused.message
        return
    _, problems = compiled({"rules": [{"id": "rule", "match": translation.match}]})
    assert [str(problem) for problem in problems] == []


# --- random trees: the rule says what the query says

_word = st.sampled_from(WORDS).map(lambda word: ("word", word))
_leaf = st.one_of(
    _word,
    st.tuples(st.just("phrase"), st.lists(st.sampled_from(WORDS), min_size=2, max_size=3)),
    st.sampled_from(["bord", "miss", "har"]).map(lambda prefix: ("prefix", prefix)),
)
_choice = st.one_of(_leaf, st.tuples(st.just("or"), _leaf, _leaf))
_near = st.tuples(st.just("near"), st.integers(0, 4), st.booleans(), _choice, _choice)
_trees: st.SearchStrategy[Tree] = st.recursive(
    _leaf | _near,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
        st.tuples(st.just("not"), inner),
        st.tuples(st.just("title"), inner),
    ),
    max_leaves=7,
)
_text = st.lists(st.sampled_from([*WORDS, "quietly"]), max_size=9)
SIGNS = {
    "google": {"and": " ", "or": " OR ", "not": "-", "near": "AROUND({})", "title": "intitle:"},
    "inoreader": {"and": " AND ", "or": " OR ", "not": "NOT ", "title": "intitle:"},
    "talkwalker": {"and": " AND ", "or": " OR ", "not": "NOT ", "near": "NEAR/{}", "title": "title:"},
}


def render(tree: Tree, dialect: str) -> str:
    """Write a tree as a query, with all its brackets."""
    signs, kind = SIGNS[dialect], tree[0]
    if kind in ("word", "prefix"):
        return tree[1] + ("*" if kind == "prefix" else "")
    if kind == "phrase":
        return f'"{" ".join(tree[1])}"'
    if kind in ("not", "title"):
        return f"{signs[kind]}({render(tree[1], dialect)})"
    if kind == "near":
        left, right = (render(part, dialect) for part in tree[3:])
        return f"(({left}) {'O' if tree[2] else ''}{signs['near'].format(tree[1])} ({right}))"
    return f"({signs[kind].join(render(part, dialect) for part in tree[1:])})"


def uses(tree: Tree) -> set[str]:
    inner = [part for part in tree[1:] if isinstance(part, tuple)]
    ordered = {"ordered"} if tree[0] == "near" and tree[2] else set()
    return {tree[0]}.union(ordered, *map(uses, inner))


def spans(tree: Tree, words: list[str]) -> list[tuple[int, int]]:
    """Return first and last word of each find of a word, phrase, prefix, or choice of them."""
    kind, what = tree[0], tree[1]
    if kind == "or":
        return [span for part in tree[1:] for span in spans(part, words)]
    if kind == "phrase":
        return [(n, n + len(what) - 1) for n in range(len(words)) if words[n : n + len(what)] == what]
    fits = (lambda word: word.startswith(what)) if kind == "prefix" else (lambda word: word == what)
    return [(n, n) for n, word in enumerate(words) if fits(word)]


def close(one: tuple[int, int], other: tuple[int, int], between: int, ordered: bool) -> bool:
    if one[1] < other[0]:
        return other[0] - one[1] - 1 <= between
    return not ordered and other[1] < one[0] and one[0] - other[1] - 1 <= between


def holds(tree: Tree, fields: list[list[str]]) -> bool:
    """Evaluate a tree as plainly as can be; the first field is the title."""
    kind = tree[0]
    if kind == "and":
        return all(holds(part, fields) for part in tree[1:])
    if kind == "or":
        return any(holds(part, fields) for part in tree[1:])
    if kind == "not":
        return not holds(tree[1], fields)
    if kind == "title":
        return holds(tree[1], fields[:1])
    if kind == "near":
        return any(
            close(a, b, tree[1], tree[2])
            for words in fields
            for a in spans(tree[3], words)
            for b in spans(tree[4], words)
        )
    return any(spans(tree, words) for words in fields)


@pytest.mark.parametrize("dialect", sorted(SIGNS))
@settings(deadline=None)
@given(tree=_trees, title=_text, body=_text)
def test_the_rule_agrees_with_the_query(dialect: str, tree: Tree, title: list[str], body: list[str]) -> None:
    used = uses(tree)
    if ("near" in used and dialect == "inoreader") or ("ordered" in used and dialect == "google"):
        return
    assert matched(tree, dialect, title, body) == holds(tree, [title, body])


@settings(deadline=None)
@given(tree=_near, body=st.lists(st.sampled_from([*WORDS[:3], "quietly"]), min_size=4, max_size=12))
def test_nearness_is_counted_as_the_tool_counts_it(tree: Tree, body: list[str]) -> None:
    assert matched(tree, "talkwalker", [], body) == holds(tree, [body])


@pytest.mark.parametrize("between", range(8))
def test_so_many_words_may_stand_between(between: int) -> None:
    text = ["troops", *["quietly"] * between, "border"]
    for number in range(8):
        tree = ("near", number, False, ("word", "troops"), ("word", "border"))
        assert matched(tree, "google", [], text) == matched(tree, "talkwalker", [], text[::-1]) == (between <= number)


def matched(tree: Tree, dialect: str, title: list[str], body: list[str]) -> bool:
    """Tell whether the rule that a tree becomes, by way of a query, hits."""
    translation = translate(render(tree, dialect), dialect)
    assert translation.lost == ()
    book, problems = compiled({"rules": [{"id": "rule", "match": translation.match}]})
    assert [str(problem) for problem in problems] == []
    return bool(book.match(article_of(" ".join(title), " ".join(body)), source_of(), now=NOW))
