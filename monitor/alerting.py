"""EDGE: asks the policies about stories as they change and as time passes, and writes what follows.

The pure part (`monitor.alert`) says of one story on one channel whether it is told, held or dropped, and why. Here it
is handed what the channel knows (`Thread`), and what it said is written: the message that is queued, the thread, and a
row of `decisions` for each decision that is another than the last. All of it lies in the database, in the transaction
of the hits that it follows from: a restart changes nothing, and what is held is looked at again when its time has come.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor import alert
from monitor.alert import gathering, message
from monitor.alert.candidate import Candidate, Recent, articles_of, keys_of
from monitor.alert.clean import cut
from monitor.alert.facts import Facts, united
from monitor.alert.policies import budget, quiet
from monitor.alert.record import carrying
from monitor.alert.route import Way, ways_for
from monitor.alert.spans import span
from monitor.config import Config
from monitor.model import (
    Action,
    Alert,
    Change,
    Decision,
    Digest,
    DigestEntry,
    Handled,
    Severity,
    Silence,
    Story,
    Thread,
)
from monitor.store import Store, Verdict
from monitor.watching import zone_of

HOUR = 3600.0
TRIES = 64  # steps from quiet hours to budget and back, at most, to find when a trend's alert may go
Load = Callable[[str], Story | None]
LAST_DIGEST = "digest {channel} {name}"  # key of table meta: when it was sent last


@dataclass(frozen=True, slots=True)
class Seen:
    """A story with all that the channels know of it."""

    story: Story
    threads: Mapping[str, Thread]  # by channel
    ways: Mapping[str, Way]  # by channel
    recent: Recent
    silences: tuple[Silence, ...]
    handled: tuple[Handled, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would become of a story on a channel."""

    route: str  # that leads there, in words; "" = none does
    thread: Thread  # what the channel knows of it
    policies: Mapping[str, Decision | None]  # in the order in which they are asked; None: it has no opinion
    decision: Decision  # of the first that has one; SEND where none has


