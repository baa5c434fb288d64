"""The daemon as a process of its own: what only shows there."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Process:
    """The stand-in's process, killed at the end if it still runs."""

    def __init__(self, folder: Path, *words: str, stop_within: str = "10") -> None:
        self.folder = folder
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "STOP_WITHIN": stop_within}
        command = [sys.executable, str(ROOT / "tests/daemon/standin.py"), str(folder), *words]
        self.process = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True)

    def await_line(self, words: str) -> str:
        """Read the log up to the line that has these words."""
        assert self.process.stderr
        for line in self.process.stderr:
            if words in line:
                return line
        raise AssertionError(f"it ended without {words!r}")

    def end(self, number: int) -> tuple[int, float, str]:
        """Send a signal; return exit code, seconds it took, and the rest of the log."""
        began = time.monotonic()
        self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=15)
        return self.process.returncode, time.monotonic() - began, rest


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[Process]]:
    processes: list[Process] = []
    yield processes
    for one in processes:
        one.process.kill()
        one.process.communicate()


def start(started: list[Process], folder: Path, *words: str, stop_within: str = "10") -> Process:
    started.append(Process(folder, *words, stop_within=stop_within))
    started[-1].await_line("ready: ")
    return started[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(started: list[Process], tmp_path: Path, number: int) -> None:
    code, seconds, log = start(started, tmp_path).end(number)
    assert code == 0
    assert seconds < 5
    assert log.splitlines()[-1] == "level=info logger=monitor.daemon msg=stopped"
    assert (tmp_path / "calls").read_text().split() == ["start", "stop", "stopped"]


def test_a_thread_that_hangs_does_not_hold_it_up(started: list[Process], tmp_path: Path) -> None:
    code, seconds, _ = start(started, tmp_path, "stuck-thread", stop_within="0.5").end(signal.SIGTERM)
    assert code == 0, "the work itself was finished"
    assert seconds < 3


def test_the_watchdogs_signal_shows_where_it_hung(started: list[Process], tmp_path: Path) -> None:
    process = start(started, tmp_path, "block")
    deadline = time.monotonic() + 5
    while "block" not in (tmp_path / "calls").read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    code, _, log = process.end(signal.SIGABRT)
    assert code == -signal.SIGABRT
    assert "standin.py" in log
    assert "in tick" in log
