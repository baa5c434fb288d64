"""What the daemon asks of the work that it runs; it knows nothing else about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Health:
    """How the work is after a tick."""

    ok: bool  # the database answered in this tick, and the outbox moves
    status: str  # one line, for example "214 sources, 3 failing, 12 hits today"
    details: Mapping[str, object] = field(default_factory=dict)  # JSON-able; shown by /health


class Work(Protocol):
    """Something that is started, ticked once a second, and stopped. `now` is seconds since the epoch, UTC."""

    async def start(self, now: float) -> None:
        """Open what is needed and take back what a dead process had leased."""

    async def tick(self, now: float) -> None:
        """Start what is due; return quickly, since the started tasks have deadlines of their own."""

    def health(self, now: float) -> Health:
        """Say how things are, from what the last tick learnt."""

    async def reload(self) -> str:
        """Read the configuration again; return "", or what is wrong with it (then the old one stays)."""

    def watched(self) -> tuple[Path, ...]:
        """Return the files and folders whose change means a reload."""

    async def stop(self, within: float) -> None:
        """Start nothing more, and let sends and transactions end, within that many seconds."""

    def replan(self, now: float, step: float) -> None:
        """Mend due times after the wall clock jumped by `step` seconds."""
