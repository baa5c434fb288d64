"""What every test starts with."""

import hypothesis
import pytest

from monitor.fetch import wall

# How long an example takes says more of the machine and its other work than of the code; `tests/bench` measures.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def no_wall_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take down again what a service in this process put up: the wall stays for as long as a process does."""
    monkeypatch.setattr(wall._Wall, "allow", wall._Wall.allow)
