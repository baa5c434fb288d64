"""Makes sources of the entries of `sources.yaml`: ids, addresses, reliability; no effects."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

from monitor.config import suggest
from monitor.config.secrets import redact_web, references
from monitor.config.yaml import Located, Path_
from monitor.errors import Problem
from monitor.model import Source
from monitor.settings import SourceEntry

_LONGEST_ID = 60
_RELIABILITY = "ABCDEF"  # of tier 1 to 6
_NOT_ISO = {"UK": "GB for the United Kingdom, UA for Ukraine", "EL": "GR for Greece"}  # what is written by mistake
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PLAIN_WORDS = frozenset({"feed", "feeds", "rss", "atom", "xml", "index", "www", "php", "html", "json"})


@dataclass(frozen=True, slots=True)
class _Named:
    """One source to be: its entry, where that stands, and its id if that is settled."""

    entry: SourceEntry
    path: Path_
    url: str
    id: str
    settled: bool


def build(
    entries: Sequence[SourceEntry], located: Located, *, kinds: Collection[str]
) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    """Return the sources of a file, and what is wrong with its entries."""
    problems: list[Problem] = []
    named = list(_named(entries))
    problems += _problems_of_ids(named, located)
    problems += _problems_of_urls(named, located)
    for index, entry in enumerate(entries):
        problems += _problems_of_entry(entry, ("sources", index), located, kinds)
    return tuple(_source(one, id) for one, id in zip(named, _unique(named), strict=True)), tuple(problems)


def slug(text: str) -> str:
    """Make an id of words: small ASCII letters, digits and hyphens; "" where no letter can be written so."""
    plain = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_LONGEST_ID].rstrip("-")


def name_for(title: str, url: str) -> str:
    """Make a source's id of its title where that can be written in ASCII letters, else of its address."""
    letters = [char for char in title if char.isalpha()]
    latin = [char for char in letters if unicodedata.normalize("NFKD", char)[0].isascii() or char in "łŁ"]
    if title and len(latin) >= max(1, 0.8 * len(letters)):
        return slug(title)
    parts = urlsplit(url)
    words = [word for word in slug(f"{parts.hostname or ''} {parts.path}").split("-") if word not in _PLAIN_WORDS]
    return "-".join(words)[:_LONGEST_ID].rstrip("-") or "source"


def same_address(url: str) -> str:
    """Return what two spellings of one address share: no scheme, no default port, no fragment, small letters."""
    try:
        parts = urlsplit(url)
        port = "" if parts.port in {None, 80, 443} else f":{parts.port}"
    except ValueError:
        return url
    return f"{(parts.hostname or '').removeprefix('www.')}{port}{parts.path.rstrip('/')}?{parts.query}"


def wrong_url(url: str) -> tuple[str, str] | None:
    """Return what is wrong with the address of a feed and what to write instead, or None."""
    shown = redact_web(url)
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        return f"{shown!r} is no address: {error}", "write https://host/path"
    if parts.scheme not in {"http", "https"}:
        return f"{shown!r} is not an http(s) address", _scheme_hint(url, parts)
    if not parts.hostname or re.search(r"[\s\x00-\x1f\x7f<>\"]", url):
        return f"{shown!r} is no address", "write https://host/path, without blanks"
    return None


def _scheme_hint(url: str, parts: SplitResult) -> str:
    if parts.scheme == "feed":
        return "write https:// instead of feed:"
    if not parts.scheme and "." in url.split("/")[0]:
        return f"did you mean 'https://{url}'?"
    return "write https://host/path"


# --- ids -------------------------------------------------------------------------------------------------------------


def _named(entries: Sequence[SourceEntry]) -> Iterator[_Named]:
    """Give each address of each entry its name; a further address of an entry gets a number."""
    for index, entry in enumerate(entries):
        if not entry.url:
            continue
        first = entry.id or name_for(entry.title, entry.url[0])
        for number, url in enumerate(entry.url, start=1):
            path: Path_ = ("sources", index, "url", number - 1)
            yield _Named(entry, path, url, first if number == 1 else f"{first}-{number}", entry.id is not None)


