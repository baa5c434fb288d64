"""The application: the routes, made from the map of views, and what happens around each call of one."""

import inspect
import logging
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, suppress
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from monitor.config import Config
from monitor.errors import MonitorError, StoreError, TooSlow, UsageError
from monitor.signing import signing_key
from monitor.store import Store
from monitor.web import guard
from monitor.web.access import Access, User, is_basic
from monitor.web.ask import Ask
from monitor.web.live import Hub
from monitor.web.packing import packed
from monitor.web.pages import Pages
from monitor.web.readers import Readers, Writer
from monitor.web.refusal import Refusal
from monitor.web.site import ADDRESSES, Site
from monitor.web.view import View
from monitor.web.views import VIEWS

log = logging.getLogger("monitor.web")
FIELDS = 2000  # of a form, at most
VISIT = 400 * 86400  # seconds that a browser is known, as the owner of its forms; no browser keeps more


def create_app(
    config: Config,
    store: Store,
    *,
    environ: Mapping[str, str],
    port: int | None = None,
    clock: Callable[[], float] = time.time,
) -> Starlette:
    """Make the application over an open, writable store; ConfigError where a secret cannot be had.

    `port` is the one that is listened on, where that is not the configured one; the Host header has to name it.
    """
    web = config.settings.web
    readers = Readers(store.path)
    site = Site(
        config=config,
        store=store,
        key=signing_key(web, store, environ=environ),
        pages=Pages(zone=config.settings.timezone, static=ADDRESSES),
        clock=clock,
        access=Access(web, environ=environ),
        readers=readers,
        writer=Writer(store.path, store),
        hub=Hub(readers),
        environ=environ,
        port=port,
    )
    site.pages.environment.globals["url"] = site.url
    site.pages.environment.globals["nav"] = [view for view in VIEWS if view.nav]
    app = Starlette(
        routes=[Route(view.path, _endpoint(site, view), methods=list(view.methods), name=view.name) for view in VIEWS],
        middleware=[Middleware(guard.Guard, hosts=lambda: site.hosts)],
        exception_handlers={404: _missing(site), 405: _missing(site)},
        lifespan=_life(site),
    )
    app.state.site = site
    return app


def _life(site: Site) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """End what runs beside the requests when the server ends."""

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(site.close)

    return life


# --- around a call ---------------------------------------------------------------------------------------------------


def _endpoint(site: Site, view: View) -> Callable[[Request], Awaitable[Response]]:
    """Return what Starlette calls for a view."""

    async def answer(request: Request) -> Response:
        site.renew()
        ask = Ask(request=request, site=site, view=view, now=site.clock(), config=site.config)
        ask.visit = request.cookies.get(site.access.visit_cookie, "")
        try:
            if request.method == "POST":
                ask.form = await _form(request)
            function = view.function()
            if inspect.iscoroutinefunction(function):
                await run_in_threadpool(_admit, ask)
                found = await function(ask)
            else:
                found = await run_in_threadpool(_call, ask, function)
        except Exception as error:  # whatever a view raises becomes a page
            found = await run_in_threadpool(refused, ask, error)
        return _marked(ask, found)

    return answer


def _call(ask: Ask, function: Callable[[Ask], Response]) -> Response:
    """Call a view in this thread, with a store that reads."""
    with ExitStack() as stack:
        if not ask.view.plain:
            ask.lent = stack.enter_context(ask.site.readers.reading(ask.view.slow))
            _judge(ask)
        found = function(ask)
    is_program = ask.user is not None and ask.user.by == "token"
    return packed(found, ask.request.headers, is_https=ask.site.access.is_https, is_program=is_program)


def _admit(ask: Ask) -> None:
    """Find out who asks, for a view that gets no store."""
    with ask.site.readers.reading(ask.view.slow) as ask.lent:
        _judge(ask)
    ask.lent = None


def _judge(ask: Ask) -> None:
    """Find out who asks; Refusal where they may not."""
    ask.user = _who(ask)
    needed = ask.view.may
    if needed is not None and ask.user is None:
        raise Refusal(401, "You are not logged in.", _HOW[ask.view.basic], headers=_CHALLENGE[ask.view.basic])
    if needed is not None and ask.user is not None and not ask.user.role.may(needed):
        advice = f"It needs the role “{needed.value}”; you are a {ask.user.role.value}. Ask whoever runs this monitor."
        raise Refusal(403, "You may not do this.", advice)
    if ask.user is not None and ask.user.note:
        with suppress(StoreError), ask.writing() as store:  # reading goes on where nothing can be written
            store.people.seen(ask.user.note, ask.now)
    if ask.request.method == "POST" and not ask.view.signed and not (ask.user and ask.user.by == "token"):
        _must_be_ours(ask)


