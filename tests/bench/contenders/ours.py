"""The monitor itself, as `monitor once --all` does it: python ours.py FOLDER."""

import asyncio
import sys
import time
from functools import partial
from pathlib import Path

from monitor.config import load
from monitor.service import Service
from tests.bench.contenders.clock import measured


async def main(folder: Path) -> None:
    work = Service(partial(load, folder), environ={})
    await work.start(time.time())
    try:
        with measured():
            await work.run_once(everything=True)
    finally:
        await work.stop(10)
    if work.totals.failing:
        sys.exit(f"failing: {work.totals.failing}")


asyncio.run(main(Path(sys.argv[1])))
