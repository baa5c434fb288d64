"""`monitor run`: the daemon."""

import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
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
    web: Annotated[bool, typer.Option("--web", help="Show the page, too; needs the extra `web`.")] = False,
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
    page = _show_page(folder, log_format) if web else None
    work = service_in(folder, backfill=backfill, metrics=metrics, redactor=redactor)
    try:
        code = daemon.run(work, metrics=metrics, address=loaded.settings.metrics.listen)
    finally:
        if page is not None:
            page.terminate()
    raise typer.Exit(code)


def _show_page(folder: Path, log_format: str) -> "subprocess.Popen[bytes]":
    """Start `monitor web` beside this process; it ends when this process does, however that ends."""
    from monitor.cli.web import must_be_installed

    must_be_installed()
    command = [sys.executable, "-m", "monitor", "--config", str(folder), "web", "--with-parent"]
    page = subprocess.Popen([*command, "--log-format", log_format], stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603
    threading.Thread(target=_tell_of_its_end, args=(page,), name="page", daemon=True).start()
    return page


def _tell_of_its_end(page: "subprocess.Popen[bytes]") -> None:
    """Say that the page has ended by itself: the monitor goes on, and nobody would know why nothing answers."""
    if page.wait() not in (0, -signal.SIGTERM):
        logging.getLogger("monitor").error(
            "the page has ended; the monitor goes on without it, `monitor web` starts it"
        )
