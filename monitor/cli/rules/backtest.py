"""`monitor rules backtest`: stored articles through changed rules and through the live ones."""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli import console, filters
from monitor.cli.rules.meant import configuration, is_file
from monitor.errors import ConfigError, Problem, UsageError

if TYPE_CHECKING:
    from monitor.backtest import Outcome, Piece, Plan
    from monitor.config import Config
    from monitor.match.compiler import RuleDocument
    from monitor.model import Source

SINCE = "30d"  # of the database, where nothing is said
FEW, SMALL = 5_000, 2**20  # articles, and bytes of files, up to which one process is as quick as several

What = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE|ID]...", help="Rules files with changed or new rules, or ids of live rules."),
]
AgainstOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--against", metavar="FILE", help="Compare with the rules of this file, not with live ones. May be repeated."
    ),
]
FileOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--file",
        metavar="ITEMS",
        help="Articles of a file, not the stored ones: JSON lines or a feed (.gz, .xz), or a folder of them. "
        "May be repeated.",
    ),
]


def backtest(
    what: What = None,
    config: console.ConfigOption = None,
    against: AgainstOption = None,
    since: Annotated[str, typer.Option("--since", help=f"As for hits; {SINCE} by default, with --file all.")] = "",
    until: filters.UntilOption = "",
    file: FileOption = None,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, help="Only the newest so many.")] = None,
    samples: Annotated[int, typer.Option("--samples", min=0, max=5, help="Shown of each kind for each rule.")] = 3,
    why: Annotated[bool, typer.Option("--why", help="Explain of each lost sample which condition fails now.")] = False,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; one a processor core.")] = None,
    max_lost: Annotated[int | None, typer.Option("--max-lost", min=0, help="Exit 1 if more hits are lost.")] = None,
    max_gained: Annotated[int | None, typer.Option("--max-gained", min=0, help="Exit 1 if more are gained.")] = None,
    fail_on_lost: Annotated[bool, typer.Option("--fail-on-lost", help="The same as --max-lost 0.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object.")] = False,
) -> None:
    """Run stored articles through changed rules and the live ones: what is gained, what is lost.

    The rules of FILE are compared with the live rules of the same ids (or with those of --against); what is new there
    gains all that it hits. A FILE of the configuration itself, an ID, or nothing at all compares the rules as they
    stand in the files now with the hits that were recorded while the daemon ran. Nothing is changed.
    """
    from monitor.cli.rules import backtest_report as report
    from monitor.comparing import explainer

    started, now = time.monotonic(), time.time()
    if limit and file:
        raise UsageError("--limit chooses among stored articles; with --file use --since and --until")
    question = _question(what or [], config, against or [], stored=not file)
    period = _period(since, until, now, stored=not file)
    plan, pieces, count = _work(question, file or [], period, limit, now)
    used = jobs or _jobs(count, file or [])
    outcome = _run(plan, pieces, used, count) if plan.rules else _nothing()
    said = report.Report(
        outcome=outcome,
        rules=plan.rules,
        against=question.against,
        before=frozenset(question.before_ids),
        unchanged=tuple(question.unchanged),
        jobs=used,
        seconds=time.monotonic() - started,
        limits=report.Limits(lost=0 if fail_on_lost else max_lost, gained=max_gained),
        why=explainer(plan) if why else None,
    )
    console.print_json(report.as_data(said, samples)) if as_json else report.show(said, samples)
    if said.limits.exceeded(outcome.tally):
        raise typer.Exit(console.WRONG)


# --- what is asked ---------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Question:
    """Which rules are compared with what."""

    loaded: "Config | None"
    before: "tuple[RuleDocument, ...]" = ()
    after: "tuple[RuleDocument, ...]" = ()
    rules: tuple[str, ...] = ()
    against: str = ""  # in words
    recorded: bool = False
    before_ids: list[str] = field(default_factory=list)  # the rules that there were before
    unchanged: list[str] = field(default_factory=list)


def _question(what: Sequence[str], config: str | None, against: Sequence[Path], *, stored: bool) -> Question:
    named = [one for one in what if is_file(one)]
    if named and len(named) < len(what):
        raise UsageError("name files or ids of rules, not both")
    loaded = configuration(config, needed=stored or not named)
    if against and not named:
        raise UsageError("--against compares with the rules of a FILE; name that file, too")
    live = [path.resolve() for path in loaded.files] if loaded else []
    own = [one for one in named if Path(one).resolve() in live]
    if named and (against or not own):
        return _of_files(loaded, [Path(one) for one in named], against)
    if loaded is None:
        raise AssertionError("ids are looked for in a configuration")
    if own and len(own) < len(named):
        raise UsageError("name files of the configuration or others, not both")
    return _of_live(loaded, what, own, stored=stored)


