"""Writes a rule as YAML that a person would like to read: short things on one line, long ones below each other."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from monitor.config import scalars

WIDTH = 110  # characters of a line, where its parts allow it
OPEN = ("match", "examples")  # keys whose parts stand below each other, short as they may be
_PLAIN = re.compile(r"[^\W_][\w .+*/'-]*[\w.+*]|[^\W_]")


def rules_text(rules: Iterable[Mapping[str, Any]], *, watch: str = "", comments: Iterable[str] = ()) -> str:
    """Return a rules file with comment lines at its head; `monitor.config.yaml` reads the same data from it."""
    lines = [f"# {_printable(line)}".rstrip() for comment in comments for line in comment.splitlines()]
    lines += [f"watch: {_scalar(watch)}"] if watch else []
    lines.append("rules:")
    for rule in rules:
        lines += _item(rule, "  ")
    return "\n".join(lines) + "\n"


def settings_text(data: Mapping[str, Any], *, comments: Iterable[str] = ()) -> str:
    """Return a part of monitor.yaml, a key after the other, with comment lines at its head."""
    lines = [f"# {_printable(line)}".rstrip() for line in comments]
    for key, value in data.items():
        lines += _entries(key, value)
    return "\n".join(lines) + "\n"


def _entries(key: str, value: Any) -> list[str]:
    """Return a key with a line for each entry of its mapping, where that has more than one."""
    if not isinstance(value, Mapping) or not any(isinstance(one, Mapping | list) for one in value.values()):
        return list(_pair(key, value, ""))
    return [f"{_scalar(key)}:", *(line for name, one in value.items() for line in _pair(name, one, "  "))]


def _printable(text: str) -> str:
    """Return a text for a comment: no sign in it steers a terminal, or is refused by a reader of YAML."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _pair(key: str, value: Any, indent: str) -> Iterator[str]:
    flow = f"{indent}{_scalar(key)}: {_flow(value)}"
    short = len(flow) <= WIDTH and not (key in OPEN and isinstance(value, Mapping))
    if short or not isinstance(value, Mapping | list):
        yield flow
        return
    yield f"{indent}{_scalar(key)}:"
    if isinstance(value, Mapping):
        for inner, data in value.items():
            yield from _pair(inner, data, indent + "  ")
    else:
        for data in value:
            yield from _item(data, indent + "  ")


def _item(value: Any, indent: str) -> Iterator[str]:
    flow = f"{indent}- {_flow(value)}"
    if not isinstance(value, Mapping | list) or (len(flow) <= WIDTH and "id" not in value):
        yield flow
        return
    if isinstance(value, list):  # a list in a list, too long for one line: `any` says the same
        value = {"any": value}
    lines = [line for key, data in value.items() for line in _pair(key, data, indent + "  ")]
    yield f"{indent}- {lines[0].lstrip()}"
    yield from lines[1:]


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(one)}" for key, one in value.items()) + "}"
    return _scalar(value) if isinstance(value, str) else json.dumps(value)


def _scalar(text: str) -> str:
    """Write a text without quotes where it means itself; in single quotes where it holds backslashes or quotes."""
    if _PLAIN.fullmatch(text) and scalars.resolve(text) == text:
        return text
    if ("\\" in text or '"' in text) and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08X}" for sign in quoted)