# By whether a view is for feed readers, which know no other way than HTTP Basic.
_HOW = {
    False: "Log in and try again.",
    True: "Log in, or show a token of web.tokens: as the password of HTTP Basic, with any name, or as Bearer.",
}
_CHALLENGE = {
    False: {"WWW-Authenticate": "Bearer"},
    True: {"WWW-Authenticate": 'Basic realm="monitor: a token as password", charset="UTF-8", Bearer'},
}


def _who(ask: Ask) -> User | None:
    """Find out who asks; Refusal for who guesses at tokens where people may be asked for one."""
    access, throttle = ask.site.access, ask.site.throttle
    if not (ask.view.basic and is_basic(ask.request)):
        return access.who(ask.request, ask.store, ask.now)
    keys = (f"token {access.address(ask.request)}",)
    if (pause := throttle.pause(keys, ask.now)) > 0:
        seconds = str(math.ceil(pause))
        advice = f"Wait {seconds} seconds and try again; whoever runs this monitor knows the tokens of web.tokens."
        raise Refusal(429, "Too many wrong tokens.", advice, headers={"Retry-After": seconds})
    user = access.who(ask.request, ask.store, ask.now, basic=True)
    if user is None:  # only a wrong one counts: a reader with many feeds asks for all of them at once
        throttle.begin(keys, ask.now)
    return user


def _must_be_ours(ask: Ask) -> None:
    """Refusal for a form that another page may have sent in this browser's name."""
    headers = ask.request.headers
    origin = headers.get("origin", "")
    # Our own forms say "null" themselves, as pages without a referrer do.
    foreign = origin not in ("", "null") and origin.partition("://")[2].lower() != headers.get("host", "").lower()
    foreign = foreign or headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    if foreign or not ask.is_ours:
        advice = "Nothing was changed. Load the page anew and try again; cookies must be allowed for it."
        raise Refusal(403, "This form is too old, or was not one of this page.", advice)


async def _form(request: Request) -> FormData:
    """Read a form of simple fields; Refusal where it is none."""
    if request.headers.get("content-type", "application/x-www-form-urlencoded").split(";")[0] != (
        "application/x-www-form-urlencoded"
    ):
        raise Refusal(415, "This is no form.", "Send application/x-www-form-urlencoded.")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > guard.LARGEST:
            raise Refusal(413, "This is too much at once.", f"A form may have {guard.LARGEST // 1024} KiB.")
    try:
        fields = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError:
        raise Refusal(400, "This form cannot be read.", "Load the page anew and try again.") from None
    return FormData([(name, value) for name, value in fields])


def _marked(ask: Ask, answer: Response) -> Response:
    """Set the cookies that the page asked for on the way."""
    if ask.fresh_visit:
        # It outlasts the browser: tabs restored all at once would each get another one, and send forms in vain.
        secure = ask.site.access.is_https
        answer.set_cookie(
            ask.site.access.visit_cookie, ask.visit, max_age=VISIT, httponly=True, samesite="lax", secure=secure
        )
    if ask.forget_said and answer.status_code < 300:
        answer.delete_cookie("said")
    return answer


# --- when something is wrong -----------------------------------------------------------------------------------------


def refused(ask: Ask, error: Exception) -> Response:
    """Return the page, or JSON, that says what is wrong and what to do."""
    found = _refusal_of(error)
    if (
        found.status == 401
        and not (ask.wants_json or ask.view.basic or ask.is_fragment)
        and ask.request.method == "GET"
    ):
        return RedirectResponse(ask.url("login", next=ask.here), status_code=303)
    if ask.wants_json:
        data = {"error": found.title, "advice": found.advice}
        return JSONResponse(data, status_code=found.status, headers=found.headers)
    answer = ask.page("error.html", status=found.status, refusal=found)
    answer.headers.update(found.headers)
    return answer


def _refusal_of(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, UsageError):
        return Refusal(400, str(error), "Go back, change it and try again.")
    if isinstance(error, TooSlow):
        return Refusal(503, "This took too long and was broken off.", "Ask for less: a shorter time, or more filters.")
    if isinstance(error, StoreError):
        log.warning("%s", error)
        return Refusal(503, "The database cannot be used now.", str(error))
    log.error("a view failed: %s", error, exc_info=error)
    advice = "The log of `monitor web` says why; if it happens again, please report it."
    return Refusal(500, str(error) if isinstance(error, MonitorError) else "This page could not be made.", advice)


def _missing(site: Site) -> Callable[[Request, Any], Awaitable[Response]]:
    """Return what answers an address that is none of ours."""

    async def answer(request: Request, error: Any) -> Response:
        view = View(path=request.url.path, name="missing", call="", may=None)
        ask = Ask(request=request, site=site, view=view, now=site.clock(), config=site.config)
        ask.visit = request.cookies.get(site.access.visit_cookie, "")
        if error.status_code == 405:
            refusal = Refusal(405, "This cannot be done here.", "Go back and use the links and buttons of the page.")
        else:
            refusal = Refusal(404, "There is no such page.", "Look at the address, or begin at the start page.")
        return _marked(ask, await run_in_threadpool(refused, ask, refusal))

    return answer
