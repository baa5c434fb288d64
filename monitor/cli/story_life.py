"""`monitor explain STORY`: the whole life of a story in the order of time, and how it stands."""

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from monitor.cli import console
from monitor.wording import counted

if TYPE_CHECKING:
    from monitor.alert.handling import Standing
    from monitor.model import Handled, Member, Story, Thread
    from monitor.store import Store, Tracked
    from monitor.store.decisions import Decided

HOW = {
    "opens": "it opens the story",
    "copy": "a copy of {}",
    "same": "the same event as {}",
    "development": "a development after {}",
    "hand": "put here by hand",
}
STATES = {"queued": "is queued", "held": "is held", "leased": "is being sent", "dead": "was given up"}
KINDS = ("silence", "article", "hit", "merged", "decision", "alert", "delivery", "handled")  # order within a moment
_SILENCE = re.compile(r"\(silence (\d+)\)$")  # at the end of a reason of policy `silence`
_ALERT = re.compile(r"\((n[a-z2-7]{12})\)")  # in the reason of what was told in a digest
SHARED = 8  # terms that two articles have in common, shown


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    at: float
    kind: str  # one of KINDS
    text: str  # in words
    facts: dict[str, Any] = field(default_factory=dict)


def explain_story(store: "Store", story_id: str, *, asked: str, zone: str, as_json: bool) -> None:
    """Print what became of a story; `asked` is what the user named."""
    from monitor.alert.handling import standing
    from monitor.story.telling import story_of

    story = story_of(story_id, store.stories.members(story_id))
    parts = [story_id, *store.stories.merged_into(story_id)]
    events = sorted(_events(store, story, parts, zone), key=lambda one: (one.at, KINDS.index(one.kind)))
    now = standing(store.handled.of(story_id), time.time())
    threads = store.threads.of_story(story_id)
    if as_json:
        console.print_json(_facts(story, parts, events, now, threads))
        return
    if asked in parts[1:]:
        console.say(f"{asked} has become part of {story_id}.\n")
    _print_head(story, now, zone)
    _print_events(events, zone)
    _print_channels(threads, zone)


# --- what happened ---------------------------------------------------------------------------------------------------


def _events(store: "Store", story: "Story", parts: list[str], zone: str) -> Iterator[Event]:
    names = {one.article.id: f"{one.article.id} ({one.source.name})" for one in story.members}
    for member in story.members:
        yield from _of_member(member, names)
    for part in parts[1:]:
        if listed := store.stories.listed(part):
            yield Event(listed.updated_at, "merged", f"story {part} became part of it", {"story": part})
    decided = [one for part in parts for one in store.alerts.decisions(part)]
    yield from map(_of_decision, decided)
    yield from _of_silences(store, decided, zone)
    told = [one for part in parts for one in store.alerts.of_story(part)]
    yield from _of_deliveries([*told, *_digests(store, decided)], zone)
    for done in store.handled.of(story.id):
        yield _of_handled(done, zone)


def _of_member(member: "Member", names: dict[str, str]) -> Iterator[Event]:
    article = member.article
    how = HOW.get(member.join, member.join).format(names.get(member.like, member.like))
    shared = [term.lstrip("~") for term in member.shared]
    common = f"; in common: {', '.join(shared[:SHARED])}" if shared else ""
    history = ", not news" if member.novelty.value == "history" else ""
    about = f"{member.source.name} ({member.source.reliability}): {article.title or '(without a title)'}"
    facts = {
        "article": article.id,
        "source": article.source_id,
        "title": article.title,
        "published": article.published_at,
        "novelty": member.novelty.value,
        "join": member.join,
        "like": member.like,
        "shared": shared,
    }
    yield Event(member.at, "article", f"{about}: {article.id}, {how}{history}{common}", facts)
    for hit in member.hits:
        words = list(dict.fromkeys(one.words for one in hit.evidence))
        text = f"{article.id} hits rule {hit.rule_id} ({hit.severity}): {', '.join(words)}"
        about_hit = {"article": article.id, "rule": hit.rule_id, "severity": hit.severity.value, "words": words}
        yield Event(max(hit.at, member.at), "hit", text, about_hit)


def _of_decision(one: "Decided") -> Event:
    from monitor.cli.explain import said

    decision = one.decision
    facts = {
        "story": one.story_id,
        "channel": one.channel,
        "action": decision.action.value,
        "policy": decision.policy,
        "reason": decision.reason,
        "until": decision.until,
        "digest": decision.digest,
    }
    return Event(one.at, "decision", said(one), facts)


def _of_silences(store: "Store", decided: Iterable["Decided"], zone: str) -> Iterator[Event]:
    """Yield the beginnings of the silences that kept the story back."""
    from monitor.alert.silencing import described

    numbers = (_SILENCE.search(one.decision.reason) for one in decided if one.decision.policy == "silence")
    for number in dict.fromkeys(int(found[1]) for found in numbers if found):
        if silence := store.silences.get(number):
            until = console.when(silence.end, zone)
            text = f"silence {number} by {silence.author} until {until} of {described(silence)}: {silence.reason}"
            yield Event(silence.start, "silence", text, {"silence": number, **asdict(silence)})


def _digests(store: "Store", decided: Iterable["Decided"]) -> list["Tracked"]:
    """Return the deliveries of the digests in which the story was told."""
    found = (_ALERT.search(one.decision.reason) for one in decided if one.decision.digest)
    alerts = dict.fromkeys(one[1] for one in found if one)
    return [tracked for alert_id in alerts for tracked in store.alerts.of_alert(alert_id)]


