"""`monitor stories split`: parts articles from their story, for good."""

import time
from typing import Annotated

import typer

from monitor.cli import console
from monitor.cli.show import found_or_not
from monitor.cli.stories.finding import story_or_not
from monitor.wording import counted


def split(
    story: Annotated[str, typer.Argument(help="The story.", metavar="STORY")],
    articles: Annotated[list[str], typer.Argument(help="Ids or URLs of articles in it.", metavar="ARTICLE...")],
    config: console.ConfigOption = None,
) -> None:
    """Part articles from their story, into one of their own; the two are never merged again by themselves.

    It may be done while the monitor runs.
    """
    from monitor import desk

    loaded = console.load_config(config)
    console.open_store(loaded).close()  # for its message where there is no database: splitting must not make one
    with console.open_store(loaded, read_only=False) as store:
        story_id = story_or_not(store, story)
        moved = list(dict.fromkeys(found_or_not(store, one).id for one in articles))
        new = desk.split(store, story_id, moved, time.time())
    console.say(f"story {new} now has {counted(len(moved), 'article')} of {story_id}")
