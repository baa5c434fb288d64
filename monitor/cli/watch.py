"""`monitor watch`: live stories in a terminal."""

import os
import sys
from typing import Annotated

import typer

from monitor.cli import console
from monitor.cli.person import person
from monitor.errors import UsageError


def watch(
    config: console.ConfigOption = None,
    query: Annotated[
        str, typer.Option("--query", "-q", metavar="FILTERS", help="Begin with these, as after `/`.")
    ] = "",
    by: Annotated[str, typer.Option("--by", help="Who you are; without it the name of your account.")] = "",
) -> None:
    """Follow stories live in this terminal, with the filters and keys of the page; needs the extra `tui`.

    `?` shows the keys. Only what you do is written.
    """
    try:
        from monitor.tui.app import Watch
    except ModuleNotFoundError as error:
        if error.name != "textual":
            raise
        raise console.lacks("tui") from None
    from monitor.tui.desk import Desk

    loaded = console.load_config(config)
    console.open_store(loaded).close()  # for its message where there is no database
    desk = Desk(loaded.database(os.environ), person(by))
    if not console.chosen.colour:
        os.environ["NO_COLOR"] = "1"  # textual asks for it there
    try:
        app = Watch(desk, zone=loaded.settings.timezone, text=query)
        if not all(one.isatty() for one in (sys.stdin, sys.stdout, sys.stderr)):  # it is drawn on the last one
            raise UsageError("this needs a terminal; `monitor stories list` prints stories")
        app.run()
    finally:
        desk.close()
