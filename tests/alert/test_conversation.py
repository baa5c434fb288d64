"""Updates arrive where their story began: what reaches mail, chats and telephones, over real HTTP and SMTP.

The addresses of hosted services are set to a receiver on loopback; the requests are apprise's own.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from given_alerts import ARTICLE, NOW, hit, story

from monitor.alert import message
from monitor.alert.conversation import Conversation
from monitor.alert.facts import Facts, facts_of
from monitor.alert.outbox import Outbox
from monitor.alert.send import Sender
from monitor.model import Alert, Corroboration, Judged, Novelty, Severity, Story, Voice
from monitor.settings import Channel, Settings
from monitor.store import Store
from tests.servers.smtp import MailServer
from tests.servers.webhook import Answer, Webhook


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook() as server:
        yield server


class Desk:
    """A channel that is told of a story, and then what is new of it."""

    def __init__(self, store: Store, folder: Path, url: str, **changes: Any) -> None:
        self.store, self.now = store, NOW
        self.channels = {"desk": Channel(url=url, **changes)}
        self.outbox = Outbox(
            store=store,
            sender=Sender(self.channels, str, timeout=5),
            settings=Settings(channels=self.channels),
            folder=folder,
            clock=lambda: self.now,
        )
        with store.transaction(durable=True):
            store.articles.add([Judged(ARTICLE, Novelty.NEW, "new")])
            store.stories.add(story())

    async def say(self, *alerts: Alert) -> None:
        """Queue alerts and send them."""
        for alert in alerts:
            with self.store.transaction(durable=True):
                self.store.alerts.add(alert, message.deliveries(alert, self.channels, self.channels), self.now)
        assert await self.outbox.run_once(self.now) == len(alerts)
        self.now += 60


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Callable[..., Desk]:
    return lambda url, **changes: Desk(store, tmp_path, url, **changes)


def grown(names: str = "Kestrel Wire, Harbour Agency", severity: Severity = Severity.HIGH) -> Story:
    voices = tuple(Voice(name=name, sources=(), articles=(), first_at=NOW) for name in names.split(", "))
    founded = Corroboration(
        articles=len(voices),
        sources=len(voices),
        voices=voices,
        first="kestrel",
        first_at=NOW,
        credibility=2,
        reason="",
    )
    rules = (hit(), hit(rule="strike", severity=severity)) if severity is not Severity.HIGH else (hit(),)
    return replace(story(ARTICLE, *rules), corroboration=founded)


FIRST = message.alert_of(story(), now=NOW)
TITLE = FIRST.title
BEFORE: Facts = facts_of(story())
UPDATE = message.update_of(grown(), BEFORE, now=NOW + 60)
SECOND = message.update_of(grown("Kestrel Wire, Harbour Agency, Lantern"), facts_of(grown()), now=NOW + 120)
WORSE = message.update_of(grown(severity=Severity.CRITICAL), facts_of(grown()), now=NOW + 180)


# --- mail ------------------------------------------------------------------------------------------------------------


def mail_url(server: MailServer, to: str = "ann@example.org") -> str:
    return f"mailto://localhost:{server.port}?from=bot@example.org&to={to}&smtp=localhost"


async def test_mails_of_a_story_are_one_conversation(desk: Callable[..., Desk]) -> None:
    """By references, as most programs do it, and by subject, as the others do."""
    with MailServer() as server:
        here = desk(mail_url(server))
        await here.say(FIRST)
        await here.say(UPDATE)
        await here.say(SECOND)
        first, update, second = (mail.message for mail in server.mails)
    assert [first["Subject"], update["Subject"], second["Subject"]] == [TITLE, f"Re: {TITLE}", f"Re: {TITLE}"]
    roots = {mail[name] for mail in (first, update, second) for name in ("In-Reply-To", "References")}
    assert len(roots) == 1
    assert roots.pop().startswith(f"<{FIRST.story_id}-high.")
    assert len({mail["Message-ID"] for mail in (first, update, second)}) == 3
    assert {mail["X-Monitor-Story"] for mail in (first, update)} == {FIRST.story_id}
    assert "Update, HIGH: 1 more independent source: Harbour Agency" in server.mails[1].part("text/html")


async def test_a_story_that_becomes_more_severe_begins_a_new_conversation(desk: Callable[..., Desk]) -> None:
    """`Re: HIGH:` over something critical would be read last."""
    with MailServer() as server:
        here = desk(mail_url(server))
        await here.say(FIRST)
        await here.say(WORSE)
        first, worse = (mail.message for mail in server.mails)
    assert worse["Subject"].startswith("CRITICAL update: now critical: rule Rule strike")
    assert worse["References"] != first["References"]


async def test_each_recipient_has_a_conversation_of_their_own(desk: Callable[..., Desk]) -> None:
    with MailServer(refuse=("bob@example.org",)) as server:
        here = desk(mail_url(server, "ann@example.org,bob@example.org"))
        here.store.alerts.add(FIRST, message.deliveries(FIRST, here.channels, here.channels), NOW)
        await here.outbox.run_once(NOW)
        server.refuse.clear()
        here.store.alerts.add(UPDATE, message.deliveries(UPDATE, here.channels, here.channels), NOW + 3600)
        here.now = NOW + 3600
        await here.outbox.run_once(NOW + 3600)
        said = {mail.recipients[0]: [] for mail in server.mails}
        for mail in server.mails:
            said[mail.recipients[0]].append(mail.message["Subject"])
        references = {mail.recipients[0]: mail.message["References"] for mail in server.mails}
    assert said == {"ann@example.org": [TITLE, f"Re: {TITLE}"], "bob@example.org": [TITLE, f"Re: {TITLE}"]}
    assert len(set(references.values())) == 2


async def test_a_user_s_title_is_answered_too(desk: Callable[..., Desk]) -> None:
    with MailServer() as server:
        here = desk(mail_url(server), title_template="[{{ rules[0].id }}] {{ headline }}")
        await here.say(FIRST)
        await here.say(UPDATE)
        subjects = [mail.message["Subject"] for mail in server.mails]
    assert subjects[0] == "[border-deployment] Belarus sends special forces toward its southern border".translate(
        str.maketrans("[]", "()")
    )
    assert subjects[1] == f"Re: {subjects[0]}"


async def test_what_was_told_in_a_digest_has_no_title_to_answer(desk: Callable[..., Desk], store: Store) -> None:
    with MailServer() as server:
        here = desk(mail_url(server), digest_above=1)
        await here.say(FIRST, message.system_alert("test", "x", title="Something else", at=NOW))
        await here.say(UPDATE)
        subjects = [mail.message["Subject"] for mail in server.mails]
    assert subjects[1].startswith("HIGH update: 1 more independent source: Harbour Agency")


# --- chats -----------------------------------------------------------------------------------------------------------

SLACK = '{"ok":true,"channel":"C123ABC456","ts":"1503435956.000247","message":{"text":"x","ts":"1503435956.000247"}}'


async def test_a_slack_bot_answers_its_first_message(
    desk: Callable[..., Desk], hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apprise.plugins.slack import NotifySlack

    monkeypatch.setattr(NotifySlack, "api_url", f"http://{hook.url}/api/{{}}")
    hook.usual = Answer(200, SLACK.encode())
    here = desk("slack://xoxb-1234-1234-abc124/%23alerts")
    await here.say(FIRST)
    await here.say(UPDATE)
    await here.say(WORSE)
    first, update, worse = (request.json for request in hook.requests)
    assert "thread_ts" not in first
    assert (update["channel"], update["thread_ts"]) == ("#alerts", "1503435956.000247")
    assert "thread_ts" not in worse, "what is more severe is to be seen in the channel"


async def test_google_chat_has_a_thread_for_each_story(
    desk: Callable[..., Desk], hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apprise.plugins.google_chat import NotifyGoogleChat

    monkeypatch.setattr(NotifyGoogleChat, "notify_url", f"http://{hook.url}/v1/spaces/{{workspace}}/messages")
    here = desk("gchat://space/key/token")
    await here.say(FIRST)
    await here.say(UPDATE)
    keys = [request.json["thread"]["thread_key"] for request in hook.requests]
    assert keys == [f"{FIRST.story_id}-high"] * 2
    assert "messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD" in hook.requests[1].path


async def test_zulip_keeps_the_topic(desk: Callable[..., Desk], hook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    from apprise.plugins.zulip import NotifyZulip

    monkeypatch.setattr(NotifyZulip, "notify_url", f"http://{hook.url}/api/v1/messages")
    here = desk(f"zulip://bot@org/{'a' * 32}/alerts")
    await here.say(FIRST)
    await here.say(UPDATE)
    first, update = (request.form for request in hook.requests)
    assert first["topic"] == update["topic"]
    assert TITLE.startswith(first["topic"].rstrip("…"))
    assert update["content"].startswith("Update, HIGH: 1 more independent source")


# --- telephones and incidents ----------------------------------------------------------------------------------------


async def test_bark_shows_the_update_in_place_of_the_first(desk: Callable[..., Desk], hook: Webhook) -> None:
    here = desk(f"bark://{hook.url}/device")
    await here.say(FIRST)
    await here.say(UPDATE)
    await here.say(WORSE)
    ids = [request.json["id"] for request in hook.requests]
    assert ids == [f"{FIRST.story_id}-high"] * 2 + [f"{FIRST.story_id}-critical"]


async def test_home_assistant_too(desk: Callable[..., Desk], hook: Webhook) -> None:
    here = desk(f"hassio://{hook.url}/token-token-token")
    await here.say(FIRST)
    await here.say(UPDATE)
    ids = [request.json["notification_id"] for request in hook.requests]
    assert ids == [f"{FIRST.story_id}-high"] * 2


async def test_pagerduty_adds_to_the_incident(
    desk: Callable[..., Desk], hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apprise.plugins import pagerduty

    monkeypatch.setitem(pagerduty.PAGERDUTY_API_LOOKUP, pagerduty.PagerDutyRegion.US, f"http://{hook.url}/v2/enqueue")
    hook.usual = Answer(202)
    here = desk("pagerduty://integration-key@api-key")
    await here.say(FIRST)
    await here.say(UPDATE)
    keys = [request.json["dedup_key"] for request in hook.requests]
    assert keys == [f"{FIRST.story_id}-high"] * 2


async def test_what_a_url_says_of_threads_stays(desk: Callable[..., Desk], hook: Webhook) -> None:
    here = desk(f"bark://{hook.url}/device?id=mine")
    await here.say(FIRST)
    assert hook.requests[0].json["id"] == "mine"


@pytest.mark.parametrize("scheme", ["json", "xml", "form"])
async def test_a_webhook_hears_of_which_story_it_is(desk: Callable[..., Desk], hook: Webhook, scheme: str) -> None:
    here = desk(f"{scheme}://{hook.url}/")
    await here.say(FIRST)
    await here.say(UPDATE)
    assert [request.headers["x-monitor-story"] for request in hook.requests] == [FIRST.story_id] * 2


async def test_other_services_get_a_short_message(desk: Callable[..., Desk], hook: Webhook) -> None:
    hook.usual = Answer(200, b"{}")
    here = desk(f"ntfy://{hook.url}/red")
    await here.say(FIRST)
    await here.say(UPDATE)
    said = hook.requests[1].json
    assert said["title"].startswith("HIGH update: 1 more independent source: Harbour Agency")
    assert len(said["message"]) < len(hook.requests[0].json["message"])


def test_the_root_of_a_conversation_is_a_good_header_whatever_the_target_is_called() -> None:
    one = Conversation("sabc", Severity.HIGH, "désk/a\r\nBcc: eve@example.org\ud800")
    assert one.root.isascii()
    assert one.root.isprintable()
    assert one.root != Conversation("sabc", Severity.HIGH, "desk").root
