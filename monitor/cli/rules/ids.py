"""The ids of rules and trends that a configuration has by now, also of those that are off or wrong."""

from typing import TYPE_CHECKING, Any

from monitor.cli import console
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection

    from monitor.match.rulebook import RuleDocument


def taken() -> dict[str, str]:
    """Return the ids of the chosen configuration, each with its `file:line`; none where there is no configuration."""
    try:
        documents = console.load_config().rules.documents
    except ConfigError:
        return {}
    found: dict[str, str] = {}
    for document in documents:
        for part in ("rules", "trends"):
            for number, data in enumerate(_listed(document, part)):
                if isinstance(data, dict) and isinstance(data.get("id"), str):
                    line, _ = document.where((part, number, "id"))
                    found.setdefault(data["id"], f"{document.file}:{line}")
    return found


def _listed(document: "RuleDocument", part: str) -> list[Any]:
    listed = document.data.get(part) if isinstance(document.data, dict) else None
    return listed if isinstance(listed, list) else []


def free(made: str, ids: "Collection[str]") -> str:
    """Return an id that no rule has: the one that was made, or with -2, -3 and so on behind it."""
    name, number = made, 2
    while name in ids:
        name, number = f"{made}-{number}", number + 1
    return name
