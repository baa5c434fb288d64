"""What people say about stories, in the pipeline: silences, acknowledgements, mutes; and a story's whole life."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import desk
from monitor.alert.acknowledging import LIFE, Ticket, ticket_of
from monitor.alert.outbox import Outbox
from monitor.alert.send import Sender
from monitor.cli import execute
from monitor.model import Action, Decision, Handled, Severity, Silence
from monitor.signing import Links, signing_key
from monitor.store import Store
from monitor.story.naming import story_id
from tests.desk_world import HELD, SANK, SINKS, World
from tests.servers.webhook import Webhook

MONITOR = """\
channels: {desk: {url: "json://127.0.0.1:9/desk"}}
alerts: {group_wait: 0, group_interval: 0, thresholds: [2]}
web: {url: "https://monitor.example.org"}
"""
STORY = story_id("a1")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, monitor=MONITOR)
    yield made
    made.store.close()


def silence(world: World, **named: object) -> Silence:
    given = {"id": 0, "author": "ann", "reason": "known", "start": world.now, "end": world.now + 3600.0}
    return world.store.silences.add(Silence(**{**given, **named}))  # type: ignore[arg-type]


def handle(world: World, what: str, *, until: float | None = None) -> None:
    story = world.store.stories.get(STORY)
    assert story
    world.store.handled.add(
        Handled(story_id=STORY, what=what, by="ann", at=world.now, until=until, severity=story.severity)
    )


def decided(world: World) -> Decision:
    return world.store.alerts.decisions(STORY)[-1].decision


def explained(world: World, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert execute(["--config", str(world.folder), "explain", STORY, *options]) == 0
    return capsys.readouterr().out


# --- silences --------------------------------------------------------------------------------------------------------


def test_a_silenced_story_is_not_told_and_says_why(world: World) -> None:
    kept = silence(world, rules=("ferry",))
    world.poll(world.article("1", SINKS))
    assert world.alerts() == []
    said = decided(world)
    assert (said.action, said.policy) == (Action.DROP, "silence")
    assert said.reason.startswith("silenced until 20")
    assert said.reason.endswith(f"by ann: known (silence {kept.id})")


def test_a_silence_is_about_its_own(world: World) -> None:
    silence(world, rules=("fire",))
    silence(world, channels=("pager",))
    silence(world, below=Severity.HIGH)
    world.poll(world.article("1", SINKS))
    assert world.alerts() == [("story", SINKS[0])]


def test_when_it_is_over_what_comes_next_tells_the_story_whole(world: World) -> None:
    silence(world, rules=("ferry",))
    world.poll(world.article("1", SINKS))
    world.later(2).poll(world.article("2", SANK, "plover"))
    assert [kind for kind, _ in world.alerts()] == ["story"]


def test_a_story_that_becomes_about_something_else_is_told_at_once(world: World) -> None:
    silence(world, rules=("ferry",))
    world.poll(world.article("1", SINKS))
    world.later(0.5).poll(world.article("3", HELD, "wader"))
    assert [kind for kind, _ in world.alerts()] == ["story"]


# --- acknowledging and muting ----------------------------------------------------------------------------------------


def test_an_acknowledged_story_is_told_only_when_it_gets_worse(world: World) -> None:
    world.poll(world.article("1", SINKS))
    handle(world, "acknowledged")
    world.later(1).poll(world.article("2", SANK, "plover"))
    assert [kind for kind, _ in world.alerts()] == ["story"]
    assert decided(world).reason == "acknowledged by ann, and no more severe since"
    world.later(1).poll(world.article("3", HELD, "wader"))
    assert [kind for kind, _ in world.alerts()] == ["story", "update"]
    assert decided(world).action is Action.SEND


def test_a_muted_story_is_not_told_whatever_comes(world: World) -> None:
    world.poll(world.article("1", SINKS))
    handle(world, "muted", until=world.now + 5000.0)
    world.later(1).poll(world.article("3", HELD, "wader"))
    assert [kind for kind, _ in world.alerts()] == ["story"]
    assert (decided(world).policy, decided(world).reason[:12]) == ("handled", "muted until ")
    world.later(1).poll(world.article("2", SANK, "plover"))
    assert [kind for kind, _ in world.alerts()] == ["story", "update"]


def test_what_is_taken_back_counts_no_more(world: World) -> None:
    world.poll(world.article("1", SINKS))
    handle(world, "muted")
    handle(world, "acknowledged")
    handle(world, "unmuted")
    world.later(1).poll(world.article("2", SANK, "plover"))
    assert [kind for kind, _ in world.alerts()] == ["story", "update"]


def test_a_story_that_becomes_part_of_another_takes_along_what_was_done(world: World) -> None:
    world.poll(world.article("1", SINKS))
    world.later(1).poll(world.article("4", ("Smoke above Zenica", "A school was closed."), "wader"))
    other = story_id("a4")
    world.store.handled.add(Handled(story_id=other, what="muted", by="bob", at=world.now))
    assert world.store.handled.of(STORY) == ()
    desk.merge(world.store, STORY, other, world.now)
    assert [one.by for one in world.store.handled.of(STORY)] == ["bob"]


# --- links -----------------------------------------------------------------------------------------------------------


async def test_each_channel_s_message_has_a_link_of_its_own_that_acknowledges_the_story(tmp_path: Path) -> None:
    with Webhook() as desk_hook, Webhook() as pager_hook:
        urls = {"desk": f"json://{desk_hook.url}/", "pager": f"json://{pager_hook.url}/"}
        channels = ", ".join(f'{name}: {{url: "{url}"}}' for name, url in urls.items())
        world = World(tmp_path, monitor=f"channels: {{{channels}}}\n{MONITOR.partition(chr(10))[2]}")
        world.poll(world.article("1", SINKS))
        settings = world.config.settings
        outbox = Outbox(
            store=world.store,
            sender=Sender(settings.channels, str, timeout=2),
            settings=settings,
            folder=tmp_path,
            acknowledge=Links(settings.web, world.store, environ={}).acknowledge,
            clock=lambda: world.now,
            spread=lambda: 0.5,
        )
        assert await outbox.run_once(world.now) == 2
        key = signing_key(settings.web, world.store, environ={})
        for name, hook in (("desk", desk_hook), ("pager", pager_hook)):
            found = re.search(r"https://monitor\.example\.org/ack/([\w.-]+)", hook.requests[0].body.decode())
            assert found
            assert ticket_of(found[1], key) == Ticket(STORY, name, int(world.now + LIFE))
        assert all("/ack/" not in str(alert.data) for _, alert in world.store.alerts.after(0))
        world.store.close()


@pytest.mark.parametrize(("url", "secret"), [("", ""), ("https://monitor.example.org", "${MONITOR_NOT_SET}")])
def test_without_an_address_or_its_secret_there_are_no_links(tmp_path: Path, url: str, secret: str) -> None:
    world = World(tmp_path)
    web = world.config.settings.web.model_copy(update={"url": url, "secret": secret})
    assert Links(web, world.store, environ={}).acknowledge("s1", "desk", world.now) == ""
    world.store.close()


# --- a story's life --------------------------------------------------------------------------------------------------


@pytest.fixture
def lived(world: World) -> World:
    """A story that was silenced, told, tried in vain, acknowledged, and told again."""
    silence(world, rules=("ferry",), end=world.now + 60.0)
    world.poll(world.article("1", SINKS))
    world.later(1).poll(world.article("2", SANK, "plover"))
    (first,) = world.store.alerts.lease(world.now, 60.0)
    world.store.alerts.failed(first.id, world.now, "503 <h1>not now</h1>", world.now + 30)
    world.later(0.1)
    (again,) = world.store.alerts.lease(world.now, 60.0)
    world.store.alerts.sent(again.id, world.now, "200 OK")
    world.later(0.1)
    handle(world, "acknowledged")
    world.later(1).poll(world.article("3", HELD, "wader"))
    return world


def test_the_life_of_a_story_is_told_in_the_order_of_time(lived: World, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(explained(lived, capsys, "--json"))
    events = found["events"]
    assert [one["at"] for one in events] == sorted(one["at"] for one in events)
    assert {one["kind"] for one in events} == {
        "silence",
        "article",
        "hit",
        "decision",
        "alert",
        "delivery",
        "handled",
    }
    articles = [one["facts"]["article"] for one in events if one["kind"] == "article"]
    assert articles == ["a1", "a2", "a3"]
    decisions = [(one["facts"]["policy"], one["facts"]["action"]) for one in events if one["kind"] == "decision"]
    assert decisions == [("silence", "drop"), ("route", "send"), ("change", "send")]
    sent, waiting = [one for one in events if one["kind"] == "delivery"]
    assert (sent["facts"]["state"], sent["facts"]["attempts"], sent["facts"]["answer"]) == ("sent", 2, "200 OK")
    assert waiting["facts"]["state"] == "queued"
    assert found["acknowledged"]["by"] == "ann"
    assert found["corroboration"]["articles"] == 3
    assert found["channels"] == [
        {"channel": "desk", "told": 2, "last_told": found["channels"][0]["last_told"], "held_until": None}
    ]


def test_the_life_of_a_story_reads_from_top_to_bottom(
    lived: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    said = explained(lived, capsys)
    wanted = [
        HELD[0],
        "3 articles, 3 sources, 3 independent voices; Kestrel Wire had it first",
        "credibility 1, confirmed by other sources",
        "acknowledged by ann",
        "silence   silence 1 by ann",
        "it opens the story",
        "hit       a1 hits rule ferry (high)",
        "drop by silence: silenced until",
        "send by route",
        "was sent after 2 attempts: 200 OK",
        "acknowledged by ann",
        "send by change",
        "is queued",
        "channel desk: told 2 times",
    ]
    place = 0
    for words in wanted:
        assert words in said[place:], f"{words!r} is not there, or not behind what comes before it:\n{said}"
        place = said.index(words, place) + 1


def test_a_story_that_was_merged_leads_to_what_it_is_in(lived: World, capsys: pytest.CaptureFixture[str]) -> None:
    lived.poll(lived.article("4", ("Smoke above Zenica", "A school was closed."), "wader"))
    other = story_id("a4")
    desk.merge(lived.store, STORY, other, lived.now)
    assert execute(["--config", str(lived.folder), "explain", other]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{other} has become part of {STORY}.")
    assert f"story {other} became part of it" in said


@pytest.mark.parametrize("options", [["sabcdefghijkl"], [STORY, "--rule", "ferry"], [STORY, "--all"]])
def test_what_cannot_be_explained_is_said(world: World, capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    world.poll(world.article("1", SINKS))
    assert execute(["--config", str(world.folder), "explain", *options]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_store_of_the_web_process_sees_what_the_daemon_writes(world: World) -> None:
    world.poll(world.article("1", SINKS))
    with Store.open(world.folder / "monitor.db") as other:
        other.handled.add(Handled(story_id=STORY, what="acknowledged", by="ann", at=world.now, severity=Severity.HIGH))
    world.later(1).poll(world.article("2", SANK, "plover"))
    assert [kind for kind, _ in world.alerts()] == ["story"]
