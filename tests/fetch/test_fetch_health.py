"""What is wrong with a source: tables of what opens and closes, and properties over any life of a source."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.fetch import health
from monitor.fetch.health import SAME, Brought, Seen, after
from monitor.model import Pulse, Source, SourceState, State
from monitor.settings import Health, Polling

NOW, MINUTE, HOUR, DAY = 1.8e9, 60.0, 3600.0, 86400.0
SETTINGS = Health()
BAD = [state for state in State if not state.healthy and state is not State.GONE]


def seen(number: int = 0, state: State = State.OK, url: str = "http://a.example/feed", **more: Any) -> Seen:
    pulse = {key: more.pop(key) for key in list(more) if key in Pulse.__dataclass_fields__}
    given = {"last_polled": NOW, "last_success": NOW if state.healthy else NOW - DAY, "interval": 900.0} | more
    return Seen(
        Source(id=f"s{number}", url=url),
        SourceState(source_id=f"s{number}", state=state, reason="why", **given),
        Pulse(source_id=f"s{number}", since=NOW - 60 * DAY, **pulse),
    )


def troubles(*given: Seen, opened: tuple[str, ...] = (), **more: Any) -> dict[str, str]:
    """Return what is wrong: kind of the trouble -> its text; `opened` are kinds of source s0."""
    keys = {(kind, "sources" if kind == "network" else "s0"): NOW - HOUR for kind in opened}
    others = {"outages_until": 0.0, "now": NOW} | more
    found = health.troubles(given, keys, SETTINGS, clock=lambda at: f"{(at - NOW) / HOUR:+.0f}h", **others)
    return {one.kind: one.text for one in found}


def failing(state: State = State.BLOCKED, hours: float = 7.0, failed: int = 5, **more: Any) -> Seen:
    return seen(state=state, failing_since=NOW - hours * HOUR, failed=failed, **more)


@pytest.mark.parametrize("state", BAD, ids=str)
def test_every_way_to_fail_is_told_with_what_to_do(state: State) -> None:
    [one] = health.troubles([failing(state)], {}, SETTINGS, outages_until=0.0, clock=lambda _: "04:10", now=NOW)
    assert one.text == f"{state} since 04:10: why"
    assert one.advice
    assert "{" not in one.advice + one.title


@pytest.mark.parametrize(
    ("one", "opened", "wrong"),
    [
        (failing(), (), True),
        (failing(hours=5.5), (), False),
        (failing(failed=2), (), False),
        (failing(interval=6 * HOUR), (), False),  # two of its intervals are not yet over
        (failing(interval=6 * HOUR, hours=19), (), True),
        (failing(hours=0.1, failed=1), ("source",), True),  # it stays until it is well
        (seen(good_since=NOW - 10 * MINUTE), ("source",), True),
        (seen(good_since=NOW - 31 * MINUTE), ("source",), False),
        (seen(good_since=NOW - 31 * MINUTE, failed_for=7 * HOUR), ("source",), True),  # it flaps
        (seen(good_since=NOW - 8 * HOUR, failed_for=7 * HOUR), ("source",), False),
        (seen(good_since=NOW - 10 * MINUTE), (), False),
    ],
)
def test_when_a_failure_opens_and_closes(one: Seen, opened: tuple[str, ...], wrong: bool) -> None:
    assert ("source" in troubles(one, opened=opened)) == wrong


def test_what_is_gone_is_told_under_its_own_name() -> None:
    assert troubles(failing(State.GONE)) == {"gone": "why"}
    assert troubles(failing(State.GONE), opened=("source",)) == {"gone": "why", "source": SAME}


RHYTHM = {"arrivals": 40, "usual": 2 * HOUR, "longest": 12 * HOUR}


@pytest.mark.parametrize(
    ("pulse", "hours", "wrong"),
    [
        (RHYTHM, 30, True),
        (RHYTHM, 23, False),
        (RHYTHM | {"longest": 64 * HOUR}, 100, False),  # it has had its weekends
        (RHYTHM | {"longest": 64 * HOUR}, 130, True),
        (RHYTHM | {"usual": 5 * DAY, "longest": 6 * DAY}, 20 * 24, False),
        (RHYTHM | {"arrivals": 9}, 500, False),
    ],
)
def test_silence_is_measured_against_its_own_past(pulse: dict[str, Any], hours: float, wrong: bool) -> None:
    assert ("silent" in troubles(seen(last_new=NOW - hours * HOUR, **pulse))) == wrong


def test_silence_is_not_counted_while_nobody_answers() -> None:
    one = failing(last_new=NOW - 3 * DAY, hours=3, last_success=NOW - 3 * DAY + HOUR, **RHYTHM)
    assert "silent" not in troubles(one)


def test_a_source_that_was_watched_for_less_than_a_week_has_no_rhythm() -> None:
    young = Pulse(source_id="s", since=NOW - 6 * DAY, last_new=NOW, **RHYTHM)
    assert health.limit(young, SETTINGS) is None
    assert health.limit(replace(young, since=NOW - 8 * DAY), SETTINGS) == DAY


@pytest.mark.parametrize(
    ("to", "wrong"),
    [
        ("https://a.example/feed", False),
        ("https://www.a.example/feed/", False),
        ("https://a.example/feed?format=rss", True),
        ("https://b.example/feed", True),
    ],
)
def test_a_move_is_told_unless_it_is_only_to_the_secure_form(to: str, wrong: bool) -> None:
    one = seen()
    moved = Seen(one.source, replace(one.state, url=to), one.pulse)
    assert ("moved" in troubles(moved)) == wrong


def test_a_move_is_not_over_while_the_source_fails_or_is_seen_to_move_again() -> None:
    assert troubles(failing(hours=1), opened=("moved",)) == {"moved": SAME}
    assert troubles(seen(moved_to="https://b.example/"), opened=("moved",)) == {"moved": SAME}
    assert troubles(seen(), opened=("moved",)) == {}


def test_dates_that_are_lost_are_told_and_dates_that_never_were_are_not() -> None:
    assert "undated" in troubles(seen(dated=True, undated=3))
    assert troubles(seen(dated=True, undated=2)) == {}
    assert troubles(seen(dated=False, undated=30)) == {}


# --- outages ---------------------------------------------------------------------------------------------------------


def out(number: int, state: State = State.DNS, minutes: float = 15.0) -> Seen:
    return seen(number, state, failing_since=NOW - minutes * MINUTE, failed=1, last_success=NOW - 20 * MINUTE)


def test_nothing_answers_any_more() -> None:
    [one] = health.troubles(
        [out(n) for n in range(31)] + [seen(99, last_success=NOW - 16 * MINUTE)],
        {}, SETTINGS, outages_until=0.0, clock=lambda _: "04:10", now=NOW,
    )  # fmt: skip
    assert one.title == "31 sources fail since 04:10: our own network?"


@pytest.mark.parametrize(
    "given",
    [
        [out(0), out(1)],  # two may fail by chance
        [out(0), out(1), out(2), seen(3, last_success=NOW - MINUTE)],  # one answers
        [out(0, minutes=5), out(1, minutes=5), out(2, minutes=5)],  # it may pass
        [out(0, State.BLOCKED), out(1, State.BLOCKED), out(2, State.BLOCKED)],  # that is an answer
        # Three that have failed for days are no outage, though they were the last to be polled.
        [*(seen(n, State.DNS, failing_since=NOW - 5 * DAY) for n in range(3)), seen(3, last_success=NOW - HOUR)],
    ],
)
def test_what_is_no_outage(given: list[Seen]) -> None:
    assert "network" not in troubles(*given)


def test_in_an_outage_no_source_is_blamed_and_after_it_only_those_that_were_tried_again() -> None:
    blamed = [failing(State.DNS, number=number) for number in range(4)]
    assert set(troubles(*blamed, opened=("network",))) == {"network"}
    well = [seen(number, good_since=NOW - MINUTE) for number in range(4, 10)]
    assert troubles(*blamed, *well, opened=("network",)) == {}
    assert troubles(*blamed, *well, outages_until=NOW + 1) == {}
    assert set(troubles(*blamed, *well, outages_until=NOW - 1)) == {"source"}


def test_an_outage_ends_also_where_many_stay_dead() -> None:
    dead = [out(number, minutes=90) for number in range(5)]
    back = [seen(number, good_since=NOW - 5 * MINUTE) for number in range(5, 8)]
    assert "network" in troubles(*dead, *back[:2], opened=("network",))
    assert "network" not in troubles(*dead, *back, opened=("network",))
    assert "network" not in troubles(*dead, seen(5, good_since=NOW - HOUR), opened=("network",))
    silent = [seen(number, last_success=NOW - 2 * HOUR) for number in range(20, 30)]  # not polled since
    assert "network" in troubles(*dead, *silent, opened=("network",))


def test_many_that_begin_to_fail_together_are_told_early_and_together() -> None:
    well = [seen(number) for number in range(10, 20)]
    many = [failing(State.BLOCKED, hours=3 + number / 10, failed=2, number=number) for number in range(6)]
    found = health.troubles([*many, *well], {}, SETTINGS, outages_until=0.0, clock=str, now=NOW)
    assert len(found) == 6
    assert troubles(*many[:5], *well) == {}


# --- what is missed --------------------------------------------------------------------------------------------------

PRIMED = SourceState(source_id="s", primed=True, last_success=NOW - 900, interval=900.0)


@pytest.mark.parametrize(
    ("before", "entries", "known", "missed"),
    [
        (PRIMED, 20, 0, True),
        (PRIMED, 20, 1, False),
        (PRIMED, 2, 0, None),  # a document that lists so little says nothing
        (replace(PRIMED, primed=False), 20, 0, None),
        (replace(PRIMED, last_success=NOW - DAY), 20, 0, None),  # nobody watched
    ],
)
def test_when_entries_were_missed(before: SourceState, entries: int, known: int, missed: bool | None) -> None:
    assert health.overlap_missed(before, entries=entries, known=known, now=NOW) is missed


def test_a_source_that_is_missed_is_polled_sooner_but_never_sooner_than_is_allowed() -> None:
    state = replace(PRIMED, state=State.OK, next_due=NOW + 3600, interval=3600.0, rhythm=10800.0)
    source, polling = Source(id="s", url=""), Polling()

    def sooner(state: SourceState, source: Source = source, asked: float = 0.0) -> float:
        return health.sooner(state, source, polling, asked=asked, now=NOW).next_due - NOW

    assert sooner(state) == 1800
    assert sooner(replace(state, floor=3000.0)) == 3000
    assert sooner(state, asked=3500.0) == 3500
    assert sooner(state, replace(source, interval=3600.0)) == 3600
    assert sooner(replace(state, next_due=NOW + 100)) == 100


# --- properties ------------------------------------------------------------------------------------------------------

polls = st.lists(
    st.tuples(
        st.sampled_from([State.OK, State.OK, State.UNCHANGED, State.DNS, State.BLOCKED, State.GONE]),
        st.sampled_from([0, 0, 1, 7]),
        st.floats(1.0, 3 * DAY),
        st.sampled_from([None, True, False]),
    ),
    max_size=60,
)


@given(polls)
@settings(deadline=None, max_examples=150)
def test_any_life_leaves_a_sensible_pulse(life: list[tuple[State, int, float, bool | None]]) -> None:
    pulse: Pulse | None = None
    state, now = SourceState(source_id="s", interval=900.0), NOW
    for said, new, wait, missed in life:
        now += wait
        before = state
        state = replace(state, state=said, last_polled=now, last_success=now if said.healthy else state.last_success)
        brought = Brought(new=new, undated=0, missed=missed) if said.healthy else Brought()
        pulse = health.after(pulse, before, state, brought, SETTINGS, now)
        assert 0 <= pulse.missed <= 10
        assert pulse.longest >= 0
        assert pulse.usual >= 0
        assert (pulse.failing_since is None) == (pulse.failed == 0) == said.healthy
        assert pulse.longest <= now - NOW
        found = health.troubles(
            [Seen(Source(id="s", url=""), state, pulse)], {}, SETTINGS, outages_until=0.0, clock=str, now=now
        )
        assert len({one.kind for one in found}) == len(found)
        assert "silent" not in {one.kind for one in found} or pulse.arrivals >= 10


def test_a_usual_poll_changes_nothing_that_must_be_written() -> None:
    pulse = Pulse(source_id="s", since=NOW - DAY, good_since=NOW - HOUR)
    state = replace(PRIMED, state=State.UNCHANGED)
    assert health.after(pulse, PRIMED, state, Brought(), SETTINGS, NOW) is pulse


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(50, "50 seconds"), (70, "1 minute"), (5400, "2 hours"), (100_000, "28 hours"), (3 * DAY, "3 days")],
)
def test_a_span_is_said_in_words(seconds: float, words: str) -> None:
    assert health.span(seconds) == words


# --- certificates ----------------------------------------------------------------------------------------------------


def certified(days: float, left: float) -> Seen:
    """A source whose certificate is valid for so many days, with so many left."""
    end = NOW + left * DAY
    brought = Brought(certificate=(end - days * DAY, end))
    before = SourceState(source_id="s0", last_success=NOW - HOUR)
    pulse = after(None, before, before, brought, SETTINGS, NOW)
    return seen(certificate=pulse.certificate, certificate_near=pulse.certificate_near)


@pytest.mark.parametrize(
    ("days", "left", "told"), [(90, 8, False), (90, 6.9, True), (6, 2, False), (6, 1.4, True), (90, -1, True)]
)
def test_a_certificate_that_runs_out_is_told_in_time(days: float, left: float, told: bool) -> None:
    found = troubles(certified(days, left))
    assert ("certificate" in found) is told
    if told:
        assert found["certificate"].startswith(f"its certificate is valid until {left * 24:+.0f}h")


def test_a_certificate_that_was_renewed_is_well_again() -> None:
    assert troubles(certified(90, 5), opened=("certificate",)) != {}
    assert troubles(certified(90, 89), opened=("certificate",)) == {}


def test_a_poll_that_did_not_look_keeps_what_is_known() -> None:
    pulse = replace(certified(90, 5).pulse, last_new=NOW)
    state = SourceState(source_id="s0", last_success=NOW)
    assert after(pulse, state, state, Brought(), SETTINGS, NOW) is pulse
