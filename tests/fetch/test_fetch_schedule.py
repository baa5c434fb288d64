"""When the next poll is due, and what a poll leaves behind: properties over any sequence of answers."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.fetch import schedule
from monitor.model import Fetched, Parsed, Source, SourceState, State
from monitor.settings import Polling

NOW = 1.8e9
POLLING = Polling()
SOURCE = Source(id="s", url="http://a.example/feed")
DAY = 86400.0
FAILURES = [state for state in State if not state.healthy]


def fetched(state: State = State.OK, **more: Any) -> Fetched:
    status = {State.OK: 200, State.UNCHANGED: 304, State.GONE: 410, State.LIMITED: 429, State.HTTP_ERROR: 404}.get(
        state
    )
    return Fetched(**{"source_id": "s", "state": state, "status": status, "url": SOURCE.url, "body": b"b", **more})


def parsed(state: State = State.OK, **more: Any) -> Parsed:
    return Parsed(**{"state": state, "format": "rss20", "items": b"itemhash", **more})


def after(state: SourceState | None = None, **more: Any) -> SourceState:
    given = {
        "source": SOURCE, "fetched": fetched(), "parsed": None, "new_entries": 0, "newest": None,
        "polling": POLLING, "now": NOW, "spread": 0.0,
    } | more  # fmt: skip
    return schedule.after(state or SourceState(source_id="s"), **given)


def read(state: SourceState | None = None, **more: Any) -> SourceState:
    return after(state, **{"parsed": parsed(), **more})


WELL = SourceState(
    source_id="s", state=State.OK, etag='"e"', last_modified="m", body_hash="h", items=b"i" * 8, primed=True,
    last_success=NOW - 900, last_new=NOW - 3600, last_polled=NOW - 900, interval=900, rhythm=3600.0,
    last_whole=NOW - 900,
)  # fmt: skip

seconds = st.floats(0, 1e7)
answers = st.one_of(
    st.builds(
        lambda wait, fresh, ttl, new: (
            fetched(retry_after=wait, fresh_for=fresh), parsed(ttl=ttl, state=State.OK if new else State.EMPTY), new
        ),
        st.none() | seconds, st.none() | seconds, st.none() | seconds, st.integers(0, 500),
    ),
    st.builds(lambda fresh: (fetched(State.UNCHANGED, fresh_for=fresh), None, 0), st.none() | seconds),
    st.builds(
        lambda state, wait: (fetched(state, retry_after=wait), None, 0),
        st.sampled_from([one for one in FAILURES if one is not State.GONE]), st.none() | seconds,
    ),
    st.builds(lambda state: (fetched(), parsed(state), 0), st.sampled_from([State.NOT_A_FEED, State.BROKEN])),
)  # fmt: skip
pollings = st.builds(
    lambda least, more, first, jitter: Polling(
        min_interval=least, max_interval=least + more, first_interval=first, jitter=jitter
    ),
    st.floats(1, 3600), st.floats(0, DAY), st.floats(1, DAY), st.floats(0, 0.5),
)  # fmt: skip


# --- properties ------------------------------------------------------------------------------------------------------


@settings(max_examples=150)
@given(st.lists(st.tuples(answers, st.floats(0, 1e6), st.floats(0, 0.999)), max_size=12), pollings)
def test_every_wait_is_within_its_bounds(steps: list[Any], polling: Polling) -> None:
    state, now = SourceState(source_id="s"), NOW
    for (answer, document, new), late, spread in steps:
        now = max(now, state.next_due) + late
        newest = now - late if new else None
        state = after(
            state,
            fetched=answer,
            parsed=document,
            new_entries=new,
            newest=newest,
            polling=polling,
            now=now,
            spread=spread,
        )
        wait = state.next_due - now
        asked = min(answer.retry_after or 0.0, DAY)
        slack = 1e-3
        assert wait >= asked - slack
        assert wait >= polling.min_interval - slack
        longest = max(polling.max_interval * 1.5, asked) if state.state.healthy else max(polling.max_backoff, asked)
        assert wait <= max(longest, polling.max_interval * 1.5) + slack
        assert polling.min_interval <= (state.interval or polling.min_interval) <= polling.max_interval
        assert (state.failures == 0) == state.state.healthy
        assert state.rhythm is None or state.rhythm > 0


@given(st.sampled_from(FAILURES), st.booleans(), st.floats(0, 20), st.floats(0, 0.999))
def test_a_failure_forgets_nothing(ended: State, while_reading: bool, failures: float, spread: float) -> None:
    """Neither a failed fetch nor a document that could not be read replaces what was kept."""
    before = replace(WELL, failures=failures, url="", next_due=NOW)
    how = {"fetched": fetched(etag='"new"', last_modified="new"), "parsed": parsed(ended)}
    if not while_reading:
        how = {"fetched": fetched(ended, etag='"new"', last_modified="new"), "parsed": None}
    state = after(before, spread=spread, **how)
    kept = ("etag", "last_modified", "body_hash", "items", "primed", "last_success", "last_new", "last_whole", "rhythm")
    assert {name: getattr(state, name) for name in kept} == {name: getattr(before, name) for name in kept}
    assert state.state is ended
    assert state.failures > before.failures
    assert state.last_polled == NOW


@given(st.sampled_from([one for one in FAILURES if one is not State.GONE]), st.floats(0, 0.999))
def test_waits_grow_with_failures_up_to_the_bound(ended: State, spread: float) -> None:
    state, waits = WELL, []
    for _ in range(60):
        state = after(state, fetched=fetched(ended), spread=spread)
        waits.append(state.next_due - NOW)
    assert waits == sorted(waits)
    assert waits[-1] == POLLING.max_backoff
    assert after(state, fetched=fetched(State.UNCHANGED)).failures == 0


def test_hard_errors_wait_longer_than_passing_ones() -> None:
    def fifth(ended: State, status: int | None = None) -> float:
        state = WELL
        for _ in range(5):
            state = after(state, fetched=fetched(ended, status=status))
        return state.next_due - NOW

    assert fifth(State.TIMEOUT) < fifth(State.BLOCKED) < fifth(State.TLS)
    assert fifth(State.HTTP_ERROR, 502) == fifth(State.NETWORK) == fifth(State.LIMITED, 429)
    assert fifth(State.HTTP_ERROR, 404) == fifth(State.NOT_A_FEED)


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_a_read_document_leaves_its_marks() -> None:
    state = read(
        fetched=fetched(etag='"n"', last_modified="n", body=b"x"), parsed=parsed(items=b"12345678", damaged="odd")
    )
    assert (state.etag, state.last_modified, state.items, state.primed) == ('"n"', "n", b"12345678", True)
    assert len(state.body_hash) == 32
    assert (state.state, state.reason, state.status) == (State.OK, "odd", 200)
    assert (state.last_success, state.last_polled, state.last_whole) == (NOW, NOW, NOW)
    assert read(WELL, parsed=parsed(whole=False)).last_whole == WELL.last_whole
    assert read(WELL, fetched=fetched(etag=None)).etag is None


def test_not_modified_renews_validators_but_nothing_else() -> None:
    state = after(WELL, fetched=fetched(State.UNCHANGED, etag='"new"', body=b""))
    assert (state.etag, state.last_modified) == ('"new"', "m")
    assert (state.body_hash, state.items, state.last_success) == ("h", WELL.items, NOW)
    assert after(WELL, fetched=fetched(State.UNCHANGED)).etag == '"e"'


def test_the_same_bytes_with_other_validators_renew_them() -> None:
    state = after(WELL, fetched=fetched(State.UNCHANGED, status=200, etag='"other"', last_modified="later"))
    assert (state.etag, state.last_modified, state.body_hash) == ('"other"', "later", "h")


@pytest.mark.parametrize("ended", [State.NOT_A_FEED, State.BROKEN, State.EMPTY, State.UNCHANGED])
def test_what_the_parser_says_is_the_state(ended: State) -> None:
    state = after(WELL, parsed=parsed(ended, reason="because"))
    assert (state.state, state.reason) == (ended, "because")


# --- moves -----------------------------------------------------------------------------------------------------------

THERE = "http://b.example/feed"


def test_a_move_is_believed_at_its_third_sighting_in_a_row() -> None:
    state = SourceState(source_id="s")
    for count in (1, 2):
        state = read(state, fetched=fetched(moved_to=THERE))
        assert (state.url, state.moved_to, state.moved_count) == ("", THERE, count)
    assert read(state, fetched=fetched()).moved_count == 0
    assert read(state, fetched=fetched(moved_to="http://c.example/")).moved_count == 1
    assert after(state, fetched=fetched(State.TIMEOUT)).moved_count == 2
    assert after(state, fetched=fetched(moved_to=THERE), parsed=parsed(State.NOT_A_FEED)).moved_count == 2
    state = after(state, fetched=fetched(State.UNCHANGED, moved_to=THERE))
    assert (state.url, state.moved_to, state.moved_count) == (THERE, "", 0)


def test_a_move_back_home_needs_no_learnt_address() -> None:
    state = replace(WELL, url=THERE, moved_to=SOURCE.url, moved_count=2)
    assert read(state, fetched=fetched(moved_to=SOURCE.url)).url == ""


def test_a_learnt_address_that_fails_is_forgotten_before_the_source_is() -> None:
    learnt = replace(WELL, url=THERE)
    gone = after(learnt, fetched=fetched(State.GONE, reason="gone for good"))
    assert (gone.state, gone.url) == (State.HTTP_ERROR, "")
    assert THERE in gone.reason
    assert gone.next_due - NOW < DAY
    assert after(gone, fetched=fetched(State.GONE)).state is State.GONE
    state = after(learnt, fetched=fetched(State.TIMEOUT))
    assert state.url == THERE
    for _ in range(3):
        state = after(state, fetched=fetched(State.TIMEOUT))
    assert state.url == ""


def test_gone_waits_for_the_user() -> None:
    state = after(WELL, fetched=fetched(State.GONE))
    assert state.state is State.GONE
    assert state.next_due > NOW + 9 * 365 * DAY


# --- intervals -------------------------------------------------------------------------------------------------------


def test_a_fixed_interval_wins_over_all_but_retry_after() -> None:
    source = replace(SOURCE, interval=60.0)
    state = read(WELL, source=source, fetched=fetched(fresh_for=7200.0), parsed=parsed(ttl=7200.0))
    assert (state.interval, state.next_due - NOW) == (60, 60)
    state = after(WELL, source=source, fetched=fetched(State.LIMITED, retry_after=3600.0))
    assert state.next_due - NOW == 3600
    assert after(WELL, source=source, fetched=fetched(retry_after=1e9), parsed=parsed()).next_due - NOW == DAY


def test_what_a_feed_asks_for_is_a_floor_within_bounds() -> None:
    assert read(fetched=fetched(fresh_for=1800.0)).next_due - NOW == 1800
    assert read(parsed=parsed(ttl=3600.0), fetched=fetched(fresh_for=10.0)).next_due - NOW == 3600
    state = read(parsed=parsed(ttl=1e9))
    assert (state.floor, state.next_due - NOW) == (POLLING.max_interval, POLLING.max_interval)
    assert after(state, fetched=fetched(State.UNCHANGED)).floor == POLLING.max_interval
    assert read(state).floor == 0


def test_chance_only_lengthens() -> None:
    waits = [read(WELL, spread=spread).next_due - NOW for spread in (0.0, 0.5, 0.999)]
    assert waits == sorted(waits)
    assert waits[0] == read(WELL).interval
    assert waits[2] < waits[0] * (1 + POLLING.jitter)


def follow(published: list[float], days: float) -> list[float]:
    """Poll a feed whose entries come at these times, and return when it was polled."""
    state, now, polls = SourceState(source_id="s"), NOW, []
    since = 0.0
    while now < NOW + days * DAY:
        fresh = [at for at in published if since < at <= now]
        answer = fetched() if fresh or not state.primed else fetched(State.UNCHANGED)
        document = parsed() if answer.state is State.OK else None
        state = after(
            state, fetched=answer, parsed=document, new_entries=len(fresh), newest=max(fresh, default=None), now=now,
            spread=(len(polls) * 0.618) % 1,
        )  # fmt: skip
        polls.append(now)
        since, now = now, state.next_due
    return polls


@pytest.mark.parametrize("hours", [1, 2, 5, 12])
def test_a_feed_is_polled_two_to_four_times_in_its_usual_gap(hours: float) -> None:
    gap = hours * 3600.0
    polls = follow([NOW - 1e4 + gap * n for n in range(int(20 * DAY / gap))], days=14)
    late = [at for at in polls if at > NOW + 4 * DAY]
    assert 2 <= len(late) / (10 * DAY / gap) <= 4


def test_a_busy_feed_is_polled_as_often_as_allowed_and_a_dead_one_as_seldom() -> None:
    busy = follow([NOW + 30.0 * n for n in range(10_000)], days=2)
    assert 2 * DAY / len(busy) < POLLING.min_interval * 1.2
    dead = follow([NOW - 400 * DAY], days=10)
    assert 10 * DAY / len(dead) > POLLING.max_interval * 0.95
    silent = follow([], days=20)
    assert 20 * DAY / len(silent) > POLLING.max_interval * 0.7


def test_a_feed_that_wakes_up_is_followed_within_a_day() -> None:
    published = [NOW - 400 * DAY] + [NOW + 5 * DAY + 600.0 * n for n in range(3000)]
    polls = follow(published, days=8)
    after_a_day = [at for at in polls if NOW + 6.5 * DAY < at < NOW + 7.5 * DAY]
    assert len(after_a_day) > 100


@pytest.mark.parametrize("newest", [-5.0, 0.0, NOW * 3, None])
def test_an_absurd_date_of_the_newest_entry_says_nothing(newest: float | None) -> None:
    assert read(new_entries=9, newest=newest).rhythm is None
