"""`monitor status` tells what is wrong now, not what was wrong when the rules were read last."""

import json
from pathlib import Path

import pytest

from monitor import cli
from monitor.config import load
from monitor.pipeline import Pipeline
from monitor.store import Store
from tests.cli.rules_world import RULES, world

WRONG = RULES + "  - {id: typo, match: {al: [troops]}}\n"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.execute([*words]) == 0
    return capsys.readouterr().out


def test_a_rule_that_was_mended_is_no_problem_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    world(tmp_path, ["Troops at the border"], rules=WRONG, age=60.0)
    with Store.open(tmp_path / "monitor.db") as store:
        Pipeline(config=load(tmp_path), store=store).note_rules(1.0)
    out = said(capsys, "status")
    assert "rules        2 live, 1 problem\n" in out
    assert out.count("there is no condition") == 1
    assert "sources      1 new, 1 ok; the next one is due now\n" in out
    assert "articles     1, 1 in 24 h; 1 hit in 24 h\n" in out
    assert [one["key"] for one in json.loads(said(capsys, "status", "--json"))["problems"]] == ["typo"]

    (tmp_path / "rules" / "border.yaml").write_text(RULES)
    out = said(capsys, "status")
    assert "rules        2 live\n" in out
    assert "problem" not in out
    assert json.loads(said(capsys, "status", "--json"))["problems"] == []


def test_a_rule_whose_examples_fail_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    world(tmp_path, ["Troops"])
    with Store.open(tmp_path / "monitor.db") as store:
        Pipeline(config=load(tmp_path), store=store).note_examples({"border": "an example fails"}, 1.0)
    out = said(capsys, "status")
    assert "rules        2 live, 1 with examples that fail\n" in out
    assert "problem      Rule border fails its own examples, noted " in out
    assert ": an example fails (mend the rule or the example" in out
