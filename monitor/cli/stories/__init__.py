"""`monitor stories`: articles that tell one event; one file a command, one line a command in `COMMANDS`."""

import importlib
from typing import Any

import typer

from monitor.cli import console
from monitor.cli.stories import listing

# name -> module:function; their modules import what is heavy inside their functions.
COMMANDS: dict[str, str] = {
    "list": "monitor.cli.stories.listing:show",
    "show": "monitor.cli.stories.show:show",
    "split": "monitor.cli.stories.split:split",
    "merge": "monitor.cli.stories.merge:merge",
    "score": "monitor.cli.stories.score:score",
    "ack": "monitor.cli.stories.handling:acknowledge",
    "mute": "monitor.cli.stories.handling:mute",
    "unmute": "monitor.cli.stories.handling:unmute",
}

app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="List and show stories; split and merge them by hand; measure how right they are.",
)


@app.callback()
def stories(context: typer.Context, config: console.ConfigOption = None) -> None:
    """List and show stories; split and merge them by hand; measure how right they are.

    Without a command: what `monitor stories list` shows.
    """
    console.chosen.config = config or console.chosen.config
    if context.invoked_subcommand is None:
        listing.show()


def _load(target: str) -> Any:
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


for _name, _target in COMMANDS.items():
    app.command(_name)(_load(_target))
