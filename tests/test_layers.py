"""The house rules, read from the imports: who may know whom, and which library has which door."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "monitor"
STAGES = {"fetch", "parse", "extract", "match", "story", "alert"}
GROUND = {"model", "errors", "settings", "language", "places", "charts"}
OUTER = {"daemon", "cli", "web", "tui", "service", "pipeline"}
# Each foreign library has one door; a folder or a file of `monitor/`.
DOORS = {
    "httpx": ("fetch/",),
    "pycurl": ("fetch/",),
    "feedparser": ("parse/feed.py",),
    "yaml": ("config/",),
    "sqlite_utils": ("store/",),
    "sqlite3": ("store/",),
    "pysqlite3": ("store/",),
    "apprise": ("alert/send.py",),
    "apscheduler": ("daemon",),
    "typer": ("cli/",),
    "rich": ("cli/", "tui/"),
    "textual": ("tui/",),
    "re2": ("match/",),
    "cronsim": ("alert/cron.py",),
    "jinja2": ("alert/", "web/"),
    "starlette": ("web/",),
    "uvicorn": ("web/serve.py", "web/protocol.py"),
    "argon2": ("web/passwords.py",),
    "Stemmer": ("language/inflection/snowball.py",),
    "pymorphy3": ("language/inflection/morphology.py",),
    "simplemma": ("language/inflection/lemmas.py",),
    "requests": (),
    "urllib3": (),
}
IMPURE = {
    ("time", "time"),
    ("time", "monotonic"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("os", "environ"),
    ("os", "getenv"),
}
FILES = sorted(path for path in ROOT.rglob("*.py") if "_data" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Everything that a file is made of; the module first."""
    return tuple(ast.walk(ast.parse(path.read_text())))


@cache
def imports_of(path: Path) -> set[str]:
    """Every module that a file imports, also inside functions."""
    found = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def is_edge(path: Path) -> bool:
    return path.read_text().startswith('"""EDGE')


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_imports_only_what_stands_below_it(path: Path) -> None:
    part = part_of(path)
    known = {module.split(".")[1] for module in imports_of(path) if module.startswith("monitor.")} - {part}
    if part in STAGES:
        assert known <= GROUND, f"a stage imports only {GROUND} and itself"
    elif part in {"model", "errors"}:
        assert not known - {"errors", "model"}
    elif part == "charts":  # a drawing knows only what it is handed: pages and mails alike use it
        assert not known
    elif part in {"settings", "language"}:
        assert known <= {"model", "errors"}
    elif part == "places":
        assert known <= {"model", "errors", "language"}
    elif part == "store":
        assert known <= GROUND
    elif part == "config":
        assert not known & (OUTER | {"store"})


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_foreign_library_comes_through_its_door_only(path: Path) -> None:
    for module in imports_of(path):
        doors = DOORS.get(module.split(".")[0])
        assert doors is None or name_of(path).startswith(doors), f"{module} belongs to {doors}"


@pytest.mark.parametrize(
    "path",
    [p for p in FILES if part_of(p) in STAGES | {"model", "language", "places", "charts"} and not is_edge(p)],
    ids=name_of,
)
def test_a_pure_file_reads_no_clock_and_no_environment(path: Path) -> None:
    for node in nodes_of(path):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in IMPURE, f"line {node.lineno}"
    assert "random" not in {module.split(".")[0] for module in imports_of(path)}


def test_the_picture_names_every_stage() -> None:
    picture = ast.get_docstring(ast.parse((ROOT / "__init__.py").read_text())) or ""
    for stage in STAGES:
        assert f"{stage}." in picture
