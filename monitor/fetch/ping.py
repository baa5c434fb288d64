"""EDGE: the dead man's ping: somebody outside is told that all is well, and raises the alarm when nothing comes.

As Healthchecks and its kin have it: the address itself after a good tick, its `/fail` when the monitor is ill. What
does not come says that the monitor, this machine or its network is dead.
"""

import logging
from urllib.parse import urlsplit, urlunsplit

from monitor.fetch.http import Fetcher
from monitor.model import Fetched, State

log = logging.getLogger("monitor.ping")
FAILURES = 3  # pings in a row that are not answered, and the operators hear of it


class Pinger:
    """Knows when the next ping is due; lives longer than one configuration."""

    def __init__(self) -> None:
        """Nothing was sent yet."""
        self._at: float | None = None
        self._well = True
        self._failures = 0

    def due(self, now: float, *, well: bool, every: float) -> bool:
        """Tell whether it is time, at once when the monitor became ill or well."""
        return self._at is None or well != self._well or not 0 <= now - self._at < every

    async def ping(self, fetcher: Fetcher, url: str, *, well: bool, now: float) -> str | None:
        """Ask the address; return "" when it answered, what is wrong once it failed often, None in between."""
        self._at, self._well = now, well
        fetched = await fetcher.get(url if well else failing(url), now=now)
        if answered(fetched):
            self._failures = 0
            return ""
        self._failures += 1
        log.warning("the ping was not answered: %s", fetched.reason)
        return fetched.reason if self._failures >= FAILURES else None


def answered(fetched: Fetched) -> bool:
    """Tell whether a ping arrived; a receiver need not say anything."""
    return fetched.state is State.OK or (fetched.status is not None and 200 <= fetched.status < 300)


def failing(url: str) -> str:
    """Return the address that says "ill": `/fail` behind the path, before a query."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail"))
