"""Fetching alone, with public tools beside it: 304 polls of one host and of 500, plain and over TLS, alternately.

nginx serves, each contender runs in a fresh process, and both are kept on a core of their own where there are two.
What counts is the client's CPU time a poll: it says what a poll costs, whatever the neighbours do. The monitor asks one
host by one connection at a time, whatever the load; the others take up to 64.
"""

import asyncio
import contextlib
import importlib.util
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

HOSTS = 500
POLLS = 1000
AT_ONCE = 64
ROUNDS = 3
WARM = 20  # polls before the clock runs: imports, first connection

Poll = Callable[[str], Awaitable[int]]  # url -> status


# --- the contenders --------------------------------------------------------------------------------------------------


@asynccontextmanager
async def stock_httpx(etag: str) -> AsyncIterator[Poll]:
    """Poll with httpx as it comes, one client and one SSL context."""
    import httpx

    async with httpx.AsyncClient(verify=context(), timeout=30, headers={"If-None-Match": etag}) as client:

        async def poll(url: str) -> int:
            return (await client.get(url)).status_code

        yield poll


@asynccontextmanager
async def bridged_httpx(etag: str) -> AsyncIterator[Poll]:
    """Poll with httpx over the package httpx-aiohttp."""
    import httpx
    from httpx_aiohttp import AiohttpTransport

    transport = AiohttpTransport(verify=context())
    async with httpx.AsyncClient(transport=transport, timeout=30, headers={"If-None-Match": etag}) as client:

        async def poll(url: str) -> int:
            return (await client.get(url)).status_code

        yield poll


@asynccontextmanager
async def plain_aiohttp(etag: str) -> AsyncIterator[Poll]:
    """Poll with aiohttp alone."""
    import aiohttp

    connector = aiohttp.TCPConnector(ssl=context(), limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector, headers={"If-None-Match": etag}) as session:

        async def poll(url: str) -> int:
            async with session.get(url) as response:
                await response.read()
                return response.status

        yield poll


@asynccontextmanager
async def monitor(etag: str) -> AsyncIterator[Poll]:
    """Poll as the daemon does: guarded, capped, decoded, under a deadline, with its answer as a value."""
    from monitor.fetch.http import Fetcher
    from monitor.model import Source, SourceState
    from monitor.settings import Limits, Network, Polling

    fetcher = Fetcher(
        network=Network(allow=("127.0.0.0/8",), ports=tuple(json.loads(os.environ["BENCH_PORTS"]))),
        limits=Limits(),
        polling=Polling(concurrency=AT_ONCE, host_gap=0),  # nobody pauses on loopback
        contact="bench@example.org",
        version="1",
    )
    numbers = iter(range(10**9))

    async def poll(url: str) -> int:
        name = f"s{next(numbers)}"
        source, state = Source(id=name, url=url), SourceState(source_id=name, etag=etag or None)
        fetched = await fetcher.fetch(source, state, now=1.7e9)
        if fetched.status is None:
            raise RuntimeError(f"{url}: {fetched.state}: {fetched.reason}")
        return fetched.status

    yield poll
    await fetcher.aclose()


CONTENDERS = {
    "monitor": monitor,
    "httpx": stock_httpx,
    "httpx + httpx-aiohttp": bridged_httpx,
    "aiohttp": plain_aiohttp,
}


def context() -> object:
    """Return the one SSL context of a client; SSL_CERT_FILE names whom it trusts."""
    import ssl

    return ssl.create_default_context()


async def client(name: str, urls: list[str], etag: str) -> dict[str, float]:
    """Poll every URL, 64 at once, and say what it took."""
    places = asyncio.Semaphore(AT_ONCE)
    statuses: set[int] = set()

    async with CONTENDERS[name](etag) as poll:

        async def one(url: str) -> None:
            async with places:
                statuses.add(await poll(url))

        for url in urls[:WARM]:
            await one(url)
        begun, used = time.perf_counter(), time.process_time()
        await asyncio.gather(*(one(url) for url in urls[WARM:]))
        wall, cpu = time.perf_counter() - begun, time.process_time() - used
    if statuses != {304 if etag else 200}:
        raise RuntimeError(f"{name} saw {statuses}")
    polls = len(urls) - WARM
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"us": cpu / polls * 1e6, "per_s": polls / wall, "peak": peak}


# --- the server ------------------------------------------------------------------------------------------------------


