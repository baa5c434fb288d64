"""The list of `monitor rules`: the rules that are live, and how often they hit."""

import time
from typing import Any

from monitor.cli import console
from monitor.cli.rules.trends import listed, show_list

PERIODS = (("24 h", 86400.0), ("7 d", 7 * 86400.0), ("30 d", 30 * 86400.0))
WIDE = 140  # columns that all of a rule needs; with fewer, watch and file are left out


def list_rules(*, as_json: bool, as_csv: bool) -> None:
    """List rules and how often they hit; rules that are not live come with the reason."""
    loaded = console.load_config()
    now = time.time()
    counts, failing = _counts(loaded, now), _failing(loaded)
    rows = [{**_row(rule, counts), "problem": failing.get(rule.id, "")} for rule in loaded.rules.rules]
    trends = listed(loaded, rows)
    console.show(rows + trends, as_json=as_json, as_csv=as_csv, table=_table(rows) if rows or not trends else None)
    if trends and not (as_json or as_csv):
        show_list(trends, loaded.settings.timezone)
    for problem in loaded.problems:
        if not problem.warning and not problem.follows:
            console.print_problem(problem)
    for rule_id, why in failing.items():
        console.warn(console.clean(f"rule {rule_id}: {why}"), style="yellow")


def _table(rows: list[dict[str, Any]]) -> Any:
    """Make a table; on few columns without watch and file, and names are folded."""
    narrow, counts = console.is_narrow(WIDE), tuple(name for name, _ in PERIODS)
    middle, last = ((), ()) if narrow else (("watch",), ("file",))
    table = console.make_table("rule", "severity", *middle, *(f">{name}" for name in counts), "~name", *last)
    for row in rows:
        place = f"{row['file']}:{row['line']}"
        cells = [row[name] for name in ("id", "severity", *middle, *counts, "name")]
        console.add_row(table, *cells, *(place for _ in last), style="yellow" if row["problem"] else "")
    return console.keep(table, "rule", "severity", *counts)


def _failing(loaded: Any) -> dict[str, str]:
    """Return the rules whose examples failed when the monitor read them last, and what became of them."""
    import os

    if not loaded.database(os.environ).exists():
        return {}
    with console.open_store(loaded) as store:
        return {one.key: one.message for one in store.problems.current("examples")}


def _counts(loaded: Any, now: float) -> dict[str, dict[str, int]]:
    import os

    if not loaded.database(os.environ).exists():
        return {name: {} for name, _ in PERIODS}
    with console.open_store(loaded) as store:
        return {name: store.hits.per_rule(now - seconds) for name, seconds in PERIODS}


def _row(rule: Any, counts: dict[str, dict[str, int]]) -> dict[str, Any]:
    return {
        "id": rule.id,
        "kind": "rule",
        "name": rule.name,
        "severity": rule.severity.value,
        "watch": rule.watch,
        **{name: counts[name].get(rule.id, 0) for name, _ in PERIODS},
        "last_fired": None,
        "file": rule.file,
        "line": rule.line,
    }
