"""`monitor run`: the daemon."""

import logging
import os
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli import console
from monitor.errors import UsageError
from monitor.wording import counted


def run(
    config: console.ConfigOption = None,
    log_format: Annotated[
        str, typer.Option("--log-format", help="auto, text, keys, journal or json.", metavar="FORMAT")
    ] = "auto",
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every poll.")] = False,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="Alert also on what a source holds at its first poll.")
    ] = False,
) -> None:
    """Watch: poll, match and alert until SIGTERM or Ctrl-C; SIGHUP or a changed file reads the configuration again."""
    from monitor import daemon, log
    from monitor.cli.running import service_in
    from monitor.metrics import Metrics

    if log_format not in log.FORMATS:
        raise UsageError(f"--log-format is one of {', '.join(log.FORMATS)}")
    folder = console.folder(config)
    loaded = console.load_config(config)
    redactor = log.setup(format=log_format, level="debug" if verbose else "info", environ=os.environ)
    logging.getLogger("monitor").info(
        "monitor %s watches %s with %s from %s; Ctrl-C or SIGTERM ends it",
        __version__,
        counted(len(loaded.sources), "source"),
        counted(len(loaded.rules.rules), "rule"),
        folder,
    )
    metrics = Metrics()
    work = service_in(folder, backfill=backfill, metrics=metrics, redactor=redactor)
    raise typer.Exit(daemon.run(work, metrics=metrics, address=loaded.settings.metrics.listen))
