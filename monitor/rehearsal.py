"""EDGE: plays the policies over stories that are stored, as if a configuration had held then; nothing is sent.

    stored members, in the order in which they joined | Alerting over a database of its own | messages, by channel

Stories are taken as they are now: what has become one since then is one from its first article on.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from monitor.alert.route import reasons_of
from monitor.alerting import Alerting
from monitor.config import Config
from monitor.model import (
    Action,
    Alert,
    Change,
    Decision,
    Handled,
    Hit,
    Judged,
    Member,
    Severity,
    Source,
    Story,
)
from monitor.store import Store
from monitor.story.telling import story_of

TOGETHER = 500  # events that share a transaction: nobody else reads this database
KINDS = ("story", "update", "digest", "trend")
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Tally:
    """What one channel would have heard."""

    messages: Counter[str] = field(default_factory=Counter)  # by kind
    held: Counter[str] = field(default_factory=Counter)  # decisions, by policy
    dropped: Counter[str] = field(default_factory=Counter)
    waiting: int = 0  # stories that are still held in the end

    @property
    def total(self) -> int:
        """How many messages."""
        return sum(self.messages.values())


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: an article joined, a person did something, a trend fired."""

    at: float
    what: tuple[str, Member] | Handled | Alert


class Past:
    """What is stored of some days, in the order in which it happened."""

    def __init__(self, store: Store, since: float, until: float) -> None:
        """Read it: every story that had a new article since then, from its first article on."""
        self.since, self.until = since, until
        self.silences = store.silences.all()
        self.stories = store.stories.joined_since(since)
        events: list[Event] = []
        for story_id in self.stories:
            events += [Event(one.at, (story_id, one)) for one in store.stories.members(story_id)]
            events += [Event(one.at, one) for one in store.handled.of(story_id)]
        events += [Event(one.at, one) for _, one in store.alerts.after(0) if one.kind == "trend" and one.at >= since]
        self.events = sorted((one for one in events if one.at <= until), key=lambda event: event.at)

    def sent(self, store: Store) -> dict[str, Counter[str]]:
        """Return how many messages about news channels really got in that time, by kind."""
        return store.threads.messages(self.since, self.until)


class Rehearsal:
    """One configuration over one past."""

    def __init__(self, past: Past, config: Config, folder: Path, name: str) -> None:
        """Make an empty database in a folder."""
        self._past = past
        self._settings = config.settings
        self._members: dict[str, list[Member]] = {}
        self._stories: dict[str, Story] = {}
        self._sources: dict[str, Source] = {}
        self.tallies = {channel: Tally() for channel in self._settings.channels}
        self._store = Store.open(folder / f"{name}.db")
        self._alerting = Alerting(config=config, store=self._store, load=self._stories.get)

    def run(self, progress: Progress) -> dict[str, Tally]:
        """Play everything, and return what each channel would have heard."""
        with self._store:
            for silence in self._past.silences:
                self._store.silences.add(silence)
            done, events = 0, iter(self._past.events)
            while together := list(islice(events, TOGETHER)):
                with self._store.transaction():
                    for event in together:
                        self._until(event.at)
                        self._play(event)
                done += len(together)
                progress(done, len(self._past.events))
            self._until(self._past.until)
            self._count()
        return self.tallies

    def _until(self, now: float) -> None:
        """Let time pass, and look at what is held at the moments at which it is due."""
        last = float("-inf")
        while (due := self._alerting.next_due()) is not None and last < due <= now:
            self._alerting.on_time(due)
            last = due

    def _play(self, event: Event) -> None:
        if isinstance(event.what, Handled):
            if event.what.story_id in self._stories:
                self._store.handled.add(event.what)
        elif isinstance(event.what, Alert):
            self._alerting.offer(event.what, self._channels_of(event.what), event.at)
        else:
            self._join(*event.what, event.at)

    def _join(self, story_id: str, member: Member, now: float) -> None:
        if member.source.id not in self._sources:
            self._sources[member.source.id] = member.source
            self._store.sources.sync(list(self._sources.values()), now)
        members = self._members.setdefault(story_id, [])
        members.append(member)
        story = self._stories[story_id] = story_of(story_id, members)
        self._store.articles.add([Judged(member.article, member.novelty, "it is played again")])
        self._store.hits.add(member.hits)
        self._store.stories.add(story)
        self._alerting.after([Change(story=story, fresh=member.hits, joined=(member.article.id,))], now)

    def _channels_of(self, said: Alert) -> Sequence[str]:
        """Return the channels that hear of a trend; the tags of the sources behind it are not known any more."""
        rules, watches = said.data.get("rules"), said.data.get("watches")
        first = rules[0] if isinstance(rules, list) and rules else {}
        hit = Hit(
            article_id="",
            rule_id=str(first.get("id", "")),
            rule_name="",
            watch=str(watches[0]) if isinstance(watches, list) and watches else "",
            severity=Severity(said.severity),
            evidence=(),
        )
        taken = reasons_of((hit,), Source(id="", url=""), self._settings.routes, self._settings.channels)
        return [name for name in taken if self._settings.channels[name].enabled]

    # --- what came of it ---------------------------------------------------------------------------------------------

    def _count(self) -> None:
        for channel, kinds in self._store.threads.messages(self._past.since, self._past.until).items():
            if channel in self.tallies:
                self.tallies[channel].messages += kinds
        for channel, decision in self._decisions():
            if channel in self.tallies and decision.action is not Action.SEND:
                tally = self.tallies[channel]
                (tally.held if decision.action is Action.HOLD else tally.dropped)[decision.policy] += 1
        for channel, tally in self.tallies.items():
            tally.waiting = len(self._store.threads.held(channel))

    def _decisions(self) -> Iterator[tuple[str, Decision]]:
        for story_id in self._stories:
            for one in self._store.alerts.decisions(story_id):
                if one.at >= self._past.since:
                    yield one.channel, one.decision


def played(past: Past, config: Config, folder: Path, name: str, progress: Progress) -> dict[str, Tally]:
    """Return what each channel of a configuration would have heard; `name` is that of a file in the folder."""
    return Rehearsal(past, replace(config, sources=()), folder, name).run(progress)