class Alerting:
    """The policies of one configuration over a store."""

    def __init__(self, *, config: Config, store: Store, load: Load, backfill: bool = False) -> None:
        """Take what is needed; `load` gives a story as it stands, `backfill`: what a first poll brings is news."""
        self._settings = config.settings
        self._store = store
        self._load = load
        self._backfill = backfill
        self.zone = zone_of(config.settings.timezone)
        self._lookback = max((one.for_ for one in self._settings.inhibit), default=0.0)
        self._mutes = max((one.mutes.rank for one in self._settings.inhibit), default=-1)

    # --- when something happens --------------------------------------------------------------------------------------

    def after(self, changes: Iterable[Change], now: float) -> list[Decision]:
        """Decide on stories that have changed, the most severe first, and return the decisions that are new.

        In the transaction that stored the stories.
        """
        made: list[Decision] = []
        for change in sorted(changes, key=lambda change: -change.story.severity.rank):
            self._fold(change.story.id, change.merged, now)
            seen = self._seen(change.story, now)
            if not self._settings.channels:
                made += self._no_channel(seen, now)
            for channel in self._settings.channels:
                if not self._is_about_to_go(seen, channel, now):
                    made += self._settle(self._candidate(seen, channel, now), now)
        return made

    def _no_channel(self, seen: Seen, now: float) -> list[Decision]:
        """Say that there is nobody to tell."""
        thread = seen.threads.get("") or Thread(story_id=seen.story.id, channel="", opened=now)
        return self._keep(thread, Decision(Action.DROP, "route", "there was no channel; the hit is kept"), now)

    def _is_about_to_go(self, seen: Seen, channel: str, now: float) -> bool:
        """Tell whether it waits in a digest that is due; what is critical does not wait for that."""
        thread = seen.threads.get(channel)
        decision = thread.decision if thread and thread.is_held else None
        due = decision is not None and decision.digest != "" and (decision.until or 0.0) <= now
        return due and seen.story.severity is not Severity.CRITICAL

    def _fold(self, story_id: str, merged: Sequence[str], now: float) -> None:
        """Let a story know what was told of those that have become part of it, so that nothing is told twice."""
        for gone in merged:
            into = self._store.threads.of_story(story_id)
            for channel, thread in self._store.threads.of_story(gone).items():
                older = into.get(channel)
                self._store.threads.save([folded(older, thread) if older else replace(thread, story_id=story_id)])
                why = f"it has become a part of story {story_id}, which knows what was told of it"
                self._store.alerts.decision(gone, channel, Decision(Action.DROP, "merged", why), now)
            self._store.threads.forget([gone])

    # --- as time passes ----------------------------------------------------------------------------------------------

    def on_time(self, now: float, *, settled: bool = False) -> list[Decision]:
        """Look again at what is held and due, tell elsewhere what nobody has answered; return the new decisions.

        `settled`: nothing more will come now, so that nothing has to wait for more.
        """
        with self._store.transaction(durable=True):
            made = self._escalate(now)
            due = self._store.threads.due(now)
            if settled:
                due += [one for one in self._store.threads.held() if one not in due and _policy_of(one) == "group_wait"]
            stories = {one.story_id: self._current(one.story_id, now) for one in due}
            for (channel, digest, _), threads in _by_message(due, stories).items():
                pairs = [(one, stories[one.story_id]) for one in threads]
                made += self._release(channel, digest, pairs, now, settled=settled)
            return made

    def next_due(self) -> float | None:
        """Return when time alone will make something of what is held; None = never."""
        return self._store.threads.next_due()

    def is_due(self, now: float, *, settled: bool = False) -> bool:
        """Tell whether `on_time` has something to do."""
        at = self.next_due()
        return at is not None and (settled or at <= now)

    def _release(
        self, channel: str, digest: str, waiting: Iterable[tuple[Thread, Story | None]], now: float, *, settled: bool
    ) -> list[Decision]:
        """Decide on what was held in one message, or on a story that was held alone."""
        made: list[Decision] = []
        ready: list[tuple[Candidate, Decision]] = []
        for thread, story in waiting:
            if story is None or channel not in self._settings.channels:
                made += self._keep(thread, _nobody(channel, story), now)
                continue
            seen = self._seen(story, now)
            candidate = self._candidate(seen, channel, now, released=bool(digest), settled=settled)
            decision = alert.decide(candidate)
            if decision.action is Action.SEND:
                ready.append((candidate, decision))
            else:
                made += self._keep(candidate.thread, decision, now)
        ready = list({one.story.id: (one, said) for one, said in ready}.values())  # two may have become one
        if digest in self._settings.digests or len(ready) > 1:
            return made + self._tell_together(channel, digest, ready, now)
        return made + [one for candidate, decision in ready for one in self._tell(candidate, decision, now)]

    def _escalate(self, now: float) -> list[Decision]:
        """Tell second channels of what was told, and nobody has done anything about in time."""
        made: list[Decision] = []
        for thread in self._store.threads.unanswered(now):
            self._store.threads.save([replace(thread, escalate_at=None)])
            story = self._current(thread.story_id, now)
            seen = self._seen(story, now) if story else None
            way = seen.ways.get(thread.channel) if seen else None
            if seen is None or way is None or way.escalate is None:
                continue
            why = f"not acknowledged for {span(way.escalate.after)}, told on {thread.channel}"
            for channel in way.escalate.to:
                if channel in self._settings.channels:
                    made += self._settle(self._candidate(seen, channel, now, escalation=why), now)
        return made

    def _current(self, story_id: str, now: float) -> Story | None:
        """Return a story, or what it has become part of since it was asked about: a person has merged them."""
        current = self._store.stories.current(story_id)
        if current != story_id:
            self._fold(current, [story_id], now)
        return self._load(current)

    def outlooks(self, story: Story, now: float) -> dict[str, Outlook]:
        """Return of each channel what would become of a story if it were asked about now; nothing is written."""
        seen = self._seen(story, now)
        candidates = {channel: self._candidate(seen, channel, now) for channel in self._settings.channels}
        return {channel: _outlook(candidate) for channel, candidate in candidates.items()}

    # --- one story on one channel ------------------------------------------------------------------------------------

    def _seen(self, story: Story, now: float) -> Seen:
        """Look up what the policies want to know of a story."""
        settings = self._settings
        threads = self._store.threads.of_story(story.id)
        ways = ways_for(story, settings.routes, settings.channels, settings.digests)
        recent = Recent()
        if any(channel not in threads or not threads[channel].told for channel in ways):
            recent = Recent.of(self._store.alerts.told(keys_of(story), 0.0))
        return Seen(story, threads, ways, recent, self._store.silences.active(now), self._store.handled.of(story.id))

    def _candidate(
        self,
        seen: Seen,
        channel: str,
        now: float,
        *,
        released: bool = False,
        settled: bool = False,
        escalation: str = "",
    ) -> Candidate:
        settings, story = self._settings, seen.story
        thread = seen.threads.get(channel) or Thread(story_id=story.id, channel=channel, opened=now)
        mine = settings.channels[channel]
        muted = story.severity.rank <= self._mutes
        return Candidate(
            story=story,
            channel=channel,
            settings=mine,
            way=seen.ways.get(channel),
            now=now,
            thread=replace(thread, escalation=escalation) if escalation else thread,
            alerts=settings.alerts,
            recent=seen.recent,
            zone=self.zone,
            backfill=self._backfill,
            digests=settings.digests,
            inhibit=settings.inhibit,
            lately=tuple(self._store.threads.told_since(channel, now - self._lookback)) if muted else (),
            silences=seen.silences,
            handled=seen.handled,
            wrong=self._is_wrong(story),
            spent=tuple(self._spent(channel, now)),
            released=released,
            settled=settled,
        )

    def _is_wrong(self, story: Story) -> bool:
        """Say whether a person has marked every hit of a story wrong."""
        pairs = {(hit.article_id, hit.rule_id) for hit in story.hits}
        marks = self._store.marks.of(pairs)
        return bool(pairs) and len(marks) == len(pairs) and all(one.verdict is Verdict.WRONG for one in marks.values())

    def _spent(self, channel: str, now: float) -> list[float]:
        limited = self._settings.channels[channel].budget is not None
        return self._store.threads.spent(channel, now - HOUR) if limited else []

    def _settle(self, candidate: Candidate, now: float) -> list[Decision]:
        """Decide, and do what was decided."""
        decision = alert.decide(candidate)
        if decision.action is Action.SEND:
            return self._tell(candidate, decision, now)
        return self._keep(candidate.thread, decision, now)

    def _keep(self, thread: Thread, decision: Decision, now: float) -> list[Decision]:
        """Write what a story's thread has become; a decision that is the same as the last one is not written again."""
        had = thread.decision
        same = had is not None and replace(had, until=None) == replace(decision, until=None)
        since = thread.since if same else now
        if decision.action is Action.HOLD and had is not None and thread.is_held:
            since = thread.since  # it waits since then, whatever it waits for
        if decision.action is not Action.HOLD:
            thread = replace(thread, escalation="")
        kept = replace(thread, decision=decision, since=since)
        if kept != self._store.threads.get(thread.story_id, thread.channel):
            self._store.threads.save([kept])
        if same and decision.action is not Action.SEND:
            return []
        self._store.alerts.decision(thread.story_id, thread.channel, decision, now)
        return [decision]

    # --- telling -----------------------------------------------------------------------------------------------------

    def _tell(self, candidate: Candidate, decision: Decision, now: float) -> list[Decision]:
        """Queue the message about one story."""
        said = message_of(candidate, decision, now)
        if candidate.settings.secret:
            said = carrying(said, candidate.story, base=self._settings.web.url.rstrip("/"))
        self._queue(said, [candidate.channel], now)
        return self._keep(told(candidate, said, now), decision, now)

    def _tell_together(
        self, channel: str, name: str, ready: Sequence[tuple[Candidate, Decision]], now: float
    ) -> list[Decision]:
        """Queue one message about many stories, and about those that were given up since the last one of its name."""
        if not ready:
            return []
        key = LAST_DIGEST.format(channel=channel, name=name)
        start = min(candidate.thread.since for candidate, _ in ready)
        named = name in self._settings.digests
        if named and (last := self._store.meta.get(key)):
            start = min(float(last), now)
        digest = gathering.digest_of(
            name,
            channel,
            [gathering.entry_of(one.story, one.thread, _why_held(one, said)) for one, said in ready],
            left=self._given_up(channel, start) if named else (),
            start=start,
            zone=self.zone,
            now=now,
        )
        said = gathering.alert_of(digest, [one.story for one, _ in ready])
        if said is None:
            return []
        said = replace(said, data={**said.data, **self._charts(digest, [one.story.id for one, _ in ready])})
        self._store.meta.set(key, f"{now:.3f}")
        self._queue(said, [channel], now)
        made: list[Decision] = []
        for candidate, decision in ready:
            words = f"told in digest {name} ({said.id}): {decision.reason}"
            made += self._keep(told(candidate, said, now), replace(decision, reason=words, digest=name), now)
        return made

    def _charts(self, digest: Digest, stories: Sequence[str]) -> dict[str, object]:
        """Return what the charts of a digest show, as it is now, and which service gets them."""
        wanted = self._settings.digests[digest.name].charts if digest.name in self._settings.digests else "none"
        if wanted == "none":
            return {}
        from monitor.situating import situation  # indicators and voices: only who has digests pays for them

        found = situation(self._store, digest.channel, stories, start=digest.start, end=digest.end, zone=self.zone)
        return {"charts": wanted, "situation": found} if found else {}

    def _given_up(self, channel: str, since: float) -> list[DigestEntry]:
        """Return what was dropped since then because nobody else told it."""
        found = []
        for thread in self._store.threads.dropped_since(channel, "corroboration", since):
            story = self._current(thread.story_id, since)
            if story and thread.decision:
                found.append(gathering.entry_of(story, thread, thread.decision.reason))
        return found

    def _queue(self, said: Alert, channels: Iterable[str], now: float, until: float | None = None) -> None:
        keys = message.deliveries(said, channels, self._settings.channels)
        self._store.alerts.add(said, keys, now, until)

    # --- what is no story --------------------------------------------------------------------------------------------

    def offer(self, said: Alert, channels: Iterable[str], now: float) -> None:
        """Queue the alert of a trend: quiet hours and budget hold it, too, but each alone and to a set time."""
        at: dict[float, list[str]] = {}
        for channel in channels:
            at.setdefault(self._slot(channel, said.severity, now), []).append(channel)
        if not at:
            self._queue(said, (), now)
        for time, together in at.items():
            self._queue(said, together, now, time)

    def _slot(self, channel: str, severity: Severity, now: float) -> float:
        """Return the first moment at which a channel has no quiet hours for this and room in its budget."""
        settings, at = self._settings.channels[channel], now
        spent = self._spent(channel, now)
        for _ in range(TRIES):
            after = quiet.ends(settings.quiet, severity, self.zone, at) or at
            free = budget.room(settings.budget, severity, spent, after) or after
            if free == at:
                break
            at = free
        return at


