"""`/silences`: what is not to be told for a while, by whom, why, and until when; add one, end one."""

import re

from starlette.responses import Response

from monitor.alert.clean import one_line
from monitor.alert.silencing import described
from monitor.errors import UsageError
from monitor.model import Severity, Silence
from monitor.web.ask import Ask
from monitor.web.refusal import not_found

UNITS = {"m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
LONGEST = 366 * 86400.0  # seconds
REASON = 300  # characters
MOST = 100  # silences, those that are over among them, that the page shows


def listing(ask: Ask) -> Response:
    """Show silences, and a form that the address may have filled in (`/silences?rule=drills`)."""
    everything = ask.query.get("all", "") == "1"
    found = ask.store.silences.newest(MOST) if everything else list(reversed(ask.store.silences.active(ask.now)))
    names = ("rule", "watch", "source", "country", "word", "channel")
    return ask.page(
        "silences.html",
        silences=[(one, described(one)) for one in found],
        everything=everything,
        cut=everything and len(found) == MOST,
        given={name: ask.query.get(name, "") for name in (*names, "below", "reason", "for")},
        known=_known(ask),
        severities=list(Severity)[1:],
    )


def _known(ask: Ask) -> dict[str, list[str]]:
    """Return what a silence may name."""
    rules = ask.config.rules.rules
    return {
        "rule": sorted({rule.id for rule in rules}),
        "watch": sorted({rule.watch for rule in rules if rule.watch}),
        "source": sorted(source.id for source in ask.config.sources),
        "channel": sorted(ask.config.settings.channels),
    }


def add(ask: Ask) -> Response:
    """Keep a silence."""
    named = {name: _named(ask, name) for name in ("rule", "watch", "source", "channel")}
    words = tuple(filter(None, [one_line(str(ask.form.get("word", "")))[:200]]))
    below = _severity(str(ask.form.get("below", "")))
    countries = _countries(str(ask.form.get("country", "")))
    if not any((named["rule"], named["watch"], named["source"], words, countries, below)):
        raise UsageError("this would silence every story; name what it is about: a rule, a watch, a source, ...")
    reason = one_line(ask.need("reason"))[:REASON]
    silence = Silence(
        id=0,
        author=ask.user.name if ask.user else "",
        reason=reason,
        start=ask.now,
        end=ask.now + _seconds(ask.need("for")),
        rules=named["rule"],
        watches=named["watch"],
        sources=named["source"],
        channels=named["channel"],
        countries=countries,
        words=words,
        below=below,
    )
    with ask.writing() as store:
        kept = store.silences.add(silence)
    return ask.redirect(ask.back(ask.url("silences")), say=f"Silence {kept.id}: {described(kept)}.")


def _named(ask: Ask, name: str) -> tuple[str, ...]:
    given = str(ask.form.get(name, "")).strip()
    if given and given not in _known(ask)[name]:
        raise UsageError(f"there is no {name} {given!r}")
    return (given,) if given else ()


def _countries(text: str) -> tuple[str, ...]:
    codes = tuple(text.upper().replace(",", " ").split())
    if wrong := next((code for code in codes if not re.fullmatch("[A-Z]{2}", code)), ""):
        raise UsageError(f"{wrong!r} is no country; write two letters, for example BY")
    return codes


def _severity(text: str) -> Severity | None:
    try:
        return Severity(text) if text else None
    except ValueError:
        raise UsageError(f"{text!r} is no severity") from None


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d{1,5})\s*([mhdw])", text.strip())
    seconds = float(found[1]) * UNITS[found[2]] if found else 0.0
    if not 0 < seconds <= LONGEST:
        raise UsageError(f"{text!r} is no duration; write for example 30m, 2h or 3d, a year at most")
    return seconds


def end(ask: Ask) -> Response:
    """End a silence now."""
    number = int(ask.path["id"])
    by = ask.user.name if ask.user else ""
    with ask.writing() as store:
        if store.silences.get(number) is None:
            raise not_found(f"silence {number}")
        over = store.silences.expire(number, by, ask.now)
    said = f"Silence {number} is over." if over else f"Silence {number} was over already."
    return ask.redirect(ask.back(ask.url("silences")), say=said)
