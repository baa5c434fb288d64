"""What every behaviour of a server ends in, and what is sent to it."""

import asyncio
import gzip
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monitor.fetch.http import Fetcher
from monitor.model import Fetched, Source, SourceState, State
from tests.fetch.conftest import Make
from tests.servers.faults import BOMB, MENU, Faults, bomb_of, feed

SHORT = 0.3  # seconds; the deadline of a test that waits for it

ENDS: dict[str, tuple[State, str]] = {
    "ok": (State.OK, ""),
    "etag": (State.OK, ""),
    "modified": (State.OK, ""),
    "gzipped": (State.OK, ""),
    "two_members": (State.OK, ""),
    "deflated": (State.OK, ""),
    "raw_deflated": (State.OK, ""),
    "chunked_with_trailers": (State.OK, ""),
    "until_closed": (State.OK, ""),
    "max_age": (State.OK, ""),
    "cookies": (State.OK, ""),
    "drip_body": (State.TIMEOUT, "within 0.3 seconds"),
    "drip_header": (State.TIMEOUT, "within 0.3 seconds"),
    "slow_first_byte": (State.TIMEOUT, "within 0.3 seconds"),
    "endless": (State.TOO_LARGE, "2,097,152 bytes on the wire"),
    "endless_chunks": (State.TOO_LARGE, "2,097,152 bytes on the wire"),
    "endless_continue": (State.TIMEOUT, "within 0.3 seconds"),
    "length_too_long": (State.NETWORK, "broke off"),
    "length_too_short": (State.OK, ""),  # what comes after the length is no part of the answer (RFC 9112, 6.3)
    "length_huge": (State.TOO_LARGE, "bytes on the wire"),
    "cut_chunk": (State.NETWORK, "broke off"),
    "cut_gzip": (State.NETWORK, "broke off"),
    "reset": (State.NETWORK, "broke off"),
    "reset_in_body": (State.NETWORK, "broke off"),
    "closed": (State.NETWORK, "broke off"),
    "bomb": (State.TOO_LARGE, "5,242,880 bytes when unpacked"),
    "stacked_bomb": (State.NETWORK, "'gzip, gzip', which was not asked for"),
    "stacked_headers": (State.NETWORK, "'gzip, gzip', which was not asked for"),
    "brotli": (State.NETWORK, "'br', which was not asked for"),
    "not_gzip": (State.NETWORK, "compression of the answer is broken"),
    "big_header": (State.NETWORK, "not proper HTTP"),
    "many_headers": (State.NETWORK, "not proper HTTP"),
    "garbage": (State.NETWORK, "not proper HTTP"),
    "split_header": (State.NETWORK, "not proper HTTP"),
    "loop": (State.REDIRECTS, "circle"),
    "loop_back": (State.REDIRECTS, "circle"),
    "hops": (State.REDIRECTS, "more than 5 redirects"),
    "moved": (State.OK, ""),
    "moved_on": (State.OK, ""),
    "moved_then_found": (State.OK, ""),
    "found": (State.OK, ""),
    "found_then_moved": (State.OK, ""),
    "see_other": (State.OK, ""),
    "to_relative": (State.OK, ""),
    "to_blank": (State.OK, ""),
    "to_file": (State.REDIRECTS, "not an http or https address"),
    "to_javascript": (State.REDIRECTS, "not an http or https address"),
    "to_nothing": (State.REDIRECTS, "not an address"),
    "to_user": (State.REDIRECTS, "preceded by a user name"),
    "to_target": (State.OK, ""),
    "to_target_for_good": (State.OK, ""),
    "redirect_without_place": (State.HTTP_ERROR, "302"),
    "redirect_with_endless_body": (State.OK, ""),
    "gone": (State.GONE, "gone for good"),
    "busy": (State.LIMITED, "Retry-After: 7200"),
    "busy_until": (State.LIMITED, "GMT"),
    "busy_for_years": (State.LIMITED, "fewer requests"),
    "busy_without_word": (State.LIMITED, "fewer requests (429)"),
    "unavailable": (State.LIMITED, "503"),
    "overloaded": (State.HTTP_ERROR, "503"),
    "forbidden": (State.BLOCKED, "403"),
    "login_wanted": (State.BLOCKED, "401"),
    "not_for_you": (State.BLOCKED, "451"),
    "missing": (State.HTTP_ERROR, "404"),
    "missing_and_brotli": (State.HTTP_ERROR, "404"),
    "broken_server": (State.HTTP_ERROR, "500"),
    "teapot": (State.HTTP_ERROR, "418"),
    "strange": (State.HTTP_ERROR, "799"),
    "partial": (State.HTTP_ERROR, "206"),
    "always_304": (State.HTTP_ERROR, "304 to a first request"),
    "flip_flop": (State.OK, ""),
    "empty": (State.OK, ""),
    "no_content": (State.OK, ""),
    "html": (State.OK, ""),
    "captcha": (State.OK, ""),
    "page_with_feed": (State.OK, ""),
    "changing_guids": (State.OK, ""),
    "edited_titles": (State.OK, ""),
    "growing": (State.OK, ""),
    "truncated_xml": (State.OK, ""),
}


