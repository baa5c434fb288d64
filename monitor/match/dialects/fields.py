"""The fields of foreign queries, such as `intitle:`: what each becomes as a condition, or why it becomes none."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from monitor.match.dialects.tree import Either, Fact, LeftOut, Node, Say, Scoped, Site
from monitor.match.languages import wrong_language

Make = Callable[[Node, str, int], Node]  # of its value, as it was written, and where
ADDRESS = "rules say nothing of addresses; name the feeds in question: source: {id: [...]}"
AUTHOR = "there is no condition on authors; name the feed: source: {id: ...}"
NO_FEED = "none of your sources is a feed of it; add one, or name others: source: {id: [...]}"
_DOMAIN = re.compile(r"(?:https?://)?(?:www\.|\*\.|\.)?(?P<domain>[\w-]+(?:\.[\w-]+)*)/?", re.IGNORECASE)
_COUNTRIES = {"UK": "GB", "EL": "GR"}


@dataclass(frozen=True, slots=True)
class Field:
    """What a field becomes; `rest`: it holds for everything up to the next bracket, not for the next word alone."""

    make: Make
    rest: bool = False


def scoped(scope: str, *, rest: bool = False) -> Field:
    """Return a field that becomes the condition `title` or `body`."""
    return Field(lambda part, _written, _at: Scoped(scope, part), rest)


def unsaid(why: str) -> Field:
    """Return a field that becomes nothing."""
    return Field(lambda _part, written, at: LeftOut(written, at, why))


def unsaid_all(names: str, why: str) -> dict[str, Field]:
    """Return several fields that become nothing, for one reason."""
    return {name: unsaid(why) for name in names.split()}


def _language(part: Node, written: str, at: int) -> Node:
    codes = [code.lower() for code in values(part)]
    for code in codes:
        if hint := wrong_language(code):
            return LeftOut(written, at, f"{code!r} is no language; {hint}")
    return _fact("language", codes, written, at)


def _country(part: Node, written: str, at: int) -> Node:
    codes = [_COUNTRIES.get(code.upper(), code.upper()) for code in values(part)]
    for code in codes:
        if len(code) != 2 or not code.isalpha():
            return LeftOut(written, at, f"{code!r} is no code of a country; write for example BY")
    fact = _fact("source", codes, written, at)
    return Fact("source", {"country": fact.value}) if isinstance(fact, Fact) else fact


def _site(part: Node, written: str, at: int) -> Node:
    found = [_DOMAIN.fullmatch(value) for value in values(part)]
    domains = tuple(match["domain"].lower() for match in found if match)
    return Site(written, at, domains) if domains and len(domains) == len(found) else LeftOut(written, at, ADDRESS)


def feeds_of(site: Site, hosts: Mapping[str, str]) -> Node:
    """Return the condition on the sources (id -> host) that are feeds of a site or of what lies below it."""
    ids = [one for one, host in hosts.items() if any(f".{host}".endswith(f".{domain}") for domain in site.domains)]
    return Fact("source", {"id": ids[0] if len(ids) == 1 else ids}) if ids else LeftOut(site.written, site.at, NO_FEED)


def _fact(key: str, codes: Sequence[str], written: str, at: int) -> Node:
    if not codes:
        return LeftOut(written, at, "it names no code, or more than a list joined by OR")
    return Fact(key, codes[0] if len(codes) == 1 else list(codes))


def values(part: Node) -> list[str]:
    """Return the words of a word or of a list joined by OR; nothing where it is something else."""
    parts = part.parts if isinstance(part, Either) else (part,)
    words = [one.written for one in parts if isinstance(one, Say) and one.kind == "plain"]
    return words if len(words) == len(parts) else []


LANGUAGE, COUNTRY, SITE = Field(_language), Field(_country), Field(_site)
