"""Thirty days of a watch over the watch: an outage, a dying feed, a silent one, and those that are only slow."""

import random
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.model import State
from tests.endtoend.trend_world import DAY, HOUR, START
from tests.endtoend.watch_world import MONITOR, Feed, Watch, between, weekday

OUTAGE = between(20 + 4 / 24, 20 + 12 / 24)


def month() -> dict[str, Feed]:
    """Fourteen feeds; eight of them are ordinary."""
    dice = random.Random(5)
    dead, silent = between(12, 99), between(15, 99)
    feeds = {f"plain-{number}": Feed(gap=(1 + number / 2) * HOUR) for number in range(8)}
    feeds["dying"] = Feed(answers=lambda now: State.HTTP_ERROR if dead(now) else State.OK)
    feeds["quiet"] = Feed(publishes=lambda at: not silent(at))
    feeds["slow"] = Feed(gap=5 * DAY)
    feeds["weekdays"] = Feed(gap=3 * HOUR, publishes=weekday)
    feeds["flapping"] = Feed(answers=lambda _: dice.choice((State.OK, State.BLOCKED)))
    feeds["moving"] = Feed(moved_to=lambda now: "https://moving.example/new" if now > START + 3 * DAY else "")
    feeds["undated"] = Feed(dated=lambda at: at < START + 7 * DAY)
    for feed in feeds.values():
        usual = feed.answers
        feed.answers = lambda now, usual=usual: State.DNS if OUTAGE(now) else usual(now)  # type: ignore[misc]
    return feeds


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Watch:
    world = Watch(tmp_path_factory.mktemp("month"), month())
    world.run(START + 30 * DAY, step=1200)
    return world


def told(world: Watch, words: str) -> list[float]:
    return [at / 24 for at, title in world.messages() if words in title]


def test_a_month_is_told_in_few_words(straight: Watch) -> None:
    titles = [title for _, title in straight.messages()]
    assert titles[:5] == [
        "Source Flapping fails",  # and it stays so: what answers now and then is not well
        "Source Moving has moved",
        "Source Undated gives no dates any more",
        "Source Dying fails",
        "Source Quiet is silent",
    ]
    assert len(titles) == 7
    assert titles[6].startswith("Over: ")
    assert titles[5].partition(" sources ")[2] == titles[6].partition(" sources ")[2]  # more had failed until its end


def test_a_dying_feed_is_told_after_some_hours(straight: Watch) -> None:
    [at] = told(straight, "Dying")
    assert 12.25 <= at <= 13


def test_an_outage_is_one_message_with_its_beginning_and_one_when_it_is_over(straight: Watch) -> None:
    began, over = [(at, title) for at, title in straight.messages() if "own network" in title]
    assert 20 * 24 + 4 < began[0] < 20 * 24 + 5
    assert began[1].split(" sources fail since ")[1].startswith("06:")  # Warsaw, where summer time holds
    assert 20 * 24 + 12 <= over[0] < 20 * 24 + 13.5
    states = straight.store.sources.states()
    assert [name for name, one in states.items() if not one.state.healthy] in (["dying"], ["dying", "flapping"])


def test_a_feed_that_falls_silent_is_told_against_its_own_rhythm(straight: Watch) -> None:
    [at] = told(straight, "Quiet")
    assert 15.9 <= at < 17


def test_the_daily_line_comes_once_a_day_and_names_what_is_open(straight: Watch) -> None:
    lines = straight.heartbeats()
    assert len(lines) == 30
    assert [round(at % 24) for at, _ in lines] == [6] * 30
    assert "of 15 sources well, " in lines[5][1]
    assert lines[-1][1].endswith("5 problems")
    assert ", 0 hits, " in lines[-1][1]


def test_every_problem_is_told_once_and_its_end_once(straight: Watch) -> None:
    for kind, key, opened, was_told, closed, over in straight.problems():
        assert was_told is not None or closed is not None, (kind, key)
        assert was_told is None or was_told - opened <= 300 + 1200, (kind, key)
        assert (over is None) == (closed is None or was_told is None), (kind, key)


@pytest.mark.slow
def test_restarts_in_between_change_nothing(straight: Watch, tmp_path: Path) -> None:
    world = Watch(tmp_path, month())
    world.run(START + 30 * DAY, step=1200, restart_every=37)
    assert world.messages() == straight.messages()
    assert world.heartbeats() == straight.heartbeats()
    assert world.problems() == straight.problems()


def test_many_that_fail_at_once_for_a_reason_of_their_own_are_one_message(tmp_path: Path) -> None:
    broken = between(1, 2)
    world = Watch(
        tmp_path,
        {f"host-{n}": Feed(answers=lambda now: State.BLOCKED if broken(now) else State.OK) for n in range(8)}
        | {f"well-{n}": Feed() for n in range(3)},
    )
    world.run(START + 4 * DAY)
    assert [title for _, title in world.messages()] == ["8 sources fail: our own network?", "Over: 8 sources fail"]


def test_entries_that_are_missed_are_told_and_the_source_is_polled_faster(tmp_path: Path) -> None:
    flood = between(1, 1.5)
    feed = Feed(gap=10.0, publishes=lambda at: flood(at) or int(at) % 1000 < 5)
    monitor = MONITOR + "polling: {min_interval: 10m, first_interval: 1h}\n"
    world = Watch(tmp_path, {"flood": feed}, monitor)
    world.run(START + DAY)
    before = world.store.sources.state("flood")
    assert before is not None
    world.run(START + 3 * DAY)
    assert [title for _, title in world.messages()] == [
        "Entries of source Flood were missed",
        "Over: Entries of source Flood were missed",
    ]
    [(said, advice)] = world.store._db.rows("SELECT message, advice FROM problems WHERE kind = 'missed'")
    assert "min_interval" in advice
    assert "no entry in common" in said


