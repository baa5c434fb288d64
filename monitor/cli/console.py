"""What the commands share: options, tables, JSON, CSV, times, and text from feeds made safe for a terminal."""

import csv
import html
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.cells import cell_len
from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from monitor.errors import Problem, StoreError, UsageError

if TYPE_CHECKING:  # these cost start-up time; commands that need them import them when they run
    from monitor.config import Config
    from monitor.store import Store

WHERE_KEPT = "`monitor hits` shows hits, `monitor alert list` trends and troubles."
MAKE_WHSEC = 'make one with `echo "whsec_$(openssl rand -base64 32)"`; the program that verifies needs the same'
FINE, WRONG, USER_ERROR, INTERRUPTED = 0, 1, 2, 130  # exit codes of every command, see docs/commands.md

# The options that many commands have.
ConfigOption = Annotated[
    str | None, typer.Option("--config", "-c", metavar="DIR", help="Folder of the configuration, or its monitor.yaml.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, one list.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print CSV, safe to open in a spreadsheet.")]


@dataclass(slots=True)
class Chosen:
    """What the options before the command said."""

    config: str | None = None
    colour: bool = True


chosen = Chosen()


def commands(**options: Any) -> typer.Typer:
    """Return what a command with commands below it is made of; `options` are those of `typer.Typer`."""
    help_options = {"help_option_names": ["-h", "--help"]}
    return typer.Typer(rich_markup_mode="rich", context_settings=help_options, **options)


# --- consoles --------------------------------------------------------------------------------------------------------


def out() -> Console:
    """Return the console for results."""
    return Console(no_color=not chosen.colour or None, highlight=False, soft_wrap=not sys.stdout.isatty())


def err() -> Console:
    """Return the console for messages."""
    return Console(stderr=True, no_color=not chosen.colour or None, highlight=False, soft_wrap=True)


def program() -> str:
    """Return how this program was called, so that what is printed can be typed: `monitor`, or where it lies."""
    called = sys.argv[0]
    name = os.path.basename(called)
    if name == "__main__.py":
        return "python -m monitor"
    if name != "monitor" or shutil.which(name) == os.path.abspath(called):
        return "monitor"
    return os.path.relpath(called) if os.path.isabs(called) else called


def lacks(extra: str) -> UsageError:
    """Return what to say where an extra is not installed, with the command that installs it for this very Python."""
    python = min(os.path.relpath(sys.executable), sys.executable, key=len)
    command = f"{python} -m pip install 'osint-monitor[{extra}]'"
    return UsageError(f"this needs the extra `{extra}`; install it with: {command}")


def say(text: str = "", style: str = "") -> None:
    """Print plain text as a result; nothing in it is markup."""
    out().print(escape(text), style=style or None, markup=True)


def warn(text: str, style: str = "") -> None:
    """Print plain text on standard error."""
    err().print(escape(text), style=style or None, markup=True)


def print_problem(problem: Problem) -> None:
    """Print one problem of the configuration on standard error: warnings yellow, errors red."""
    label, colour = ("warning: ", "yellow") if problem.warning else ("", "red")
    place, _, message = str(problem).partition(": ")
    message, _, why = message.partition("\n")
    err().print(f"[bold]{escape(place)}[/bold]: [{colour}]{label}{escape(message)}[/{colour}]")
    if why and err().is_terminal:
        Console(stderr=True, no_color=not chosen.colour or None, highlight=False).print(_outline(why))
    elif why:
        err().print(f"[{colour}]{escape(clean(why))}[/{colour}]")


def _outline(text: str) -> Group:
    """Make of an explanation in lines with + and - a tree, as `rules test` shows it: wrapped lines stay indented."""
    from rich.tree import Tree

    head, *lines = text.split("\n")
    tree = Tree(Text(one_line(head), "bold"), guide_style="dim")
    branches = [(-1, tree)]
    notes = Group(tree)
    for line in lines:
        depth, said = len(line) - len(line.lstrip(" ")), one_line(line)
        sign = said[:2] if said[:2] in ("+ ", "- ") else ""
        if not sign:
            notes.renderables.append(Text(said, "yellow"))
            continue
        shown = Text(sign, "green" if sign == "+ " else "red").append(said[len(sign) :], "red" if sign == "- " else "")
        while branches[-1][0] >= depth:
            branches.pop()
        branches.append((depth, branches[-1][1].add(shown)))
    return notes


# --- configuration and store ------------------------------------------------------------------------------------------


def folder(option: str | None = None) -> Path:
    """Return the folder of the configuration; ConfigError where there is none."""
    from monitor.config import locate

    return locate(option or chosen.config, environ=os.environ, cwd=Path.cwd())


def load_config(option: str | None = None) -> "Config":
    """Read the configuration; ConfigError with every problem where it cannot be used."""
    from monitor.config import load

    return load(folder(option))


def open_store(config: "Config", *, read_only: bool = True) -> "Store":
    """Open the database; StoreError with what to do where there is none yet (unless it may be made)."""
    from monitor.store import Store

    path = config.database(os.environ)
    if read_only and not path.exists():
        raise StoreError(f"there is no database at {path} yet; `monitor once` or `monitor run` makes it")
    path.parent.mkdir(parents=True, exist_ok=True)
    return Store.open(path, read_only=read_only)


# --- text ------------------------------------------------------------------------------------------------------------

# Control characters can change what a terminal shows or does; bidi characters can turn a line around.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def clean(text: str) -> str:
    """Take out of a text what could deceive or steer a terminal; tabs and line ends stay."""
    return _UNSAFE.sub("", text)


def one_line(text: str, *, longest: int = 0) -> str:
    """Make one clean line of a text, cut to so many characters where `longest` is given."""
    line = " ".join(clean(text).split())
    return line if not longest or len(line) <= longest else line[: longest - 1] + "…"


