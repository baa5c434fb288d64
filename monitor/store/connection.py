"""EDGE: one SQLite connection: pragmas, transactions, and errors told so that a person can act on them.

Nothing else in this process may open the same file by another copy of SQLite (the `sqlite3` of Python beside
`pysqlite3`): when the one closes the file, the operating system drops the locks of the other.
"""

import re
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from monitor.errors import StoreError, TooSlow

if TYPE_CHECKING:
    import sqlite3 as sqlite3
else:
    from sqlite_utils.utils import sqlite3  # pysqlite3 where it is installed, which carries a newer SQLite
BUSY_SECONDS = 10.0
OLDEST = (3, 38, 0)  # STRICT tables, the operator ->>
_NORMAL, _FULL = 1, 2
_STEPS = 5000  # of SQLite's machine between two looks at the clock: some tens of microseconds
DEFECT = (  # with the version
    "SQLite %s has a defect that can damage a database which two programs use at once; "
    "`pip install pysqlite3` in the environment of monitor brings a newer one"
)
_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16000",  # 16 MB
    "PRAGMA journal_size_limit=67108864",
)
# What SQLite says, and what a person can do about it.
_ADVICE = (
    (
        "disk is full",
        "the disk is full; nothing of this write was stored. Free some space, then work goes on by itself",
    ),
    ("is not a database", "is not an SQLite database. Give another path, or restore a backup (docs/database.md)"),
    ("malformed", "is damaged. Look with `monitor db check`, and restore the newest backup (docs/database.md)"),
    ("is locked", f"another program has kept it locked for more than {BUSY_SECONDS:.0f} s. End that program"),
    ("readonly", "may not be written by this user. Check the owner of the file and of its folder"),
    ("unable to open", "cannot be opened. Check that its folder exists and that this user may read and write it"),
    ("disk i/o", "cannot be read or written: the disk reports an error. Look at the kernel's log (`dmesg`)"),
)
_LEAST_FREE = 1 << 20  # bytes; with less, SQLite calls it an error of the disk that it could not make its small files


def sqlite_version() -> str:
    """Return the version of SQLite in use, for example "3.53.4"."""
    return str(sqlite3.sqlite_version)


def has_wal_reset_defect(version: str | None = None) -> bool:
    """Say whether this SQLite (or the given version) can corrupt a WAL database that two connections use.

    Versions 3.7.0 to 3.51.2 are affected; the package `pysqlite3` brings a newer one.
    """
    numbers = tuple(int(part) for part in re.findall(r"\d+", version or sqlite_version())[:3])
    return (3, 7, 0) <= numbers <= (3, 51, 2)


def advice(path: Path | str, error: Exception) -> StoreError:
    """Turn an error of SQLite into one message that names the file and says what to do."""
    said = str(error).lower()
    if "disk i/o" in said and _free(path) < _LEAST_FREE:
        said = "disk is full"
    for words, hint in _ADVICE:
        if words in said:
            return StoreError(f"database {path}: {hint} (SQLite: {error})")
    return StoreError(f"database {path}: {error}")


