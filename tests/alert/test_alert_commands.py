"""`monitor alert` over a real database, real files and receivers on loopback."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from given_alerts import NOW

from monitor import cli
from monitor.alert.samples import KINDS
from monitor.cli.alert import advice
from monitor.model import Alert
from monitor.settings import Channel
from monitor.store import Store
from tests.servers.smtp import MailServer
from tests.servers.webhook import Answer, Webhook

Queue = Callable[..., list[Alert]]


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook() as server:
        yield server


@pytest.fixture
def home(tmp_path: Path, hook: Webhook, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.setenv("HOOK_TOKEN", "secret-token-99")
    write(tmp_path, f"  desk: {{url: 'json://{hook.url}/${{HOOK_TOKEN}}'}}\n")
    (tmp_path / "sources.yaml").write_text("sources: []\n")
    (tmp_path / "rules").mkdir()
    return tmp_path


def write(home: Path, channels: str, more: str = "") -> None:
    (home / "monitor.yaml").write_text(f"network: {{allow: ['127.0.0.0/8', '::1']}}\nchannels:\n{channels}{more}")


def test_a_test_message_prints_the_services_own_answer(
    home: Path, hook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.usual = Answer(200, b"stored under number 5")
    assert cli.execute(["alert", "test", "desk"]) == 0
    assert capsys.readouterr().out == "desk: taken. The service says: 200 OK: stored under number 5\n"
    (request,) = hook.requests
    assert request.path == "/secret-token-99"
    assert request.json["title"] == "monitor: Test message for channel desk"


def test_a_refusal_ends_with_1_and_says_what_to_do(
    home: Path, hook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.usual = Answer(403, b"no such token: secret-token-99")
    assert cli.execute(["alert", "test"]) == 1
    said = capsys.readouterr().out
    assert "desk: not taken. The service says: 403 Forbidden: no such token: ***" in said
    assert "check the secret" in said
    assert "secret-token-99" not in said


def test_what_we_refuse_ourselves_is_not_put_into_the_services_mouth(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(home, "  inside: {url: 'json://10.1.2.3/hook'}\n  secret: {url: 'json://h/${credential:none}'}\n")
    assert cli.execute(["alert", "test"]) == 1
    said = capsys.readouterr().out
    assert "The service says" not in said
    assert "inside: not sent. " in said
    assert "secret: not sent. there is no credential 'none'" in said


def test_every_recipient_and_channel_is_tested(home: Path, hook: Webhook, capsys: pytest.CaptureFixture[str]) -> None:
    with MailServer(refuse=("bob@example.org",)) as mail:
        url = f"mailto://localhost:{mail.port}?from=bot@example.org&smtp=localhost&to=ann@example.org,bob@example.org"
        channels = f"  mail: {{url: '{url}'}}\n  desk: {{url: 'json://{hook.url}/'}}\n"
        write(home, channels + "  off: {url: 'json://h/', enabled: false}\n")
        assert cli.execute(["alert", "test"]) == 1
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == "mail/ann@example.org: taken. The service says: 250 2.0.0 queued as mail 1"
        assert lines[1] == "mail/bob@example.org: not taken. The service says: 550 5.1.1 no such mailbox here"
        assert "check the addresses" in lines[2]
        assert lines[3].startswith("desk: taken")
        assert len(lines) == 4
        assert cli.execute(["alert", "test", "mail/ann@example.org"]) == 0
        assert len(mail.mails) == 2


def test_a_misspelt_channel_is_a_mistake(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["alert", "test", "deks"]) == 2
    assert "there is no channel 'deks'; did you mean 'desk'?" in capsys.readouterr().err


def test_a_private_address_is_refused_and_can_be_allowed(
    home: Path, hook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    """The wall stands before apprise, too."""
    (home / "monitor.yaml").write_text(f"channels:\n  desk: {{url: 'json://{hook.url}/'}}\n")
    assert cli.execute(["alert", "test"]) == 1
    out = capsys.readouterr().out
    assert f"add {hook.url} to network.allow" in out
    assert "`allow:` below `network:`" in out
    assert not hook.requests


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("401 Unauthorized", "check the secret"),
        ("535 5.7.8 authentication failed", "check the secret"),
        ("404 Not Found: no_service", "make a new one"),
        ("500 Internal Server Error", "tries again by itself"),
        ("[Errno 111] Connection refused", "is the service running"),
        ("[Errno -2] Name or service not known", "written right"),
        ("apprise cannot use this URL", "appriseit.com"),
        ("something new", "docs/alerts.md"),
    ],
)
def test_there_is_advice_for_what_usually_goes_wrong(answer: str, words: str) -> None:
    assert words in advice(answer)


# --- the queue -------------------------------------------------------------------------------------------------------


@pytest.fixture
def queued(home: Path, store: Store, queue: Queue) -> Store:
    """Three deliveries: one sent, one given up, one waiting."""
    queue(3, {"desk": Channel(url="json://h/")})
    one, two, _ = store.alerts.lease(NOW, 60)
    store.alerts.sent(one.id, NOW, "200 OK: taken")
    store.alerts.dead(two.id, NOW, "404 Not Found: =gone")
    store.alerts.release([_.id])
    return store


def test_queue_counts_by_channel(queued: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["alert", "queue", "--json"]) == 1, "something was given up"
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["channel"], row["waiting"], row["sent"], row["dead"]) == ("desk", 1, 1, 1)
    assert cli.execute(["alert", "queue"]) == 1
    assert "desk" in capsys.readouterr().out


def test_list_shows_answers_and_errors(queued: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["alert", "list"]) == 0
    said = capsys.readouterr().out
    assert "200 OK: taken" in said
    assert "404 Not Found" in said
    assert cli.execute(["alert", "list", "--state", "dead", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["title"].startswith("HIGH: Rule border-deployment – Number 1")
    assert cli.execute(["alert", "list", "--state", "lost"]) == 2


def test_retry_queues_dead_letters_again(queued: Store, capsys: pytest.CaptureFixture[str]) -> None:
    (dead,) = queued.alerts.list(state="dead")
    assert cli.execute(["alert", "retry", dead.delivery.alert.id]) == 0
    assert not queued.alerts.list(state="dead")
    assert "1 of 1 delivery is queued again" in capsys.readouterr().out
    (sent,) = queued.alerts.list(state="sent")
    assert cli.execute(["alert", "retry", str(sent.delivery.id)]) == 1
    assert cli.execute(["alert", "retry", "nosuchalert"]) == 2
    assert cli.execute(["alert", "retry"]) == 2


def test_retry_of_everything_that_was_given_up(queued: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["alert", "retry", "--dead", "--channel", "desk"]) == 0
    assert not queued.alerts.list(state="dead")
    assert cli.execute(["alert", "retry", "--dead"]) == 0


# --- samples ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_a_sample_of_each_kind_needs_no_configuration(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.execute(["alert", "sample", "--format", form]) == 0
    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if line.startswith("--- ")] == [f"--- {kind}" for kind in KINDS]
    assert "Update, HIGH: 2 more independent sources" in said
    assert "After quiet hours: 3 stories" in said


def test_a_sample_shows_what_a_channel_makes_of_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "mine.j2").write_text("Mine: {{ headline }} at {{ seen|when }}\n")
    write(
        home,
        "  desk: {url: 'json://h/', template: mine.j2, title_template: '{{ rules[0].id }}!'}\n",
        "timezone: Asia/Tokyo\n",
    )
    assert cli.execute(["alert", "sample", "story", "--channel", "desk"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(
        "Title: border-deployment!\n\nMine: Belarus sends special forces toward its southern border at"
    )
    assert "JST" in said


def test_a_template_that_fails_on_a_sample_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "mine.j2").write_text("{{ claims[7].said }}\n")
    write(home, "  desk: {url: 'json://h/', template: mine.j2}\n")
    assert cli.execute(["alert", "sample", "story", "--channel", "desk"]) == 1
    said = capsys.readouterr()
    assert "template: " in said.err
    assert "Why: monitor explain" in said.out


def test_a_sample_as_a_page_for_a_browser(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["alert", "sample", "digest", "--format", "html", "--page"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("<!doctype html>")
    assert said.count("bgcolor=") == 24


def test_the_page_that_goes_with_a_digest_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "digest.html"
    assert cli.execute(["alert", "sample", "digest", "--charts", str(page)]) == 0
    assert "attached, digest-daily-" in capsys.readouterr().out
    text = page.read_text()
    assert text.startswith("<!doctype html>")
    assert text.count("<section>") == 5
    for kind in ("story", "quiet", "empty"):
        assert cli.execute(["alert", "sample", kind, "--charts", str(page)]) == 2
    assert cli.execute(["alert", "sample", "digest", "--charts", str(tmp_path / "no" / "x.html")]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["nosuch"], "there is no kind 'nosuch'; write one of story, short, update"),
        (["story", "--format", "pdf"], "there is no format 'pdf'; write one of text, markdown, html"),
        (["story", "--channel", "dest"], "there is no channel 'dest'; did you mean 'desk'?"),
    ],
)
def test_a_sample_of_nothing_known(
    home: Path, options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.execute(["alert", "sample", *options]) == 2
    assert words in capsys.readouterr().err
