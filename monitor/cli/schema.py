"""`monitor schema`: the JSON Schemas of the files."""

import json
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli import console
from monitor.errors import UsageError


def schema(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="monitor, sources or rules; all where none is named.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write NAME.json files there instead of printing.")
    ] = None,
) -> None:
    """Print or write the JSON Schemas of the files: editors complete and check with them.

    The starter files name them in their first line; `monitor schema --out config/.schemas` brings them up to date.
    """
    from monitor.config.schemas import SCHEMAS
    from monitor.config.suggest import hint

    if name is not None and name not in SCHEMAS:
        raise UsageError(f"there is no schema {name!r}; {hint(name, SCHEMAS, what='schemas')}")
    names = [name] if name else list(SCHEMAS)
    if folder is not None:
        for path in write(folder, names):
            console.say(str(path))
    elif name:
        print(json.dumps(SCHEMAS[name](), ensure_ascii=False, indent=2))
    else:
        print(json.dumps({one: SCHEMAS[one]() for one in names}, ensure_ascii=False, indent=2))


def write(folder: Path, names: list[str]) -> list[Path]:
    """Write schemas as NAME.json into a folder; returns the files."""
    from monitor.config.schemas import SCHEMAS

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in names:
        path = folder / f"{name}.json"
        path.write_text(json.dumps(SCHEMAS[name](), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        written.append(path)
    return written
