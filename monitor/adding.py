"""What is added to sources.yaml: entries that are not there yet, each with an id of its own."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from monitor.config.sources import name_for, same_address
from monitor.errors import UsageError
from monitor.settings import SourceEntry

if TYPE_CHECKING:
    from monitor.config import Config

LONGEST_TITLE = 200  # characters


def entry_for(url: str, *, title: str, language: str, tags: Iterable[str] = ()) -> SourceEntry:
    """Return an entry for a feed that was found; `language` is what the feed declares, such as `en-GB`."""
    one_line = " ".join("".join(letter for letter in title if letter.isprintable()).split())
    return SourceEntry(
        url=(url,), title=one_line[:LONGEST_TITLE], language=_language(language), tags=tuple(dict.fromkeys(tags))
    )


def _language(tag: str) -> str:
    """Take the language out of what a feed declares; "" where it is not one."""
    found = re.match(r"([A-Za-z]{2,3})(?:[-_]|$)", tag.strip())
    return found[1].lower() if found else ""


def check_id(id: str) -> str:
    """Return an id as it is; UsageError where it is none."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", id):
        raise UsageError(f"{id!r} is no id; use small letters, digits and hyphens, for example border-news")
    return id


def fresh(entries: Iterable[SourceEntry], config: "Config", *, id: str | None = None) -> tuple[list[SourceEntry], int]:
    """Return the entries that are not in the configuration, each with an id of its own, and how many are known."""
    addresses = {same_address(source.url) for source in config.sources}
    ids = {source.id for source in config.sources}
    if id in ids:
        raise UsageError(f"the id {id!r} is taken; choose another one")
    found, known = [], 0
    for entry in entries:
        address = same_address(entry.url[0])
        if address in addresses:
            known += 1
            continue
        name = base = id or name_for(entry.title, entry.url[0])
        number = 2
        while name in ids:
            name, number = f"{base}-{number}", number + 1
        addresses.add(address)
        ids.add(name)
        found.append(entry.model_copy(update={"id": name}))
    return found, known