def _of_files(loaded: "Config | None", paths: Sequence[Path], against: Sequence[Path]) -> Question:
    """Compare the rules of files with the live ones, or with those of other files."""
    from monitor.comparing import compared

    changed, old = _documents(paths), _documents(against)
    found = compared(loaded.rules.documents if loaded else (), changed, old)
    names = ", ".join(map(str, paths))
    if not found.in_files and not found.rules:
        raise UsageError(f"{names} holds no rules, and no term sets that change a live one")
    return Question(
        loaded=loaded,
        before=found.before,
        after=found.after,
        rules=found.rules,
        against=_said(loaded, against),
        before_ids=list(found.before_ids),
        unchanged=list(found.unchanged),
    )


def _said(loaded: "Config | None", against: Sequence[Path]) -> str:
    if against:
        return f"the rules of {', '.join(map(str, against))}"
    return "the live rules" if loaded else "nothing (there is no configuration here)"


def _documents(paths: Iterable[Path]) -> "list[RuleDocument]":
    from monitor.comparing import document_of
    from monitor.config import shown
    from monitor.config.yaml import load_located

    documents: list[RuleDocument] = []
    for path in paths:
        if not path.is_file():
            raise UsageError(f"there is no file {path}")
        documents.append(document_of(load_located(path, file=shown(path))))
    return documents


def _of_live(loaded: "Config", ids: Sequence[str], files: Sequence[str], *, stored: bool) -> Question:
    """Compare rules as they stand in the configuration with what was recorded: of files, of these ids, or all."""
    from monitor.config import shown
    from monitor.config.suggest import hint

    known = {rule.id: rule for rule in loaded.rules.rules}
    if files:
        _complain_of(
            [one for one in loaded.problems if not one.warning and one.file in {shown(Path(f)) for f in files}]
        )
        names = {Path(one).resolve() for one in files}
        rules = tuple(id for id, rule in known.items() if Path(rule.file).resolve() in names)
    else:
        for id in ids:
            if id not in known:
                _complain_of([one for one in loaded.problems if one.rule_id == id and not one.warning])
                raise UsageError(f"no live rule is called {id!r}; {hint(id, known, what='rules')}")
        rules = tuple(dict.fromkeys(ids)) or tuple(known)
    if not rules:
        raise UsageError("there are no live rules there")
    return Question(
        loaded=loaded,
        after=tuple(loaded.rules.documents),
        rules=rules,
        against="the recorded hits" if stored else "nothing (the articles of a file have no recorded hits)",
        recorded=stored,
        before_ids=list(rules) if stored else [],
    )


def _complain_of(problems: Sequence[Problem]) -> None:
    if problems:
        raise ConfigError(problems)


# --- what it is tried on ---------------------------------------------------------------------------------------------


def _period(since: str, until: str, now: float, *, stored: bool) -> tuple[float | None, float | None]:
    start = filters.moment(since or (SINCE if stored else ""), now=now)
    end = filters.moment(until, now=now)
    if start is not None and end is not None and start >= end:
        raise UsageError("--since is later than --until")
    return start, end


def _work(
    question: Question, files: Sequence[Path], period: tuple[float | None, float | None], limit: int | None, now: float
) -> "tuple[Plan, Iterable[Piece], int | None]":
    """Return what is compared, the pieces of work, and how many articles they hold where that is known."""
    from monitor import archive
    from monitor.backtest import Plan, plain

    configured = {source.id: source for source in question.loaded.sources} if question.loaded else {}
    plan = Plan(
        before=() if question.recorded else plain(question.before),
        after=plain(question.after),
        rules=question.rules,
        recorded=question.recorded,
        sources=configured,
        since=period[0],
        until=period[1],
    )
    if files:
        return plan, archive.batches(archive.files(files), sources=list(configured.values()), now=now), None
    if question.loaded is None:
        raise AssertionError("the database is the configuration's")
    with console.open_store(question.loaded) as store:
        sources: dict[str, Source] = {source.id: source for source in store.sources.all(removed=True)}
        pieces, count = store.scan.plan(since=period[0], until=period[1], limit=limit)
        return replace(plan, database=store.path, sources={**sources, **configured}), pieces, count


def _jobs(count: int | None, files: Iterable[Path]) -> int:
    """Return how many processes are worth their start."""
    from monitor import archive

    small = sum(path.stat().st_size for path in archive.files(files)) <= SMALL if count is None else count <= FEW
    if small:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _nothing() -> "Outcome":
    from monitor.backtest import Outcome

    return Outcome()


def _run(plan: "Plan", pieces: "Iterable[Piece]", jobs: int, count: int | None) -> "Outcome":
    from monitor.backtest import run
    from monitor.cli.db import steps

    with steps("trying rules") as step:
        return run(plan, pieces, jobs=jobs, progress=lambda done: step(done, count or 0) if step else None)
