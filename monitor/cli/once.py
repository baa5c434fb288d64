"""`monitor once`: poll what is due, send what is queued, and end."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli import console
from monitor.wording import counted

ALIKE = 4  # sources that fail for one reason, from which on they are told in one line
OURS = ("dns:", "network:", "timeout:")  # what an outage on our own side looks like

if TYPE_CHECKING:
    from monitor.service import Service


def once(
    config: console.ConfigOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Poll every source, due or not.")] = False,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="Alert also on what a source holds at its first poll.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing when all is well.")] = False,
) -> None:
    """Poll everything that is due, send what is queued, and end: for cron or a timer.

    Ends with 1 when a source failed, a delivery was not made, or a rule or a secret is wrong; the next run tries again.
    """
    from monitor import log
    from monitor.cli.running import service_in
    from monitor.store.claim import holder

    redactor = log.setup(level="error", environ=os.environ)
    if (pid := holder(console.load_config(config).database(os.environ))) is not None:
        console.warn(
            f"a monitor runs here (process {pid}) and polls by itself; nothing was done. "
            "`monitor sources poll --all` lets it poll now",
            style="yellow",
        )
        raise typer.Exit(console.FINE)
    work = service_in(console.folder(config), backfill=backfill, redactor=redactor)
    fine = asyncio.run(_work(work, everything=everything, quiet=quiet))
    raise typer.Exit(console.FINE if fine else console.WRONG)


async def _work(work: "Service", *, everything: bool, quiet: bool) -> bool:
    await work.start(time.time())
    try:
        with _progress(quiet) as show:
            await work.run_once(everything=everything, progress=show)
        await work.settle(time.time())
        return await _tell(work, quiet)
    finally:
        await work.stop(10.0)


async def _tell(work: "Service", quiet: bool) -> bool:
    """Print what was done; return whether all of it went well."""
    totals, unsent = work.totals, await work.unsent()
    if not quiet:
        console.say(_done(work) if totals.polls else await _idle(work, time.time()) or _done(work))
        if held := await work.held():
            console.say(f"{counted(held, 'story is', 'stories are')} held back; `monitor explain STORY` says why")
        for finding in totals.fired:
            console.say(console.one_line(f"trend fired: {finding.name} ({finding.trend_id}): {finding.reason}"))
    troubles = (*work.troubles(), *([_paused(work)] if work.paused else []))
    for trouble in troubles:
        console.warn(trouble, style="yellow")
    for line in failures(totals.failing):
        console.warn(line, style="yellow")
    for channel, reason in sorted(unsent.items()):
        console.warn(
            f"channel {channel}: not sent yet: {console.answer(reason) or 'waits for its turn'}", style="yellow"
        )
    return not totals.failing and not unsent and not troubles


def failures(failing: Mapping[str, str]) -> list[str]:
    """Say which sources fail and why; many that fail alike are one line, and hint at what they have in common."""
    by_reason: dict[str, list[str]] = {}
    for source_id, reason in sorted(failing.items()):
        by_reason.setdefault(reason, []).append(source_id)
    lines = []
    for reason, ids in by_reason.items():
        if len(ids) < ALIKE:
            lines += [f"source {one}: {reason}" for one in ids]
            continue
        ours = "; has this machine a network, and a name server?" if reason.startswith(OURS) else ""
        shown = f"{', '.join(ids[:2])} and {len(ids) - 2} more"
        lines.append(f"{len(ids)} sources: {reason}{ours} ({shown}; `monitor sources --failing`)")
    return lines


def _done(work: "Service") -> str:
    """Say in numbers what was done."""
    totals = work.totals
    counts = {label: number for (gate, label), number in totals.gates.items() if gate == "articles"}
    new, history = counts.get("new", 0), counts.get("history", 0)
    return (
        f"{counted(totals.polls, 'source')} polled, {len(totals.failing)} failing; {counted(new, 'new article')}, "
        f"{counts.get('edited', 0)} edited, {counted(history, 'older one')} kept as history; "
        f"{counted(totals.hits, 'hit')}, {counted(work.sent, 'message')} sent"
    )


def _paused(work: "Service") -> str:
    """Say why nothing was polled, and what to do."""
    return f"{work.paused} in {work.store.path.parent}; free some space, or lower retention.free_space in monitor.yaml"


async def _idle(work: "Service", now: float) -> str:
    """Say why nothing was polled, and what polls all the same; "" where something was due that could not be polled."""
    due = await work.next_due()
    if due is None:
        said = "there is no source to poll; `monitor sources add URL` adds one"
    elif due > now:
        said = f"nothing is due; the next source {console.since(due, now)}; `monitor once --all` polls now"
    else:
        return ""
    return f"{said}; {counted(work.sent, 'message')} sent" if work.sent else said


class _progress:
    """A progress bar on standard error, where that is a terminal."""

    def __init__(self, quiet: bool) -> None:
        self._bar = None
        if not quiet and sys.stderr.isatty():
            from rich.progress import Progress

            self._bar = Progress(console=console.err(), transient=True)

    def __enter__(self) -> "_progress":
        if self._bar:
            self._bar.start()
            self._task = self._bar.add_task("polling", total=None)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Show how many polls are done."""
        if self._bar:
            self._bar.update(self._task, completed=done, total=total)
