"""EDGE: runs a backtest over a database or files, in one process or several; see `monitor.match.backtest`.

Every worker process is started afresh ("spawn": nothing of an open database is inherited), opens the database to
read, and compiles the rules by itself. It is handed ranges of articles, or lines of a file, and returns a tally.
"""

import multiprocessing
import signal
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

from monitor import archive
from monitor.archive import Lines, Read
from monitor.errors import MonitorError
from monitor.match.backtest import Sieve, Tally, Trial, only
from monitor.match.compiler import RuleDocument
from monitor.match.rulebook import RuleBook
from monitor.model import Article, Source
from monitor.store import Range, Store

AHEAD = 3  # pieces of work that wait for each process: it never waits for more, and memory stays small
NAMED = 5  # of what could not be read, so many are named
Piece = Range | Lines | Read
Progress = Callable[[int], None]  # how many articles are done


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is compared on what; it can be sent to another process."""

    before: tuple[tuple[str, object], ...]  # rules files as plain data: name, data; none = nothing, or what is recorded
    after: tuple[tuple[str, object], ...]
    rules: tuple[str, ...]  # ids of the rules that are compared
    recorded: bool = False  # before = the hits in the database
    database: Path | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    since: float | None = None  # of files; a range of the database has its own
    until: float | None = None


@dataclass(slots=True)
class Outcome:
    """What came of a backtest, or of a piece of it."""

    tally: Tally = field(default_factory=Tally)
    unread: int = 0
    named: list[str] = field(default_factory=list)  # why the first ones could not be read

    def add(self, other: "Outcome") -> None:
        """Take in what came of another piece."""
        self.tally.add(other.tally)
        self.fail(other.named, other.unread)

    def fail(self, reasons: Iterable[str], number: int) -> None:
        """Note what could not be read."""
        self.unread += number
        self.named = [*self.named, *reasons][:NAMED]


def plain(documents: Iterable[RuleDocument]) -> tuple[tuple[str, object], ...]:
    """Return rules files in a form that can be sent to another process."""
    return tuple((document.file, document.data) for document in documents)


def book_of(documents: Iterable[tuple[str, object]], rules: Collection[str]) -> RuleBook:
    """Compile some of the rules of rules files that were made plain."""
    whole = [RuleDocument(file, data, lambda _: (0, 0)) for file, data in documents]
    return RuleBook.compile(only(whole, rules))[0]


class Worker:
    """Does pieces of a plan."""

    def __init__(self, plan: Plan) -> None:
        """Compile the rules, and open the database where there is one."""
        self.plan = plan
        self.trial = Trial(book_of(plan.before, plan.rules), book_of(plan.after, plan.rules))
        self.store = Store.open(plan.database, read_only=True) if plan.database else None
        self.sources = list(plan.sources.values())
        self.sieve = Sieve()

    def do(self, piece: Piece) -> Outcome:
        """Try the rules on the articles of a piece."""
        outcome = Outcome()
        if isinstance(piece, Range):
            self._scan(piece, outcome)
        else:
            self._read(piece, outcome)
        self.sieve.sift(outcome.tally)  # what cannot be shown need not be sent to the first process
        return outcome

    def close(self) -> None:
        """Close the database."""
        if self.store:
            self.store.close()

    def _read(self, piece: Lines | Read, outcome: Outcome) -> None:
        found = archive.read(piece, self.sources) if isinstance(piece, Lines) else piece
        outcome.fail(found.failed, len(found.failed))
        for article, source in found.articles:
            if self._wanted(article):
                self.trial.run(article, source, outcome.tally)

    def _scan(self, piece: Range, outcome: Outcome) -> None:
        if self.store is None:
            raise AssertionError("a range is of a database")
        recorded = self.store.scan.hits(piece, self.plan.rules) if self.plan.recorded else {}
        for article in self.store.scan.articles(piece):
            source = self.plan.sources.get(article.source_id) or Source(id=article.source_id, url="")
            self.trial.run(article, source, outcome.tally, recorded.get(article.id, ()))

    def _wanted(self, article: Article) -> bool:
        since, until = self.plan.since, self.plan.until
        return (since is None or article.seen_at >= since) and (until is None or article.seen_at < until)


def run(plan: Plan, pieces: Iterable[Piece], *, jobs: int, progress: Progress) -> Outcome:
    """Do all pieces, with so many processes, and return what came of them; a MonitorError of any ends it."""
    if jobs > 1:
        return _in_processes(plan, pieces, jobs, progress)
    total, worker = Outcome(), Worker(plan)
    try:
        for piece in pieces:
            total.add(worker.do(piece))
            progress(total.tally.articles)
    finally:
        worker.close()
    return total


def _in_processes(plan: Plan, pieces: Iterable[Piece], jobs: int, progress: Progress) -> Outcome:
    total = Outcome()
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(plan,))
    try:
        for done in _completed(pool, pieces, jobs * AHEAD):
            total.add(done)
            progress(total.tally.articles)
    except BrokenProcessPool:
        raise MonitorError(
            "a process ended before its work was done, perhaps for want of memory; try --jobs 1"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return total


def _completed(pool: ProcessPoolExecutor, pieces: Iterable[Piece], most: int) -> Iterator[Outcome]:
    """Yield what is done, in whatever order, with at most so many pieces under way."""
    waiting: set[Future[Outcome]] = set()
    for piece in pieces:
        waiting.add(pool.submit(_do, piece))
        if len(waiting) >= most:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from (one.result() for one in done)


# --- inside a worker process -----------------------------------------------------------------------------------------

_plan: list[Plan] = []  # of this process
_worker: list[Worker] = []  # once there is work


def _begin(plan: Plan) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the first one ends the others
    _plan.append(plan)


def _do(piece: Piece) -> Outcome:
    """Do a piece; the worker is made here, so that what it cannot open is an error with its own words."""
    if not _worker:
        _worker.append(Worker(_plan[0]))
    return _worker[0].do(piece)
