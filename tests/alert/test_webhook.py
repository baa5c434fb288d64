"""Webhooks: what arrives at a real receiver, how it is verified, and what becomes of it when that says no."""

import asyncio
import base64
import contextlib
import json
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import trustme
from given_alerts import ARTICLE, NOW, SOURCE, hit, story
from hypothesis import given
from hypothesis import strategies as st

from monitor.alert import message, signature
from monitor.alert.outbox import Outbox
from monitor.alert.payload import LARGEST, TYPES, payload, type_of
from monitor.alert.record import carrying
from monitor.alert.render import render
from monitor.alert.samples import KINDS, sample
from monitor.alert.send import Sender
from monitor.alert.trend import alert_of as trend_alert
from monitor.errors import SendError
from monitor.model import Alert, Behind, Finding, Member, Severity, Story, Verdict
from monitor.settings import Channel, Settings
from monitor.store import Store
from monitor.web.openapi import description
from tests.servers.webhook import Answer, Webhook

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER = "whsec_" + base64.b64encode(bytes(range(32, 64))).decode()
DOCS = Path(__file__).parent.parent.parent / "docs" / "webhooks.md"
Queue = Callable[..., list[Alert]]
# A daemon that is killed when the program has answered, and before that is noted.
DIES = """
import asyncio, os, signal, sys
from pathlib import Path
from monitor.alert.outbox import Outbox
from monitor.alert.send import Sender
from monitor.settings import Channel, Settings
from monitor.store import Store

path, url, secret, now = sys.argv[1:]
channels = {"program": Channel(url=url, secret=(secret,))}
with Store.open(Path(path)) as store:
    box = Outbox(store=store, sender=Sender(channels, str), settings=Settings(channels=channels), folder=Path("."))
    light = lambda: "apprise" not in sys.modules  # 46 MB of which a webhook has no need
    box._note_sent = lambda *_: os.kill(os.getpid(), signal.SIGKILL if light() else signal.SIGTERM)
    asyncio.run(box.run_once(float(now)))
"""


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook() as server:
        yield server


def channel(server: Webhook, *secrets: str, path: str = "/in", **changes: Any) -> Channel:
    return Channel(url=f"http://{server.url}{path}", secret=secrets or (SECRET,), **changes)


def sender(one: Channel, *, timeout: float = 5) -> Sender:
    return Sender({"program": one}, str, timeout=timeout)


async def send(one: Channel, alert: Alert | None = None, *, key: str = "k" * 64) -> str:
    to = sender(one)
    said = render(alert or sample("story", now=NOW), shape=await to.shape("program"))
    return await to.send("program", said, key=key)


def is_ours() -> Callable[..., bool]:
    """Return the function that the documentation shows."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    found: Callable[..., bool] = names["is_ours"]
    return found


def outbox(store: Store, channels: dict[str, Channel], now: Callable[[], float], **settings: Any) -> Outbox:
    """Return an outbox as after a start."""
    return Outbox(
        store=store,
        sender=Sender(channels, str, timeout=2),
        settings=Settings(channels=channels, **settings),
        folder=Path("."),
        clock=now,
        spread=lambda: 0.5,
    )


# --- the signature ---------------------------------------------------------------------------------------------------


def test_the_signature_is_that_of_the_convention() -> None:
    """The example that the convention's own libraries are tested with."""
    secret, message_id = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert signature.headers(message_id, 1614265330, b'{"test": 2432232314}', [secret]) == {
        "webhook-id": message_id,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("kind", KINDS)
async def test_what_arrives_is_verified_by_the_convention_s_library_and_as_documented(hook: Webhook, kind: str) -> None:
    library = pytest.importorskip("standardwebhooks", reason="needs standardwebhooks (pip install '.[dev]')")
    assert await send(channel(hook), sample(kind, now=NOW)) == "200 OK: taken"
    (request,) = hook.requests
    assert (request.method, request.path) == ("POST", "/in")
    assert request.headers["content-type"] == "application/json"
    assert library.Webhook(SECRET).verify(request.body, request.headers) == request.json
    assert is_ours()(SECRET, request.headers, request.body)
    with pytest.raises(library.WebhookVerificationError):
        library.Webhook(OTHER).verify(request.body, request.headers)
    assert not is_ours()(OTHER, request.headers, request.body)
    assert not is_ours()(SECRET, request.headers, request.body + b" ")
    assert not is_ours()(SECRET, {**request.headers, "webhook-id": "another"}, request.body)
    assert not is_ours()(SECRET, {**request.headers, "webhook-timestamp": "1614265330"}, request.body), "it is old"


async def test_with_two_secrets_a_receiver_of_either_is_content(hook: Webhook) -> None:
    await send(channel(hook, OTHER, SECRET))
    (request,) = hook.requests
    assert len(request.headers["webhook-signature"].split()) == 2
    assert all(is_ours()(one, request.headers, request.body) for one in (SECRET, OTHER))


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_?", "whsec_AAAA", SECRET.removeprefix("whsec_"), SECRET + "é", SECRET * 3]
)
async def test_a_secret_that_is_none_is_said_without_it(hook: Webhook, secret: str) -> None:
    with pytest.raises(SendError) as raised:
        await sender(channel(hook, secret or " ")).shape("program")
    assert raised.value.reason == "configuration: a secret is whsec_ and the base64 of 24 to 64 bytes"
    assert not hook.requests


