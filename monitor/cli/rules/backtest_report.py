"""What `monitor rules backtest` prints: figures, a chart of hits per day, and samples with the matched words."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.text import Text

from monitor.alert.evidence import headline, sentences
from monitor.backtest import Outcome
from monitor.cli import console
from monitor.match.backtest import DAY, UNDATED, Change, RuleTally, Sample, Tally

BARS, PLAIN_BARS = " ▁▂▃▄▅▆▇█", " .:-=+*%#"  # none at all, and eight heights; the plain ones where there is no Unicode
WIDEST = 60  # bars in a chart
SIGNS = {Change.GAINED: ("+", "green"), Change.LOST: ("-", "red")}
SENTENCES = 2  # shown of one article


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many hits may be gained or lost; None = any number."""

    lost: int | None
    gained: int | None

    def exceeded(self, tally: Tally) -> list[str]:
        """Say what is more than allowed."""
        limits = ((Change.LOST, self.lost), (Change.GAINED, self.gained))
        return [
            f"{tally.total(change):,} {change}, and {most:,} allowed"
            for change, most in limits
            if most is not None and tally.total(change) > most
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that is told."""

    outcome: Outcome
    rules: Sequence[str]
    against: str
    before: frozenset[str]  # rules that there were before
    unchanged: Sequence[str]
    seconds: float
    jobs: int
    limits: Limits
    why: Callable[[Sample], str] | None = None  # explains what is lost

    def of(self, rule_id: str) -> RuleTally:
        """Return what one rule found; nothing where it found nothing."""
        return self.outcome.tally.rules.get(rule_id) or RuleTally()


# --- for programs ----------------------------------------------------------------------------------------------------


def as_data(report: Report, samples: int) -> dict[str, Any]:
    """Return it as plain data."""
    tally = report.outcome.tally
    return {
        "against": report.against,
        "articles": tally.articles,
        "first": tally.first,
        "last": tally.last,
        "gained": tally.total(Change.GAINED),
        "lost": tally.total(Change.LOST),
        "failed": report.limits.exceeded(tally),
        "unchanged": list(report.unchanged),
        "unread": report.outcome.unread,
        "unread_first": report.outcome.named,
        "seconds": round(report.seconds, 3),
        "jobs": report.jobs,
        "rules": [_rule_data(rule_id, report, samples) for rule_id in report.rules],
    }


def _rule_data(rule_id: str, report: Report, samples: int) -> dict[str, Any]:
    rule = report.of(rule_id)
    changes = (Change.GAINED, Change.LOST)
    return {
        "rule": rule_id,
        "new": rule_id not in report.before,
        "before": rule.before,
        "after": rule.after,
        "gained": rule.count(Change.GAINED),
        "lost": rule.count(Change.LOST),
        "days": [{"day": _date(day) or None, **_counts(rule.days[day])} for day in sorted(rule.days)],
        "samples": {
            change.value: [_sample_data(one, _reason(one, change, report)) for one in _shown(rule, change, samples)]
            for change in changes
        },
    }


def _counts(day: dict[Change, int]) -> dict[str, int]:
    return {change.value: day.get(change, 0) for change in Change}


def _reason(sample: Sample, change: Change, report: Report) -> str:
    """Explain what is lost, where that is wanted."""
    return report.why(sample) if report.why and change is Change.LOST else ""


def _sample_data(sample: Sample, reason: str) -> dict[str, Any]:
    article, hit = sample.article, sample.hit
    return {
        "article": article.id,
        "at": article.seen_at or None,
        "source": article.source_id,
        "title": article.title,
        "url": article.url or article.link,
        "words": list(dict.fromkeys(one.words for one in hit.evidence)),
        "sentences": ["".join(str(text) for text, _ in parts) for parts in _quotes(sample)],
        "edited": hit.article_version != article.version,
        **({"why": reason} if reason else {}),
    }


# --- for people ------------------------------------------------------------------------------------------------------


def show(report: Report, samples: int) -> None:
    """Print it."""
    tally = report.outcome.tally
    for line in report.outcome.named:
        console.warn(f"left out: {console.one_line(line)}", style="yellow")
    if report.outcome.unread > len(report.outcome.named):
        console.warn(f"left out in all: {report.outcome.unread:,}", style="yellow")
    if report.unchanged:
        console.say(f"not changed: {', '.join(report.unchanged)}")
    if not report.rules:
        console.say("no rule differs from what it is compared with: there is nothing to try")
        return
    console.out().print(_table(report))
    for rule_id in report.rules:
        _show_rule(rule_id, report, samples)
    speed = tally.articles / report.seconds if report.seconds else 0.0
    console.say(
        f"\n{_plural(tally.articles, 'article')}{_span(tally)} against {report.against}: "
        f"{tally.total(Change.GAINED):,} gained, {tally.total(Change.LOST):,} lost "
        f"({report.seconds:.1f} s, {speed:,.0f} articles/s)"
    )
    for line in report.limits.exceeded(tally):
        console.warn(line, style="red")


def _table(report: Report) -> Any:
    table = console.make_table("~rule", ">before", ">after", ">gained", ">lost")
    for rule_id in report.rules:
        rule = report.of(rule_id)
        figures = (rule.before, rule.after, rule.count(Change.GAINED), rule.count(Change.LOST))
        name = rule_id if rule_id in report.before else f"{rule_id} (new)"
        console.add_row(table, name, *(f"{number:,}" for number in figures))
    return table


def _show_rule(rule_id: str, report: Report, samples: int) -> None:
    """Print chart and samples of a rule with changes, or of the only one that was asked for."""
    rule = report.of(rule_id)
    changed = rule.count(Change.GAINED) or rule.count(Change.LOST)
    if not rule.days or not (changed or len(report.rules) == 1):
        return
    console.say(f"\n{rule_id}", style="bold")
    for line in chart(rule, plain=not _unicode(), before=rule_id in report.before):
        console.say(f"  {line}")
    for change in (Change.GAINED, Change.LOST):
        shown = _shown(rule, change, samples)
        if shown:
            console.say(f"  {change}{_of(len(shown), rule.count(change))}:")
        for sample in shown:
            _show_sample(sample, change, _reason(sample, change, report))


def _show_sample(sample: Sample, change: Change, reason: str) -> None:
    (sign, style), article, hit = SIGNS[change], sample.article, sample.hit
    out, marks = console.out(), not sys.stdout.isatty()
    line = Text(f"  {sign} ", style=style)
    line.append(f"{_date(int(article.seen_at // DAY)) or 'no date'}  ")
    line.append(_line(headline(article, hit.evidence if hit.article_version == article.version else ()), marks))
    line.append(f"  {console.one_line(article.id)} {console.one_line(article.source_id)}", style="dim")
    out.print(line)
    for quote in _quotes(sample)[:SENTENCES]:
        out.print(Text("      ").append(_line(quote, marks)))
    if hit.article_version != article.version:
        console.say("      (edited since; the rule now sees another text)", style="dim")
    for told in reason.splitlines():
        console.say(console.clean(f"      {told}"), style="dim")


def _line(parts: Iterable[Iterable[Any]], marks: bool) -> Text:
    """Return stretches of text with the matched words marked: by bold letters, where there are none by asterisks."""
    line = Text()
    for text, matched in parts:
        said = console.clean(str(text))
        line.append(f"*{said}*" if matched and marks else said, style="bold underline" if matched else "")
    return line


def _quotes(sample: Sample) -> list[Any]:
    """Return the sentences with matched words; the evidence of an older text does not fit the present one."""
    if sample.hit.article_version != sample.article.version:
        return []
    return [one["parts"] for one in sentences(sample.article, sample.hit.evidence)]


def _shown(rule: RuleTally, change: Change, samples: int) -> list[Sample]:
    chosen = rule.samples.get(change, [])[:samples]
    return sorted(chosen, key=lambda one: (one.article.seen_at, one.article.id))


# --- the chart -------------------------------------------------------------------------------------------------------


def chart(rule: RuleTally, *, plain: bool, before: bool) -> list[str]:
    """Return hits per day as bars, before and after on one scale; many days share a bar."""
    days = [day for day in rule.days if day != UNDATED]
    if not days:
        return []
    first, last = min(days), max(days)
    width = -(-(last - first + 1) // WIDEST)  # days a bar
    bins = range(first, last + 1, width)
    heights: dict[str, list[int]] = {
        "before": [_sum(rule, (Change.KEPT, Change.LOST), range(day, day + width)) for day in bins],
        "after": [_sum(rule, (Change.KEPT, Change.GAINED), range(day, day + width)) for day in bins],
    }
    if not before:
        del heights["before"]
    most = max(max(row) for row in heights.values())
    unit = "a day" if width == 1 else f"in {width} days"
    rows = [f"{name:6} {_bars(row, most, plain)} {sum(row):,}" for name, row in heights.items()]
    return [*rows, f"       {_date(first)} to {_date(last)}, at most {most:,} {unit}"]


def _sum(rule: RuleTally, changes: Iterable[Change], days: range) -> int:
    return sum(rule.days.get(day, {}).get(change, 0) for change in changes for day in days)


def _bars(row: Sequence[int], most: int, plain: bool) -> str:
    """Return a bar a number; anything above zero is seen."""
    bars = PLAIN_BARS if plain else BARS
    return "".join(bars[0 if not number else max(1, round(number / most * 8))] for number in row)


def _unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


# --- words -----------------------------------------------------------------------------------------------------------


def _date(day: int) -> str:
    """Say a day since 1970 as 2026-05-10; "" for none, or one that no calendar has."""
    if day == UNDATED:
        return ""
    try:
        return datetime.fromtimestamp(day * DAY, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return "?"


def _span(tally: Tally) -> str:
    if tally.first is None or tally.last is None:
        return ""
    return f" from {_date(int(tally.first // DAY))} to {_date(int(tally.last // DAY))}"


def _of(shown: int, of: int) -> str:
    return f" ({shown} of {of:,})" if shown < of else ""


def _plural(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
