"""Stories as lines for a terminal; what feeds and rules say is plain text, never markup and never control codes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from monitor.alert import evidence
from monitor.alert.clean import one_line, web_link
from monitor.model import Member, Severity
from monitor.tui.desk import Opened
from monitor.web.listed import Told
from monitor.wording import counted

# The sign and the word say it without colours, too; the colours are the terminal's own, light or dark.
SIGNS = {
    Severity.CRITICAL: ("▲▲", "bold red"),
    Severity.HIGH: ("▲ ", "red"),
    Severity.MEDIUM: ("◆ ", "yellow"),
    Severity.LOW: ("● ", "green"),
    Severity.INFO: ("○ ", ""),
}
FOUND = "bold reverse"  # words that a rule found
_STEPS = ((172800.0, 86400.0, "d"), (5400.0, 3600.0, "h"), (90.0, 60.0, "m"), (0.0, 1.0, "s"))
HOW = {"opens": "", "copy": "a copy", "same": "same event", "development": "a development", "hand": "put here by hand"}


def row(told: Told, now: float) -> Text:
    """Return the two lines of a story in the list."""
    sign, style = SIGNS[told.row.severity]
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{sign} {told.row.severity.value:8} ", style)
    text.append(one_line(told.row.title) or "(without a title)", "bold" if told.state == "new" else "")
    number = told.row.independent
    facts = [told.state, f"{age(told.row.updated_at, now)} ago", counted(number, "independent source")]
    facts += [", ".join(one_line(place) for place in told.places)] if told.places else []
    return text.append(f"\n{'':12}{' · '.join(facts)}", "dim")


def headed(text: str) -> Text:
    """Return a text whose short lines after an empty one, and whose first, are headings."""
    found = Text()
    before = ""
    for line in text.splitlines():
        is_heading = not before and bool(line) and "  " not in line and ":" not in line and '"' not in line
        found.append(f"{line}\n", "bold" if is_heading else "")
        before = line
    return found


def age(at: float, now: float) -> str:
    """Say how long ago a point in time is: `40s`, `15m`, `6h`, `2d`."""
    seconds = max(0.0, now - at)
    _, unit, letter = next(step for step in _STEPS if seconds >= step[0])
    return f"{seconds / unit:.0f}{letter}"


def when(at: float | None, zone: str) -> str:
    """Say a point in time as `2026-05-10 14:03`; "?" for one that no calendar has."""
    try:
        return datetime.fromtimestamp(at or 0.0, UTC).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError):
        return "?"


def whole(opened: Opened, zone: str) -> Text:
    """Return a story with its articles by time, how it is founded, and what was told and why."""
    story = opened.story
    severity = story.severity if story.hits else Severity.INFO
    sign, style = SIGNS[severity]
    text = Text(one_line(story.article.title) or "(without a title)", "bold")
    text = Text.assemble(text, "\n", (f"{sign} {severity.value}", style), f"  {story.id}  first seen ")
    text.append(f"{when(story.first_seen, zone)}\n")
    _standing(text, opened, zone)
    _founded(text, opened)
    for member in sorted(story.members, key=lambda one: (_time(one), one.at)):
        _article(text, member, zone)
    _told(text, opened, zone)
    return text


def _time(member: Member) -> float:
    return member.article.published_at or member.article.seen_at


def _standing(text: Text, opened: Opened, zone: str) -> None:
    for done in (opened.standing.acknowledged, opened.standing.muted):
        if done:
            until = f" until {when(done.until, zone)}" if done.until else ""
            note = f": {one_line(done.note)}" if done.note else ""
            text.append(f"{done.what}{until} by {one_line(done.by) or 'somebody'}, {when(done.at, zone)}{note}\n")


def _founded(text: Text, opened: Opened) -> None:
    founded = opened.story.corroboration
    if founded:
        text.append(f"credibility {founded.credibility}: {one_line(founded.reason)}\n")


def _article(text: Text, member: Member, zone: str) -> None:
    article = member.article
    found = [one for hit in member.hits if hit.article_version == article.version for one in hit.evidence]
    how = f"  ({HOW.get(member.join, member.join)})" if HOW.get(member.join, member.join) else ""
    text.append(f"\n{when(_time(member), zone)}  {one_line(member.source.name)}{how}\n", "underline")
    _stretches(text, evidence.headline(article, found))
    for sentence in evidence.sentences(article, found):
        parts = sentence["parts"]
        if isinstance(parts, list):
            _stretches(text, parts)
    for hit in member.hits:
        text.append(f"rule {one_line(hit.rule_id)} ({hit.severity})\n", "dim")
    if link := web_link(article.url or article.link):
        text.append(f"{link}\n", "dim")


def _stretches(text: Text, parts: Sequence[Sequence[object]]) -> None:
    for said, marked in parts:
        text.append(str(said), FOUND if marked else "")
    text.append("\n")


def _told(text: Text, opened: Opened, zone: str) -> None:
    lines: list[tuple[float, str, str]] = []  # when, what, to whom
    for made in opened.decisions:
        said = made.decision
        head = f"{said.action} by {said.policy}" if made.channel else "no message"
        lines.append((made.at, f"{head}: {one_line(said.reason)}", one_line(made.channel)))
    for one in opened.deliveries:
        sent = f"{one.delivery.alert.kind} {one.state}"
        lines.append((one.delivery.first_queued, sent, one_line(one.delivery.channel)))
    text.append("\nWhat was told, and why\n", "underline")
    told: dict[tuple[str, str], dict[str, None]] = {}  # the same of several channels is one line
    for at, line, channel in sorted(lines):
        told.setdefault((when(at, zone), line), {})[channel] = None
    for (at_words, line), channels in told.items():
        names = ", ".join(name for name in channels if name)
        text.append(f"{at_words}  {f'{names}: ' if names else ''}{line}\n")
    if not lines:
        text.append("nothing was decided about it\n")
