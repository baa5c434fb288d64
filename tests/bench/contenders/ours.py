"""The monitor itself, as `monitor once --all` does it: python ours.py FOLDER."""

import asyncio
import sys
import time
from functools import partial
from pathlib import Path

from monitor.config import load
from monitor.model import Job, Source
from monitor.service import Service
from tests.bench.contenders.clock import measured


async def warm(work: Service) -> None:
    """Start the reading children, as the first document does for a daemon, once."""
    readers, empty = work.parts.readers, b"<rss version='2.0'><channel/></rss>"
    job = Job(
        source=Source(id="warm", url=""), body=empty, url="", content_type="", known=b"", entries_limit=1, now=0.0
    )
    await asyncio.gather(*(readers.read(job) for _ in range(work.parts.config.settings.limits.parsers)))


async def main(folder: Path) -> None:
    work = Service(partial(load, folder), environ={})
    await work.start(time.time())
    await warm(work)
    try:
        with measured():
            await work.run_once(everything=True)
        await work.settle(time.time())  # as `monitor once` does at its end: the past gets its stories
    finally:
        await work.stop(10)
    if work.totals.failing:
        sys.exit(f"failing: {work.totals.failing}")


asyncio.run(main(Path(sys.argv[1])))
