"""`monitor sources`: what is polled and how it is doing; add, import, export, poll."""

import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console
from monitor.errors import UsageError
from monitor.wording import counted

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.model import Source, SourceState
    from monitor.settings import SourceEntry

app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="List sources and how they are doing; add, import, export, poll.",
)


# --- list ------------------------------------------------------------------------------------------------------------


@app.callback()
def sources(
    context: typer.Context,
    config: console.ConfigOption = None,
    failing: Annotated[bool, typer.Option("--failing", help="Only those that do not answer with a feed.")] = False,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Only those with this tag; may be repeated.")] = None,
    as_json: console.JsonOption = False,
    as_csv: console.CsvOption = False,
) -> None:
    """List sources and how they are doing; add, import, export, poll.

    Without a command: every source with its state, the reason, the last success and the next poll.
    """
    console.chosen.config = config or console.chosen.config
    if context.invoked_subcommand is not None:
        return
    loaded = console.load_config()
    states = _states(loaded)
    rows = [_row(source, states.get(source.id)) for source in loaded.sources]
    rows = [row for row in rows if not failing or not row["healthy"]]
    rows = [row for row in rows if not tag or set(tag) & set(row["tags"])]
    console.show(rows, as_json=as_json, as_csv=as_csv, table=_table(rows))
    if not as_json and not as_csv:
        console.say(_summary(rows))


def _states(config: "Config") -> "dict[str, SourceState]":
    """Return what the database knows; nothing where there is none yet."""
    if not config.database(os.environ).exists():
        return {}
    store = console.open_store(config)
    try:
        return store.sources.states()
    finally:
        store.close()


def _row(source: "Source", state: "SourceState | None") -> dict[str, Any]:
    gone = state is not None and state.state.value == "gone"
    return {
        "id": source.id,
        "title": source.name,
        "state": state.state.value if state else "new",
        "healthy": state.state.healthy if state and source.enabled else True,
        "reason": state.reason if state else "",
        "last_success": state.last_success if state else None,
        "last_new": state.last_new if state else None,
        "next_due": state.next_due if state and source.enabled and not gone else None,
        "interval": None if gone else (source.interval or (state.interval if state else None) or None),
        "failures": state.failures if state else 0.0,
        "reliability": source.reliability,
        "tags": sorted(source.tags),
        "enabled": source.enabled,
        "url": (state.url if state else "") or source.url,
    }


def _table(rows: Iterable[dict[str, Any]]) -> Any:
    table = console.make_table("source", "state", "last success", "next poll", ">every", "~reason")
    now = time.time()
    for row in rows:
        style = "dim" if not row["enabled"] else "" if row["healthy"] else "red"
        console.add_row(
            table,
            row["id"],
            row["state"] if row["enabled"] else "disabled",
            console.since(row["last_success"], now),
            "never" if row["state"] == "gone" else _next(row["next_due"], now),
            console.duration(row["interval"]),
            row["reason"] if not row["healthy"] else "",
            style=style,
        )
    return table


def _next(due: float | None, now: float) -> str:
    if due is None:
        return ""
    return "due" if due <= now else console.since(due, now)


def _summary(rows: Sequence[dict[str, Any]]) -> str:
    """Count sources: each is polled by now, still to be polled, or disabled."""
    waiting = sum(row["enabled"] and row["state"] == "new" for row in rows)
    disabled = sum(not row["enabled"] for row in rows)
    polled, failing = len(rows) - waiting - disabled, sum(not row["healthy"] for row in rows)
    parts = [counted(len(rows), "source"), f"{polled} polled"]
    parts += [f"{waiting} not polled yet"] if waiting else []
    parts += [f"{disabled} disabled"] if disabled else []
    line = ", ".join([*parts, f"{failing} failing"])
    return line if polled or not waiting else f"{line}; `monitor once` or `monitor run` begins"


