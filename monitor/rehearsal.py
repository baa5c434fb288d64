"""EDGE: plays the policies over stories that are stored, as if a configuration had held then; nothing is sent.

    stored members, in the order in which they joined | Alerting over a database of its own | messages, by channel

Stories are taken as they are now: what has become one since then is one from its first article on.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from types import TracebackType

from monitor.alert.route import reasons_of
from monitor.alerting import Alerting
from monitor.config import Config
from monitor.model import (
    Action,
    Alert,
    Change,
    Handled,
    Hit,
    Judged,
    Member,
    Severity,
    Source,
    Story,
)
from monitor.settings import Settings
from monitor.store import Decided, Store
from monitor.story.telling import story_of

TOGETHER = 500  # events that share a transaction: nobody else reads this database
KINDS = ("story", "update", "digest", "trend")
Progress = Callable[[int, int], None]
Stop = Callable[[float], bool]  # asked at each moment of the past (epoch seconds): whether to break off there


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


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of one story on one channel."""

    story_id: str
    channel: str
    times: tuple[float, ...]  # of the messages about it, alone or in a digest
    digest: str  # in which it was told first; "" = alone
    why: str  # of the first message: why it was told; of what was not told, why not
    policy: str  # that decided last where it was not told


def never(_: float) -> bool:
    """Do not break off."""
    return False


class Past:
    """What is stored of some days, in the order in which it happened."""

    def __init__(self, store: Store, since: float, until: float, most: int | None = None) -> None:
        """Read it: every story that had a new article since then, from its first article on.

        Of more than `most` stories only those that grew last, and the time in which they did.
        """
        lately = store.stories.lately(since, limit=most) if most else []
        self.is_cut = most is not None and len(lately) >= most
        self.since, self.until = max(since, lately[-1][1]) if self.is_cut else since, until
        since = self.since
        self.silences = store.silences.all()
        self.stories = store.stories.joined_since(since) if most is None else [story_id for story_id, _ in lately]
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
    """One configuration over one past, in a database of its own; close it, or use it in a `with`."""

    def __init__(self, past: Past, config: Config, folder: Path, name: str) -> None:
        """Make an empty database in a folder."""
        config = replace(config, settings=_without_charts(config.settings))
        self._past = past
        self._settings = config.settings
        self._members: dict[str, list[Member]] = {}
        self._stories: dict[str, Story] = {}
        self._sources: dict[str, Source] = {}
        self._stop: Stop = never
        self.reached = past.since  # up to where it was played
        self._store = Store.open(folder / f"{name}.db")
        self._alerting = Alerting(config=config, store=self._store, load=self._stories.get)

    def __enter__(self) -> "Rehearsal":
        """Use it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close its database."""
        self.close()

    def close(self) -> None:
        """Close its database."""
        self._store.close()

    def play(self, progress: Progress, stop: Stop = never) -> float:
        """Play everything, or until `stop` says so, and return up to when it was played (epoch seconds)."""
        self._stop, at = stop, self._past.since
        for silence in self._past.silences:
            self._store.silences.add(silence)
        done, events = 0, iter(self._past.events)
        while together := list(islice(events, TOGETHER)):
            with self._store.transaction():
                for event in together:
                    if stop(event.at):
                        self.reached = max(self._past.since, at)
                        return self.reached
                    self._until(event.at)
                    self._play(event)
                    at = event.at
            done += len(together)
            progress(done, len(self._past.events))
        with self._store.transaction():
            self.reached = self._until(self._past.until)
        return self.reached

    def _until(self, now: float) -> float:
        """Let time pass, and look at what is held at the moments at which it is due; return when that was over."""
        last = float("-inf")
        while (due := self._alerting.next_due()) is not None and last < due <= now:
            if self._stop(due):
                return max(self._past.since, min(due, now))
            self._alerting.on_time(due)
            last = due
        return now

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

    def tallies(self) -> dict[str, Tally]:
        """Return what each channel would have heard, in numbers."""
        found = {channel: Tally() for channel in self._settings.channels}
        for channel, kinds in self._store.threads.messages(self._past.since, self._past.until).items():
            if channel in found:
                found[channel].messages += kinds
        for one in self._decisions():
            if one.channel in found and one.decision.action is not Action.SEND and one.at >= self._past.since:
                tally = found[one.channel]
                (tally.held if one.decision.action is Action.HOLD else tally.dropped)[one.decision.policy] += 1
        for channel, tally in found.items():
            tally.waiting = len(self._store.threads.held(channel))
        return found

    def messages(self, since: float, until: float) -> dict[str, int]:
        """Return how many messages each channel would have got from then (included) to then."""
        found = self._store.threads.messages(since, math.nextafter(until, -math.inf))
        return {channel: sum(kinds.values()) for channel, kinds in found.items() if channel in self._settings.channels}

    def heard(self, until: float) -> dict[tuple[str, str], Heard]:
        """Return what would have become of each story on each channel by then, by both."""
        found: dict[tuple[str, str], list[Decided]] = {}
        for one in self._decisions():
            if one.at <= until and one.channel in self._settings.channels:
                found.setdefault((one.story_id, one.channel), []).append(one)
        return {key: self._heard(*key, decided) for key, decided in found.items()}

    def _heard(self, story_id: str, channel: str, decided: Sequence[Decided]) -> Heard:
        told = [one for one in decided if one.decision.action is Action.SEND and one.at >= self._past.since]
        of = (told or decided[-1:])[0].decision
        return Heard(story_id, channel, tuple(one.at for one in told), of.digest, of.reason, of.policy)

    def _decisions(self) -> Iterator[Decided]:
        for story_id in self._stories:
            yield from self._store.alerts.decisions(story_id)


def _without_charts(settings: Settings) -> Settings:
    """Return settings whose digests have none: nobody looks at them."""
    digests = {name: one.model_copy(update={"charts": "none"}) for name, one in settings.digests.items()}
    return settings.model_copy(update={"digests": digests})
