"""`monitor demo`: the whole pipeline on feeds that are served from this machine."""

import asyncio
import re
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.panel import Panel
from rich.text import Text

from monitor.cli import console
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.demonstration import Received, Stage
    from monitor.service import Service

WIDTH = 110  # columns of a shown message, at most
MARK = ".monitor-demo"  # a folder with this file is ours to write anew
SETTINGS = """\
# The demonstration: three feeds and a channel on this machine; otherwise the shipped settings.
network: {{allow: ["127.0.0.1"], ports: [{port}]}}
polling: {{host_gap: 0s}}
retention: {{free_space: 1M}}
channels:
  terminal: {{url: "{channel}"}}
"""


def demo(
    folder: Annotated[Path, typer.Argument(help="Where configuration and database are written.")] = Path(
        "monitor-demo"
    ),
) -> None:
    """Run the whole pipeline on feeds that are served here, and show the alerts as a channel receives them."""
    from monitor import resources
    from monitor.demonstration import Stage

    _prepare(folder)
    stage = Stage(resources.seeds() / "demo")
    try:
        _configure(folder, stage, resources.seeds())
        asyncio.run(_play(folder, stage))
    finally:
        stage.close()


def _prepare(folder: Path) -> None:
    """Make the folder, or empty the one of an earlier demonstration; anything else is left alone."""
    if folder.exists() and not (folder / MARK).is_file():
        raise UsageError(f"{folder} exists and is not from a demonstration; name another: monitor demo DIR")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("written by `monitor demo`, which may empty this folder\n")


def _configure(folder: Path, stage: "Stage", seeds: Path) -> None:
    (folder / "monitor.yaml").write_text(SETTINGS.format(port=stage.port, channel=stage.channel()))
    sources = (seeds / "demo" / "sources.yaml").read_text(encoding="utf-8")
    for name, url in stage.feeds().items():
        sources = sources.replace(f"{{{name}}}", url)
    (folder / "sources.yaml").write_text(sources, encoding="utf-8")
    shutil.copytree(seeds / "rules", folder / "rules")


async def _play(folder: Path, stage: "Stage") -> None:
    """Two polls: the first is history, the second brings news."""
    from monitor.cli.running import service_in

    begun = time.monotonic()
    work = service_in(folder)
    await work.start(time.time())
    try:
        await work.run_once(everything=True)
        older = work.totals.gates["articles", "history"]
        feeds = work.totals.polls
        console.say(f"First poll: {feeds} feeds, {older} articles. They are history: stored and matched, not alerted.")
        for (
            name
        ) in stage.feeds():  # one after the other, so that the article that two of them have comes from the same one
            stage.move_on(name)
            await work.run_once(everything=True)
        console.say(f"Second poll: {work.totals.gates['articles', 'new']} new articles. What a channel receives:\n")
        _show(stage.received)
        _end(folder, work, time.monotonic() - begun, stage.received)
    finally:
        await work.stop(10.0)


def _show(received: "Sequence[Received]") -> None:
    out = console.out()
    for message in received:
        body = Text(console.clean(message.body.strip()), overflow="fold")
        title = Text(console.one_line(message.title))
        out.print(Panel(body, title=title, title_align="left", width=min(out.width, WIDTH)), soft_wrap=False)


def _explained(received: "Sequence[Received]") -> str:
    """Return the id that the first message names."""
    found = re.search(r"monitor explain (\w+)", received[0].body) if received else None
    return found[1] if found else "ID"


def _end(folder: Path, work: "Service", seconds: float, received: "Sequence[Received]") -> None:
    gates = work.totals.gates
    console.say(
        f"{gates['articles', 'new']} new articles, {gates['articles', 'sighting']} seen in two feeds and told once, "
        f"{work.totals.hits} hits, {work.sent} messages, {seconds:.1f} s. Stored in {work.store.path}."
    )
    program = console.program()
    steps = (
        (f"{program} --config {folder} hits", "what matched, with the words"),
        (f"{program} --config {folder} explain {_explained(received)}", "why it was told, and which rules nearly hit"),
        (f"{program} --config {folder} web", "the same in a browser (extra `web`)"),
        (f"{program} init watch", "your own watch: real feeds, rules and channels"),
    )
    width = max(len(command) for command, _ in steps)
    console.say("\nNext:\n" + "\n".join(f"  {command:<{width}}   {what}" for command, what in steps))
