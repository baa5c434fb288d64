"""The sender against real counterparts on loopback; what counts is what arrived."""

import asyncio
import logging
import ssl
import subprocess
import sys
from collections.abc import Iterator

import pytest
import trustme

from monitor.alert import targets
from monitor.alert.answers import redact, secrets_of
from monitor.alert.send import Sender
from monitor.alert.shape import Message
from monitor.errors import MonitorError, SendError
from monitor.settings import Channel
from tests.servers.smtp import MailServer
from tests.servers.webhook import Answer, Webhook

TEXT = Message("A title", "A body", "text")


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook() as server:
        yield server


def sender(url: str, *, timeout: float = 5) -> Sender:
    return Sender({"desk": Channel(url=url)}, str, timeout=timeout)


# --- webhooks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["json", "xml", "form"])
async def test_webhooks_carry_the_key_and_their_own_headers(hook: Webhook, scheme: str) -> None:
    answer = await sender(f"{scheme}://{hook.url}/in?+X-Mine=yes").send("desk", TEXT, key="k" * 64)
    assert answer == "200 OK: taken"
    (request,) = hook.requests
    assert (request.headers["idempotency-key"], request.headers["x-mine"]) == ("k" * 64, "yes")


async def test_a_redirect_is_an_answer_and_not_followed(hook: Webhook) -> None:
    with Webhook() as canary:
        hook.usual = Answer(302, b"", {"Location": f"http://{canary.url}/internal"})
        with pytest.raises(SendError, match="302 Found"):
            await sender(f"json://{hook.url}/").send("desk", TEXT, key="k")
        assert not canary.requests


@pytest.mark.parametrize(
    ("answer", "recoverable", "retry_after"),
    [
        (Answer(500), True, None),
        (Answer(401), True, None),
        (Answer(404), True, None),
        (Answer(400), False, None),
        (Answer(413), False, None),
        (Answer(429, b"", {"Retry-After": "7"}), True, 7.0),
        (Answer(429, b'{"ok": false, "parameters": {"retry_after": 12}}'), True, 12.0),
        (Answer(429, b'{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}'), True, 1.5),
    ],
)
async def test_the_answer_says_whether_and_when_to_try_again(
    hook: Webhook, answer: Answer, recoverable: bool, retry_after: float | None
) -> None:
    hook.usual = answer
    with pytest.raises(SendError) as raised:
        await sender(f"json://{hook.url}/").send("desk", TEXT, key="k")
    assert (raised.value.recoverable, raised.value.retry_after) == (recoverable, retry_after)
    assert raised.value.reason.startswith(str(answer.status))


async def test_optional_and_retry_of_the_url_do_not_hide_failures_or_repeat(hook: Webhook) -> None:
    hook.usual = Answer(500)
    with pytest.raises(SendError):
        await sender(f"json://{hook.url}/?optional=yes&retry=5&wait=0").send("desk", TEXT, key="k")
    assert len(hook.requests) == 1


async def test_a_refused_connection_says_so() -> None:
    with Webhook() as gone:
        url = f"json://{gone.url}/services/T000/secret-token-1"
    with pytest.raises(SendError, match="Connection refused") as raised:
        await sender(url).send("desk", TEXT, key="k")
    assert "secret-token-1" not in raised.value.reason


async def test_an_answer_drop_by_drop_ends_at_the_outer_limit() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(60):
            writer.write(b"X")
            await asyncio.sleep(0.05)
        writer.close()

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(SendError, match="did not answer within"):
            await sender(f"json://127.0.0.1:{port}/", timeout=0.3).send("desk", TEXT, key="k")


@pytest.mark.parametrize("url", ["nosuch://somewhere", "json://", "mailto://", "plain words", ""])
async def test_an_unusable_url_is_a_send_error(url: str) -> None:
    with pytest.raises(SendError, match="cannot use this URL"):
        await sender(url).shape("desk")


async def test_a_secret_that_cannot_be_read_is_a_send_error() -> None:
    def secrets(_: str) -> str:
        raise MonitorError("credential mail-password is not there; see LoadCredential")

    with pytest.raises(SendError, match="LoadCredential"):
        await Sender({"desk": Channel(url="json://h/${credential:x}")}, secrets).shape("desk")


# --- mail ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(
    authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> ssl.SSLContext:
    """A server's certificate whose authority this process trusts."""
    root = tmp_path_factory.mktemp("ca") / "root.pem"
    authority.cert_pem.write_to_path(str(root))
    monkeypatch.setenv("SSL_CERT_FILE", str(root))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


def mail_url(server: MailServer, to: str, password: str = "right-password") -> str:
    return f"mailtos://bot:{password}@localhost:{server.port}?from=bot@example.org&to={to}&mode=starttls&smtp=localhost"


