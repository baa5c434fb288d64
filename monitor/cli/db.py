"""EDGE: `monitor db`: back the database up, check it, delete what is too old, and say what it holds."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from monitor.cli import console
from monitor.settings import Retention
from monitor.store import DEFECT, Stats, Store, backup, has_wal_reset_defect, sqlite_version

app = typer.Typer(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Back the database up, check it, delete what is too old, count what is there.",
)
Step = Callable[[int, int], None]
DatabaseOption = Annotated[
    Path | None, typer.Option("--database", metavar="FILE", help="Another database than the configured one.")
]


@app.command("backup")
def back_up(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes; an older one is replaced.")],
    database: DatabaseOption = None,
    config: console.ConfigOption = None,
) -> None:
    """Copy the database into one checked file; safe while the monitor runs."""
    source, _ = located(config, database)
    with steps("copying") as step:
        made = backup(source, target, progress=step)
    console.say(f"{made}: {size(made.stat().st_size)}, checked; `docs/database.md` says how to restore it")


@app.command()
def check(
    mend: Annotated[bool, typer.Option("--mend", help="Build the full-text index anew first.")] = False,
    database: DatabaseOption = None,
    config: console.ConfigOption = None,
) -> None:
    """Look for damage; exit code 1 where there is any."""
    path, _ = located(config, database)
    with Store.open(path, create=False) as store, steps("checking") as step:
        if mend:
            store.upkeep.mend_index()
        found = store.upkeep.check(progress=step)
    for line in found:
        console.say(line)
    if found:
        problems = "1 problem" if len(found) == 1 else f"{len(found)} problems"
        console.say(f"{path}: {problems}; docs/database.md says how to restore a backup")
        raise typer.Exit(console.WRONG)
    console.say(f"{path}: sound")


@app.command()
def prune(
    shrink: Annotated[
        bool,
        typer.Option("--shrink", help="Then make the file smaller; needs as much free space again and takes long."),
    ] = False,
    database: DatabaseOption = None,
    config: console.ConfigOption = None,
) -> None:
    """Delete what is older than `retention` says; hits and their articles stay unless `retention.hits` is set.

    With --database the retention is the default one: articles and deliveries 90 days, ids 180 days.
    """
    path, retention = located(config, database)
    with Store.open(path, create=False) as store, steps("deleting") as step:
        pruned = store.upkeep.prune(retention, time.time(), progress=step)
        if shrink:
            store.upkeep.shrink()
    deleted = ", ".join(f"{number} {table}" for table, number in pruned.rows.items() if number)
    console.say(f"{path}: {deleted or 'nothing was too old'}{' deleted' if deleted else ''}")


@app.command()
def stats(
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    database: DatabaseOption = None,
    config: console.ConfigOption = None,
) -> None:
    """Say how much there is of what."""
    path, _ = located(config, database)
    with Store.open(path, read_only=True) as store:
        found = store.upkeep.stats()
    if json:
        console.print_json(asdict(found))
        return
    console.out().print(table_of(found))
    warn_of_defect()


def located(config: str | None, database: Path | None) -> tuple[Path, Retention]:
    """Return the database to work on and how long what is kept: a file as given, or as configured."""
    if database:
        return database, Retention()
    found = console.load_config(config)
    return found.database(os.environ), found.settings.retention


@contextmanager
def steps(what: str) -> Iterator[Step | None]:
    """Show a progress bar on a terminal, and nothing elsewhere."""
    screen = console.err()
    if not screen.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}"), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of or None)


def warn_of_defect() -> None:
    """Say so when this SQLite can corrupt a database that two programs use at once."""
    if has_wal_reset_defect():
        console.warn("warning: " + DEFECT % sqlite_version(), style="yellow")


def table_of(found: Stats) -> Table:
    """Lay the figures out for a person."""
    table = console.make_table("", ">", title=found.path)
    table.show_header = False
    table.add_row("size", size(found.bytes + found.wal_bytes))
    table.add_row("free inside", size(found.free_bytes))
    for name, number in found.rows.items():
        table.add_row(name.replace("_", " "), f"{number:,}")
    table.add_row("first article (UTC)", console.when(found.first_seen) or "-")
    table.add_row("last article (UTC)", console.when(found.last_seen) or "-")
    table.add_row("SQLite", found.sqlite)
    return table


def size(number: float) -> str:
    """Return a number of bytes as a person reads it."""
    for unit in ("bytes", "KiB", "MiB"):
        if number < 1024:
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1024
    return f"{number:.1f} GiB"
