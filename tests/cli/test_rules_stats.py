"""`monitor rules stats` and `monitor hits mark`, over a database that the pipeline filled."""

import json
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from rules_world import mark, world

from monitor.cli import execute
from monitor.pipeline import TIMED
from monitor.store import Store

Run = Callable[..., tuple[int, str, str]]
TEXTS = ["Troops at the border", "An exercise of soldiers at the frontier", "A quiet day", *["Exercises go on"] * 60]
SAMPLED = [number for number in range(len(TEXTS)) if zlib.crc32(f"a{number:012}".encode()) % TIMED == 0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return world(tmp_path, TEXTS)


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: str) -> tuple[int, str, str]:
        code = execute(["--config", str(folder), *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def rows(run: Run, *words: str) -> dict[str, dict[str, object]]:
    return {row["rule"]: row for row in json.loads(run("rules", "stats", "--json", *words)[1])}


def test_hits_and_the_last_one_are_counted(run: Run) -> None:
    found = rows(run)
    assert found["border"]["hits"] == 2
    assert found["exercise"]["hits"] == 61
    assert found["border"]["last_hit"] < found["exercise"]["last_hit"]  # type: ignore[operator]
    assert rows(run, "--since", "26h")["border"]["hits"] == 0


def test_the_pipeline_times_rules_on_a_sample_and_scales_it(run: Run) -> None:
    """The clock of this test goes on by a millisecond a reading, so each try took exactly one."""
    tried = sum("xercise" in TEXTS[number] for number in SAMPLED)
    assert tried
    found = rows(run)["exercise"]
    assert found["tried"] == tried * TIMED
    assert found["seconds"] == pytest.approx(tried * TIMED * 0.001)
    assert found["us_each"] == pytest.approx(1000)


def test_a_rule_that_was_never_timed_has_no_time(run: Run, folder: Path) -> None:
    (folder / "rules" / "new.yaml").write_text("rules: [{id: new, match: [submarine]}]")
    assert rows(run)["new"]["us_each"] is None
    assert run("rules", "stats")[1].splitlines()[3].split() == ["new", "0", "never", "-", "-", "-", "-"]


def test_precision_comes_from_marks(run: Run, folder: Path) -> None:
    assert "no hit is marked yet" in run("rules", "stats")[2]
    mark(folder, "exercise", {1: "right", 3: "wrong", 4: "wrong", 5: "wrong"})
    found = rows(run)["exercise"]
    assert (found["right"], found["wrong"], found["precision"]) == (1, 3, 0.25)
    assert rows(run)["border"]["precision"] is None
    _, out, err = run("rules", "stats")
    assert "0.25 of 4" in out
    assert err == ""


def test_a_rule_that_is_gone_is_still_shown(run: Run, folder: Path) -> None:
    (folder / "rules" / "border.yaml").write_text("rules: [{id: border, match: [border]}]")
    assert rows(run)["exercise"]["live"] is False
    assert "exercise (not live)" in run("rules", "stats")[1]


def test_without_a_database_every_rule_has_nothing(run: Run, folder: Path) -> None:
    (folder / "monitor.db").unlink()
    assert [row["hits"] for row in rows(run).values()] == [0, 0]


# --- marking ---------------------------------------------------------------------------------------------------------


def test_a_hit_is_marked_by_number_shown_and_cleared(run: Run) -> None:
    one = json.loads(run("hits", "--json", "--rule", "border", "--limit", "1")[1])[0]
    assert one["mark"] is None
    code, out, _ = run("hits", "mark", str(one["hit"]), "--wrong", "--note", "a dog")
    assert code == 0
    assert out.startswith("border on a000000000001 marked wrong: An exercise")
    marked = json.loads(run("hits", "--json", "--marked", "wrong")[1])
    assert [(row["hit"], row["mark"], row["note"]) for row in marked] == [(one["hit"], "wrong", "a dog")]
    assert "wrong" in run("hits", "--rule", "border")[1].splitlines()[1]
    assert len(json.loads(run("hits", "--json", "--rule", "border", "--marked", "none")[1])) == 1
    assert "no longer marked" in run("hits", "mark", str(one["hit"]), "--clear")[1]
    assert "was not marked" in run("hits", "mark", str(one["hit"]), "--clear")[1]
    assert json.loads(run("hits", "--json", "--marked", "wrong")[1]) == []


def test_an_article_is_marked_with_its_rule(run: Run) -> None:
    code, _, err = run("hits", "mark", "a000000000001", "--right")
    assert code == 2
    assert "name one with --rule: border, exercise" in err
    assert run("hits", "mark", "a000000000001", "--rule", "exercise", "--right")[0] == 0
    assert run("hits", "mark", "a000000000000", "--right")[0] == 0
    marked = json.loads(run("hits", "--json", "--marked", "right")[1])
    assert {(row["article"], row["rule"]) for row in marked} == {
        ("a000000000001", "exercise"),
        ("a000000000000", "border"),
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("7777", "--right"), "there is no hit 7777"),
        (("a000000000002", "--right"), "no rule hit"),
        (("a000000000000", "--rule", "exercise", "--right"), "these did: border"),
        (("1", "--rule", "exercise", "--right"), "of the rule 'border'"),
        (("1",), "one of --right, --wrong and --clear"),
        (("1", "--right", "--wrong"), "one of --right, --wrong and --clear"),
        (("1", "--clear", "--note", "x"), "--note goes with"),
        (("1", "7777", "--right"), "there is no hit 7777"),
    ],
)
def test_a_mistake_marks_nothing(run: Run, folder: Path, words: tuple[str, ...], said: str) -> None:
    code, _, err = run("hits", "mark", *words)
    assert code == 2
    assert said in err
    with Store.open(folder / "monitor.db") as store:
        assert store.marks.counts() == {}


def test_a_wrong_filter_is_told(run: Run) -> None:
    code, _, err = run("hits", "--marked", "perhaps")
    assert code == 2
    assert "right, wrong or none" in err
