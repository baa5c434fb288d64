"""`monitor rules score`: figures that can be worked out by hand, mistakes that are explained, input that is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from monitor import cli
from monitor.match.score import HALVES, Count, half

RULES = """
watch: Harbour
labels: {ships: [ship, ferry], cats: cat}
rules:
  - {id: ship, match: {near: {within: 3, of: [$vessels, harbour]}}}
  - {id: ferry, match: ferry}
  - {id: cat, match: [cat, cats]}
"""
ARTICLES: list[dict[str, Any]] = [
    {"id": "1", "title": "A trawler is in harbour", "text": "", "labels": {"ships": True, "cats": False}},
    {"id": "2", "title": "Morning", "text": "The ferry is late.", "labels": {"ships": True, "cats": None}},
    {"id": "3", "title": "A trawler sinks far from harbour walls", "labels": {"ships": True, "cats": False}},
    {"id": "4", "title": "Ferry tale", "source": "Kestrel", "labels": {"ships": False}, "split": "hold"},
    {"id": "5", "title": "Cats sleep", "text": None, "labels": {"ships": None, "cats": True}, "split": "give"},
    {"id": "6", "title": "Rain", "labels": {"ships": False, "cats": False}, "split": "give", "lang": "en"},
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "harbour.yaml").write_text(RULES)
    (tmp_path / "rules" / "terms.yaml").write_text("terms: {vessels: {en: [trawler, barge]}}\n")
    write(tmp_path / "l.jsonl", ARTICLES)
    return tmp_path


def write(path: Path, articles: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(one) + "\n" for one in articles) + "\n")


def figures(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    assert cli.execute(["rules", "score", "--json", *words]) == code
    return json.loads(capsys.readouterr().out)


SHIPS = {"precision": 0.6667, "recall": 0.6667, "f1": 0.6667, "tp": 2, "fp": 1, "fn": 1}
CATS = {"precision": 1.0, "recall": 1.0, "f1": 1.0, "tp": 1, "fp": 0, "fn": 0}


@pytest.mark.parametrize("rules", ["rules", "rules/harbour.yaml"])
def test_figures_of_each_label(home: Path, rules: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert figures(capsys, rules, "--labels", "l.jsonl") == {"topics": {"ships": SHIPS, "cats": CATS}}


def test_several_files_of_labels_add_up(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(home / "m.jsonl", [{"id": "7", "title": "A cat", "labels": {"cats": False}}])
    found = figures(capsys, "rules", "--labels", "l.jsonl", "--labels", "m.jsonl")["topics"]
    assert (found["ships"], found["cats"]["fp"]) == (SHIPS, 1)


def test_a_map_says_which_rules_answer_for_a_label(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys, "rules", "--labels", "l.jsonl", "--map", "ships=ship")["topics"]
    assert found == {"ships": {"precision": 1.0, "recall": 0.3333, "f1": 0.5, "tp": 1, "fp": 0, "fn": 2}}
    both = figures(capsys, "rules", "--labels", "l.jsonl", "--map", "ships=ship,ferry,cats=cat")
    assert both == {"topics": {"ships": SHIPS, "cats": CATS}}
    assert figures(capsys, "rules", "--labels", "l.jsonl", "--map", "ships=ship,ferry", "--map", "cats=cat") == both


def test_halves_add_up_to_the_whole(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(home / "many.jsonl", [{**one, "id": f"{one['id']}-{n}"} for one in ARTICLES for n in range(40)])
    found = figures(capsys, "rules", "--labels", "many.jsonl", "--split", "half")
    assert set(found["halves"]) == set(HALVES)
    for key in ("tp", "fp", "fn"):
        assert sum(found["halves"][name]["ships"][key] for name in HALVES) == found["topics"]["ships"][key]
        assert all(found["halves"][name]["ships"][key] > 0 for name in HALVES)


def test_a_half_never_changes() -> None:
    assert [half(one) for one in ("a", "b", "c", "d", "\ud800")] == [HALVES[n] for n in (0, 0, 0, 0, 1)]


def test_a_split_leaves_the_others_out(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys, "rules", "--labels", "l.jsonl", "--split", "give")["topics"]
    assert found["cats"] == CATS
    assert found["ships"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "tp": 0, "fp": 0, "fn": 0}


def test_mistakes_are_listed_and_explained(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["rules", "score", "rules", "--labels", "l.jsonl"]) == 0
    told = capsys.readouterr().out
    assert "ships: 1 missed\n\nA trawler sinks far from harbour walls\n" in told
    assert "near (1 part missing): ship - ship" in told
    assert "all are there, but nowhere close together" in told
    assert "ships: 1 false alarms" not in told
    assert "ships: 1 false alarm\n\nFerry tale\n" in told
    assert "hit: ferry - ferry" in told
    assert "cats:" not in told
    assert cli.execute(["rules", "score", "rules", "--labels", "l.jsonl", "--brief"]) == 0
    assert "Ferry tale" not in capsys.readouterr().out


def test_what_an_article_says_cannot_steer_the_terminal(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(home / "l.jsonl", [{"title": "Ferry \x1b[31m[bold]tale", "labels": {"ships": False}}])
    assert cli.execute(["rules", "score", "rules", "--labels", "l.jsonl"]) == 0
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "[bold]tale" in told
    assert "l.jsonl:1" in told  # it has no id


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none.yaml", "--labels", "l.jsonl"], "none.yaml is neither a rules file nor a folder of them"),
        (["rules", "--labels", "none.jsonl"], "none.jsonl cannot be read"),
        (["rules", "--labels", "rules"], "rules cannot be read"),
        (["rules", "--labels", "l.jsonl", "--map", "ships=shp"], "there is no rule 'shp'; did you mean 'ship'?"),
        (["rules", "--labels", "l.jsonl", "--map", "ship"], "--map 'ship' is not of the form LABEL=RULE,RULE"),
        (["rules", "--labels", "l.jsonl", "--split", "third"], "there are no labelled articles with split 'third'"),
        (["rules", "--labels", "empty.jsonl"], "there are no labelled articles"),
        (["rules", "--labels", "broken.jsonl"], "broken.jsonl:2: this is no JSON"),
        (["rules", "--labels", "list.jsonl"], "list.jsonl:1: this article has no labels"),
        (["rules", "--labels", "maybe.jsonl"], "maybe.jsonl:1: the label ships is neither true nor false nor null"),
        (["rules/terms.yaml", "--labels", "l.jsonl"], "no rule answers for a label"),
    ],
)
def test_what_is_wrong_is_one_message(
    home: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "empty.jsonl").write_text("\n")
    (home / "broken.jsonl").write_text('{"labels": {}}\n{"id": \n')
    (home / "list.jsonl").write_text("[1]\n")
    (home / "maybe.jsonl").write_text('{"labels": {"ships": "yes"}}\n')
    assert cli.execute(["rules", "score", *words]) == 2
    told = capsys.readouterr()
    assert message in told.err
    assert "Traceback" not in told.err + told.out


def test_a_rule_that_is_wrong_is_told_with_its_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "rules" / "harbour.yaml").write_text(RULES.replace("$vessels", "$vesels").replace("[ship, ferry]", "[shp]"))
    assert cli.execute(["rules", "score", "rules/harbour.yaml", "--labels", "l.jsonl"]) == 2
    told = capsys.readouterr().err
    assert "there is no term set $vesels; did you mean $vessels?" in told
    assert "rules/harbour.yaml:3:18: there is no rule 'shp'; did you mean ship?" in told


def test_counts_of_nothing_are_nothing() -> None:
    assert (Count().precision, Count().recall, Count().f1) == (0.0, 0.0, 0.0)


def test_labels_may_begin_with_a_byte_order_mark(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "l.jsonl").write_text("\ufeff" + (home / "l.jsonl").read_text())
    assert figures(capsys, "rules", "--labels", "l.jsonl") == {"topics": {"ships": SHIPS, "cats": CATS}}


def test_a_mapped_label_that_no_article_has_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("rules", "score", "rules", "--labels", "l.jsonl", "--json", "--map", "shops=ship,cats=cat")
    assert cli.execute([*words]) == 0
    said = capsys.readouterr()
    assert said.err == "no article has the label 'shops'; they have: cats, ships\n"
    assert json.loads(said.out)["topics"]["cats"] == CATS
