"""Takes costs out of feedparser without changing what it answers: half of its time is spent on what nobody asked for.

Where a release has no longer what is replaced here, it works as it is. A test compares the answers, entry by entry,
over all real feeds that we have.
"""

import copy
import functools
import re
from types import ModuleType, SimpleNamespace
from typing import Any
from xml.sax import expatreader
from xml.sax.xmlreader import AttributesNSImpl

CONTROLS = re.compile("[\x80-\x9f]")
KNOWN = "6.0."  # releases whose way of beginning an element is known
ROOTS = {"feed", "rss", "rdf:rdf"}
USERLAND = "backend.userland.com"  # whose namespaces are equal, but only where an element begins
IN_TEXTINPUT = {"title", "link", "description", "name"}
IN_IMAGE = {"title", "link", "description", "url", "href", "width", "height"}
SIMPLE = {"text/plain", "text/html"}  # types of texts whose markup is escaped, if there is any
SAID_ELSEWHERE = {"category", "tags", "itunes_keywords"}  # what feedparser returns without storing it
PLAIN_URL = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?/(?:[A-Za-z0-9._~/-]|%[0-9A-Fa-f]{2})*(?:\?[A-Za-z0-9._~=/-]+)?")
NO_ATTRIBUTES = AttributesNSImpl({}, {})


def quicken(feedparser: Any) -> None:
    """Replace what costs much in feedparser's modules; what is replaced already stays."""
    api, mixin = getattr(feedparser, "api", None), getattr(feedparser, "mixin", None)
    if not (isinstance(api, ModuleType) and isinstance(mixin, ModuleType)):
        return
    # It looks for a libxml2 driver in the whole path for each document; that one might also open files.
    if isinstance(getattr(api, "PREFERRED_XML_PARSERS", None), list):
        api.PREFERRED_XML_PARSERS.clear()
    # It joins an element's base address with itself for each element: pure, so it can be remembered.
    if callable(join := getattr(mixin, "make_safe_absolute_uri", None)):
        mixin.make_safe_absolute_uri = join = functools.lru_cache(256)(join)  # type: ignore[attr-defined]
    if callable(joined := getattr(mixin, "_urljoin", None)) and not _is_ours(joined):
        mixin._urljoin = _quick_urljoin(joined)  # type: ignore[attr-defined]
    if isinstance(getattr(mixin, "copy", None), ModuleType):
        mixin.copy = SimpleNamespace(deepcopy=_deepcopy)  # type: ignore[attr-defined]
    values: Any = getattr(feedparser, "FeedParserDict", None)
    if isinstance(values, type) and not _is_ours(getattr(values, "get", None)):
        _shorten(values)
    strict = getattr(api, "StrictFeedParser", None)
    if isinstance(strict, type) and not issubclass(strict, _Remembering):
        strict = _merging(strict)
        if str(getattr(feedparser, "__version__", "")).startswith(KNOWN) and callable(join):
            strict = type("Remembering", (_Remembering, strict), {"safe": staticmethod(join)})
            if not _is_ours(expatreader.ExpatParser.start_element_ns):
                _remember_names(expatreader.ExpatParser)
        api.StrictFeedParser = strict  # type: ignore[attr-defined]


def _is_ours(function: object) -> bool:
    return getattr(function, "__module__", "") == __name__


def _deepcopy(value: Any) -> Any:
    """Copy what feedparser copies for each text: a flat mapping of texts, whose copy need not look into them."""
    if isinstance(value, dict) and all(isinstance(one, str | int | None) for one in value.values()):
        return type(value)(value)
    return copy.deepcopy(value)


def _quick_urljoin(join: Any) -> Any:
    """Leave an absolute address as it is where there is nothing in it that joining would change."""

    def quick(base: str, uri: str) -> Any:
        return uri if PLAIN_URL.fullmatch(uri) else join(base, uri)

    return quick


