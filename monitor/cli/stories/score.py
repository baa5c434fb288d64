"""`monitor stories score`: how well articles of one event are put together, against files that people labelled."""

import gzip
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.story.metrics import Measure

PairsOption = Annotated[
    Path | None, typer.Option("--pairs", metavar="PAIRS.jsonl", help="Pairs labelled same, related or different.")
]
ClustersOption = Annotated[
    Path | None, typer.Option("--clusters", metavar="CLUSTERS.jsonl", help="Articles with the event of each.")
]
Row = dict[str, Any]


def score(
    pairs: PairsOption = None,
    clusters: ClustersOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object.")] = False,
) -> None:
    """Group the articles of labelled files, each file in a window of its own, and tell how right that was.

    Nothing is read from the configuration or the database, and nothing is written.
    """
    from monitor.story.judging import BadLine

    if pairs is None and clusters is None:
        raise UsageError("say what to score: --pairs PAIRS.jsonl or --clusters CLUSTERS.jsonl")
    found: Row = {}
    for path, scored in ((clusters, of_clusters), (pairs, of_pairs)):
        if path is not None:
            rows = read_lines(path)
            try:
                with console.err().status(f"grouping the articles of {path.name}", spinner="line"):
                    found |= scored(rows)
            except BadLine as problem:
                raise UsageError(f"{path}: {problem}") from None
    if as_json:
        console.print_json(found)
    else:
        show(found)


def read_lines(path: Path) -> list[Row]:
    """Read a file of JSON lines, packed or not; UsageError where it cannot be read."""
    rows = []
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    rows.append(_row(line, f"{path}: line {number}"))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    if not rows:
        raise UsageError(f"{path} is empty")
    return rows


def _row(line: str, where: str) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where} is not JSON: {error}") from None
    if not isinstance(row, dict):
        raise UsageError(f"{where} is no object")
    return row


def of_pairs(rows: list[Row]) -> Row:
    """Score labelled pairs."""
    from monitor.story.judging import LABELS, pairs_of

    judged = pairs_of(rows).judge()
    counts = {label: {"joined": judged.joined[label], "of": judged.of[label]} for label in LABELS}
    return {"pairs": counts, "same": _plain(judged.same)}


def of_clusters(rows: list[Row]) -> Row:
    """Score clusters; their pairs are all pairs of articles."""
    from monitor.story.judging import clusters_of

    read = clusters_of(rows)
    bcubed, same = read.judge()
    size = {"articles": len(read.truth), "events": len(set(read.truth.values())), "left_out": read.left_out}
    return {"clusters": size, "bcubed": _plain(bcubed), "same": _plain(same)}


def _plain(measure: "Measure") -> dict[str, float]:
    return {
        "precision": round(measure.precision, 4),
        "recall": round(measure.recall, 4),
        "f1": round(measure.f1, 4),
    }


def show(found: Row) -> None:
    """Print the scores for people."""
    if "clusters" in found:
        size = found["clusters"]
        left = f", {size['left_out']} lines left out that overlap an earlier one" if size["left_out"] else ""
        console.say(f"{size['articles']} articles of {size['events']} events{left}")
    table = console.make_table("measure", ">precision", ">recall", ">F1")
    for name, label in (("bcubed", "B-cubed"), ("same", "pairs: same")):
        if name in found:
            console.add_row(table, label, *(f"{found[name][key]:.3f}" for key in ("precision", "recall", "f1")))
    console.out().print(table)
    for label, count in found.get("pairs", {}).items():
        console.say(f"{count['joined']} of {count['of']} pairs labelled {label} are in one story")
    sys.stdout.flush()
