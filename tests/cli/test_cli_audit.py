"""`monitor audit` over a database that a real pipeline filled; and what `monitor status` says of problems."""

import json
import time
from pathlib import Path

import pytest

from monitor.cli import execute
from monitor.cli.audit import lacking
from monitor.match.conditions.base import Told
from monitor.model import State
from tests.endtoend.trend_world import DAY, World
from tests.endtoend.watch_world import Feed, Watch


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    made = World(tmp_path, "  []")
    made.now = time.time() - 2 * DAY
    made.prime()
    made.now += DAY
    made.poll("Troops at the border", "Troops leave their barracks", "Rain in spring", source="kestrel")
    made.poll("Wheat and barley", source="plover")
    return made


def audit(world: World, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    world.store.close()
    assert execute(["--config", str(world.folder), "audit", *more]) == 0
    return capsys.readouterr().out


def test_it_names_gates_near_hits_and_who_is_silent(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    facts = json.loads(audit(world, capsys, "--json"))
    assert (facts["articles"], facts["hits"], facts["tried"]) == (6, 1, 6)
    assert facts["gates"]["fetched"] == {"ok": 4}
    assert facts["gates"]["articles"] == {"new": 4, "history": 2}
    assert facts["gates"]["matched"] == {"border": 1}
    [near] = facts["near"]
    assert near["rule"] == "border"
    [example] = near["examples"]
    assert example["title"] == "Troops leave their barracks"
    assert "Grodno" in example["why_not"] or "border" in example["why_not"]
    assert [(one["source"], one["articles"]) for one in facts["sources_without_hits"]] == [("plover", 2)]
    assert [(one["rule"], one["hits_ever"]) for one in facts["rules_without_hits"]] == [("exercise", 0)]
    assert facts["folded"]["articles"] == 0


def test_it_is_readable(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    said = audit(world, capsys)
    assert "fetched            4  polls, by what they ended in: 4 ok" in said
    assert "Nearly hit: one condition is missing (6 of 6 articles tried)" in said
    assert "    a" in said
    assert "Sources that brought articles, but no hit: 1\n  plover (2 articles)" in said
    assert "Rules that did not fire: 1\n  exercise (never)" in said


def test_since_bounds_it_and_the_sample_does(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    facts = json.loads(audit(world, capsys, "--json", "--since", "1h"))
    assert (facts["articles"], facts["tried"], facts["near"]) == (0, 0, [])
    assert json.loads(_again(world, capsys, "--sample", "4"))["tried"] == 4
    assert json.loads(_again(world, capsys, "--sample", "0"))["tried"] == 0


def _again(world: World, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert execute(["--config", str(world.folder), "audit", "--json", *more]) == 0
    return capsys.readouterr().out


def test_a_time_in_the_future_is_a_mistake(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["--config", str(world.folder), "audit", "--since", "2999-01-01"]) == 2
    assert "in the past" in capsys.readouterr().err


@pytest.mark.parametrize(("wanted", "limit"), [(1, 1), (3, 3), (6, 6), (6, 60)])
def test_a_sample_is_spread_and_never_larger(world: World, wanted: int, limit: int) -> None:
    ids = world.store.audit.sample(0.0, limit)
    assert len(ids) == len(set(ids)) == wanted


def test_the_smallest_condition_that_fails_is_named() -> None:
    found = Told("any of troops", True, "troops")
    lacks = Told("any of border", False, missing=1)
    inside = Told("all inside", False, missing=1, parts=(found, lacks))
    assert lacking(Told("all", False, missing=1, parts=(found, inside))) == "any of border"
    assert lacking(Told("none of x", False, note="excluded by 'x'", missing=1)) == "none of x (excluded by 'x')"


def test_the_status_shows_what_is_wrong_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "250")
    watch = Watch(tmp_path, {"plain": Feed(), "lost": Feed(answers=lambda _: State.NOT_A_FEED)})
    watch.run(watch.now + DAY)
    watch.store.close()
    assert execute(["--config", str(tmp_path), "status"]) == 0
    said = capsys.readouterr().out
    assert "problem      Source Lost fails, noted " in said
    assert "a captcha, a login, or the feed has moved" in said
    assert execute(["--config", str(tmp_path), "status", "--json"]) == 0
    [problem] = json.loads(capsys.readouterr().out)["problems"]
    assert (problem["kind"], problem["key"]) == ("source", "lost")
