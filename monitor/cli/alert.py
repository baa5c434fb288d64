"""EDGE: `monitor alert`: test channels, see what waits and what became of each delivery, send again."""

import asyncio
import os
import re
import time
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from monitor.cli import console, preview, sampling
from monitor.errors import SendError, UsageError
from monitor.wording import counted

if TYPE_CHECKING:
    from monitor.alert.send import Sender
    from monitor.config import Config
    from monitor.model import Alert
    from monitor.store import Store, Tracked

app = typer.Typer(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Test channels; list alerts and deliveries; send again.",
)
app.command("sample")(sampling.sample)
app.command("preview")(preview.preview)

# What to do about an answer; the first that fits it.
OURS = r"^configuration: |is not a public address|network\.allow"  # said by ourselves: no service was asked
ADVICE = (
    (
        r"^40[13]\b|^53[0-9]\b|UNKNOWN_TOKEN|FORBIDDEN",
        "the service does not accept these credentials: check the secret",
    ),
    (
        r"^4(04|10)\b",
        "the address is not known there (any more): make a new one at the service, and put it into the URL",
    ),
    (r"^55[0-4]\b", "the mail server refuses this recipient or sender: check the addresses in the URL"),
    (r"^429\b", "the service limits how often it is called; the monitor waits and tries again by itself"),
    (r"^5\d\d\b", "the service has a fault of its own; the monitor tries again by itself"),
    (r"^3\d\d\b", "the service has moved: put the new address into the URL"),
    (r"network\.allow", "that is the list `allow:` below `network:` in monitor.yaml"),
    (r"refused: ", "if this address is yours, name it under `network: allow:` in monitor.yaml"),
    (
        r"Connection refused|timed out|did not answer|unreachable",
        "is the service running, and can this machine reach it?",
    ),
    (
        r"Name or service not known|name resolution|No address",
        "the host in the URL has no address: is it written right?",
    ),
    (
        r"CERTIFICATE|SSL|TLS",
        "the certificate is not trusted; for an authority of your own set SSL_CERT_FILE and REQUESTS_CA_BUNDLE",
    ),
    (r"cannot use this URL", "https://appriseit.com shows how the URL of each service is written"),
    (r"credential|environment|\$\{", "put the secret where the configuration looks for it"),
)


# --- test ------------------------------------------------------------------------------------------------------------


@app.command("test")
def try_channels(
    channel: Annotated[
        str | None, typer.Argument(metavar="[CHANNEL]", help="Which; without it, every enabled one.")
    ] = None,
    config: console.ConfigOption = None,
) -> None:
    """Send a test message and print the service's own answer.

    Exit code 1 where a channel did not take it; then also what to do.
    """
    loaded = console.load_config(config)
    sender = _sender(loaded)
    names = [name for name in sender.targets if _asked(name, channel, loaded)]
    if not names:
        raise UsageError("there is no channel to test; describe one under `channels:` in monitor.yaml")
    results = asyncio.run(_try_all(sender, names, loaded))
    for name, answer, taken in results:
        console.say(f"{name}: {_said(answer, taken=taken)}", style="" if taken else "red")
        if not taken:
            console.say(f"  {advice(answer)}")
    if not all(taken for *_, taken in results):
        raise typer.Exit(console.WRONG)


def _said(answer: str, *, taken: bool) -> str:
    """Say what became of a test: taken, refused by the service, or never sent."""
    if not taken and re.search(OURS, answer):
        return f"not sent. {answer.removeprefix('configuration: ')}"
    return f"{'taken' if taken else 'not taken'}. The service says: {console.answer(answer)}"


def _sender(loaded: "Config") -> "Sender":
    """Make a sender behind the same wall that the daemon has."""
    from monitor.alert.send import Sender
    from monitor.config.secrets import resolve
    from monitor.fetch.guard import Allow
    from monitor.fetch.wall import install_wall

    install_wall(Allow.parse(loaded.settings.network.allow))
    return Sender(loaded.settings.channels, partial(resolve, environ=os.environ))


