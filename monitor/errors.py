"""The exceptions of this program, each carrying where, why and whether a retry can help.

::

    MonitorError
      ConfigError         problems in YAML files, all of them at once (`problems`)
      StoreError          the database cannot be opened, read or written
        TooSlow           a question was broken off because it took too long
      SendError           a channel refused a message (`recoverable`, `retry_after`)
      UsageError          a command was called with something that does not exist

A failed fetch or a broken document is *not* an exception but a value (`model.Fetched`, `model.Parsed`):
one bad feed, article or rule never stops the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one file, said so that a person can mend it."""

    file: str
    line: int  # 1-based; 0 where no line is known
    column: int  # 1-based; 0 where no column is known
    message: str  # what is wrong
    hint: str = ""  # what to write instead
    warning: bool = False  # a warning is shown, but the configuration is still valid
    rule_id: str = ""  # set where the problem disables this one rule only
    follows: bool = False  # it comes of another problem that is told in the same run, and goes when that is mended

    def __str__(self) -> str:
        """Say it as `file:line:column: what is wrong; what to write instead`."""
        place = ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])
        return f"{place}: {self.message}" + (f"; {self.hint}" if self.hint else "")


class MonitorError(Exception):
    """Anything that this program reports to its user as one clear message."""


class ConfigError(MonitorError):
    """The configuration has problems; `problems` lists all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep every problem, in the order of the files' lines."""
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class StoreError(MonitorError):
    """The database cannot be opened, read or written; the message says what to do."""


class TooSlow(StoreError):
    """A question to the database was broken off because it took too long."""


class SendError(MonitorError):
    """A channel did not take a message."""

    def __init__(self, reason: str, *, recoverable: bool = True, retry_after: float | None = None) -> None:
        """Keep the service's own answer, whether trying again can help, and after how many seconds."""
        super().__init__(reason)
        self.reason = reason
        self.recoverable = recoverable
        self.retry_after = retry_after


class UsageError(MonitorError):
    """A command was called with something that does not exist or does not fit."""
