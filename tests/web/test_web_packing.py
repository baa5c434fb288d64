"""What is sent is compressed, but not where its length could tell a secret."""

import gzip
import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from monitor.web.access import csrf_for, is_csrf
from monitor.web.packing import LEAST, packed
from tests.web.conftest import Opened, Page

WORDS = "a longer text " * 200


def answered(text: str = WORDS, kind: str = "text/html; charset=utf-8") -> Response:
    return Response(text.encode(), media_type=kind, headers={"ETag": '"x"'})


@pytest.mark.parametrize(
    ("headers", "is_https", "is_program", "small"),
    [
        ({"accept-encoding": "gzip, br"}, False, False, True),
        ({"accept-encoding": "gzip, br"}, True, False, False),  # nobody says who asks, on a line worth listening to
        ({"accept-encoding": "gzip"}, True, True, True),
        ({"accept-encoding": "gzip", "sec-fetch-site": "same-origin"}, True, False, True),
        ({"accept-encoding": "gzip", "sec-fetch-site": "none"}, True, False, True),
        ({"accept-encoding": "gzip", "sec-fetch-site": "cross-site"}, True, False, False),
        ({"accept-encoding": "gzip", "sec-fetch-site": "cross-site"}, False, False, False),
        ({"accept-encoding": "gzip", "sec-fetch-site": "same-site"}, True, True, False),
        ({"accept-encoding": "br, identity"}, False, False, False),
        ({"accept-encoding": "gzip;q=0"}, False, False, False),
        ({"accept-encoding": "gzip; q=0.5"}, False, False, True),
        ({}, False, False, False),
    ],
)
def test_who_gets_it_compressed(headers: dict[str, str], is_https: bool, is_program: bool, small: bool) -> None:
    answer = packed(answered(), headers, is_https=is_https, is_program=is_program)
    assert ("content-encoding" in answer.headers) == small
    body = bytes(answer.body)
    assert (gzip.decompress(body) if small else body).decode() == WORDS
    assert int(answer.headers["content-length"]) == len(body)
    assert answer.headers["etag"] == ('W/"x"' if small else '"x"')
    assert "Sec-Fetch-Site" in answer.headers["vary"]


def test_little_and_strange_things_stay_as_they_are() -> None:
    headers = {"accept-encoding": "gzip"}
    for answer in (answered("x" * (LEAST - 1)), answered(kind="image/png")):
        assert "content-encoding" not in packed(answer, headers, is_https=False, is_program=False).headers


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=60))
def test_a_token_is_of_one_browser_and_one_login(visit: str, session: str, other: str) -> None:
    token = csrf_for(visit, session)
    assert is_csrf(token, visit, session)
    assert not is_csrf(other, visit, session)
    assert not is_csrf(token[:-1] + ("0" if token[-1] != "0" else "1"), visit, session)
    assert not is_csrf(token, visit + "x", session)
    assert not is_csrf(token, visit, session + "x")


@pytest.mark.slow
def test_each_page_has_another_token_and_each_is_good(page: Page) -> None:
    tokens = [page.csrf() for _ in range(3)]
    assert len(set(tokens)) == 3
    for token in tokens:
        assert page.client.post("/theme", data={"csrf": token, "theme": "dark"}).status_code == 303
    found = re.findall(r'name="csrf" value="([0-9a-f]+)"', page.get("/stories").text)
    assert len(found) > 5
    assert len(set(found)) == 1  # within one page the same: it is long enough as it is


@pytest.mark.slow
def test_a_page_is_sent_small_to_its_reader_and_whole_to_a_foreign_page(opened: Opened) -> None:
    page = opened()
    mine = page.get("/help", headers={"Sec-Fetch-Site": "none"})
    foreign = page.get("/help", headers={"Sec-Fetch-Site": "cross-site"})
    assert mine.headers["content-encoding"] == "gzip"
    assert int(mine.headers["content-length"]) < len(mine.content) / 2
    assert "content-encoding" not in foreign.headers
    style = re.search(r'href="(/static/page[^"]+)"', mine.text)
    assert style
    assert httpx.get(page.url + style[1]).headers["content-encoding"] == "gzip"
