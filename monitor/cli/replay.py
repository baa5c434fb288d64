"""`monitor replay`: an archive of items through rules, stories and policies, under the items' own clock."""

import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.items import Archive, Wrong
    from monitor.replay import Figures, Replay, Told
    from monitor.store import Store

MARK = "replay"  # key of table meta, of a database that a replay made and may make anew
DAY = 86400.0
DAYS = 62  # rows of the table of days, at most; beyond that months are shown
SHOWN = 10  # lines that are no items which are named, at most


def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines, one item a line; may end in .gz or .xz.")],
    config: console.ConfigOption = None,
    database: Annotated[
        Path | None,
        typer.Option(
            "--db", metavar="DB", help="Keep the database here, to look at it. An earlier replay's is replaced."
        ),
    ] = None,
    alerts: Annotated[
        Path | None, typer.Option("--alerts", metavar="OUT", help="Write one line of JSON for each alert and update.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object.")] = False,
) -> None:
    """Play an archive of items through rules, stories and alert policies, as if it had been polled.

    An item has `id, date, title, text, url, source, lang`, each of which may be missing.
    The clock is that of the items; nothing is fetched and nothing is sent.
    Ends with 1 where a line is no item.
    """
    from monitor.replay import Replay

    for path in (database, alerts):
        if path and path.resolve() == file.resolve():
            raise UsageError(f"{path} is the archive itself; name another file")
    loaded, begun = console.load_config(config), time.monotonic()
    archive = _looked_through(file)
    with _store(database, loaded) as store, _output(alerts) as output:
        played = Replay(archive, config=loaded, store=store)
        figures = _play(played, output)
    _warn(loaded, archive, played.failed)
    if as_json:
        console.print_json(as_data(figures, archive, loaded, len(played.failed)))
    else:
        _show(figures, archive, loaded, time.monotonic() - begun)
        _name_files(database, alerts)
    raise typer.Exit(console.WRONG if archive.wrong or played.failed or not archive.dated else console.FINE)


def _looked_through(file: Path) -> "Archive":
    from monitor.cli.db import steps
    from monitor.items import Archive

    with steps("reading") as step:
        return Archive.look(file, latest=time.time() + DAY, progress=lambda lines: step(lines, 0) if step else None)


def _play(played: "Replay", output: IO[str] | None) -> "Figures":
    from monitor.cli.db import steps

    def tell(told: "Told") -> None:
        if output:
            output.write(json.dumps(line_of(told), ensure_ascii=False) + "\n")

    with steps("replaying") as step:
        return played.run(progress=step or (lambda _done, _all: None), tell=tell)


