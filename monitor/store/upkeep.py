"""EDGE: backup, check, pruning and figures of the database."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from monitor.errors import StoreError
from monitor.settings import Retention
from monitor.store.connection import Connection, advice, connect, has_wal_reset_defect, sqlite3, sqlite_version
from monitor.store.index import Index

Progress = Callable[[int, int], None]  # how much is done, of how much (0 = not known)
_PAGES = 2048  # copied between two reports of progress
_BATCH = 500  # rows deleted in one transaction: short enough for a writer that waits
LISTED = 2000  # so many items a document can list at most (limits.entries): the last so many are never forgotten
_DAY = 86400.0
_TOLD = 8 * _DAY  # what a channel was told is looked back at for a week, so that it is not told twice
_COUNTED = 400 * _DAY  # some counters have a row a rule and day; a year back is enough to compare with
TABLES = (
    "sources", "articles", "versions", "sightings", "hits", "places", "marks", "stories", "story_articles",
    "stories_apart", "waiting", "alerts", "deliveries", "attempts", "decisions", "threads", "problems", "counters",
    "trends", "trend_values", "notes", "assigned", "views",
)  # fmt: skip

_INDEXES = ("articles_fts", "hits_fts")
_LOOSE = {  # what foreign keys do not hold
    "deliveries are leased without an end": "deliveries WHERE state = 'leased' AND leased_until IS NULL",
    "deliveries belong to no alert": "deliveries WHERE alert_id NOT IN (SELECT id FROM alerts)",
    "stories have no article": "stories WHERE merged_into IS NULL AND id NOT IN (SELECT story_id FROM story_articles)",
    "articles were never seen in a source": "articles WHERE id NOT IN (SELECT article_id FROM sightings)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Figures of a database."""

    path: str
    bytes: int
    wal_bytes: int  # not yet moved into the file itself
    free_bytes: int  # inside the file, for new rows
    rows: dict[str, int]
    first_seen: float | None  # of the oldest article
    last_seen: float | None  # of the newest article
    steps: int  # schema steps that have run
    sqlite: str
    defect: bool  # this SQLite can corrupt a WAL database


@dataclass(slots=True)
class Pruned:
    """How many rows were deleted, by table."""

    rows: dict[str, int] = field(default_factory=dict)

    def add(self, table: str, number: int) -> None:
        """Count deleted rows."""
        self.rows[table] = self.rows.get(table, 0) + number

    @property
    def total(self) -> int:
        """All deleted rows."""
        return sum(self.rows.values())


