"""EDGE: what the terminal view reads of the database, and what a person does from there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.alert.handling import Standing, standing
from monitor.errors import UsageError
from monitor.model import Handled, Severity, Story
from monitor.store import Decided, Store, Tracked, Verdict
from monitor.store.notes import Note
from monitor.story.telling import story_of
from monitor.web import filters
from monitor.web.blind import found
from monitor.web.listed import Told, told
from monitor.web.readers import Readers, Writer
from monitor.wording import counted

ROWS = 200  # stories of a list
PATIENCE = 10.0  # seconds for one question
DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Opened:
    """A story whole."""

    story: Story
    standing: Standing
    decisions: Sequence[Decided]
    deliveries: Sequence[Tracked]


class Desk:
    """One person at one database; every method may be called from any thread."""

    def __init__(self, path: Path, by: str) -> None:
        """Work on a database in the name of a person."""
        self._readers = Readers(path)
        self._writer = Writer(path)
        self._by = by

    def close(self) -> None:
        """Close the connections."""
        self._readers.close()
        self._writer.close()

    # --- reading -----------------------------------------------------------------------------------------------------

    def mark(self) -> str:
        """Return a mark that is another one when stories or deliveries have changed; StoreError without a database."""
        with self._readers.reading(PATIENCE) as store:
            marks = store.live.marks()
        return marks["stories"] + marks["deliveries"]

    def blind(self, now: float) -> str:
        """Say in a line what keeps the monitor from seeing or telling; "" where nothing does."""
        with self._readers.reading(PATIENCE) as store:
            return "  ".join(one.title for one in found(store, now))

    def listed(self, given: Mapping[str, Sequence[str]], now: float) -> list[Told]:
        """Return the stories that filters leave, in their order; UsageError for a value that a filter cannot have."""
        wanted = filters.wanted(given, now)
        with self._readers.reading(PATIENCE) as store:
            return told(store, store.listing.page(wanted, now, limit=ROWS), now)

    def opened(self, story_id: str, now: float) -> Opened | None:
        """Return a story, or what it has become part of; None where there is none."""
        with self._readers.reading(PATIENCE) as store:
            current = store.stories.current(story_id)
            members = store.stories.members(current)
            if not members:
                return None
            parts = [current, *store.stories.merged_into(current)]
            return Opened(
                story_of(current, members),
                standing(store.handled.of(current), now),
                [one for part in parts for one in store.alerts.decisions(part)],
                [one for part in parts for one in store.alerts.of_story(part)],
            )

    # --- doing -------------------------------------------------------------------------------------------------------

    def acknowledge(self, story_id: str, now: float) -> str:
        """Take a story in hand; return what was done, in words."""
        self._handle(story_id, "acknowledged", now)
        return "acknowledged: no more is told of it, unless it becomes more severe"

    def mute(self, story_id: str, now: float) -> str:
        """Hear nothing more of a story for a day; return what was done, in words."""
        self._handle(story_id, "muted", now, until=now + DAY)
        return "muted for a day"

    def wrong(self, story_id: str, now: float) -> str:
        """Mark every hit of a story wrong; return what was done, in words."""
        with self._writer.writing() as store, store.transaction(durable=True):
            story = _story(store, story_id)
            pairs = dict.fromkeys((hit.article_id, hit.rule_id) for hit in story.hits)
            store.notes.add(story.id, Note(self._by, now, f"marked all its {counted(len(pairs), 'hit')} wrong"))
            for article_id, rule_id in pairs:
                store.marks.set(article_id, rule_id, Verdict.WRONG, now)
        return f"{len(pairs)} {'hit' if len(pairs) == 1 else 'hits'} marked wrong"

    def _handle(self, story_id: str, what: str, now: float, until: float | None = None) -> None:
        with self._writer.writing() as store, store.transaction(durable=True):
            story = _story(store, story_id)
            severity = story.severity if story.hits else Severity.INFO
            store.handled.add(
                Handled(story_id=story.id, what=what, by=self._by, at=now, until=until, severity=severity)
            )


def _story(store: Store, story_id: str) -> Story:
    story = store.stories.get(story_id)
    if story is None:
        raise UsageError("the story is no longer there")
    return story
