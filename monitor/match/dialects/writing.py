"""Writes a tree as the data of a rule's `match`, as a person would write it."""

from collections import Counter
from typing import Any

from monitor.match.dialects.tree import Both, Close, Either, Fact, Node, Say, Scoped, Without


def match_of(tree: Node) -> Any:
    """Return the value of `match`: always a mapping, since that is where people look for the condition's name."""
    data = _data(tree)
    return data if isinstance(data, dict) else {"any": data if isinstance(data, list) else [data]}


def _data(node: Node) -> Any:
    if isinstance(node, Say):
        return node.written
    if isinstance(node, Either):
        return [_data(part) for part in node.parts]
    if isinstance(node, Both):
        return _all(node)
    if isinstance(node, Without):
        return {"not": _listed(_data(node.part))}
    if isinstance(node, Close):
        order = {"ordered": True} if node.ordered else {}
        return {"near": {"within": node.within, **order, "of": [_data(part) for part in node.parts]}}
    if isinstance(node, Scoped):
        return {node.scope: _listed(_data(node.part))}
    if isinstance(node, Fact):
        return {node.key: node.value}
    raise AssertionError(f"{node} was left out before")


def _listed(data: Any) -> Any:
    return [data] if isinstance(data, str) else data


def _all(node: Both) -> dict[str, Any]:
    """Write an "and" as a mapping: what has a name by its name, the rest under `all`, exclusions under one `not`."""
    excluded: list[Any] = []
    written: list[Any] = []
    for part in node.parts:
        data = _data(part)
        if isinstance(part, Without):
            excluded += data["not"] if isinstance(data["not"], list) else [data["not"]]
        else:
            written.append(data)
    keys = Counter(key for data in written if isinstance(data, dict) for key in data)
    named = [data for data in written if isinstance(data, dict) and _stands_alone(data, keys)]
    rest = [data for data in written if data not in named]
    result: dict[str, Any] = {}
    if len(rest) == 1 and not isinstance(rest[0], dict):
        result["any"] = _listed(rest[0])
    elif rest:
        result["all"] = rest
    for data in named:
        result |= data
    return result | ({"not": excluded} if excluded else {})


def _stands_alone(data: dict[str, Any], keys: Counter[str]) -> bool:
    """Tell whether a condition can be a key beside the others: none of them has the same."""
    return all(keys[key] == 1 and key not in ("all", "any", "not") for key in data)
