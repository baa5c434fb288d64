"""`monitor rules`: the rules that are live; one file a command, one line a command in `COMMANDS`."""

import importlib
from typing import Any

import typer

from monitor.cli import console

# name -> module:function; their modules import what is heavy inside their functions.
COMMANDS: dict[str, str] = {
    "test": "monitor.cli.rules.test:try_out",
    "backtest": "monitor.cli.rules.backtest:backtest",
    "stats": "monitor.cli.rules.stats:stats",
    "suggest": "monitor.cli.rules.suggest:suggest",
    "trends": "monitor.cli.rules.trends:trends",
    "import": "monitor.cli.rules.import_query:import_query",
    "score": "monitor.cli.rules.score:score",
}

app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="List rules and how often they hit; test, compare and improve them.",
)


@app.callback()
def rules(
    context: typer.Context,
    config: console.ConfigOption = None,
    as_json: console.JsonOption = False,
    as_csv: console.CsvOption = False,
) -> None:
    """List rules and how often they hit; test, compare and improve them.

    Without a command: every rule with its hits; rules that are not live come with the reason.
    """
    from monitor.cli.rules.listing import list_rules

    console.chosen.config = config or console.chosen.config
    if context.invoked_subcommand is None:
        list_rules(as_json=as_json, as_csv=as_csv)


def _load(target: str) -> Any:
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


for _name, _target in COMMANDS.items():
    app.command(_name)(_load(_target))