def _file_at(path: Path) -> tuple[int, int] | None:
    """Return what names a file whatever its path: device and number; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _free(path: Path | str) -> float:
    """Return how many bytes are free where the file lies; infinity where that cannot be told."""
    try:
        return float(shutil.disk_usage(Path(path).parent).free)
    except OSError:
        return float("inf")


class Connection:
    """A connection that one thread at a time uses; a second thread waits for the first one's transaction."""

    def __init__(self, path: Path, conn: sqlite3.Connection, *, read_only: bool) -> None:
        """Take over an open connection in autocommit mode."""
        self.path = path
        self.file = _file_at(path)
        self.read_only = read_only
        self.conn = conn
        self.before_commit: list[Callable[[], object]] = []  # run inside each transaction, at its end
        self.after_rollback: list[Callable[[], None]] = []
        self.rollbacks = 0  # transactions that were undone
        self._lock = threading.RLock()
        self._level = -1
        self._must_last = False
        self._failed = False
        self._database: Database | None = None

    @property
    def database(self) -> Database:
        """The same connection as sqlite-utils sees it, for schema work and whatever is not hot."""
        if self._database is None:
            self._database = Database(self.conn, recursive_triggers=False, execute_plugins=False)
        return self._database

    def close(self) -> None:
        """Close the connection; open transactions are rolled back."""
        with self._lock:
            self.conn.close()

    # --- statements --------------------------------------------------------------------------------------------------

    def execute(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> int:
        """Run one statement and return how many rows it changed."""
        with self._lock, self._told():
            return int(self.conn.execute(sql, values).rowcount)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Run one statement for each row and return how many rows were changed in all."""
        with self._lock, self._told():
            return int(self.conn.executemany(sql, rows).rowcount)

    def rows(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[Any]:
        """Return all rows of a query, as tuples."""
        with self._lock, self._told():
            return list(self.conn.execute(sql, values).fetchall())

    def row(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Any:
        """Return the first row of a query as a tuple, or None."""
        with self._lock, self._told():
            return self.conn.execute(sql, values).fetchone()

    def value(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Any:
        """Return the first column of the first row, or None."""
        found = self.row(sql, values)
        return found[0] if found else None

    # --- transactions ------------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[None]:
        """Do everything inside, or nothing: BEGIN IMMEDIATE ... COMMIT. An inner one joins the outer one.

        `durable` waits until the disk has it (synchronous=FULL); without it a power cut (not a crash of this
        program) may take the last transactions back, whole. After an error inside, even a caught one, nothing is kept.
        """
        with self._lock:
            if self.conn.in_transaction:
                with self._joined(durable):
                    yield
                return
            self._begin(durable)
            try:
                yield
                self._commit()
            except BaseException:
                self._roll_back()
                raise
            if self._must_last and not durable:
                self._sync()

    @contextmanager
    def _joined(self, durable: bool) -> Iterator[None]:
        self._must_last |= durable
        try:
            yield
        except BaseException:
            self._failed = True
            raise

    def _begin(self, durable: bool) -> None:
        self._set_level(_FULL if durable else _NORMAL)
        self._must_last = durable
        self._failed = False
        self.execute("BEGIN IMMEDIATE")

    def _commit(self) -> None:
        if self._failed:
            raise StoreError(f"database {self.path}: a write failed before, so the whole transaction was undone")
        for finish in self.before_commit:
            finish()
        self.execute("COMMIT")

    def _roll_back(self) -> None:
        if self.conn.in_transaction:  # a full disk may have ended it already
            self.conn.execute("ROLLBACK")
        self.rollbacks += 1
        for forget in self.after_rollback:
            forget()

    def _sync(self) -> None:
        # A durable write joined a transaction that was not: a second commit with synchronous=FULL takes the whole
        # write-ahead log to the disk, the first one with it.
        self._set_level(_FULL)
        self.execute("INSERT INTO meta (key, value) VALUES ('synced', '1') ON CONFLICT DO UPDATE SET value = value + 1")

    def _set_level(self, level: int) -> None:
        if level != self._level:  # has to happen outside of a transaction
            self.execute(f"PRAGMA synchronous={level}")
            self._level = level

    @contextmanager
    def hurry(self, seconds: float) -> Iterator[None]:
        """Break off statements that run when so many seconds are over, with TooSlow; asked every few thousand steps."""
        until = time.monotonic() + seconds
        with self._lock:
            self.conn.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
            try:
                yield
            finally:
                self.conn.set_progress_handler(None, 0)

    def is_there(self) -> bool:
        """Tell whether the file that was opened still lies at its path: if not, what is written is lost at the end."""
        return self.file is None or _file_at(self.path) == self.file

    def changes(self) -> int:
        """Return SQLite's `data_version`: another number once another connection has committed a change."""
        return int(self.value("PRAGMA data_version"))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeEncodeError, OverflowError) as error:
            if "interrupted" in str(error):
                raise TooSlow(f"database {self.path}: the question took too long and was broken off") from error
            raise advice(self.path, error) from error


def connect(path: Path, *, read_only: bool = False, create: bool = True) -> Connection:
    """Open a database file, and make a missing one where asked; StoreError says what to do when that fails."""
    if sqlite3.sqlite_version_info < OLDEST:
        raise StoreError(
            f"SQLite {sqlite_version()} is too old, it must be 3.38 or newer; `pip install pysqlite3` helps"
        )
    if (read_only or not create) and not path.exists():
        raise StoreError(f"there is no database {path} yet; `monitor once` or `monitor run` makes it")
    if path.is_dir():
        raise StoreError(f"database {path} is a folder; give a file, for example {path / 'monitor.db'}")
    if not path.parent.is_dir():
        raise StoreError(f"database {path}: the folder {path.parent} does not exist; create it, or change `database`")
    try:
        return _reader(path) if read_only else _writer(path)
    except sqlite3.Error as error:
        raise advice(path, error) from error


def _open(target: str) -> sqlite3.Connection:
    return sqlite3.connect(
        target, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )


def _writer(path: Path) -> Connection:
    conn = _open(path.absolute().as_uri() + "?mode=rwc")
    try:
        _use_log(conn)
        for pragma in _PRAGMAS:
            conn.execute(pragma)
    except BaseException:
        conn.close()
        raise
    return Connection(path, conn, read_only=False)


def _use_log(conn: sqlite3.Connection) -> None:
    """Switch to a write-ahead log; SQLite does not wait for another program that does the same, so this does."""
    until = time.monotonic() + BUSY_SECONDS
    while conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            conn.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _reader(path: Path) -> Connection:
    address = path.absolute().as_uri()
    try:
        conn = _look_at(address + "?mode=ro")
    except sqlite3.OperationalError:
        if Path(f"{path}-wal").exists():
            raise
        # A folder that may only be read takes no shared-memory file; nobody writes, so none is needed.
        conn = _look_at(address + "?immutable=1")
    conn.execute("PRAGMA query_only=ON")
    return Connection(path, conn, read_only=True)


def _look_at(address: str) -> sqlite3.Connection:
    conn = _open(address)
    try:
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        conn.close()
        raise
    return conn
