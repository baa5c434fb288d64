"""EDGE: table `articles_fts`: the full-text index, filled by one insert-select at the end of each transaction.

A trigger a row costs about twice as much. The price is bookkeeping: an index over another table's text has to be
told the old text before that text changes, and must never be told a text that it does not hold.
"""

import json
from collections.abc import Iterable

from monitor.store.connection import Connection

_COLUMNS = "title, summary, body, variants"


class Index:
    """Knows which articles of the running transaction are not in the index yet."""

    def __init__(self, db: Connection) -> None:
        """Take part in every transaction of a connection."""
        self._db = db
        self._after: int | None = None  # articles with a higher number are new in this transaction
        self._changed: set[int] = set()  # older ones that were taken out of the index to be put in anew
        db.before_commit.append(self.fill)
        db.after_rollback.append(self.forget)

    def expect(self) -> None:
        """Note that articles are about to be inserted."""
        if self._after is None:
            self._after = int(self._db.value("SELECT coalesce(max(number), 0) FROM articles"))

    def change(self, number: int) -> None:
        """Note that an article's text is about to change; call it while the old text still stands."""
        if number not in self._changed and (self._after is None or number <= self._after):
            self.remove([number])
            self._changed.add(number)

    def remove(self, numbers: Iterable[int]) -> None:
        """Take articles out of the index; call it while their text still stands."""
        self._db.execute(
            f"INSERT INTO articles_fts (articles_fts, rowid, {_COLUMNS}) SELECT 'delete', number, {_COLUMNS} "
            "FROM articles WHERE number IN (SELECT value FROM json_each(?))",
            (json.dumps(list(numbers)),),
        )

    def fill(self) -> int:
        """Index what this transaction added or changed and return how many; a second call does nothing."""
        if self._after is None and not self._changed:
            return 0
        after = 2**62 if self._after is None else self._after
        filled = self._db.execute(
            f"INSERT INTO articles_fts (rowid, {_COLUMNS}) SELECT number, {_COLUMNS} FROM articles WHERE number > ?",
            (after,),
        )
        if self._changed:
            filled += self._db.execute(
                f"INSERT INTO articles_fts (rowid, {_COLUMNS}) SELECT number, {_COLUMNS} "
                "FROM articles WHERE number IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(self._changed)),),
            )
        self.forget()
        return filled

    def forget(self) -> None:
        """Start afresh, as at the beginning of a transaction."""
        self._after = None
        self._changed.clear()
