"""What a view is handed: one request, by whom, and the ways to read, to write and to answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from monitor.model import Role
from monitor.store import Store
from monitor.web.access import User, csrf_for, is_csrf, new_visit
from monitor.web.blind import Blind, seen_by
from monitor.web.refusal import Refusal
from monitor.web.view import View

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.web.site import Site

THEMES = ("auto", "light", "dark")
_SAID = 300  # characters of a message that is carried over a redirect


@dataclass(slots=True)
class Ask:
    """One request to a view.

    `ask.query["q"]` and `ask.form["id"]` are what the address and the form say (untrusted text, always),
    `ask.path["id"]` the part of the path in braces, `ask.store` a read-only store, `ask.writing()` one that writes,
    `ask.now` the time (epoch seconds), `ask.config` the configuration, `ask.user` who it is (None before a login).
    """

    request: Request
    site: "Site"
    view: View
    now: float
    config: "Config"
    user: User | None = None
    form: FormData = field(default_factory=FormData)
    lent: Store | None = None
    visit: str = ""  # the cookie to which CSRF tokens of this browser belong
    fresh_visit: bool = False
    forget_said: bool = False
    token: str = ""  # of the forms in this answer

    # --- the question ------------------------------------------------------------------------------------------------

    @property
    def query(self) -> QueryParams:
        """What stands behind the `?`."""
        return self.request.query_params

    @property
    def path(self) -> dict[str, str]:
        """The parts of the path that the map has in braces."""
        return dict(self.request.path_params)

    @property
    def store(self) -> Store:
        """The read-only store, for as long as the view runs."""
        if self.lent is None:
            raise RuntimeError("an async view has no store; use ask.site.readers in a thread")
        return self.lent

    @contextmanager
    def writing(self) -> Iterator[Store]:
        """Lend the store that writes. Reads that decide about the write belong inside of its transaction."""
        with self.site.writer.writing() as store:
            yield store

    def may(self, role: Role | str) -> bool:
        """Say whether this user may do what the role may."""
        return self.user is not None and self.user.role.may(Role(role))

    @property
    def zone(self) -> str:
        """The zone in which times are shown until the browser knows better."""
        return self.config.settings.timezone

    @property
    def theme(self) -> str:
        """`light`, `dark`, or `auto` where the reader has not chosen."""
        said = self.request.cookies.get("theme", "")
        return said if said in THEMES else "auto"

    @property
    def csrf(self) -> str:
        """The token that every form carries in its field `csrf`; asking for it marks the browser by a cookie."""
        if not self.visit:
            self.visit, self.fresh_visit = new_visit(), True
        self.token = self.token or csrf_for(self.visit, self._session)
        return self.token

    @property
    def is_ours(self) -> bool:
        """Whether the form carries a token that this browser was given."""
        return bool(self.visit) and is_csrf(str(self.form.get("csrf", "")), self.visit, self._session)

    @property
    def _session(self) -> str:
        return self.request.cookies.get(self.site.access.session_cookie, "")

    @property
    def said(self) -> str:
        """What the action before a redirect has said, once."""
        text = unquote(self.request.cookies.get("said", ""))[:_SAID]
        self.forget_said = bool(text)
        return text

    @property
    def blind(self) -> "tuple[Blind, ...]":
        """What keeps the monitor from seeing or telling."""
        return seen_by(self)

    @property
    def here(self) -> str:
        """The address of this page, for the field `back` of a form."""
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")

    @property
    def is_fragment(self) -> bool:
        """Whether our own script asks for the changing part of the page only."""
        return self.request.headers.get("x-fragment", "") == "1"

    @property
    def is_slim(self) -> bool:
        """Whether charts are to be drawn for a phone: our script knows, and says it by a cookie; else browsers do."""
        headers, told = self.request.headers, self.request.cookies.get("narrow", "")
        hinted = headers.get("sec-ch-ua-mobile", "") == "?1" or "Mobi" in headers.get("user-agent", "")
        return told == "1" or (hinted and told != "0")

    @property
    def wants_json(self) -> bool:
        """Whether the answer, also to a mistake, should be JSON."""
        path = self.request.url.path
        return path.startswith("/api/") or "application/json" in self.request.headers.get("accept", "")

    # --- the answer --------------------------------------------------------------------------------------------------

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """Fill in a template of monitor/web/templates; see `pages.Pages` for what it knows beside `context`."""
        return HTMLResponse(self.site.pages.render(template, self, context), status_code=status)

    def json(self, data: Any, *, status: int = 200) -> Response:
        """Answer with JSON."""
        return JSONResponse(data, status_code=status)

    def redirect(self, address: str, *, say: str = "") -> Response:
        """Send the browser to another view after an action, and show there what was done."""
        answer = RedirectResponse(address, status_code=303)
        if say:
            text, secure = quote(say[:_SAID]), self.site.access.is_https
            answer.set_cookie("said", text, max_age=60, httponly=True, samesite="lax", secure=secure)
        return answer

    def url(self, name: str, **parts: Any) -> str:
        """Return the address of a view by its name; what is no part of its path becomes the query."""
        return self.site.url(name, **parts)

    def back(self, default: str) -> str:
        """Return the form's field `back` if it is an address of this page, else the default."""
        return local(str(self.form.get("back", ""))) or default

    def need(self, name: str) -> str:
        """Return a field of the form; Refusal 400 where it is missing or empty."""
        if said := str(self.form.get(name, "")).strip():
            return said
        raise Refusal(400, f"The field “{name}” is empty.", "Go back, fill it in and send the form again.")


def local(address: str) -> str:
    """Return an address if it leads to this page itself, else ""; `//evil.example` and `/\\evil.example` do not."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or "\\" in address or not address.isprintable():
        return ""
    return address if address.startswith("/") and not address.startswith("//") else ""
