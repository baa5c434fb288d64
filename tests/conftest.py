"""What every test starts with."""

import gc
import os
from collections.abc import Iterator

import hypothesis
import pytest

from monitor.fetch import wall

# How long an example takes says more of the machine and its other work than of the code; `tests/bench` measures.
# By default fewer examples are tried than in CI, where `.ci/run` asks for hypothesis's own number.
hypothesis.settings.register_profile(
    "untimed",
    deadline=None,
    max_examples=int(os.environ.get("MONITOR_TEST_EXAMPLES", "30")),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("untimed")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Let the collector of garbage pass by thousands of tests, which stay to the end: that is a tenth of all time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def no_wall_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take down again what a service in this process put up: the wall stays for as long as a process does."""
    monkeypatch.setattr(wall._Wall, "allow", wall._Wall.allow)
