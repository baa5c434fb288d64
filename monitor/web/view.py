"""One line of the map of views: its address, and who may call it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from monitor.model import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One address of the page."""

    path: str  # as Starlette writes it: /stories/{id}
    name: str  # unique; `url("name", id=...)` in templates and `ask.url` in views
    call: str  # "module:function" below monitor/web/views
    methods: tuple[str, ...] = ("GET",)
    may: Role | None = Role.VIEWER  # who may call it; None = everybody, also without a login
    nav: str = ""  # its name in the navigation; "" = it is not there
    slow: float = 2.0  # seconds after which its questions to the database are broken off
    plain: bool = False  # needs neither to know who asks nor the database
    basic: bool = False  # for feed readers: a token is also taken as the password of HTTP Basic, and asked for by it
    signed: bool = False  # a POST that carries its own proof (such as a token in the address), and needs no CSRF token

    def function(self) -> Callable[..., Any]:
        """Import and return the function; one that is `async` runs in the event loop and gets no store."""
        module, _, name = self.call.partition(":")
        found: Callable[..., Any] = getattr(import_module(f"monitor.web.views.{module}"), name)
        return found
