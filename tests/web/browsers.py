"""Debian's Chromium, driven by Playwright; what it asks for is kept, so that nothing goes anywhere else."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
SHOTS = Path(os.environ.get("MONITOR_SCREENSHOTS", "screenshots"))  # git ignores it; CI keeps it
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "color_scheme": "light",
        "has_touch": True,
        "is_mobile": True,
        "user_agent": "Mozilla/5.0 (Linux; Android 15; Mobile) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
    },
}


@contextmanager
def chromium() -> Iterator["Browser"]:
    """Start a browser; skip, with the reason, where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright (pip install '.[browser]')")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("needs Chromium (apt install chromium)")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


class Watch:
    """What a page asks for, says and runs: everything that must not happen."""

    def __init__(self, page: "Page", home: str) -> None:
        """Listen from now on; `home` is the only origin that may be asked."""
        self.foreign: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self._asked(request.url, home))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("dialog", lambda dialog: (self.errors.append("dialog"), dialog.dismiss()))

    def _asked(self, url: str, home: str) -> None:
        if not url.startswith((f"{home}/", "data:", "about:")):
            self.foreign.append(url)

    def _said(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text:
            self.errors.append(text)

    def must_be_clean(self) -> None:
        """Fail where anything was asked of somebody else, or anything went wrong."""
        assert self.foreign == []
        assert self.errors == []
