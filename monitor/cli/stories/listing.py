"""`monitor stories list`: the stories that grew last, the most severe first."""

import time
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from monitor.cli import console, filters, known
from monitor.errors import UsageError
from monitor.model import Novelty, Severity

if TYPE_CHECKING:
    from monitor.store import Listed

State = Literal["open", "closed", "history"]
STATES = ("open", "closed", "history")


def show(
    config: console.ConfigOption = None,
    since: filters.SinceOption = "",
    rule: filters.RuleOption = "",
    watch: Annotated[str, typer.Option("--watch", help="Name of a watch.")] = "",
    severity: Annotated[str, typer.Option("--severity", help="Lowest severity: info ... critical.")] = "",
    state: Annotated[
        str, typer.Option("--state", help="open (articles may still join), closed, or history (nothing of it is news).")
    ] = "",
    limit: filters.LimitOption = 50,
    as_json: console.JsonOption = False,
) -> None:
    """List the stories that grew last, the most severe first; --since bounds when they grew."""
    from monitor.story.grouping import WINDOW

    now = time.time()
    loaded = console.load_config(config)
    chosen: dict[str, Any] = {
        "since": filters.moment(since, now=now),
        "rule": rule,
        "watch": watch,
        "severity": severity_of(severity),
        "state": state_of(state),
    }
    with console.open_store(loaded) as store:
        known.must_exist(loaded, store, rule=rule, watch=watch)
        found = store.stories.search(**chosen, open_since=now - WINDOW, limit=limit)
    found.sort(key=lambda one: (-one.severity.rank, -one.updated_at, one.id))
    rows = [row_of(one, now) for one in found]
    console.show(
        rows, as_json=as_json, as_csv=False, table=_table(found, now, loaded.settings.timezone), empty="no stories"
    )


def severity_of(text: str) -> Severity | None:
    """Read --severity."""
    try:
        return Severity(text) if text else None
    except ValueError:
        raise UsageError(f"--severity is one of {', '.join(Severity)}") from None


def state_of(text: str) -> str:
    """Read --state."""
    if text and text not in STATES:
        raise UsageError(f"--state is one of {', '.join(STATES)}")
    return text


def state(one: "Listed", now: float) -> State:
    """Say how a story is: nothing of it is news, articles may still join it, or not any more."""
    from monitor.story.grouping import WINDOW

    if one.novelty is Novelty.HISTORY:
        return "history"
    return "open" if one.updated_at >= now - WINDOW else "closed"


def row_of(one: "Listed", now: float) -> dict[str, Any]:
    """Return a story as JSON lists it."""
    return {
        "story": one.id,
        "severity": one.severity.value,
        "state": state(one, now),
        "headline": one.title,
        "article": one.article_id,
        "articles": one.articles,
        "sources": one.sources,
        "first_seen": one.first_seen,
        "updated": one.updated_at,
        "merged_into": one.merged_into or None,
    }


def _table(found: "list[Listed]", now: float, zone: str) -> Any:
    """Make a table; on few columns headlines have a line of their own."""
    rows = [
        (
            [
                one.severity,
                one.articles,
                one.sources,
                console.when(one.first_seen, zone),
                console.when(one.updated_at, zone),
                state(one, now),
                one.id,
            ],
            one.title or "(without a title)",
        )
        for one in found
    ]
    head = ("severity", ">articles", ">sources", "first seen", "grew", "state", "story")
    if console.is_narrow(120):  # there is no room for two times
        return console.stack((*head[:4], *head[5:]), [((*cells[:4], *cells[5:]), line) for cells, line in rows])
    table = console.make_table(*head, "~headline")
    for cells, headline in rows:
        console.add_row(table, *cells, headline)
    return table
