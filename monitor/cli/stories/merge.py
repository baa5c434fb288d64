"""`monitor stories merge`: makes two stories one."""

import time
from typing import Annotated

import typer

from monitor.cli import console
from monitor.cli.stories.finding import story_or_not
from monitor.errors import UsageError


def merge(
    one: Annotated[str, typer.Argument(help="A story.", metavar="STORY")],
    other: Annotated[str, typer.Argument(help="Another one.", metavar="STORY")],
    config: console.ConfigOption = None,
) -> None:
    """Make two stories one: the younger becomes part of the older, whose id stays.

    It may be done while the monitor runs, and undoes a split.
    """
    from monitor import desk

    loaded = console.load_config(config)
    console.open_store(loaded).close()  # for its message where there is no database: merging must not make one
    with console.open_store(loaded, read_only=False) as store:
        first, second = story_or_not(store, one), story_or_not(store, other)
        if first == second:
            raise UsageError(f"{one} and {other} are one story already: {first}")
        older, younger = desk.merge(store, first, second, time.time())
    console.say(f"story {younger} is now part of {older}")