async def test_mail_goes_out_by_starttls_with_login(tls: ssl.SSLContext) -> None:
    with MailServer(context=tls, login=("bot", "right-password")) as server:
        one = sender(mail_url(server, "ann@example.org"))
        answer = await one.send("desk", Message("HIGH: a title", "<p>Body</p>", "html"), key="k" * 64)
        assert answer == "250 2.0.0 queued as mail 1"
        (mail,) = server.mails
        assert mail.recipients == ("ann@example.org",)
        assert mail.message["Subject"] == "HIGH: a title"
        assert mail.message["X-Monitor-Key"] == "k" * 64
        assert len(mail.message.get_all("Message-ID", [])) == 1
        assert "<p>Body</p>" in mail.part("text/html")


async def test_a_wrong_password_is_said_without_it(tls: ssl.SSLContext) -> None:
    with MailServer(context=tls, login=("bot", "right-password")) as server:
        with pytest.raises(SendError, match="535") as raised:
            await sender(mail_url(server, "ann@example.org", "wrong-password")).send("desk", TEXT, key="k")
        assert raised.value.recoverable
        assert "wrong-password" not in raised.value.reason
        assert set(server.logins) == {False}
        assert not server.mails


async def test_a_foreign_certificate_is_refused(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with MailServer(context=tls, login=("bot", "right-password")) as server:
        with pytest.raises(SendError, match="CERTIFICATE_VERIFY_FAILED"):
            await sender(mail_url(server, "ann@example.org")).send("desk", TEXT, key="k")
        assert not server.mails


async def test_one_refused_recipient_neither_hides_nor_repeats_the_others() -> None:
    """Three recipients are three targets; each has its own outcome."""
    with MailServer(refuse=("bob@example.org",)) as server:
        url = f"mailto://localhost:{server.port}?from=bot@example.org&smtp=localhost"
        url += "&to=ann@example.org,bob@example.org&bcc=cyn@example.org"
        one = sender(url)
        assert list(one.targets) == ["desk/ann@example.org", "desk/bob@example.org", "desk/cyn@example.org"]
        assert await one.send("desk/ann@example.org", TEXT, key="1")
        with pytest.raises(SendError, match=r"550 5\.1\.1 no such mailbox here") as raised:
            await one.send("desk/bob@example.org", TEXT, key="2")
        assert not raised.value.recoverable
        assert await one.send("desk/cyn@example.org", TEXT, key="3")
        assert [mail.recipients for mail in server.mails] == [("ann@example.org",), ("cyn@example.org",)]


async def test_recipients_hidden_in_a_secret_get_each_message_once_too() -> None:
    """They cannot be told apart when deliveries are made, so the sender remembers who has the message."""
    with MailServer(refuse=("bob@example.org",)) as server:
        url = f"mailto://localhost:{server.port}?from=bot@example.org&smtp=localhost&to="
        one = Sender(
            {"desk": Channel(url=url + "${TEAM}")},
            lambda text: text.replace("${TEAM}", "ann@example.org,bob@example.org,cyn@example.org"),
        )
        for _ in range(2):
            with pytest.raises(SendError, match="1 of 3 recipients: 550"):
                await one.send("desk", TEXT, key="k")
        assert [mail.recipients for mail in server.mails] == [("ann@example.org",), ("cyn@example.org",)]
        server.refuse.clear()
        await one.send("desk", TEXT, key="k")
        assert [mail.recipients for mail in server.mails][2:] == [("bob@example.org",)]


async def test_a_refused_copy_does_not_repeat_the_mail() -> None:
    """Without `to` the mail goes to the sender's own address, which only apprise knows."""
    with MailServer(refuse=("bob@example.org",)) as server:
        one = sender(f"mailto://localhost:{server.port}?from=bot@example.org&smtp=localhost&cc=bob@example.org")
        for _ in range(2):
            with pytest.raises(SendError, match="1 of 2 recipients: 550"):
                await one.send("desk", TEXT, key="k")
        assert [mail.recipients for mail in server.mails] == [("bot@example.org",)]


async def test_services_with_many_rooms_are_sent_to_one_by_one(hook: Webhook) -> None:
    """ntfy has topics; the second of three fails at first."""
    hook.answers.extend([Answer(200, b"{}"), Answer(500), Answer(200, b"{}")])
    one = sender(f"ntfy://{hook.url}/red,green,blue".replace(",", "/"))
    with pytest.raises(SendError, match="1 of 3 recipients: 500"):
        await one.send("desk", TEXT, key="k")
    await one.send("desk", TEXT, key="k")
    topics = [request.json["topic"] for request in hook.requests]
    assert sorted(topics[:3]) == ["blue", "green", "red"]
    assert topics[3:] == [topics[1]]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Broken\r\nBcc: eve@example.org", "x"),
        ("Broken\nX-Evil: 1\r\n\r\n<b>body</b>", "x"),
        ("Broken\x00\x0bBcc: eve@example.org", "\r\n.\r\nMAIL FROM:<eve@example.org>\r\n"),
    ],
)
async def test_no_header_and_no_recipient_can_be_smuggled_in(title: str, body: str) -> None:
    """Even past our own cleaning, which is not used here."""
    with MailServer() as server:
        url = f"mailto://localhost:{server.port}?from=bot@example.org&to=ann@example.org&smtp=localhost"
        await sender(url).send("desk", Message(title, body, "text"), key="k")
        (mail,) = server.mails
        assert mail.recipients == ("ann@example.org",)
        assert not {"Bcc", "X-Evil"} & set(mail.message.keys())


