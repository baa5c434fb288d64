"""The YAML door: what scalars mean, where values stand, what is refused, and how syntax errors are said."""

import math
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config import scalars, yaml
from monitor.config.yaml import load_located, parse


def said(text: str) -> list[str]:
    return [str(problem) for problem in parse(text, file="f").problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("2022-05-10", "2022-05-10"),
        ("=", "="),
        ("=Exact", "=Exact"),
        ("send*", "send*"),
        ("$forces", "$forces"),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("42", 42),
        ("-7", -7),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        (".inf", math.inf),
        ("'42'", "42"),
        ('"true"', "true"),
        ("!!str 42", "42"),
        ("! 42", "42"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_only_the_core_scalars_of_yaml_1_2_have_a_meaning_of_their_own(text: str, value: object) -> None:
    assert parse(f"key: {text}", file="f").data == {"key": value}


def test_keys_are_always_text() -> None:
    assert parse("no: 1\n5: 2\ntrue: 3\nnull: 4", file="f").data == {"no": 1, "5": 2, "true": 3, "null": 4}


def test_every_value_and_key_knows_its_place() -> None:
    located = parse("a:\n  b: [x, yy]\nc:\n  - d: 1\n    e: 2\n", file="f")
    assert located.where(("a",)) == (1, 1)  # a mapping is found at its key
    assert located.where(("a", "b", 1)) == (2, 10)
    assert located.where(("c", 0, "e")) == (5, 8)
    assert located.where_key(("c", 0, "e")) == (5, 5)
    assert located.where(("c", 0, "missing", "deeper")) == located.where(("c", 0))
    assert located.where(()) == (1, 1)


def test_aliases_and_merge_keys_work_and_own_keys_win() -> None:
    located = parse("base: &b {x: 1, y: 2}\none: {<<: *b, y: 3}\ntwo: *b\n", file="f")
    assert located.data == {"base": {"x": 1, "y": 2}, "one": {"x": 1, "y": 3}, "two": {"x": 1, "y": 2}}
    assert located.where(("one", "x")) == (1, 14)


def test_a_value_that_is_left_out_does_not_move_the_places_of_others() -> None:
    located = yaml.without(parse("l:\n  - a\n  - b: 1\n    c: 2\n", file="f"), [("l", 0), ("l", 1, "b")])
    assert located.data == {"l": [{"c": 2}]}
    assert located.where(("l", 0, "c")) == (4, 8)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: 1\nb:\n\t- x\n", "f:3:1", "a tab is used where YAML wants spaces; indent with spaces only"),
        ("a: 1\nb:\n  - x\n\t- y\n", "f:4:1", "a tab"),
        ("a: @x\n", "f:1:4", "text that starts with '@' must stand in quotes"),
        ("a: `x`\n", "f:1:4", "must stand in quotes"),
        ("- %x\n", "f:1:3", "must stand in quotes"),
        ("- *\n", "f:1:4", "text that starts with '*' must stand in quotes"),
        ("- *word\n", "f:1:3", "there is no anchor &word; to write text, put it in quotes: '*word'"),
        ("- & b\n", "f:1:4", "text that starts with '&' must stand in quotes"),
        ("- !important\n", "f:1:3", "the tag !important is not allowed; to write text, put it in quotes"),
        ("- !x!y z\n", "f:1:3", "text that starts with '!' must stand in quotes"),
        ("a: b: c\n", "f:1:5", "put text that holds ': ' in quotes"),
        ("a:\n    b: 1\n  c: 2\n", "f:3:3", "by 2 spaces, which fits no line above it; indent it by 4, as in line 2"),
        (
            "a:\n  - id: x\n    b: 1\n\n   # why\n   c: 2\n",
            "f:6:4",
            "by 3 spaces, which fits no line above it; indent it by 4, as in line 3",
        ),
        ("a:\n  - b\n - c\n", "f:3:2", "by 1 space, which fits no line above it; indent it by 2, as in line 2"),
        ("a:\n  - - id: x\n     c: 2\n", "f:3:6", "indent it by 6, as in line 2"),
        ("a: 1\nfoo\nb: 2\n", "f:2:1", "a key without a colon"),
        ('a: 1\nb: "x\nc: 1\n', "f:2:4", "a quote is opened here and never closed"),
        ('a: "\\d+"\n', "f:1:5", "use single quotes: '\\d+'"),
        ("a: [b, c\nd: 1\n", "f:2:2", "check brackets and commas"),
        ("a: {b: 1\n", "f:2:1", "check braces and commas"),
        ("a: [\n", "f:2:1", "the file ends in the middle of a value"),
        ("a: 'x' y\n", "f:1:8", "quote text that goes on after a closing quote"),
        ("- [a-z]+\n", "f:1:8", "quote text that goes on after a closing bracket"),
        ("a: > x\n", "f:1:6", "the text begins on the next line"),
        ("a: ]\n", "f:1:4", "a value is missing"),
        ("a: - b\n", "f:1:4", "put it on a line of its own"),
        ("a: 1\n---\nb: 1\n", "f:2:1", "a second document begins here"),
        ("%YAML 3.0\n---\na: 1\n", "f:1:1", "remove the %YAML line"),
        ("a: x\x00y\n", "f:1:5", "holds the control character U+0000; remove it"),
        ("? [a]\n: b\n", "f:1:3", "a key must be plain text"),
        ("{a}: b}\n", "f:1:1", "a key must be plain text"),
        ("a: !!python/object/apply:os.system [x]\n", "f:1:4", "is not allowed"),
        ("a: 1\nb: 2\na: 3\n", "f:3:1", "the key 'a' stands here twice, first in line 1; keep one of them"),
        ("a: &a [*a]\n", "f:1:8", "*a holds itself"),
        ("<<: 5\n", "f:1:5", "'<<' takes a mapping"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence_with_its_place(text: str, place: str, words: str) -> None:
    (problem,) = said(text)
    assert problem.startswith(f"{place}: ")
    assert words in problem


def test_every_duplicate_key_is_told_not_only_the_first() -> None:
    assert len(said("a: 1\na: 2\nb: {c: 1, c: 2}\n")) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "levels deep"),
        ('{"a":' * 100_000, "levels deep"),
        ("a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
            f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
        ), "values"),
        ("a: &a {}\nb: [" + "*a, " * 2000 + "]\n", "aliases"),
        ("{a: 1, a: 1}\n- " * 300, ""),
        ("- {a: 1, a: 1}\n" * 300, "more than 100 problems"),
    ],
    ids=["deep list", "deep mapping", "alias bomb", "many aliases", "broken", "many problems"],
)  # fmt: skip
def test_a_bomb_is_refused_at_once(text: str, words: str) -> None:
    before = time.perf_counter()
    problems = said(text)
    assert problems
    assert words in problems[-1]
    assert time.perf_counter() - before < 2


