"""Whatever a document does to a reading child, the daemon gets an answer in time and the next document is read."""

import asyncio
import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from monitor.model import Job, Reading, Source, State
from monitor.parse import frames
from monitor.parse.child import Readers
from monitor.settings import Limits

HERE = Path(__file__).parent
WORK = "parse_child_work:obey"
LIMITS = Limits(parse_cpu=1, parse_wall=20, parse_memory=200 * 1024**2)
FEED = b"""<rss version="2.0"><channel><title>Harbour news</title>
<item><title>Ferry delayed</title><guid>1</guid></item></channel></rss>"""


def job(body: bytes | str, **changes: Any) -> Job:
    values: dict[str, Any] = {
        "source": Source(id="harbour", url="https://harbour.example/feed"),
        "body": body.encode() if isinstance(body, str) else body,
        "url": "https://harbour.example/feed",
        "content_type": "application/rss+xml",
        "known": b"",
        "entries_limit": 2000,
        "now": 1_700_000_000.0,
    }
    return Job(**(values | changes))


@pytest.fixture
async def readers() -> AsyncIterator[Readers]:
    one = Readers(limits=LIMITS, work=WORK)
    yield one
    await one.aclose()


async def ask(readers: Readers, text: str) -> Reading:
    return await readers.read(job(text))


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def gone_soon(pid: int, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not gone(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return gone(pid)


async def test_a_document_is_read_in_another_process() -> None:
    readers = Readers(limits=Limits())
    reading = await readers.read(job(FEED))
    assert (reading.parsed.state, reading.parsed.title) == (State.OK, "Harbour news")
    assert [article.title for article in reading.articles] == ["Ferry delayed"]
    assert reading.parsed.entries == ()
    (pid,) = readers.pids
    assert pid != os.getpid()
    again = await readers.read(job(FEED, known=reading.parsed.items))
    assert (again.parsed.state, again.articles) == (State.UNCHANGED, ())
    assert readers.pids == (pid,), "the child lives on"
    await readers.aclose()
    assert readers.pids == ()
    assert gone(pid)


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("burn", "reading used more than 1 seconds of CPU and was stopped"),
        ("hog", "reading needed more memory than it may have"),
        ("crash", "the reader died on this document (SIGSEGV)"),
        ("leave", "the reader died on this document (exit 3)"),
        ("nonsense", "the reader's answer is not understood: a Parsed is no reading"),
    ],
)
async def test_what_kills_a_child_is_told_and_the_next_document_is_read(
    readers: Readers, what: str, reason: str
) -> None:
    reading = await ask(readers, what)
    assert (reading.parsed.state, reading.parsed.reason) == (State.BROKEN, reason)
    assert (await ask(readers, "rest")).parsed.state is State.OK


async def test_what_a_child_may_not_do_is_told_and_it_lives_on(readers: Readers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0)
        forbidden = {
            f"dial {canary.getsockname()[1]}": "socket.connect",
            "resolve": "socket.getaddrinfo",
            "fork": "os.fork",
            "run": "os.system",
        }
        assert (await ask(readers, "fail")).parsed.reason == "reading failed: KeyError: 'where'"
        pids = readers.pids
        for what, event in forbidden.items():
            reason = (await ask(readers, what)).parsed.reason
            assert reason == f"reading failed: PermissionError: a document is read without {event}"
        assert readers.pids == pids
        with pytest.raises(BlockingIOError):
            canary.accept()


async def test_a_hanging_document_is_stopped_by_the_daemon() -> None:
    readers = Readers(limits=Limits(parse_wall=1.2), work=WORK)
    await ask(readers, "rest")
    (pid,) = readers.pids
    reading = await ask(readers, "sleep")
    assert reading.parsed.reason == "reading took longer than 1.2 seconds and was stopped"
    assert gone(pid), "no zombie stays"
    assert (await ask(readers, "rest")).parsed.state is State.OK
    await readers.aclose()


async def test_noise_on_standard_output_does_not_disturb(readers: Readers) -> None:
    assert (await ask(readers, "print_much")).parsed.reason == "done"
    assert (await ask(readers, "rest x")).parsed.reason == "rest x"


async def test_a_child_writes_no_file(readers: Readers, tmp_path: Path) -> None:
    reading = await ask(readers, f"write {tmp_path / 'marker'}")
    assert "without writing files" in reading.parsed.reason
    assert not (tmp_path / "marker").exists()


async def test_a_child_knows_no_secret(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "hidden")
    names = (await ask(readers, "secrets")).parsed.reason.split()
    assert "PATH" in names
    assert "MAIL_PASSWORD" not in names


async def test_a_child_loads_no_settings_no_network_and_no_database() -> None:
    readers = Readers(limits=Limits(), work="parse_child_work:obey")
    loaded = (await ask(readers, "modules")).parsed.reason.split()
    assert "monitor.model" in loaded
    assert not {"pydantic", "httpx", "pycurl", "sqlite3", "apprise", "yaml"} & set(loaded)
    await readers.aclose()


