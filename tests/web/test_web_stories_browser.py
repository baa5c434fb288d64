"""The list of stories and a story in a real browser: keys, live changes, filters, and all of it without a script."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from monitor.store import Store
from tests.web import worlds
from tests.web.browsers import LOOKS, Watch, chromium
from tests.web.conftest import NOW, Page
from tests.web.test_web_browser import tab
from tests.web.test_web_stories import grown

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as found:
        yield found


def test_keys_triage_a_list(browser: "Browser", page: Page) -> None:
    reader = tab(browser)
    watch = Watch(reader, page.url)
    reader.goto(f"{page.url}/stories?sort=newest&state=new")
    rows = reader.eval_on_selector_all("[data-row]", "rows => rows.map(row => row.id)")
    reader.keyboard.press("j")
    reader.keyboard.press("a")
    reader.wait_for_selector(f"#{rows[0]}", state="detached")
    assert "Acknowledged" in reader.inner_text(".said")
    assert page.store.handled.of(rows[0].removeprefix("story-"))[-1].what == "acknowledged"
    reader.keyboard.press("j")
    reader.keyboard.press("w")
    reader.wait_for_selector(f"#{rows[1]}", state="detached")
    assert page.store.marks.counts() == {"border-move": {"wrong": 1}}
    reader.keyboard.press("/")
    reader.keyboard.type("ports")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**q=ports*")
    assert "state=new" in reader.url, "the other filters stay"
    reader.keyboard.press("j")
    reader.keyboard.press("o")
    reader.wait_for_url("**/stories/s0*")
    reader.keyboard.press("u")
    reader.wait_for_url("**/stories")
    reader.keyboard.press("j")
    reader.keyboard.press("s")
    reader.wait_for_url("**/silences?rule=border-move*")
    watch.must_be_clean()


def test_a_new_story_comes_in_by_itself(browser: "Browser", page: Page) -> None:
    reader = tab(browser)
    watch = Watch(reader, page.url)
    reader.goto(f"{page.url}/stories")
    reader.wait_for_selector("[data-live-state]:not([hidden])")
    reader.wait_for_timeout(2500)  # the hub has its first marks
    with Store.open(page.store.path) as daemon:
        grown(daemon)
    reader.wait_for_selector("#story-sgrown", timeout=15000)
    watch.must_be_clean()


def test_everything_can_be_done_without_a_script(browser: "Browser", page: Page) -> None:
    grown(page.store)
    worlds.fill(page.store, NOW, stories=40, sources=8)
    reader = tab(browser, java_script_enabled=False)
    reader.goto(f"{page.url}/stories")
    reader.click("summary:has-text('Rule')")
    reader.click("a:has-text('convoys')")
    assert urlsplit(reader.url).query == "rule=convoys"
    reader.click("summary:has-text('Views')")
    reader.fill("[placeholder='Name of this view']", "Convoys")
    reader.click("button:has-text('Save')")
    assert "Convoys" in reader.inner_text(".said")
    reader.click("a:has-text('Convoy crosses')")
    assert urlsplit(reader.url).path == "/stories/sgrown"
    reader.check("[value=sgrown-2]")
    reader.click("text=Make the chosen articles")
    assert "now has 1 of its articles" in reader.inner_text(".said")
    reader.fill("[name=text]", "Asked the desk")
    reader.click("text=Keep the note")
    assert "Asked the desk" in reader.inner_text("main")
    reader.click("button:has-text('Acknowledge')")
    assert "Take back" in reader.inner_text("main")
    with reader.expect_download() as download:
        reader.click("a:has-text('STIX')")
    assert download.value.suggested_filename == "sgrown.stix.json"


def test_a_page_further_down_does_not_move_what_is_read(browser: "Browser", page: Page) -> None:
    """No layout shift while it loads: styles come first, and nothing is put in later."""
    reader = tab(browser)
    reader.goto(f"{page.url}/stories")
    shift = reader.evaluate(
        """() => new Promise((done) => {
          let sum = 0;
          new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
            .observe({ type: 'layout-shift', buffered: true });
          setTimeout(() => done(sum), 500);
        })"""
    )
    assert shift < 0.01


def test_what_a_row_offers_shows_where_it_is_pointed_at(browser: "Browser", page: Page) -> None:
    reader = tab(browser)
    reader.goto(f"{page.url}/stories")
    offered = reader.locator("[data-row] .at-hand").first

    def seen() -> bool:
        return bool(offered.evaluate("one => getComputedStyle(one).opacity") == "1")

    assert not seen()
    reader.locator("[data-row]").first.hover()
    assert seen()
    reader.mouse.move(0, 0)
    assert not seen()
    reader.keyboard.press("j")
    assert seen()
    phone = tab(browser, **LOOKS["phone"])
    phone.goto(f"{page.url}/stories")
    offered = phone.locator("[data-row] .at-hand").first
    assert seen(), "a finger does not point"


def test_a_menu_closes_by_escape_and_by_a_click_beside_it(browser: "Browser", page: Page) -> None:
    reader = tab(browser)
    reader.goto(f"{page.url}/stories")
    menu = reader.locator("details.menu", has_text="Rule").first
    menu.locator("summary").click()
    assert menu.get_attribute("open") is not None
    reader.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert reader.evaluate("document.activeElement.textContent").startswith("Rule")
    menu.locator("summary").click()
    reader.locator("h1").click()
    assert menu.get_attribute("open") is None


def test_a_story_is_printed_dark_on_white(browser: "Browser", page: Page) -> None:
    reader = tab(browser, **LOOKS["dark"])
    story = grown(page.store)
    reader.goto(f"{page.url}/stories/{story.id}")
    reader.emulate_media(media="print")
    look = "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]"
    assert reader.locator(".articles").evaluate(look) == ["rgb(255, 255, 255)", "rgb(27, 36, 48)"]
    assert not reader.locator("header.top").is_visible()
    assert not reader.locator(".cards").is_visible()
