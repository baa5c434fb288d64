"""What keeps the monitor from seeing or telling: said above every view, since a quiet list looks like a quiet world."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.errors import MonitorError
from monitor.fetch.health import CHECKS
from monitor.model import Severity
from monitor.store import OpenProblem, Store
from monitor.wording import counted

if TYPE_CHECKING:
    from monitor.web.ask import Ask

STALE = 120.0  # seconds without a tick, after which the monitor is not at work
MANY = 0.5  # of the sources, from which on their failing is said on every view
SHOWN = 12  # problems that are said by their names
REMEMBERED = 5.0  # seconds
ORDER = ("database", "disk", "network", "configuration", "channel", "channel-secret")  # what blinds most first
TELLS = {  # kind of a problem -> the view that tells more
    "network": "sources",
    "secret": "sources",
    "channel": "deliveries",
    "channel-secret": "deliveries",
    "template": "deliveries",
    "configuration": "rules",
    "rule": "rules",
    "examples": "rules",
}


@dataclass(frozen=True, slots=True)
class Blind:
    """One thing that is wrong with the watch itself."""

    title: str
    text: str = ""
    advice: str = ""
    view: str = ""  # that tells more
    state: str = ""  # with this filter
    since: float | None = None  # epoch seconds


def seen_by(ask: "Ask") -> tuple[Blind, ...]:
    """Return what is wrong, the worst first; nothing for somebody who is not logged in, or where it cannot be read."""
    store = ask.lent
    if ask.user is None or store is None:
        return ()
    try:
        return ask.site.remembered.get("blind", ask.now, REMEMBERED, lambda: found(store, ask.now))
    except MonitorError:  # the view says so itself, if it needs the database
        return ()


def found(store: Store, now: float) -> tuple[Blind, ...]:
    """Return what is wrong with the watch: it does not run, most sources fail, or a problem is open."""
    return (*_at_work(store, now), *_sources(store), *_problems(store))


def stands_still(store: Store, now: float) -> bool:
    """Tell whether the monitor that writes this database has not worked for a while, or never."""
    tick = float(store.meta.get("last_tick") or 0.0)
    return now - tick > STALE


def _at_work(store: Store, now: float) -> tuple[Blind, ...]:
    if not stands_still(store, now):
        return ()
    tick = float(store.meta.get("last_tick") or 0.0) or None
    advice = "Start it: `monitor run`, or `systemctl start monitor`; `monitor status` says more."
    if tick is None:
        return (Blind("The monitor has not run yet.", "Nothing is polled and nothing is told.", advice),)
    text = "What stands here is from then: nothing is polled and nothing is told."
    return (Blind("The monitor does not run.", text, advice, since=tick),)


def _sources(store: Store) -> tuple[Blind, ...]:
    counts = store.sources.counts()
    failing, every = sum(number for state, number in counts.items() if not state.healthy), sum(counts.values())
    if not failing or failing < MANY * every:
        return ()
    title = f"{failing} of {counted(every, 'source')} {'fails' if every == 1 else 'fail'}."
    return (Blind(title, "What they publish is not seen.", view="sources", state="failing"),)


def _problems(store: Store) -> tuple[Blind, ...]:
    """Return what the operators were told of, but for single sources: the sources are counted."""
    open_ = [
        one for one in store.problems.current() if one.kind not in CHECKS and one.severity.rank >= Severity.HIGH.rank
    ]
    open_.sort(key=lambda one: ORDER.index(one.kind) if one.kind in ORDER else len(ORDER))
    more = len(open_) - SHOWN
    rest = (Blind(f"{counted(more, 'further problem')}:", "`monitor status` lists all."),) if more > 0 else ()
    return (*map(_told, open_[:SHOWN]), *rest)


def _told(one: OpenProblem) -> Blind:
    title = one.title or f"{one.kind} {one.key}"
    return Blind(f"{title.rstrip('.')}.", one.message, one.advice, TELLS.get(one.kind, ""), since=one.opened_at)
