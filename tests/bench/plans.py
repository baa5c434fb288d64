"""Which tables the questions of a view read whole, by SQLite's own plans; each such one has its reason here."""

import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import httpx

from monitor.config import load
from monitor.store import Store
from monitor.web.app import create_app
from monitor.web.serve import bound, server_of
from tests.bench.crowded import NOW

# What may be read whole, and why that stays small. Everything else must go by an index.
BOUNDED: Final[Mapping[str, str]] = {
    "people": "accounts",
    "views": "200 at most",
}
_STEP = re.compile(r"(SCAN|SEARCH) (\w+)(?: USING (.*))?")
_ALIAS = r"(\w+) AS {}\b"


def scans(folder: Path, store: Store, paths: list[str]) -> dict[str, str]:
    """Return of each address the tables that its questions read whole; AssertionError for one that has no reason."""
    asked: dict[str, str] = {}
    unbounded: list[str] = []
    for path, statements in statements_of(folder, paths).items():
        found = {table: sql for sql in statements for table in read_whole(store, sql)}
        asked[path] = ", ".join(sorted(found))
        unbounded += [f"{path} reads {table} whole: {sql}" for table, sql in found.items() if table not in BOUNDED]
    for line in unbounded:
        print(line[:2000])
    return asked


def statements_of(folder: Path, paths: list[str]) -> dict[str, list[str]]:
    """Ask a server each address and return the statements that it runs for each, with their values in place."""
    asked: dict[str, list[str]] = {}
    running: list[str] = []
    with Store.open(folder / "m.db") as store:
        door = bound("127.0.0.1:0")
        app = create_app(load(folder), store, environ={}, port=door.getsockname()[1], clock=lambda: NOW)
        pool = app.state.site.readers
        take = pool._take

        def traced() -> Any:
            known, lent = take()
            lent._db.conn.set_trace_callback(running.append)
            return known, lent

        pool._take = traced
        server = server_of(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{door.getsockname()[1]}", timeout=60) as client:
            for path in paths:
                running.clear()
                answer = client.get(path)
                assert answer.status_code == 200, answer.text
                asked[path] = list(
                    dict.fromkeys(sql for sql in running if sql.lstrip()[:6].upper() in ("SELECT", "WITH R", "WITH M"))
                )
        server.should_exit = True
        thread.join(10)
        door.close()
    return asked


def read_whole(store: Store, sql: str) -> set[str]:
    """Return the tables, or whole indexes, that a statement walks from one end to the other."""
    found = set()
    for _, _, _, step in store._db.rows(f"EXPLAIN QUERY PLAN {sql}"):
        if step.startswith("SCAN") and "VIRTUAL TABLE" not in step and "CONSTANT ROW" not in step:
            name = step.split()[1]
            alias = re.search(_ALIAS.format(re.escape(name)), sql)
            table = alias[1] if alias else name
            if store._db.value("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)):
                found.add(table + (" (in order)" if "INDEX" in step and "ORDER BY" in sql else ""))
    return found
