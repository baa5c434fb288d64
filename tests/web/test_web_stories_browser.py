"""The list of stories and a story in a real browser: keys, live changes, filters, and all of it without a script."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from monitor.model import Handled, Severity
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
    reader.keyboard.press("w")  # the next one has taken its place
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


PRESS = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', bubbles: true, repeat: %s}))"
HASTE = f"""gone => new Promise(done => {{
    new MutationObserver((_, all) => {{
        if (document.getElementById(gone)) return;
        all.disconnect();
        {PRESS % "false"};  // in haste: the next one has just taken its place
        {PRESS % "true"};  // held down
        done();
    }}).observe(document.body, {{childList: true, subtree: true}});
    {PRESS % "false"};
    {PRESS % "false"};  // while it is under way
}})"""


def test_a_row_that_is_done_gives_its_place_to_the_next(browser: "Browser", page: Page) -> None:
    worlds.fill(page.store, NOW, stories=12, sources=8)
    reader = tab(browser)
    reader.goto(f"{page.url}/stories?sort=newest&state=new")
    rows = reader.eval_on_selector_all("[data-row]", "rows => rows.map(row => row.id)")
    for _ in range(3):
        reader.keyboard.press("j")
    for gone, following in ((2, 3), (3, 4)):
        reader.wait_for_timeout(500)  # as long as it takes to look at the next one
        reader.evaluate(HASTE, rows[gone])
        reader.wait_for_timeout(500)
        assert reader.get_attribute(".chosen", "id") == rows[following]
        focused = reader.evaluate("document.activeElement.closest('[data-row]').id")
        assert focused == rows[following], "and has the focus, for those who use no eyes"
        assert len(page.store.handled.of(rows[gone].removeprefix("story-"))) == 1
        assert not page.store.handled.of(rows[following].removeprefix("story-")), "the next one was not meant"
    reader.keyboard.press("o")
    reader.wait_for_url("**/stories/s*")
    reader.go_back()
    reader.wait_for_selector(f"#{rows[4]}.chosen")
    reader.keyboard.press("Escape")
    assert reader.query_selector(".chosen") is None
    reader.close()


def test_many_tabs_are_live_with_one_connection(browser: "Browser", page: Page) -> None:
    context = tab(browser).context
    tabs = [context.new_page() for _ in range(9)]  # a browser keeps six connections to a host
    for one in tabs:
        one.goto(f"{page.url}/stories", timeout=10000)
        one.wait_for_selector("[data-live-state]:not([hidden])")
    assert len(page.site.hub._listeners) == 1
    tabs[0].wait_for_timeout(2500)  # the hub has its first marks
    with Store.open(page.store.path) as daemon:
        grown(daemon)
    for one in tabs:
        one.wait_for_selector("#story-sgrown", timeout=15000)
    tabs.pop(0).close()  # it was the one that listened
    tabs[0].wait_for_timeout(4500)
    page.store.handled.add(Handled(story_id="sgrown", what="acknowledged", by="ann", at=NOW, severity=Severity.HIGH))
    for one in tabs:
        one.wait_for_selector("#story-sgrown[data-state=acknowledged]", timeout=15000)
    context.close()


def test_what_is_not_live_becomes_live_again(browser: "Browser", page: Page) -> None:
    reader = tab(browser)
    gone = [True]
    reader.route("**/events", lambda route: route.fulfill(status=503) if gone[0] else route.fallback())
    reader.clock.install()
    reader.goto(f"{page.url}/stories")
    reader.wait_for_selector("[data-live-state][data-lost]")
    grown(page.store)
    gone[0] = False
    reader.clock.run_for(11000)
    reader.wait_for_selector("#story-sgrown", timeout=15000)
    assert reader.inner_text("[data-live-state]") == "live"
    reader.close()


def test_an_answer_that_comes_late_changes_nothing_under_somebodys_hands(browser: "Browser", page: Page) -> None:
    reader = tab(browser)
    reader.goto(f"{page.url}/stories?sort=newest&state=new")
    reader.wait_for_selector("[data-live-state]:not([hidden])")
    reader.wait_for_timeout(2500)  # the hub has its first marks
    held: list[Any] = []
    reader.route("**/stories?sort=newest&state=new", lambda route: held.append(route))
    with Store.open(page.store.path) as daemon:
        grown(daemon)
    for _ in range(100):
        reader.wait_for_timeout(100)
        if held:
            break
    reader.keyboard.press("j")  # the question is under way; somebody begins to work
    for one in held:
        one.fallback()
    reader.wait_for_selector(".news button")
    assert reader.query_selector("#story-sgrown") is None
    reader.unroute("**/stories?sort=newest&state=new")
    reader.keyboard.press("r")
    reader.wait_for_selector("#story-sgrown")
    assert reader.query_selector(".news") is None
    reader.close()


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


def test_what_is_ticked_stays_ticked_while_a_story_grows(browser: "Browser", page: Page) -> None:
    grown(page.store)
    reader = tab(browser, viewport={"width": 1280, "height": 4000})
    reader.goto(f"{page.url}/stories/sgrown")
    reader.wait_for_selector("[data-live-state]:not([hidden])")
    reader.wait_for_timeout(2500)  # the hub has its first marks
    reader.check("input[name=article] >> nth=1")
    reader.evaluate("document.activeElement.blur()")
    page.store.handled.add(Handled(story_id="sgrown", what="acknowledged", by="ann", at=NOW, severity=Severity.HIGH))
    with Store.open(page.store.path) as daemon:
        daemon.handled.add(Handled(story_id="sgrown", what="muted", by="bob", at=NOW, severity=Severity.HIGH))
    reader.wait_for_selector(".news button")
    assert reader.is_checked("input[name=article] >> nth=1")
    reader.close()
