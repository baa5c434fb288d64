"""The names that configuration and database know: ids that are taken, and what a filter may name."""

from typing import TYPE_CHECKING, Any

from monitor.cli import console
from monitor.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from monitor.config import Config
    from monitor.match.rulebook import RuleDocument
    from monitor.store import Store


def taken() -> dict[str, str]:
    """Return the ids of the chosen configuration, each with its `file:line`; none where there is no configuration."""
    try:
        return ids_of(console.load_config())
    except ConfigError:
        return {}


def ids_of(config: "Config", *parts: str) -> dict[str, str]:
    """Return the ids of a configuration, each with its `file:line`, also of rules that are off or wrong.

    `parts` are "rules" or "trends"; without them both.
    """
    found: dict[str, str] = {}
    for document in config.rules.documents:
        for part in parts or ("rules", "trends"):
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


# --- what a filter names ---------------------------------------------------------------------------------------------


def must_exist(config: "Config", store: "Store", *, rule: str = "", watch: str = "", source: str = "") -> None:
    """UsageError with the nearest name where neither the configuration nor the database knows what is named.

    What a rule found, or a source brought, stays in the database when they are gone.
    """
    if rule and rule in ids_of(config, "trends"):
        raise UsageError(f"{rule!r} is a trend, and only rules have hits; `monitor rules trends {rule}` shows it")
    _look("rule", rule, ids_of(config, "rules"), store.hits.per_rule)
    _look("watch", watch, _watches(config), store.hits.watches, plural="watches")
    sources = {one.id for one in config.sources}
    _look("source", source, sources, lambda: [one.id for one in store.sources.all(removed=True)])


def _look(
    what: str, name: str, configured: "Collection[str]", stored: "Callable[[], Collection[str]]", *, plural: str = ""
) -> None:
    """UsageError for an unknown name; the database, which may have to read a million hits, is asked last."""
    from monitor.config.suggest import hint

    if not name or name in configured or name in (more := stored()):
        return
    known = {*configured, *more} - {""}
    raise UsageError(f"there is no {what} {name!r}; {hint(name, known, what=plural or f'{what}s')}")


def _watches(config: "Config") -> set[str]:
    said = (one.data.get("watch") for one in config.rules.documents if isinstance(one.data, dict))
    return {str(one) for one in said if one} | {rule.watch for rule in config.rules.rules}