@given(st.text(max_size=100))
def test_no_text_but_a_secret_is_a_key(text: str) -> None:
    for one in (text, f"whsec_{text}"):
        with contextlib.suppress(ValueError):
            key = signature.key_of(one)
            assert one.startswith("whsec_")
            assert 24 <= len(key) <= 64


# --- the address -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["ftp://h/", "https://", "http://h:99999/", "http://[::1/", "json://h/", "file:///etc/hosts", "http://h/a b"],
)
async def test_an_address_that_is_none_is_said(url: str) -> None:
    with pytest.raises(SendError, match="the url of a webhook is an address such as"):
        await sender(Channel(url=url, secret=(SECRET,))).shape("program")


async def test_a_login_in_the_address_is_basic_and_other_alphabets_are_encoded(hook: Webhook) -> None:
    one = Channel(url=f"http://ann:p%40ss@{hook.url}/вход/%C3%A9?q=é&n=1#top", secret=(SECRET,))
    await send(one)
    (request,) = hook.requests
    assert request.path == "/%D0%B2%D1%85%D0%BE%D0%B4/%C3%A9?q=%C3%A9&n=1"
    assert base64.b64decode(request.headers["authorization"].removeprefix("Basic ")) == b"ann:p@ss"


async def test_the_certificate_is_looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with Webhook(context=context) as server:
        one = Channel(url=f"https://{server.url}/in", secret=(SECRET,))
        with pytest.raises(SendError, match=r"(?i)certificate verify failed"):
            await send(one)
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert await send(one) == "200 OK: taken"
        assert len(server.requests) == 1


# --- what is answered ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_two_hundred_and_more_is_taken(hook: Webhook, status: int) -> None:
    hook.usual = Answer(status, b"")
    assert (await send(channel(hook))).startswith(str(status))


@pytest.mark.parametrize(
    ("answer", "recoverable", "retry_after"),
    [
        (Answer(500, b"boom"), True, None),
        (Answer(401), True, None),
        (Answer(404), True, None),
        (Answer(304, b""), True, None),
        (Answer(400), False, None),
        (Answer(410), False, None),
        (Answer(422), False, None),
        (Answer(429, b"", {"Retry-After": "7"}), True, 7.0),
        (Answer(503, b"", {"Retry-After": "120"}), True, 120.0),
    ],
)
async def test_the_answer_says_whether_and_when_to_try_again(
    hook: Webhook, answer: Answer, recoverable: bool, retry_after: float | None
) -> None:
    hook.usual = answer
    with pytest.raises(SendError) as raised:
        await send(channel(hook))
    assert (raised.value.recoverable, raised.value.retry_after) == (recoverable, retry_after)
    assert raised.value.reason.startswith(str(answer.status))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(hook: Webhook, status: int) -> None:
    with Webhook() as canary:
        hook.usual = Answer(status, b"", {"Location": f"http://{canary.url}/internal"})
        with pytest.raises(SendError, match=str(status)):
            await send(channel(hook))
        assert not canary.requests


async def test_of_a_long_answer_only_the_beginning_is_read(hook: Webhook) -> None:
    hook.usual = Answer(500, b"x" * 5_000_000)
    with pytest.raises(SendError) as raised:
        await send(channel(hook))
    assert len(raised.value.reason) == 400


