"""The page in a real browser: looks, keys, live changes, without a script, read aloud, and hostile text."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest

from monitor.model import Role
from monitor.store import Store
from monitor.web.views import VIEWS
from tests.web import worlds
from tests.web.browsers import LOOKS, SHOTS, Watch, chromium
from tests.web.conftest import NOW, PASSWORD, Opened, Page

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.slow
CHANNELS = "channels: {mail: {url: 'json://127.0.0.1:1'}}\nweb: {allow_edit: true}\ntimezone: Europe/Warsaw\n"
MOST = 150  # addresses that a crawl visits


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as found:
        yield found


@pytest.fixture
def full(opened: Opened) -> Page:
    """A page with something on each view."""
    page = opened(CHANNELS)
    worlds.fill(page.store, NOW)
    return page


def tab(browser: "Browser", **options: Any) -> "Tab":
    return browser.new_context(timezone_id="America/New_York", **{**LOOKS["light"], **options}).new_page()


@dataclass
class Crawled:
    """What links lead to."""

    pages: list[str] = field(default_factory=list)  # addresses of pages
    files: dict[str, str] = field(default_factory=dict)  # pages that are downloaded, by their addresses
    reached: list[str] = field(default_factory=list)  # every address that answered


def crawl(home: Page, each: int = 3) -> Crawled:
    """Follow the links of every view: at most so many of each."""
    seen: Counter[str] = Counter()
    todo = [view.path for view in VIEWS if "GET" in view.methods and "{" not in view.path and view.name != "events"]
    found = Crawled()
    while todo and len(found.reached) < MOST:
        address = todo.pop(0)
        kind = re.sub(r"\d+", "#", urlsplit(address).path)
        if address in found.reached or seen[kind] >= each:
            continue
        answer = home.client.get(address)
        if answer.status_code != 200:
            continue
        seen[kind] += 1
        found.reached.append(address)
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        if "attachment" in answer.headers.get("content-disposition", ""):
            found.files[address] = answer.text
            continue
        found.pages.append(address)
        for link in re.findall(r'<a [^>]*href="(/[^"]*)"', answer.text):
            todo.append(link.replace("&amp;", "&"))
    return found


def test_the_crawl_reaches_every_view(full: Page) -> None:
    """A view that no link leads to would not be tried below."""
    reached = crawl(full).reached
    for view in VIEWS:
        alone = view.name in ("start", "events", "ack", "login", "static") or view.path.startswith("/api/")
        if "GET" in view.methods and not alone:
            pattern = re.sub(r"\{[^}]*\}", "[^/?]+", view.path) + r"(\?.*)?"
            assert any(re.fullmatch(pattern, address) for address in reached), view


@pytest.mark.parametrize("look", list(LOOKS))
def test_every_view_in_every_look(browser: "Browser", full: Page, look: str) -> None:
    """Nothing foreign, no error, no sideways scrolling; axe finds nothing; a picture is kept."""
    SHOTS.mkdir(exist_ok=True)
    page = tab(browser, **LOOKS[look])
    watch = Watch(page, full.url)
    taken = set()
    for address in crawl(full, each=1).pages:
        page.goto(full.url + address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert violations(page) == [], address
        name = re.sub(r"\W+", "-", urlsplit(address).path).strip("-") or "start"
        if name not in taken:
            taken.add(name)
            page.screenshot(path=SHOTS / f"{name}-{look}.png")
    watch.must_be_clean()


def violations(page: "Tab") -> list[str]:
    """Return what axe finds against WCAG 2.2 AA."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe (pip install '.[browser]')")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = {"runOnly": {"type": "tag", "values": tags}}
    found = axe.Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0]['failureSummary'][:300]}" for one in found]


