"""EDGE: `monitor alert sample`: shows an invented message of each kind, as a channel's template makes it."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast
from zoneinfo import ZoneInfo

import typer

from monitor.cli import console
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.alert.shape import Format, Message
    from monitor.config import Config
    from monitor.model import Alert
    from monitor.settings import Channel

FORMATS = ("text", "markdown", "html", "json")
KEY = "0123456789abcdef"
ROOM = 32_000  # characters, as a mail has
# The page around an HTML message, so that a browser shows it as a mail program does; --format html --page.
PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title></head><body>\n{body}\n</body></html>'
)


def sample(
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help="story, short, update, edit, digest, quiet, ...; all.")
    ] = None,
    config: console.ConfigOption = None,
    form: Annotated[str, typer.Option("--format", help="text, markdown, html, or json as webhooks are.")] = "",
    channel: Annotated[str, typer.Option("--channel", help="With the templates of this channel.")] = "",
    page: Annotated[bool, typer.Option("--page", help="With --format html: a whole page, for a browser.")] = False,
    charts: Annotated[
        Path | None, typer.Option("--charts", metavar="FILE", help="Write the page that goes with a digest to a file.")
    ] = None,
) -> None:
    """Show invented messages, as templates make them; nothing is sent.

    Exit code 1 where a template of the channel fails, and why; it is then sent by the built-in one.
    """
    from monitor.alert.samples import KINDS
    from monitor.alert.samples import sample as made

    if kind is not None and kind not in KINDS:
        raise UsageError(f"there is no kind {kind!r}; write one of {', '.join(KINDS)}")
    if form and form not in FORMATS:
        raise UsageError(f"there is no format {form!r}; write one of {', '.join(FORMATS)}")
    loaded = console.load_config(config) if channel or config else None
    alerts = [made(one, now=time.time()) for one in ([kind] if kind else KINDS)]
    messages = [_rendered(alert, form, channel, loaded) for alert in alerts]
    if charts:
        _write(charts, messages)
    for name, message in zip([kind] if kind else KINDS, messages, strict=True):
        _show(str(name), message, heading=len(messages) > 1, page=page)
    if any(message.problem for message in messages):
        raise typer.Exit(console.WRONG)


def _write(path: Path, messages: Sequence["Message"]) -> None:
    """Write the page of the first message that has one; UsageError where none has, or the file cannot be written."""
    found = next((one for message in messages for one in message.attachments), None)
    if found is None:
        raise UsageError("no page goes with this message; write `monitor alert sample digest --charts FILE`")
    try:
        path.write_bytes(found.content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def _rendered(alert: "Alert", form: str, channel: str, loaded: "Config | None") -> "Message":
    """Render an alert by a channel's templates, or by the built-in ones."""
    from monitor.alert.render import render
    from monitor.alert.shape import Shape

    if loaded is None or not channel:
        return render(
            alert, shape=Shape(cast("Format", form or "text"), body_max=ROOM, styled=True, files=True), key=KEY
        )
    one = _channel(channel, loaded)
    declared = "json" if one.secret else "text" if one.format == "auto" else one.format
    return render(
        alert,
        shape=Shape(cast("Format", form or declared), body_max=ROOM, styled=True, files=True),
        key=KEY,
        zone=ZoneInfo(loaded.settings.timezone),
        template=(loaded.folder / one.template).read_text(encoding="utf-8") if one.template else "",
        title_template=one.title_template,
        base=loaded.settings.web.url,
    )


def _channel(name: str, loaded: "Config") -> "Channel":
    from monitor.config import suggest

    channels = loaded.settings.channels
    if name not in channels:
        raise UsageError(f"there is no channel {name!r}; {suggest.hint(name, channels, what='channels')}")
    return channels[name]


def _show(name: str, message: "Message", *, heading: bool, page: bool) -> None:
    body = PAGE.format(title=name, body=message.body) if page and message.format == "html" else message.body
    if heading:
        console.say(f"--- {name}", style="bold")
    if message.format == "json":
        console.print_json(json.loads(body))
        return
    if not page:
        console.say(f"Title: {message.title}")
        console.say()
    console.say(body)
    if message.problem:
        console.warn(message.problem)
    if heading:
        console.say()
