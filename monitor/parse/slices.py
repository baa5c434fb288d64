"""Cuts known items out of a document, so that feedparser sees only what is new.

One expat pass finds each item's bytes. Items whose bytes were read before are left out; what remains is the document's
head, its new items and its tail. feedparser's answer for the new items must be the same as for the whole document, so
whatever lets one item change how feedparser reads the next one makes a document uncuttable, as does anything that is
not plainly well-formed UTF-8. The rules below name each such thing.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.parsers import expat

from monitor.parse.age import age
from monitor.parse.newest import newest

SIZE = 8  # bytes of one item's hash
SPACE = " "  # between namespace and name, as expat writes them
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_FEEDS = {"http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"}
USERLAND = "backend.userland.com/rss"  # feedparser takes any namespace with this in it for RSS
PLAIN, HANDLED, CONTENT, DIV, PICTURE, ENTRY, CHANNEL, ROOT, RDF_ROOT = range(9)
KINDS = {
    "item": ENTRY, "entry": ENTRY, "image": PICTURE, "textinput": PICTURE,
    "channel": CHANNEL, "rss": ROOT, "feed": ROOT,
}  # fmt: skip
# Elements whose text may be markup; in any namespace, to be sure.
TEXTS = {
    "title", "subtitle", "tagline", "rights", "copyright", "description", "abstract", "info", "browserfriendly",
    "summary", "content", "body", "encoded", "fullitem",
}  # fmt: skip
OUTER = (ENTRY, CHANNEL, ROOT, RDF_ROOT)
NAME = re.compile(rb"[^\s/>]+")
MARKUP = ("xhtml", "application/xhtml+xml")


class Uncuttable(Exception):
    """A document is left to feedparser as it is; the text says why."""


@dataclass(frozen=True, slots=True)
class Names:
    """What feedparser knows by name."""

    namespaces: Mapping[str, str]  # URI in small letters -> the prefix that it gives to its elements
    elements: frozenset[str]  # those which it treats in some way, in small letters, without prefix


@dataclass(frozen=True, slots=True)
class Sliced:
    """A document without its known items."""

    body: bytes
    items: bytes  # the hashes of all its items, in order, concatenated
    known: int  # items left out, because their bytes were known
    skipped: int = 0  # new items left out, because there are too many
    taken: int = 0  # items that are left


def cut(body: bytes, known: bytes, *, limit: int, names: Names) -> Sliced | None:
    """Return a document without its known items and with at most `limit` new ones; None where it cannot be cut."""
    try:
        spans = find(body, names)
    except (Uncuttable, expat.ExpatError, UnicodeDecodeError):
        return None
    hashes = [hashlib.blake2b(body[start:end], digest_size=SIZE).digest() for start, end in spans]
    had = hashes_in(known)
    new = [span for span, one in zip(spans, hashes, strict=True) if one not in had]
    kept = new
    if len(new) > limit:
        kept = [new[position] for position in newest([age(body[start:end]) for start, end in new], limit)]
    left = body if len(kept) == len(spans) else _only(body, spans, set(kept))
    return Sliced(left, b"".join(hashes), len(spans) - len(new), len(new) - len(kept), len(kept))


def hashes_in(known: bytes) -> set[bytes]:
    """Return the single hashes of a concatenation."""
    return {known[number : number + SIZE] for number in range(0, len(known), SIZE)}


def find(body: bytes, names: Names) -> list[tuple[int, int]]:
    """Return where each item begins and ends; Uncuttable, ExpatError or UnicodeDecodeError where that is not plain."""
    if b"\0" in body[:64]:
        raise Uncuttable("it is not UTF-8")
    body.decode("utf-8")
    found = _Pass(body, names)
    found.parser.Parse(body, True)
    _check_namespaces(found.declared, found.late, names.namespaces)
    return found.spans


def _only(body: bytes, spans: Sequence[tuple[int, int]], kept: set[tuple[int, int]]) -> bytes:
    parts, position = [], 0
    for start, end in spans:
        parts.append(body[position:start])
        if (start, end) in kept:
            parts.append(body[start:end])
        position = end
    return b"".join([*parts, body[position:]])


class _Kinds(dict[str, int]):
    """What an element's name, as expat gives it, means for cutting; each name is looked at once a document."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, name: str) -> int:
        uri, _, local = name.rpartition(SPACE)
        uri, local = uri.lower(), local.lower()
        prefix = "" if not uri or USERLAND in uri else self._names.namespaces.get(uri)
        kind = PLAIN if prefix else KINDS.get(local, PLAIN)
        if prefix is None and kind in OUTER:
            raise Uncuttable("its namespace may or may not be a feed's")
        if local in TEXTS and (prefix, local) != ("media", "content"):  # that one holds no text
            kind = CONTENT
        elif local == "div":
            kind = DIV
        elif uri == RDF and local == "rdf":
            kind = RDF_ROOT
        elif not kind and local in self._names.elements:
            kind = HANDLED
        self[name] = kind
        return kind


