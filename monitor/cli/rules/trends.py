"""`monitor rules trends`: what each trend says now, and why it fires or does not."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.trending import Seen

STYLES = {"holds": "bold red", "learning": "yellow"}
WIDE = 120  # columns that the list needs for the file, too


def trends(
    trend: Annotated[str, typer.Argument(help="Only this one.", metavar="ID")] = "",
    config: console.ConfigOption = None,
    as_json: console.JsonOption = False,
) -> None:
    """Show what each trend says now: number, threshold, what is usual, when it fired last, and why not now."""
    loaded = console.load_config(config)
    now = time.time()
    if trend and trend not in {one.id for one in loaded.rules.trends}:
        raise UsageError(_unknown(trend, loaded))
    seen = [one for one in _seen(loaded, now) if trend in ("", one[0].id)]
    if as_json:
        console.print_json([_row(*one) for one in seen])
    elif not seen:
        console.say("There are no trends; docs/rules.md tells how to write one.")
    else:
        _print(seen, loaded.settings.timezone, now)


def _unknown(trend: str, loaded: "Config") -> str:
    from monitor.config.suggest import hint

    return f"there is no trend {trend!r}; {hint(trend, [one.id for one in loaded.rules.trends], what='trends')}"


def _seen(loaded: "Config", now: float) -> "list[Seen]":
    from monitor.trending import Trending

    with console.open_store(loaded) as store:
        return Trending(config=loaded, store=store, enqueue=_never, note=_never).seen(now)


def _never(*_: Any) -> None:
    raise AssertionError("looking tells nothing")


def _row(trend: Any, state: Any, finding: Any) -> dict[str, Any]:
    return {
        "id": trend.id,
        "name": trend.name,
        "kind": trend.kind.name,
        "severity": trend.severity.value,
        "watch": trend.watch,
        "looks_for": trend.kind.describe(),
        "rules": list(trend.rules),
        "state": finding.verdict.value,
        "reason": finding.reason,
        "number": finding.number,
        "threshold": finding.threshold,
        "baseline": finding.baseline,
        "window": [finding.start, finding.end] if finding.end else None,
        "articles": [article for one in finding.behind for article in one.articles],
        "last_fired": state.fired_at if state else None,
        "fired": state.fired if state else 0,
        "last_reason": state.reason if state else "",
        "last_alert": state.alert_id if state else "",
        "file": trend.file,
        "line": trend.line,
    }


def _print(seen: "list[Seen]", zone: str, now: float) -> None:
    for number, (trend, state, finding) in enumerate(seen):
        if number:
            console.say()
        console.say(f"{trend.id}  {trend.severity.value}  {console.one_line(trend.name)}", style="bold")
        _line("looks for", trend.kind.describe())
        _line("now", f"{finding.verdict.value}: {finding.reason}", style=STYLES.get(finding.verdict.value, ""))
        if state is None or state.fired_at is None:
            _line("fired", "never")
            continue
        times = "" if state.fired == 1 else f", {state.fired} times in all"
        _line("fired", f"{console.when(state.fired_at, zone)}, {console.since(state.fired_at, now)}{times}")
        _line("said", state.reason)


def _line(label: str, text: str, style: str = "") -> None:
    console.say(f"  {label:9}  {console.one_line(text)}", style=style)


# --- in the list of `monitor rules` ----------------------------------------------------------------------------------


def listed(loaded: "Config", rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a row for each trend, with the keys that the rows of the rules have."""
    if not loaded.rules.trends:
        return []
    keys = dict.fromkeys(rows[0] if rows else ())
    fired = _fired(loaded)
    return [
        {
            **keys,
            "id": trend.id,
            "kind": trend.kind.name,
            "name": trend.name,
            "severity": trend.severity.value,
            "watch": trend.watch,
            "last_fired": fired.get(trend.id),
            "file": trend.file,
            "line": trend.line,
        }
        for trend in loaded.rules.trends
    ]


def _fired(loaded: "Config") -> dict[str, float | None]:
    import os

    if not loaded.database(os.environ).exists():
        return {}
    with console.open_store(loaded) as store:
        return {trend_id: state.fired_at for trend_id, state in store.trends.states().items()}


def show_list(trends: list[dict[str, Any]], zone: str) -> None:
    """Print a table of trends; on few columns without the file, and names are folded."""
    last = () if console.is_narrow(WIDE) else ("file",)
    table = console.make_table("trend", "severity", "kind", "last fired", "~name", *last)
    for row in trends:
        fired = console.when(row["last_fired"], zone) or "never"
        place = f"{row['file']}:{row['line']}"
        console.add_row(table, row["id"], row["severity"], row["kind"], fired, row["name"], *(place for _ in last))
    console.keep(table, "trend", "severity", "kind", "last fired")
    console.say()
    console.out().print(table)
