"""`monitor stories list|show|split|merge`, as a user calls them, over what a pipeline stored."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.cli import execute
from monitor.story.naming import story_id
from tests.desk_world import FIRE, HELD, SANK, SINKS, World

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Two reports of a ferry, one of a fire."""
    made = World(tmp_path)
    made.poll(made.article("1", SINKS))
    made.later(1).poll(made.article("2", SANK, "plover"))
    made.later(1).poll(made.article("3", FIRE, "wader"))
    yield made
    made.store.close()


@pytest.fixture
def run(world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")

    def execute_here(*words: str) -> tuple[int, str, str]:
        code = execute(["--config", str(world.folder), "stories", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return execute_here


FERRY, BURNS = story_id("a1"), story_id("a3")


def listed(run: Run, *words: str) -> list[dict[str, Any]]:
    code, out, err = run("list", *words, "--json")
    assert code == 0, err
    return list(json.loads(out))


def test_the_most_severe_story_comes_first(run: Run) -> None:
    ferry, fire = listed(run)
    assert (ferry["story"], ferry["severity"], ferry["articles"], ferry["sources"]) == (FERRY, "high", 2, 2)
    assert (ferry["headline"], fire["story"], fire["severity"]) == (SANK[0], BURNS, "medium")
    rows = [" ".join(line.split()) for line in run("list")[1].splitlines()]
    assert rows[0] == "severity articles sources first seen grew state story headline"
    assert rows[1].startswith("high 2 2 ")
    assert rows[1].endswith(f"{FERRY} {SANK[0]}")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--rule", "fire"), [BURNS]),
        (("--watch", "Disasters", "--limit", "1"), [BURNS]),  # it grew last
        (("--severity", "high"), [FERRY]),
        (("--state", "history"), []),
        (("--since", "2100-01-01"), []),
        (("--since", "2020-01-01"), [FERRY, BURNS]),
    ],
)
def test_stories_are_chosen(run: Run, words: tuple[str, ...], expected: list[str]) -> None:
    assert [one["story"] for one in listed(run, *words)] == expected


def test_open_stories_are_those_that_may_still_grow(world: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for days, state in ((1, "open"), (4, "closed")):
        monkeypatch.setattr("time.time", lambda days=days: world.now + days * 86400)
        assert {one["state"] for one in listed(run)} == {state}
        assert len(listed(run, "--state", state)) == 2


def test_a_story_is_shown_with_how_each_article_joined(run: Run) -> None:
    code, out, _ = run("show", FERRY)
    assert code == 0
    assert "a2  the same event as a1 (Kestrel Wire); shared: " in out
    assert "a1  opened the story" in out
    assert "hit ferry (high): Ferry, Aurelia, Kotor" in out
    assert "story to desk: queued" in out
    assert out.index("a1  opened") < out.index("a2  the same")
    by_article = run("show", "a2")[1]
    assert by_article == out


def test_a_story_as_json_has_all_of_it(run: Run) -> None:
    found = json.loads(run("show", "https://plover.example/2", "--json")[1])
    assert [one["article"] for one in found["members"]] == ["a1", "a2"]
    assert "kotor" in found["members"][1]["shared"]
    assert [one["state"] for one in found["deliveries"]] == ["queued"]
    assert {one["policy"] for one in found["decisions"]} == {"route", "change"}


def test_split_and_merge_while_the_monitor_runs(world: World, run: Run) -> None:
    code, out, _ = run("split", FERRY, "a2")
    new = world.store.stories.of_article("a2")[0]
    assert (code, out) == (0, f"story {new} now has 1 article of {FERRY}\n")
    world.later(1).poll(world.article("4", HELD, "wader"))  # the daemon has seen nothing but the database
    assert not any({"a1", "a2"} <= together for together in world.stories())
    code, out, _ = run("merge", new, FERRY)
    assert (code, out) == (0, f"story {new} is now part of {FERRY}\n")
    world.later(1).poll(world.article("5", SANK, "wader"))
    assert any({"a1", "a2", "a5"} <= together for together in world.stories())
    shown = run("show", new)[1]
    assert shown.startswith(f"{new} has become part of {FERRY}.")
    assert "put here by hand" in shown


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "snobodyxxxxxx"), "there is no story"),
        (("show", "nobody"), "there is no article"),
        (("show", "99"), "there is no hit 99"),
        (("split", FERRY, "a3"), "has no article a3"),
        (("split", FERRY, "a1", "a2"), "one must stay"),
        (("split", "nobody", "a1"), "there is no article"),
        (("merge", FERRY, "a2"), "are one story already"),
        (("merge", FERRY, "snobodyxxxxxx"), "there is no story"),
        (("list", "--state", "bad"), "--state is one of"),
        (("list", "--severity", "bad"), "--severity is one of"),
        (("list", "--rule", "nobody"), "there is no rule 'nobody'"),
        (("list", "--since", "never"), "is no time"),
    ],
)
def test_a_mistake_is_one_message_and_changes_nothing(
    world: World, run: Run, words: tuple[str, ...], told: str
) -> None:
    before = world.stories()
    code, out, err = run(*words)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert told in err
    assert world.stories() == before


def test_an_article_without_a_story_says_why(world: World, run: Run) -> None:
    world.poll(world.article("9", ("Tram fares go up in Sibiu", "From May on.")))
    code, _, err = run("show", "a9")
    assert code == 2
    assert "no rule hit it" in err


def test_without_a_database_nothing_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(tmp_path / "other")
    world.store.close()
    (world.folder / "monitor.db").unlink()
    for words in (("list",), ("show", "a1"), ("split", FERRY, "a1"), ("merge", FERRY, BURNS)):
        assert execute(["--config", str(world.folder), "stories", *words]) == 2
    assert not (world.folder / "monitor.db").exists()
    assert "there is no database" in capsys.readouterr().err


def test_explain_names_the_story(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["--config", str(world.folder), "explain", "a2"]) == 0
    out = capsys.readouterr().out
    assert f"story: {FERRY}, with 1 other article" in out
    assert world.stories() == {frozenset({"a1", "a2"}), frozenset({"a3"})}
