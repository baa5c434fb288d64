"""EDGE: table `articles`: every published item, cleaned, in its latest text."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from monitor.model import Article, Field, Judged, Known, Mark, Novelty
from monitor.store import sightings, versions
from monitor.store.connection import Connection
from monitor.store.index import Index
from monitor.store.sightings import Sighting
from monitor.store.text import query, storable, variants
from monitor.store.versions import Version

COLUMNS = (
    "id, source_id, identity, url, link, title, summary, body, author, published_at, published_raw, updated_at, "
    "updated_raw, seen_at, language, language_from, categories, flags, marks, content_hash, version"
)
_SAME_AS_URL = frozenset({"identity", "link"})  # NULL where they are: three times the same URL takes much space
SELECTED = ", ".join(
    f"coalesce(a.{name}, a.url)" if name in _SAME_AS_URL else f"a.{name}" for name in COLUMNS.split(", ")
)
_INSERT = f"INSERT INTO articles ({COLUMNS}, novelty, reason, variants) VALUES ({', '.join('?' * 24)})"
# What an edit may change; where and when the article was seen first, and what it was then, stays.
_EDITED = (
    "url, link, title, summary, body, author, published_at, published_raw, updated_at, updated_raw, "
    "language, language_from, categories, flags, marks, content_hash, version, variants"
)
_UPDATE = f"""
    UPDATE articles SET identity = coalesce(identity, url), ({_EDITED}) = ({", ".join("?" * 18)}) WHERE number = ?