def test_login_in_a_browser(browser: "Browser", full: Page) -> None:
    full.account("ann", Role.TRIAGER)
    page = tab(browser)
    watch = Watch(page, full.url)
    page.goto(f"{full.url}/deliveries?state=dead")
    assert urlsplit(page.url).path == "/login"
    assert violations(page) == []
    page.fill("[name=name]", "ann")
    page.fill("[name=password]", "wrong wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert violations(page) == []
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/deliveries?state=dead")
    assert page.inner_text(".who") == "ann"
    page.click("text=Log out")
    page.wait_for_url("**/login")
    assert page.inner_text(".said") == "You are logged out."
    watch.must_be_clean()


def test_keys_go_through_rows(browser: "Browser", full: Page) -> None:
    page = tab(browser)
    watch = Watch(page, full.url)
    page.goto(f"{full.url}/sources")
    rows = page.eval_on_selector_all("[data-row]", "rows => rows.map(row => row.id)")

    def chosen() -> str:
        return str(page.evaluate("document.querySelector('[data-row].chosen')?.id || ''"))

    for keys, row in (("j", 0), ("j", 1), ("jj", 3), ("k", 2), ("kkkkk", 0)):
        for key in keys:
            page.keyboard.press(key)
        assert chosen() == rows[row]
    page.keyboard.press("p")
    page.wait_for_selector(".said")
    assert "is due" in page.inner_text(".said")
    assert urlsplit(page.url).path == "/sources", "without leaving the page"
    assert chosen() == rows[0]
    page.keyboard.press("/")
    page.keyboard.type("courier jo")
    assert page.input_value("[name=q]") == "courier jo", "what is typed is no key"
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('[data-row]').querySelector('a').focus()")
    page.keyboard.press("o")
    page.wait_for_url("**/sources/source-*")
    page.keyboard.press("u")
    page.wait_for_url("**/sources")
    page.keyboard.press("?")
    page.wait_for_url("**/help")
    watch.must_be_clean()


def test_a_list_changes_by_itself_but_not_under_the_readers_hands(browser: "Browser", full: Page) -> None:
    page = tab(browser)
    watch = Watch(page, full.url)
    page.goto(f"{full.url}/deliveries?state=dead")
    page.wait_for_selector("[data-live-state]:not([hidden])")
    page.wait_for_timeout(2500)  # the hub has its first marks
    dead = [one.delivery.id for one in full.store.alerts.list(state="dead", limit=100)]
    with Store.open(full.store.path) as daemon:
        daemon.alerts.retry(dead[:1], NOW)
    page.wait_for_selector(f"#delivery-{dead[0]}", state="detached", timeout=15000)
    assert page.query_selector(f"#delivery-{dead[1]}")
    page.keyboard.press("j")
    with Store.open(full.store.path) as daemon:
        daemon.alerts.retry(dead[2:3], NOW)
    page.wait_for_selector(".news button", timeout=15000)
    assert page.query_selector(f"#delivery-{dead[2]}"), "the reader is in the list"
    page.keyboard.press("r")
    page.wait_for_selector(f"#delivery-{dead[2]}", state="detached", timeout=15000)
    watch.must_be_clean()


def test_without_a_script_everything_can_be_done(browser: "Browser", full: Page) -> None:
    full.account("ann", Role.ADMIN)
    page = tab(browser, java_script_enabled=False)
    page.goto(f"{full.url}/sources")
    page.fill("[name=name]", "ann")
    page.fill("[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_url("**/sources")
    page.fill("[name=q]", "paper3")
    page.click("text=Filter")
    page.wait_for_url("**/sources?q=paper3*")
    page.click("text=Poll now")
    assert "is due" in page.inner_text(".said")
    page.click("[name=theme][value=dark]")
    assert page.get_attribute("html", "data-theme") == "dark"
    assert "q=paper3" in page.url
    page.click("nav >> text=Silences")
    page.fill("[name=word]", "drill*")
    page.fill("[name=reason]", "known")
    page.click("button.main")
    assert "Silence 3" in page.inner_text(".said")
    page.click("text=Log out")
    page.wait_for_url("**/login")


def test_times_are_in_the_readers_zone(browser: "Browser", full: Page) -> None:
    page = tab(browser)
    page.goto(f"{full.url}/silences")
    time = page.query_selector("main time[data-time=clock]")
    assert time
    assert time.inner_text() == "2026-09-21 10:03", "New York; 16:03 in the zone of the settings"
    assert "2026-09-21 14:03:20 UTC" in (time.get_attribute("title") or "")
    assert page.inner_text("[data-zone]") == "America/New_York"


def test_a_headline_from_right_to_left_stands_right(browser: "Browser", full: Page) -> None:
    page = tab(browser)
    page.goto(f"{full.url}/deliveries")
    arabic = page.locator(".headline", has_text="محادثات").first
    assert arabic.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert page.evaluate("getComputedStyle(document.querySelector('.headline')).direction") == "ltr"


# --- hostile text ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", range(3))
def test_nothing_that_a_feed_or_a_rule_says_runs(browser: "Browser", opened: Opened, turn: int) -> None:
    """40 payloads in every field, on every view, with the pointer over, the focus in and a click on what they made."""
    full = opened(CHANNELS)
    say = worlds.hostile(turn * 13)
    worlds.fill(full.store, NOW, say=say, stories=40, sources=24)
    page = tab(browser)
    page.add_init_script("window.ran = []; window.fired = (mark) => { window.ran.push(mark); };")
    watch = Watch(page, full.url)
    visited = crawl(full)
    for text in visited.files.values():
        page.goto("about:blank")
        page.set_content(text)  # as a file: no policy guards it
        provoke(page)
        assert page.evaluate("window.ran") == []
        made = page.eval_on_selector_all("script, iframe, object, embed, base", "found => found.map(x => x.outerHTML)")
        assert made == []
    for address in visited.pages:
        page.goto(full.url + address)
        assert page.evaluate("window.ran") == [], address
        foreign = page.eval_on_selector_all(
            "script:not([src^='/static/']), iframe, object, embed, base, style, [style], meta[http-equiv]",
            "found => found.map(one => one.outerHTML)",
        )
        assert foreign == [], address
        handlers = page.evaluate(
            "[...document.querySelectorAll('*')].flatMap(one => [...one.attributes])"
            ".filter(one => one.name.startsWith('on')).map(one => one.name)"
        )
        assert handlers == [], address
        links = page.eval_on_selector_all(
            "a[href], form[action], area[href]", "found => found.map(one => one.href || one.action)"
        )
        for link in links:
            assert urlsplit(urljoin(full.url, link)).scheme in ("http", "https"), (address, link)
        provoke(page)
        assert page.evaluate("window.ran") == [], address
    assert len(visited.pages) > 8
    assert watch.foreign == []
    assert [error for error in watch.errors if "Content Security Policy" not in error] == []
    assert watch.errors == [], "not even the policy had to stop anything"


def provoke(page: "Tab") -> None:
    """Do to each element what a reader could do without leaving the page."""
    page.evaluate(
        """() => {
          for (const one of document.querySelectorAll('body *')) {
            for (const name of ['mouseover', 'focus', 'pointerenter', 'toggle', 'error', 'load'])
              one.dispatchEvent(new Event(name, { bubbles: true }));
          }
        }"""
    )