class _Pass:
    """One walk over a document."""

    def __init__(self, body: bytes, names: Names) -> None:
        self.body = body
        self.spans: list[tuple[int, int]] = []
        self.declared: set[tuple[str, str]] = set()  # namespaces: (prefix, URI)
        self.late = False  # a prefix is declared below the root
        self._kinds = _Kinds(names)
        self._depth = 0
        self._opened = -1  # byte at which the current item begins
        self._item = 0  # its depth
        self._parents: list[int] = []  # kinds of the root and of a channel that is open
        self._text = 0  # depth of the element whose text may be markup
        self._childless = 0  # depth of an element that may have no children
        self._markup = 0  # depth of the element whose content is XHTML
        self.parser = parser = expat.ParserCreate(namespace_separator=SPACE)
        parser.ordered_attributes = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.StartNamespaceDeclHandler = self._declare
        parser.XmlDeclHandler, parser.StartDoctypeDeclHandler = self._check_encoding, self._refuse_doctype

    def _check_encoding(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
            raise Uncuttable(f"it is declared as {encoding}")

    def _refuse_doctype(self, *_: object) -> None:
        raise Uncuttable("it has a document type: an item may use what that declares")

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        self.declared.add((prefix or "", uri or ""))
        self.late = self.late or bool(prefix and self._depth)

    def _start(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        kind = self._kinds[name]
        if self._opened >= 0:
            if kind > HANDLED or attributes or self._text or self._childless:
                self._inside(kind, attributes)
        elif kind > DIV or self._depth == 1:
            self._outside(kind)

    def _end(self, _: str) -> None:
        depth = self._depth
        self._depth = depth - 1
        if self._opened >= 0:
            if depth == self._item:
                self._close()
            elif depth in (self._text, self._markup, self._childless):
                self._leave(depth)
        elif len(self._parents) == depth:
            self._parents.pop()

    def _outside(self, kind: int) -> None:
        """Open an item where feeds have it: in a channel below the root, or below the root itself."""
        if self._depth == 1:
            if kind not in (ROOT, RDF_ROOT):
                raise Uncuttable("its root is no feed's")
            if kind == RDF_ROOT and not any(uri.lower() in RDF_FEEDS for _, uri in self.declared):
                raise Uncuttable("feedparser would learn its version from its items")
            self._parents.append(kind)
        elif kind == CHANNEL and self._depth == 2:
            self._parents.append(kind)
        elif kind == ENTRY:
            if self._depth != len(self._parents) + 1:
                raise Uncuttable("it has an item in a strange place")
            self._opened, self._item = self.parser.CurrentByteIndex, self._depth

    def _inside(self, kind: int, attributes: list[str]) -> None:
        """Refuse what lets an item change how feedparser reads the next one."""
        if self._childless and self._depth == self._childless + 1:
            raise Uncuttable("an item holds an image with children, or literal XML")
        if kind in OUTER:
            raise Uncuttable("an item holds another item, or a feed")
        if kind == DIV and not self._markup:
            raise Uncuttable("an item holds a literal <div>, after which feedparser miscounts")
        if self._text and kind not in (PLAIN, DIV):
            raise Uncuttable("a text holds a literal element whose end feedparser takes for that of one of its own")
        if kind == CONTENT:
            self._text = self._depth
        elif kind == PICTURE:
            self._childless = self._depth
        if attributes and not self._markup:
            self._look_at_type(attributes)

    def _look_at_type(self, attributes: list[str]) -> None:
        for position in range(0, len(attributes), 2):
            if attributes[position].rpartition(SPACE)[2].lower() == "type":
                media = attributes[position + 1].strip().lower()
                if media in MARKUP:
                    self._markup = self._depth
                elif media.endswith("xml"):
                    self._childless = self._depth

    def _leave(self, depth: int) -> None:
        self._text = 0 if depth == self._text else self._text
        self._markup = 0 if depth == self._markup else self._markup
        self._childless = 0 if depth == self._childless else self._childless

    def _close(self) -> None:
        """Note an item's bytes; expat gives the place of the end tag's "<", the item goes on to its ">"."""
        at = self.parser.CurrentByteIndex
        name = NAME.match(self.body, self._opened + 1)
        if not name or not self.body.startswith(b"</" + name[0], at):
            raise Uncuttable("an item is an empty tag, after which expat is a step further")
        self.spans.append((self._opened, self.body.index(b">", at) + 1))
        self._opened, self._text, self._markup, self._childless = -1, 0, 0, 0


def _check_namespaces(declared: set[tuple[str, str]], late: bool, namespaces: Mapping[str, str]) -> None:
    """Refuse prefixes that are declared below the root and mean different things, or several prefixes for one thing.

    feedparser keeps the namespaces of one item for the following ones.
    """
    if not late:
        return
    own = set(namespaces.values())
    prefixes = [prefix.lower() for prefix, _ in declared if prefix]
    unknown = [uri for _, uri in declared if uri and uri.lower() not in namespaces]
    if (
        len(set(prefixes)) < len(prefixes)
        or len(set(unknown)) < len(unknown)
        or any(USERLAND in uri.lower() for uri in unknown)
        or any(prefix.lower() in own - {namespaces.get(uri.lower())} for prefix, uri in declared if prefix)
    ):
        raise Uncuttable("its items declare namespaces that contradict each other")
