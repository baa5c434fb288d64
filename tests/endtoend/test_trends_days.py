"""Sixty days of a watch with trends, through the real pipeline and store; time is passed in."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alert.render import render
from monitor.alert.shape import Shape
from monitor.errors import StoreError
from monitor.model import Verdict
from monitor.settings import Retention
from monitor.store import Store
from tests.endtoend.trend_world import DAY, HOUR, MONITOR, START, World

COUNT = "  - {id: wave, name: A wave, severity: high, count: {rule: border, more_than: 3, within: 6h}}\n"
NEW = "  - {id: new-place, new: {rules: [border, exercise], of: place, set: places}}\n"
SILENCE = "  - {id: quiet, severity: low, silence: {rule: exercise, within: 2d}}\n"
SEQUENCE = (
    "  - {id: then, severity: critical, sequence: "
    "{first: exercise, then: border, within: 3d, join: place, set: places}}\n"
)
SPIKE = "  - {id: more, severity: high, spike: {rule: border}}\n"


def times(world: World, trend: str) -> list[float]:
    """Return when a trend was told, in hours since the start."""
    return [(at - START) / HOUR for at, finding in world.told if finding.trend_id == trend]


def test_a_count_is_told_once_and_again_after_it_has_calmed_down(tmp_path: Path) -> None:
    world = World(tmp_path, COUNT)
    world.prime()
    for hour in range(1, 8):
        world.now = START + hour * HOUR
        world.poll(f"Troops at the border, report {hour} of the day")
    assert times(world, "wave") == [4.0]  # the fourth within six hours; seven is still the same wave
    [delivery] = world.deliveries()
    assert delivery[:2] == ("desk", "wave")
    world.now = START + 11 * HOUR  # of the last six hours two are left: half of the bound, rounded down, is one
    world.tick()
    world.now += HOUR
    world.tick()
    for part in range(4):
        world.now += 60
        world.poll(f"Troops at the border once more, {part}")
    assert len(times(world, "wave")) == 2
    assert len(world.deliveries()) == 2


def test_history_fires_nothing_and_primes_what_is_known(tmp_path: Path) -> None:
    world = World(tmp_path, COUNT + NEW)
    world.poll(*(f"Troops near Brest, {n} of many reports" for n in range(9)))
    assert world.told == []
    assert world.store.trends.told("new-place") == {"brest": START}
    world.poll(*(f"Troops near Lida, {n} of many reports" for n in range(9)), source="plover")
    world.now = START + 8 * DAY
    again = "Troops near Lida again, as before", "Troops near Brest again, as before"
    world.poll(*again, "Troops near Grodno for the first time")
    assert [finding.fresh for _, finding in world.told] == [("Grodno",)]


def test_restarts_in_between_change_nothing(tmp_path: Path) -> None:
    def run(folder: Path, *, restarts: bool) -> list[tuple[float, str, tuple[str, ...]]]:
        folder.mkdir()
        world = World(folder, COUNT + NEW + SILENCE + SEQUENCE + SPIKE)
        world.prime()
        chance = random.Random(7)
        words = ("Troops near Brest", "Exercise near Brest", "Troops near Lida", "Exercise near Lida", "Weather")
        for step in range(120):
            world.now = START + step * 5 * HOUR
            for number in range(chance.choice((0, 0, 1, 4))):
                world.poll(f"{chance.choice(words)}, {step} and {number}", source=chance.choice(("kestrel", "plover")))
            world.tick()
            if restarts and step % 7 == 3:
                world.restart()
        world.store.close()
        return [(at, finding.trend_id, finding.fresh) for at, finding in world.told]

    straight = run(tmp_path / "straight", restarts=False)
    assert {trend for _, trend, _ in straight} >= {"wave", "then", "quiet"}
    assert run(tmp_path / "restarted", restarts=True) == straight


def test_a_write_that_fails_leaves_nothing_told_and_is_told_at_the_next_try(tmp_path: Path) -> None:
    world = World(tmp_path, COUNT)
    world.prime()
    world.now += HOUR
    batch = [world.polled([f"Troops at the border, report {n} of today" for n in range(5)], "kestrel")]
    save, world.store.sources.save = world.store.sources.save, _full  # type: ignore[method-assign]
    with pytest.raises(StoreError):
        world.pipeline.ingest(batch, now=world.now, spread=lambda: 0.5)
    assert world.deliveries() == []
    assert world.store.trends.told("wave") == {}
    world.store.sources.save = save  # type: ignore[method-assign]
    [finding] = world.pipeline.ingest(batch, now=world.now + 1, spread=lambda: 0.5).trends
    assert finding.number == 5
    assert len(world.deliveries()) == 1


def _full(_: object) -> None:
    raise StoreError("the disk is full")


def test_a_silence_is_told_once_and_not_for_a_time_in_which_nobody_watched(tmp_path: Path) -> None:
    world = World(tmp_path, SILENCE)
    world.prime()
    for hour in range(0, 5 * 24, 1):
        world.now = START + hour * HOUR
        if hour == 30:
            world.poll("Exercise near Brest, one of many")
        world.tick()
    assert times(world, "quiet") == [79.0] or times(world, "quiet") == [78.0]
    world.poll("Exercise near Brest, the next of many")
    world.tick()
    world.now += 40 * DAY  # the machine was off
    world.restart()
    assert world.tick() == []
    for _ in range(47):
        world.now += HOUR
        assert world.tick() == []
    world.now += HOUR + 60
    assert [finding.trend_id for finding in world.tick()] == ["quiet"]


def test_a_clock_that_was_in_the_future_stops_no_trend(tmp_path: Path) -> None:
    world = World(tmp_path, SILENCE)
    world.prime()
    world.now = START + 400 * DAY
    world.write(SILENCE.replace("2d", "1d"))
    world.reload()
    world.tick()
    for hour in range(30):
        world.now = START + DAY + hour * HOUR
        world.tick()
    assert times(world, "quiet") == [48.0]


def test_what_comes_at_once_after_a_gap_is_no_spike(tmp_path: Path) -> None:
    world = World(tmp_path, SPIKE)
    world.prime()
    for hour in range(1, 20 * 24):
        world.now = START + hour * HOUR
        world.poll(f"Troops at the border, report at {hour}" if hour % 3 == 0 else "Weather")
        world.tick()
    world.now += 2 * DAY  # the machine was off
    world.restart()
    world.poll(*(f"Troops at the border, report {n} of two days" for n in range(20)))
    for _ in range(8):
        world.now += 900
        world.tick()
    assert world.told == []
    world.poll(*(f"Troops at the border, report {n} of this hour" for n in range(20)))
    world.tick()
    assert [finding.number for _, finding in world.told] == [20]


def test_a_short_retention_of_hits_keeps_no_new_trend_from_learning(tmp_path: Path) -> None:
    world = World(tmp_path, NEW, MONITOR + "retention: {hits: 2d}\n")
    world.prime()
    world.now = START + 8 * DAY
    world.poll("Troops near Lida for the first time")
    assert [finding.fresh for _, finding in world.told] == [("Lida",)]


def test_first_values_stay_known_when_hits_are_pruned(tmp_path: Path) -> None:
    world = World(tmp_path, NEW)
    world.prime()
    world.now = START + 8 * DAY
    world.poll("Troops near Lida for the first time")
    world.now = START + 100 * DAY
    world.store._db.execute("UPDATE deliveries SET state = 'sent', sent_at = ?", (world.now,))
    world.store.upkeep.prune(Retention(articles=DAY, hits=2 * DAY), world.now)
    assert world.store.hits.count() == 0
    world.restart()
    world.poll("Troops near Lida for the second time")
    assert [finding.fresh for _, finding in world.told] == [("Lida",)]


def test_a_changed_trend_starts_anew_and_a_name_is_no_change(tmp_path: Path) -> None:
    world = World(tmp_path, COUNT)
    world.prime()
    world.now += HOUR
    world.poll(*(f"Troops at the border, report {n} of today" for n in range(5)))
    assert len(times(world, "wave")) == 1
    world.write(COUNT.replace("A wave", "Another name"))
    world.reload()
    world.poll("Troops at the border, the last report of today")
    assert len(times(world, "wave")) == 1
    world.write(COUNT.replace("more_than: 3", "more_than: 4"))
    world.reload()
    world.poll("Troops at the border, the very last report of today")
    assert len(times(world, "wave")) == 2
    assert world.store.trends.states()["wave"].fired == 2


def test_what_was_seen_once_is_not_new_after_a_change(tmp_path: Path) -> None:
    world = World(tmp_path, NEW)
    world.prime()
    world.now = START + 8 * DAY
    world.poll("Troops near Lida for the first time")
    world.store._db.execute("DELETE FROM hits")  # as if they were pruned
    world.write(NEW.replace("[border, exercise]", "[border]"))
    world.reload()
    world.now += DAY
    world.poll("Troops near Lida for the second time", "Troops near Grodno for the first time")
    assert [finding.fresh for _, finding in world.told] == [("Lida",), ("Grodno",)]


def test_what_came_while_a_trend_was_switched_off_is_not_new_later(tmp_path: Path) -> None:
    world = World(tmp_path, NEW)
    world.prime()
    world.now = START + 8 * DAY
    world.tick()
    world.write(NEW.replace("new-place,", "new-place, enabled: false,"))
    world.reload()
    world.now += HOUR
    world.poll("Troops near Lida, unseen by the trend")
    world.write(NEW)
    world.reload()
    world.now += HOUR
    world.poll("Troops near Lida, seen by the trend")
    assert world.told == []


def test_one_trend_that_fails_is_a_problem_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from monitor.match.trends.count import Count

    world = World(tmp_path, COUNT + NEW)
    world.prime()
    world.now = START + 8 * DAY
    with monkeypatch.context() as broken:
        broken.setattr(Count, "look", lambda *_: 1 / 0)
        world.poll("Troops near Lida for the first time")
        world.poll("Troops near Lida for the second time")
    assert [finding.trend_id for _, finding in world.told] == ["new-place"]
    [problem] = world.store.problems.current("trend")
    assert problem.key == "wave"
    assert "ZeroDivisionError" in problem.message
    world.restart()
    assert world.store.problems.current("trend") == []


def test_routes_take_a_trend_by_severity_id_watch_and_tags(tmp_path: Path) -> None:
    monitor = MONITOR.split("routes:")[0] + (
        "routes:\n  - {rules: wave, tags: [plover-tag], channels: pager}\n"
        "  - {severity: high, rules: wave, channels: desk}\n"
    )
    world = World(tmp_path, COUNT + NEW, monitor)
    world.prime()
    world.now = START + 8 * DAY
    world.poll(*(f"Troops near Lida, report {n} of today" for n in range(5)))
    assert [one[:2] for one in world.deliveries()] == [("desk", "wave")]
    assert {finding.trend_id for _, finding in world.told} == {"wave", "new-place"}  # no route, no delivery
    world.now += 8 * DAY
    world.tick()
    world.poll(*(f"Troops near Lida, report {n} of that day" for n in range(5)), source="plover")
    assert [one[:2] for one in world.deliveries()][1:] == [("pager", "wave")]


@pytest.mark.slow
def test_sixty_days(tmp_path: Path) -> None:
    """A rhythm of days and weeks with noise, one burst, one new place, one silence, one sequence; nothing else."""
    world = World(tmp_path, SPIKE + NEW + SILENCE + SEQUENCE)
    world.prime()
    chance = random.Random(60)
    for hour in range(1, 60 * 24):
        world.now = START + hour * HOUR + 600
        day, clock = divmod(hour, 24)
        rate = (0.2 if day % 7 >= 5 else 0.7) * (2.0 if 8 <= clock < 18 else 0.3)
        number = sum(chance.random() < rate / 10 for _ in range(10))
        titles = [f"Troops at the border, report {n} at {hour}" for n in range(number)]
        if hour == 45 * 24 + 3:
            titles += [f"Troops at the border, bulletin {n} at {hour}" for n in range(12)]
        if hour % 20 == 0 and not 30 <= day < 35:
            titles.append(f"Exercise at the range, day {day} at {hour}")
        if hour == 20 * 24 + 5:
            titles.append("Exercise near Lida, as announced")
        if hour == 21 * 24 + 5:
            titles.append("Troops near Lida, a day after")
        if titles:
            world.poll(*titles)
        world.tick()
        if hour % 24 == 23:
            world.poll("Weather", source="plover")
    assert [(finding.trend_id, finding.fresh, int((at - START) // DAY)) for at, finding in world.told] == [
        ("new-place", ("Lida",), 20),
        ("then", ("Lida",), 21),
        ("quiet", ("",), 31),
        ("more", ("",), 45),
    ]
    assert [one[:2] for one in world.deliveries()] == [
        ("desk", "new-place"),
        ("desk", "then"),
        ("pager", "then"),
        ("desk", "quiet"),
        ("desk", "more"),
    ]
    seen = {trend.id: (state, finding) for trend, state, finding in world.pipeline.trends.seen(world.now)}
    assert {name: state.fired for name, (state, _) in seen.items()} == dict.fromkeys(seen, 1)
    assert all(finding.verdict is Verdict.QUIET for _, finding in seen.values())


# --- what a channel gets ---------------------------------------------------------------------------------------------


def test_the_message_names_number_window_baseline_and_articles(tmp_path: Path) -> None:
    world = World(tmp_path, COUNT)
    world.prime()
    world.now += HOUR
    world.poll(*(f"Troops at the border, report {n:02} of today" for n in range(12)))
    [(_, _, alert_id)] = world.deliveries()
    alert = world.store.alerts.get(alert_id)
    assert alert is not None
    message = render(alert, shape=Shape("text"), key="0123456789abcdef")
    assert message.problem == ""
    assert message.title == "HIGH: A wave – 12 articles in 6 hours, more than 3"
    lines = message.body.splitlines()
    assert lines[0] == "HIGH: A wave"
    assert "12 articles in 6 hours, more than 3" in lines
    assert "From 21 Sep 2026, 19:00 UTC to 22 Sep 2026, 01:00 UTC" in lines
    assert "Articles behind it (12)" in lines
    assert "* Troops at the border, report 00 of today - Kestrel, 22 Sep 2026, 00:59 UTC" in lines
    assert "  https://kestrel.example/3" in lines
    assert "* and 2 more" in lines
    assert "All of them: monitor hits --rule border --since 2026-09-21T19:00" in lines
    assert lines[-2:] == ["Why: monitor rules trends wave", "Message 0123456789ab"]
    for form in ("markdown", "html"):
        other = render(alert, shape=Shape(form), key="k")
        assert other.problem == ""
        assert "and 2 more" in other.body
        assert "monitor rules trends wave" in other.body
    short = render(alert, shape=Shape("text", 100, 600), key="k")
    assert len(short.body) <= 600
    assert "12 articles" in short.body


def test_the_query_plans_read_only_the_window_by_index(tmp_path: Path) -> None:
    with Store.open(tmp_path / "monitor.db") as store:
        plans: list[str] = []
        rows = store._db.rows

        def planned(sql: str, values: object = ()) -> list[object]:
            plans.append(" / ".join(row[3] for row in rows(f"EXPLAIN QUERY PLAN {sql}", values)))  # type: ignore[arg-type]
            return rows(sql, values)  # type: ignore[arg-type]

        store._db.rows = planned  # type: ignore[method-assign]
        store.trends.occurrences(["a", "b"], 0.0, 1.0, terms=True)
        store.trends.hourly(["a"], 0.0, 1.0)
        store.trends.told("a", ["x"])
        store.counters.days("fetched", 0.0, 86400.0 * 60)
    assert all("SEARCH h USING INDEX hits_rule (rule_id=? AND at>? AND at<?)" in plan for plan in plans[:2])
    assert "SEARCH v USING PRIMARY KEY (trend_id=? AND value=?)" in plans[2]
    assert "USING PRIMARY KEY (day=? AND gate=?)" in plans[3]
    assert not any("SCAN h" in plan or "SCAN a" in plan for plan in plans)


# --- a model ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 4), st.booleans(), st.booleans()), min_size=1, max_size=25),
    st.integers(1, 5),
)
def test_a_count_fires_as_a_model_of_three_lines_does(steps: list[tuple[int, int, bool, bool]], more_than: int) -> None:
    """Steps of (minutes that pass, articles, a tick afterwards, a restart afterwards)."""
    with TemporaryDirectory() as folder:
        world = World(Path(folder), f"  - {{id: wave, count: {{rule: border, more_than: {more_than}, within: 6h}}}}\n")
        world.prime()
        seen: list[float] = []
        fired: list[float] = []
        armed = True
        for minutes, articles, tick, restart in steps:
            world.now += minutes * 60
            if articles:
                world.poll(*(f"Troops at the border, {n} at {world.now:.0f}" for n in range(articles)))
            if tick:
                world.tick()
            seen += [world.now] * articles
            number = sum(world.now - at < 6 * HOUR for at in seen)
            if articles or tick:
                fired += [world.now] if number > more_than and armed else []
                armed = number <= more_than // 2 or (armed and number <= more_than)
            if restart:
                world.restart()
        assert [at for at, _ in world.told] == fired
        assert len(world.deliveries()) == len(fired)
        world.store.close()