# --- secrets ---------------------------------------------------------------------------------------------------------


async def test_planted_secrets_never_show(hook: Webhook, caplog: pytest.LogCaptureFixture) -> None:
    """Five tokens in five places of a URL; the service echoes them all, in anger."""
    tokens = ["user-4411aa", "pass-5522bb", "path-6633cc", "query-7744dd", "header-8855ee"]
    user, password, path, query, header = tokens
    url = f"json://{user}:{password}@{hook.url}/{path}?-token={query}&+X-Auth={header}"
    root = logging.getLogger()
    heard: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        for status in (200, 403, 500):
            hook.usual = Answer(status, " ".join(tokens).encode())
            one = sender(url)
            try:
                said = await one.send("desk", TEXT, key="k")
            except SendError as error:
                said = f"{error.reason} {error!r}"
            assert "***" in said
            assert not [token for token in tokens if token in said]
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert not [line for line in heard for token in tokens if token in line]


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("slack://T1/B2/TIiajkdnlazkcOXrIdevi7FQ/#gen", "TIiajkdnlazkcOXrIdevi7FQ"),
        ("mailto://me:p%40ss@h/", "p@ss"),
        ("tgram://123456:abcdef/99/", "abcdef"),
        ("matrixs://syt_token@matrix.example.org/%23alerts", "syt_token"),
        ("json://h.example/hook?+Authorization=Bearer%20abcdef", "Bearer abcdef"),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "JHMHI8qBe7bk2ZwO5U711o3dV_js"),
    ],
)
def test_what_is_secret_in_a_url(url: str, secret: str) -> None:
    assert secret not in redact(f"failed: {secret} at {url}", secrets_of(url))


def test_secrets_are_not_everything() -> None:
    secrets = secrets_of("mailto://me:hunter22@mail.example.org:587/bob@example.org?to=ann@example.org&mode=starttls")
    said = "550 no ann@example.org or bob@example.org at mail.example.org:587 by starttls"
    assert redact(said, secrets) == said


# --- targets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("json://h/", ["desk"]),
        ("mailto://u:p@h.example/", ["desk"]),
        ("mailto://u:p@h.example/?to=a@x.org", ["desk"]),
        ("mailto://u:p@h.example/?to=a@x.org,b@x.org", ["desk/a@x.org", "desk/b@x.org"]),
        (
            "mailto://u:p@h.example/a@x.org/b%40x.org?cc=c@x.org;d@x.org",
            ["desk/a@x.org", "desk/b@x.org", "desk/c@x.org", "desk/d@x.org"],
        ),
        ("mailto://u:${P}@h.example/?to=a@x.org,A%20Name%20%3Cb@x.org%3E,a@x.org", ["desk/a@x.org", "desk/b@x.org"]),
        ("MAILTOS://h.example?to=a@x.org&to=b@x.org", ["desk/a@x.org", "desk/b@x.org"]),
    ],
)
def test_recipients_become_targets(url: str, expected: list[str]) -> None:
    assert list(targets.expand({"desk": Channel(url=url)})) == expected


def test_a_target_keeps_everything_else_of_the_url() -> None:
    url = "mailtos://u:${P}@h.example:587/x@x.org?mode=ssl&to=a@x.org&+X-H=1&from=me@x.org"
    expanded = targets.expand({"desk": Channel(url=url, digest_above=3)})
    assert expanded["desk/a@x.org"].url == "mailtos://u:${P}@h.example:587/?to=a@x.org&mode=ssl&+X-H=1&from=me@x.org"
    assert expanded["desk/a@x.org"].digest_above == 3


def test_nobody_pays_for_apprise_before_the_first_message() -> None:
    """It takes 46 MB and most of a second."""
    code = "import sys, monitor.alert.outbox; sys.exit('apprise' in sys.modules or 'requests' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
