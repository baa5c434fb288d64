"""A channel with a secret: what is said of mistakes, and what the documentation shows."""

import re
from pathlib import Path

import pytest

from monitor import cli
from monitor.config import load
from monitor.config.secrets import redact_secret
from tests.servers.webhook import Webhook

DOCS = (Path(__file__).parent.parent.parent / "docs" / "webhooks.md").read_text(encoding="utf-8")
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.setenv("HOOK", SECRET)
    monkeypatch.setenv("MAIL_PASSWORD", "x")
    (tmp_path / "sources.yaml").write_text("sources: []\n")
    (tmp_path / "rules").mkdir()
    return tmp_path


def problems(home: Path, channel: str) -> list[str]:
    (home / "monitor.yaml").write_text(f"network: {{allow: ['127.0.0.1']}}\nchannels:\n  program: {{{channel}}}\n")
    found = load(home).problems
    return [one.message for one in found if one.file.endswith("monitor.yaml")]


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL))
def test_the_examples_are_valid(home: Path, example: str) -> None:
    (home / "monitor.yaml").write_text(example)
    config = load(home)
    assert not [one for one in config.problems if not one.warning]
    assert config.settings.channels["program"].secret


def test_a_webhook_as_it_should_be(home: Path) -> None:
    assert problems(home, "url: 'https://hooks.example.org/in/T0KEN', secret: '${HOOK}'") == []
    assert problems(home, "url: 'http://127.0.0.1:8080/in', secret: ['${HOOK}', '${HOOK}'], updates: articles") == []
    assert problems(home, "url: '${HOOK}', secret: '${HOOK}'") == []


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ("url: 'http://hooks.example.org/', secret: '${HOOK}'", "can be read on its way"),
        (f"url: 'https://h.example/', secret: {SECRET}", "a secret of channel 'program' stands in clear"),
        ("url: 'https://a:b@h.example/', secret: '${HOOK}'", "seems to hold a secret in clear"),
        ("url: 'https://h.example/', secret: '${HOOK}', digest_above: 3", "digest_above says nothing"),
        ("url: 'https://h.example/', secret: '${HOOK}', format: html", "format says nothing"),
    ],
)
def test_what_is_odd_is_said(home: Path, channel: str, words: str) -> None:
    assert [one for one in problems(home, channel) if words in one]


def test_check_says_which_secret_or_address_is_none(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "monitor.yaml").write_text(
        "channels:\n"
        "  one: {url: 'https://h.example/', secret: '${MAIL_PASSWORD}'}\n"
        "  two: {url: 'json://h.example/', secret: '${HOOK}'}\n"
    )
    assert cli.execute(["check"]) == 2
    said = capsys.readouterr().err
    assert "monitor.yaml:3:14: channel 'two' has a secret, and its URL is no http(s) address" in said
    (home / "monitor.yaml").write_text("channels:\n  one: {url: 'https://h.example/', secret: '${MAIL_PASSWORD}'}\n")
    assert cli.execute(["check"]) == 2
    said = capsys.readouterr().err
    assert "monitor.yaml:2:44: a secret is whsec_ and the base64 of 24 to 64 bytes; make one with `echo" in said
    (home / "monitor.yaml").write_text("channels:\n  one: {url: 'https://hooks.example.org/in'}\n")
    assert cli.execute(["check"]) == 2
    assert "a program of your own needs a `secret`" in capsys.readouterr().err
    (home / "monitor.yaml").write_text("channels:\n  one: {url: 'https://h.example/', secret: '${NONE}'}\n")
    assert cli.execute(["check"]) == 2
    assert "monitor.yaml:2:44: ${NONE} is not set in the environment" in capsys.readouterr().err


def test_what_is_in_effect_is_shown_without_secrets(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"channels: {{p: {{url: 'https://h.example/', secret: ['${{HOOK}}', {SECRET}, '${{HOOK}}x']}}}}\n"
    (home / "monitor.yaml").write_text(text)
    cli.execute(["check", "--show"])
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err
    assert '"${HOOK}",' in said.out
    assert [redact_secret(one) for one in ("${HOOK}", SECRET, "${HOOK}x")] == ["${HOOK}", "***", "***"]


def test_a_webhook_is_tried_and_sampled(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Webhook() as hook:
        channel = f"channels:\n  program: {{url: 'http://{hook.url}/in', secret: '${{HOOK}}'}}\n"
        (home / "monitor.yaml").write_text(channel)
        assert cli.execute(["alert", "test", "program"]) == 1
        assert "127.0.0.1 is not a public address; if you trust it, add" in capsys.readouterr().out
        assert not hook.requests, "the address guard stands before webhooks, too"
        (home / "monitor.yaml").write_text(f"network: {{allow: [127.0.0.1]}}\n{channel}")
        assert cli.execute(["alert", "test", "program"]) == 0
        assert capsys.readouterr().out == "program: taken. The service says: 200 OK: taken\n"
        (request,) = hook.requests
        assert request.json["type"] == "monitor.test"
        assert request.json["data"]["headline"] == "Test message for channel program"
        assert cli.execute(["alert", "sample", "story", "--channel", "program"]) == 0
        assert '"type": "story.told"' in capsys.readouterr().out


def test_a_secret_that_is_none_is_said_by_the_test(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", "correct-horse")
    (home / "monitor.yaml").write_text("channels: {p: {url: 'https://h.example/', secret: '${HOOK}'}}\n")
    assert cli.execute(["alert", "test"]) == 1
    said = capsys.readouterr().out
    assert "p: not sent. a secret is whsec_ and the base64 of 24 to 64 bytes\n  make one with `echo" in said
    assert "correct-horse" not in said
