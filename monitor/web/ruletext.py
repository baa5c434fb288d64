"""The YAML of one rule as a rules file of its own: cut from its file as it stands there, else written anew."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

from monitor.config.rule_edit import lines_of
from monitor.config.rules_text import rules_text
from monitor.config.yaml import load_located, parse
from monitor.match.rulebook import RuleDocument

NAME = "rule.yaml"


def text_of(documents: Sequence[RuleDocument], rule_id: str) -> str:
    """Return a rules file with this rule alone; "" where it is in no file.

    The file may have changed since it was loaded; then the rule is written from what is loaded, without comments.
    """
    for document in documents:
        if (place := _place(document.data, rule_id)) is not None:
            data = document.data["rules"][place]  # type: ignore[index]
            watch = str(document.data.get("watch") or "")  # type: ignore[attr-defined]
            return _cut(document, rule_id, data, watch) or rules_text([data], watch=watch)
    return ""


def _place(data: Any, rule_id: str) -> int | None:
    listed = data.get("rules") if isinstance(data, Mapping) else None
    for place, rule in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(rule, Mapping) and str(rule.get("id")) == rule_id:
            return place
    return None


def _cut(document: RuleDocument, rule_id: str, data: Any, watch: str) -> str:
    """Return the rule's own lines under a head, if they say what is loaded; else ""."""
    located = load_located(Path(document.file))
    place = _place(located.data, rule_id)
    if place is None:
        return ""
    try:
        lines = Path(document.file).read_text("utf-8").splitlines()
        first, end = lines_of(lines, located, place)
    except (OSError, ValueError):
        return ""
    head = rules_text([], watch=watch)
    found = head + indent(dedent("\n".join(lines[first:end])), "  ") + "\n"
    said = parse(found, file=NAME)
    fits = not said.problems and isinstance(said.data, Mapping) and said.data.get("rules") == [data]
    return found if fits else ""
