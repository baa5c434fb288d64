"""The page behind nginx, with the lines that deploy/README.md shows."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from monitor.model import Role
from tests.web import worlds
from tests.web.conftest import NOW, PASSWORD, Opened, Page

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (shutil.which("nginx") and shutil.which("openssl")), reason="needs nginx and openssl"),
]
SHOWN = Path(__file__).parents[2] / "deploy" / "README.md"
HOST = "monitor.example.org"
HTTP = """\
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; events {{}}
http {{
access_log off; client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
{server}}}
"""


def certificate(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    files = ["-keyout", str(folder / "key"), "-out", str(folder / "pem")]
    subprocess.run([*command, *files], check=True, capture_output=True)


@contextmanager
def nginx(folder: Path, page: Page) -> Iterator[httpx.Client]:
    """Run nginx with the documented lines before a page, and yield a browser that goes there."""
    certificate(folder)
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    found = re.search(r"```nginx\n(.*?)```", SHOWN.read_text(), re.DOTALL)
    assert found
    server = found[1].replace("listen 443", f"listen 127.0.0.1:{port}").replace("http://127.0.0.1:8787", page.url)
    server = server.replace("/etc/ssl/monitor.pem", str(folder / "pem"))
    server = server.replace("/etc/ssl/monitor.key", str(folder / "key"))
    (folder / "nginx.conf").write_text(HTTP.format(folder=folder, server=server))
    process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")])
    options = {"base_url": f"https://127.0.0.1:{port}", "headers": {"Host": HOST, "Origin": f"https://{HOST}"}}
    try:
        with httpx.Client(verify=False, timeout=20, **options) as browser:
            await_answer(browser, process)
            yield browser
    finally:
        process.terminate()
        process.wait(10)


def await_answer(browser: httpx.Client, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < end:
        try:
            browser.get("/login")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("nginx does not answer")


def test_login_triage_and_live_changes_come_through(opened: Opened, tmp_path: Path) -> None:
    page = opened(f"web: {{url: 'https://{HOST}'}}\n")
    worlds.fill(page.store, NOW, stories=3, sources=2)
    page.account("ann", Role.TRIAGER)
    with nginx(tmp_path, page) as browser:
        assert browser.get("/stories").status_code == 303
        first = browser.get("/login")
        csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', first.text)
        assert csrf
        cookies = dict(first.cookies)
        entered = browser.post("/login", data={"csrf": csrf[1], "name": "ann", "password": PASSWORD}, cookies=cookies)
        assert entered.status_code == 303, entered.text
        assert "Secure" in entered.headers["set-cookie"]
        cookies |= dict(entered.cookies)
        assert "<h1>Stories" in browser.get("/stories", cookies=cookies).text
        with browser.stream("GET", "/events", cookies=cookies) as events:
            lines = events.iter_lines()
            assert next(lines) == "retry: 5000"  # it is not held back until the answer is over
