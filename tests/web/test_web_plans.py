"""No view reads a table whole that grows with what is fetched: the plans of all that each of them asks."""

import re

import pytest

from monitor.web.views import VIEWS
from tests.bench import plans
from tests.web.conftest import NOW, Page

pytestmark = pytest.mark.slow
OTHER = ("events", "ack", "login", "static")
STORY = "s000000000001"
PARTS = {"stories": STORY, "preview": STORY, "sources": "source-1", "rules": "border-move", "deliveries": "1"}
FILTERED = (
    "/stories?q=bridge",
    "/stories?q=-bridge",
    "/stories?q=a*&sort=newest&since=7d",
    "/stories?place=Brest&severity=low",
    "/stories?rule=border-move&watch=border&country=PL&source=source-1&language=en&state=new&state=acknowledged",
    "/stories?state=wrong&sort=severest",
    "/stories?assignee=ann&assignee=none&state=new",
    "/api/hits?q=bridge",
    "/api/hits?rule=border-move",
    "/api/hits?source=source-1",
    "/picture?since=24h",
    "/picture?since=365d",
    "/picture?day=2026-09-20",
    "/picture?table=calendar",
    "/silences?all=1",
    "/deliveries?state=dead&channel=mail",
    "/sources?state=failing&q=courier",
)


def address(path: str) -> str:
    for name, id in PARTS.items():
        path = re.sub(rf"/{name}/{{id(:\w+)?}}", f"/{name}/{id}", path)
    return path.replace("{kind}", "html").replace("{watch:path}", "border")


def test_no_view_reads_a_table_that_grows(page: Page) -> None:
    paths = [address(view.path) for view in VIEWS if "GET" in view.methods and view.name not in (*OTHER, "start")]
    assert not [path for path in paths if "{" in path]
    found = plans.scans(page.config.folder, lambda: NOW, [*paths, *FILTERED])
    assert len(found) > 30
    assert found["/stories"] >= {"stories, in order", "people"}, "what is read whole is seen at all"


def test_a_scan_is_seen(page: Page) -> None:
    db = page.store._db
    assert plans.read_whole(db, "SELECT count(*) FROM articles AS a WHERE a.title = 'x'") == {"articles"}
    assert plans.read_whole(db, "SELECT h.number FROM hits AS h WHERE h.watch = 'x'") == {"hits"}
    assert plans.read_whole(db, "SELECT 1 FROM hits AS h WHERE h.rule_id = 'x' AND h.at > 5") == set()
