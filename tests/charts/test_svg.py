"""The writer: what is somebody's words is escaped, what is ours is not, and no link leads away."""

import pytest

from monitor.charts.svg import Svg, clean, escape, extent, label, link, local, number, shorten, tag


def test_words_are_escaped_and_markup_is_not() -> None:
    assert tag("g", "<b>", tag("a", "x"), data_from='"') == '<g data-from="&quot;">&lt;b&gt;<a>x</a></g>'


def test_an_attribute_that_is_none_is_left_out() -> None:
    assert tag("rect", x=1.0, y=None, class_="a") == '<rect x="1" class="a"/>'


@pytest.mark.parametrize(
    ("value", "written"), [(1.0, "1"), (0.126, "0.13"), (-2.50, "-2.5"), (float("nan"), "0"), (7, "7")]
)
def test_numbers_are_short(value: float, written: str) -> None:
    assert number(value) == written


def test_what_xml_cannot_hold_is_left_out() -> None:
    assert escape("a\x00b\ud800c\ufffed\u202e") == "abcd"
    assert clean(" two\n words\u2066 ") == "two words"


@pytest.mark.parametrize("href", ["/", "/a?b=c&d#e", "?x=1", "#part", "/%2F%2F"])
def test_a_link_of_ours_is_kept(href: str) -> None:
    assert local(href) == href


@pytest.mark.parametrize(
    "href",
    ["", "//a.example", "/\\a.example", "https://a.example", "javascript:x", "a", "/a b", "/a\n", "\t/a", "/\x00"],
)
def test_any_other_link_is_none(href: str) -> None:
    assert local(href) == ""
    assert link(href, "x") == "x"


def test_a_base_goes_before_a_link_and_must_be_an_address() -> None:
    assert link("/a", "x", base="https://m.example/") == '<a href="https://m.example/a">x</a>'
    assert link("/a", "x", base="javascript:alert(1)//") == "x"


def test_a_text_from_the_right_keeps_its_place() -> None:
    assert label("Brest", 5, 9, anchor="end") == '<text x="5" y="9" text-anchor="end">Brest</text>'
    assert label("برست", 5, 9, anchor="end") == '<text x="5" y="9" direction="rtl">برست</text>'
    assert label("12 برست", 5, 9) == '<text x="5" y="9" text-anchor="end" direction="rtl">12 برست</text>'


@pytest.mark.parametrize(
    "text",
    ["Short", "A name that is much longer than there is room for", "白俄罗斯国防部新闻处", "iiiiiiiiiiiiiiiiiiii"],
)
def test_a_label_fits(text: str) -> None:
    cut = shorten(text, 80, 12)
    assert extent(cut, 12) <= 80
    assert cut == text or cut.endswith("…")


def test_a_text_is_not_markup() -> None:
    assert not isinstance(escape("a"), Svg)
