"""A real Matrix room: what arrives in it, and how often."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from test_formats import assert_no_active_html, evil_alert

from monitor.alert.render import render
from monitor.alert.send import Sender
from monitor.alert.shape import Message
from monitor.errors import SendError
from monitor.settings import Channel
from tests.servers.matrix import ROOM, Homeserver, install

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver]:
    cache = os.environ.get("MONITOR_TEST_CACHE")
    python = install(Path(cache) if cache else tmp_path_factory.mktemp("cache"))
    with Homeserver(python, tmp_path_factory.mktemp("synapse")) as running:
        yield running


def sender(server: Homeserver, login: str) -> Sender:
    url = f"matrix://{login}@{server.place}/{quote(ROOM, safe='')}?e2ee=no"
    return Sender({"room": Channel(url=url)}, str)


@pytest.mark.parametrize("login", ["password", "token"])
async def test_a_repeat_of_a_delivery_is_one_message_only_with_a_token(server: Homeserver, login: str) -> None:
    """Each try is a new sender, as after a crash. With a password each is a new device, which Matrix cannot tell."""
    text = Message(f"By {login}", "the same", "text")
    before = len(server.messages())
    for _ in range(3):
        one = sender(server, "bot:bot-password" if login == "password" else server.bot_token)
        answer = await one.send("room", text, key=f"{login:x<64}")
        assert answer.startswith("200 OK") or login == "password"
    assert len(server.messages()) - before == (3 if login == "password" else 1)


async def test_a_repeat_is_known_after_a_restart_of_the_homeserver(server: Homeserver) -> None:
    text = Message("Over a restart", "the same", "text")
    before = len(server.messages())
    await sender(server, server.bot_token).send("room", text, key="r" * 64)
    server.stop()
    with pytest.raises(SendError):
        await sender(server, server.bot_token).send("room", text, key="r" * 64)
    server.start()
    await sender(server, server.bot_token).send("room", text, key="r" * 64)
    assert len(server.messages()) - before == 1


async def test_different_deliveries_are_different_messages(server: Homeserver) -> None:
    one = sender(server, server.bot_token)
    before = len(server.messages())
    for number in range(3):
        await one.send("room", Message("Three", str(number), "text"), key=f"{number:064}")
    assert [content["body"].split()[-1] for content in server.messages()[before:]] == ["0", "1", "2"]


@pytest.mark.parametrize("form", ["auto", "text", "markdown", "html"])
async def test_nothing_in_the_room_is_active(server: Homeserver, form: str) -> None:
    one = Sender({"room": Channel(url=sender(server, server.bot_token).targets["room"].url, format=form)}, str)  # type: ignore[arg-type]
    shape = await one.shape("room")
    assert shape.format == ("html" if form == "auto" else form)
    await one.send("room", render(evil_alert(), shape=shape, key=form * 9), key=form * 9)
    content = server.messages()[-1]
    assert "@room" not in content["body"]
    assert "special forces" in content["body"]
    if "formatted_body" in content:
        assert_no_active_html(content["formatted_body"])
        assert "&lt;img src=x onerror=alert(1)&gt;" in content["formatted_body"]
    else:
        assert form == "text"


async def test_a_wrong_token_is_said_without_it(server: Homeserver) -> None:
    with pytest.raises(SendError) as raised:
        await sender(server, "syt_wrong_token_1234").send("room", Message("t", "b", "text"), key="w")
    assert "M_UNKNOWN_TOKEN" in raised.value.reason
    assert "syt_wrong_token_1234" not in raised.value.reason
