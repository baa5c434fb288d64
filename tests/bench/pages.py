"""The page over 1,000,000 articles and 50,000 hits: each view's time at the server, its size, and how it asks.

The database is made in a temporary folder, or in that of MONITOR_BENCH_FOLDER, where it stays and is used again;
MONITOR_BENCH_ARTICLES asks for fewer articles, MONITOR_BENCH_VIEW for the views whose name has that in it.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from monitor.store import Store
from monitor.web.exports import EXPORTS
from monitor.web.views import VIEWS
from tests.bench import crowded, plans
from tests.bench.crowded import NOW

ROUNDS = 10
READY = 60.0  # seconds that a server may take to start
OTHER = {"events", "ack", "login", "static", "start"}  # GET views that are no page over the database
BROWSER = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the view of the map, a name for it, and the address."""

    view: str
    name: str
    path: str


def run() -> list[dict[str, object]]:
    """Return of each view the milliseconds of the processor at the server, its sizes in kB, and its table scans.

    `first` is the first answer of a fresh process, `then` the median of the next ones.
    """
    if given := os.environ.get("MONITOR_BENCH_FOLDER"):
        return _measured(Path(given))
    with tempfile.TemporaryDirectory() as name:
        return _measured(Path(name) / "crowded")


def _measured(folder: Path) -> list[dict[str, object]]:
    words = crowded.prepare(folder)
    with Store.open(folder / "m.db") as store:
        asked = [one for one in views(store, words) if os.environ.get("MONITOR_BENCH_VIEW", "") in one.name]
    missing = {view.name for view in VIEWS if "GET" in view.methods} - {one.view for one in asked} - OTHER
    assert not missing or os.environ.get("MONITOR_BENCH_VIEW"), f"not measured: {sorted(missing)}"
    scans = plans.scans(folder, lambda: NOW, [one.path for one in asked])
    rows = [_timed(folder, one, ", ".join(sorted(scans[one.path] - {"people"}))) for one in asked]
    memory = _walked(folder, asked)
    print(f"a process that has answered all of these takes {memory:.0f} MB (resident)")
    return rows


