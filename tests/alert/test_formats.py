"""Feed text in every format, read where it arrives: mail, webhooks, Slack and a Matrix room."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from given_alerts import ARTICLE, NOW, SOURCE, evidence, hit, story

from monitor.alert import message
from monitor.alert.render import render
from monitor.alert.send import Sender
from monitor.alert.shape import Message, Shape
from monitor.model import Alert
from monitor.settings import Channel
from tests.servers.smtp import MailServer
from tests.servers.webhook import Webhook

ROOT = Path(__file__).parent.parent.parent
EVIL = (
    "<img src=x onerror=alert(1)> <script>alert(2)</script> [x](javascript:alert(3)) <javascript:alert(4)> "
    "<!here> <https://evil.example|click> @channel @room &lt;b&gt; **bold** \u202eabc\r\nBcc: eve@example.org"
)


def evil_alert() -> Alert:
    from dataclasses import replace

    article = replace(
        ARTICLE, title=EVIL, summary=f"Before {EVIL} special forces {EVIL}", url="javascript:alert(5)", link="x"
    )
    one = hit(article, rule_name=EVIL, watch=EVIL, evidence=(evidence(article, "special forces"),))
    return message.alert_of(story(article, one, source=replace(SOURCE, title=EVIL)), now=NOW)


async def deliver(url: str, form: str = "auto", *, key: str = "k" * 64) -> Shape:
    sender = Sender({"desk": Channel(url=url, format=form)}, str)  # type: ignore[arg-type]
    shape = await sender.shape("desk")
    rendered = render(evil_alert(), shape=shape, key=key)
    assert not rendered.problem
    await sender.send("desk", rendered, key=key)
    return shape


def assert_no_active_html(html: str) -> None:
    assert not re.search(r"<(img|script|iframe|object|javascript)", html, re.IGNORECASE)
    assert not re.search(r"href\s*=\s*[\"']?(?!https?://)", html, re.IGNORECASE)
    assert not re.search(r"<[^>]*\son\w+\s*=", html, re.IGNORECASE)
    assert "\u202e" not in html


# --- mail ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["auto", "html", "text", "markdown"])
@pytest.mark.parametrize("asked", ["", "&format=html", "&format=text"])
async def test_mail(form: str, asked: str) -> None:
    with MailServer() as server:
        url = f"mailto://localhost:{server.port}?from=bot@example.org&to=ann@example.org&smtp=localhost{asked}"
        await deliver(url, form)
        (mail,) = server.mails
    assert mail.recipients == ("ann@example.org",)
    assert "Bcc" not in mail.message
    assert "\n" not in mail.message["Subject"]
    assert mail.message["X-Monitor-Key"] == "k" * 64
    kinds = [part.get_content_type() for part in mail.message.walk() if not part.is_multipart()]
    if "text/html" in kinds:
        html = mail.part("text/html").replace("&nbsp;", " ")
        assert_no_active_html(html)
        assert "&lt;img src=x onerror=alert(1)&gt;" in html
        assert "special forces" in html
    else:
        assert kinds == ["text/plain"]
        assert "special forces" in mail.part("text/plain")


# --- webhooks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["auto", "text", "markdown", "html"])
@pytest.mark.parametrize("scheme", ["json", "xml", "form"])
async def test_webhooks(scheme: str, form: str) -> None:
    with Webhook() as server:
        await deliver(f"{scheme}://{server.url}/", form)
        (request,) = server.requests
    assert "bcc" not in request.headers
    body = request.body.decode()
    if scheme == "xml":
        assert "<img" not in body
        assert "<!here" not in body
        return
    said = request.json["message"] if scheme == "json" else request.form["message"]
    assert "@channel" not in said
    assert "<!here" not in said
    assert "\u202e" not in said
    if form == "html":
        assert_no_active_html(said)
    if form == "markdown":
        assert "\\[x\\](javascript:alert(3))" in said
        assert "\\<img src=x" in said


# --- Slack -----------------------------------------------------------------------------------------------------------


def slack(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Do jobs against hooks.slack.com in namespaces of its own."""
    command = ["unshare", "--net", "--mount", sys.executable, "-m", "tests.servers.slack"]
    done = subprocess.run(
        command, input=json.dumps(jobs), capture_output=True, text=True, timeout=120, cwd=ROOT, env={**os.environ}
    )
    if "unshare failed" in done.stderr or "Operation not permitted" in done.stderr:
        pytest.skip(f"needs root and namespaces: {done.stderr.strip()[:200]}")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def job(rendered: Message, status: int = 200, body: str = "ok", **headers: str) -> dict[str, Any]:
    return {
        "message": [rendered.title, rendered.body, rendered.format],
        "status": status,
        "body": body,
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
    }


def words_of(payload: Any) -> str:
    """Everything that Slack would show of a payload."""
    if isinstance(payload, dict):
        return "\n".join(words_of(value) for value in payload.values())
    if isinstance(payload, list):
        return "\n".join(words_of(value) for value in payload)
    return str(payload)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root: a network namespace of its own")
def test_slack() -> None:
    forms = ("markdown", "text", "html")
    rendered = [render(evil_alert(), shape=Shape(form, 250, 35000), key="k") for form in forms]  # type: ignore[arg-type]
    jobs = [job(one) for one in rendered] + [{**job(rendered[1]), "suffix": "?blocks=yes"}]
    jobs += [{**job(rendered[0]), "suffix": "?blocks=yes"}]
    jobs += [job(rendered[0], 429, "rate_limited", Retry_After="17"), job(rendered[0], 404, "no_service")]
    outcomes = slack(jobs)
    for outcome in outcomes:
        (payload,) = outcome["arrived"]
        assert payload.pop("path") == "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
        said = words_of(payload)
        assert "special forces" in said
        assert not re.search(r"<(?!https?://[^|>\s]+>)[^<>]*>", said), "no <!here>, no <url|text>, no <@user>"
        assert not re.search(r"@(channel|here|everyone)\b", said)
        assert "javascript:alert(3)>" not in said
    assert outcomes[0]["format"] == "markdown"
    assert [outcome.get("answer") for outcome in outcomes[:5]] == ["200 OK: ok"] * 5
    limited, gone = outcomes[5:]
    assert limited["retry_after"] == 17.0
    assert gone["error"] == "404 Not Found: no_service"
