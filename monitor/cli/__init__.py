"""The command `monitor`: one file per command, one line per command in `COMMANDS`.

Exit codes: 0 fine; 1 it ran, but something is wrong (say which in the command's help); 2 a mistake of the user: a wrong
option, configuration or name; 130 interrupted.
"""

import gc
import importlib
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from monitor import __version__
from monitor.cli import console
from monitor.errors import ConfigError, MonitorError, UsageError

# name -> (module:attribute, one line of help). The attribute is a function or a typer.Typer; a module is imported only
# when its command is called, so that no command pays for another.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("monitor.cli.demo:demo", "Run the whole pipeline on feeds that are served here, and show the alerts."),
    "init": ("monitor.cli.init:init", "Write a commented starter configuration."),
    "check": ("monitor.cli.check:check", "Check all files; tell every problem with its line."),
    "schema": ("monitor.cli.schema:schema", "Print or write the JSON Schemas of the files, for editors."),
    "run": ("monitor.cli.run:run", "Watch: poll, match and alert until it is stopped."),
    "once": ("monitor.cli.once:once", "Poll everything that is due, send what is queued, and end."),
    "status": ("monitor.cli.status:status", "Show sources, rules, channels, the queue and the last tick."),
    "sources": ("monitor.cli.sources:app", "List sources and how they are doing; add, import, export, poll."),
    "hits": ("monitor.cli.hits:app", "List hits, by rule, time, source or text; mark them right or wrong."),
    "show": ("monitor.cli.show:show", "Show one article with its versions, sightings and hits."),
    "explain": ("monitor.cli.explain:explain", "Tell which rules hit, nearly hit and missed an article, and why."),
    "audit": ("monitor.cli.audit:audit", "Look for what was missed: gates, near hits, silent rules and sources."),
    "articles": ("monitor.cli.articles:articles", "List articles, by time, source or text."),
    "rules": ("monitor.cli.rules:app", "List rules and how often they hit; test, compare and improve them."),
    "replay": ("monitor.cli.replay:replay", "Play an archive of items through the rules, as if it had been polled."),
    "stories": ("monitor.cli.stories:app", "List and show stories, split and merge them; measure how right they are."),
    "silence": ("monitor.cli.silence:app", "Do not hear of some stories for a while; list and end silences."),
    "alert": ("monitor.cli.alert:app", "Test channels; list alerts and deliveries; send again."),
    "web": ("monitor.cli.web:app", "Show stories, sources and deliveries in a browser; make accounts."),
    "watch": ("monitor.cli.watch:watch", "Follow stories live in this terminal; needs the extra `tui`."),
    "db": ("monitor.cli.db:app", "Back up, check, prune and count the database."),
}


COMPLETION = ("install_completion", "show_completion")


class Commands(TyperGroup):
    """The commands of `COMMANDS`, each imported when it is called; until then its line of help stands for it."""

    def __init__(self, **options: Any) -> None:
        """Make a placeholder for every command."""
        super().__init__(**options)
        for name, (_, line) in COMMANDS.items():
            self.commands[name] = TyperCommand(name, help=line)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Put the real command in the place of its placeholder, then go on as usual."""
        if args and args[0] in COMMANDS:
            self.commands[args[0]] = load(args[0])
        return super().resolve_command(ctx, args)


def load(name: str) -> Any:
    """Import a command; UsageError where its module is not part of this installation."""
    target, line = COMMANDS[name]
    module, _, attribute = target.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise UsageError(f"the command {name!r} is not part of this installation") from None
    if isinstance(found, typer.Typer):
        command = typer.main.get_command(found)
    else:
        single = typer.Typer(add_completion=False)
        single.command(name, help=found.__doc__ or line)(found)
        command = typer.main.get_command(single)
    command.name = name
    command.params = [one for one in command.params if one.name not in COMPLETION]  # it belongs to the whole program
    return command


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Watches news feeds for what you describe in YAML rules, and alerts once, with the reason.",
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"monitor {__version__}")
        raise typer.Exit


@app.callback()
def options(
    config: console.ConfigOption = None,
    no_color: Annotated[bool, typer.Option("--no-color", help="Print without colours (as NO_COLOR=1 does).")] = False,
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Watches news feeds for what you describe in YAML rules, and alerts once, with the reason."""
    console.chosen.config = config
    console.chosen.colour = not no_color


def execute(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; what the user caused is told as one message."""
    try:
        return _run(arguments)
    except ConfigError as error:
        for problem in error.problems:
            console.print_problem(problem)
    except MonitorError as error:
        console.warn(f"monitor: {error}", style="red")
    except KeyboardInterrupt:
        return console.INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    return console.USER_ERROR


def _run(arguments: Sequence[str] | None) -> int:
    command = typer.main.get_command(app)
    try:
        command(args=list(sys.argv[1:] if arguments is None else arguments), prog_name="monitor")
        sys.stdout.flush()
    except SystemExit as end:
        if not isinstance(end.code, str):
            sys.stdout.flush()
            return end.code or 0
        raise
    return console.FINE


def _reader_left() -> int:
    """End quietly when `| head` has seen enough; nothing more may be written at exit."""
    sys.stdout = open("/dev/null", "w")  # noqa: SIM115 - it lives until the process ends
    return console.FINE


def main() -> None:
    """Be the command `monitor`."""
    gc.set_threshold(50_000, 20, 20)  # what it reads stays to the end; else looking for garbage there costs 50 ms
    sys.exit(execute())
