"""What the lists show on 80 columns: nothing that matters may be cut there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rules_world import world

from monitor.cli import execute

RULES = """\
watch: Southern border of the country
terms: {forces: [troops, soldiers]}
rules:
  - id: grouping-at-border-has-grown
    name: A grouping at a border has grown, says one of the parties to the matter
    severity: critical
    match: {all: [$forces, [border, frontier]]}
trends:
  - id: grouping-at-border-more-than-usual
    name: More reports of a grouping than usual
    severity: critical
    count: {rule: grouping-at-border-has-grown, more_than: 50, within: 6h}
"""
TEXTS = [f"Soldiers of unit {number} were seen moving to the frontier and along the border" for number in range(12)]
Run = Callable[..., list[str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    world(tmp_path, TEXTS, rules=RULES)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")

    def call(*words: str) -> list[str]:
        assert execute(["--config", str(tmp_path), *words]) == 0
        return capsys.readouterr().out.splitlines()

    return call


def test_rules_keep_their_ids_severities_and_counts(run: Run) -> None:
    lines = run("rules")
    assert lines[0].split() == ["rule", "severity", "24", "h", "7", "d", "30", "d", "name"]
    assert lines[1].split()[:5] == ["grouping-at-border-has-grown", "critical", "0", "12", "12"]
    assert max(map(len, lines)) <= 80


def test_names_of_trends_are_folded_between_words(run: Run) -> None:
    lines = run("rules")
    start = next(number for number, line in enumerate(lines) if line.startswith("trend "))
    assert lines[start + 1].split()[:4] == ["grouping-at-border-more-than-usual", "critical", "count", "never"]
    words = " ".join(" ".join(line[61:].split()) for line in lines[start + 1 :])
    assert words == "More reports of a grouping than usual", lines


def test_a_hit_takes_a_line_for_its_facts_and_the_full_width_for_its_headline(run: Run) -> None:
    lines = run("hits")
    assert lines[0].split() == ["hit", "seen", "severity", "rule,", "source,", "article"]
    number, _, _, severity, rule, source, _ = lines[1].split()
    assert (number, severity, rule) == ("12", "critical", "grouping-at-border-has-grown")
    assert source in ("kestrel", "harbour")
    body = " ".join(" ".join(lines[1:]).split())
    assert "were seen moving to the frontier and along the border [" in body
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 1 + 4 * len(TEXTS)
