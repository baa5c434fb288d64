"""`/bench`: a changed rule, tried on stored articles beside the live one; written only where `web.allow_edit` is on.

One trial runs at a time, in its own thread, over the newest articles first, and is broken off when its time is over:
the page says how far it came.
"""

import logging
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from monitor.backtest import Outcome, Plan, Worker, plain
from monitor.charts.tempo import Bar, Tempo
from monitor.comparing import Comparison, compared, document_of, explainer
from monitor.config import shown as shown_path
from monitor.config.rule_edit import mark_of, save_rules
from monitor.config.yaml import parse
from monitor.errors import ConfigError, UsageError
from monitor.match.backtest import DAY, Change, RuleTally
from monitor.model import Role
from monitor.store import Range
from monitor.web.ask import Ask
from monitor.web.one_trial import alone, days_of, typed
from monitor.web.panels import FULL, Easel, Panel
from monitor.web.refusal import Refusal
from monitor.web.ruletext import NAME, text_of
from monitor.web.views.rules import Shown, shown

log = logging.getLogger("monitor.web")
DAYS = (1, 7, 30, 90, 365)
USUAL = 30
MOST = 20_000  # articles
SECONDS = 20.0  # that a trial may take
STEP = 250  # articles after which the clock is looked at
LONGEST = 200_000  # characters of a rule
STARTER = """\
watch: My watch
rules:
  - id: my-rule
    name: What it finds
    severity: medium
    match:
      all:
        - any: [word, "two words", prefix*]
        - any: [another]
    examples:
      match: ["A headline with the word and another"]
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule gains and loses."""

    id: str
    is_new: bool
    tally: RuleTally
    gained: list[Shown]
    lost: list[Shown]
    tempo: Panel | None


def form(ask: Ask) -> Response:
    """Show a rule to be changed, or the beginning of a new one."""
    rule = ask.query.get("rule", "")
    text = text_of(ask.config.rules.documents, rule) if rule else ""
    return _page(ask, text or STARTER, rule, USUAL)


def try_(ask: Ask) -> Response:
    """Try what was typed."""
    text, rule, days = _text(ask), str(ask.form.get("rule", ""))[:200], days_of(ask, DAYS, USUAL)
    try:
        comparison = compared(ask.config.rules.documents, [document_of(parse(text, file=NAME))])
    except ConfigError as error:
        return _page(ask, text, rule, days, problems=error.problems)
    if not comparison.in_files and not comparison.rules:
        raise UsageError("there are no rules in this text, and no term sets that change a live one")
    if not comparison.rules:
        return _page(ask, text, rule, days, unchanged=comparison.unchanged)
    return _page(ask, text, rule, days, **_tried(ask, comparison, days))


