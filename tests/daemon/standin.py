"""A small work that the real daemon runs: what it does is chosen by words, and each call is written to a file.

Run as a script, it is a whole daemon: `python standin.py FOLDER WORD...`; FOLDER/calls lists what was called.
"""

import asyncio
import os
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from monitor.daemon import Health, run
from monitor.errors import UsageError
from monitor.log import setup
from monitor.metrics import Metrics


@dataclass
class StandIn:
    """Does nothing, or what one of the words asks for; see the methods."""

    folder: Path
    words: frozenset[str] = frozenset()
    calls: list[str] = field(default_factory=list)
    ok: bool = True
    answer: str = ""  # of reload
    ticks: int = 0

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    def called(self, what: str) -> None:
        self.calls.append(what)
        with (self.folder / "calls").open("a") as out:
            out.write(what + "\n")

    async def start(self, now: float) -> None:
        self.called("start")
        if "no-start" in self.words:
            raise UsageError("there is nothing to run")
        if "slow-start" in self.words:
            await asyncio.sleep(60)
        if "stuck-thread" in self.words:
            threading.Thread(target=time.sleep, args=(60,)).start()

    async def tick(self, now: float) -> None:
        self.ticks += 1
        if "raise" in self.words and self.ticks == 2:
            raise RuntimeError("a bug in the tick")
        if "hang" in self.words and self.ticks == 2:
            await asyncio.sleep(60)
        if "block" in self.words or ("block-once" in self.words and not (self.folder / "blocked").exists()):
            (self.folder / "blocked").touch()
            self.called("block")
            time.sleep(60)

    def health(self, now: float) -> Health:
        return Health(self.ok, f"{len(self.words)} words", {"ticks": self.ticks})

    async def reload(self) -> str:
        self.called("reload")
        if "bug" in self.answer:
            raise RuntimeError(self.answer)
        return self.answer

    def watched(self) -> tuple[Path, ...]:
        return self.folder / "config.yaml", self.folder

    async def stop(self, within: float) -> None:
        self.called("stop")
        await asyncio.sleep(60 if "slow-stop" in self.words else 0.05)
        self.called("stopped")

    def replan(self, now: float, step: float) -> None:
        self.called(f"replan {step:.0f}")


if __name__ == "__main__":
    setup(format="keys", environ=os.environ)
    code = run(
        StandIn(Path(sys.argv[1]), frozenset(sys.argv[2:])),
        metrics=Metrics(),
        stop_within=float(os.environ.get("STOP_WITHIN", "10")),
    )
    sys.exit(code)
