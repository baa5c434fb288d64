"""EDGE: the web process: one socket, one server, until SIGTERM or Ctrl-C."""

import logging
import socket
from collections.abc import Mapping

import uvicorn

from monitor.config import Config
from monitor.errors import MonitorError
from monitor.store import Store
from monitor.web.app import create_app
from monitor.web.guard import must_be_safe, place_of

log = logging.getLogger("monitor.web")
ENOUGH = 64  # requests at once; more are told to come again
PATIENCE = 5  # seconds that a connection may stay idle, and that a stop waits for what is under way


def serve(config: Config, store: Store, *, environ: Mapping[str, str], listen: str = "") -> None:
    """Answer until the process is told to end; ConfigError or MonitorError where it cannot listen."""
    web = config.settings.web
    place = listen or web.listen
    must_be_safe(web, place)
    with bound(place) as door:
        port = int(door.getsockname()[1])
        app = create_app(config, store, environ=environ, port=port)
        log.info(
            "the web process answers on http://%s:%d%s",
            place_of(place)[0],
            port,
            f", known as {web.url}" * bool(web.url),
        )
        server_of(app).run(sockets=[door])


def bound(listen: str) -> socket.socket:
    """Return a listening socket; MonitorError where the address is taken or not ours."""
    host, port = place_of(listen)
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise MonitorError(f"web.listen: cannot listen on {listen}: {error.strerror or error}") from None


def server_of(app: object) -> uvicorn.Server:
    """Return a server that logs no addresses: a link is a key, and belongs into no log."""
    return uvicorn.Server(
        uvicorn.Config(
            app,  # type: ignore[arg-type]
            access_log=False,
            log_config=None,
            proxy_headers=False,
            server_header=False,
            lifespan="off",
            ws="none",
            limit_concurrency=ENOUGH,
            timeout_keep_alive=PATIENCE,
            timeout_graceful_shutdown=PATIENCE,
        )
    )
