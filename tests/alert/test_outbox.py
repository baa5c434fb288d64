"""The outbox with the real store, the real sender and receivers on loopback; time is handed in."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from given_alerts import NOW

from monitor.alert.outbox import Outbox
from monitor.alert.send import Sender
from monitor.model import Alert
from monitor.settings import Channel, Settings
from monitor.store import Store
from tests.servers.webhook import Answer, Webhook

Queue = Callable[..., list[Alert]]


class World:
    """An outbox with a clock that is set by hand."""

    def __init__(self, store: Store, folder: Path, channels: dict[str, Channel], **settings: Any) -> None:
        self.store = store
        self.now = NOW
        self.channels = channels
        self.settings = Settings(channels=channels, **settings)
        self.sender = Sender(channels, str, timeout=2)
        self.outbox = Outbox(
            store=store,
            sender=self.sender,
            settings=self.settings,
            folder=folder,
            clock=lambda: self.now,
            spread=lambda: 0.5,
        )

    async def at(self, now: float) -> int:
        """Set the clock and send what is due."""
        self.now = now
        return await self.outbox.run_once(now)


@pytest.fixture
def make(store: Store, tmp_path: Path) -> Callable[..., World]:
    return lambda channels, **settings: World(store, tmp_path, channels, **settings)


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook() as server:
        yield server


def channel(server: Webhook, **changes: Any) -> Channel:
    return Channel(url=f"json://{server.url}/", **changes)


async def test_a_delivery_arrives_once_and_keeps_the_answer(
    make: Callable[..., World], queue: Queue, hook: Webhook, store: Store
) -> None:
    world = make({"desk": channel(hook)})
    queue(1, world.channels)
    assert await world.at(NOW) == 1
    assert await world.at(NOW + 5) == 0
    assert len(hook.requests) == 1
    (tracked,) = store.alerts.list()
    assert (tracked.state, tracked.answer) == ("sent", "200 OK: taken")
    assert hook.requests[0].headers["idempotency-key"] == tracked.delivery.key


async def test_a_failing_service_is_tried_again_later_and_gets_it_once(
    make: Callable[..., World], queue: Queue, hook: Webhook, store: Store
) -> None:
    world = make({"desk": channel(hook)})
    queue(1, world.channels)
    hook.answers.extend([Answer(500, b"boom"), Answer(503, b"later")])
    assert await world.at(NOW) == 0
    assert await world.at(NOW + 29) == 0
    assert len(hook.requests) == 1, "30 s have not passed"
    assert await world.at(NOW + 34) == 0
    assert await world.at(NOW + 34 + 59) == 0
    assert len(hook.requests) == 2, "60 s have not passed"
    assert store.alerts.list()[0].delivery.last_error == "503 Service Unavailable: later"
    assert await world.at(NOW + 34 + 67) == 1
    assert len({request.headers["idempotency-key"] for request in hook.requests}) == 1, "the key stays over repeats"
    assert len(hook.requests) == 3


@pytest.mark.parametrize(
    "header", [{"Retry-After": "600"}, {"Retry-After": "Wed, 01 Jan 2098 00:00:00 GMT"}], ids=["seconds", "date"]
)
async def test_retry_after_is_respected(
    make: Callable[..., World], queue: Queue, hook: Webhook, store: Store, header: dict[str, str]
) -> None:
    world = make({"desk": channel(hook)})
    queue(1, world.channels)
    hook.answers.append(Answer(429, b"slow down", header))
    await world.at(NOW)
    due = store.alerts.next_try()
    assert due is not None
    assert due == NOW + (600 if header["Retry-After"] == "600" else 86400), "a day is the longest that is respected"
    await world.at(due - 1)
    assert len(hook.requests) == 1
    assert await world.at(due) == 1


async def test_one_of_three_channels_is_down_for_ten_minutes(
    make: Callable[..., World], queue: Queue, hook: Webhook
) -> None:
    """The others get everything on time; the third gets everything afterwards, once and in order."""
    with Webhook() as second, Webhook() as third:
        world = make({"one": channel(hook), "two": channel(second), "three": channel(third, digest_above=100)})
        third.usual = Answer(502, b"gone fishing")
        now = NOW
        for number in range(20):
            queue(1, world.channels, now=now, first=number)
            await world.at(now)
            assert len(hook.requests) == len(second.requests) == number + 1
            now += 30
        tried = len(third.requests)
        assert 3 <= tried <= 6, "it backs off"
        third.usual = Answer()
        for _ in range(40):
            await world.at(now)
            now += 30
        arrived = third.requests[tried:]
        titles = [request.json["title"] for request in arrived if "Number" in request.json["title"]]
        numbers = [int(title.partition("Number ")[2].partition(":")[0]) for title in titles]
        assert numbers == list(range(20))


async def test_a_hanging_channel_delays_no_other(
    make: Callable[..., World], queue: Queue, hook: Webhook, store: Store
) -> None:
    """Its own thread stays counted: nothing more is sent to it until it comes back, and then nothing twice."""
    with Webhook() as slow:
        slow.usual = Answer(hang=True)
        world = make({"slow": channel(slow), "quick": channel(hook)})
        world.sender._lanes._timeout = 0.3
        queue(2, world.channels)
        hanging = await world.outbox.kick(NOW)
        async with asyncio.timeout(5):
            while store.alerts.queue(NOW)["quick"].sent < 2:
                await asyncio.sleep(0.01)
        assert len(hook.requests) == 2
        assert not any(task.done() for task in hanging if "slow" in task.get_name())
        await asyncio.gather(*hanging)
        assert "slow" in world.sender.hanging()
        await world.at(NOW + 40)
        assert "has been hanging" in store.alerts.queue(NOW)["slow"].last_error
        assert len(slow.requests) == 1
        slow.usual = Answer()
        slow.go.set()
        async with asyncio.timeout(5):
            while world.sender.hanging():
                await asyncio.sleep(0.01)
        assert await world.at(NOW + 500) == 2
        assert len(slow.requests) == 2, "the first one's late answer counts: it is not sent again"


async def test_many_at_once_become_one_digest(
    make: Callable[..., World], queue: Queue, hook: Webhook, store: Store
) -> None:
    world = make({"desk": channel(hook, digest_above=10)})
    queue(12, world.channels)
    assert await world.at(NOW) == 12
    (request,) = hook.requests
    assert request.json["title"] == "HIGH: 12 alerts at once"
    assert "HIGH: Rule border-deployment (12)" in request.json["message"]
    assert "Number 3: special forces near the border" in request.json["message"]
    states = {(one.state, one.answer) for one in store.alerts.list()}
    assert states == {("sent", "in a digest of 12: 200 OK: taken")}
    queue(10, world.channels, first=12)
    assert await world.at(NOW + 60) == 10
    assert len(hook.requests) == 11, "ten are not too many"


async def test_a_digest_that_fails_keeps_all_and_spends_one_attempt(
    make: Callable[..., World], queue: Queue, hook: Webhook, store: Store
) -> None:
    world = make({"desk": channel(hook, digest_above=2)})
    queue(5, world.channels)
    hook.answers.append(Answer(500))
    assert await world.at(NOW) == 0
    assert [one.delivery.attempts for one in store.alerts.list()] == [0, 0, 0, 0, 1]
    assert await world.at(NOW + 40) == 5
    first, second = (request.headers["idempotency-key"] for request in hook.requests)
    assert first == second, "the same digest has the same key"


async def test_a_dead_channel_is_told_to_the_other_operators_once(
    make: Callable[..., World], queue: Queue, hook: Webhook, store: Store
) -> None:
    with Webhook() as dead:
        dead.usual = Answer(403, b"token revoked")
        world = make({"desk": channel(dead), "pager": channel(hook)}, operators=("desk", "pager"), dead_after="48h")
        queue(2, {"desk": world.channels["desk"]})
        now = NOW
        while now < NOW + 48.5 * 3600:
            await world.at(now)
            now = max(now + 1, store.alerts.next_try() or now + 1800)
        assert store.alerts.queue(now)["desk"].dead == 2
        (told,) = hook.requests
        assert told.json["title"] == "monitor: Channel desk fails"
        assert "403 Forbidden: token revoked" in told.json["message"]
        assert "monitor alert retry" in told.json["message"]
        dead.usual = Answer()
        letters = [one.delivery.id for one in store.alerts.list(state="dead")]
        assert store.alerts.retry(letters, now) == 2
        assert await world.at(now) == 2
        assert not store.problems.current("channel")
        await world.at(now + 1)
        assert [one.json["title"] for one in hook.requests[1:]] == ["monitor: Channel desk works again"]


async def test_a_message_that_is_refused_for_good_does_not_block_the_next(
    make: Callable[..., World], queue: Queue, hook: Webhook, store: Store
) -> None:
    world = make({"desk": channel(hook)})
    queue(2, world.channels)
    hook.answers.extend([Answer(400, b"no such field")] * 3)
    for now in (NOW, NOW + 40, NOW + 120):
        await world.at(now)
    assert [one.state for one in store.alerts.list()] == ["sent", "dead"]
    assert len(hook.requests) == 4


async def test_what_was_sent_is_not_sent_again_when_the_disk_was_full(
    make: Callable[..., World], queue: Queue, hook: Webhook, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make({"desk": channel(hook)})
    queue(2, world.channels)
    with monkeypatch.context() as patch:
        patch.setattr(type(store.alerts), "sent", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            await world.at(NOW)
    assert await world.at(NOW + 1) == 1
    assert len(hook.requests) == 2
    assert [one.state for one in store.alerts.list()] == ["sent", "sent"]


async def test_what_waits_for_a_channel_that_is_gone_is_given_up_aloud(
    make: Callable[..., World], queue: Queue, hook: Webhook, store: Store
) -> None:
    before = make({"old": channel(hook), "pager": channel(hook)})
    queue(1, {"old": before.channels["old"]})
    after = make({"pager": channel(hook)})
    await after.at(NOW)
    await after.at(NOW + 1)
    assert store.alerts.queue(NOW)["old"].dead == 1
    assert "there is no channel old any more" in hook.requests[0].json["message"]


async def test_a_disabled_channel_waits(make: Callable[..., World], queue: Queue, hook: Webhook, store: Store) -> None:
    world = make({"desk": channel(hook, enabled=False)})
    queue(1, world.channels)
    assert await world.at(NOW) == 0
    assert store.alerts.queue(NOW)["desk"].queued == 1


async def test_a_broken_template_is_replaced_and_told_once(
    make: Callable[..., World], queue: Queue, hook: Webhook, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "mine.j2").write_text("{{ headline }} {{ nothing.like.this }}")
    with Webhook() as pager:
        world = make({"desk": channel(hook, template="mine.j2"), "pager": channel(pager)}, operators=("pager",))
        queue(2, {"desk": world.channels["desk"]})
        assert await world.at(NOW) == 2
        assert "Why: monitor explain" in hook.requests[0].json["message"], "the built-in one"
        await world.at(NOW + 1)
        (told,) = pager.requests
        assert "'nothing' is undefined" in told.json["message"]
        (tmp_path / "mine.j2").write_text("only {{ headline }}")
        queue(1, {"desk": world.channels["desk"]}, first=5)
        await world.at(NOW + 2)
        assert hook.requests[-1].json["message"] == "only Number 5: special forces near the border"
        assert not store.problems.current("template")


async def test_a_lease_that_a_stop_interrupts_is_given_back(
    make: Callable[..., World], queue: Queue, store: Store
) -> None:
    with Webhook() as slow:
        slow.usual = Answer(hang=True)
        world = make({"slow": channel(slow)})
        queue(1, world.channels)
        await world.outbox.kick(NOW)
        await world.outbox.drain(0.1)
        assert store.alerts.queue(NOW)["slow"].queued == 1


async def test_planted_secrets_are_in_no_database_and_no_log(
    queue: Queue, hook: Webhook, store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Five tokens, in a URL and behind ${...}; the service repeats them in its answers, good and bad."""
    tokens = ["alpha-11-token", "bravo-22-token", "charlie-33-token", "delta-44-token", "echo-55-token"]
    user, password, path, query, header = tokens
    url = f"json://{user}:${{PASSWORD}}@{hook.url}/{path}?-key={query}&+X-Auth=${{HEADER}}"
    secrets = {"${PASSWORD}": password, "${HEADER}": header}

    def resolve(text: str) -> str:
        for name, value in secrets.items():
            text = text.replace(name, value)
        return text

    channels = {"desk": Channel(url=url), "dead": Channel(url="slack://T1JJ3T3L2/" + "/".join(tokens))}
    outbox = Outbox(
        store=store,
        sender=Sender(channels, resolve, timeout=2),
        settings=Settings(channels=channels),
        folder=tmp_path,
        clock=lambda: NOW,
    )
    hook.usual = Answer(200, " ".join(tokens).encode())
    hook.answers.append(Answer(403, " ".join(tokens).encode()))
    queue(2, {"desk": channels["desk"]})
    caplog.set_level("DEBUG")
    await outbox.run_once(NOW)
    await outbox.run_once(NOW + 60)
    assert [one.state for one in store.alerts.list()] == ["sent", "sent"]
    assert "***" in store.alerts.list()[0].answer
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("monitor.db*"))
    # The test runner listens at apprise's own logger, which hands nothing on: what other loggers say is what is logged.
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "apprise")
    assert not [token for token in tokens if token.encode() in stored or token in logged]
    assert "did not take" in logged