def test_the_first_days_are_told_nothing_but_what_fails(tmp_path: Path) -> None:
    feeds = {
        "hourly-then-nothing": Feed(gap=HOUR, publishes=between(0, 2)),
        "never-anything": Feed(publishes=lambda _: False),
        "undated-from-the-start": Feed(dated=lambda _: False),
        "dead-from-the-start": Feed(answers=lambda _: State.NOT_A_FEED),
    }
    world = Watch(tmp_path, feeds)
    world.run(START + 6 * DAY)
    assert [title for _, title in world.messages()] == ["Source Dead-From-The-Start fails"]


def test_a_disk_that_fills_up_is_told_before_polling_pauses(tmp_path: Path) -> None:
    world = Watch(tmp_path, {"plain": Feed()})
    for free in (450, 390, 410, 390, 510, 450):
        world.free = free * 1024**2
        world.run(world.now + HOUR)
    assert [title for _, title in world.messages()] == ["The disk is filling up", "Over: The disk is filling up"]


def test_a_source_that_is_taken_out_is_not_told_to_be_well_again(tmp_path: Path) -> None:
    world = Watch(tmp_path, {"plain": Feed(), "dead": Feed(answers=lambda _: State.TLS)})
    world.run(START + DAY)
    (world.folder / "sources.yaml").write_text("sources:\n  - {id: plain, url: 'https://plain.example/feed'}\n")
    world.restart()
    world.run(START + 2 * DAY)
    assert [title for _, title in world.messages()] == ["Source Dead fails"]
    assert world.store.problems.current() == []


def test_a_source_with_a_new_address_is_well_when_it_has_answered_there(tmp_path: Path) -> None:
    dead = [True]
    world = Watch(tmp_path, {"lost": Feed(answers=lambda _: State.HTTP_ERROR if dead else State.OK)})
    world.run(START + DAY)
    (tmp_path / "sources.yaml").write_text("sources:\n  - {id: lost, title: Lost, url: 'https://new.example/feed'}\n")
    world.restart()
    world.pipeline.watch.look(world.now)
    assert [one.kind for one in world.store.problems.current()] == ["source"]
    dead.clear()
    world.run(world.now + 6 * HOUR)
    assert [title for _, title in world.messages()] == ["Source Lost fails", "Over: Source Lost fails"]


def test_a_clock_that_jumps_is_told_and_makes_no_silence(tmp_path: Path) -> None:
    world = Watch(tmp_path, {"plain": Feed(), "other": Feed()})
    world.run(START + 9 * DAY)
    world.now += 40 * DAY
    world.store.sources.shift(40 * DAY)
    world.pipeline.watch.stepped(40 * DAY, world.now)
    world.run(world.now + DAY)
    assert [title for _, title in world.messages()] == ["This machine's clock jumped"]
    assert world.store.problems.current() == []


def test_a_machine_that_was_off_tells_nothing_of_it(tmp_path: Path) -> None:
    world = Watch(tmp_path, {"plain": Feed(), "other": Feed(), "third": Feed()})
    world.run(START + 9 * DAY)
    world.now += 10 * DAY
    world.restart()
    world.run(world.now + DAY)
    assert world.messages() == []


lives = st.lists(
    st.tuples(
        st.sampled_from([State.OK, State.OK, State.OK, State.DNS, State.TIMEOUT, State.BLOCKED, State.GONE]),
        st.integers(1, 30),  # hours
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.slow
@given(st.lists(lives, min_size=7, max_size=7), st.integers(3, 60))
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_happens_each_problem_is_told_once_and_restarts_change_nothing(
    fates: list[list[tuple[State, int]]], restart_every: int
) -> None:
    def feeds() -> dict[str, Feed]:
        return {f"f{number}": Feed(answers=partial(said, fate)) for number, fate in enumerate(fates)}

    def said(fate: list[tuple[State, int]], now: float) -> State:
        hours = (now - START) / HOUR
        for state, length in fate:
            hours -= length
            if hours < 0:
                return state
        return State.OK

    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        straight, restarted = Watch(Path(first), feeds()), Watch(Path(second), feeds())
        straight.run(START + 4 * DAY, step=1200)
        restarted.run(START + 4 * DAY, step=1200, restart_every=restart_every)
        assert restarted.problems() == straight.problems()
        assert restarted.messages() == straight.messages()
        rows, lines = straight.problems(), straight.told_lines()
        straight.store.close()
        restarted.store.close()
    by_key: dict[tuple[str, str], list[tuple[float, float | None]]] = {}
    for kind, key, opened, told_at, closed, over in rows:
        spans = by_key.setdefault((kind, key), [])
        assert not spans or (spans[-1][1] is not None and spans[-1][1] <= opened), "opened twice without an end"
        spans.append((opened, closed))
        assert told_at is None or told_at >= opened
        assert over is None or (told_at is not None and closed is not None and over >= closed)
    begun = sum(told_at is not None for _, _, _, told_at, _, _ in rows)
    ended = sum(over is not None and told_at is not None for _, _, _, told_at, _, over in rows)
    assert lines == (begun, ended)