def _shorten(values: Any) -> None:
    """Let feedparser's mapping look for other names of a key only where a key has other names."""
    keymap = getattr(values, "keymap", None)
    if not isinstance(keymap, dict):
        return
    special = {*keymap, "category", "enclosures", "license", "updated", "updated_parsed"}
    getitem, contains, setitem = values.__getitem__, values.__contains__, values.__setitem__
    plain_getitem, plain_contains, plain_setitem, get = dict.__getitem__, dict.__contains__, dict.__setitem__, dict.get

    def quick_getitem(self: Any, key: Any) -> Any:
        return getitem(self, key) if key in special else plain_getitem(self, key)

    def quick_contains(self: Any, key: Any) -> Any:
        return contains(self, key) if key in special else plain_contains(self, key)

    def quick_setitem(self: Any, key: Any, value: Any) -> None:
        setitem(self, key, value) if key in special else plain_setitem(self, key, value)

    def quick_get(self: Any, key: Any, default: Any = None) -> Any:
        if key not in special:
            return get(self, key, default)
        try:
            return getitem(self, key)
        except KeyError:
            return default

    values.__getitem__, values.__contains__ = quick_getitem, quick_contains
    values.__setitem__, values.get = quick_setitem, quick_get


class _Text(str):
    """A text that is only translated where there is something to translate.

    feedparser maps the control characters U+0080 to U+009F to what Windows means by them, in every text: 0.1 us a
    letter where it is not Latin, which is more than all else for an article in Cyrillic.
    """

    __slots__ = ()

    def translate(self, table: Any, /) -> str:
        return super().translate(table) if CONTROLS.search(self) else str(self)


def _merging(strict: Any) -> Any:
    """Return feedparser's strict parser, but called once for a text, not once for each piece of it, and see `_Text`."""

    class Merging(strict):  # type: ignore[misc]
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            self._pieces: list[str] = []
            self.characters = self._pieces.append

        def startElementNS(self, *arguments: Any) -> None:
            if self._pieces:
                self._flush()
            super().startElementNS(*arguments)

        def endElementNS(self, *arguments: Any) -> None:
            if self._pieces:
                self._flush()
            super().endElementNS(*arguments)

        def decode_entities(self, element: str, data: str) -> str:
            return _Text(super().decode_entities(element, data))

        def _flush(self) -> None:
            text = "".join(self._pieces)
            self._pieces.clear()
            self.handle_data(text)

    return Merging