def _asked(target: str, channel: str | None, loaded: "Config") -> bool:
    """Tell whether a target is to be tested; UsageError for a channel that does not exist."""
    from monitor.alert.targets import channel_of
    from monitor.config import suggest

    channels = loaded.settings.channels
    if channel is None:
        return channels[channel_of(target)].enabled
    if channel not in channels and channel != target and channel_of(channel) not in channels:
        raise UsageError(f"there is no channel {channel!r}; {suggest.hint(channel, channels, what='channels')}")
    return channel in (target, channel_of(target))


async def _try_all(sender: "Sender", names: Iterable[str], loaded: "Config") -> list[tuple[str, str, bool]]:
    """Send to all at once; (target, answer, whether it was taken) for each."""
    return list(await asyncio.gather(*(_try(sender, name, loaded) for name in names)))


async def _try(sender: "Sender", name: str, loaded: "Config") -> tuple[str, str, bool]:
    from monitor.alert import message
    from monitor.alert.render import render

    alert = message.trial_alert(name, now=time.time())
    key = message.delivery_key(alert.id, name)
    try:
        shape = await sender.shape(name)
        rendered = render(alert, shape=shape, key=key, zone=ZoneInfo(loaded.settings.timezone))
        return name, await sender.send(name, rendered, key=key, severity=alert.severity), True
    except SendError as error:
        return name, error.reason, False


def advice(answer: str) -> str:
    """Return what to do about what a service answered."""
    found = (words for pattern, words in ADVICE if re.search(pattern, answer))
    return next(found, "docs/alerts.md tells what can be wrong with a channel")


# --- the queue -------------------------------------------------------------------------------------------------------


@app.command()
def queue(
    config: console.ConfigOption = None, as_json: console.JsonOption = False, as_csv: console.CsvOption = False
) -> None:
    """Show what waits, and what was sent or given up, by channel.

    Exit code 1 where something was given up.
    """
    now = time.time()
    loaded, store = _opened(config)
    with store:
        found = store.alerts.queue(now)
    rows = [_queue_row(name, one) for name, one in found.items()]
    rows += [_queue_row(name, None) for name in loaded.settings.channels if not _known(name, found)]
    table = console.make_table(
        "channel", ">waiting", ">held", ">sent", ">given up", "oldest", "next try", "~last error"
    )
    for row in rows:
        cells = (row["channel"], row["waiting"], row["held"], row["sent"], row["dead"])
        oldest = console.duration(row["oldest"]) if row["waiting"] else ""
        next_try = console.since(row["next_try"], now) if row["next_try"] else ""
        console.add_row(
            table, *cells, oldest, next_try, console.answer(row["last_error"]), style="red" if row["dead"] else ""
        )
    console.show(rows, as_json=as_json, as_csv=as_csv, table=table, empty="no channels")
    if any(row["dead"] for row in rows):
        raise typer.Exit(console.WRONG)


def _known(name: str, found: Iterable[str]) -> bool:
    return any(target.partition("/")[0] == name for target in found)


def _queue_row(name: str, one: Any) -> dict[str, Any]:
    return {
        "channel": name,
        "waiting": one.queued + one.leased if one else 0,
        "held": one.held if one else 0,
        "sent": one.sent if one else 0,
        "dead": one.dead if one else 0,
        "dropped": one.dropped if one else 0,
        "oldest": one.waiting if one else 0.0,
        "next_try": one.next_try if one else None,
        "last_error": one.last_error if one else "",
    }