async def test_nobody_there_or_no_http_is_a_reason_to_try_again() -> None:
    async def mumble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"220 mail.example ESMTP\r\n")
        writer.close()

    with Webhook() as gone:
        nobody = channel(gone, path="/secret-path-1")
    async with await asyncio.start_server(mumble, "127.0.0.1", 0) as server:
        mail = Channel(url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", secret=(SECRET,))
        for one, words in ((nobody, "Connection refused"), (mail, "220 mail.example")):
            with pytest.raises(SendError, match=words) as raised:
                await send(one)
            assert raised.value.recoverable
            assert "secret-path-1" not in raised.value.reason


# --- the outbox ------------------------------------------------------------------------------------------------------


async def test_the_id_and_the_body_stay_over_retries_and_a_restart(queue: Queue, hook: Webhook, store: Store) -> None:
    now, channels = NOW, {"program": channel(hook)}
    queue(1, channels)
    hook.answers.extend([Answer(500), Answer(503, b"", {"Retry-After": "600"})])
    before = outbox(store, channels, lambda: now)
    assert await before.run_once(now) == 0
    now += 60
    assert await before.run_once(now) == 0
    now += 599
    after = outbox(store, channels, lambda: now)
    assert await after.run_once(now) == 0, "it asked to be left alone"
    now += 1
    assert await after.run_once(now) == 1
    assert len(hook.requests) == 3
    assert len({(one.headers["webhook-id"], one.body) for one in hook.requests}) == 1
    assert all(is_ours()(SECRET, one.headers, one.body) for one in hook.requests)
    (tracked,) = store.alerts.list()
    assert (tracked.state, tracked.answer) == ("sent", "200 OK: taken")
    assert hook.requests[0].headers["webhook-id"] == tracked.delivery.key


async def test_a_death_between_answer_and_mark_repeats_the_same_message(
    queue: Queue, hook: Webhook, store: Store
) -> None:
    """The program took it, and nobody has noted that: it comes once more, and can be told by its id."""
    channels = {"program": channel(hook)}
    queue(1, channels)
    arguments = [str(store.path), channels["program"].url, SECRET, repr(NOW)]
    ended = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", DIES, *arguments], check=False)
    assert (ended.returncode, len(hook.requests)) == (-signal.SIGKILL, 1)
    store.alerts.release()  # as each start does
    assert await outbox(store, channels, lambda: NOW + 5).run_once(NOW + 5) == 1
    first, second = hook.requests
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)


async def test_many_at_once_are_told_one_by_one_and_in_order(queue: Queue, hook: Webhook, store: Store) -> None:
    channels = {"program": channel(hook)}
    queue(15, channels)
    assert await outbox(store, channels, lambda: NOW).run_once(NOW) == 15
    ids = [one.json["data"]["story"]["id"] for one in hook.requests]
    assert ids == [f"sa{number:012}" for number in range(15)]
    assert len({one.headers["webhook-id"] for one in hook.requests}) == 15


async def test_gone_is_given_up_after_three_tries_and_the_others_hear_of_it(
    queue: Queue, hook: Webhook, store: Store
) -> None:
    now = NOW
    with Webhook() as desk:
        channels = {"program": channel(hook), "desk": Channel(url=f"json://{desk.url}/")}
        queue(1, {"program": channels["program"]})
        hook.usual = Answer(410, b"no more of this")
        box = outbox(store, channels, lambda: now, operators=("desk",))
        for _ in range(4):
            await box.run_once(now)
            now += 600
        (tracked,) = store.alerts.list(channel="program")
        assert (tracked.state, tracked.delivery.last_error) == ("dead", "410 Gone: no more of this")
        assert len(hook.requests) == 3
        assert "Channel program fails" in desk.requests[0].json["title"]


async def test_no_secret_is_in_a_database_a_log_or_an_answer(
    queue: Queue, hook: Webhook, store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = ["delta-44-token", "echo-55-token", "foxtrot-66-token", SECRET, SECRET.removeprefix("whsec_"), OTHER]
    one = Channel(url=f"http://ann:{tokens[0]}@{hook.url}/{tokens[1]}?key={tokens[2]}", secret=(SECRET, OTHER))
    hook.usual = Answer(200, " ".join(tokens).encode())
    hook.answers.append(Answer(403, " ".join(tokens).encode()))
    queue(1, {"program": one})
    caplog.set_level("DEBUG")
    box = outbox(store, {"program": one}, lambda: NOW)
    await box.run_once(NOW)
    await box.run_once(NOW + 60)
    (tracked,) = store.alerts.list()
    assert tracked.state == "sent"
    assert "***" in tracked.answer
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("monitor.db*"))
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert not [token for token in tokens if token.encode() in stored or token in logged]
    assert "did not take" in logged


# --- what is said ----------------------------------------------------------------------------------------------------


def described(kind: str) -> dict[str, Any]:
    post = description("https://monitor.example.org", ())["webhooks"][kind]["post"]
    found: dict[str, Any] = post["requestBody"]["content"]["application/json"]["schema"]
    return found


def said(alert: Alert) -> dict[str, Any]:
    """Return what a program is told, held to its description and to its size."""
    text = payload(alert)
    assert len(text.encode()) <= LARGEST
    found: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(described(found["type"])).validate(found)
    return found


