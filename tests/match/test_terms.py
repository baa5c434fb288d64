"""Terms: what a string of a rule matches, in many scripts; regular expressions with right bounds in all of them."""

import time
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_builders import NOW, article_of, book_of, source_of

from monitor.match.patterns import BadPattern, Pattern, Readable
from monitor.match.terms import BadTerm, Terms, Word, _plain_words, _words

# term, text, what it finds there
FOUND = [
    ("troops", "Troops, TROOPS and troops", ["Troops", "TROOPS", "troops"]),
    ("troop", "troops", ["troops"]),
    ("=troop", "troops troop", ["troop"]),
    ("arms deal", "arms deals, arm deal, ARMS DEAL", ["arms deals", "arm deal", "ARMS DEAL"]),
    ("special forces deployed", "special forces deploying", ["special forces deploying"]),
    ("air defence", "Air-Defence, air  defence, airdefence", ["Air-Defence", "air  defence"]),
    ("air-defence", "air defence", ["air defence"]),
    ("special forces of Belarus", "the special forces of Belarus's army", ["special forces of Belarus"]),
    ("deploy*", "deploy deployed redeploy DEPLOYMENTS", ["deploy", "deployed", "DEPLOYMENTS"]),
    ("военн* учени*", "военных учений, военное дело", ["военных учений"]),
    ("=Orlan", "Orlan orlan ORLAN Orlan's", ["Orlan", "Orlan"]),
    ("=café", "café cafe cafe\u0301", ["café", "cafe\u0301"]),
    ("cafe", "café", ["café"]),
    ("=C-130", "C-130 c-130 C 130", ["C-130", "C 130"]),
    ("NATO", "NATO nato Nato NATO's", ["NATO", "NATO"]),
    ("US", "us U.S. US bus", ["U.S.", "US"]),
    ("U.S. army", "the U.S. Army and the US army", ["U.S. Army", "US army"]),
    ("ATACMS", "ATACMS Atacms", ["ATACMS"]),
    ("ПВО", "ПВО пво", ["ПВО"]),
    ("HIMARS*", "HIMARSes himarses", ["HIMARSes"]),
    ("NATO exercise*", "NATO Exercises, nato exercises", ["NATO Exercises"]),
    ("T-72", "T-72, t-72, T72", ["T-72", "t-72"]),
    ("S-400", "S 400", ["S 400"]),
    ("300", "300 3000", ["300"]),
    ("елка", "Ёлка", ["Ёлка"]),
    ("об'єкт", "об’єкт обʼєкта", ["об’єкт", "обʼєкта"]),
    ("войск*", "войсками", ["войсками"]),
    ("strasse", "Straße", ["Straße"]),
    ("STRASSE", "STRASSE Straße", ["STRASSE"]),
    ("στρατός", "ΣΤΡΑΤΟΣ", ["ΣΤΡΑΤΟΣ"]),
    ("istanbul", "İstanbul ISTANBUL ıstanbul", ["İstanbul", "ISTANBUL", "ıstanbul"]),
    ("جيش", "جَيْش جـيش الجيش", ["جَيْش", "جـيش", "الجيش"]),
    ("صهل", "صَهَلَ", ["صَهَلَ"]),
    ("צה\"ל", "צה״ל", ["צה״ל"]),
    ("हिन्दी", "हिन्दी हिन्दीक", ["हिन्दी"]),
    ("军队", "中国军队在边境", ["军队"]),
    ("军队", "军，队 军 队", []),
    ("中国", "中国", ["中国"]),
    ("2022年", "在2022年和2022 年", ["2022年", "2022 年"]),
    ("ミサイル", "ミサイル発射 ﾐｻｲﾙ", ["ミサイル", "ﾐｻｲﾙ"]),
    ("カ", "ガ", []),
    ("ทหาร", "กองทหารไทย", ["ทหาร"]),
    ("ก", "กำลัง", ["ก"]),
    ("군대*", "군대가 국군대", ["군대가"]),
    ("군대", "군대가", []),
    ("deployment", "de\u00adploy\u00adment", ["de\u00adploy\u00adment"]),
    ("tank", "ｔａｎｋ", ["ｔａｎｋ"]),
    (r"/\bвойск\w*/", "подвойск Войсками", ["Войсками"]),
    (r"/войск/", "войсками", ["войск"]),
    (r"/(войск|войска)\b/", "войска", ["войска"]),
    (r"/\bT-\d{2}\b/", "T-72 t-90, T-901, ET-72", ["T-72", "t-90"]),
    (r"/CVE-\d{4}-\d{4,}/", "see CVE-2024-12345.", ["CVE-2024-12345"]),
    (r"/foo\b\s+\bbar/", "xfoo  barn", ["foo  bar"]),
    (r"/\bसेना\b/", "सेना सेनापति", ["सेना"]),
    (r"/(?-i:Orlan)/", "Orlan orlan", ["Orlan"]),
    (r"/[^a]b\b/", "ab xb", ["xb"]),
    (r"/^\bOne/", "One\nOne", ["One"]),
    (r"/[\w-]{5,}\b/", "a-b-ё и", ["a-b-ё"]),
    (r"/\Qa.b\E+/", "a.bb axb", ["a.bb"]),
    (r"/\d{3}$/", "١٢٣ ٤٥٦", ["٤٥٦"]),
    (r"/\p{Lu}{4}\b/", "ABCD abcde", ["ABCD", "bcde"]),
    ("/🪖+/", "troops 🪖🪖!", ["🪖🪖"]),
]  # fmt: skip


