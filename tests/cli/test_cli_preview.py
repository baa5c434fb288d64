"""`monitor alert preview`, as a user calls it, over what a pipeline stored and queued."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.cli import execute
from tests.desk_world import FIRE, HELD, HOUR, SANK, SINKS, World

Run = Callable[..., tuple[int, str, str]]
OTHER = """\
channels:
  desk: {url: "json://127.0.0.1:9/desk"}
  phone: {url: "json://127.0.0.1:9/phone"}
routes:
  - {severity: critical, channels: phone}
  - {rules: fire, channels: desk, corroboration: {independent: 3}}
  - {digest: hourly}
digests: {hourly: {cron: "0 * * * *", channels: desk}}
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Three reports of a ferry, the last of which is critical, and one of a fire, in the last day."""
    made = World(tmp_path)
    made.now = time.time() - 20 * HOUR
    made.poll(made.article("1", SINKS))
    made.later(1).poll(made.article("2", SANK, "plover"))
    made.later(1).poll(made.article("3", FIRE, "wader"))
    made.later(1).poll(made.article("4", HELD, "wader"))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "monitor.yaml").write_text(OTHER)
    (tmp_path / "other" / "sources.yaml").write_text("sources: []\n")
    yield made
    made.store.close()


@pytest.fixture
def run(world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("NO_COLOR", "1")

    def execute_here(*words: str) -> tuple[int, str, str]:
        code = execute(["--config", str(world.folder), "alert", "preview", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return execute_here


def test_what_was_sent_is_what_would_be_sent_again(world: World, run: Run) -> None:
    code, out, err = run("--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    desk = found["channels"]["desk"]
    assert found["stories"] == 2
    assert (
        desk["now"]["by_kind"] == desk["sent"] == {"story": 2, "update": sum(k == "update" for k, _ in world.alerts())}
    )
    assert desk["now"]["waiting"] == 0
    assert "stories_changed" not in found


def test_another_configuration_stands_beside_it(world: World, run: Run) -> None:
    found = json.loads(run("--other", str(world.folder / "other"), "--json")[1])["channels"]
    assert found["phone"]["other"]["by_kind"] == {"story": 1}
    assert "now" not in found["phone"]
    assert set(found["desk"]["other"]["by_kind"]) == {"digest"}
    assert found["desk"]["other"]["held"]["corroboration"] == 1
    assert found["desk"]["other"]["waiting"] == 1
    out = run("--other", str(world.folder / "other"))[1]
    assert "2 stories with new articles in the last 7 days." in out
    assert "there is no such channel" in out
    assert "still held: 1 story" in out
    assert "Stories by channel: 1 told with both, 1 gained, 1 lost, 1 told otherwise" in out
    changed = json.loads(run("--other", str(world.folder / "other"), "--json")[1])["stories_changed"]
    assert [one["channel"] for one in changed["gained"]] == ["phone"]
    (lost,) = changed["lost"]
    assert lost["channel"] == "desk"
    assert "its route asks for 3" in lost["other"]


def test_only_the_last_days_count_and_nothing_is_written(world: World, run: Run) -> None:
    queued = world.store.alerts.after(0)
    assert json.loads(run("--days", "0.5", "--json")[1])["channels"]["desk"]["now"]["messages"] == 0
    assert world.store.alerts.after(0) == queued
    assert run("--other", str(world.folder / "nowhere"))[0] == 2