class _Remembering:
    """In front of feedparser's strict parser: a memory for the names of elements, and a short way for plain ones.

    A plain element has no attributes and stands outside of texts. For each of them feedparser works out again what
    its namespace is called here, copies attributes that are not there and looks among them for a base and a language.
    """

    safe: Any  # feedparser's make_safe_absolute_uri
    baseuri: Any

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._tags: dict[Any, str] = {}  # what it makes of a name, as long as no namespace is declared
        self._tag = ""

    def startPrefixMapping(self: Any, *arguments: Any) -> None:
        self._tags.clear()
        super().startPrefixMapping(*arguments)  # type: ignore[misc]

    def startElementNS(self: Any, name: Any, qname: Any, attributes: Any) -> None:
        tag = self._tags.get(name)
        if tag is not None and attributes is NO_ATTRIBUTES and not self.decls:
            if self._pieces:
                self._flush()
            if not self.incontent:
                self._start_plain(tag)
                return
        super().startElementNS(name, qname, attributes)  # type: ignore[misc]
        if qname is None and USERLAND not in (name[0] or "") and self._tag not in ROOTS:
            self._tags[name] = self._tag

    def unknown_starttag(self: Any, tag: str, attributes: Any) -> None:
        self._tag = tag
        super().unknown_starttag(tag, attributes)  # type: ignore[misc]

    def endElementNS(self: Any, name: Any, qname: Any) -> None:
        tag = self._tags.get(name)
        if tag is None:
            super().endElementNS(name, qname)  # type: ignore[misc]
            return
        if self._pieces:
            self._flush()
        self.unknown_endtag(tag)

    def pop(self: Any, element: str, strip_whitespace: int = 1) -> Any:
        """Store a text as feedparser does, but do to it only what it needs: most are plain ASCII.

        feedparser recodes and translates each one twice, and works out types for a cleaning that is switched off.
        """
        stack = self.elementstack
        if not (stack and stack[-1][0] == element and strip_whitespace and self._is_simple(element, stack[-1])):
            return super().pop(element, strip_whitespace)  # type: ignore[misc]
        output, params, entry = "".join(stack.pop()[2]).strip(), self.contentparams, self.entries[-1]
        if output and element in self.can_be_relative_uri and (element != "id" or self.guidislink):
            output = self.resolve_uri(output)
        plain = params.get("type") == "text/plain" and not self.version.startswith("atom")
        if plain and ("</" in output or "&" in output) and self.looks_like_html(output):
            params["type"] = "text/html"
        params.pop("base64", None)
        if element == "link":
            if not self.inimage:
                entry["link"] = output
                if output:
                    entry["links"][-1]["href"] = output
        elif element not in SAID_ELSEWHERE:
            self._store(entry, "summary" if element == "description" else element, output)
        return output

    def _is_simple(self: Any, element: str, top: Any) -> bool:
        """Tell whether a text is of the usual kind: of an entry, in ASCII, and its markup is escaped."""
        params = self.contentparams
        return bool(
            self.inentry
            and not self.insource
            and top[1]
            and element != "content"
            and not (element == "title" and -1 < self.title_depth <= self.depth)
            and (not params or (params.get("type") in SIMPLE and not params.get("base64") and "mode" not in params))
            and not (self.sanitize_html or self.resolve_relative_uris)
            and all(type(piece) is str and piece.isascii() for piece in top[2])
            and (element not in self.can_be_relative_uri or self._is_simple_address(top[2]))
        )

    def _is_simple_address(self: Any, pieces: list[str]) -> bool:
        """Tell whether feedparser would not mend an address: it takes `&b;` in one for a broken `&b`."""
        base = self.baseuri or ""
        return base.isascii() and "&" not in base and not any("&" in piece for piece in pieces)

    def _store(self: Any, entry: Any, name: str, output: str) -> None:
        """Keep the outermost text of a name, with its type where it has one."""
        depths = self.property_depth_map.setdefault(entry, {})
        if (had := depths.get(name)) is None or self.depth <= had:
            depths[name] = self.depth
            entry[name] = output
        if self.incontent:
            detail = _deepcopy(self.contentparams)
            detail["value"] = output
            entry[f"{name}_detail"] = detail

    def _start_plain(self: Any, tag: str) -> None:
        """Do what `unknown_starttag` does for each element, as far as it concerns a plain one."""
        self.depth += 1
        if self.baseuri:
            self.baseuri = self.safe(self.baseuri, self.baseuri) or self.baseuri
        self.basestack.append(self.baseuri)
        self.langstack.append(self.lang)
        prefix, _, suffix = tag.rpartition(":")
        prefix = self.namespacemap.get(prefix, prefix)
        if prefix:
            prefix += "_"
        else:
            if tag not in IN_TEXTINPUT:
                self.intextinput = 0
            if tag not in IN_IMAGE:
                self.inimage = 0
        try:
            getattr(self, f"_start_{prefix}{suffix}")({})
        except AttributeError:  # no handler, or one that fails: feedparser takes both for an unknown element
            self.push(prefix + suffix, 1)


@functools.lru_cache(4096)
def _pair(name: str) -> tuple[str | None, str]:
    """Return namespace and local name of what expat gives, as the standard library's reader does."""
    parts = name.split()
    return (None, name) if len(parts) == 1 else (parts[0], parts[1])


def _remember_names(reader: Any) -> None:
    """Let the standard library's reader split each name once, and make no attributes where there are none."""
    with_attributes = reader.start_element_ns

    def start_element_ns(self: Any, name: str, attributes: Any) -> None:
        if attributes:
            with_attributes(self, name, attributes)
        else:
            self._cont_handler.startElementNS(_pair(name), None, NO_ATTRIBUTES)

    def end_element_ns(self: Any, name: str) -> None:
        self._cont_handler.endElementNS(_pair(name), None)

    reader.start_element_ns, reader.end_element_ns = start_element_ns, end_element_ns
