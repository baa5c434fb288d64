"""EDGE: the web process: one socket, one server, until SIGTERM or Ctrl-C."""

import errno
import logging
import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from monitor.config import Config
from monitor.errors import MonitorError
from monitor.store import Store
from monitor.web.access import Access
from monitor.web.app import create_app
from monitor.web.guard import must_be_named, place_of
from monitor.web.protocol import Connection
from monitor.web.warming import warm

log = logging.getLogger("monitor.web")
ENOUGH = 256  # connections at once, those that only listen for changes among them; more are told to come again
IDLE = 30  # seconds that a connection may stay idle
PATIENCE = 2  # seconds that a stop waits for what is under way
FIRST_SOCKET = 3  # file descriptor of the first socket that systemd hands over


def serve(config: Config, store: Store, *, environ: Mapping[str, str], listen: str = "") -> None:
    """Answer until the process is told to end; ConfigError or MonitorError where it cannot listen."""
    place = listen or config.settings.web.listen
    must_be_named(config.settings.web, place)
    with handed_over(environ) or bound(place) as door:
        config = _listening(config, door)
        must_be_named(config.settings.web, config.settings.web.listen)
        _tell(config, store, environ)
        answer(config, store, door, environ=environ)


def answer(
    config: Config,
    store: Store,
    door: socket.socket,
    *,
    environ: Mapping[str, str],
    clock: Callable[[], float] = time.time,
) -> None:
    """Answer at a listening socket until the process is told to end; who asks before it is warm waits there."""
    app = create_app(config, store, environ=environ, port=_port(door), clock=clock)
    warm(app.state.site)
    server_of(app).run(sockets=[door])


def _listening(config: Config, door: socket.socket) -> Config:
    """Return the configuration with the address that is really listened on: who may ask depends on it."""
    if door.family == socket.AF_UNIX:
        return config
    host, port = door.getsockname()[:2]
    listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = config.settings.web.model_copy(update={"listen": listen})
    return replace(config, settings=config.settings.model_copy(update={"web": web}))


def _port(door: socket.socket) -> int | None:
    return None if door.family == socket.AF_UNIX else int(door.getsockname()[1])


def _tell(config: Config, store: Store, environ: Mapping[str, str]) -> None:
    """Say where to go, and what is missing before anybody can come in."""
    web = config.settings.web
    log.info("the page is at http://%s%s", web.listen, f", known as {web.url}" if web.url else "")
    access = Access(web, environ=environ)
    if not access.is_open(store) and not access.has_a_way_in(store):
        log.warning("nobody can log in yet: `monitor web user add NAME` makes an account")


# --- sockets ---------------------------------------------------------------------------------------------------------


def handed_over(environ: Mapping[str, str]) -> socket.socket | None:
    """Return the listening socket that systemd has opened (monitor-web.socket), or None where it has not."""
    if environ.get("LISTEN_PID") != str(os.getpid()) or not environ.get("LISTEN_FDS", "").isdecimal():
        return None
    if int(environ["LISTEN_FDS"]) != 1:
        raise MonitorError(f"systemd handed over {environ['LISTEN_FDS']} sockets; monitor-web.socket may have one only")
    os.set_inheritable(FIRST_SOCKET, False)
    return socket.socket(fileno=FIRST_SOCKET)


def bound(listen: str) -> socket.socket:
    """Return a listening socket; MonitorError where the address is taken or not ours."""
    host, port = place_of(listen)
    try:
        door = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "another program listens there, perhaps a page already" if taken else error.strerror or error
        advice = "write another address into web.listen in monitor.yaml, or `monitor web --listen ADDRESS:PORT`"
        raise MonitorError(f"cannot listen on {listen}: {why}; {advice}") from None
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each answer waits 40 ms for the other side
    return door


class Server(uvicorn.Server):
    """A server that first sends away the pages that listen for changes: they would not go by themselves."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what listens, then the rest."""
        await run_in_threadpool(self.config.app.state.site.hub.close)  # type: ignore[union-attr]
        await super().shutdown(sockets)


def server_of(app: Starlette) -> Server:
    """Return a server that logs no addresses: a link is a key, and belongs into no log."""
    return Server(
        uvicorn.Config(
            app,
            http=Connection,
            access_log=False,
            log_config=None,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            lifespan="on",
            ws="none",
            limit_concurrency=ENOUGH,
            timeout_keep_alive=IDLE,
            timeout_graceful_shutdown=PATIENCE,
        )
    )