def line_of(told: "Told") -> dict[str, Any]:
    """Return what stands in the file of alerts about one of them."""
    alert = told.alert
    return {
        "time": datetime.fromtimestamp(alert.at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "kind": alert.kind,
        "rule": told.rules[0] if told.rules else "",
        "rules": list(told.rules),
        "severity": alert.severity.value,
        "headline": told.headline,
        "sources": list(told.sources),
        "reason": told.reason,
        "words": list(told.words),
        "channels": list(told.channels),
        "id": alert.id,
        "story": alert.story_id,
        "article": alert.data.get("article_id", ""),
        "link": alert.data.get("link", ""),
    }


# --- files -----------------------------------------------------------------------------------------------------------


@contextmanager
def _store(path: Path | None, loaded: "Config") -> "Iterator[Store]":
    """Give an empty database: one that is kept, or one that is gone afterwards."""
    from monitor.store import Store
    from monitor.store.claim import Claim

    if path is None:
        with (
            tempfile.TemporaryDirectory(prefix="monitor-replay-") as folder,
            Store.open(Path(folder) / "monitor.db") as store,
        ):
            yield store
        return
    _refuse(path, loaded)
    claim = Claim.take(path)
    try:
        for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            name.unlink(missing_ok=True)
        with Store.open(path) as store:
            store.meta.set(MARK, "made by `monitor replay`, which replaces it")
            yield store
    finally:
        claim.release()


def _refuse(path: Path, loaded: "Config") -> None:
    """Let no replay touch what a monitor works on or has collected."""
    from monitor.store import Store
    from monitor.store.claim import holder

    if path.resolve() == loaded.database(os.environ).resolve():
        raise UsageError(f"{path} is the database of this configuration; give the replay a file of its own")
    if not path.exists():
        return
    if (pid := holder(path)) is not None:
        raise UsageError(f"a monitor (process {pid}) works on {path}; give the replay a file of its own")
    with Store.open(path, read_only=True) as store:
        marked, worked, held = store.meta.get(MARK), store.meta.get("last_tick"), store.articles.count()
    if worked or (held and not marked):
        raise UsageError(f"{path} holds what no replay brought ({held} articles); give another file, or delete it")


@contextmanager
def _output(path: Path | None) -> Iterator[IO[str] | None]:
    if path is None:
        yield None
        return
    try:
        output = path.open("w", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    with output:
        yield output


# --- what is printed -------------------------------------------------------------------------------------------------


def _warn(loaded: "Config", archive: "Archive", failed: "list[Wrong]") -> None:
    for problem in loaded.problems:
        if not problem.warning:
            console.warn(f"a rule is not live: {problem}", style="yellow")
    wrong = sorted([*archive.wrong, *failed], key=lambda one: one.line)
    for one in wrong[:SHOWN]:
        console.warn(f"{archive.path}:{one.line}: {one.why}", style="red")
    if len(wrong) > SHOWN:
        console.warn(f"{archive.path}: {len(wrong)} lines in all are no items", style="red")
    if not archive.dated:
        console.warn(f"{archive.path} holds no items with dates: there is nothing to replay", style="red")


def as_data(figures: "Figures", archive: "Archive", loaded: "Config", failed: int) -> dict[str, Any]:
    """Return the figures as plain data; rules that never hit are among them."""
    from monitor.replay import COUNTED

    rules = [*(rule.id for rule in loaded.rules.rules), *(trend.id for trend in loaded.rules.trends)]
    of_rules = [what for what in COUNTED if what != "articles"]
    return {
        **{what: figures.total[what] for what in COUNTED},
        "by_rule": {
            rule: {what: figures.by_rule.get(rule, Counter())[what] for what in of_rules}
            for rule in dict.fromkeys([*rules, *figures.by_rule])
        },
        "by_day": {day: {what: counted[what] for what in COUNTED} for day, counted in sorted(figures.by_day.items())},
        "trends": figures.total["trends"],
        "repeated": figures.total["repeated"],
        "undated": archive.undated,
        "wrong": len(archive.wrong) + failed,
        "dropped": dict(sorted(figures.dropped.items())),
        "first": archive.first,
        "last": archive.last,
    }


def _show(figures: "Figures", archive: "Archive", loaded: "Config", seconds: float) -> None:
    data = as_data(figures, archive, loaded, 0)
    by_day, by_rule = data["by_day"], data["by_rule"]
    quiet = [rule for rule, counted in by_rule.items() if not any(counted.values())]
    busy = {rule: counted for rule, counted in by_rule.items() if rule not in quiet}
    if len(by_day) > DAYS:
        _table("month (UTC)", _by_month(by_day), total=data)
    else:
        _table("day (UTC)", by_day, total=data)
    _table("rule", dict(sorted(busy.items(), key=lambda pair: (-pair[1]["hits"], pair[0]))))
    if quiet and archive.dated:
        console.say(f"Never hit: {', '.join(quiet)}\n")
    console.say("\n".join(_sentences(figures, archive, seconds)))


def _by_month(by_day: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    months: dict[str, Counter[str]] = {}
    for day, counted in by_day.items():
        months.setdefault(day[:7], Counter()).update(counted)
    return {month: dict(counted) for month, counted in months.items()}


def _table(name: str, rows: dict[str, dict[str, int]], total: dict[str, Any] | None = None) -> None:
    columns = list(next(iter(rows.values()), {}))
    if not columns:
        return
    table = console.make_table(name, *(f">{column}" for column in columns))
    for label, counted in rows.items():
        console.add_row(table, label, *(f"{counted[column]:,}" for column in columns))
    if total:
        console.add_row(table, "in all", *(f"{total[column]:,}" for column in columns), style="bold")
    console.out().print(table)
    console.say()


def _sentences(figures: "Figures", archive: "Archive", seconds: float) -> Iterator[str]:
    total = figures.total
    span = f" from {console.when(archive.first)} to {console.when(archive.last)} UTC" if archive.dated else ""
    counted = ", ".join(_many(total[what], what) for what in ("hits", "stories", "alerts", "updates"))
    yield f"{_many(total['articles'], 'articles')}{span}: {counted}; {seconds:.1f} s"
    if total["trends"]:
        yield f"Of trends: {_many(total['trends'], 'alerts')}."
    if figures.dropped:
        listed = ", ".join(f"{policy} {number:,}" for policy, number in sorted(figures.dropped.items()))
        yield f"Not told, by policy: {listed}."
    if total["repeated"]:
        yield f"Known already by id or URL (repeated, edited, in another source): {_many(total['repeated'], 'items')}."
    if archive.undated:
        yield f"Left out, without a date, or with one before 1990 or in the future: {_many(archive.undated, 'items')}."


def _many(number: int, what: str) -> str:
    """Return a number with its noun, which is given in the plural."""
    single = {"stories": "story"}.get(what, what.removesuffix("s"))
    return f"{number:,} {single if number == 1 else what}"


def _name_files(database: Path | None, alerts: Path | None) -> None:
    if database:
        console.say(
            f"The database is {database}; with it as `database:` in a copy of the configuration, `monitor hits`"
        )
        console.say("and the other commands show it.")
    if alerts:
        console.say(f"The alerts are in {alerts}.")
