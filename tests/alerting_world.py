"""Stories that grow as a test says, over a real store; the time is passed in, and what is queued can be asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from monitor.alerting import Alerting
from monitor.config import Config
from monitor.match.rulebook import RuleBook
from monitor.model import (
    Alert,
    Article,
    Change,
    Corroboration,
    Decision,
    Hit,
    Judged,
    Located,
    Member,
    Novelty,
    Severity,
    Source,
    Story,
    Voice,
)
from monitor.settings import Settings
from monitor.story.telling import story_of
from tests import fresh

START = 1_790_035_200.0 - 1_790_035_200.0 % 86400  # midnight, UTC
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
RELIABILITY = "ABCDEF"
SOURCES = tuple(
    Source(
        id=f"source{number}",
        url=f"https://source{number}.example/feed",
        title=f"Source {number}",
        family=f"family{number // 2}",
        reliability=RELIABILITY[number % 6],
        tags=frozenset({"wire"} if number % 3 == 0 else {"blog"}),
    )
    for number in range(12)
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message to a channel, at the moment at which it may go."""

    at: float
    channel: str
    alert: Alert


class World:
    """One database with its configuration, and the time."""

    def __init__(self, path: Path | str, settings: Mapping[str, Any]) -> None:
        """Open the database and start."""
        self.path = Path(path)
        self.now = START
        self.articles = 0
        self.stories: dict[str, Story] = {}
        self.config = configured(settings)
        self.open()

    def open(self) -> None:
        """Start over the same database: what was only remembered is gone."""
        self.store = fresh.store(self.path)
        self.store.sources.sync(list(SOURCES), self.now)
        self.alerting = Alerting(config=self.config, store=self.store, load=self.stories.get)

    def restart(self, settings: Mapping[str, Any] | None = None) -> None:
        """Stop and start, with another configuration where one is given."""
        self.store.close()
        if settings is not None:
            self.config = configured(settings)
        self.open()

    # --- what happens ------------------------------------------------------------------------------------------------

    def report(self, story_id: str, *, title: str = "Troops move toward the border", **changes: Any) -> Change:
        """Let a source bring an article to a story, and return what has changed; nobody is asked yet.

        `changes`: source (number), rule, severity, watch, located, novelty.
        """
        self.articles += 1
        source = SOURCES[changes.pop("source", self.articles % len(SOURCES))]
        article = Article(
            id=f"a{self.articles:012}",
            source_id=source.id,
            identity=str(self.articles),
            url=f"https://{source.id}.example/{self.articles}",
            link=f"https://{source.id}.example/{self.articles}",
            title=f"{title} ({story_id}, {source.id})",
            summary="",
            body="",
            seen_at=self.now,
            language="en",
        )
        hit = Hit(
            article_id=article.id,
            rule_id=changes.pop("rule", "border"),
            rule_name="",
            watch=changes.pop("watch", "North"),
            severity=Severity(changes.pop("severity", "medium")),
            evidence=(),
            at=self.now,
        )
        member = Member(article=article, source=source, hits=(hit,), at=self.now, **changes)
        had = self.stories[story_id].members if story_id in self.stories else ()
        story = corroborated(story_of(story_id, (*had, member)))
        self.stories[story_id] = story
        return Change(story=story, fresh=(hit,), joined=(article.id,))

    def take(self, *changes: Change) -> list[Decision]:
        """Store what has changed and ask the policies, in one transaction as the pipeline does."""
        with self.store.transaction(durable=True):
            for change in changes:
                self._keep(change)
            return self.alerting.after(changes, self.now)

    def tell(self, story_id: str = "s1", **changes: Any) -> list[Decision]:
        """Let an article come and ask the policies."""
        return self.take(self.report(story_id, **changes))

    def _keep(self, change: Change) -> None:
        members = [one for one in change.story.members if one.article.id in change.joined]
        self.store.articles.add([Judged(one.article, one.novelty, "it is new") for one in members])
        self.store.hits.add(change.fresh)
        self.store.stories.add(change.story)

    def merge(self, older: str, younger: str) -> Change:
        """Let two stories prove to be one."""
        members = (*self.stories[older].members, *self.stories.pop(younger).members)
        story = corroborated(story_of(older, members))
        self.stories[older] = story
        self.store.stories.merge(older, younger)
        return Change(story=story, fresh=(), merged=(younger,))

    def wait(self, seconds: float) -> list[Decision]:
        """Let time pass, and look at what is held at the moments at which that is due, as the daemon does."""
        end, made = self.now + seconds, []
        while (due := self.alerting.next_due()) is not None and due <= end:
            assert due >= self.now - 1e-6, "something was due and was not looked at"
            self.now = max(due, self.now)
            made += self.alerting.on_time(self.now)
            after = self.alerting.next_due()
            assert after is None or after > self.now, "what is due stays due"
        self.now = end
        return made

    # --- what came of it ---------------------------------------------------------------------------------------------

    def sent(self, channel: str = "") -> list[Sent]:
        """Return the messages that were queued, in order."""
        rows = self.store._db.rows(
            "SELECT CASE d.state WHEN 'held' THEN d.next_try ELSE d.first_queued END, d.channel, n.id "
            "FROM deliveries AS d JOIN alerts AS n ON n.id = d.alert_id WHERE ?1 IN ('', d.channel) ORDER BY 1, d.id",
            (channel,),
        )
        alerts = {alert.id: alert for _, alert in self.store.alerts.after(0)}
        return [Sent(at, name, alerts[alert_id]) for at, name, alert_id in rows]

    def kinds(self, channel: str = "desk") -> list[str]:
        """Return what kinds of messages a channel got."""
        return [one.alert.kind for one in self.sent(channel)]

    def last(self, story_id: str = "s1", channel: str = "desk") -> Decision:
        """Return the last decision about a story on a channel."""
        thread = self.store.threads.get(story_id, channel)
        assert thread is not None
        assert thread.decision is not None
        return thread.decision

    def why(self, story_id: str = "s1", channel: str = "desk") -> list[str]:
        """Return the policies that decided, in order."""
        return [one.decision.policy for one in self.store.alerts.decisions(story_id) if one.channel == channel]


def configured(settings: Mapping[str, Any]) -> Config:
    """Return a configuration without rules."""
    return Config(Path("."), Settings.model_validate(settings), SOURCES, RuleBook.compile([])[0], (), ())


def corroborated(story: Story) -> Story:
    """Return a story that is founded on one voice for each owner family, the more the more credible."""
    voices: dict[str, list[Member]] = {}
    for member in story.members:
        voices.setdefault(member.source.family, []).append(member)
    return replace(
        story,
        corroboration=Corroboration(
            articles=len(story.members),
            sources=len({member.source.id for member in story.members}),
            voices=tuple(
                Voice(
                    name=name,
                    sources=tuple(one.source.id for one in found),
                    articles=tuple(one.article.id for one in found),
                    first_at=found[0].at,
                    reliability=min(one.source.reliability for one in found),
                )
                for name, found in voices.items()
            ),
            first=story.members[0].source.id,
            first_at=story.members[0].at,
            credibility=max(1, 4 - len(voices)),
            reason="counted",
        ),
    )


def at_place(*countries: str, place: str = "", **borders: float) -> Located:
    """Return where an event is; `borders` are kilometres to neighbours."""
    return Located(countries=countries, place=place, kind="place" if place else "country", sure="sure", borders=borders)


__all__ = ["DAY", "HOUR", "MINUTE", "SOURCES", "START", "Novelty", "Sent", "World", "at_place", "corroborated"]
