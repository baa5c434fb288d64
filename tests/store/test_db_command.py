"""`monitor db`, as a user calls it."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from store_builders import hit, judged, source
from typer.testing import CliRunner

from monitor.cli import db
from monitor.errors import StoreError
from monitor.settings import Settings
from monitor.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "monitor.db") as store:
        store.sources.sync([source(1)], 0.0)
        store.articles.add([judged(n, seen_at=1e9) for n in range(1, 4)])
        store.hits.add([hit(1)])
    return tmp_path / "monitor.db"


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(db.app, [str(one) for one in arguments])
    if code < 0:
        assert isinstance(result.exception, StoreError)
        return str(result.exception)
    assert result.exit_code == code, result.output
    return result.stdout


def test_a_backup_is_made_and_said(path: Path) -> None:
    target = path.with_name("copy.db")
    assert str(target) in run("backup", target, "--database", path)
    with Store.open(target, read_only=True) as copy:
        assert copy.articles.count() == 3


def test_a_backup_of_nothing_is_an_error_and_makes_nothing(path: Path) -> None:
    assert "there is no database" in run("backup", path.with_name("a"), "--database", path.with_name("b"), code=-1)
    assert not path.with_name("a").exists()


def test_a_database_of_an_older_monitor_can_be_backed_up_before_it_is_changed(path: Path) -> None:
    with Store.open(path) as store:
        store._db.execute("DROP TABLE alert_keys")
        store._db.execute("DELETE FROM _sqlite_migrations WHERE name = '0007_alert_keys'")
    run("backup", path.with_name("copy.db"), "--database", path)
    with pytest.raises(StoreError, match="older"):
        Store.open(path.with_name("copy.db"), read_only=True)


def test_check_says_sound_or_what_is_wrong(path: Path) -> None:
    assert "sound" in run("check", "--database", path)
    with Store.open(path) as store:
        store._db.execute("UPDATE articles SET title = 'changed'")
    assert "full-text index" in run("check", "--database", path, code=1)
    assert "sound" in run("check", "--mend", "--database", path)
    assert "there is no database" in run("check", "--database", path.with_name("b"), code=-1)


def test_a_defective_sqlite_is_warned_of_without_pysqlite3(path: Path) -> None:
    code = f"""
import sys
sys.modules["pysqlite3"] = None
from monitor.cli import execute as run
from monitor.store import has_wal_reset_defect
print(has_wal_reset_defect())
sys.exit(run([sys.argv[1], sys.argv[2], "--database", {str(path)!r}]))
"""
    for command in ("check", "stats"):
        done = subprocess.run([sys.executable, "-c", code, "db", command], text=True, capture_output=True, timeout=60)
        assert done.returncode == 0
        expected = 1 if done.stdout.startswith("True") else 0  # a newer Python may bring a SQLite without the defect
        assert done.stderr.count("pip install pysqlite3") == expected


def test_prune_deletes_by_retention_and_says_what(path: Path) -> None:
    assert "2 articles deleted" in run("prune", "--shrink", "--database", path)
    assert "nothing was too old" in run("prune", "--database", path)


def test_the_configured_database_and_retention_are_used(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Config:
        settings = Settings(retention={"articles": "40000d"})

        def database(self, environ: object) -> Path:
            return path

    asked: list[str | None] = []
    monkeypatch.setattr(db.console, "load_config", lambda option: asked.append(option) or Config())
    assert "nothing was too old" in run("prune", "--config", "etc")
    assert "sound" in run("check")
    assert asked == ["etc", None]


def test_stats_for_people_and_programs(path: Path) -> None:
    assert "2001-09-09 01:46" in run("stats", "--database", path)
    assert json.loads(run("stats", "--json", "--database", path))["rows"]["articles"] == 3


def test_a_progress_bar_on_a_terminal_and_none_elsewhere(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.steps("working") as step:
        assert step is None
    screen = Console(file=io.StringIO(), force_terminal=True)
    monkeypatch.setattr(db.console, "err", lambda: screen)
    with db.steps("working") as step:
        assert step is not None
        step(3, 7)
    assert "working" in screen.file.getvalue()  # type: ignore[attr-defined]