# --- change ----------------------------------------------------------------------------------------------------------


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed, or a page that has one.")],
    config: console.ConfigOption = None,
    id: Annotated[str | None, typer.Option("--id", help="Stable name; made from the title by default.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Title; the feed's own where none is given.")] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="A tag; may be repeated.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be added, and change nothing.")] = False,
) -> None:
    """Find the feed of a page and add it to sources.yaml; comments and order stay as they are."""
    from monitor import adding
    from monitor.finding import find

    loaded = console.load_config(config)
    if id is not None:
        adding.check_id(id)
    found, others = find(url if "://" in url else f"https://{url}", settings=loaded.settings)
    entry = adding.entry_for(found.url, title=title or found.title, language=found.language, tags=tag or ())
    fresh, _ = adding.fresh([entry], loaded, id=id)
    if not fresh:
        raise UsageError(f"{found.url} is in sources.yaml already")
    console.warn(f"{found.url}: {found.format or 'feed'}, {found.entries} entries")
    for other in others:
        console.warn(f"the page has another feed: {console.one_line(other)}")
    _append(loaded, fresh, dry_run=dry_run)


@app.command("import")
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An OPML file; - reads standard input.")],
    config: console.ConfigOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be added, and change nothing.")] = False,
) -> None:
    """Add the feeds of an OPML file to sources.yaml; those that are there already are left out."""
    from monitor import adding
    from monitor.config import opml

    loaded = console.load_config(config)
    outlines = opml.read(_bytes_of(file, opml.BYTES))
    fresh, known = adding.fresh(outlines.entries, loaded)
    for reason in outlines.skipped:
        console.warn(f"left out: {console.one_line(reason)}", style="yellow")
    if fresh:
        _append(loaded, fresh, dry_run=dry_run)
    verb = "would be added" if dry_run else "added"
    console.warn(f"{len(fresh)} {verb}, {known} known already, {len(outlines.skipped)} left out")


def _bytes_of(file: str, limit: int) -> bytes:
    """Read a file or standard input, no more than can be used."""
    if file == "-":
        return sys.stdin.buffer.read(limit + 1)
    try:
        with Path(file).open("rb") as stream:
            return stream.read(limit + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None


def _append(config: "Config", entries: "Sequence[SourceEntry]", *, dry_run: bool) -> None:
    from monitor.config import SOURCES, edit, shown

    path = config.folder / SOURCES
    if not dry_run:
        try:
            edit.add_sources(path, entries, file=shown(path))
        except OSError as error:
            raise UsageError(f"{shown(path)} cannot be written: {error.strerror}") from None
    for text in edit.written(entries, indent="  "):
        console.say(text.strip("\n"))


# --- export, poll ----------------------------------------------------------------------------------------------------


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Where to; standard output if not given.")] = None,
    config: console.ConfigOption = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write the sources as OPML 2.0, for feed readers."""
    from monitor.config import opml

    text = opml.write(console.load_config(config).sources, title="monitor: sources")
    if file is None:
        sys.stdout.write(text)
        return
    try:
        with file.open("w" if force else "x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError(f"{file} exists; --force overwrites it") from None
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from None


def _pollable(config: "Config") -> list[str]:
    """Return the sources that are polled by themselves."""
    gone = {id for id, state in _states(config).items() if state.state.value == "gone"}
    return [source.id for source in config.sources if source.enabled and source.id not in gone]


@app.command()
def poll(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="Which sources.")] = None,
    config: console.ConfigOption = None,
    everything: Annotated[bool, typer.Option("--all", help="All that are enabled and not gone.")] = False,
) -> None:
    """Make sources due now, also those that were given up as gone; the running daemon polls them at its next tick."""
    from monitor.config.suggest import hint

    loaded = console.load_config(config)
    known = {source.id: source for source in loaded.sources}
    if everything == bool(ids):
        raise UsageError("say which sources, or --all; `monitor sources` lists them")
    ids = ids or _pollable(loaded)
    for id in ids:
        if id not in known:
            raise UsageError(f"there is no source {id!r}; {hint(id, known, what='sources')}")
        if not known[id].enabled:
            raise UsageError(f"the source {id!r} is disabled; write 'enabled: true' in sources.yaml")
    store = console.open_store(loaded, read_only=False)
    try:
        store.sources.sync(list(loaded.sources), time.time())
        count = store.sources.poll_now(ids)
    finally:
        store.close()
    console.say(f"{count} due now: the daemon polls at its next tick, `monitor once` at once")