def _outlook(candidate: Candidate) -> Outlook:
    said = {name: policy(candidate) for name, policy in alert.POLICIES.items()}
    route = candidate.way.reason if candidate.way else ""
    return Outlook(route, candidate.thread, said, alert.decide(candidate))


# --- what follows from a message -------------------------------------------------------------------------------------


def message_of(candidate: Candidate, decision: Decision, now: float) -> Alert:
    """Return what is said about a story: what is new against what the channel knows, or all of it."""
    thread = candidate.thread
    if thread.escalation:
        said = message.alert_of(candidate.story, now=now)
        subject = f"{candidate.story.id}\0{candidate.channel}"
        data = {**said.data, "escalation": thread.escalation}
        title = cut(f"{said.title} ({thread.escalation})", message.TITLE)
        return replace(said, id=message.alert_id("story", subject, decision.reason), title=title, data=data)
    if thread.told:
        return message.update_of(candidate.story, candidate.known, now=now)
    said = message.alert_of(candidate.story, now=now)
    # Channels that are told at different moments are told what is known then, not what the first one heard.
    known = json.dumps([candidate.facts.to_json(), candidate.story.article.id, candidate.story.article.version])
    return replace(said, id=message.alert_id(said.kind, candidate.story.id, known))


def told(candidate: Candidate, said: Alert, now: float) -> Thread:
    """Return what a channel knows after a message about a story."""
    thread, story = candidate.thread, candidate.story
    before = candidate.known if thread.told else Facts()
    facts = united(before, candidate.facts) if thread.told else candidate.facts
    escalate = candidate.way.escalate if candidate.way and not thread.escalation else None
    escalate_at = thread.escalate_at
    if escalate and (before.severity.rank if thread.told else -1) < escalate.severity.rank <= story.severity.rank:
        escalate_at = now + escalate.after
    return replace(
        thread,
        told=thread.told + 1,
        times=(*thread.times, now),
        facts=facts.to_json(),
        heard=thread.heard | {article.id for article in articles_of(story, history=True)},
        watches=thread.watches | candidate.watches,
        alert_id=said.id,
        escalate_at=escalate_at,
        escalation="",
    )


