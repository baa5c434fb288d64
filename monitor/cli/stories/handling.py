"""`monitor stories ack`, `mute` and `unmute`: what a person does about a story."""

import time
from typing import Annotated

import typer

from monitor.cli import console, filters
from monitor.cli.person import person
from monitor.cli.stories.finding import story_or_not
from monitor.errors import UsageError
from monitor.model import Handled

StoryArgument = Annotated[
    str, typer.Argument(metavar="STORY", help="A story's id, or that of one of its articles, or a hit's number.")
]
NoteOption = Annotated[str, typer.Option("--note", help="What to remember about it.")]
ByOption = Annotated[str, typer.Option("--by", help="Who; without it the name of your account.")]
LONGEST = 500  # characters of a note


def acknowledge(
    story: StoryArgument, note: NoteOption = "", by: ByOption = "", config: console.ConfigOption = None
) -> None:
    """Say that somebody has a story in hand: nothing more of it is told unless it becomes more severe."""
    _handle(config, story, Handled(story_id="", what="acknowledged", by=person(by), at=time.time(), note=note))


def mute(
    story: StoryArgument,
    for_: Annotated[str, typer.Option("--for", metavar="DURATION", help="30m, 2h, 3d; without it for good.")] = "",
    note: NoteOption = "",
    by: ByOption = "",
    config: console.ConfigOption = None,
) -> None:
    """Hear nothing more of a story, whatever becomes of it."""
    now = time.time()
    until = now + filters.duration(for_) if for_ else None
    _handle(config, story, Handled(story_id="", what="muted", by=person(by), at=now, note=note, until=until))


def unmute(story: StoryArgument, note: NoteOption = "", by: ByOption = "", config: console.ConfigOption = None) -> None:
    """Hear of a muted or acknowledged story again, when there is something new."""
    _handle(config, story, Handled(story_id="", what="unmuted", by=person(by), at=time.time(), note=note))


def _handle(config: str | None, what: str, done: Handled) -> None:
    """Keep what was done about a story, and say what follows."""
    from dataclasses import replace

    if len(done.note) > LONGEST:
        raise UsageError(f"a note has at most {LONGEST} characters")
    loaded = console.load_config(config)
    with console.open_store(loaded, read_only=False) as store:
        story = store.stories.get(story_or_not(store, what))
        if story is None:
            raise AssertionError("a story has its articles")
        store.handled.add(replace(done, story_id=story.id, severity=story.severity))
    until = f" until {console.when(done.until, loaded.settings.timezone)}" if done.until else ""
    console.say(console.one_line(f"{story.id} is {done.what}{until}: {story.article.title}"))