async def test_a_child_that_died_idle_costs_no_document(readers: Readers) -> None:
    await ask(readers, "rest")
    os.kill(readers.pids[0], signal.SIGKILL)
    await asyncio.sleep(0.1)  # until the loop has seen the end of its pipe
    assert (await ask(readers, "rest")).parsed.state is State.OK


async def test_a_child_that_grew_is_replaced_after_its_answer(readers: Readers) -> None:
    first = (await ask(readers, "grow")).parsed.reason
    assert first.isdigit()
    second = (await ask(readers, "pid")).parsed.reason
    assert second.isdigit()
    assert second != first


@pytest.mark.slow
async def test_many_at_once_share_the_children() -> None:
    readers = Readers(limits=Limits(), workers=2, work=WORK)
    readings = await asyncio.gather(*(ask(readers, f"rest {number}") for number in range(40)))
    assert [reading.parsed.reason for reading in readings] == [f"rest {number}" for number in range(40)]
    assert len(readers.pids) == 2
    await readers.aclose()


async def test_bytes_that_come_while_a_child_works_do_not_end_it(readers: Readers) -> None:
    """The kernel may tell of a job late, when the child is at it already: only the daemon's end may end the child."""
    await ask(readers, "rest")
    process = readers._children[0]._process
    assert process
    assert process.stdin
    working = asyncio.create_task(ask(readers, "nap"))
    await asyncio.sleep(0.1)
    process.stdin.write(frames.frame(job("rest")))
    assert (await working).parsed.reason == "done"


async def test_one_stuck_child_does_not_hold_the_other_up() -> None:
    readers = Readers(limits=Limits(parse_wall=20), workers=2, work=WORK)
    stuck = asyncio.create_task(ask(readers, "sleep"))
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        assert (await ask(readers, "rest")).parsed.state is State.OK
    stuck.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stuck
    async with asyncio.timeout(10):
        assert (await ask(readers, "rest")).parsed.state is State.OK
    await readers.aclose()


async def test_closing_answers_whoever_waits(readers: Readers) -> None:
    waiting = [asyncio.create_task(ask(readers, "sleep")) for _ in range(3)]
    await asyncio.sleep(0.3)
    await readers.aclose()
    async with asyncio.timeout(2):
        readings = await asyncio.gather(*waiting)
    assert {reading.parsed.state for reading in readings} == {State.BROKEN}
    assert readers.pids == ()


@pytest.mark.slow
async def test_large_frames_hold_the_loop_up_for_no_more_than_a_moment() -> None:
    items = b"".join(
        b"<item><title>Ferry %d</title><guid>%d</guid><description>%s</description></item>" % (n, n, b"Delayed. " * 250)
        for n in range(2000)
    )
    readers = Readers(limits=Limits())
    held = 0.0

    async def beat() -> None:
        nonlocal held
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            held = max(held, time.perf_counter() - before - 0.005)

    heart = asyncio.create_task(beat())
    reading = await readers.read(job(b"<rss version='2.0'><channel>" + items + b"</channel></rss>"))
    heart.cancel()
    await readers.aclose()
    assert len(reading.articles) == 2000
    assert held < 0.2


PARENT = """
import asyncio, sys
sys.path[:0] = [{root!r}, {here!r}]
from monitor.parse.child import Readers
from monitor.settings import Limits
from test_parse_child import job
async def main():
    readers = Readers(limits=Limits(parse_cpu=60, parse_wall=60), work="parse_child_work:obey")
    await readers.read(job("rest"))
    print(readers.pids[0], flush=True)
    await readers.read(job({what!r}))
    await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.mark.parametrize("what", ["burn", *(pytest.param(what, marks=pytest.mark.slow) for what in ("sleep", "rest"))])
def test_a_child_ends_with_its_parent_even_while_it_works(what: str) -> None:
    text = PARENT.format(root=str(HERE.parent.parent), here=str(HERE), what=what)
    with subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        time.sleep(0.2)
        parent.kill()
    assert gone_soon(child)


SANDBOXED = """
import asyncio, sys
sys.path[:0] = [{root!r}, {here!r}]
from parse_child_work import forbid_limits
from monitor.parse.child import Readers
from monitor.settings import Limits
from test_parse_child import job
forbid_limits()
async def main():
    limits = Limits(parse_cpu=0.5, parse_wall=10, parse_memory=150 * 1024**2)
    readers = Readers(limits=limits, work="parse_child_work:obey")
    for what in ("rest", "burn", "rest", "hog", "rest"):
        print((await readers.read(job(what))).parsed.reason)
    await readers.aclose()
asyncio.run(main())
"""


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the system call numbers of the sandbox are those of x86-64")
def test_the_limits_hold_where_a_sandbox_forbids_to_set_any() -> None:
    text = SANDBOXED.format(root=str(HERE.parent.parent), here=str(HERE))
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=40)
    assert done.stdout.splitlines() == [
        "rest",
        "reading used more than 0.5 seconds of CPU and was stopped",
        "rest",
        "reading needed more memory than it may have",
        "rest",
    ], done.stderr
    assert "no memory limit can be set" in done.stderr
