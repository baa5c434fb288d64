"""Before the first reader comes: every view has been asked once, and the rules are checked beside that."""

import logging
import threading
import time
from dataclasses import replace

import pytest

from monitor.config import Config
from monitor.web.remarks import Remarks
from monitor.web.views import VIEWS
from monitor.web.warming import ASKED, warm
from tests.web.conftest import Opened, Page

pytestmark = pytest.mark.slow
RULES = """\
watch: border
rules:
  - id: bridge
    match: bridge
    examples: {match: ["a bridge", "no such thing"]}
"""
OTHER = ("start", "stories", "picture-watch", "events", "ack", "static")  # of the GET views: asked otherwise, or not


def test_it_asks_every_view_that_reads() -> None:
    names = {view.name for view in VIEWS if "GET" in view.methods}
    assert names - set(ASKED) <= set(OTHER)
    assert set(ASKED) <= names


def test_nothing_fails_with_something_there_and_with_nothing(
    page: Page, opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "monitor.web")
    for one in (page, opened()):
        warm(one.site, 30.0).join(30)
        assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert sum("asked all views" in record.message for record in caplog.records) == 2


def test_readers_do_not_wait_for_it_for_ever(page: Page) -> None:
    start = time.monotonic()
    thread = warm(page.site, 0.0)
    assert time.monotonic() - start < 0.5
    thread.join(30)
    assert page.get("/stories").status_code == 200


def test_remarks_are_those_of_the_rules_that_are_loaded(opened: Opened) -> None:
    config = opened(rules=RULES).config
    remarks = Remarks()
    told = remarks.of(config, wait=20)
    assert told is not None
    [wrong] = [one for one in told["bridge"] if not one.warning]
    assert "does not match its example 'no such thing'" in wrong.message
    again = replace(config, settings=config.settings)
    assert remarks.of(again, wait=0) is told, "the rules are the same"
    other = opened(rules=RULES.replace(', "no such thing"', "")).config
    fresh = remarks.of(other, wait=20)
    assert fresh is not None
    assert not [one for one in fresh.get("bridge", ()) if not one.warning]


def test_the_page_says_what_was_found(opened: Opened) -> None:
    page = opened(rules=RULES)
    assert page.site.remarks.of(page.config, wait=20)
    text = page.get("/rules").text
    assert "being checked" not in text
    assert "1 failed example" in text


class Held(Remarks):
    """Remarks that are not found before the gate is opened."""

    gate = threading.Event()

    def _find(self, config: Config, ready: threading.Event) -> None:
        self.gate.wait(20)
        super()._find(config, ready)


def test_the_page_says_that_it_is_still_checking(opened: Opened) -> None:
    page = opened(rules=RULES)
    page.site.remarks = held = Held()
    for path in ("/rules", "/rules/bridge"):
        assert "being checked" in page.get(path).text
    held.gate.set()
    assert held.of(page.config, wait=20)
    for path in ("/rules", "/rules/bridge"):
        assert "being checked" not in page.get(path).text