"""
_FRESH = frozenset({Novelty.NEW, Novelty.HISTORY})


class Articles:
    """The articles, with their versions, sightings and full-text index."""

    def __init__(self, db: Connection, index: Index) -> None:
        """Work on an open connection; `index` is told what changes."""
        self._db = db
        self._index = index

    # --- what is known -----------------------------------------------------------------------------------------------

    def known(self, source_id: str, identities: Iterable[str]) -> dict[str, Known]:
        """Return what is stored of these items of one source, by identity; items never seen are left out."""
        return sightings.known(self._db, source_id, identities)

    def by_url(self, urls: Iterable[str]) -> dict[str, Known]:
        """Return the first article of any source at each of these canonical URLs, by URL."""
        asked = {storable(url): url for url in urls if url}
        rows = self._db.rows(
            "SELECT a.url, a.id, a.source_id, coalesce(a.identity, a.url), a.content_hash, a.version "
            "FROM json_each(?) AS j CROSS JOIN articles AS a ON a.url = j.value ORDER BY a.number DESC",
            (json.dumps(list(asked), ensure_ascii=False),),
        )
        found: dict[str, Known] = {}
        for url, article_id, source_id, identity, content_hash, version in rows:  # the first that was stored comes last
            later = found.get(asked[url])
            found[asked[url]] = Known(
                url=asked[url],
                article_id=article_id,
                source_id=source_id,
                identity=identity,
                content_hash=content_hash,
                version=version,
                shared=later is not None and (later.shared or later.source_id == source_id),
            )
        return found

    # --- writing -----------------------------------------------------------------------------------------------------

    def add(self, judged: Sequence[Judged]) -> tuple[Judged, ...]:
        """Store articles as what they were judged to be; return those that the store did not have in this form.

        NEW and HISTORY become articles, EDITED a further version, SIGHTING a line in `sightings`; KNOWN is noted as
        listed again. Storing the same twice changes nothing.
        """
        with self._db.transaction():
            fresh = self._insert([one for one in judged if one.novelty in _FRESH])
            edited = [one for one in judged if one.novelty is Novelty.EDITED and self._edit(one)]
            sighted = self._sight([one for one in judged if one.novelty is Novelty.SIGHTING])
            again = [one.article for one in judged if one.novelty is Novelty.KNOWN]
            sightings.touch(self._db, [(one.source_id, one.identity, one.seen_at) for one in again])
            done = {id(one) for one in (*fresh, *edited, *sighted)}
            return tuple(one for one in judged if id(one) in done)

    def index(self) -> int:
        """Put what this transaction stored into the full-text index; a commit does so by itself."""
        return self._index.fill()

    def last(self) -> int:
        """Return the number of the newest article, 0 where there is none."""
        return int(self._db.value("SELECT coalesce(max(number), 0) FROM articles"))

    def sample(self, one_in: int, *, since: float, limit: int) -> list[Article]:
        """Return every so many-th article that was seen since then, the newest ones, in the order they came."""
        rows = self._db.rows(
            f"SELECT {SELECTED} FROM articles AS a WHERE a.number IN (SELECT number FROM articles "
            "WHERE seen_at >= ? AND number % ? = 0 ORDER BY +number DESC LIMIT ?) ORDER BY a.number",
            (since, one_in, limit),
        )
        return [article_of(row) for row in rows]

    def sample_after(self, number: int, one_in: int) -> list[Article]:
        """Return every so many-th article that came after the one of this number, in the order they came."""
        rows = self._db.rows(
            f"SELECT {SELECTED} FROM articles AS a WHERE a.number > ? AND a.number % ? = 0 ORDER BY a.number",
            (number, one_in),
        )
        return [article_of(row) for row in rows]

    def touch(self, source_id: str, identities: Iterable[str], now: float) -> None:
        """Note that a source still lists these items, so that they are not forgotten; kept to the day."""
        with self._db.transaction():
            sightings.touch(self._db, [(source_id, identity, now) for identity in identities])

    def _insert(self, judged: Sequence[Judged]) -> list[Judged]:
        had = self._present(one.article.id for one in judged)
        first = {one.article.id: one for one in reversed(judged) if one.article.id not in had}
        fresh = [one for one in judged if first.get(one.article.id) is one]
        if fresh:
            self._index.expect()
            self._db.execute_many(_INSERT, map(_row_of, fresh))
            sightings.record(self._db, [one.article for one in fresh])
        # Another process may have stored an article meanwhile, with an older text.
        return fresh + [one for one in judged if one.article.id in had and self._edit(one)]

    def _edit(self, one: Judged) -> bool:
        found = self._db.row("SELECT number, version, content_hash FROM articles WHERE id = ?", (one.article.id,))
        if not found:  # pruned meanwhile
            return bool(self._insert([one]))
        number, version, content_hash = found
        sightings.record(self._db, [one.article])
        if content_hash == one.article.content_hash:
            return False
        article = replace(one.article, version=max(version + 1, one.article.version))
        versions.keep(self._db, article.id)
        self._index.change(number)
        self._db.execute(_UPDATE, (*_edit_of(article), number))
        versions.add(self._db, _version_of(article, one.reason))
        return True

    def _sight(self, judged: Sequence[Judged]) -> list[Judged]:
        had = self._present(one.article.id for one in judged)
        fresh = self._insert([one for one in judged if one.article.id not in had])  # pruned meanwhile
        seen = [one for one in judged if one.article.id in had]
        sightings.record(self._db, [one.article for one in seen])
        return fresh + seen

    def _present(self, ids: Iterable[str]) -> set[str]:
        ask = "SELECT a.id FROM json_each(?) AS j CROSS JOIN articles AS a ON a.id = j.value"
        return {row[0] for row in self._db.rows(ask, (json.dumps(list(ids)),))}

    # --- reading -----------------------------------------------------------------------------------------------------

    def get(self, article_id: str) -> Article | None:
        """Return an article in its latest text, exactly as it was stored, or None."""
        row = self._db.row(f"SELECT {SELECTED} FROM articles AS a WHERE a.id = ?", (article_id,))
        return article_of(row) if row else None

    def find(self, url_or_id: str) -> Article | None:
        """Return the article with this id, canonical URL or published link (the newest of several), or None."""
        text = storable(url_or_id.strip())
        if found := self.get(text):
            return found
        for column in ("url", "link"):
            ask = f"SELECT {SELECTED} FROM articles AS a WHERE a.{column} = ? ORDER BY a.number DESC LIMIT 1"
            if row := self._db.row(ask, (text,)):
                return article_of(row)
        return None

    def novelty(self, article_id: str) -> tuple[Novelty, str] | None:
        """Return what an article was to the store when it came, and why; None if there is no such article."""
        row = self._db.row("SELECT novelty, reason FROM articles WHERE id = ?", (article_id,))
        return (Novelty(row[0]), row[1]) if row else None

    def versions(self, article_id: str) -> list[Version]:
        """Return every text that an article had, the oldest first."""
        return versions.of_article(self._db, article_id)

    def sightings(self, article_id: str) -> list[Sighting]:
        """Return in which sources an article was seen, the first one first."""
        return sightings.of_article(self._db, article_id)

    def count(self, since: float | None = None) -> int:
        """Return how many articles there are, or were seen since then."""
        where, values = ("", ()) if since is None else (" WHERE seen_at >= ?", (since,))
        return int(self._db.value(f"SELECT count(*) FROM articles{where}", values))

    def search(
        self,
        *,
        text: str = "",
        rule: str = "",
        source: str = "",
        since: float | None = None,
        until: float | None = None,
        language: str = "",
        limit: int = 50,
        after: str = "",
        before: str = "",
    ) -> list[Article]:
        """Return articles for which everything given holds, the newest in the store first.

        `text` is a query as `text.query` reads it; `since` and `until` bound `seen_at`. With `after` (an article's
        id) only what came later, the oldest first, so that following misses nothing; `before` pages backwards.
        """
        where = Where()
        where.text(text)
        where.add("a.id IN (SELECT article_id FROM hits WHERE rule_id = ?)", rule)
        where.add("a.source_id = ?", source)
        where.add("a.language = ?", language)
        where.add("a.seen_at >= ?", since)
        where.add("a.seen_at < ?", until)
        where.add("a.number > coalesce((SELECT number FROM articles WHERE id = ?), 0)", after)
        where.add("a.number < (SELECT number FROM articles WHERE id = ?)", before)
        rows = self._db.rows(
            f"SELECT {SELECTED} FROM {where.source}articles AS a {where} "
            f"ORDER BY {'f.rowid' if where.source else 'a.number'} {'ASC' if after else 'DESC'} LIMIT ?",
            (*where.values, limit),
        )
        return [article_of(row) for row in rows]


class Where:
    """Conditions of a search, each only where it is asked for."""

    def __init__(self) -> None:
        """Start without any."""
        self.source = ""  # the full-text index, where it leads the search
        self.values: list[Any] = []
        self._conditions: list[str] = []

    def add(self, condition: str, value: Any) -> None:
        """Add a condition with one placeholder unless the value is None or ""."""
        if value is not None and value != "":
            self._conditions.append(condition)
            self.values.append(value)

    def text(self, text: str, index: str = "articles_fts") -> None:
        """Add a full-text query over articles `a`; one without a single letter finds nothing.

        Of articles that rules hit the smaller index `hits_fts` knows all.
        """
        if not text.strip():
            return
        asked = query(text)
        if asked.wanted:
            self.source = f"{index} AS f CROSS JOIN "
            self._conditions.append("a.number = f.rowid")
            without = f" NOT ({asked.unwanted})" if asked.unwanted else ""
            self.add(f"{index} MATCH ?", f"({asked.wanted}){without}")
        elif asked.unwanted:
            self.add(f"a.number NOT IN (SELECT rowid FROM {index} WHERE {index} MATCH ?)", asked.unwanted)
        else:
            self._conditions.append("0")

    def __str__(self) -> str:
        """Return the WHERE clause, or nothing."""
        return "WHERE " + " AND ".join(self._conditions) if self._conditions else ""


def article_of(row: Sequence[Any]) -> Article:
    """Build an article from the columns `SELECTED`."""
    return Article(
        id=row[0],
        source_id=row[1],
        identity=row[2],
        url=row[3],
        link=row[4],
        title=row[5],
        summary=row[6],
        body=row[7],
        author=row[8],
        published_at=row[9],
        published_raw=row[10],
        updated_at=row[11],
        updated_raw=row[12],
        seen_at=row[13],
        language=row[14],
        language_from=row[15],
        categories=tuple(_list(row[16])),
        flags=frozenset(_list(row[17])),
        marks=tuple(Mark(Field(mark[0]), *mark[1:]) for mark in _list(row[18])),
        content_hash=row[19],
        version=row[20],
    )


def _list(text: str) -> Any:
    """Read a list; most are empty, and where a million articles are read that is worth a look."""
    return () if text == "[]" else json.loads(text)


def _unless_url(article: Article, text: str) -> str | None:
    return None if text == article.url else storable(text)


def _json(values: Iterable[Any]) -> str:
    found = list(values)
    return storable(json.dumps(found, ensure_ascii=False)) if found else "[]"


def _marks(article: Article) -> str:
    return _json((mark.field.value, mark.start, mark.end, mark.kind) for mark in article.marks)


def _variants(article: Article) -> str:
    return " . ".join(filter(None, map(variants, (article.title, article.summary, article.body))))


def _said_by(article: Article) -> tuple[Any, ...]:
    """Return the columns from `url` to `updated_raw`: what the feed says."""
    return (
        storable(article.url),
        _unless_url(article, article.link),
        storable(article.title),
        storable(article.summary),
        storable(article.body),
        storable(article.author),
        article.published_at,
        storable(article.published_raw),
        article.updated_at,
        storable(article.updated_raw),
    )


def _known_of(article: Article) -> tuple[Any, ...]:
    """Return the columns from `language` to `version`: what we made of it."""
    return (
        article.language,
        article.language_from,
        _json(article.categories),
        _json(sorted(article.flags)),
        _marks(article),
        article.content_hash,
        article.version,
    )


def _row_of(one: Judged) -> tuple[Any, ...]:
    article = one.article
    return (
        article.id,
        article.source_id,
        _unless_url(article, article.identity),
        *_said_by(article),
        article.seen_at,
        *_known_of(article),
        one.novelty.value,
        one.reason,
        _variants(article),
    )


def _edit_of(article: Article) -> tuple[Any, ...]:
    return (
        *_said_by(article),
        *_known_of(article),
        _variants(article),
    )


def _version_of(article: Article, reason: str) -> tuple[Any, ...]:
    texts = (storable(article.title), storable(article.summary), storable(article.body))
    return (article.id, article.version, *texts, article.content_hash, article.seen_at, reason)