class Upkeep:
    """What keeps a database well."""

    def __init__(self, db: Connection, index: Index) -> None:
        """Work on an open connection."""
        self._db = db
        self._index = index

    # --- backup ------------------------------------------------------------------------------------------------------

    def backup(self, target: Path | str, *, progress: Progress | None = None) -> Path:
        """Copy the database, as of this moment, into one file that is complete and checked or not there at all.

        Writers go on meanwhile. An older file of that name is replaced only when the new one is good.
        """
        return backup(self._db.path, target, progress=progress)

    # --- check -------------------------------------------------------------------------------------------------------

    def check(self, *, progress: Progress | None = None) -> list[str]:
        """Return what is wrong with the database, one sentence each; an empty list is a sound database."""
        looks = (self._integrity, self._references, self._full_text, self._loose_ends)
        found: list[str] = []
        for done, look in enumerate(looks):
            if progress:
                progress(done, len(looks))
            try:
                found += look()
            except StoreError as error:  # damage can stop a look; the others still tell something
                found.append(str(error))
        if progress:
            progress(len(looks), len(looks))
        return list(dict.fromkeys(found))

    def _integrity(self) -> list[str]:
        return [f"damaged: {row[0]}" for row in self._db.rows("PRAGMA integrity_check") if row[0] != "ok"]

    def _references(self) -> list[str]:
        rows = self._db.rows("PRAGMA foreign_key_check")
        return [f"a row of {row[0]} names a row of {row[2]} that is not there" for row in rows]

    def _full_text(self) -> list[str]:
        if self._db.read_only:
            return []
        try:
            with self._db.transaction():
                for index in _INDEXES:
                    self._db.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
        except StoreError:
            return ["the full-text index does not fit the articles; mend it with `monitor db check --mend`"]
        return []

    def _loose_ends(self) -> list[str]:
        counts = {words: int(self._db.value(f"SELECT count(*) FROM {rows}")) for words, rows in _LOOSE.items()}
        return [f"{number} {words}" for words, number in counts.items() if number]

    def mend_index(self) -> None:
        """Build the full-text indexes anew from the articles."""
        with self._db.transaction():
            for index in _INDEXES:
                self._db.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")

    # --- pruning -----------------------------------------------------------------------------------------------------

    def prune(self, retention: Retention, now: float, *, progress: Progress | None = None) -> Pruned:
        """Delete what is older than its retention, in short transactions, and return how much of what.

        Hits, their articles and alerts stay unless `retention.hits` is set. Ids of items outlive their articles, and
        the newest 2,000 of a source, which it may still list, are never forgotten.
        """
        pruned = Pruned()
        report = progress or (lambda _done, _of: None)
        if retention.hits is not None:
            self._prune_hits(now - retention.hits, pruned, report)
        self._prune_articles(now - retention.articles, pruned, report)
        self._prune_sightings(now - retention.identities - _DAY, pruned, report)
        self._prune_outbox(now - max(retention.deliveries, _TOLD), pruned, report)
        self._prune_counters(now - _COUNTED, pruned)
        return pruned

    def shrink(self) -> None:
        """Give the space of deleted rows back to the disk; needs as much free space again, and stops writers."""
        self._db.execute("VACUUM")
        self._db.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def _prune_hits(self, before: float, pruned: Pruned, report: Progress) -> None:
        old = (
            "SELECT s.id FROM stories AS s WHERE s.merged_into IS NULL AND s.first_seen < ?1 "
            "AND NOT EXISTS (SELECT 1 FROM story_articles AS m "
            "JOIN hits AS h ON h.article_id = m.article_id WHERE m.story_id = s.id AND h.at >= ?1) "
            "AND NOT EXISTS (SELECT 1 FROM stories AS o JOIN alerts AS n ON n.story_id = o.id "
            "JOIN deliveries AS d ON d.alert_id = n.id WHERE (o.id = s.id OR o.merged_into = s.id) "
            "AND d.state IN ('queued', 'held', 'leased')) "
            "AND NOT EXISTS (SELECT 1 FROM threads AS t WHERE t.story_id = s.id AND t.action = 'hold')"
        )
        # Takes along what was merged into it, and alerts, deliveries and decisions.
        self._delete("stories", "id", old, before, pruned, report)
        self._delete(
            "hits",
            "number",
            "SELECT number FROM hits WHERE at < ?1 AND article_id NOT IN (SELECT article_id FROM story_articles)",
            before,
            pruned,
            report,
        )

    def _prune_articles(self, before: float, pruned: Pruned, report: Progress) -> None:
        old = (
            "SELECT a.number FROM articles AS a WHERE a.seen_at < ?1 "
            "AND NOT EXISTS (SELECT 1 FROM hits WHERE article_id = a.id) "
            "AND NOT EXISTS (SELECT 1 FROM story_articles WHERE article_id = a.id) "
            "AND NOT EXISTS (SELECT 1 FROM stories WHERE article_id = a.id)"
        )
        self._delete("articles", "number", old, before, pruned, report, first=self._index.remove)

    def _prune_sightings(self, before: float, pruned: Pruned, report: Progress) -> None:
        for (source_id,) in self._db.rows("SELECT id FROM sources"):
            listed = self._db.value(
                "SELECT last_seen FROM sightings WHERE source_id = ? ORDER BY last_seen DESC LIMIT 1 OFFSET ?",
                (source_id, LISTED - 1),
            )
            if listed is None:
                continue
            with self._db.transaction():
                number = self._db.execute(
                    "DELETE FROM sightings WHERE source_id = ? AND last_seen < ? "
                    "AND article_id NOT IN (SELECT id FROM articles)",
                    (source_id, min(listed, before)),
                )
            pruned.add("sightings", number)
            report(pruned.total, 0)

    def _prune_outbox(self, before: float, pruned: Pruned, report: Progress) -> None:
        made = "SELECT id FROM deliveries WHERE state IN ('sent', 'dropped') AND coalesce(sent_at, next_try) < ?1"
        self._delete("deliveries", "id", made, before, pruned, report)
        told = (
            "SELECT id FROM alerts AS n WHERE story_id IS NULL AND at < ?1 "
            "AND NOT EXISTS (SELECT 1 FROM deliveries WHERE alert_id = n.id)"
        )
        self._delete("alerts", "id", told, before, pruned, report)
        self._delete("problems", "number", "SELECT number FROM problems WHERE closed_at < ?1", before, pruned, report)

    def _prune_counters(self, before: float, pruned: Pruned) -> None:
        with self._db.transaction():
            pruned.add("counters", self._db.execute("DELETE FROM counters WHERE day < date(?, 'unixepoch')", (before,)))

    def _delete(
        self,
        table: str,
        key: str,
        old: str,
        before: float,
        pruned: Pruned,
        report: Progress,
        first: Callable[[list[int]], None] | None = None,
    ) -> None:
        while True:
            with self._db.transaction():
                keys = [row[0] for row in self._db.rows(f"{old} LIMIT {_BATCH}", (before,))]
                if first and keys:
                    first(keys)
                self._db.execute(
                    f"DELETE FROM {table} WHERE {key} IN (SELECT value FROM json_each(?))", (json.dumps(keys),)
                )
            pruned.add(table, len(keys))
            report(pruned.total, 0)
            if len(keys) < _BATCH:
                return

    # --- figures -----------------------------------------------------------------------------------------------------

    def stats(self) -> Stats:
        """Return figures of the database."""
        page, free = self._db.value("PRAGMA page_size"), self._db.value("PRAGMA freelist_count")
        first, last = self._db.row("SELECT (SELECT min(seen_at) FROM articles), (SELECT max(seen_at) FROM articles)")
        return Stats(
            path=str(self._db.path),
            bytes=_size(self._db.path),
            wal_bytes=_size(Path(f"{self._db.path}-wal")),
            free_bytes=page * free,
            rows={table: int(self._db.value(f"SELECT count(*) FROM {table}")) for table in TABLES},
            first_seen=first,
            last_seen=last,
            steps=int(self._db.value("SELECT count(*) FROM _sqlite_migrations WHERE migration_set = 'monitor'")),
            sqlite=sqlite_version(),
            defect=has_wal_reset_defect(),
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def backup(source: Path | str, target: Path | str, *, progress: Progress | None = None) -> Path:
    """Copy a database, as of this moment, into one file that is complete and checked or not there at all.

    It does not matter which version of monitor wrote it, and writers go on meanwhile. An older file of that name is
    replaced only when the new one is good. StoreError when no backup could be made.
    """
    source, target = Path(source), Path(target).absolute()
    if target.exists() and source.exists() and target.samefile(source):
        raise StoreError(f"{target} is the database itself; give another file")
    if not target.parent.is_dir():
        raise StoreError(f"the folder {target.parent} does not exist; create it first")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        _copy(source, part, progress)
        _sync(part)
        os.replace(part, target)
        _sync(target.parent)
    except OSError as error:
        raise StoreError(f"no backup was made to {target}: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    return target


def _copy(source: Path, part: Path, progress: Progress | None) -> None:
    reader = connect(source, read_only=True)
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    copy = sqlite3.connect(str(part), isolation_level=None)
    try:
        # One read transaction over the whole copy: without it each write of another process starts the copy anew.
        reader.execute("BEGIN")
        reader.rows("SELECT 1 FROM sqlite_master LIMIT 1")
        report = (lambda _, left, total: progress(total - left, total)) if progress else None
        reader.conn.backup(copy, pages=_PAGES, progress=report, sleep=0)
        reader.execute("COMMIT")
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        if (said := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise StoreError(f"no backup was made: the database {source} is damaged ({said})")
    except sqlite3.Error as error:
        raise advice(part, error) from error
    finally:
        copy.close()
        reader.close()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
