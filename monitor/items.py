"""EDGE: reads an archive of items: JSON lines, one object a line, also packed by gzip, xz or bzip2.

An item has the keys `id, date, title, text, url, source, lang`; each may be missing. A line that is no item is a value
of its own, `Wrong`, and stops nothing.
"""

import bz2
import gzip
import json
import lzma
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from monitor.errors import UsageError
from monitor.extract.clean import one_line
from monitor.extract.dates import EARLIEST

LONGEST = 4 * 1024**2  # bytes of one line
MILLISECONDS = 1e11  # a date that is a number above this counts milliseconds: as seconds it were the year 5138
_OPENERS: Mapping[str, Callable[[Path], Any]] = {".gz": gzip.GzipFile, ".xz": lzma.LZMAFile, ".bz2": bz2.BZ2File}
BROKEN = (OSError, EOFError, lzma.LZMAError, zlib.error)
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Item:
    """One item as its archive has it."""

    line: int  # its number in the file, from 1
    id: str
    at: float | None  # seconds since the epoch; None = no date that can be used
    date: str  # as written
    title: str
    text: str
    url: str
    source: str  # what the archive calls it, else the host of the URL; "" = neither is there
    language: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that is no item, and why."""

    line: int
    why: str


@dataclass(slots=True)
class Archive:
    """A file of items, looked through once; `items` reads it again, in the order of time."""

    path: Path
    latest: float  # what is dated later has no date that can be used
    dated: int = 0
    undated: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)  # name -> host of its first item, in order of appearance
    ordered: bool = True
    first: float | None = None
    last: float | None = None

    @classmethod
    def look(cls, path: Path, *, latest: float, progress: Callable[[int], None] = lambda _: None) -> "Archive":
        """Look a file through; UsageError where it cannot be read. `latest` in seconds since the epoch.

        `progress` hears of every thousandth line that is not empty.
        """
        archive, before = cls(path, latest), float("-inf")
        for number, one in enumerate(read(path, latest=latest), 1):
            if not number % 1000:
                progress(number)
            if isinstance(one, Wrong):
                archive.wrong.append(one)
            elif one.at is None:
                archive.undated += 1
            else:
                archive._count(one, one.at)
                archive.ordered &= one.at >= before
                before = one.at
        return archive

    def _count(self, item: Item, at: float) -> None:
        self.dated += 1
        self.sources.setdefault(item.source, host_of(item.url))
        self.first = at if self.first is None else min(self.first, at)
        self.last = at if self.last is None else max(self.last, at)

    def items(self) -> Iterator[tuple[float, Item]]:
        """Return the dated items with their dates, the oldest first; only where the file is not so, all are held."""
        dated = (
            (one.at, one) for one in read(self.path, latest=self.latest) if isinstance(one, Item) and one.at is not None
        )
        return dated if self.ordered else iter(sorted(dated, key=lambda pair: pair[0]))


def read(path: Path, *, latest: float) -> Iterator[Item | Wrong]:
    """Read the lines of a file; empty ones are left out. UsageError where it cannot be read."""
    if path.is_dir() or not path.exists():
        raise UsageError(f"{path} is a folder; name a file" if path.is_dir() else f"there is no file {path}")
    try:
        with opened(path) as stream:
            for number, line in enumerate(_lines(stream), 1):
                if stripped := line.removeprefix(_BOM).strip():
                    yield _item(number, stripped, latest)
    except BROKEN as error:
        raise UsageError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def opened(path: Path) -> BinaryIO:
    """Open a file to read its bytes, unpacked where its name says that it is packed; reading raises one of `BROKEN`."""
    opener = _OPENERS.get(path.suffix.lower())
    return cast(BinaryIO, opener(path)) if opener else path.open("rb")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines; of one that is too long only the beginning, which is one byte longer than may be."""
    while line := stream.readline(LONGEST + 1):
        rest = line
        while len(rest) > LONGEST and not rest.endswith(b"\n"):
            rest = stream.readline(LONGEST + 1)
        yield line


def _item(number: int, line: bytes, latest: float) -> Item | Wrong:
    if len(line) > LONGEST:
        return Wrong(number, f"is longer than {LONGEST // 1024**2} MiB")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Wrong(number, f"is not JSON: {error}"[:200])
    if not isinstance(found, dict):
        return Wrong(number, f"is a {_KINDS.get(type(found), 'value')}, not an object: one item a line")
    try:
        return _of(number, found, latest)
    except TypeError as error:
        return Wrong(number, str(error))


_KINDS = {list: "list", str: "text", int: "number", float: "number"}


def _of(number: int, found: Mapping[str, Any], latest: float) -> Item:
    key, date, url = found.get("id"), found.get("date"), text_of(found, "url")
    at = moment(date)
    return Item(
        line=number,
        id=str(key) if isinstance(key, str | int) else "",
        at=at if at is not None and EARLIEST <= at <= latest else None,
        date=str(date) if isinstance(date, str | int | float) else "",
        title=text_of(found, "title"),
        text=text_of(found, "text"),
        url=url,
        source=one_line(text_of(found, "source")) or one_line(host_of(url)),
        language=text_of(found, "lang"),
    )


def text_of(found: Mapping[str, Any], key: str) -> str:
    """Return a text, "" where there is none; TypeError where something else stands there."""
    value = found.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"{key} is not a text")
    return value


def host_of(url: str) -> str:
    """Return the host of a URL without `www.`; "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def moment(date: Any) -> float | None:
    """Return a date as seconds since the epoch, or None: ISO 8601 (else of UTC), as in mails, or a number."""
    if isinstance(date, bool) or not isinstance(date, str | int | float):
        return None
    if not isinstance(date, str):
        return _number(date)
    for reads in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = reads(date.strip())
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError, OSError, TypeError, IndexError):
            continue
    return None


def _number(date: float) -> float | None:
    try:
        seconds = float(date)
    except OverflowError:
        return None
    if not isfinite(seconds):
        return None
    return seconds / 1000 if seconds > MILLISECONDS else seconds
