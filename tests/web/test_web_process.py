"""`monitor web` as a process: started alone, handed a socket as systemd does, beside `monitor run`; changed files."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx
import pytest

from monitor.errors import MonitorError
from monitor.store import Store
from monitor.web.serve import handed_over
from tests.web.conftest import Opened

pytestmark = pytest.mark.slow
MONITOR = [sys.executable, "-m", "monitor"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "monitor.yaml").write_text("database: m.db\nweb: {listen: '127.0.0.1:0'}\n")
    (tmp_path / "sources.yaml").write_text("sources: []\n")
    return tmp_path


@contextmanager
def started(command: list[str], **options: object) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, **options) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.kill()


def line_with(stream: IO[str], words: str) -> str:
    """Read until a line has these words."""
    seen = []
    for text in stream:
        seen.append(text)
        if words in text:
            return text
    raise AssertionError("".join(seen))


def until(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def test_alone_it_says_where_it_is_and_ends_at_once(folder: Path) -> None:
    with started([*MONITOR, "--config", str(folder), "web"]) as process:
        assert process.stderr
        url = re.search(r"http://[\w.:]+", line_with(process.stderr, "the page is at"))
        assert url
        assert httpx.get(f"{url[0]}/sources", timeout=20).status_code == 200
        with httpx.stream("GET", f"{url[0]}/events", timeout=20) as events:
            assert events.status_code == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) in (0, -signal.SIGTERM)
        assert "Traceback" not in process.stderr.read()


def test_it_answers_on_the_socket_that_it_is_handed(folder: Path) -> None:
    """As systemd does it: the socket is file 3, LISTEN_PID the process itself."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        script = (
            "import os, sys; os.dup2(int(sys.argv[1]), 3, inheritable=True); "
            "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1'); os.execv(sys.executable, sys.argv[2:])"
        )
        command = [sys.executable, "-c", script, str(door.fileno()), *MONITOR, "--config", str(folder), "web"]
        with started(command, pass_fds=[door.fileno()]) as process:
            answer = httpx.get(f"http://127.0.0.1:{port}/sources", timeout=30)  # waits in the socket until it listens
            assert answer.status_code == 200
            process.terminate()
            process.wait(10)


def test_only_one_socket_is_taken_and_only_our_own() -> None:
    assert handed_over({}) is None
    assert handed_over({"LISTEN_PID": "1", "LISTEN_FDS": "1"}) is None
    with pytest.raises(MonitorError, match="one only"):
        handed_over({"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2"})


def test_beside_the_daemon_it_says_why_it_cannot_be(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        settings = f"web: {{listen: '127.0.0.1:{door.getsockname()[1]}'}}\n"
        (folder / "monitor.yaml").write_text(settings)
        with started([*MONITOR, "--config", str(folder), "run", "--web"]) as process:
            assert process.stderr
            lines = []
            while not lines or "the page has ended; the monitor goes on without it" not in lines[-1]:
                lines.append(process.stderr.readline())
                assert lines[-1], "".join(lines)
    assert "another program listens there" in "".join(lines)
    assert "Fatal" not in "".join(lines)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_beside_the_daemon_it_ends_with_it(folder: Path, how: int) -> None:
    with started([*MONITOR, "--config", str(folder), "run", "--web"]) as process:
        assert process.stderr
        found = re.search(r"http://[\w.:]+", line_with(process.stderr, "the page is at"))
        assert found
        url = f"{found[0]}/sources"
        assert httpx.get(url, timeout=20).status_code == 200
        process.send_signal(how)
        process.wait(20)

        def is_gone() -> bool:
            try:
                httpx.get(url, timeout=5)
            except httpx.TransportError:
                return True
            return False

        assert until(is_gone)


def test_changed_files_are_read_again_and_wrong_ones_are_not_used(opened: Opened) -> None:
    page = opened()
    file = page.config.folder / "monitor.yaml"

    def look(wanted: str) -> Callable[[], bool]:
        def looked() -> bool:
            page.site.next_look = 0.0
            return wanted in page.get("/deliveries").text

        return looked

    assert "There are no channels" in page.get("/deliveries").text
    file.write_text("database: m.db\nchannels: {desk: {url: 'json://127.0.0.1:1'}}\n")
    assert until(look(">desk<"))
    name = {"Host": "monitor.example"}
    assert page.get("/deliveries", headers=name).status_code == 421
    file.write_text("database: m.db\nchannels: {desk: {url: 'json://127.0.0.1:1'}}\nweb: {hosts: [monitor.example]}\n")
    assert until(lambda: not look(">desk<")() and page.get("/login", headers=name).status_code == 200)
    file.write_text("database: m.db\nchannels: {desk: {url: 'json://127.0.0.1:1'}}\n")
    assert until(look(">desk<"))
    assert page.get("/login", headers=name).status_code == 421
    file.write_text("database: m.db\nchannels: [\n")
    assert not until(look("There are no channels"), 1.0)
    file.write_text("database: m.db\nweb: {tokens: {one: {token: 'aaaaaaaaaaaaaaaaaaaaaaaa'}}}\n")
    assert until(lambda: look("Log in")() or page.get("/deliveries").status_code == 303), "a login is asked for now"
    with Store.open(page.store.path, read_only=True) as store:
        assert not store.people.any()
