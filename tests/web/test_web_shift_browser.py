"""Nothing moves under a reader's eyes: not while a page loads, when times change to the reader's zone, or news come."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from monitor.web.views import VIEWS
from tests.web import worlds
from tests.web.browsers import LOOKS, chromium
from tests.web.conftest import NOW, Opened, Page

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.slow
MOST = 0.01  # of cumulative layout shift; 0.1 is called good (web.dev/cls)
# What the browser tells of each shift; those that follow a reader's own press do not count.
OBSERVED = """
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
    }).observe({ type: "layout-shift", buffered: true });
"""
PAGES = [
    view.path for view in VIEWS if "GET" in view.methods and "{" not in view.path and not view.path.startswith("/api")
]
PAGES = [path for path in PAGES if path not in ("/events", "/stories.atom")]
PAGES += ["/stories/s000000000001", "/sources/source-1", "/rules/border-move", "/picture/border"]


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as found:
        yield found


@pytest.fixture
def full(opened: Opened) -> Page:
    page = opened("channels: {mail: {url: 'json://127.0.0.1:1'}}\nweb: {allow_edit: true}\ntimezone: Europe/Warsaw\n")
    worlds.fill(page.store, NOW)
    return page


def tab(browser: "Browser", **look: Any) -> "Tab":
    page = browser.new_context(timezone_id="Asia/Tokyo", **look).new_page()
    page.add_init_script(OBSERVED)
    return page


def shift(page: "Tab") -> float:
    """Return how much has moved, once two frames were drawn after what went before."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return float(page.evaluate("window.shifted"))


@pytest.mark.parametrize("look", ["light", "phone"])
def test_no_view_moves_while_it_loads(browser: "Browser", full: Page, look: str) -> None:
    page = tab(browser, **LOOKS[look])
    moved = {}
    for path in PAGES:
        page.goto(full.url + path, wait_until="load")
        if page.locator("time[data-time=clock]").count():
            page.wait_for_selector("time[title*=' here ']", state="attached")
        moved[path] = shift(page)
    assert {path: value for path, value in moved.items() if value > MOST} == {}


def test_a_shift_would_be_seen(browser: "Browser", full: Page) -> None:
    page = tab(browser, **LOOKS["light"])
    page.goto(full.url + "/stories")
    page.evaluate("""() => {
        const block = document.createElement("div");
        block.textContent = "late";
        block.className = "card";
        document.querySelector("#main").prepend(block);
    }""")
    assert shift(page) > MOST


@pytest.mark.parametrize("path", ["/stories", "/picture", "/deliveries", "/stories/s000000000001"])
def test_nothing_jumps_when_news_come(browser: "Browser", full: Page, path: str) -> None:
    page = tab(browser, **LOOKS["light"])
    page.goto(full.url + path)
    page.wait_for_selector("[data-live-state]:not([hidden])")
    page.evaluate("document.addEventListener('part:taken', () => { document.body.dataset.taken = '1'; })")
    page.wait_for_timeout(1500)  # the server has looked once, and knows what was there before
    worlds.fill(full.store, NOW + 5, stories=41, sources=24)
    page.wait_for_selector("body[data-taken]", timeout=15_000)
    assert shift(page) <= MOST


def test_a_narrow_window_gets_charts_that_fit(browser: "Browser", full: Page) -> None:
    """The server took it for a wide one: the script asks again; without a script the chart can be moved about."""
    window = {"viewport": {"width": 390, "height": 800}}
    page = tab(browser, **window)
    page.goto(full.url + "/picture")
    page.wait_for_selector(".chart-narrow")
    assert page.locator(".chart-wide").count() == 0
    page.goto(full.url + "/rules/border-move")
    assert page.locator(".chart-narrow").count() == 1, "a cookie says it from now on"
    page.set_viewport_size({"width": 1100, "height": 800})
    page.wait_for_selector(".chart-wide")
    plain = browser.new_context(**window, java_script_enabled=False).new_page()
    plain.goto(full.url + "/picture")
    assert plain.locator(".chart-wide").count() > 0
    assert plain.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_finger_brushes_over_bars_and_still_scrolls(browser: "Browser", full: Page) -> None:
    page = tab(browser, **LOOKS["phone"])
    page.goto(full.url + "/picture?since=7d")
    bars = page.locator("[data-brush] .bar")
    bars.last.scroll_into_view_if_needed()
    boxes = [box for box in (bars.nth(place).bounding_box() for place in range(bars.count())) if box]
    left, right = boxes[1], boxes[4]
    height = left["y"] + left["height"] / 2
    touch(page, (left["x"] + 2, height), (left["x"] + 2, height - 200))
    page.wait_for_timeout(300)
    assert page.url.endswith("since=7d"), "a finger that goes up scrolls"
    page.evaluate("scrollTo(0, 0)")
    bars.last.scroll_into_view_if_needed()
    boxes = [box for box in (bars.nth(place).bounding_box() for place in range(bars.count())) if box]
    left, right = boxes[1], boxes[4]
    height = left["y"] + left["height"] / 2
    with page.expect_navigation():
        touch(page, (left["x"] + 2, height), (right["x"] + 2, height))
    assert re.search(r"/picture\?since=2026-\d\d-\d\dT.*&until=2026-", page.url)


def touch(page: "Tab", start: tuple[float, float], end: tuple[float, float]) -> None:
    """Put a finger down, move it in steps, and take it up, as the browser's own input."""
    session = page.context.new_cdp_session(page)

    def send(kind: str, x: float, y: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", *start)
    for step in range(1, 9):
        send("touchMove", start[0] + (end[0] - start[0]) * step / 8, start[1] + (end[1] - start[1]) * step / 8)
    send("touchEnd", *end)
