"""Two configurations over one past: what the second changes, and that it is so when time is short."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import Config
from monitor.previewing import Trial, differences, tried
from monitor.rehearsal import Heard, Past, Rehearsal
from monitor.settings import Settings
from tests.alerting_world import DAY, HOUR, MINUTE, START, World

SETTINGS: dict[str, Any] = {
    "channels": {"desk": {"url": "json://x/"}, "phone": {"url": "json://x/phone"}},
    "routes": [{"severity": "high", "channels": ["desk", "phone"]}, {"channels": "desk"}],
    "alerts": {"group_wait": 0},
}


def of(world: World, **changes: Any) -> Config:
    return replace(world.config, settings=Settings.model_validate({**SETTINGS, **changes}))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Three stories on three days: high, low, high again."""
    made = World(tmp_path / "m.db", SETTINGS)
    for number, severity in enumerate(("high", "low", "high"), start=1):
        made.tell(f"s{number}", severity=severity, title=f"Event number {number} of this test", source=number)
        made.wait(DAY)
    return made


def play(world: World, folder: Path, changed: Config, seconds: float = 60.0, since: float = START) -> Trial:
    edges = [START + number * DAY for number in range(5)]
    folder.mkdir()
    return tried(Past(world.store, since, world.now), world.config, changed, folder, edges, seconds)


def test_what_is_gained_lost_and_told_otherwise(world: World, tmp_path: Path) -> None:
    routes = [
        {"severity": "high", "channels": "phone"},
        {"digest": "noon"},
    ]
    changed = of(world, routes=routes, digests={"noon": {"cron": "0 12 * * *", "channels": ["desk", "phone"]}})
    trial = play(world, tmp_path / "t", changed)
    found = trial.differences
    assert [(one.story_id, one.channel) for one in found.gained] == [("s2", "phone")]
    (gained,) = found.gained
    assert gained.before is not None
    assert (gained.before.policy, gained.before.times) == ("route", ())
    assert gained.after is not None
    assert (gained.after.digest, gained.after.times) == ("noon", (START + 1.5 * DAY,))
    assert [(one.story_id, one.channel) for one in found.lost] == [("s3", "desk"), ("s1", "desk")]
    lost = found.lost[0]
    assert lost.after is not None
    assert (lost.after.policy, lost.after.why) == ("route", "no route sends it to channel desk")
    assert [(one.story_id, one.channel) for one in found.otherwise] == [("s2", "desk")]
    assert found.kept == 3
    assert [(dict(day.before), dict(day.after)) for day in trial.days[:3]] == [
        ({"desk": 1, "phone": 1}, {"phone": 1}),
        ({"desk": 1}, {"desk": 1, "phone": 1}),
        ({"desk": 1, "phone": 1}, {"phone": 1}),
    ]
    assert trial.is_whole
    assert trial.stories == 3


def test_the_same_policies_change_nothing(world: World, tmp_path: Path) -> None:
    found = play(world, tmp_path / "t", of(world)).differences
    assert (found.gained, found.lost, found.otherwise, found.kept) == ((), (), (), 5)


def test_a_channel_that_is_gone_loses_everything(world: World, tmp_path: Path) -> None:
    changed = of(world, channels={"desk": {"url": "json://x/"}}, routes=[])
    found = play(world, tmp_path / "t", changed).differences
    assert {one.channel for one in found.lost} == {"phone"}
    assert all(one.after is None for one in found.lost)


def test_without_time_both_are_compared_up_to_where_they_came(world: World, tmp_path: Path) -> None:
    trial = play(world, tmp_path / "t", of(world, routes=[]), seconds=0.0)
    assert not trial.is_whole
    assert (trial.reached, trial.differences.kept) == (START, 0)
    assert [sum(day.before.values()) for day in trial.days] == [0]


def test_the_second_is_not_played_further_than_the_first(world: World, tmp_path: Path) -> None:
    """What comes after the moment at which the first was broken off is neither gained nor lost."""
    past = Past(world.store, START, world.now)
    with Rehearsal(past, of(world), tmp_path, "a") as one, Rehearsal(past, of(world), tmp_path, "b") as other:
        reached = one.play(lambda *_: None, lambda at: at > START + 1.5 * DAY)
        assert reached == START + DAY
        assert other.play(lambda *_: None, lambda at: at > reached) == reached
        found = differences(one.heard(reached), other.heard(reached))
        assert (found.gained, found.lost, found.kept) == ((), (), 3)
        assert one.messages(START, START + DAY) == {"desk": 1, "phone": 1}
        assert one.messages(START + DAY, START + 2 * DAY) == {"desk": 1}


def test_time_that_passes_with_nothing_new_is_broken_off_too(world: World, tmp_path: Path) -> None:
    """A digest every minute over a long silence costs as many looks as there are minutes."""
    world.wait(20 * DAY)
    changed = of(world, routes=[{"channels": "desk", "corroboration": {"independent": 9, "give_up": "19d"}}])
    past = Past(world.store, START, world.now)
    with Rehearsal(past, changed, tmp_path, "a") as one:
        reached = one.play(lambda *_: None, lambda at: at > START + 10 * DAY)
        assert START + 2 * DAY <= reached < world.now


def test_of_many_stories_those_that_grew_last_are_played(world: World) -> None:
    past = Past(world.store, START, world.now, most=2)
    assert (past.stories, past.is_cut, past.since) == (["s3", "s2"], True, START + DAY)
    assert not Past(world.store, START, world.now, most=4).is_cut
    assert Past(world.store, START + HOUR, world.now, most=4).since == START + HOUR


KEYS = st.tuples(st.sampled_from("ab"), st.sampled_from("xy"))
TIMES = st.lists(st.floats(START, START + DAY), max_size=3).map(lambda times: tuple(sorted(times)))
HEARD = st.dictionaries(KEYS, TIMES).map(
    lambda found: {key: Heard(*key, times, "", "because", "route") for key, times in found.items()}
)


@given(HEARD, HEARD)
def test_what_one_gains_the_other_loses(before: dict[Any, Heard], after: dict[Any, Heard]) -> None:
    there, back = differences(before, after), differences(after, before)
    assert [(one.story_id, one.channel) for one in there.gained] == [(one.story_id, one.channel) for one in back.lost]
    assert there.kept == back.kept
    assert len(there.otherwise) == len(back.otherwise) <= there.kept
    same = differences(before, before)
    assert (same.gained, same.lost, same.otherwise) == ((), (), ())


def test_a_message_within_the_minute_is_told_the_same() -> None:
    def heard(at: float) -> dict[tuple[str, str], Heard]:
        return {("s", "desk"): Heard("s", "desk", (at,), "", "", "route")}

    assert not differences(heard(START), heard(START + MINUTE)).otherwise
    assert differences(heard(START), heard(START + MINUTE + 1)).otherwise