ANSWER = 200  # characters of a service's answer that are shown
_HTML = re.compile(
    r"<(!doctype|/?(html|head|body|title|h[1-6]|p|div|span|center|pre|br|hr|a|b)\b)[^<>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z!][^<>]*>", re.DOTALL)
_HIDDEN = re.compile(r"<(style|script)\b[^<>]*>[^<]*", re.IGNORECASE)


def answer(text: str) -> str:
    """Make one short line of what a service answered; of a page in HTML its words alone."""
    text = text[: ANSWER * 100]
    if _HTML.search(text):
        text = html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", text)))
    return one_line(text, longest=ANSWER)


def when(at: float | None, zone: str = "UTC") -> str:
    """Say a point in time (seconds since the epoch) as `2026-05-10 14:03`; "" for none."""
    if at is None:
        return ""
    try:
        return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError):
        return "?"


def iso(at: float | None) -> str:
    """Say a point in time in UTC as a program reads it, `2026-05-10T14:03:00Z`; "" for none."""
    if at is None:
        return ""
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return "?"


_STEPS = ((86400.0 * 2, 86400.0, "d"), (5400.0, 3600.0, "h"), (90.0, 60.0, "m"), (0.0, 1.0, "s"))


def duration(seconds: float | None) -> str:
    """Say a number of seconds as `40s`, `15m`, `6h` or `2d`; "" for none."""
    if seconds is None:
        return ""
    _, unit, letter = next(step for step in _STEPS if abs(seconds) >= step[0])
    return f"{seconds / unit:.0f}{letter}"


def since(at: float | None, now: float) -> str:
    """Say how far a point in time is from now: `5m ago`, `in 2h`, or "never"."""
    if at is None:
        return "never"
    return f"in {duration(at - now)}" if at > now else f"{duration(now - at)} ago"


# --- results ---------------------------------------------------------------------------------------------------------


def formula_safe(value: Any) -> Any:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


def show(
    rows: Sequence[Mapping[str, Any]], *, as_json: bool, as_csv: bool, table: Table | None = None, empty: str = ""
) -> None:
    """Print rows as JSON or CSV (all their keys), or a table that was made of them, or `empty` where there are none."""
    if as_json:
        print_json(rows)
    elif as_csv:
        print_csv(rows)
    elif empty and not rows:
        say(empty)
    elif table is not None:
        out().print(table)


def print_json(rows: Any) -> None:
    """Print JSON; characters that a terminal could mistake are escaped, the data stay the same."""
    text = json.dumps(rows, ensure_ascii=False, indent=1, default=_plain)
    print(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def print_csv(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print CSV with a header; no cell begins a formula, none holds control characters."""
    writer = None
    for row in rows:
        if writer is None:
            writer = csv.writer(sys.stdout)
            writer.writerow(list(row))
        writer.writerow([formula_safe(_cell(value)) for value in row.values()])


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple | set | frozenset):
        value = " ".join(sorted(map(str, value)) if isinstance(value, set | frozenset) else map(str, value))
    # A spreadsheet looks behind blanks, too; an invisible first character must not hide a formula.
    return clean(value).lstrip("\ufeff") if isinstance(value, str) else value


def make_table(*columns: str, title: str = "") -> Table:
    """Make a table; a column whose name begins with `>` is set right, with `~` may be folded over lines."""
    table = Table(title=title or None, box=None, pad_edge=False, header_style="bold", title_justify="left")
    for column in columns:
        name = column.lstrip(">~")
        right, fold = ">" in column[: len(column) - len(name)], "~" in column[: len(column) - len(name)]
        table.add_column(name, justify="right" if right else "left", overflow="fold", no_wrap=not fold)
    return table


def add_row(table: Table, *cells: Any, style: str = "") -> None:
    """Add a row of plain values; nothing in them is markup, each is one clean line."""
    table.add_row(*(escape(one_line("" if cell is None else str(cell))) for cell in cells), style=style or None)


# --- narrow terminals ------------------------------------------------------------------------------------------------

NARROW = 100  # columns below which a table leaves out or stacks what does not fit


def is_narrow(columns: int = NARROW) -> bool:
    """Tell whether results are shown on fewer columns than a wide table needs; what is piped counts as 80."""
    return out().width < columns


def keep(table: Table, *names: str) -> Table:
    """Let these columns never be cut, whatever the width; call it when all rows are in the table."""
    for column in table.columns:
        if column.header in names:
            column.min_width = max(Text.from_markup(str(cell)).cell_len for cell in (column.header, *column.cells))
    return table


def stack(columns: Sequence[str], rows: Iterable[tuple[Sequence[Any], str]]) -> Table:
    """Make a table for few columns: short cells in a line, and what is long on lines of its own below them.

    The last column is not padded; the names of columns are marked as in `make_table`.
    """
    listed = [([one_line("" if cell is None else str(cell)) for cell in cells], one_line(rest)) for cells, rest in rows]
    names = [name.lstrip(">~") for name in columns]
    widths = [max(map(cell_len, column)) for column in zip(names, *(cells for cells, _ in listed), strict=True)]
    widths[-1] = 0
    grid = Table.grid()
    grid.add_column(overflow="fold")
    grid.add_row(Text(_aligned(names, columns, widths), "bold"))
    for cells, rest in listed:
        grid.add_row(Text(_aligned(cells, columns, widths)))
        grid.add_row(Padding(Text(rest), (0, 0, 0, 4)))
    return grid


def _aligned(cells: Sequence[str], columns: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for cell, column, width in zip(cells, columns, widths, strict=True):
        blanks = " " * (width - cell_len(cell))
        padded.append(blanks + cell if column.startswith(">") else cell + blanks)
    return " ".join(padded)
