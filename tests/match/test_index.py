"""The index saves work and decides nothing: what it chooses equals what trying every rule finds, evidence and all."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.match import lexicon
from monitor.match.text import Text
from monitor.model import Article, Source
from tests.match.rule_builders import NOW, article_of, compiled, source_of

# Words that share beginnings, scripts and folded forms, so that a small text often holds a term.
VOCABULARIES: dict[str, list[str]] = {
    "en": "troops troop tank tanks border Border BORDER US us NATO nato deploy deployed deploying re-deploy".split(),
    "ru": "войска войск войско всё все ещё еще НАТО граница границы перебросили переброска".split(),
    "uk": "війська військ об'єкт обʼєкт об’єкт кордон".split(),
    "tr": "ışık ISIK Isik ırmak İzmir izmir sınır SINIR".split(),
    "de": "Straße strasse STRASSE Grenze grenzen Mann".split(),
    "ar": "القوات قوات الحدود حدود جيش".split(),
    "he": "גבול הגבול צבא".split(),
    "el": "σύνορα Σύνορα συνορα στρατός".split(),
    "zh": "军队 边境 军 边 部署 部".split(),
    "ja": "国境 部隊 ミサイル ﾐｻｲﾙ".split(),
    "be": "Гомелі Мазыр беларускія Пінск Pinsk Ukraine in".split(),
    "fr": "e\u0301tat état etat sol\u00addats soldats ＮＡＴＯ".split(),
}
ALL = [word for words in VOCABULARIES.values() for word in words]
LANGUAGES = st.sampled_from(["", *VOCABULARIES])
# The words that the rules and articles of one example are mostly made of, so that phrases occur, too.
few = st.shared(
    st.one_of(
        st.lists(st.sampled_from(ALL), min_size=2, max_size=6),
        st.lists(st.sampled_from(ALL), min_size=8, max_size=16),
        st.lists(st.sampled_from(ALL), min_size=16, max_size=40),
        st.sampled_from(list(VOCABULARIES.values())),
        st.just(["deploy", "deployed", "deploying", "border"]),
    ),
    key="few",
)
common = few.flatmap(st.sampled_from)
words = st.deferred(lambda: st.one_of(common, common, st.sampled_from(ALL)))


def texts(longest: int) -> st.SearchStrategy[str]:
    """Texts of few words, with the marks that bound sentences and paragraphs."""
    piece = st.tuples(words, st.sampled_from([" ", " ", " ", ", ", ". ", "\n\n", "-", "", "\n"]))
    return st.lists(piece, max_size=longest).map(lambda pieces: "".join(word + gap for word, gap in pieces))


EXPRESSIONS = [
    r"/tank\w*/", "/войск(а|о)/", "/bord.r/", r"/\bus\b/", r"/(?-i:NATO)\b/", r"/^\btro/", "/^tro/", r"/граница$/",
    r"/[^a]nk\b/", r"/\bвс(е|ё)\s+\b/", "/军队?/", r"/\w+-\w+/", r"/\p{Hebrew}{4}\b/", r"/\d+/", r"/(?s)us.{1,9}NATO/",
    r"/\bnever\b/", "/nie(mals)?/",
]  # fmt: skip
plain = st.lists(words, min_size=1, max_size=3).map(" ".join)
terms = st.one_of(
    plain,
    words,
    st.tuples(words, st.integers(0, 3)).map(lambda cut: f"{cut[0][: max(2, len(cut[0]) - cut[1])]}*"),
    st.tuples(words, words).map(lambda pair: f"{pair[0]} {pair[1][:3]}*"),
    st.tuples(words, words).map(lambda pair: f"{pair[0][:4]}* {pair[1]}"),
    words.map(lambda word: f"={word}"),
    words.map(lambda word: f"{word.upper()[: max(2, len(word) - 1)]}*"),
    st.sampled_from(EXPRESSIONS),
)
facts = st.sampled_from(
    [
        {"language": "en"},
        {"language": ["ru", "uk"]},
        {"source": {"id": "kestrel"}},
        {"source": {"tag": "mil"}},
        {"source": {"country": ["BY", "PL"], "reliability": "B"}},
        {"age": {"min": "1h"}},
        {"age": {"max": "2d"}},
        {"place": {"country": ["BY", "UA"]}},
        {"place": {"border": ["BY", "UA"], "km": 60}},
        {"place": {"within": {"km": 30, "of": "Pinsk"}, "unplaced": "match"}},
    ]
)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        lists.map(lambda found: {"any": found}),
        lists.map(lambda found: {"all": found}),
        st.tuples(inner, lists).map(lambda found: {"all": [found[0], {"not": found[1]}]}),
        st.tuples(st.integers(1, 3), lists).map(lambda f: {"at_least": {"n": min(f[0], len(f[1])), "of": f[1]}}),
        st.tuples(
            st.sampled_from(["sentence", "paragraph", 1, 3, 10]), st.booleans(), st.lists(inner, min_size=2, max_size=3)
        ).map(lambda f: {"near": {"within": f[0], "ordered": f[1], "of": f[2]}}),
        st.tuples(st.sampled_from(["title", "lead", "body"]), inner).map(lambda found: {found[0]: found[1]}),
        st.tuples(facts, inner).map(lambda found: {"all": [found[0], found[1]]}),
        lists,
    )


conditions = st.recursive(
    st.one_of(terms, st.just("$forces"), st.lists(terms, min_size=1, max_size=4)), nested, max_leaves=6
)
matches = st.one_of(
    conditions, st.tuples(facts, conditions).map(lambda f: {"any": [f[0], f[1]]}), st.just({"not": ["tank"]})
)
sets = st.dictionaries(
    st.sampled_from(["en", "ru", "uk", "ar", "zh"]), st.lists(terms, min_size=1, max_size=3), min_size=1, max_size=3
)
articles = st.builds(
    article_of,
    texts(6),
    texts(20),
    texts(12),
    language=LANGUAGES,
    age=st.sampled_from([None, 0.0, 86400.0, 10 * 86400.0]),
)
sources = st.builds(
    source_of,
    id=st.sampled_from(["kestrel", "harbour"]),
    tags=st.sampled_from([[], ["mil"]]),
    country=st.sampled_from(["", "BY"]),
    reliability=st.sampled_from(["B", "F"]),
)
published = st.lists(st.tuples(articles, sources), min_size=1, max_size=3)
random_books = {"found": st.lists(matches, min_size=1, max_size=8), "forces": sets, "published": published}


def compare(found: list[Any], forces: Mapping[str, Any], published: list[tuple[Article, Source]]) -> Counter[str]:
    """Hold the index to the oracle, and count what there was to find."""
    rules = [{"id": f"rule-{number}", "match": match} for number, match in enumerate(found)]
    book, _ = compiled({"terms": {"forces": forces}, "rules": rules})  # rules that are wrong are left out
    met: Counter[str] = Counter()
    for article, source in published:  # one after the other, since the lexicon remembers words
        everything = book.match_all(article, source, now=NOW)
        assert book.match(article, source, now=NOW) == everything
        tried = len(book.index.candidates(Text(article, source, now=NOW, lexicon=book.lexicon)))
        met.update(articles=1, hit=bool(everything), hits=len(everything), rules=len(book.rules), tried=tried)
    return met


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(**random_books)
def test_the_index_finds_what_trying_every_rule_finds(
    found: list[Any], forces: Mapping[str, Any], published: list[tuple[Article, Source]]
) -> None:
    compare(found, forces, published)


def test_the_random_rules_do_hit_and_others_are_left_out() -> None:
    """The test before this one would show nothing if no random rule ever held, or if every one was always tried."""
    met: Counter[str] = Counter()

    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(**random_books)
    def collect(found: list[Any], forces: Mapping[str, Any], published: list[tuple[Article, Source]]) -> None:
        met.update(compare(found, forces, published))

    collect()
    assert met["hit"] > met["articles"] / 5
    assert met["rules"] - met["tried"] > (met["rules"] - met["hits"]) / 4


def test_what_words_call_up_is_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "MOST", 3)
    book, _ = compiled({"rules": [{"id": "a", "match": ["tank*", "border"]}]})
    for text in ("tanks at a border", "a tanker at sea", "one two three four five six", "Border tanks again", "a b c"):
        article = article_of(text)
        assert book.match(article, source_of(), now=NOW) == book.match_all(article, source_of(), now=NOW)
        assert all(len(known.met) <= 3 + len(text.split()) for known in book.lexicon.known.values())


@pytest.mark.slow
def test_regular_expressions_are_asked_together() -> None:
    """Only those of the batches that match are tried; those too large for one expression are in batches of fewer."""
    rules: list[dict[str, object]] = [{"id": f"small-{n}", "match": rf"/\bT-{n}\d\b/"} for n in range(1, 9)]
    rules += [{"id": f"plain-{n}", "match": f"/u{n}+/"} for n in range(8)]
    rules += [{"id": f"large-{n}", "match": rf"/\b\p{{L}}{{400}}{n}/"} for n in range(8)]
    rules += [{"id": "worded", "match": {"all": [["/u1/", "/u2/"], ["border"]]}}]
    book, problems = compiled({"rules": rules})
    assert not problems
    batches = book.index.gate.batches
    assert all(together for together, _ in batches)
    assert sorted(term.written for _, terms in batches for term in terms) == sorted(
        str(rule["match"]) for rule in rules[:-1]
    ), "each once, but for those of the rule that waits for a word"
    for text, most in (("u3 at sea", 8), ("border", 1), ("a" * 400 + "3", 8), ("T-35, u1 at the border", 17)):
        article = article_of(text)
        tried = book.index.candidates(Text(article, source_of(), now=NOW, lexicon=book.lexicon))
        hits = book.match(article, source_of(), now=NOW)
        assert hits == book.match_all(article, source_of(), now=NOW)
        assert len(hits) <= len(tried) <= most


def test_lists_that_rules_share_are_filed_once() -> None:
    """A rule is found by the list that is its own, however short the one that all rules have."""
    rules = [{"id": f"rule-{n}", "match": {"all": [f"alpha{n}", "$forces"]}} for n in range(1000)]
    book, problems = compiled({"terms": {"forces": ["parachutists", "border guards"]}, "rules": rules})
    assert not problems
    text = Text(article_of("alpha7: parachutists"), source_of(), now=NOW, lexicon=book.lexicon)
    assert book.index.candidates(text) == [7]
    assert {number for numbers in book.index.lists.values() for number in numbers} == {0}


def test_few_rules_are_tried() -> None:
    """A thousand rules about other things cost an article nothing but a look at its own words."""
    rules = [
        {"id": f"rule-{n}", "match": {"all": [[f"alpha{n}", f"beta{n}"], ["border", "frontier"]]}} for n in range(1000)
    ]
    book, problems = compiled({"rules": [*rules, {"id": "last", "match": {"not": ["gamma"]}}]})
    assert not problems
    text = Text(article_of("beta7 at the border, alpha8 elsewhere"), source_of(), now=NOW, lexicon=book.lexicon)
    assert book.index.candidates(text) == [7, 8, 1000]
    text = Text(article_of("beta7 at sea, and the border far away"), source_of(), now=NOW, lexicon=book.lexicon)
    assert book.index.candidates(text) == [7, 1000]
    text = Text(article_of("beta7 at sea"), source_of(), now=NOW, lexicon=book.lexicon)
    assert book.index.candidates(text) == [1000]