def save(ask: Ask) -> Response:
    """Give what was typed as a file; it is kept nowhere."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", str(ask.form.get("rule", ""))).strip("-")[:60] or "rule"
    headers = {"Content-Disposition": f'attachment; filename="{name}.yaml"'}
    return Response(_text(ask), media_type="application/yaml", headers=headers)


def write(ask: Ask) -> Response:
    """Write what was typed into the configuration; whoever runs the monitor has to allow it."""
    if not ask.config.settings.web.allow_edit:
        advice = "Save the rule as a file and put it there by hand; or set `web.allow_edit: true` in monitor.yaml."
        raise Refusal(403, "The page may not change files of the configuration.", advice)
    text, rule, by = _text(ask), str(ask.form.get("rule", ""))[:200], ask.user.name if ask.user else ""
    try:
        path = save_rules(ask.config.folder, text, rule=rule, mark=str(ask.form.get("mark", "")))
    except ConfigError as error:
        return _page(ask, text, rule, days_of(ask, DAYS, USUAL), problems=error.problems)
    except OSError as error:
        raise UsageError(f"the rule cannot be written: {error.strerror}") from None
    ask.site.read_now()
    log.info("%r has written a rule into %s (from the page: %r)", by, path, rule or "a new one")
    return ask.redirect(ask.url("rules"), say=f"It is written to {shown_path(path)}; the daemon reads it soon.")


def _text(ask: Ask) -> str:
    return typed(ask, LONGEST, nothing="there is no rule in the form", name="the rule")


def _page(ask: Ask, text: str, rule: str, days: int, **found: Any) -> Response:
    """Fill in the template; what is not `found` is empty."""
    nothing: dict[str, Any] = {"problems": (), "unchanged": (), "verdicts": None, "looked": None}
    status = 400 if found.get("problems") else 200
    mark = str(ask.form.get("mark", "")) if ask.request.method == "POST" else mark_of(ask.config.rules.documents, rule)
    may_write = ask.may(Role.ADMIN) and ask.config.settings.web.allow_edit
    shared = {"text": text, "rule": rule, "days": days, "mark": mark, "may_write": may_write}
    return ask.page("bench.html", status=status, choices=DAYS, most=MOST, **{**nothing, **shared, **found})


# --- trying ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Looked:
    """What a trial looked at."""

    articles: int
    held: int  # articles of the time that was asked for, at most MOST
    first: float | None
    last: float | None
    seconds: float

    @property
    def broken_off(self) -> bool:
        """Whether the time was over before the articles were."""
        return self.articles < self.held


def _tried(ask: Ask, comparison: Comparison, days: int) -> dict[str, Any]:
    """Run the two wordings over the newest articles; Refusal while somebody else does."""
    sources = {source.id: source for source in [*ask.store.sources.all(removed=True), *ask.config.sources]}
    plan = Plan(
        before=plain(comparison.before),
        after=plain(comparison.after),
        rules=comparison.rules,
        database=ask.store.path,
        sources=sources,
    )
    ranges, held = ask.store.scan.plan(since=ask.now - days * DAY, limit=MOST)
    with alone():
        outcome, seconds = _run(plan, ranges)
    tally = outcome.tally
    looked = Looked(tally.articles, held, tally.first, tally.last, seconds)
    why, names = explainer(plan), {id: source.name for id, source in sources.items()}

    def samples(rule: RuleTally, change: Change) -> list[Shown]:
        lost = change is Change.LOST
        return [
            shown(one.article, one.hit, names.get(one.article.source_id, ""), why=why(one) if lost else "")
            for one in rule.samples.get(change, ())
        ]

    easel = Easel(ZoneInfo("UTC"), ask.is_slim)  # a trial counts by days of UTC
    verdicts = []
    for place, id in enumerate(comparison.rules):
        rule = tally.rules.get(id) or RuleTally()
        gained, lost = samples(rule, Change.GAINED), samples(rule, Change.LOST)
        panel = _tempo(easel, f"tempo-{place}", rule)
        verdicts.append(Verdict(id, id not in comparison.before_ids, rule, gained, lost, panel))
    return {"verdicts": verdicts, "looked": looked, "unchanged": comparison.unchanged}


def _run(plan: Plan, ranges: Sequence[Range]) -> tuple[Outcome, float]:
    """Do the newest ranges first, until the time is over; return what came of it and the seconds it took."""
    start, total, worker = time.monotonic(), Outcome(), Worker(plan)
    try:
        for piece in _small(reversed(ranges)):
            total.add(worker.do(piece))
            if time.monotonic() - start > SECONDS:
                break
    finally:
        worker.close()
    return total, time.monotonic() - start


def _small(ranges: Iterator[Range]) -> Iterator[Range]:
    """Cut ranges into pieces after which the clock can be looked at, the newest first."""
    for one in ranges:
        for last in range(one.last, one.first - 1, -STEP):
            yield Range(max(one.first, last - STEP + 1), last, one.since, one.until)


def _tempo(easel: Easel, id: str, rule: RuleTally) -> Panel | None:
    """Draw kept, gained and lost by day; None where there is nothing."""
    if not rule.days:
        return None
    days = range(min(rule.days), max(rule.days) + 1)
    changes = (Change.KEPT, Change.GAINED, Change.LOST)
    bars = tuple(
        Bar(day * DAY, (day + 1) * DAY, tuple(rule.days.get(day, {}).get(change, 0) for change in changes))
        for day in days
    )
    data = Tempo(tuple(change.value for change in changes), bars)
    return easel.panel("tempo", id, "Hits by day (UTC)", data, width=FULL)
