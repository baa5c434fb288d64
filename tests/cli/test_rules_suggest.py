"""`monitor rules suggest`, over hits that were marked."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rules_world import mark, world

from monitor.cli import execute

Run = Callable[..., tuple[int, str, str]]
WRONG = [f"Soldiers and {n} collie dogs at the border" for n in ("one", "two", "three", "four")]
RIGHT = [f"Soldiers with {n} tanks at the border" for n in ("five", "six", "seven", "eight")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return world(tmp_path, [*WRONG, *RIGHT])


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: str) -> tuple[int, str, str]:
        code = execute(["--config", str(folder), "rules", "suggest", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def marked(folder: Path, wrong: int, right: int) -> None:
    mark(folder, "border", {**dict.fromkeys(range(wrong), "wrong"), **dict.fromkeys(range(4, 4 + right), "right")})


def test_terms_of_wrong_and_right_hits_are_suggested_with_their_figures(run: Run, folder: Path) -> None:
    before = (folder / "rules" / "border.yaml").read_text()
    marked(folder, 4, 4)
    code, out, err = run("border")
    assert (code, err) == (0, "")
    assert "4 hits are marked right and 4 wrong, so its precision is 0.50 of 8" in out
    exclude, require = out.split("require one")
    (line,) = [line for line in exclude.splitlines() if line.startswith(("dogs", "collie"))]
    assert "4 of 4" in line
    assert "0 of 4" in line
    assert "0.014" in line
    assert "1.00" in line
    assert any(title in line for title in WRONG)
    assert any(title in require for title in RIGHT)
    assert "tanks" in require
    assert (folder / "rules" / "border.yaml").read_text() == before


def test_the_figures_are_there_as_json(run: Run, folder: Path) -> None:
    marked(folder, 4, 4)
    found = json.loads(run("border", "--json")[1])
    assert found["marked"] == {"right": 4, "wrong": 4, "needed": 3, "enough": True}
    assert found["not"][0]["precision"] == 1.0
    assert found["not_together"] == {"right": 4, "wrong": 0, "precision": 1.0}
    assert all("border" not in (one["term"], *one["also"]) for one in [*found["not"], *found["require"]])


@pytest.mark.parametrize(("wrong", "right"), [(0, 0), (2, 4), (4, 2)])
def test_too_few_marks_are_said_with_what_to_do(run: Run, folder: Path, wrong: int, right: int) -> None:
    marked(folder, wrong, right)
    code, out, _ = run("border")
    assert code == 0
    assert f"{wrong} are marked wrong and {right} right; 3 of each are needed" in out
    assert "hits --rule border --marked none" in out
    assert "hits mark NUMBER... --wrong" in out
    assert json.loads(run("border", "--json")[1])["marked"]["enough"] is False


def test_a_rule_that_does_not_exist_is_a_mistake(run: Run) -> None:
    code, _, err = run("bordre")
    assert code == 2
    assert "there is no rule 'bordre'" in err
    assert "border" in err


HARM = """\
terms:
  harm: [cut, blown, severed]
rules:
  - id: border
    match: {all: [rail, $harm]}
"""


def test_a_term_of_the_rule_itself_is_not_to_be_excluded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    numbers = ("one", "two", "three", "four")
    wrong = [f"Rail {what} cut" for what in ("fares", "jobs", "budgets", "prices")]
    world(tmp_path, [*wrong, *[f"Rail bridge {number} blown up" for number in numbers]], rules=HARM)
    marked(tmp_path, 4, 4)
    assert execute(["--config", str(tmp_path), "rules", "suggest", "border"]) == 0
    out = capsys.readouterr().out
    place = f"{tmp_path}/rules/border.yaml:2"
    assert f"`cut` is a term of $harm ({place}): take it out there, or ask for more beside it" in out
    assert "cut" not in out.partition("looked for by the rule itself")[0]
    assert execute(["--config", str(tmp_path), "rules", "suggest", "border", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {one["term"]: one["own"] for one in found["not"]}["cut"] == f"$harm ({place})"
