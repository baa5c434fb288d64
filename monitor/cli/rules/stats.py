"""`monitor rules stats`: how often each rule hits, what it costs, and how often it is right."""

import os
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console, filters

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.rulestats import RuleStats

SinceOption = Annotated[str, typer.Option("--since", help="Count hits and time from then on: 12h, 30d, 2026-05-10.")]


def stats(
    config: console.ConfigOption = None,
    since: SinceOption = "30d",
    as_json: console.JsonOption = False,
    as_csv: console.CsvOption = False,
) -> None:
    """Show of every rule its hits, the last one, what it costs, and how often it is right.

    The daemon times each rule on one article in sixteen and keeps the sums of whole days (UTC); `us each` is for an
    article on which the rule was tried. Precision is the share of right ones among all marked hits (`hits mark`).
    """
    loaded = console.load_config(config)
    now = time.time()
    rows = _rows(loaded, filters.moment(since, now=now) or 0.0)
    console.show(rows, as_json=as_json, as_csv=as_csv, table=_table(rows, now))
    if not as_json and not as_csv and not any(row["right"] + row["wrong"] for row in rows):
        console.warn(
            "no hit is marked yet: `monitor hits` shows their numbers, `monitor hits mark NUMBER --right` marks"
        )


def _rows(loaded: "Config", since: float) -> list[dict[str, Any]]:
    """Return one row a rule: those that are live, then those that hit once and are not live any more."""
    from monitor.rulestats import RuleStats, stats_of

    live, none = [rule.id for rule in loaded.rules.rules], RuleStats()
    if not loaded.database(os.environ).exists():
        return [_row(rule, none, live=True) for rule in live]
    with console.open_store(loaded) as store:
        facts = stats_of(store, since)
    gone = sorted({rule for rule, one in facts.items() if one.last is not None} - set(live))
    rows = [_row(rule, facts.get(rule, none), live=True) for rule in live]
    return rows + [_row(rule, facts[rule], live=False) for rule in gone]


def _row(rule: str, facts: "RuleStats", *, live: bool) -> dict[str, Any]:
    return {
        "rule": rule,
        "live": live,
        "hits": facts.hits,
        "last_hit": facts.last,
        "seconds": facts.spent / 1e6,
        "tried": facts.tried,
        "us_each": facts.each,
        "right": facts.right,
        "wrong": facts.wrong,
        "precision": facts.precision,
    }


def _table(rows: list[dict[str, Any]], now: float) -> Any:
    table = console.make_table("~rule", ">hits", "last hit", ">tried", ">time", ">us each", ">precision")
    for row in rows:
        marked = row["right"] + row["wrong"]
        console.add_row(
            table,
            row["rule"] if row["live"] else f"{row['rule']} (not live)",
            row["hits"],
            console.since(row["last_hit"], now),
            row["tried"] or "-",
            _spent(row["seconds"]) if row["tried"] else "-",
            f"{row['us_each']:.0f}" if row["tried"] else "-",
            f"{row['precision']:.2f} of {marked}" if marked else "-",
            style="" if row["live"] else "dim",
        )
    return table


def _spent(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds * 1e3:.0f} ms" if seconds >= 0.01 else "< 10 ms"
