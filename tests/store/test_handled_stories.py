"""Silences, and what people did about stories, as every backend of the store keeps them."""

import pytest
from store_builders import NOW, hit, judged, story

from monitor.errors import StoreError
from monitor.model import Handled, Severity, Silence
from monitor.store import Store


def silence(**values: object) -> Silence:
    given = {"id": 0, "author": "ann", "reason": "known", "start": NOW, "end": NOW + 60.0}
    return Silence(**{**given, **values})  # type: ignore[arg-type]


def test_a_silence_comes_back_whole(store: Store) -> None:
    given = silence(
        reason="учения \ud800",
        rules=("a", "b"),
        watches=("Belarus border",),
        sources=("s",),
        countries=("BY",),
        words=("захад",),
        channels=("room",),
        below=Severity.HIGH,
    )
    kept = store.silences.add(given)
    found = store.silences.get(kept.id)
    assert kept.id > 0
    assert found
    assert (found.reason, found.id) == ("учения ?", kept.id)
    assert {name: getattr(found, name) for name in Silence.__slots__ if name not in {"reason", "id"}} == {
        name: getattr(given, name) for name in Silence.__slots__ if name not in {"reason", "id"}
    }


def test_a_silence_is_in_force_until_its_end(store: Store) -> None:
    kept = store.silences.add(silence())
    assert store.silences.active(NOW) == (kept,)
    assert store.silences.active(NOW - 1) == ()
    assert store.silences.active(NOW + 59) == (kept,)
    assert store.silences.active(NOW + 60) == ()
    assert store.silences.all() == [kept]


def test_a_silence_is_ended_once_and_stays_on_record(store: Store) -> None:
    kept = store.silences.add(silence())
    other = store.silences.add(silence())
    assert store.silences.expire(kept.id, "bob", NOW + 5) is True
    assert store.silences.expire(kept.id, "eve", NOW + 6) is False
    assert store.silences.active(NOW + 5) == (other,)
    assert [(one.id, one.end, one.ended_by) for one in store.silences.all()] == [
        (other.id, NOW + 60, ""),
        (kept.id, NOW + 5, "bob"),
    ]


def test_an_unknown_silence_is_none(store: Store) -> None:
    assert store.silences.get(7) is None
    assert store.silences.expire(7, "ann", NOW) is False


def test_what_was_done_about_a_story_is_kept_in_order(store: Store) -> None:
    store.articles.add([judged(1), judged(2)])
    store.hits.add([hit(1), hit(2)])
    one, other = story(1), story(2)
    store.stories.add(one)
    store.stories.add(other)
    done = [
        Handled(story_id=one.id, what="muted", by="ann", at=NOW, until=NOW + 9.0, severity=Severity.HIGH),
        Handled(story_id=one.id, what="acknowledged", by="bob", at=NOW, note="seen", severity=Severity.HIGH),
        Handled(story_id=other.id, what="muted", by="ann", at=NOW),
    ]
    for what in done:
        store.handled.add(what)
    assert store.handled.of(one.id) == tuple(done[:2])
    assert store.handled.of_stories([other.id, one.id, "s9"]) == {other.id: (done[2],), one.id: tuple(done[:2])}
    assert store.handled.of("s9") == ()


def test_nothing_is_done_about_a_story_that_does_not_exist(store: Store) -> None:
    with pytest.raises(StoreError):
        store.handled.add(Handled(story_id="s9", what="muted", by="ann", at=NOW))
