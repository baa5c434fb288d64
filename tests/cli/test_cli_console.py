"""What the commands share: text from feeds must not steer a terminal or a spreadsheet."""

import csv
import io
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli import console


def test_control_and_bidi_characters_do_not_reach_the_terminal() -> None:
    assert console.clean("a\x1b[31mb\x07\u202ec\u2066d\ufeff\x9bm\te\n") == "a[31mbcdm\te\n"
    assert console.one_line(" a\n\n b\tc ", longest=4) == "a b…"


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("a=1", "a=1"),
        ("", ""),
        (-5, -5),
        (None, None),
    ],
)
def test_a_cell_never_begins_a_formula(value: object, safe: object) -> None:
    assert console.formula_safe(value) == safe


@given(st.text(max_size=20))
def test_no_text_makes_a_csv_cell_a_formula_or_holds_controls(text: str) -> None:
    cell = console.formula_safe(console._cell(text))
    assert not cell or cell[0] not in "=+-@\t\r"
    assert "\x1b" not in cell


def test_rows_are_printed_as_json_and_csv(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"title": "=cmd|' /C calc'!A0\x1b", "tags": frozenset({"b", "a"}), "at": 1.5}]
    console.show(rows, as_json=True, as_csv=False)
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert json.loads(text) == [{"title": "=cmd|' /C calc'!A0\x1b", "tags": ["a", "b"], "at": 1.5}]
    console.show(rows, as_json=False, as_csv=True)
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [
        ["title", "tags", "at"],
        ["'=cmd|' /C calc'!A0", "a b", "1.5"],
    ]


def test_a_table_shows_markup_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    table = console.make_table("a", ">b", "~c")
    console.add_row(table, "[red]x[/red]\x1b[2J", 5, None)
    console.show([], as_json=False, as_csv=False, table=table)
    text = capsys.readouterr().out
    assert "[red]x[/red][2J" in text
    assert "\x1b" not in text


def test_times_are_said_for_people() -> None:
    assert console.when(0.0) == "1970-01-01 00:00"
    assert console.when(1652184000.0, "Europe/Warsaw") == "2022-05-10 14:00"
    assert (console.when(None), console.when(1e20)) == ("", "?")
    assert [console.duration(seconds) for seconds in (None, 40, 900, 21600, 345600)] == ["", "40s", "15m", "6h", "4d"]
    assert [console.since(at, 1000.0) for at in (None, 700.0, 8200.0)] == ["never", "5m ago", "in 2h"]


@pytest.mark.parametrize(
    ("called", "shown"),
    [
        (".venv/bin/monitor", ".venv/bin/monitor"),
        ("/srv/monitor/__main__.py", "python -m monitor"),
        ("/usr/bin/pytest", "monitor"),
    ],
)
def test_what_is_printed_can_be_typed(called: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", [called])
    assert console.program() == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("500: <html>\n<head><title>Bad</title><style>p {x: 1}</style></head>\n<body><p>Gone &amp; lost</p></body>",
         "500: Bad Gone & lost"),
        ("not taken: <no address> given", "not taken: <no address> given"),
        ('200 {"ok":\n  true}', '200 {"ok": true}'),
        ("<p>" + "word " * 500, "word " * 39 + "word…"),
        ("<p>half a page <a href=", "half a page <a href="),
    ],
)  # fmt: skip
def test_an_answer_is_one_short_line_without_tags(said: str, shown: str) -> None:
    assert console.answer(said) == shown
    assert len(console.answer(said)) <= 200


def test_a_hostile_answer_costs_no_time() -> None:
    started = time.process_time()
    for piece in ("<script", "<style>", "<!--", "<p>", "<a <", "&#x"):
        console.answer("<p>" + piece * 100_000)
    assert time.process_time() - started < 2
