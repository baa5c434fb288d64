"""What a real demonstration leaves, run once as a user runs it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


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