def views(store: Store, words: list[str]) -> list[Asked]:
    """Return what is asked of each view."""
    story = crowded.largest_story(store)
    rows = [
        ("stories", "stories", "/stories"),
        ("stories", "stories, most severe", "/stories?sort=severest"),
        ("stories", "stories, newest", "/stories?sort=newest"),
        ("stories", "stories, last page", f"/stories?after={crowded.last_page(store)}"),
        ("stories", "stories, one rule", "/stories?rule=rule-3"),
        ("stories", "stories, one watch", "/stories?watch=Made"),
        ("stories", "stories, one country, high", "/stories?country=UA&severity=high"),
        ("stories", "stories, one source", "/stories?source=source-3"),
        ("stories", "stories, one language", "/stories?language=ru"),
        (
            "stories",
            "stories, five filters",
            "/stories?country=UA&country=BY&severity=medium&language=ru&state=new&watch=Made",
        ),
        ("stories", "stories, new", "/stories?state=new"),
        ("stories", "stories, acknowledged", "/stories?state=acknowledged"),
        ("stories", "stories, wrong", "/stories?state=wrong"),
        ("stories", "stories, the most frequent word", f"/stories?q={words[0]}"),
        ("stories", "stories, a usual word", f"/stories?q={words[300]}"),
        ("stories", "stories, a rare word", f"/stories?q={words[15000]}"),
        ("stories", "stories, the beginning of a word", "/stories?q=a*"),
        ("stories", "stories, two words, a rule", f"/stories?q={words[20]}+{words[30]}&rule=rule-3"),
        ("stories", "stories, without a word", f"/stories?q=-{words[300]}"),
        ("stories", "stories, without the most frequent word", f"/stories?q=-{words[0]}"),
        ("stories", "stories, of one assignee", "/stories?assignee=ann&state=new&country=UA"),
        ("stories", "stories, last week", "/stories?since=7d"),
        ("story", "a story", f"/stories/{story}"),
        *(("story-export", f"a story as {kind}", f"/stories/{story}/export.{kind}") for kind in EXPORTS),
        ("picture", "picture, a day", "/picture?since=24h"),
        ("picture", "picture, a week", "/picture?since=7d"),
        ("picture", "picture, 30 days", "/picture"),
        ("picture", "picture, a quarter", "/picture?since=90d"),
        ("picture", "picture, a year", "/picture?since=365d"),
        ("picture-watch", "picture, a watch", "/picture/Made"),
        ("rules", "rules", "/rules"),
        ("rule", "a rule", "/rules/rule-3"),
        ("rule", "a rule with many terms", "/rules/border-deployment"),
        ("bench", "bench", "/bench?rule=border-deployment"),
        ("sources", "sources", "/sources"),
        ("sources", "sources, searched", "/sources?q=paper+4&state=failing"),
        ("source", "a source", "/sources/source-3"),
        ("source-add", "a new source", "/sources/add"),
        ("deliveries", "deliveries", "/deliveries"),
        ("deliveries", "deliveries, dead", "/deliveries?state=dead&channel=mail"),
        ("delivery", "a delivery", f"/deliveries/{crowded.dead_delivery(store)}"),
        ("preview", "policies, a week", "/deliveries/preview?since=7d"),
        ("preview-story", "policies, a story", f"/deliveries/preview/{story}"),
        ("trial", "policies to try", "/deliveries/trial"),
        ("silences", "silences", "/silences"),
        ("silences", "silences, all", "/silences?all=1"),
        ("help", "help", "/help"),
        ("stories-atom", "feed", "/stories.atom?severity=high"),
        ("api-stories", "API, stories", "/api/stories?country=UA"),
        ("api-story", "API, a story", f"/api/stories/{story}"),
        ("api-hits", "API, hits", "/api/hits?rule=rule-3"),
        ("stories", "stories, one place", "/stories?place=Town+3"),
        ("api-hits", "API, hits with the most frequent word", f"/api/hits?q={words[0]}"),
        ("api-hits", "API, hits of a rare source", "/api/hits?source=source-4990"),
        ("picture", "picture, the table of a year", "/picture?table=calendar"),
        ("api-openapi", "API, its description", "/api/openapi.json"),
    ]
    return [Asked(*row) for row in rows]


def _timed(folder: Path, asked: Asked, scans: str) -> dict[str, object]:
    with served(folder) as (client, pid):
        before = _worked(pid)
        answer = client.get(asked.path)
        first = _worked(pid) - before
        assert answer.status_code == 200, answer.text
        taken = []
        for _ in range(ROUNDS):
            before = _worked(pid)
            answer = client.get(asked.path)
            taken.append(_worked(pid) - before)
    print(f"{asked.name}: {first:.0f}, then {statistics.median(taken):.0f} ms", file=sys.stderr)
    return {
        "view": asked.name,
        "first ms": round(first, 1),
        "then ms": round(statistics.median(taken), 1),
        "kB": round(len(answer.content) / 1000, 1),
        "kB sent": round(int(answer.headers["content-length"]) / 1000, 1),
        "reads whole": scans,
    }


def _walked(folder: Path, asked: list[Asked]) -> float:
    """Return how much memory (MB, resident) a server has that has answered everything three times."""
    with served(folder) as (client, pid):
        for one in asked * 3:
            client.get(one.path)
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1000


def _worked(pid: int) -> float:
    """Return the milliseconds that the processor has worked for a process, its threads that still live."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


def _settle(pid: int) -> None:
    """Wait until a process does nothing: rules are checked in the background after the start."""
    while True:
        before = _worked(pid)
        time.sleep(0.3)
        if abs(_worked(pid) - before) < 5:
            return


@contextmanager
def served(folder: Path) -> Iterator[tuple[httpx.Client, int]]:
    """Serve the page in a process of its own, on loopback, as `monitor web` does; yield a client and its number."""
    command = [sys.executable, "-m", "tests.bench.page_server", str(folder), str(NOW)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=READY, headers=BROWSER) as client:
            client.get("/static/none")  # answered once it is ready
            _settle(server.pid)
            yield client, server.pid
        server.terminate()
        server.wait(10)
