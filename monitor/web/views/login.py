"""`/login`, `/logout`: local accounts; wrong passwords slow down whoever sends them."""

import logging
import math
import secrets

from starlette.responses import Response

from monitor.web import passwords
from monitor.web.ask import Ask, local
from monitor.web.refusal import Refusal

log = logging.getLogger("monitor.web")


def form(ask: Ask) -> Response:
    """Show the form, or go on where nobody needs to log in."""
    goal = local(ask.query.get("next", "")) or ask.url("start")
    if ask.user is not None:
        return ask.redirect(goal)
    return ask.page("login.html", goal=goal, name="", wrong="")


def login(ask: Ask) -> Response:
    """Check name and password and begin a session."""
    name, password = str(ask.form.get("name", "")).strip(), str(ask.form.get("password", ""))
    goal = local(str(ask.form.get("next", ""))) or ask.url("start")
    keys = (f"address {ask.site.access.address(ask.request)}", f"name {name[:100].lower()}")
    if (pause := ask.site.throttle.begin(keys, ask.now)) > 0:
        raise _too_many(pause)
    person = ask.store.people.get(name) if len(password) <= passwords.LONGEST else None
    if not passwords.is_right(password[: passwords.LONGEST], person.password if person else None):
        log.warning("a login as %r from %s failed", name[:100], keys[0].partition(" ")[2])
        return ask.page("login.html", status=403, goal=goal, name=name, wrong="Name or password is wrong.")
    ask.site.throttle.passed(keys)
    token = secrets.token_urlsafe(32)
    with ask.writing() as store:
        if before := ask.request.cookies.get(ask.site.access.session_cookie, ""):
            store.people.end(before)
        store.people.begin(token, name, ask.now, lasts=ask.site.access.settings.session)
    answer = ask.redirect(goal)
    answer.set_cookie(
        ask.site.access.session_cookie, token, httponly=True, samesite="lax", secure=ask.site.access.is_https
    )
    return answer


def _too_many(pause: float) -> Refusal:
    seconds = math.ceil(pause)
    advice = f"Wait {seconds} seconds and try again. Whoever runs this monitor can set a new password."
    return Refusal(429, "Too many wrong passwords.", advice, headers={"Retry-After": str(seconds)})


def logout(ask: Ask) -> Response:
    """End the session."""
    if token := ask.request.cookies.get(ask.site.access.session_cookie, ""):
        with ask.writing() as store:
            store.people.end(token)
    answer = ask.redirect(ask.url("login"), say="You are logged out.")
    access = ask.site.access
    answer.delete_cookie(access.session_cookie, httponly=True, samesite="lax", secure=access.is_https)
    return answer
