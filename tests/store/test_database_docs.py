"""Every query in docs/database.md runs on a real database, by the program it is written for."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_builders import NOW, alert, hit, judged, source, story

from monitor.model import Action, Decision, SourceState, State
from monitor.store import Store
from monitor.store.connection import sqlite3

DOCS = Path(__file__).parents[2] / "docs" / "database.md"
BLOCKS = re.findall(r"```(sh|sql)\n(.*?)```", DOCS.read_text(), re.DOTALL)
QUERIES = [text for kind, text in BLOCKS if kind == "sql"]
COMMANDS = [text for kind, text in BLOCKS if kind == "sh" and "SELECT" in text]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("docs") / "monitor.db"
    with Store.open(path) as store:
        store.sources.sync([source(1), source(2)], 0.0)
        store.sources.save([SourceState(source_id="source-2", state=State.TLS, reason="the certificate has expired")])
        store.articles.add([judged(1, title="A brigade and 边境 in one title")])
        store.hits.add([hit(1, at=4e9)])
        store.stories.add(story(1))
        store.alerts.add(alert(1, kind="story", story_id=story(1).id), [("mail", "k")], NOW)
        store.alerts.decision(story(1).id, "chat", Decision(Action.DROP, "route", "no route leads to it"), NOW)
        yield path


def test_the_page_has_its_queries() -> None:
    assert len(QUERIES) == 3
    assert len(COMMANDS) == 2


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_something(database: Path, query: str) -> None:
    with sqlite3.connect(database) as conn:
        assert len(conn.execute(query).fetchall()) == 1


def test_words_that_are_not_written_apart_are_found_as_described(database: Path) -> None:
    (match,) = re.findall(r"`MATCH '(.*?)'`", DOCS.read_text())
    with sqlite3.connect(database) as conn:
        assert conn.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", [match]).fetchone() == (1,)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_finds_something(database: Path, command: str) -> None:
    program = command.split()[0]
    beside = Path(sys.executable).parent
    if not shutil.which(program, path=f"{beside}:/usr/bin:/bin"):
        pytest.skip(f"{program} is not installed")
    done = subprocess.run(
        ["/bin/sh", "-ec", command],
        cwd=database.parent,
        env={"PATH": f"{beside}:/usr/bin:/bin", "LANG": "C.UTF-8"},
        text=True,
        capture_output=True,
        timeout=60,
    )
    assert done.stderr == ""
    assert "border" in done.stdout or "source-2" in done.stdout


def test_the_page_names_every_table(database: Path) -> None:
    with sqlite3.connect(database) as conn:
        tables = {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    ours = {name for name in tables if not re.match(r"sqlite_|_sqlite|(articles|hits)_fts_", name)}
    assert ours == set(re.findall(r"^\| `(\w+)` \|", DOCS.read_text(), re.MULTILINE))
