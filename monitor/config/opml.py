"""Reads and writes OPML, the format in which feed readers exchange their lists; no effects.

A file comes from anywhere: no document type, no entities, bounded size, depth and number of outlines.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from monitor.config.sources import slug, wrong_url
from monitor.errors import UsageError
from monitor.model import Source
from monitor.settings import SourceEntry

BYTES = 10 * 1024**2
DEPTH = 64
OUTLINES = 50_000
_LONGEST = 500  # characters of a title
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w+;)")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Outlines:
    """What an OPML file holds."""

    entries: tuple[SourceEntry, ...]
    skipped: tuple[str, ...]  # one sentence for each outline that names a feed which cannot be polled


def read(data: bytes) -> Outlines:
    """Return the feeds of an OPML document, folders as tags; UsageError where it is none."""
    if len(data) > BYTES:
        raise UsageError(f"the OPML file is larger than {BYTES // 1024**2} MB")
    try:
        return _read(data)
    except expat.ExpatError as error:
        mended = _BARE_AMPERSAND.sub(b"&amp;", data)  # the commonest damage of such files
        if mended == data:
            raise _not_opml(error) from None
    try:
        return _read(mended)
    except expat.ExpatError as error:
        raise _not_opml(error) from None


def _not_opml(error: expat.ExpatError) -> UsageError:
    return UsageError(f"this is not OPML: line {error.lineno}: {expat.ErrorString(error.code)}")


def _read(data: bytes) -> Outlines:
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    try:
        parser.Parse(data, True)
    except (LookupError, ValueError, UnicodeError) as error:
        raise UsageError(f"this OPML file cannot be read: {error}") from None
    if reader.root != "opml":
        raise UsageError(f"this is not OPML: its outermost element is <{reader.root[:40]}>")
    return Outlines(tuple(reader.entries), tuple(reader.skipped))


def _refuse_doctype(*_: object) -> None:
    raise UsageError("this OPML file has a document type declaration; remove the line <!DOCTYPE ...>")


@dataclass(slots=True)
class _Reader:
    """Collects outlines while expat goes through the document."""

    root: str = ""
    entries: list[SourceEntry] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    _path: list[str] = field(default_factory=list)  # of the open elements: the folder's tag or ""
    _seen: int = 0

    def start(self, name: str, raw: dict[str, str]) -> None:
        self.root = self.root or name.lower()
        if len(self._path) >= DEPTH:
            raise UsageError(f"this OPML file is nested more than {DEPTH} levels deep")
        attributes = {key.lower(): " ".join(value.split()) for key, value in raw.items()}
        url = attributes.get("xmlurl", "")
        is_folder = name.lower() == "outline" and not url
        self._path.append(slug(attributes.get("text") or attributes.get("title") or "") if is_folder else "")
        if name.lower() == "outline" and url:
            self._count()
            self._feed(url, attributes)

    def end(self, _name: str) -> None:
        self._path.pop()

    def _count(self) -> None:
        self._seen += 1
        if self._seen > OUTLINES:
            raise UsageError(f"this OPML file holds more than {OUTLINES} feeds")

    def _feed(self, url: str, attributes: dict[str, str]) -> None:
        url = re.sub(r"^feed:(//)?(?=https?:)", "", url)
        url = re.sub(r"^feed://", "https://", url)
        title = _clean(attributes.get("title") or attributes.get("text") or "")
        if wrong := wrong_url(url):
            self.skipped.append(f"{title or 'a feed without a title'}: {wrong[0]}")
            return
        language = attributes.get("language", "").replace("_", "-").split("-")[0].lower()
        tags = [tag for tag in self._path if tag] + _categories(attributes.get("category", ""))
        self.entries.append(
            SourceEntry(
                url=(url,),
                title=title,
                language=language if re.fullmatch(r"[a-z]{2,3}", language) else "",
                tags=tuple(dict.fromkeys(tags)),
            )
        )


def _categories(text: str) -> list[str]:
    """OPML 2.0: categories are separated by commas, a path of them by slashes."""
    return [tag for part in re.split(r"[,/]", text) if (tag := slug(part))]


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)[:_LONGEST]


def write(sources: Iterable[Source], *, title: str = "monitor") -> str:
    """Return the sources as an OPML 2.0 document."""
    lines = [_outline(source) for source in sources]
    head = f"<head><title>{escape(title)}</title></head>\n<body>\n"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n{head}{"".join(lines)}</body>\n</opml>\n'


def _outline(source: Source) -> str:
    attributes = {
        "text": source.name,
        "title": source.name,
        "type": "rss",
        "xmlUrl": source.url,
        "language": source.language,
        "category": ",".join(sorted(source.tags)),
    }
    words = [f"{name}={quoteattr(_NOT_XML.sub('', value))}" for name, value in attributes.items() if value]
    return f"  <outline {' '.join(words)}/>\n"
