"""`monitor silence` and `monitor stories ack`, over the database that a real demonstration leaves."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.model import Handled, Severity, Story
from monitor.store import Store

Run = Callable[..., tuple[int, str, str]]


def add(run: Run, *words: str) -> dict[str, object]:
    code, out, err = run("silence", "add", "--reason", "known", "--json", *words)
    assert code == 0, err
    return dict(json.loads(out))


# --- silences --------------------------------------------------------------------------------------------------------


def test_a_silence_is_added_listed_and_ended(run: Run) -> None:
    made = add(run, "--rule", "exercise", "--country", "by", "--word", "захад*", "--below", "high", "--for", "2h")
    assert (made["author"], made["rules"], made["countries"], made["words"], made["below"], made["state"]) == (
        "ann",
        ["exercise"],
        ["BY"],
        ["захад*"],
        "high",
        "in force",
    )
    assert float(str(made["end"])) - float(str(made["start"])) == 7200
    number = str(made["id"])
    _, table, _ = run("silence", "list")
    assert "rule exercise; country BY; word захад*; below high" in table
    assert number in [str(one["id"]) for one in json.loads(run("silence", "list", "--json")[1])]
    assert run("silence", "expire", number, "--author", "bob")[:2] == (0, f"silence {number} is over\n")
    assert run("silence", "expire", number)[1] == f"silence {number} was over already\n"
    assert number not in [str(one["id"]) for one in json.loads(run("silence", "list", "--json")[1])]
    everything = json.loads(run("silence", "list", "--all", "--json")[1])
    assert next(one["state"] for one in everything if str(one["id"]) == number) == "ended by bob"


def test_a_time_is_that_of_the_configured_zone(run: Run, demo: Path) -> None:
    monitor = demo / "monitor.yaml"
    had = monitor.read_text()
    monitor.write_text(f"{had}\ntimezone: Asia/Tokyo\n")
    try:
        assert add(run, "--rule", "exercise", "--until", "2099-01-01T09:00")["end"] == 4070908800.0
        assert add(run, "--rule", "exercise", "--until", "2099-01-01T09:00+01:00")["end"] == 4070937600.0
    finally:
        monitor.write_text(had)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--for", "2h"], "--all-stories"),
        (["--for", "2h", "--channel", "demo"], "--all-stories"),
        (["--for", "2h", "--all-stories", "--rule", "exercise"], "names nothing but channels"),
        (["--rule", "exercise"], "--for 2h"),
        (["--rule", "exercise", "--for", "2h", "--until", "2099-01-01"], "one of the two"),
        (["--rule", "exercise", "--for", "2 hours"], "no duration"),
        (["--rule", "exercise", "--for", "0h"], "no duration"),
        (["--rule", "exercise", "--until", "2001-01-01"], "is over already"),
        (["--rule", "exercise", "--until", "soon"], "is no time"),
        (["--rule", "exercize", "--for", "2h"], "exercise"),
        (["--watch", "Nothing", "--for", "2h"], "there is no watch"),
        (["--source", "nobody", "--for", "2h"], "there is no source"),
        (["--channel", "nowhere", "--rule", "exercise", "--for", "2h"], "there is no channel"),
        (["--country", "Belarus", "--for", "2h"], "two letters"),
        (["--below", "info", "--for", "2h"], "nothing is below info"),
        (["--below", "huge", "--for", "2h"], "--below is one of low"),
        (["--rule", "exercise", "--for", "2h", "--reason", " "], "say why"),
        (["--rule", "exercise", "--for", "2h", "--author", "a" * 61], "at most 60"),
    ],
)
def test_what_makes_no_silence_is_said_in_one_message(run: Run, words: list[str], said: str) -> None:
    code, out, err = run("silence", "add", "--reason", "known", *words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_everything_can_be_silenced_where_that_is_said(run: Run) -> None:
    assert add(run, "--all-stories", "--for", "1m")["rules"] == []
    assert "all stories" in run("silence", "list")[1]


def test_it_says_how_much_it_is_about_and_status_does_not_let_it_be_forgotten(run: Run) -> None:
    made = add(run, "--rule", "exercise", "--for", "2h")
    assert 0 < int(str(made["matched"])) < int(str(made["of"]))
    code, out, _ = run("silence", "add", "--rule", "repression", "--for", "2h", "--reason", "known")
    assert code == 0
    assert re.search(r"^it is about 0 of the \d+ stories of the last 7 days$", out, re.MULTILINE)
    assert f"silence      {made['id']}, ends in 2h: rule exercise, by ann: known" in run("status")[1]
    silences = json.loads(run("status", "--json")[1])["silences"]
    assert str(made["id"]) in [str(one["id"]) for one in silences]


def test_an_unknown_silence_is_an_error(run: Run) -> None:
    code, _, err = run("silence", "expire", "4711")
    assert code == 2
    assert "no silence 4711" in err


# --- stories ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def story(demo: Path) -> Story:
    with Store.open(demo / "monitor.db", read_only=True) as store:
        _, hit, _ = store.hits.search(limit=1)[0]
        found = store.stories.get(store.stories.of_article(hit.article_id)[0])
    assert found
    return found


def done_about(demo: Path, story: Story) -> tuple[Handled, ...]:
    with Store.open(demo / "monitor.db", read_only=True) as store:
        return store.handled.of(story.id)


def test_a_story_is_acknowledged_muted_and_unmuted(run: Run, demo: Path, story: Story) -> None:
    code, out, _ = run("stories", "ack", story.id, "--note", "on it")
    assert code == 0
    assert out.startswith(f"{story.id} is acknowledged: ")
    assert run("stories", "mute", story.article.id, "--for", "3d", "--by", "bob")[0] == 0
    assert run("stories", "unmute", story.id)[0] == 0
    acknowledged, muted, unmuted = done_about(demo, story)[-3:]
    assert (acknowledged.what, acknowledged.by, acknowledged.note) == ("acknowledged", "ann", "on it")
    assert acknowledged.severity is story.severity
    assert (muted.what, muted.by) == ("muted", "bob")
    assert muted.until is not None
    assert abs(muted.until - time.time() - 3 * 86400) < 60
    assert unmuted.what == "unmuted"
    assert Severity(acknowledged.severity) is story.severity


@pytest.mark.parametrize("what", ["sunknown", "anothing", "999999"])
def test_an_unknown_story_is_an_error(run: Run, what: str) -> None:
    code, _, err = run("stories", "ack", what)
    assert code == 2
    assert "there is no" in err


def test_a_note_has_a_bound(run: Run, story: Story) -> None:
    assert run("stories", "ack", story.id, "--note", "a" * 501)[0] == 2


def test_without_a_command_the_lists_are_shown(run: Run) -> None:
    add(run, "--rule", "exercise", "--for", "1h")
    assert run("silence") == run("silence", "list")
    stories = run("stories")
    assert stories == run("stories", "list")
    assert stories[0] == 0
    assert "HIGH" in stories[1].upper()