def _unique(named: Sequence[_Named]) -> Iterator[str]:
    """Yield an id for each, all different: what the user wrote stays, what was made gets a number."""
    taken = {one.id for one in named if one.settled}
    for one in named:
        name, number = one.id, 2
        while not one.settled and name in taken:
            name, number = f"{one.id}-{number}", number + 1
        taken.add(name)
        yield name


def _problems_of_ids(named: Sequence[_Named], located: Located) -> Iterator[Problem]:
    first: dict[str, _Named] = {}
    for one, name in zip(named, _unique(named), strict=True):
        entry: Path_ = one.path[:2]
        if name != one.id:
            message = f"gets the id {name!r}, because {one.id!r} is taken; it would change if the order changed"
            yield located.problem((*entry, "title"), message, f"add the line 'id: {name}'", warning=True)
        if name in first:
            line = located.where((*first[name].path[:2], "id"))[0]
            yield located.problem((*entry, "id"), f"the id {name!r} is taken in line {line}", "give it another id")
        first.setdefault(name, one)


# --- addresses and other values --------------------------------------------------------------------------------------


def _problems_of_urls(named: Sequence[_Named], located: Located) -> Iterator[Problem]:
    first: dict[str, _Named] = {}
    for one in named:
        if wrong := wrong_url(one.url):
            yield located.problem(one.path, *wrong)
            continue
        yield from _problems_of_secrets(one, located)
        known = first.setdefault(same_address(one.url), one)
        if known is not one:
            line = located.where(known.path)[0]
            message = f"{redact_web(one.url)!r} is polled already, see line {line}"
            yield located.problem(one.path, message, "remove one of them", warning=True)


def _problems_of_secrets(one: _Named, located: Located) -> Iterator[Problem]:
    if references(one.url):
        yield located.problem(one.path, "an address cannot hold ${...}: it is shown in alerts", "use 'headers'")
    elif "@" in urlsplit(one.url).netloc:
        hint = "use headers: {Authorization: 'Basic ${credential:NAME}'}"
        yield located.problem(one.path, "an address with a password is shown in alerts", hint, warning=True)


def _problems_of_entry(entry: SourceEntry, path: Path_, located: Located, kinds: Collection[str]) -> Iterator[Problem]:
    if not entry.url:
        yield located.problem((*path, "url"), "there is no address", "add one")
    if entry.kind not in kinds:
        hint = suggest.hint(entry.kind, kinds, what="kinds")
        yield located.problem((*path, "kind"), f"there is no kind {entry.kind!r} of source", hint)
    if entry.country in _NOT_ISO:
        message = f"there is no country {entry.country}"
        yield located.problem((*path, "country"), message, f"write {_NOT_ISO[entry.country]}", warning=True)
    if entry.tier and entry.reliability and _RELIABILITY[entry.tier - 1] != entry.reliability:
        message = f"tier {entry.tier} means reliability {_RELIABILITY[entry.tier - 1]}, not {entry.reliability}"
        yield located.problem((*path, "tier"), message, "keep one of them")
    if entry.proxy and not entry.proxy.startswith(("http://", "https://", "${")):
        yield located.problem((*path, "proxy"), "the proxy is no http(s) address", "write http://host:port")
    for name, value in entry.headers.items():
        if not _HEADER.fullmatch(name) or re.search(r"[\r\n\0]", value):
            place = (*path, "headers", name)
            yield located.problem(place, f"{name!r} is no header that can be sent", "write Name: value, on one line")


def _source(one: _Named, name: str) -> Source:
    entry = one.entry
    return Source(
        id=name,
        url=_without_fragment(one.url),
        kind=entry.kind,
        title=entry.title,
        publisher=entry.publisher,
        family=entry.family,
        country=entry.country,
        language=entry.language,
        reliability=entry.reliability or (_RELIABILITY[entry.tier - 1] if entry.tier else "F"),
        interval=entry.interval,
        headers=tuple(entry.headers.items()),
        user_agent=entry.user_agent,
        proxy=entry.proxy,
        tags=frozenset(entry.tags),
        enabled=entry.enabled,
    )


def _without_fragment(url: str) -> str:
    """A fragment is never sent; it would make two addresses of one."""
    try:
        return urlunsplit(urlsplit(url)._replace(fragment=""))
    except ValueError:
        return url  # a problem is reported for it