def a_source(url: str, **more: object) -> Source:
    return Source(id="harbour", url=url, **more)  # type: ignore[arg-type]


async def poll(fetcher: Fetcher, url: str, now: float, state: SourceState | None = None, **more: object) -> Fetched:
    return await fetcher.fetch(a_source(url, **more), state or SourceState(source_id="harbour"), now=now)


def test_the_table_covers_the_whole_menu() -> None:
    assert set(ENDS) == set(MENU)


@pytest.mark.parametrize("name", sorted(MENU))
async def test_every_behaviour_ends_in_a_state(name: str, faults: Faults, make_fetcher: Make, now: float) -> None:
    waits = ENDS[name][0] is State.TIMEOUT
    fetcher = make_fetcher(deadline=SHORT if waits else 5.0)
    begun = time.monotonic()
    fetched = await poll(fetcher, faults.url(name), now)
    assert (fetched.state, fetched.source_id, fetched.at) == (ENDS[name][0], "harbour", now)
    assert ENDS[name][1] in fetched.reason
    assert bool(fetched.reason) == (fetched.state is not State.OK)
    assert "\n" not in fetched.reason
    assert time.monotonic() - begun < (SHORT + 1.0 if waits else 3.0)
    assert fetched.elapsed <= time.monotonic() - begun


@pytest.mark.parametrize("name", ["ok", "gzipped", "two_members", "deflated", "raw_deflated", "until_closed"])
async def test_a_body_arrives_whole(name: str, faults: Faults, make_fetcher: Make, now: float) -> None:
    fetched = await poll(make_fetcher(), faults.url(name), now)
    assert fetched.body == feed()
    assert 0 < fetched.wire_bytes <= len(fetched.body) + 30


async def test_a_header_cannot_hold_a_line_break(faults: Faults, make_fetcher: Make, now: float) -> None:
    fetched = await poll(make_fetcher(), faults.url(), now, headers=(("X-Key", "secret\r\nX-Evil: 1"),))
    assert fetched.state is State.NETWORK
    assert not faults.requests
    assert "secret" not in fetched.reason


# --- what is sent ----------------------------------------------------------------------------------------------------


async def test_a_request_says_who_asks(faults: Faults, make_fetcher: Make, now: float) -> None:
    await poll(make_fetcher(), faults.url(), now)
    (request,) = faults.requests
    assert request.headers["user-agent"] == "monitor/9.9 (+ops@example.org)"
    assert request.headers["accept-encoding"] == "gzip, deflate"
    assert request.headers["host"] == faults.address
    assert "rss" in request.headers["accept"]
    names = [name.lower() for name, _ in request.header_list]
    assert len(names) == len(set(names))
    assert not {"cookie", "if-none-match", "if-modified-since", "referer"} & set(names)


