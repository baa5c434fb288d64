"""`monitor init`: a starter configuration that says what can be done."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli import console
from monitor.errors import UsageError

_SCHEMA_LINE = "# yaml-language-server: $schema=../.schemas/rules.json\n"
_SCHEMAS = ".schemas"


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write it.")] = Path("config"),
) -> None:
    """Write a commented starter configuration: settings, sources, rules, and schemas for your editor.

    Nothing is overwritten. Without DIR it goes to ./config, where the other commands look for it.
    """
    files = starter_files()
    write(folder, files)
    for name in files:
        console.say(str(folder / name))
    console.say(_next_steps(folder))


def starter_files() -> dict[str, str]:
    """Return what `init` writes, by its path below the folder."""
    import json

    from monitor.config.schemas import SCHEMAS
    from monitor.resources import seeds, starter

    files = {name: (starter() / name).read_text(encoding="utf-8") for name in ("monitor.yaml", "sources.yaml")}
    for path in sorted((seeds() / "rules").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        files[f"rules/{path.name}"] = text if "yaml-language-server" in text else _SCHEMA_LINE + text
    for name, made in SCHEMAS.items():
        files[f"{_SCHEMAS}/{name}.json"] = json.dumps(made(), ensure_ascii=False, indent=2) + "\n"
    return files


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files below a folder; UsageError, and nothing written, where one of them or a rule exists already."""
    existing = [folder / name for name in files if (folder / name).exists()]
    existing += [path for path in sorted((folder / "rules").glob("*.yaml")) if path not in existing]
    if existing:
        listed = "\n".join(f"  {path}" for path in existing)
        raise UsageError(f"nothing was written, because these files exist:\n{listed}\nname another folder")
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as stream:
                stream.write(text)
    except OSError as error:
        raise UsageError(f"{error.filename or folder} cannot be written: {error.strerror}") from None


def _next_steps(folder: Path) -> str:
    found_by_itself = folder in {Path("config"), Path("."), Path("/etc/monitor")}
    option = "" if found_by_itself else f" --config {folder}"
    program = console.program()
    steps = (
        ("check", "check the files, after every change"),
        ("once", "poll everything once"),
        ("hits", "what the rules found"),
        ("run", "watch, until you stop it with Ctrl-C"),
    )
    width = max(len(f"{program}{option} {name}") for name, _ in steps)
    lines = [f"  {f'{program}{option} {name}':<{width}}   {what}" for name, what in steps]
    return "\n".join(
        [
            "",
            "Next:",
            *lines,
            "",
            f"Alerts go nowhere yet: they are kept. `{program}{option} hits` shows hits,",
            f"`{program}{option} alert list` trends that fired, and troubles.",
            "To get them by mail, Slack, Matrix or any other way, fill in `channels:` in",
            f"{folder / 'monitor.yaml'}, then run",
            f"`{program}{option} alert test`.",
        ]
    )
