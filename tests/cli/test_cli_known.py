"""Filters that name what does not exist, and lists that are empty."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor import cli
from tests.cli.rules_world import RULES, world

Run = Callable[..., tuple[int, str, str]]
TREND = "trends:\n  - {id: wave, count: {rule: border, more_than: 9, within: 1h}}\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Two articles; the first is a hit of the rule `border`. The rule `exercise` is taken out and `off` is off."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    world(tmp_path, ["Troops at the border", "An exercise begins"])
    head, _, _ = RULES.partition("  - id: exercise")
    (tmp_path / "rules" / "border.yaml").write_text(f"{head}  - {{id: off, enabled: false, match: [storm]}}\n{TREND}")

    def call(*words: str) -> tuple[int, str, str]:
        code = cli.execute([*words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("hits", "--rule", "bordr"), "there is no rule 'bordr'; did you mean 'border'?"),
        (("hits", "--rule", "exercises"), "there is no rule 'exercises'; did you mean 'exercise'?"),
        (("hits", "--rule", "nosuch"), "there is no rule 'nosuch'; known rules: border, exercise, off"),
        (("hits", "--rule", "wave"), "'wave' is a trend, and only rules have hits; `monitor rules trends wave`"),
        (("hits", "--watch", "Bodrer"), "there is no watch 'Bodrer'; did you mean 'Border'?"),
        (("hits", "--source", "kestral"), "there is no source 'kestral'; did you mean 'kestrel'?"),
        (("articles", "--source", "kestral"), "there is no source 'kestral'; did you mean 'kestrel'?"),
        (("articles", "--rule", "nosuch", "--json"), "there is no rule 'nosuch'"),
    ],
)
def test_a_name_that_nothing_has_ends_with_2(run: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err


def test_what_is_gone_from_the_configuration_still_chooses(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("sources: []\n")
    assert [one["rule"] for one in json.loads(run("hits", "--json", "--rule", "exercise")[1])] == ["exercise"]
    assert len(json.loads(run("articles", "--json", "--source", "kestrel")[1])) == 1
    (tmp_path / "rules" / "border.yaml").unlink()
    assert len(json.loads(run("hits", "--json", "--watch", "Border")[1])) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("hits", "--rule", "off"), "no hits\n"),
        (("articles", "--text", "volcano"), "no articles\n"),
        (("alert", "list"), "no alerts\n"),
        (("alert", "queue"), "no channels\n"),
    ],
)
def test_an_empty_list_says_so_but_not_to_programs(run: Run, words: tuple[str, ...], said: str) -> None:
    assert run(*words) == (0, said, "")
    assert run(*words, "--json") == (0, "[]\n", "")
    assert run(*words, "--csv") == (0, "", "")
