"""EDGE: everything that is remembered, in one SQLite file; the only place with SQL.

::

    store = Store.open("monitor.db")
    with store.transaction(durable=True):          # all of it or nothing; durable: on the disk before it goes on
        fresh = store.articles.add(judged)
        store.hits.add(hits)
        store.stories.add(story)
        store.alerts.add(alert, [("mail", key)], now)

Another backend has the same methods and passes the same tests (`tests/store/test_store_contract.py`).
"""

import logging
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from monitor.store.alerts import Alerts
from monitor.store.articles import Articles
from monitor.store.audit import Audit
from monitor.store.connection import DEFECT, Connection, connect, has_wal_reset_defect, sqlite_version
from monitor.store.counters import Counters
from monitor.store.decisions import Decided
from monitor.store.deliveries import Queue, Tracked
from monitor.store.handled import HandledStories
from monitor.store.hits import Hits
from monitor.store.index import Index
from monitor.store.listing import Listing
from monitor.store.live import Live
from monitor.store.marks import HitMark, Marks, Verdict
from monitor.store.meta import Meta
from monitor.store.migrations import bring_up
from monitor.store.notes import Notes
from monitor.store.people import People
from monitor.store.picture import Picture
from monitor.store.places import Places
from monitor.store.problems import OpenProblem, Problems
from monitor.store.pulses import Pulses
from monitor.store.saved import SavedViews
from monitor.store.scan import Range, Scan
from monitor.store.sightings import Sighting
from monitor.store.silences import Silences
from monitor.store.sources import Sources
from monitor.store.stories import Kept, Listed, Stories
from monitor.store.threads import Threads
from monitor.store.told import ToldStories
from monitor.store.trends import Trends
from monitor.store.upkeep import Pruned, Stats, Upkeep, backup
from monitor.store.versions import Version
from monitor.store.waiting import Waiting

__all__ = [
    "DEFECT",
    "Decided",
    "HitMark",
    "Kept",
    "Listed",
    "OpenProblem",
    "Pruned",
    "Queue",
    "Range",
    "Sighting",
    "Stats",
    "Store",
    "Tracked",
    "Verdict",
    "Version",
    "backup",
    "has_wal_reset_defect",
    "sqlite_version",
]

log = logging.getLogger("monitor.store")


class Store:
    """The database: one attribute per subject. One thread at a time; a second one waits for the first."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose schema is up to date; `Store.open` makes one."""
        self._db = connection
        self.path = connection.path
        self.read_only = connection.read_only
        index = Index(connection)
        self.sources = Sources(connection)
        self.articles = Articles(connection, index)
        self.hits = Hits(connection)
        self.marks = Marks(connection)
        self.scan = Scan(connection)
        self.places = Places(connection)
        self.picture = Picture(connection)
        self.stories = Stories(
            connection, sources=self.sources, articles=self.articles, hits=self.hits, places=self.places
        )
        self.waiting = Waiting(connection, articles=self.articles, hits=self.hits)
        self.alerts = Alerts(connection)
        self.threads = Threads(connection)
        self.told = ToldStories(connection)
        self.trends = Trends(connection)
        self.silences = Silences(connection)
        self.handled = HandledStories(connection)
        self.listing = Listing(connection)
        self.notes = Notes(connection)
        self.views = SavedViews(connection)
        self.problems = Problems(connection)
        self.people = People(connection)
        self.live = Live(connection)
        self.pulses = Pulses(connection)
        self.audit = Audit(connection)
        self.counters = Counters(connection)
        self.meta = Meta(connection)
        self.upkeep = Upkeep(connection, index)

    @classmethod
    def open(cls, path: Path | str, *, read_only: bool = False, create: bool = True) -> "Store":
        """Open a database, and unless `read_only` bring its schema up to date; with `create` make a missing one.

        StoreError when it cannot be opened, belongs to another program or was written by a newer monitor; the
        message says what to do.
        """
        if not read_only and has_wal_reset_defect():
            log.warning(DEFECT, sqlite_version())
        connection = connect(Path(path), read_only=read_only, create=create)
        try:
            bring_up(connection)
        except BaseException:
            connection.close()
            raise
        return cls(connection)

    def transaction(self, *, durable: bool = False) -> AbstractContextManager[None]:
        """Make everything inside one write: all of it, or after any error nothing.

        `durable`: it is on the disk when the block ends, also after a power cut; use it for hits and deliveries.
        Do not await inside: other work of the same thread would join the transaction.
        """
        return self._db.transaction(durable=durable)

    def hurry(self, seconds: float) -> AbstractContextManager[None]:
        """Break off every question inside that is not answered after so many seconds: TooSlow, a StoreError."""
        return self._db.hurry(seconds)

    def is_there(self) -> bool:
        """Tell whether the file that was opened still lies at its path; cheap enough for every second."""
        return self._db.is_there()

    def changes(self) -> int:
        """Return a number that is another one after anybody, this connection apart, has changed the database."""
        return self._db.changes()

    @property
    def rollbacks(self) -> int:
        """How many transactions were undone so far: what was read or made in one of them may be void."""
        return self._db.rollbacks

    def close(self) -> None:
        """Close the database; what was not committed is undone."""
        self._db.close()

    def __enter__(self) -> "Store":
        """Return the store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self.close()
