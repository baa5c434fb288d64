"""`monitor web`: the page; and its accounts."""

import os
import re
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli import console
from monitor.errors import UsageError
from monitor.model import Person, Role

if TYPE_CHECKING:
    from monitor.store import Store

app = console.commands(
    invoke_without_command=True,
    help="""Show stories, sources and deliveries in a browser until SIGTERM or Ctrl-C; needs the extra `web`.

    On a loopback address nobody needs to log in as long as there are no accounts; on any other one they must.""",
)
user = typer.Typer(no_args_is_help=True, help="Accounts of the page: add, list, remove.")
app.add_typer(user, name="user")
NEEDED = {"starlette", "uvicorn", "argon2"}
NAME = re.compile(r"[\w.@+-]{1,60}")


@app.callback()
def web(
    context: typer.Context,
    config: console.ConfigOption = None,
    listen: Annotated[
        str, typer.Option("--listen", metavar="ADDRESS:PORT", help="Instead of web.listen in monitor.yaml.")
    ] = "",
    log_format: Annotated[
        str, typer.Option("--log-format", help="auto, text, keys, journal or json.", metavar="FORMAT")
    ] = "auto",
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Serve the page, unless a command is called."""
    console.chosen.config = config or console.chosen.config
    if context.invoked_subcommand is not None:
        return
    from monitor import log

    must_be_installed()
    from monitor.web.serve import serve

    if log_format not in log.FORMATS:
        raise UsageError(f"--log-format is one of {', '.join(log.FORMATS)}")
    loaded = console.load_config()
    log.setup(format=log_format, level="info", environ=os.environ)
    if with_parent:
        threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    with console.open_store(loaded, read_only=False) as store:
        serve(loaded, store, environ=os.environ, listen=listen)


def _end_with_parent() -> None:
    """Stop when standard input is closed: the process that started this one is gone."""
    while os.read(sys.stdin.fileno(), 1024):  # past Python's buffer, whose lock would stand in the way of an early end
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def must_be_installed() -> None:
    """UsageError where the extra `web` is not installed."""
    try:
        import monitor.web.passwords
        import monitor.web.serve  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name not in NEEDED:
            raise
        raise console.lacks("web") from None


# --- accounts --------------------------------------------------------------------------------------------------------


@user.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Letters, digits and . _ @ + -")],
    role: Annotated[str, typer.Option("--role", help="viewer, triager or admin.")] = "triager",
    config: console.ConfigOption = None,
) -> None:
    """Make an account, or give one another password and role; asks for the password, or reads one line of stdin.

    Whoever is logged in under this name has to log in again.
    """
    must_be_installed()
    from monitor.web import passwords

    if not NAME.fullmatch(name):
        raise UsageError(f"{console.one_line(name)!r} is no name; use letters, digits and . _ @ + -")
    if role not in list(Role):
        raise UsageError(f"there is no role {role!r}; write one of {', '.join(Role)}")
    password = _password()
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise UsageError(f"a password has at least {passwords.SHORTEST} characters")
    with _store(config) as store:
        had = store.people.get(name)
        person = Person(name=name, role=Role(role), password=passwords.hashed(password), since=time.time())
        store.people.put(person)
    console.say(f"{name} may log in now as {role}" if had is None else f"{name} has a new password, and is {role}")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


@user.command("list")
def list_(config: console.ConfigOption = None, as_json: console.JsonOption = False) -> None:
    """List the accounts."""
    loaded = console.load_config(config)
    with console.open_store(loaded) as store:
        found = store.people.all()
    rows = [{"name": one.name, "role": one.role.value, "since": one.since} for one in found]
    table = console.make_table("name", "role", "since")
    for one in found:
        console.add_row(table, one.name, one.role.value, console.when(one.since, loaded.settings.timezone))
    console.show(rows, as_json=as_json, as_csv=False, table=table, empty="no accounts")


@user.command("remove")
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose.")], config: console.ConfigOption = None
) -> None:
    """Remove an account; whoever is logged in under it is logged out."""
    with _store(config) as store:
        if not store.people.remove(name):
            raise UsageError(f"there is no account {name!r}; `monitor web user list` shows them")
        left = store.people.any()
    console.say(
        f"{name} may no longer log in"
        + ("" if left else "; that was the last account, and on a loopback address nobody needs one now")
    )


def _store(config: str | None) -> "Store":
    return console.open_store(console.load_config(config), read_only=False)
