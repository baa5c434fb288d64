"""The labels of rules files: which rules answer for a label that people give to articles, to score rules by.

A file may say `labels: {deploy: [border-deployment]}`. Several files may name the same label; their rules add up.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from monitor.match.reading import Complain, Path, suggestion

if TYPE_CHECKING:
    from monitor.match.compiler import RuleDocument

KEY = "labels"


def check_labels(data: Any, rule_ids: Collection[str], complain: Complain) -> None:
    """Complain of what is wrong with a file's `labels`; `rule_ids` are those of all files."""
    if data is None:
        return
    if not isinstance(data, Mapping):
        complain((KEY,), "labels is not a list but names rules", "write labels: {deploy: [border-deployment]}")
        return
    for name, listed in data.items():
        place: Path = (KEY, name)
        if not isinstance(name, str) or not name.strip():
            complain(place, f"{name!r} is no label", "write a word")
        if not isinstance(listed, str | list) or not listed:
            complain(place, f"the label {name!r} names no rule", f"write {name}: [border-deployment]")
            continue
        for number, rule_id in enumerate([listed] if isinstance(listed, str) else listed):
            if not isinstance(rule_id, str) or rule_id not in rule_ids:
                spot = (*place, number) if isinstance(listed, list) else place
                complain(spot, f"there is no rule {rule_id!r}", suggestion(rule_id, rule_ids))


def labels_of(documents: "Iterable[RuleDocument]") -> dict[str, tuple[str, ...]]:
    """Return label -> ids of rules of files; what is wrong in them is left out, `check_labels` tells of it."""
    found: dict[str, dict[str, None]] = {}
    for document in documents:
        listed = document.data.get(KEY) if isinstance(document.data, Mapping) else None
        for name, ids in listed.items() if isinstance(listed, Mapping) else ():
            known = [ids] if isinstance(ids, str) else ids if isinstance(ids, list) else []
            found.setdefault(str(name), {}).update(dict.fromkeys(one for one in known if isinstance(one, str)))
    return {name: tuple(ids) for name, ids in found.items() if ids}
