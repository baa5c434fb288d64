"""What a real demonstration leaves, run once as a user runs it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.cli import execute

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return its folder, and what it printed."""
    folder = tmp_path_factory.mktemp("demo") / "watch"
    command = [sys.executable, "-m", "monitor", "demo", str(folder)]
    environ = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environ, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


@pytest.fixture(scope="module")
def demo(demonstration: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy for the tests of one file, which may change it."""
    folder = tmp_path_factory.mktemp("demo") / "watch"
    shutil.copytree(demonstration[0], folder)
    return folder


@pytest.fixture
def run(demo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command there as ann; return its exit code and what it printed."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("LOGNAME", "ann")

    def call(*words: str) -> tuple[int, str, str]:
        code = execute(["--config", str(demo), *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call
