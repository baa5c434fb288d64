"""The frame of the command line: lazy commands, exit codes, one message for every error."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from monitor import __version__, cli
from monitor.cli import console
from monitor.errors import ConfigError, Problem, StoreError, UsageError

ROOT = Path(__file__).parents[2]
ENVIRON = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", "PYTHONPATH": str(ROOT)}


def monitor(*words: str, cwd: Path = ROOT, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "monitor", *words]
    return subprocess.run(command, capture_output=True, text=True, env=ENVIRON, cwd=cwd, timeout=60, input=stdin)


def test_help_names_every_command_and_imports_none_of_them() -> None:
    code = "import sys; from monitor.cli import execute; execute(['--help']); print(list(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=ENVIRON, cwd=ROOT, timeout=60
    )
    for name, (_, line) in cli.COMMANDS.items():
        assert f" {name} " in done.stdout
        assert line[:40] in done.stdout
    for heavy in (
        "pydantic",
        "yaml",
        "sqlite3",
        "apprise",
        "httpx",
        "pycurl",
        "feedparser",
        "apscheduler",
        "monitor.cli.check",
    ):
        assert f"'{heavy}'" not in done.stderr


def test_every_command_can_be_imported_and_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in cli.COMMANDS:
        assert cli.execute([name, "--help"]) == 0
        assert f"monitor {name}" in capsys.readouterr().out


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["--version"]) == 0
    assert capsys.readouterr().out == f"monitor {__version__}\n"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (StoreError("the disk is full"), 2, "monitor: the disk is full\n"),
        (UsageError("no such [thing]"), 2, "monitor: no such [thing]\n"),
        (
            ConfigError(
                [Problem("m.yaml", 2, 5, "is wrong", "write it right"), Problem("m.yaml", 1, 1, "x", warning=True)]
            ),
            2,
            "m.yaml:1:1: warning: x\nm.yaml:2:5: is wrong; write it right\n",
        ),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_an_error_is_one_message_and_an_exit_code(
    error: BaseException, code: int, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> int:
        raise error

    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(cli, "_run", fail)
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    assert cli.execute([]) == code
    assert capsys.readouterr().err == words


def test_a_command_that_is_misspelt_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["chekc"]) == 2
    assert "Did you mean 'check'" in capsys.readouterr().err


def test_a_command_whose_module_is_missing_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(cli.COMMANDS, "hits", ("monitor.cli.none_such:hits", "x"))
    assert cli.execute(["hits"]) == 2
    assert "the command 'hits' is not part of this installation" in capsys.readouterr().err


def test_nothing_to_work_with_is_told_with_what_to_do(tmp_path: Path) -> None:
    done = monitor("check", cwd=tmp_path)
    assert done.returncode == 2
    assert "run `monitor init` to write one" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_leaves_early_is_no_error() -> None:
    line = f"{sys.executable} -m monitor schema | head -c 10 >/dev/null; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=ENVIRON, cwd=ROOT, timeout=60)
    assert done.stderr == ""
    assert done.stdout in {"0\n", "1\n"}  # typer ends with 1 where it meets the broken pipe first


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_shells_complete_commands(shell: str) -> None:
    environ = {
        **ENVIRON,
        "_MONITOR_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": "monitor sou",
        "COMP_WORDS": "monitor sou",
    }
    environ |= {"COMP_CWORD": "1", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    done = subprocess.run(
        [sys.executable, "-m", "monitor"], capture_output=True, text=True, env=environ, cwd=ROOT, timeout=60
    )
    assert "sources" in done.stdout


def test_no_command_offers_to_install_completion_of_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for name in cli.COMMANDS:  # completion belongs to the whole program
        cli.execute([name, "--help"])
        assert "completion" not in capsys.readouterr().out, name


def test_a_missing_extra_is_installed_by_what_the_message_says() -> None:
    said = str(console.lacks("web"))
    python = said.removeprefix("this needs the extra `web`; install it with: ").split(" -m pip install ")[0]
    code = "import sys; print(sys.prefix)"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == sys.prefix  # not the first pip on the path: that of this environment
