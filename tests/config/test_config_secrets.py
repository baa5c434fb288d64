"""Secrets: looked up late, percent-encoded where a URL needs it, and never shown."""

from pathlib import Path

import pytest

from monitor.config.secrets import in_clear, redact, redact_web, references, resolve
from monitor.errors import ConfigError

ENVIRON = {"PW": "p@s/s:%", "TOKENS": "T/B/C", "ID": "x y"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("${TOKENS}", "T/B/C"),
        ("Bearer ${PW}", "Bearer p@s/s:%"),
        ("slack://${TOKENS}/#room", "slack://T/B/C/#room"),
        ("mailtos://me:${PW}@mail.example.org", "mailtos://me:p%40s%2Fs%3A%25@mail.example.org"),
        ("mailtos://${ID}:${PW}@${ID}/${PW}?x=${ID}", "mailtos://x%20y:p%40s%2Fs%3A%25@x y/p@s/s:%?x=x%20y"),
        ("json://h/?k=${PW}", "json://h/?k=p%40s%2Fs%3A%25"),
        ("$${PW} and $5 and $", "${PW} and $5 and $"),
    ],
)
def test_a_secret_goes_where_it_is_named(text: str, value: str) -> None:
    assert resolve(text, environ=ENVIRON) == value


def test_a_credential_is_the_file_that_systemd_hands_over(tmp_path: Path) -> None:
    (tmp_path / "mail-password").write_text("s3cret\n")
    (tmp_path / "large").write_text("x" * 70_000)
    (tmp_path / "bytes").write_bytes(b"\xff")
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert resolve("${credential:mail-password}", environ=environ) == "s3cret"
    for name, reason in (("none", "No such file"), ("large", "larger than 64 kB"), ("bytes", "not UTF-8")):
        with pytest.raises(ConfigError, match=reason):
            resolve(f"${{credential:{name}}}", environ=environ)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("${NONE}", r"\$\{NONE\} is not set in the environment; set NONE"),
        ("${credential:x}", "CREDENTIALS_DIRECTORY is not set; add LoadCredential=x:"),
        ("${credential:../../etc/passwd}", "is no name of a credential"),
        ("${credential:..}", "is no name of a credential"),
        ("${PW", "is not closed"),
        ("${}", "names no environment variable"),
        ("${a b}", "names no environment variable"),
    ],
)
def test_what_is_missing_is_named(text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        resolve(f"json://u:{text}@h", environ=ENVIRON)


def test_every_missing_secret_of_a_text_is_named_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        resolve("json://${A}:${B}@${PW}", environ=ENVIRON)
    assert len(caught.value.problems) == 2
    assert "p@s" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "shown", "clear"),
    [
        ("mailtos://user:p@ss@mail.example.org/?to=a@b.c", "mailtos://***:***@mail.example.org/?to=***", True),
        ("mailtos://me:${credential:pw}@host", "mailtos://***:${credential:pw}@host", False),
        ("mailto://me@host", "mailto://***@host", False),
        ("slack://T1/B2/C3/#room", "slack://***/***", True),
        ("slack://${credential:slack}/#room", "slack://${credential:slack}/***", False),
        ("${SLACK}", "${SLACK}", False),
        ("https://hooks.example.com/services/T/B/C", "https://hooks.example.com/***", True),
        ("tgram://123:abc/chat", "tgram://***:***/***", True),
        ("matrixs://u:p@h/#room?token=1", "matrixs://***:***@h/***?token=***", True),
        ("matrixs://u:${P}@h/#room?token=1", "matrixs://***:${P}@h/***?token=***", True),
        ("json://localhost:8080/path", "json://localhost:8080/***", False),
        ("syslog://", "syslog://", False),
    ],
)
def test_a_channel_is_shown_without_its_secrets(url: str, shown: str, clear: bool) -> None:
    assert redact(url) == shown
    assert redact(f"failed: {url} (twice)") == f"failed: {shown} (twice)"
    assert in_clear(url) is clear


def test_web_addresses_keep_what_is_no_secret() -> None:
    text = "get https://a:b@x.example/feed?id=4&api_key=44&format=xml now"
    assert redact_web(text) == "get https://***:***@x.example/feed?id=4&api_key=***&format=xml now"


def test_references_are_what_stands_there() -> None:
    assert references("${A} $${B} ${credential:c}") == ("${A}", "${credential:c}")
