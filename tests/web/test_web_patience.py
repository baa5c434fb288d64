"""A connection whose other side never comes to an end is closed, and keeps nobody out; one that listens may stay."""

import socket
import time

import httpx
import pytest

from monitor.web import protocol, serve
from tests.web.conftest import Opened, Page

pytestmark = pytest.mark.slow  # each starts a real server over a database of its own


@pytest.fixture
def page(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setattr(protocol, "ARRIVES", 0.4)
    monkeypatch.setattr(protocol, "READS", 0.4)
    return opened()


def dialled(page: Page, said: str = "") -> socket.socket:
    found = socket.create_connection(("127.0.0.1", httpx.URL(page.url).port or 0), timeout=10)
    found.sendall(said.format(host=page.url.removeprefix("http://")).encode())
    return found


def is_closed(one: socket.socket) -> bool:
    """Wait for the other side to close, whatever it has said before."""
    try:
        while one.recv(65536):
            pass
    except ConnectionError:
        pass
    return True


@pytest.mark.parametrize(
    "said",
    [
        "",
        "GET /help HTTP/1.1\r\nHost: {host}\r\nX-Slow: ",
        "POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nname=",
        "GET /static/x HTTP/1.1\r\nHost: {host}\r\n\r\nGET /static/x HTTP/1.1\r\nX: ",
    ],
    ids=["nothing", "half a head", "half a form", "half a second request"],
)
def test_half_a_request_is_not_waited_for(page: Page, said: str) -> None:
    with dialled(page, said) as one:
        begin = time.monotonic()
        for _ in range(3):  # drop by drop is no way around
            time.sleep(0.1)
            if said:
                one.sendall(b"a")
        assert is_closed(one)
        assert time.monotonic() - begin < 5
    assert page.get("/help").status_code == 200


def test_a_second_request_may_come_late_but_not_slowly(page: Page) -> None:
    with dialled(page, "GET /login HTTP/1.1\r\nHost: {host}\r\n\r\n") as one:
        assert one.recv(65536).startswith(b"HTTP/1.1 ")
        time.sleep(0.8)  # idle between two requests is fine
        one.sendall(f"GET /login HTTP/1.1\r\nHost: {page.url[7:]}\r\n\r\n".encode())
        assert one.recv(65536).startswith(b"HTTP/1.1 ")
        one.sendall(b"GET /login HTT")
        assert is_closed(one)


def test_who_does_not_read_is_left(page: Page) -> None:
    asked = "GET /static/{file} HTTP/1.1\r\nHost: {host}\r\n\r\n"
    file = page.site.pages.environment.globals["static"]("page.css").removeprefix("/static/")
    with dialled(page) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        try:
            for _ in range(400):
                one.sendall(asked.format(file=file, host=page.url[7:]).encode())
        except (ConnectionError, TimeoutError):
            pass
        time.sleep(0.8)
        assert is_closed(one)
    assert page.get("/help").status_code == 200


def test_who_listens_for_changes_stays(page: Page) -> None:
    with page.client.stream("GET", "/events") as events:
        lines = events.iter_lines()
        assert next(lines) == "retry: 5000"
        time.sleep(1.0)
        page.site.hub.close()
        assert list(lines) == [""], "it ends as it should, and was not cut off"


def test_many_that_say_nothing_keep_nobody_out_for_long(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = [dialled(page) for _ in range(serve.ENOUGH)]
    try:
        assert page.get("/help").status_code == 503
        time.sleep(1.0)
        assert page.get("/help").status_code == 200
    finally:
        for one in crowd:
            one.close()


def test_a_request_that_can_be_read_in_two_ways_ends_its_connection(page: Page) -> None:
    said = "POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"
    hidden = "0\r\n\r\nGET /help HTTP/1.1\r\nHost: {host}\r\n\r\n"
    with dialled(page, said + hidden) as one:
        answers = b""
        while part := one.recv(65536):
            answers += part
    assert answers.count(b"HTTP/1.1 ") == 1
    assert answers.startswith(b"HTTP/1.1 413 ")


def test_another_protocol_is_not_spoken_and_not_logged(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    said = "GET /login HTTP/1.1\r\nHost: {host}\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    with dialled(page, said) as one:
        assert one.recv(65536).startswith(b"HTTP/1.1 30")
    assert "pip install" not in caplog.text
