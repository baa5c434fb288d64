"""Says what a digest says: many stories in one message, by watch and rule, the most severe and best founded first."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from monitor.alert.clean import cut, one_line, web_link
from monitor.alert.message import TITLE, alert_id
from monitor.model import CREDIBILITY, Alert, Digest, DigestEntry, Severity

NO_WATCH = "Other rules"
ALL = "monitor stories list"  # shows what a message has no room for
# Digests of what was held back: the title, and why. They are sent when there is something in them only.
HELD = {
    "quiet": ("After quiet hours", "What came in quiet hours, and was held until they were over."),
    "budget": ("Over the limit", "What came after this channel had its messages for the hour."),
    "inhibition": ("Held back", "What was held back while something more severe of the same watch went on."),
}


def digest_message(digest: Digest, *, empty: bool = True) -> Alert | None:
    """Return the message of a digest, or None where there is nothing to say.

    An empty digest says so in one line, if `empty`; one of what was held back is not sent without anything in it.
    """
    if not digest.entries and not digest.left and (digest.name in HELD or not empty):
        return None
    entries = ranked(digest.entries)
    severity = entries[0].severity if entries else Severity.INFO
    told = [f"{entry.story_id} {entry.why}" for entry in (*entries, *digest.left)]
    return Alert(
        id=alert_id("digest", f"{digest.name}\0{digest.channel}\0{int(digest.end)}", " ".join(told)),
        kind="digest",
        severity=severity,
        title=cut(_title(digest), TITLE),
        at=digest.end,
        data={
            "severity": severity.value,
            "name": digest.name,
            "about": HELD.get(digest.name, ("", ""))[1],
            "count": len(entries),
            "start": digest.start,
            "end": digest.end,
            "entries": [_entry(entry) for entry in entries],
            "left": [_entry(entry) for entry in ranked(digest.left)],
            "counts": [[at, number] for at, number in digest.counts],
            "step": digest.step,
            "all": ALL,
        },
    )


def ranked(entries: Iterable[DigestEntry]) -> list[DigestEntry]:
    """Return entries in the order in which they matter."""
    return sorted(
        entries,
        key=lambda one: (-one.severity.rank, -one.independent, one.credibility or 6, one.first_seen, one.story_id),
    )


def _title(digest: Digest) -> str:
    """Return "Digest daily: 12 stories, 1 critical, 3 high"."""
    number = len(digest.entries)
    what = f"{number} {'story' if number == 1 else 'stories'}" if number else "nothing happened"
    if digest.left and not number:
        what = f"{len(digest.left)} unconfirmed"
    grades = [entry.severity for entry in digest.entries]
    severe = [f"{grades.count(one)} {one.value}" for one in (Severity.CRITICAL, Severity.HIGH) if one in grades]
    head = HELD.get(digest.name, (f"Digest {one_line(digest.name)}", ""))[0]
    return f"{head}: {', '.join([what, *severe])}"


def _entry(entry: DigestEntry) -> dict[str, object]:
    return {
        "story_id": entry.story_id,
        "headline": one_line(entry.headline) or "(without a title)",
        "severity": entry.severity.value,
        "rules": [one_line(rule) for rule in entry.rules],
        "watch": one_line(entry.watch),
        "independent": entry.independent,
        "credibility": entry.credibility,
        "credibility_words": CREDIBILITY.get(entry.credibility, ""),
        "countries": list(entry.countries),
        "first_seen": entry.first_seen,
        "link": web_link(entry.link),
        "why": one_line(entry.why),
        "source": one_line(entry.source),
        "told": entry.told,
    }


# --- as much of it as there is room for ------------------------------------------------------------------------------


def sections(entries: list[dict[str, Any]], most: int, letters: int) -> dict[str, Any]:
    """Return the first `most` entries by watch and rule, and how many of which rule are left out."""
    shown = [{**entry, "headline": cut(str(entry["headline"]), letters)} for entry in entries[:most]]
    return {
        "sections": [
            {"watch": watch, "count": len(of_watch), "rules": _by_rule(of_watch)}
            for watch, of_watch in _grouped(shown, lambda entry: entry["watch"] or NO_WATCH)
        ],
        "more": len(entries) - len(shown),
        "more_by_rule": [
            {"rule": rule, "count": len(many)} for rule, many in _grouped(entries[len(shown) :], _rule_of)
        ],
    }


def _by_rule(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"rule": rule, "count": len(many), "items": many} for rule, many in _grouped(entries, _rule_of)]


def _rule_of(entry: dict[str, Any]) -> str:
    return next(iter(entry["rules"]), "no rule")


def _grouped(entries: list[dict[str, Any]], name: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return entries by a name, in the order in which the names come first."""
    names = list(dict.fromkeys(map(name, entries)))
    ordered = sorted(entries, key=lambda entry: names.index(name(entry)))
    return [(key, list(many)) for key, many in groupby(ordered, key=name)]
