"""`monitor web` as a process: it says where it is, answers, and ends on SIGTERM."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from monitor.cli import execute


def configured(folder: Path, web: str) -> Path:
    (folder / "monitor.yaml").write_text(f"database: monitor.db\nweb: {web}\n")
    (folder / "sources.yaml").write_text("sources: []\n")
    return folder


def test_it_answers_until_it_is_told_to_end(tmp_path: Path) -> None:
    folder = configured(tmp_path, "{listen: 127.0.0.1:0}")
    command = [sys.executable, "-m", "monitor", "--config", str(folder), "web", "--log-format", "text"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "NO_COLOR": "1"}) as process:
        assert process.stderr
        said = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert found, said
        assert httpx.get(f"{found[0]}/ack/none", timeout=10).status_code == 403
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) in {0, -signal.SIGTERM}
        assert "none" not in process.stderr.read(), "a link is a key, and belongs into no log"


@pytest.mark.parametrize(
    ("web", "options", "words"),
    [
        ("{listen: 0.0.0.0:0}", [], "no name is known"),
        ("{}", ["--listen", "0.0.0.0:0"], "no name is known"),
        ("{}", ["--listen", "nowhere"], "is no address with a port"),
        ("{listen: nowhere}", [], "is no address and port"),
        ("{listen: 127.0.0.1:0, secret: '${MONITOR_NOT_SET}'}", [], "MONITOR_NOT_SET"),
        ("{}", ["--log-format", "odd"], "--log-format"),
    ],
)
def test_what_cannot_work_is_said_in_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], web: str, options: list[str], words: str
) -> None:
    assert execute(["--config", str(configured(tmp_path, web)), "web", *options]) == 2
    assert words in capsys.readouterr().err