def trend() -> Alert:
    finding = Finding(
        trend_id="surge",
        name="Surge",
        kind="spike",
        severity=Severity.HIGH,
        watch="Belarus border",
        verdict=Verdict.HOLDS,
        number=12,
        threshold=4.5,
        baseline=1.5,
        start=NOW - 3600,
        end=NOW,
        reason="12 articles in an hour",
        rules=("border-deployment",),
        behind=(Behind(label="border-deployment", articles=(ARTICLE.id,), total=12),),
    )
    return trend_alert(finding, {ARTICLE.id: ARTICLE}, {SOURCE.id: SOURCE}, now=NOW)


def every() -> dict[str, Alert]:
    escalated = sample("story", now=NOW)
    found = {name: sample(name, now=NOW) for name in KINDS}
    found["escalated"] = replace(escalated, data={**escalated.data, "escalation": "nobody has answered"})
    found["trend"] = trend()
    found["problem"] = message.system_alert("source", "kestrel", title="Source kestrel fails", text="why\nso", at=NOW)
    found["over"] = message.system_alert("source over", "kestrel", title="Over: Source kestrel fails", at=NOW)
    found["heartbeat"] = message.system_alert("heartbeat", "daily", title="All is well", at=NOW)
    return found


def test_each_type_is_said_as_described() -> None:
    assert {said(alert)["type"] for alert in every().values()} == set(TYPES)
    assert set(description("", ())["webhooks"]) == set(TYPES)


def test_a_story_has_the_shape_of_the_api() -> None:
    told = said(sample("story", now=NOW))["data"]["story"]
    api = description("", ())["components"]["schemas"]["Story"]["properties"]
    assert set(told) <= set(api)
    assert set(told["articles"][0]) <= set(api["articles"]["items"]["properties"])
    assert len(told["articles"]) == 4
    assert told["articles"][0]["hits"][0]["evidence"][0]["words"] == "Special forces"
    assert told["address"] == "https://monitor.example/stories/ssample000001"


def test_what_was_queued_for_another_kind_of_channel_is_told_as_far_as_it_is_known() -> None:
    alert = message.alert_of(story(), now=NOW)
    told = said(alert)["data"]["story"]
    assert (told["id"], told["headline"], told["articles"]) == (f"s{ARTICLE.id}", ARTICLE.title, [])
    assert told["rules"][0]["id"] == "border-deployment"


def test_who_edits_or_updates_is_told_apart() -> None:
    assert type_of(sample("edit", now=NOW)) == type_of(sample("update", now=NOW)) == "story.updated"
    assert said(sample("update", now=NOW))["data"]["news"][0].startswith("2 more independent sources")


def big(count: int, text: str) -> Story:
    members = []
    for number in range(count):
        article = replace(ARTICLE, id=f"a{number:012}", title=f"{number} {text}", summary=text, url=f"https://h/{text}")
        members.append(Member(article=article, source=SOURCE, hits=(hit(article),), at=NOW + number))
    return replace(story(), members=tuple(members), hits=tuple(one.hits[0] for one in members))


def test_a_story_of_a_thousand_articles_is_said_by_its_first_and_last() -> None:
    alert = carrying(message.alert_of(big(1000, "x" * 100), now=NOW), big(1000, "x" * 100))
    assert said(alert)["shortened"] is True
    assert payload(sample("story", now=NOW)).endswith('"shortened":false}')
    articles = said(alert)["data"]["story"]["articles"]
    assert articles[0]["id"] == "a000000000000"
    assert articles[-1]["id"] == "a000000000999"
    assert len(json.dumps(alert.data["record"])) < 200_000, "what is stored is bounded, too"


def test_what_has_room_to_be_sent_and_was_not_kept_whole_is_said_to_be_shortened() -> None:
    one = big(51, "x")
    told = said(carrying(message.alert_of(one, now=NOW), one))
    assert (len(told["data"]["story"]["articles"]), told["shortened"]) == (50, True)


@given(st.text(max_size=60), st.integers(1, 60), st.integers(1, 60))
def test_whatever_a_feed_says_is_json_of_bounded_size(text: str, repeats: int, count: int) -> None:
    one = big(count, text * repeats)
    told = said(carrying(message.alert_of(one, now=NOW), one))
    assert told["data"]["story"]["id"] == one.id


@pytest.mark.parametrize("text", ["\ud800 half a pair", "\x00\x1b[31m\u202e", "\u2028</script>\"}'", "🛰" * 2000])
def test_odd_letters_arrive_as_json(text: str) -> None:
    one = big(3, text)
    assert said(carrying(message.alert_of(one, now=NOW), one))["data"]["story"]["articles"]