def test_files_that_are_no_utf8_text_or_too_large_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"a: 1\nb: caf\xe9\n")
    assert [str(one) for one in load_located(path, file="x").problems] == [
        "x:2:7: is not UTF-8 text; save the file with encoding UTF-8"
    ]
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert load_located(path).data == {"a": 1, "b": 2}
    assert "cannot be read: No such file" in str(load_located(tmp_path / "none").problems[0])
    assert "cannot be read: Is a directory" in str(load_located(tmp_path).problems[0])
    monkeypatch.setattr(yaml, "BYTES", 5)
    assert "is larger than" in str(load_located(path).problems[0])


def test_pyyamls_own_parser_tells_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["a: 1\nb:\n\t- x\n", "a: b: c\n", "- *\n", "a: @x\n", 'a: "\\d"\n', 'a: "x\n', "a: 1\nfoo\nb: 2\n"]
    fast = [said(text)[0].split(": ", 1)[1] for text in texts]
    monkeypatch.setattr(yaml, "_LOADER", __import__("yaml").SafeLoader)
    assert [said(text)[0].split(": ", 1)[1] for text in texts] == fast


BITS = st.sampled_from(
    [
        *list("abc:-[]{}&*!|>'\"%@`#,?\t\n\\ ~0."),
        "\n  ",
        ": ",
        "- ",
        "&a ",
        "*a",
        "<<: ",
        "---",
        "\x00",
        "é",
        "\u2028",
        "!!int ",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.lists(BITS, max_size=40).map("".join), st.text(max_size=60)))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    located = parse(text, file="f")
    assert located.readable or located.problems
    for problem in located.problems:
        assert problem.message


@given(st.text(alphabet="+-.0123456789eExo_ainfNul~", max_size=8))
def test_no_scalar_makes_resolving_raise(text: str) -> None:
    scalars.resolve(text)
