"""A fault server, and fetchers that may visit it."""

import time
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import pytest_asyncio

from monitor.fetch.http import Fetcher
from monitor.settings import Limits, Network, Polling
from tests.servers.faults import Faults

Make = Callable[..., Fetcher]


@pytest.fixture(scope="session")
def shared_faults() -> Iterator[Faults]:
    with Faults() as server:
        yield server


@pytest.fixture
def faults(shared_faults: Faults) -> Faults:
    shared_faults.requests.clear()
    shared_faults._counts.clear()
    shared_faults.most_at_once = shared_faults.open_now
    return shared_faults


@pytest_asyncio.fixture
async def make_fetcher(faults: Faults) -> AsyncIterator[Make]:
    """Give a maker of fetchers; they may visit the fault server and end with the test."""
    made: list[Fetcher] = []

    def make(
        *,
        allow: tuple[str, ...] = ("127.0.0.1",),
        ports: tuple[int, ...] = (),
        deadline: float = 5.0,
        gap: float = 0.0,
        proxy: str = "",
        concurrency: int = 48,
        redirects: int = 5,
        **caps: int,
    ) -> Fetcher:
        fetcher = Fetcher(
            network=Network(allow=allow, ports=ports or (80, 443, faults.port), proxy=proxy),
            limits=Limits(deadline=deadline, redirects=redirects, **caps),
            polling=Polling(host_gap=gap, concurrency=concurrency),
            contact="ops@example.org",
            version="9.9",
        )
        made.append(fetcher)
        return fetcher

    yield make
    for fetcher in made:
        await fetcher.aclose()


@pytest.fixture
def now() -> float:
    return time.time()
