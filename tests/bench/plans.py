"""Which tables the questions of a view read from one end to the other, by SQLite's own plans; each with its reason."""

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx

from monitor.config import load
from monitor.store import Store
from monitor.store.connection import Connection
from monitor.web.app import create_app
from monitor.web.serve import bound, server_of

# What may be read whole, and why that does not grow with what is fetched. Everything else goes by an index.
BOUNDED: Final[Mapping[str, str]] = {
    "people": "accounts of the page",
    "views": "200 at most",
    "sources": "those that are configured",
    "handled": "what people did about stories",
    "assigned": "whom people gave stories to",
    "assigned, in order": "whom people gave stories to",
    "marks": "what people marked as wrong, by an index of those",
    "silences": "what people silence",
    "silences, in order": "the newest 100 of them, or those in force",
    "threads": "what is held back now, by an index of those",
    "problems": "what is wrong, and what was within the retention",
    "deliveries": "counted along an index; what the retention leaves of messages sent",
    "deliveries, in order": "the newest first, until the page is full; what the retention leaves",
    "alerts, in order": "the newest first, until 20 without a delivery are found; what the retention leaves",
    "stories": "along an index that holds all that lists are filtered by, for the counts beside filters",
    "stories, in order": "along such an index, until the list is full",
    "views, in order": "200 at most",
    "sources, in order": "those that are configured",
    "problems, in order": "what is wrong, and what was within the retention",
    "hits, in order": "the newest first, until the page is full",
}
_SELECT = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)


def scans(folder: Path, clock: Callable[[], float], paths: Sequence[str]) -> dict[str, set[str]]:
    """Return of each address the tables that its questions read whole; AssertionError for one without a reason."""
    found: dict[str, set[str]] = {}
    for path, statements in _statements(folder, clock, paths).items():
        with Store.open(folder / "m.db") as store:
            read = {table: sql for sql in statements for table in read_whole(store._db, sql)}
        for table, sql in read.items():
            assert table in BOUNDED, f"{path} reads {table} whole:\n{sql[:2000]}"
        found[path] = set(read)
    return found


def read_whole(db: Connection, sql: str) -> set[str]:
    """Return the tables that a statement walks from one end to the other, be it along an index.

    "hits, in order" is walked in the order that is asked for, so it ends with the last row that is wanted.
    """
    found = set()
    steps = [row[-1] for row in db.rows(f"EXPLAIN QUERY PLAN {sql}")]
    is_ordered = "LIMIT" in sql and "ORDER BY" in sql and not any("TEMP B-TREE FOR ORDER BY" in step for step in steps)
    for step in steps:
        if step.startswith("SCAN ") and "VIRTUAL TABLE" not in step:
            name = step.split()[1]
            alias = re.search(rf"(\w+) AS {re.escape(name)}\b", sql)
            table = alias[1] if alias else name
            if db.value("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)):
                found.add(f"{table}, in order" if is_ordered else table)
    return found


def _statements(folder: Path, clock: Callable[[], float], paths: Sequence[str]) -> dict[str, list[str]]:
    """Ask a server each address and return the statements that it runs for each, with their values in place."""
    asked: dict[str, list[str]] = {}
    with _traced(folder, clock) as (client, running):
        for path in paths:
            running.clear()
            answer = client.get(path)
            assert answer.status_code == 200, answer.text
            asked[path] = list(dict.fromkeys(sql for sql in running if _SELECT.match(sql)))
    return asked


@contextmanager
def _traced(folder: Path, clock: Callable[[], float]) -> Iterator[tuple[httpx.Client, list[str]]]:
    """Serve the page in this process; yield a client, and the list to which every statement of a reader is added."""
    running: list[str] = []
    with Store.open(folder / "m.db") as store, bound("127.0.0.1:0") as door:
        port = door.getsockname()[1]
        app = create_app(load(folder), store, environ={}, port=port, clock=clock)
        readers = app.state.site.readers
        lend = readers.reading

        @contextmanager
        def reading(seconds: float) -> Iterator[Any]:
            with lend(seconds) as lent:
                lent._db.conn.set_trace_callback(running.append)
                yield lent

        readers.reading = reading
        server = server_of(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield client, running
        server.should_exit = True
        thread.join(10)
