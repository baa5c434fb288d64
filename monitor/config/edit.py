"""EDGE: adds entries to `sources.yaml` as a person would: comments, order and everything else stay as they are.

The file is edited as text. Before it is written, the new text is read again, and has to hold exactly the old data and
the new entries; else nothing is written and the user is told what to add by hand.
"""

import json
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from monitor.config import scalars
from monitor.config.yaml import Located, parse
from monitor.errors import ConfigError, UsageError
from monitor.settings import SourceEntry

_PLAIN = re.compile(r"[^\W_][\w .,/()&+~=@;%-]*(?:[:][\w/.~-][\w .,/()&+~=@;%:?-]*)?(?<! )")
_EMPTY = re.compile(r"^(sources[ \t]*:)[ \t]*(\[[ \t]*\]|~|null)?[ \t]*(#[^\n]*)?$", re.MULTILINE)
_HEAD = "# yaml-language-server: $schema=.schemas/sources.json\n"


def add_sources(path: Path, entries: Sequence[SourceEntry], *, file: str) -> None:
    """Append entries to the file; UsageError, and an untouched file, where that cannot be done safely."""
    raw = path.read_bytes().decode("utf-8-sig") if path.exists() else _HEAD
    text = with_sources(raw.replace("\r\n", "\n"), entries, file=file)
    mark = "\ufeff" if path.exists() and path.read_bytes().startswith(b"\xef\xbb\xbf") else ""
    replace_file(path, mark + (text.replace("\n", "\r\n") if "\r\n" in raw else text))


def with_sources(text: str, entries: Sequence[SourceEntry], *, file: str) -> str:
    """Return the text of `sources.yaml` with entries appended."""
    located = parse(text, file=file)
    if located.problems:
        raise ConfigError(located.problems)
    edited = _edited(text, located, entries)
    if parse(edited, file=file).data != _expected(located.data, entries):
        by_hand = "".join(written(entries, indent="  ")).strip("\n")
        raise UsageError(f"{file} is laid out in a way that cannot be edited safely; add this by hand:\n\n{by_hand}")
    return edited


def _expected(data: Any, entries: Sequence[SourceEntry]) -> Any:
    data = data if isinstance(data, dict) else {}
    return {**data, "sources": [*(data.get("sources") or []), *map(plain, entries)]}


def plain(entry: SourceEntry) -> dict[str, Any]:
    """Return an entry as it is written: without what is at its default, a single URL as text."""
    data = entry.model_dump(exclude_defaults=True, mode="json")
    if len(entry.url) == 1:
        data["url"] = entry.url[0]
    first = [key for key in ("id", "url", "title") if key in data]
    return {key: data[key] for key in [*first, *(key for key in data if key not in first)]}


def written(entries: Sequence[SourceEntry], *, indent: str) -> Iterator[str]:
    """Write entries as YAML, a blank line before each."""
    for entry in entries:
        lines = [f"{key}: {_value(value)}" for key, value in plain(entry).items()]
        yield "\n" + f"{indent}- " + f"\n{indent}  ".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_value(key)}: {_value(one)}" for key, one in value.items()) + "}"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(text: str) -> str:
    """Write a text without quotes where it means itself, else as JSON does, which YAML reads, too."""
    is_plain = _PLAIN.fullmatch(text) and "," not in text and scalars.resolve(text) == text
    quoted = json.dumps(text, ensure_ascii=False)
    return text if is_plain else "".join(char if char.isprintable() else f"\\U{ord(char):08X}" for char in quoted)


def _edited(text: str, located: Located, entries: Sequence[SourceEntry]) -> str:
    data = located.data if isinstance(located.data, dict) else {}
    if not text.endswith("\n"):
        text += "\n"
    if not data.get("sources"):
        return _with_first(text, entries)
    line, column = located.where(("sources", len(data["sources"]) - 1))
    lines = text.split("\n")
    dash = max(lines[line - 1].rfind("-", 0, column - 1), 0)
    end = _end_of(lines, line, dash)
    return "\n".join(lines[:end]) + "\n" + "".join(written(entries, indent=" " * dash)) + "\n".join(lines[end:])


def _with_first(text: str, entries: Sequence[SourceEntry]) -> str:
    added = "".join(written(entries, indent="  "))
    if _EMPTY.search(text):
        return _EMPTY.sub(lambda found: f"{found[1]}  {found[3] or ''}".rstrip() + f"\n{added.rstrip()}", text, count=1)
    return f"{text}\nsources:\n{added}".lstrip("\n")


def _end_of(lines: Sequence[str], last: int, dash: int) -> int:
    """Return the number of the line behind the last entry, whose dash stands in line `last` at column `dash`.

    There something begins that is not indented deeper, or only comments follow.
    """
    end = index = last
    while index < len(lines):
        line = lines[index]
        if line.strip() and not line.lstrip().startswith("#"):
            if len(line) - len(line.lstrip()) <= dash:
                break
            end = index + 1
        index += 1
    return end


def replace_file(path: Path, text: str) -> None:
    """Put a new file in the place of the old one, whole or not at all, with its permissions."""
    target = path.resolve()
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
