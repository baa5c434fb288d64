"""HTML becomes text with its paragraphs; what only looks like markup stays; no markup takes long."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract import text as module
from monitor.extract.clean import one_line, strip_hidden
from monitor.extract.text import html_to_text, title_to_text


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<p>One</p><p>Two<br>three &amp; four</p>", "One\n\nTwo\nthree & four"),
        ("<ul><li>a</li><li>b</li></ul>end", "a\nb\n\nend"),
        ("a<br><br/>b", "a\n\nb"),
        ("<p>He said:</p><blockquote><p>Post #x</p></blockquote>tail", "He said:\n\nPost #x\n\ntail"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c<td>d</table>x", "a\nb\nc\nd\n\nx"),
        ("un<b>bro</b>ken <i>word", "unbroken word"),
        ("<p>wrapped\nline</p>", "wrapped line"),
        ("<style>p{}</style>hi<script>alert('<p>')</script>", "hi"),
        ("<!-- no --><p>yes</p><!-- open", "yes"),
        ('<img alt="a > b <p>" src=x>after', "after"),
        ("<![CDATA[<p>x</p>]]>y", "x\n\ny"),
        ("<DIV>Q<Br>R</DIV>", "Q\nR"),
        ("<o:p>office</o:p> <amp-img src=x></amp-img>text", "office text"),
        ("&lt;p&gt;hello&lt;/p&gt;&lt;p&gt;there&lt;/p&gt;", "hello\n\nthere"),
        ("AT&amp;amp;T &amp;quot;x&amp;quot;", 'AT&T "x"'),
        ("&bogus; R&D x&lt;y", "&bogus; R&D x<y"),
        ("5 < 6 and <Name> wins", "5 < 6 and <Name> wins"),
        ("5 < 6 and <Name> wins <b>big</b>", "5 < 6 and <Name> wins big"),
        ("if x<y then <b>bold</b>", "if x<y then bold"),
        ("one line goes on\nhere\n\nNext.\n- item\n- other", "one line goes on here\n\nNext.\n- item\n- other"),
        ("<html><head><title>T</title></head><body>B</body></html>", "B"),
        ("", ""),
    ],
)
def test_html_becomes_text(html: str, plain: str) -> None:
    assert html_to_text(html) == plain


def test_a_title_is_one_line() -> None:
    assert title_to_text("<b>Tanks</b> &amp;amp; planes<br>\n move\u200b") == "Tanks & planes move"


def test_what_nobody_should_see_is_stripped_and_what_has_a_meaning_stays() -> None:
    assert strip_hidden("a\x00b\x1b[1mc\x85d\u202ee\u00adf\u200bg\ufeffh\ud800i") == "ab[1mc\ndefghi"
    assert strip_hidden("pass\u200dword") == "password"
    assert (
        strip_hidden("می\u200cخواهم क्\u200dष 👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥")
        == "می\u200cخواهم क्\u200dष 👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥"
    )
    assert one_line("x\u00a0\u2009y\r\n z\t") == "x y z"


HOSTILE = {
    "nested": "<div>" * 200_000 + "x",
    "wrongly closed": "<b></i>" * 100_000,
    "open tags": "<a " * 100_000,
    "attributes": "<a " + " ".join(f"a{number}=1" for number in range(100_000)) + ">x",
    "attributes again": ("<a " + " ".join(f"a{number}" for number in range(800)) + ">x") * 100,
    "comments": "<!--" * 100_000,
    "scripts": "<script>" * 50_000,
    "quotes": '<a href="' * 50_000,
    "brackets": "<" * 500_000,
    "entities": "&amp;" * 100_000 + "&" * 300_000,
    "spaces": "<p>" + " " * 500_000,
    "breaks": "<br> " * 100_000,
    "lines": "\n" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_markup_takes_longer_than_its_length_allows(name: str) -> None:
    start = time.process_time()
    html_to_text(HOSTILE[name])
    assert time.process_time() - start < 3.0  # linear: well below a second; quadratic: minutes


def test_markup_that_nests_too_deep_still_gives_its_text() -> None:
    html = "<div>" * 2_000 + "<p>deep <!-- x -->text</p><script>no</script><p>more</p>" + "</div>" * 2_000
    assert html_to_text(html) == "deep text\n\nmore"


ALPHABET = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<br>",
        "<b>",
        "</b>",
        "<li>",
        "word",
        " ",
        "\n",
        "&amp;",
        "&lt;",
        '<a href="x>y">',
        "</a>",
        "<",
        ">",
        '"',
        "<x>",
        "é",
    ]
)


@given(st.lists(ALPHABET, max_size=30).map("".join))
def test_the_quick_way_and_the_parser_find_the_same(html: str) -> None:
    quick = html_to_text(html)
    original, module._SIMPLE_TAG = module._SIMPLE_TAG, re.compile("(?!)")
    try:
        parsed = html_to_text(html)
    finally:
        module._SIMPLE_TAG = original
    assert quick == parsed


@given(st.text(max_size=200))
def test_any_text_is_taken_and_settles(text: str) -> None:
    plain = html_to_text(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", plain)
    assert plain == plain.strip()
    assert "\n\n\n" not in plain
