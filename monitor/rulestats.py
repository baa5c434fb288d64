"""What is known of each rule: its hits, the last one, what it costs, and how often it is right."""

from dataclasses import dataclass

from monitor.pipeline import RULE_TIME, RULE_TRIED
from monitor.store import Store
from monitor.store.marks import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleStats:
    """The figures of one rule."""

    hits: int = 0
    last: float | None = None
    spent: int = 0  # microseconds
    tried: int = 0  # articles on which it was tried
    right: int = 0  # hits that were marked so
    wrong: int = 0

    @property
    def each(self) -> float | None:
        """Microseconds for an article on which it was tried."""
        return self.spent / self.tried if self.tried else None

    @property
    def precision(self) -> float | None:
        """The share of right ones among all marked hits."""
        marked = self.right + self.wrong
        return self.right / marked if marked else None


def stats_of(store: Store, since: float) -> dict[str, RuleStats]:
    """Return the figures of every rule of which anything is known; hits and time are those since then."""
    hits, last = store.hits.per_rule(since), store.hits.last_per_rule()
    spent, tried = store.counters.of_gate(RULE_TIME, since), store.counters.of_gate(RULE_TRIED, since)
    marks = store.marks.counts()
    return {
        rule: RuleStats(
            hits=hits.get(rule, 0),
            last=last.get(rule),
            spent=spent.get(rule, 0),
            tried=tried.get(rule, 0),
            right=marks.get(rule, {}).get(Verdict.RIGHT, 0),
            wrong=marks.get(rule, {}).get(Verdict.WRONG, 0),
        )
        for rule in {*hits, *last, *spent, *tried, *marks}
    }
