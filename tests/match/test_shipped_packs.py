"""The shipped packs: every example holds, in every language, and labelled news is found as promised."""

import os
import re
from pathlib import Path

import pytest
from rule_builders import shipped

from monitor import cli
from monitor.match.labels import labels_of
from monitor.match.rule import Rule
from monitor.resources import seeds

LANGUAGES = {"en", "ru", "uk", "be", "pl"}
CORPUS = os.environ.get("MONITOR_CORPUS")
RULES = shipped().rules


def test_every_example_holds() -> None:
    assert [str(problem) for problem in shipped().check_examples()] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@pytest.mark.parametrize("match", [True, False], ids=["match", "ignore"])
def test_every_rule_has_examples_in_every_language(rule: Rule, match: bool) -> None:
    languages = {example.language or "en" for example in rule.examples if example.match == match}
    assert languages == LANGUAGES


def test_each_watch_is_one_file() -> None:
    files = {rule.watch: {one.file for one in RULES if one.watch == rule.watch} for rule in RULES}
    assert {watch: len(names) for watch, names in files.items()} == dict.fromkeys(files, 1)
    assert set(files) == {
        "Border deployments",
        "Arms deals",
        "Exercises",
        "Mobilisation",
        "Airspace and border closures",
        "Sanctions",
        "Repression",
    }


def test_every_term_set_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (seeds() / "rules").glob("*.yaml")]
    named = {name for document in shipped().documents for name in document.data.get("terms") or ()}
    used = {name for text in texts for name in re.findall(r"\$([a-z-]+)", text)}
    assert named == used - {"schema", "name"}  # these stand in comments


def test_the_labels_of_the_packs_name_their_rules() -> None:
    assert labels_of(shipped().documents) == {
        "deal": ("missile-deal",),
        "deploy": ("border-deployment", "flank-deployment", "grouping-at-border"),
        "exercise": ("exercise",),
    }


def test_a_fresh_configuration_has_nothing_to_warn_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.execute(["init", "watch"]) == 0
    assert {f"rules/{path.name}" for path in (seeds() / "rules").glob("*.yaml")} == {
        f"rules/{path.name}" for path in (tmp_path / "watch" / "rules").iterdir()
    }
    capsys.readouterr()
    assert cli.execute(["--config", "watch", "check"]) == 0
    assert "warning" not in capsys.readouterr().err


@pytest.mark.skipif(not CORPUS, reason="MONITOR_CORPUS is not set: the labelled news is not here")
@pytest.mark.parametrize(
    ("topic", "least_f1"), [("deploy", 0.85), ("deal", 0.85), ("exercise", 0.93)], ids=["deploy", "deal", "exercise"]
)
def test_labelled_english_news_is_found(topic: str, least_f1: float, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    labels = Path(str(CORPUS)) / "labels" / "en.jsonl"
    assert cli.execute(["rules", "score", str(seeds() / "rules"), "--labels", str(labels), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["topics"][topic]
    assert figures["f1"] >= least_f1
    assert figures["precision"] >= 0.8
    assert figures["recall"] >= 0.8
