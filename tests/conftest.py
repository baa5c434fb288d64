"""What every test starts with."""

import pytest

from monitor.fetch import wall


@pytest.fixture(autouse=True)
def no_wall_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take down again what a service in this process put up: the wall stays for as long as a process does."""
    monkeypatch.setattr(wall._Wall, "allow", wall._Wall.allow)
