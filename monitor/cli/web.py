"""`monitor web`: the process that answers links from messages."""

import os
from typing import Annotated

import typer

from monitor.cli import console
from monitor.errors import UsageError


def web(
    config: console.ConfigOption = None,
    listen: Annotated[
        str, typer.Option("--listen", metavar="ADDRESS:PORT", help="Instead of web.listen in monitor.yaml.")
    ] = "",
    log_format: Annotated[
        str, typer.Option("--log-format", help="auto, text, keys, journal or json.", metavar="FORMAT")
    ] = "auto",
) -> None:
    """Answer links from messages (acknowledge a story) until SIGTERM or Ctrl-C; needs the extra `web`."""
    from monitor import log

    try:
        from monitor.web.serve import serve
    except ModuleNotFoundError as error:
        if error.name not in {"starlette", "uvicorn"}:
            raise
        raise UsageError("this needs the extra `web`: pip install 'osint-monitor[web]'") from None
    if log_format not in log.FORMATS:
        raise UsageError(f"--log-format is one of {', '.join(log.FORMATS)}")
    loaded = console.load_config(config)
    log.setup(format=log_format, level="info", environ=os.environ)
    with console.open_store(loaded, read_only=False) as store:
        serve(loaded, store, environ=os.environ, listen=listen)