def hosts() -> list[str]:
    """Return the distinct loopback addresses that stand for the hosts."""
    return [f"127.1.{number // 250}.{1 + number % 250}" for number in range(HOSTS)]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path, plain: int, secure: int) -> Iterator[str]:
    """Serve one feed, plain and over TLS, and give its ETag."""
    import trustme

    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    for host in hosts():
        authority.issue_cert(host).private_key_and_cert_chain_pem.write_to_path(str(folder / f"{host}.pem"))
    feed = folder / "feed.xml"
    feed.write_text(
        "<rss version='2.0'><channel>" + "<item><title>words of an item</title></item>" * 600 + "</channel></rss>"
    )
    os.utime(feed, (1.7e9, 1.7e9))
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; user root;\n"
        "events { worker_connections 4096; }\n"
        f"http {{ access_log off; types {{ application/rss+xml xml; }} root {folder};\n"
        f"  server {{ listen {plain} backlog=4096; }}\n"
        + "".join(
            f"  server {{ listen {host}:{secure} ssl; ssl_certificate {host}.pem; ssl_certificate_key {host}.pem; }}\n"
            for host in hosts()
        )
        + "}\n"
    )
    server = subprocess.Popen(
        pinned(1, ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]), stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection((hosts()[0], secure), 0.2):
                break
            time.sleep(0.05)
        yield f'"{int(1.7e9):x}-{feed.stat().st_size:x}"'
    finally:
        server.terminate()
        server.wait(10)


def pinned(core: int, command: list[str]) -> list[str]:
    """Return a command that keeps to one core, where there are several."""
    several = (os.cpu_count() or 1) > 1 and shutil.which("taskset")
    return ["taskset", "-c", str(core), *command] if several else command


# --- the comparison --------------------------------------------------------------------------------------------------


def measure(name: str, case: str, folder: Path, ports: tuple[int, int], etag: str) -> dict[str, float]:
    """Run one contender in a process of its own."""
    environ = {**os.environ, "SSL_CERT_FILE": str(folder / "ca.pem"), "BENCH_PORTS": json.dumps(ports)}
    command = [sys.executable, "-m", "tests.bench.fetching", name, case, *map(str, ports), etag]
    done = subprocess.run(pinned(0, command), env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


CASES: dict[str, Callable[[int, int], list[str]]] = {
    "304, one host": lambda plain, secure: [f"http://127.0.0.1:{plain}/feed.xml"] * POLLS,
    "304, 500 hosts": lambda plain, secure: [f"http://{host}:{plain}/feed.xml" for host in hosts()] * (POLLS // HOSTS),
    "304, 500 hosts, TLS": lambda plain, secure: [f"https://{host}:{secure}/feed.xml" for host in hosts()],
}


def contenders() -> list[str]:
    """Return the contenders that are installed here."""
    needed = {"httpx + httpx-aiohttp": "httpx_aiohttp", "aiohttp": "aiohttp"}
    return [name for name in CONTENDERS if name not in needed or importlib.util.find_spec(needed[name])]


def run() -> list[dict[str, object]]:
    """Measure every contender, alternately, and give the medians beside the stock client's."""
    if not shutil.which("nginx"):
        raise RuntimeError("nginx is missing: apt-get install nginx-light")
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as name:
        folder, ports = Path(name), (free_port(), free_port())
        folder.chmod(0o755)
        with served(folder, *ports) as etag:
            for case in CASES:
                results: dict[str, list[dict[str, float]]] = {one: [] for one in contenders()}
                for _ in range(ROUNDS):
                    for one, kept in results.items():
                        kept.append(measure(one, case, folder, ports, etag))
                rows += summary(case, results)
    return rows


def summary(case: str, results: dict[str, list[dict[str, float]]]) -> list[dict[str, object]]:
    """Return one row a contender: medians, and what stock httpx takes in its terms."""
    middle = {
        name: {key: statistics.median(one[key] for one in kept) for key in kept[0]} for name, kept in results.items()
    }
    stock = middle["httpx"]
    return [
        {
            "case": case,
            "client": name,
            "CPU us/poll": round(one["us"]),
            "of httpx": round(one["us"] / stock["us"], 2),
            "polls/s": round(one["per_s"]),
            "x httpx": round(one["per_s"] / stock["per_s"], 1),
            "peak MB": round(one["peak"]),
        }
        for name, one in middle.items()
    ]


if __name__ == "__main__":
    who, what, first, second, tag = sys.argv[1:]
    print(json.dumps(asyncio.run(client(who, CASES[what](int(first), int(second)), tag))))