def folded(older: Thread, younger: Thread) -> Thread:
    """Return what a channel knows of two stories that have become one: that they are one is still to be told.

    So the articles of the younger count as if they had joined just now: together both may be better founded.
    """
    last = max(older, younger, key=lambda one: one.last_told or 0.0)
    facts = older.facts or younger.facts
    if older.facts and younger.facts:
        facts = united(Facts.from_json(older.facts), Facts.from_json(younger.facts)).to_json()
    held = older if older.is_held or older.told or not younger.is_held else younger
    times = [one for one in (older.escalate_at, younger.escalate_at) if one is not None]
    return replace(
        older,
        opened=min(older.opened, younger.opened),
        told=older.told + younger.told,
        times=tuple(sorted((*older.times, *younger.times))),
        facts=facts,
        heard=older.heard or younger.heard,
        watches=older.watches | younger.watches,
        alert_id=last.alert_id,
        decision=held.decision,
        since=held.since,
        escalate_at=min(times, default=None),
        escalation=older.escalation or younger.escalation,
    )


def _by_message(due: Iterable[Thread], stories: Mapping[str, Story | None]) -> dict[tuple[str, str, str], list[Thread]]:
    """Put together what goes in one message, the same digest of a channel or one story; the most severe goes first."""
    found: dict[tuple[str, str, str], list[Thread]] = {}
    for thread in sorted(due, key=lambda one: -_rank(stories[one.story_id])):
        digest = thread.decision.digest if thread.decision else ""
        found.setdefault((thread.channel, digest, "" if digest else thread.story_id), []).append(thread)
    return found


def _rank(story: Story | None) -> int:
    return story.severity.rank if story else -1


def _why_held(candidate: Candidate, decision: Decision) -> str:
    held = candidate.thread.decision
    return decision.reason if candidate.thread.told or held is None else held.reason


def _nobody(channel: str, story: Story | None) -> Decision:
    what = f"there is no channel {channel} any more" if story else "the story is not there any more"
    return Decision(Action.DROP, "route", what)


def _policy_of(thread: Thread) -> str:
    return thread.decision.policy if thread.decision else ""