@app.command("list")
def list_deliveries(
    config: console.ConfigOption = None,
    state: Annotated[str, typer.Option("--state", help="queued, held, leased, sent, dead, dropped or kept.")] = "",
    channel: Annotated[str, typer.Option("--channel", help="Only of this channel (or recipient: desk/a@b.org).")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many, the newest.")] = 50,
    as_json: console.JsonOption = False,
    as_csv: console.CsvOption = False,
) -> None:
    """List deliveries, the newest first, with the service's answer or the error.

    Also alerts of trends, and of what is wrong with sources and rules, that went to no channel: their state is kept.
    """
    loaded, store = _opened(config)
    if state and state not in STATES:
        raise UsageError(f"there is no state {state!r}; write one of {', '.join(STATES)}")
    with store:
        found = store.alerts.list(state=state, channel=channel, limit=limit) if state != KEPT else []
        kept = store.alerts.unsent(limit) if state in ("", KEPT) and not channel else []
    rows = [*map(_delivery_row, found), *map(_kept_row, kept)]
    rows = sorted(rows, key=lambda row: row["queued_at"], reverse=True)[:limit]
    table = console.make_table(">id", "channel", "state", "queued", ">tries", "~title", "~answer or error")
    for row in rows:
        at = console.when(row["queued_at"], loaded.settings.timezone)
        said = console.answer(row["answer"] or row["last_error"]) or (NO_CHANNEL if row["state"] == KEPT else "")
        console.add_row(table, row["id"], row["channel"], row["state"], at, row["attempts"], row["title"], said)
    console.show(rows, as_json=as_json, as_csv=as_csv, table=table, empty="no alerts")


KEPT, NO_CHANNEL = "kept", "there was no channel for it"
STATES = ("queued", "held", "leased", "sent", "dead", "dropped", KEPT)


def _delivery_row(one: "Tracked") -> dict[str, Any]:
    delivery = one.delivery
    return {
        "id": delivery.id,
        "alert": delivery.alert.id,
        "kind": delivery.alert.kind,
        "channel": delivery.channel,
        "state": one.state,
        "queued_at": delivery.first_queued,
        "sent_at": one.sent_at,
        "attempts": delivery.attempts,
        "title": delivery.alert.title,
        "answer": one.answer,
        "last_error": delivery.last_error,
        "key": delivery.key,
    }


def _kept_row(alert: "Alert") -> dict[str, Any]:
    """Return a row with the keys of a delivery's for an alert that went to no channel."""
    return {
        "id": None,
        "alert": alert.id,
        "kind": alert.kind,
        "channel": "",
        "state": KEPT,
        "queued_at": alert.at,
        "sent_at": None,
        "attempts": 0,
        "title": alert.title,
        "answer": "",
        "last_error": "",
        "key": "",
    }


# --- again -----------------------------------------------------------------------------------------------------------


@app.command()
def retry(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Deliveries (12) or alerts (nabc...).")
    ] = None,
    config: console.ConfigOption = None,
    dead: Annotated[bool, typer.Option("--dead", help="Everything that was given up.")] = False,
    channel: Annotated[str, typer.Option("--channel", help="With --dead: only of this channel or recipient.")] = "",
) -> None:
    """Send again what was given up, or at once what waits; the monitor does it with its next tick."""
    if bool(ids) == dead:
        raise UsageError("name deliveries, or write --dead for everything that was given up")
    _, store = _opened(config, read_only=False)
    with store:
        numbers = _dead(store, channel) if dead else [number for one in ids or () for number in _numbers(store, one)]
        again = store.alerts.retry(numbers, time.time())
    verb = "is" if len(numbers) == 1 else "are"
    console.say(f"{again} of {counted(len(numbers), 'delivery', 'deliveries')} {verb} queued again")
    if again < len(numbers):
        console.say("the others were sent already, or are under way")
        raise typer.Exit(console.WRONG)


def _dead(store: "Store", channel: str) -> list[int]:
    return [one.delivery.id for one in store.alerts.list(state="dead", channel=channel, limit=1_000_000)]


def _numbers(store: "Store", one: str) -> Sequence[int]:
    """Return the deliveries that an id stands for; UsageError for one that does not exist."""
    if one.isdecimal():
        return [int(one)]
    found = [tracked.delivery.id for tracked in store.alerts.of_alert(one)]
    if not found and store.alerts.get(one):
        raise UsageError(f"the alert {one!r} went to no channel, and there is nothing to send again")
    if not found:
        raise UsageError(f"there is no alert {one!r}; `monitor alert list` shows ids")
    return found


def _opened(config: str | None, *, read_only: bool = True) -> "tuple[Config, Store]":
    loaded = console.load_config(config)
    return loaded, console.open_store(loaded, read_only=read_only)