async def test_a_source_has_its_own_headers_and_agent(faults: Faults, make_fetcher: Make, now: float) -> None:
    headers = (("X-Key", "złoty"), ("accept", "text/xml"), ("Accept-Encoding", "br"), ("Host", "evil.example"))
    await poll(make_fetcher(), faults.url(), now, headers=headers, user_agent="Mozilla/5.0")
    (request,) = faults.requests
    assert request.headers["x-key"].encode("latin-1").decode() == "złoty"
    assert request.headers["accept"] == "text/xml"
    assert request.headers["user-agent"] == "Mozilla/5.0"
    assert request.headers["accept-encoding"] == "gzip, deflate"
    assert request.headers["host"] == faults.address


@pytest.mark.parametrize("tag", ['"simple"', 'W/"v1, x"', "unquoted", '"a""b"', '"' + "x" * 900 + '"', '"żółw"'])
async def test_validators_go_back_as_they_came(tag: str, faults: Faults, make_fetcher: Make, now: float) -> None:
    fetcher = make_fetcher()
    url = f"{faults.url('etag')}?tag={tag.encode('utf-8').hex()}"
    first = await poll(fetcher, f"{faults.url('etag')}?tag={_quoted(tag)}", now)
    assert first.etag == tag, url
    state = SourceState(source_id="harbour", etag=first.etag, last_modified=first.last_modified)
    again = await poll(fetcher, f"{faults.url('etag')}?tag={_quoted(tag)}", now, state)
    assert (again.state, again.status, again.body) == (State.UNCHANGED, 304, b"")


def _quoted(tag: str) -> str:
    """Write a tag for the query so that the server's latin-1 pen gives its UTF-8 bytes."""
    return "".join(f"%{byte:02x}" for byte in tag.encode().decode("latin-1").encode())


async def test_a_date_goes_back_to_the_letter(faults: Faults, make_fetcher: Make, now: float) -> None:
    fetcher = make_fetcher()
    first = await poll(fetcher, faults.url("modified"), now)
    state = SourceState(source_id="harbour", last_modified=first.last_modified)
    assert (await poll(fetcher, faults.url("modified"), now, state)).state is State.UNCHANGED


async def test_no_cookie_is_kept(faults: Faults, make_fetcher: Make, now: float) -> None:
    fetcher = make_fetcher()
    for _ in range(2):
        await poll(fetcher, faults.url("cookies"), now)
        await poll(fetcher, faults.url("chunked_with_trailers"), now)
    assert not [one for one in faults.requests if "cookie" in one.headers]


