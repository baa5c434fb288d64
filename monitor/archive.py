"""EDGE: reads articles from files: JSON lines, one item a line, or feed documents; also packed by gzip, xz or bzip2.

An item has the keys `id, date, title, text, url, source, lang`, any of which may be missing; its text is plain. A feed
document is read as the daemon reads it (parse | extract).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from monitor.errors import UsageError
from monitor.extract.boilerplate import marks
from monitor.items import BROKEN, moment, opened, text_of
from monitor.language.detect import language_of
from monitor.model import Article, Field, Job, Source

BATCH = 500  # lines that are handed on together
LARGEST = 64 * 1024**2  # bytes of one feed document
LONGEST = 4 * 1024**2  # bytes of one line


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines of a file of items, not read yet: that is half of the work, and other processes can do it."""

    file: str
    first: int  # number of the first line
    lines: tuple[bytes, ...]


@dataclass(slots=True)
class Read:
    """Articles from a file, each with its source; and what could not be read, in words."""

    articles: list[tuple[Article, Source]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that are meant: those of a folder, however deep, in order. UsageError where there are none."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"there is no file {path}")
        inside = sorted(one for one in path.rglob("[!.]*") if one.is_file()) if path.is_dir() else [path]
        if not inside:
            raise UsageError(f"the folder {path} holds no files")
        found += inside
    return found


def batches(paths: Iterable[Path], *, sources: Sequence[Source], now: float) -> Iterator[Lines | Read]:
    """Read files piece by piece; UsageError names one that cannot be read. Articles of feeds come once each.

    `now` (seconds since the epoch) bounds the dates that feeds claim.
    """
    seen: set[bytes] = set()
    for path in paths:
        try:
            with opened(path) as stream:
                if _holds_items(stream):
                    yield from _lines(path, stream)
                else:
                    yield _fresh(_feed(path, stream, sources, now), seen)
        except BROKEN as error:
            raise UsageError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def read(lines: Lines, sources: Sequence[Source]) -> Read:
    """Make articles of lines; a line that is no item is left out and named."""
    known, found = names_of(sources), Read()
    for number, line in enumerate(lines.lines, lines.first):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            found.articles.append(_article(item, known))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            found.failed.append(f"{lines.file}:{number}: {error}"[:300])
    return found


# --- files -----------------------------------------------------------------------------------------------------------


def _holds_items(stream: BinaryIO) -> bool:
    """Tell JSON lines from a feed document, and go back to the beginning: a line is an object, and no JSON Feed."""
    line = stream.readline(LONGEST)
    while line and not line.strip():
        line = stream.readline(LONGEST)
    stream.seek(0)
    try:
        item = json.loads(line)
    except (ValueError, RecursionError):
        return line.lstrip(b"\xef\xbb\xbf \t")[:1] == b"{" and len(line) > 2  # a broken line among others
    return isinstance(item, dict) and "items" not in item


def _lines(path: Path, stream: BinaryIO) -> Iterator[Lines]:
    first, kept = 1, []
    for number, line in enumerate(iter(lambda: stream.readline(LONGEST), b""), 1):
        kept.append(line)
        if len(kept) == BATCH:
            yield Lines(str(path), first, tuple(kept))
            first, kept = number + 1, []
    if kept:
        yield Lines(str(path), first, tuple(kept))


# --- feeds -----------------------------------------------------------------------------------------------------------


def _feed(path: Path, stream: BinaryIO, sources: Sequence[Source], now: float) -> Read:
    from monitor.reading import read as read_document  # the parsers cost start-up time

    body = stream.read(LARGEST + 1)
    if len(body) > LARGEST:
        return Read(failed=[f"{path}: is larger than {LARGEST // 1024**2} MiB"])
    name = path.name.split(".")[0]
    source = names_of(sources).get(name.casefold()) or Source(id=name, url="")
    job = Job(source=source, body=body, url="", content_type="", known=b"", entries_limit=10**6, now=now)
    reading = read_document(replace(job, source=replace(source, kind="feed")))
    failed = [f"{path}: {one}" for one in reading.failed]
    if not reading.articles and not failed:
        failed = [f"{path}: {reading.parsed.reason or 'holds no entries'}"]
    # What it would have been to the daemon: an article that came when it was published.
    return Read([(replace(one, seen_at=one.published_at or 0.0), source) for one in reading.articles], failed)


def _fresh(found: Read, seen: set[bytes]) -> Read:
    """Leave out what an earlier document had, so that snapshots of one feed count each article once."""
    kept = []
    for article, source in found.articles:
        key = hashlib.blake2b(f"{article.id} {article.content_hash}".encode(), digest_size=8).digest()
        if key not in seen:
            seen.add(key)
            kept.append((article, source))
    return Read(kept, found.failed)


# --- items -----------------------------------------------------------------------------------------------------------


def names_of(sources: Iterable[Source]) -> dict[str, Source]:
    """Return sources by all that an archive may call them, in small letters."""
    found: dict[str, Source] = {}
    for source in sources:
        for name in (source.id, source.title, source.publisher):
            if name:
                found.setdefault(name.casefold(), source)
    return found


def _article(item: Mapping[str, Any], known: Mapping[str, Source]) -> tuple[Article, Source]:
    title, text, url, named = (text_of(item, key) for key in ("title", "text", "url", "source"))
    title = " ".join(title.split())
    source = known.get(named.casefold()) or Source(id=named or "archive", url="", publisher=named)
    language, origin = language_of(f"{title}\n{text}", declared=(text_of(item, "lang"),), of_source=source.language)
    at = moment(item.get("date")) or 0.0
    key = str(item.get("id") or url or hashlib.sha256(f"{title}\n{text}".encode("utf-8", "replace")).hexdigest()[:12])
    return (
        Article(
            id=key,
            source_id=source.id,
            identity=key,
            url=url,
            link=url,
            title=title,
            summary=text,
            body="",
            published_at=at or None,
            seen_at=at,
            language=language,
            language_from=origin,
            marks=marks(Field.SUMMARY, text),
        ),
        source,
    )
