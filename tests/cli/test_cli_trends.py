"""`monitor rules trends`, and trends in `monitor rules` and `monitor check`."""

import json
import time
from pathlib import Path

import pytest

from monitor import cli
from tests.endtoend.trend_world import DAY, HOUR, World

TRENDS = """\
  - {id: wave, name: A wave, severity: high, count: {rule: border, more_than: 3, within: 6h}}
  - {id: more, spike: {rule: border}}
  - {id: off, enabled: false, spike: {rule: border}}
"""


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A watch of ten days that ends now, with a wave an hour ago."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    now = time.time()
    made = World(tmp_path, TRENDS)
    made.now = now - 10 * DAY
    made.restart()
    made.prime()
    for day in range(9, 0, -1):
        made.now = now - day * DAY
        made.poll("Weather")
    made.now = now - HOUR
    made.poll(*(f"Troops at the border, report {n} of today" for n in range(5)))
    made.store.close()
    return made


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.execute([*words]) == 0
    return capsys.readouterr().out


def test_it_shows_what_each_trend_says_now_and_when_it_fired(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "rules", "trends").splitlines()
    assert lines[0] == "wave  high  A wave"
    assert "  looks for  more than 3 articles of rule border in 6 hours" in lines
    assert "  now        holds: 5 articles in 6 hours, more than 3" in lines
    assert any(line.startswith("  fired      20") and line.endswith(", 60m ago") for line in lines)
    assert "  said       5 articles in 6 hours, more than 3" in lines
    assert "more  medium  more" in lines
    assert lines[-1] == "  fired      never"
    assert "off" not in "\n".join(lines)


def test_as_json_every_figure_is_there(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    wave, more = json.loads(said(capsys, "rules", "trends", "--json"))
    assert (wave["id"], wave["kind"], wave["state"]) == ("wave", "count", "holds")
    assert (wave["number"], wave["threshold"], wave["baseline"]) == (5, 3, None)
    assert wave["fired"] == 1
    assert wave["last_fired"] == pytest.approx(time.time() - HOUR, abs=60)
    assert len(wave["articles"]) == 5
    assert more["state"] == "quiet"
    assert more["threshold"] >= 5
    assert more["baseline"] is not None
    assert more["last_fired"] is None


def test_one_trend_can_be_asked_for(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "rules", "trends", "more").splitlines()[0] == "more  medium  more"
    assert cli.execute(["rules", "trends", "moer"]) == 2
    assert "there is no trend 'moer'; did you mean 'more'?" in capsys.readouterr().err


def test_looking_writes_nothing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    before = (world.folder / "monitor.db").read_bytes()
    said(capsys, "rules", "trends")
    assert (world.folder / "monitor.db").read_bytes() == before


def test_a_changed_or_unknown_trend_says_that_it_waits(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.write(TRENDS.replace("6h", "5h") + "  - {id: fresh, silence: {rule: border, within: 1d}}\n")
    out = said(capsys, "rules", "trends")
    assert "learning: changed, and not watched since: it begins with the next `monitor run` or `monitor once`" in out
    assert "learning: not watched yet: it begins with the next `monitor run` or `monitor once`" in out


def test_rules_lists_trends_too_and_check_counts_them(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "rules")
    assert "last fired" in out
    assert "never" in out
    rows = {row["id"]: row for row in json.loads(said(capsys, "rules", "--json"))}
    assert {name: row["kind"] for name, row in rows.items()} == {
        "border": "rule",
        "exercise": "rule",
        "wave": "count",
        "more": "spike",
    }
    assert rows["wave"]["last_fired"] is not None
    assert rows["border"]["24 h"] == 5
    assert "2 rules, 2 trends" in said(capsys, "check")
    shown = json.loads(said(capsys, "check", "--show"))
    assert shown["trends"][0]["looks_for"] == "more than 3 articles of rule border in 6 hours"


def test_a_wrong_trend_is_a_problem_of_check_and_a_route_may_name_one(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.write(TRENDS.replace("rule: border, more_than", "rule: bodrer, more_than"))
    assert cli.execute(["check"]) == 2
    assert "rules/trends.yaml:2:60: there is no rule 'bodrer'; did you mean border?" in capsys.readouterr().err
    world.write(TRENDS)
    settings = world.folder / "monitor.yaml"
    settings.write_text(settings.read_text().replace("severity: critical", "rules: wave"))
    assert cli.execute(["check"]) == 0
    assert capsys.readouterr().err == ""


def test_without_a_channel_the_list_of_alerts_shows_what_fired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    world = World(tmp_path, TRENDS, monitor="{}\n")
    world.prime()
    world.poll(*(f"Troops at the border, report {n} of today" for n in range(5)))
    world.store.close()
    [kept] = json.loads(said(capsys, "alert", "list", "--json"))
    assert (kept["id"], kept["kind"], kept["state"], kept["channel"]) == (None, "trend", "kept", "")
    assert "A wave" in kept["title"]
    assert json.loads(said(capsys, "alert", "list", "--json", "--state", "kept")) == [kept]
    assert json.loads(said(capsys, "alert", "list", "--json", "--state", "sent")) == []
    assert json.loads(said(capsys, "alert", "list", "--json", "--channel", "desk")) == []
    assert "there was no channel for it" in said(capsys, "alert", "list")
    assert cli.execute(["alert", "retry", kept["alert"]]) == 2
    assert "went to no channel" in capsys.readouterr().err
