"""Checks of what rules ask of sources: names that no source has."""

from collections.abc import Iterator, Sequence

from monitor.match.conditions.source import fits
from monitor.match.lints.base import Remark
from monitor.match.outline import Node, Outline, Outlined
from monitor.match.reading import Path, suggestion
from monitor.model import Source

NAMED = ("id", "tag", "publisher", "family")  # what is easily misspelt; a country may have no source yet


def unknown_source(outline: Outline, sources: Sequence[Source]) -> Iterator[Remark]:
    """Find ids, tags and names that no source has, and properties that none has together."""
    if not sources:
        return
    for outlined in outline.rules:
        for node, excludes in _source_nodes(outlined.root, excludes=False):
            named = list(_unknown(outlined, node, sources))
            yield from named
            if not named and not excludes and not _any_fits(node, sources):
                yield _nobody(outlined, node, sources)


def _source_nodes(node: Node, *, excludes: bool) -> Iterator[tuple[Node, bool]]:
    if node.kind == "source" and isinstance(node.data, dict):
        yield node, excludes
    for part in node.parts:
        yield from _source_nodes(part, excludes=excludes != (node.kind == "not"))


def _unknown(outlined: Outlined, node: Node, sources: Sequence[Source]) -> Iterator[Remark]:
    for key in NAMED:
        for value, place in _values(node, key):
            if not any(fits(source, key, (value,)) for source in sources):
                message = f"no source has the {key} {value!r}"
                yield Remark(node.document, place, message, _hint(key, value, sources), outlined.rule.id)


def _hint(key: str, value: str, sources: Sequence[Source]) -> str:
    known = {one for source in sources for one in _has(source, key)}
    return suggestion(value, known) if known else f"none of the sources has any {key}: write it in sources.yaml"


def _any_fits(node: Node, sources: Sequence[Source]) -> bool:
    wanted = {key: tuple(value for value, _ in _values(node, key)) for key in node.data}
    return any(all(fits(source, key, values) for key, values in wanted.items()) for source in sources)


def _nobody(outlined: Outlined, node: Node, sources: Sequence[Source]) -> Remark:
    """Say which property no source has, or that none has all of them."""
    for key in node.data:
        values = [value for value, _ in _values(node, key)]
        if not any(fits(source, key, tuple(values)) for source in sources):
            known = {one for source in sources for one in _has(source, key)}
            hint = f"sources have: {', '.join(sorted(known)[:12])}" if known else "write it in sources.yaml"
            message = f"no source has the {key} {' or '.join(values)}: this never holds"
            return Remark(node.document, (*node.place, key), message, hint, outlined.rule.id)
    message = f"no source has all of this together: {', '.join(map(str, node.data))}; this never holds"
    return Remark(node.document, node.place, message, "ask for less, or mend sources.yaml", outlined.rule.id)


def _has(source: Source, key: str) -> set[str]:
    return set(source.tags) if key == "tag" else {value} if (value := str(getattr(source, key))) else set()


def _values(node: Node, key: str) -> Iterator[tuple[str, Path]]:
    value = node.data.get(key)
    if isinstance(value, list):
        yield from ((str(one).strip(), (*node.place, key, number)) for number, one in enumerate(value))
    elif value is not None:
        yield str(value).strip(), (*node.place, key)
