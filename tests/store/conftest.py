"""A store for each test, the real one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from store_builders import source

from monitor.store import Store
from tests import fresh

# A further backend is one more line here; every test of the contract then runs against it, too.
BACKENDS: dict[str, Callable[[Path], Store]] = {"sqlite": lambda folder: fresh.store(folder / "monitor.db")}


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store that knows three sources."""
    with BACKENDS[request.param](tmp_path) as opened:
        opened.sources.sync([source(1), source(2), source(3)], 0.0)
        yield opened