async def test_the_environment_names_no_proxy(
    faults: Faults, make_fetcher: Make, now: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert (await poll(make_fetcher(), faults.url(), now)).state is State.OK


async def test_a_password_in_the_address_becomes_a_header(faults: Faults, make_fetcher: Make, now: float) -> None:
    url = faults.url().replace("http://", "http://ann:p%40ss%3Aword@")
    fetched = await poll(make_fetcher(), url, now)
    assert faults.requests[0].headers["authorization"] == "Basic YW5uOnBAc3M6d29yZA=="
    assert fetched.url == faults.url()
    failed = await poll(make_fetcher(), url.replace("/ok", "/reset"), now)
    assert "word" not in f"{failed.reason}{failed.url}"


# --- what is learnt --------------------------------------------------------------------------------------------------


async def test_retry_after_in_both_forms(faults: Faults, make_fetcher: Make, now: float) -> None:
    fetcher = make_fetcher()
    waits = [(await poll(fetcher, faults.url(name), now)).retry_after for name in ("busy", "busy_until")]
    assert waits == [7200, pytest.approx(7200, abs=5)]
    assert (await poll(fetcher, faults.url("busy_for_years"), now)).retry_after == 86400
    assert (await poll(fetcher, faults.url("busy_without_word"), now)).retry_after is None


async def test_max_age_is_told(faults: Faults, make_fetcher: Make, now: float) -> None:
    assert (await poll(make_fetcher(), faults.url("max_age"), now)).fresh_for == 1800


async def test_a_huge_announcement_is_not_waited_for(faults: Faults, make_fetcher: Make, now: float) -> None:
    fetched = await poll(make_fetcher(), faults.url("length_huge"), now)
    assert fetched.elapsed < 0.5


async def test_an_early_end_is_told_from_a_whole_answer_of_no_bytes(
    make_fetcher: Make, faults: Faults, now: float
) -> None:
    fetched = await poll(make_fetcher(), faults.url("empty"), now)
    assert (fetched.state, fetched.body) == (State.OK, b"")


async def test_get_gives_a_page(faults: Faults, make_fetcher: Make, now: float) -> None:
    fetched = await make_fetcher().get(faults.url("page_with_feed"), now=now, headers={"Accept": "text/html"})
    assert (fetched.state, fetched.content_type) == (State.OK, "text/html")
    assert faults.requests[0].headers["accept"] == "text/html"


async def test_caps_are_settings(faults: Faults, make_fetcher: Make, now: float) -> None:
    assert (await poll(make_fetcher(wire=100), faults.url("gzipped"), now)).state is State.TOO_LARGE
    assert (await poll(make_fetcher(decoded=100), faults.url("gzipped"), now)).state is State.TOO_LARGE


# --- memory, connections ---------------------------------------------------------------------------------------------

CHILD = """
import asyncio, resource, sys
from monitor.fetch.http import Fetcher
from monitor.settings import Limits, Network, Polling
port, names = int(sys.argv[1]), sys.argv[2:]
async def main():
    fetcher = Fetcher(network=Network(allow=("127.0.0.1",), ports=(port,)), limits=Limits(deadline=5),
                      polling=Polling(host_gap=0), contact="", version="1")
    peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(3):
        await fetcher.get(f"http://127.0.0.1:{port}/ok", now=0)
    before = peak()
    for name in names * 3:
        fetched = await fetcher.get(f"http://127.0.0.1:{port}/{name}", now=0)
        assert not fetched.body, name
    print(peak() - before)
    await fetcher.aclose()
asyncio.run(main())
"""


def test_bombs_take_no_memory(faults: Faults) -> None:
    assert len(bomb_of(1)) < 100_000
    assert len(bomb_of(2)) < 2_000
    assert len(gzip.decompress(gzip.decompress(bomb_of(2)))) == BOMB
    names = ["bomb", "stacked_bomb", "endless", "endless_chunks", "big_header", "many_headers"]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(faults.port), *names],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 32 * 1024, "KiB that the resident memory grew by"


async def aborted(fetcher: Fetcher, faults: Faults, number: int, now: float) -> None:
    names = (
        "drip_body",
        "drip_header",
        "slow_first_byte",
        "ok",
        "reset_in_body",
        "endless",
        "redirect_with_endless_body",
    )
    task = asyncio.create_task(poll(fetcher, faults.url(names[number % len(names)]), now))
    done, _ = await asyncio.wait({task}, timeout=(number * 37 % 101) / 1000)
    if not done:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def abort_many(count: int, faults: Faults, make_fetcher: Make, now: float) -> None:
    """Cancel fetches at odd moments; then plain ones must work, and no descriptor may be left."""
    fetcher = make_fetcher(concurrency=16)
    fetcher._hosts.slot = _no_turns  # type: ignore[method-assign]
    await poll(fetcher, faults.url(), now)
    before = len(os.listdir("/proc/self/fd"))
    for start in range(0, count, 50):
        await asyncio.gather(*(aborted(fetcher, faults, number, now) for number in range(start, start + 50)))
    plain = [await poll(fetcher, faults.url(), now) for _ in range(10)]
    assert {one.state for one in plain} == {State.OK}
    await asyncio.sleep(0.1)
    own_ends = len(os.listdir("/proc/self/fd")) - faults.open_now
    assert own_ends <= before + 2


class _no_turns:
    """A slot that makes nobody wait, so that many fetches of one host are under way."""

    def __init__(self, host: str) -> None: ...

    async def __aenter__(self) -> None: ...

    async def __aexit__(self, *_: object) -> None: ...


async def test_a_hundred_aborted_fetches_leave_nothing(faults: Faults, make_fetcher: Make, now: float) -> None:
    await abort_many(100, faults, make_fetcher, now)


@pytest.mark.slow
async def test_a_thousand_aborted_fetches_leave_nothing(faults: Faults, make_fetcher: Make, now: float) -> None:
    await abort_many(1000, faults, make_fetcher, now)
