"""What is odd in the rules: failed examples, and the warnings of `monitor check`; found once for a configuration.

That takes a second for some dozens of rules, so a thread of its own does it at the start and when the files change.
"""

import logging
import threading
from collections.abc import Mapping, Sequence

from monitor.config import Config
from monitor.errors import MonitorError, Problem
from monitor.match.lint import lint
from monitor.match.rule import Rule

log = logging.getLogger("monitor.web")
Told = Mapping[str, Sequence[Problem]]  # rule id -> what is odd in it
PATIENCE = 0.05  # seconds that a page waits for it


class Remarks:
    """The remarks on one configuration, and on the next one once there is another."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._lock = threading.Lock()
        self._of: Config | None = None
        self._found: Told | None = None
        self._ready = threading.Event()

    def begin(self, config: Config) -> threading.Event:
        """Begin to look at a configuration, unless that has begun; return what is set once it is done."""
        with self._lock:
            if self._of is None or self._of.rules is not config.rules:
                self._of, self._found, self._ready = config, None, threading.Event()
                threading.Thread(target=self._find, args=(config, self._ready), name="remarks", daemon=True).start()
            return self._ready

    def of(self, config: Config, wait: float = PATIENCE) -> Told | None:
        """Return the remarks by rule; None while they are being found."""
        ready = self.begin(config)
        if not ready.wait(wait):
            return None
        with self._lock:
            if self._found is None and self._ready is ready:
                raise MonitorError("the rules could not be checked; the log of `monitor web` says why")
            return self._found

    def _find(self, config: Config, ready: threading.Event) -> None:
        try:
            found = remarks_of(config)
        except Exception:  # the page says that it failed, and the log why
            log.exception("the rules could not be checked")
            found = None
        with self._lock:
            if self._ready is ready:  # else there is a newer configuration by now
                self._found = found
        ready.set()


def remarks_of(config: Config) -> Told:
    """Find what is odd in each rule, by its id."""
    book = config.rules
    told: dict[str, list[Problem]] = {}
    for one in (*book.check_examples(), *lint(book, config.sources)):
        if rule := one.rule_id or _rule_at(book.rules, one):
            told.setdefault(rule, []).append(one)
    return told


def _rule_at(rules: Sequence[Rule], problem: Problem) -> str:
    """Return the rule in whose lines a problem stands."""
    above = [rule for rule in rules if rule.file == problem.file and rule.line <= problem.line]
    return max(above, key=lambda rule: rule.line).id if above else ""