def _of_deliveries(told: Iterable["Tracked"], zone: str) -> Iterator[Event]:
    """Yield each alert once, and what became of each of its deliveries."""
    seen = set()
    for tracked in told:
        delivery, alert = tracked.delivery, tracked.delivery.alert
        if alert.id not in seen:
            seen.add(alert.id)
            facts: dict[str, Any] = {"alert": alert.id, "kind": alert.kind, "title": alert.title}
            yield Event(alert.at, "alert", f"{alert.kind} {alert.id}: {alert.title}", facts)
        at, text = _outcome(tracked, zone)
        facts = {
            "alert": alert.id,
            "channel": delivery.channel,
            "state": tracked.state,
            "attempts": delivery.attempts,
            "answer": console.answer(tracked.answer),
            "error": console.answer(delivery.last_error),
            "queued": delivery.first_queued,
            "next_try": delivery.next_try if tracked.state in {"queued", "held"} else None,
        }
        yield Event(at, "delivery", f"{alert.id} to {delivery.channel} {text}", facts)


def _outcome(tracked: "Tracked", zone: str) -> tuple[float, str]:
    """Return when a delivery came to where it is, and that in words."""
    delivery = tracked.delivery
    tries = f" after {counted(delivery.attempts, 'attempt')}" if delivery.attempts > 1 else ""
    if tracked.sent_at is not None:
        answer = console.answer(tracked.answer)
        return tracked.sent_at, f"was sent{tries}" + (f": {answer}" if answer else "")
    error = console.answer(delivery.last_error)
    why = f": {error}" if error else ""
    if tracked.state in {"dead", "dropped"}:
        return delivery.next_try, f"{STATES.get(tracked.state, 'was taken out of the queue')}{tries}{why}"
    due = f", next try {console.when(delivery.next_try, zone)}" if delivery.attempts or tracked.state == "held" else ""
    return delivery.first_queued, f"{STATES.get(tracked.state, tracked.state)}{tries}{due}{why}"


def _of_handled(done: "Handled", zone: str) -> Event:
    until = f" until {console.when(done.until, zone)}" if done.until else ""
    note = f": {done.note}" if done.note else ""
    return Event(done.at, "handled", f"{done.what} by {done.by}{until}{note}", asdict(done))


# --- showing ---------------------------------------------------------------------------------------------------------


def _print_head(story: "Story", now: "Standing", zone: str) -> None:
    console.say(console.one_line(f"{story.id}  {story.severity}  {story.article.title}"), style="bold")
    if founded := story.corroboration:
        voices = counted(founded.independent, "independent voice")
        console.say(
            f"  {counted(founded.articles, 'article')}, {counted(founded.sources, 'source')}, {voices}; "
            f"{_name_of(founded.first, story)} had it first, {console.when(founded.first_at, zone)}"
        )
        console.say(f"  {console.one_line(f'credibility {founded.credibility}, {founded.reason}')}")
        for party in dict.fromkeys((claim.party, claim.words) for claim in founded.claims):
            console.say(f"  {console.one_line(f'told as a claim: {party[0]} ({party[1]})')}")
    for done in filter(None, (now.acknowledged, now.muted)):
        console.say(f"  {console.one_line(f'{done.what} by {done.by}, {console.when(done.at, zone)}')}")


def _name_of(source_id: str, story: "Story") -> str:
    """Return what people call a source of a story."""
    return next((console.one_line(one.source.name) for one in story.members if one.source.id == source_id), source_id)


def _print_events(events: list[Event], zone: str) -> None:
    """Print a line an event; in a terminal what is long goes on below its own beginning."""
    out = console.out()
    grid = Table.grid(padding=(0, 2))
    last = ""
    out.print()
    for event in events:
        at, text = console.when(event.at, zone), console.one_line(event.text, longest=600)
        cells = (at if at != last else "", event.kind, text)
        if out.is_terminal:
            grid.add_row(*(Text(cell) for cell in cells))
        else:
            console.say(f"{cells[0]:16}  {cells[1]:8}  {cells[2]}")
        last = at
    if out.is_terminal:
        out.print(grid)


def _print_channels(threads: "dict[str, Thread]", zone: str) -> None:
    console.say()
    for channel, thread in sorted(threads.items()):
        if channel:
            last = f", last {console.when(thread.last_told, zone)}" if thread.last_told else ""
            told = f"told {counted(thread.told, 'time')}{last}" if thread.told else "told nothing"
            held = ""
            if thread.is_held and thread.decision:
                until = console.when(thread.decision.until, zone)
                held = f"; held by {thread.decision.policy}" + (f" until {until}" if until else "")
            console.say(console.one_line(f"channel {channel}: {told}{held}"))


def _facts(
    story: "Story", parts: list[str], events: list[Event], now: "Standing", threads: "dict[str, Thread]"
) -> dict[str, Any]:
    return {
        "story": story.id,
        "title": story.article.title,
        "severity": story.severity.value,
        "first_seen": story.first_seen,
        "merged": parts[1:],
        "corroboration": asdict(story.corroboration) if story.corroboration else None,
        "acknowledged": asdict(now.acknowledged) if now.acknowledged else None,
        "muted": asdict(now.muted) if now.muted else None,
        "events": [{"at": one.at, "kind": one.kind, "text": one.text, **_apart(one.facts)} for one in events],
        "channels": [
            {
                "channel": channel,
                "told": thread.told,
                "last_told": thread.last_told,
                "held_until": thread.decision.until if thread.is_held and thread.decision else None,
            }
            for channel, thread in sorted(threads.items())
            if channel
        ],
    }


def _apart(facts: dict[str, Any]) -> dict[str, Any]:
    """Return an event's facts in an object of their own, so that no name of theirs hides one of the event."""
    return {"facts": facts} if facts else {}