@pytest.mark.parametrize(("term", "text", "words"), FOUND, ids=[f"{term} in {text}"[:40] for term, text, _ in FOUND])
def test_a_term_finds_its_words(term: str, text: str, words: list[str]) -> None:
    hits = book_of([term]).match(article_of(text), source_of(), now=NOW)
    found = sorted(one for hit in hits for one in ((each.start, each.words, each.term) for each in hit.evidence))
    assert [words for _, words, _ in found] == words
    assert {written for _, _, written in found} <= {term}


BAD_TERMS = {
    "": "empty",
    "  ": "empty",
    "...": "holds no word",
    "=": "holds no word",
    "*": "at the end of a word",
    "*ship": "at the end of a word",
    "air * defence": "at the end of a word",
    "=Orlan*": "exclude each other",
    "a*": "2 letters",
    "x" * 501: "more than 500 characters",
    "/(/": "missing )",
    "/(?=x)/": "invalid perl operator",
    r"/(a)\1/": "invalid escape sequence",
    "/x{2000}/": "invalid repetition size",
    "/a*/": "matches the empty text",
    r"/\b/": "matches the empty text",
    r"/[\W]/": "inside [...]",
    r"/\Bx/": "not supported",
}


@pytest.mark.parametrize("written", BAD_TERMS)
def test_a_bad_term_says_why(written: str) -> None:
    with pytest.raises(BadTerm) as caught:
        Terms().parse(written)
    assert BAD_TERMS[written] in str(caught.value)
    assert caught.value.hint


def test_a_term_is_evaluated_once_for_an_article_however_many_rules_have_it() -> None:
    terms = Terms()
    assert terms.parse("troops") is terms.parse("troops")
    assert terms.parse("troops", "en") is not terms.parse("troops", "de")


EVIL = [
    "(a+)+$", "(a|a)*b", "(a|aa)+$", "(.*a){12}b", "(a*)*c", "(x+x+)+y", "([a-z]+)*1", "(a?){40}a{40}b", "(.+)+x$",
    "^(a+)+$", "(\\w+\\s?)*$x", "(a|b|ab)*c", "((a+)*)*d", "(.*)(.*)(.*)(.*)e$", "a.{0,200}b", "(aa+)+f",
    "([a-zA-Z0-9])(([-.]|[_]+)?([a-zA-Z0-9]+))*@", "(ab?)*(ba?)*g", "(.*?a){8}h", "[^b]*[^c]*[^d]*i",
    "\\b(a+)+\\b!", "\\b(\\w|a)+\\bx", "(a\\b|a)*k", "a{1,100}b{1,100}", "(?:a|b|c|d|e|f)*z", "(\\pL+)*\\d",
    "(?s).*.*.*=", "(a+b?)+\\bq", "\\ba.*\\ba.*\\ba.*\\ba#", "(a|[a-m]|[a-z])*$Z",
]  # fmt: skip


@pytest.fixture(scope="module")
def megabytes() -> list[Readable]:
    """Two texts of a megabyte that make a backtracking matcher run for ever."""
    texts = [Readable("a" * 500_000 + " aab" * 125_000), Readable("aaaa " * 200_000)]
    assert all(text.bounded for text in texts)
    return texts


@pytest.mark.parametrize("evil", EVIL)
def test_no_expression_takes_long(evil: str, megabytes: list[Readable]) -> None:
    start = time.process_time()
    Pattern(evil).find(megabytes[len(evil) % 2])
    assert time.process_time() - start < 1


def test_lone_surrogates_and_the_sign_for_bounds_do_no_harm() -> None:
    for raw in ("troops \ud800 border", "troops \ufdd0 border"):
        hits = book_of([r"/\bborder\b/"]).match(article_of(raw), source_of(), now=NOW)
        assert [one.words for hit in hits for one in hit.evidence] == ["border"]
    with pytest.raises(BadPattern, match="surrogate"):
        Pattern("\ud800")


LETTERS = st.text("abzAZéØßŁıſёЁїҐѝЯ", min_size=1, max_size=4)


@given(st.lists(st.tuples(LETTERS, st.sampled_from(["", "*"])), min_size=1, max_size=3))
def test_words_of_letters_are_read_as_all_words_are(words: list[tuple[str, str]]) -> None:
    text = " ".join(letters + star for letters, star in words)

    def read(how: Callable[[], Iterable[Word]]) -> list[Word] | str:
        try:
            return list(how())
        except BadTerm as error:
            return str(error)

    assert read(lambda: _plain_words(text)) == read(lambda: _words(text, exact=False))
