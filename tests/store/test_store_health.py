"""What is kept of problems, pulses, and for the audit: over the real database."""

import sqlite3
from dataclasses import replace
from pathlib import Path

from store_builders import NOW

from monitor.model import Pulse, Severity, State
from monitor.store import Store


def test_a_problem_waits_until_it_is_told_and_so_does_its_end(store: Store) -> None:
    problems = store.problems
    problems.open("source", "s", "down", NOW, title="S fails", advice="look", severity=Severity.LOW, told=False)
    problems.open("rule", "r", "wrong", NOW + 1)  # told by who noted it
    [one] = problems.untold()
    assert (one.title, one.advice, one.severity, one.told_at) == ("S fails", "look", Severity.LOW, None)
    problems.tell([one.number], NOW + 2)
    assert problems.untold() == []
    assert problems.get("source", "s") == replace(one, told_at=NOW + 2)
    problems.close("source", "s", NOW + 3, told=False)
    problems.close("rule", "r", NOW + 3)
    [over] = problems.over()
    assert (over.number, over.closed_at) == (one.number, NOW + 3)
    problems.tell([over.number], NOW + 4)
    assert problems.over() == []
    assert problems.get("source", "s") is None


def test_what_was_over_before_it_was_told_is_never_told(store: Store) -> None:
    store.problems.open("source", "s", "down", NOW, told=False)
    store.problems.close("source", "s", NOW + 1, told=False)
    assert store.problems.untold() == store.problems.over() == []


def test_pulses_come_back_as_they_were_and_move_with_the_clock(store: Store) -> None:
    pulse = Pulse(
        source_id="source-1", since=NOW, arrivals=3, usual=60.5, longest=900.0, last_new=NOW + 1,
        failing_since=None, failed=0, good_since=NOW + 2, failed_for=7.0, dated=True, undated=1, missed=0.25,
    )  # fmt: skip
    store.pulses.save([pulse])
    assert store.pulses.of(["source-1", "source-2"]) == {"source-1": pulse}
    store.pulses.shift(-50.0)
    moved = replace(pulse, since=NOW - 50, last_new=NOW - 49, good_since=NOW - 48)
    assert store.pulses.of(["source-1"]) == {"source-1": moved}


def test_only_sources_that_are_polled_are_watched(store: Store) -> None:
    store.pulses.save([Pulse(source_id=f"source-{n}", since=NOW) for n in (1, 2, 3)])
    assert store.pulses.watched() == {}  # never polled
    states = store.sources.states()
    store.sources.save([replace(one, state=State.OK, last_success=NOW, interval=900.0) for one in states.values()])
    store.sources.sync([one for one in store.sources.all() if one.id != "source-3"], NOW)
    watched = store.pulses.watched()
    assert set(watched) == {"source-1", "source-2"}
    _, state = watched["source-1"]
    assert (state.state, state.last_success, state.interval) == (State.OK, NOW, 900.0)


def test_what_was_told_before_this_version_is_not_told_again(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    Store.open(path).close()
    with sqlite3.connect(path) as db:  # as the version before left it
        db.execute("DROP INDEX problems_untold")
        db.execute("DROP INDEX problems_over")
        for column in ("title", "advice", "severity", "told_at", "over_at"):
            db.execute(f"ALTER TABLE problems DROP COLUMN {column}")
        db.execute("DROP TABLE pulses")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = '0010_health'")
        db.execute("INSERT INTO problems (kind, key, message, opened_at) VALUES ('source', 's', 'gone', 5)")
        db.execute("INSERT INTO problems (kind, key, message, opened_at, closed_at) VALUES ('rule', 'r', 'x', 5, 6)")
    store = Store.open(path)
    assert [(one.kind, one.key, one.told_at) for one in store.problems.current()] == [("gone", "s", 5.0)]
    assert store.problems.untold() == store.problems.over() == []
    store.close()
