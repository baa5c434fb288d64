"""`monitor init`: what it writes can be checked at once; what is there is never touched."""

import json
from pathlib import Path

import pytest

from monitor import cli
from monitor.resources import seeds, starter, units


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


def test_what_is_written_is_a_fine_configuration(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["init"]) == 0
    told = capsys.readouterr().out
    for command in ("monitor check", "monitor once", "monitor run", "monitor hits", "monitor alert test"):
        assert command in told
    assert "Alerts go nowhere yet" in told
    assert cli.execute(["check"]) == 0
    told = capsys.readouterr()
    # A term that adds nothing is no fault of the one who has just begun; anything graver would be.
    assert [line for line in told.err.splitlines() if "this list" not in line] == []
    assert told.out.startswith("config: 25 sources, ")


def test_editors_find_the_schema_of_every_file(here: Path) -> None:
    assert cli.execute(["init", "watch"]) == 0
    files = [
        here / "watch" / "monitor.yaml",
        here / "watch" / "sources.yaml",
        *(here / "watch" / "rules").glob("*.yaml"),
    ]
    assert len(files) > 2
    for path in files:
        line = next(line for line in path.read_text().splitlines() if "yaml-language-server" in line)
        schema = path.parent / line.partition("$schema=")[2]
        assert json.loads(schema.read_text())["$schema"]


@pytest.mark.slow
def test_a_folder_with_another_name_is_named_in_what_to_do_next(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["init", "watch"]) == 0
    assert "monitor --config watch once" in capsys.readouterr().out
    assert cli.execute(["--config", "watch", "check"]) == 0
    assert cli.execute(["check", "--config", "watch/monitor.yaml"]) == 0


@pytest.mark.parametrize("name", ["monitor.yaml", "rules/own.yaml"])
def test_nothing_is_overwritten_and_nothing_half_written(
    here: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = here / "config" / name
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    assert cli.execute(["init"]) == 2
    assert f"nothing was written, because these files exist:\n  config/{name}\n" in capsys.readouterr().err
    assert [one for one in (here / "config").rglob("*") if one.is_file()] == [path]
    assert path.read_text() == "mine"


def test_a_place_that_cannot_be_written_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "file").write_text("")
    assert cli.execute(["init", "file/config"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_shipped_folders_are_found() -> None:
    assert (starter() / "sources.yaml").is_file()
    assert (units() / "monitor.service").is_file()
    assert list((seeds() / "rules").glob("*.yaml"))
