"""Templates become answers; everything that is put in is escaped, and a name that is not there is an error."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.responses import HTMLResponse

from monitor import __version__, wording
from monitor.charts.scale import whole

if TYPE_CHECKING:
    from monitor.web.ask import Ask

_TEMPLATES = Path(__file__).parent / "templates"
_STEPS = ((86400.0 * 2, 86400.0, "d"), (5400.0, 3600.0, "h"), (90.0, 60.0, "m"), (0.0, 1.0, "s"))
# Control and bidi characters can turn a line around or hide a part of it.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class Pages:
    """The templates of this folder.

    Beside its own values a template knows `ask` (with `ask.csrf`, `ask.user`, `ask.theme`, `ask.now`, `ask.may`),
    `url(name, ...)`, `static(file)`, `nav` and these filters: `clock` and `ago` (seconds since the epoch to `<time>`),
    `day` (`Mon 2026-05-11`), `span` (seconds to `5m`), `line` (one clean line), `web` (an address if it is http or
    https, else ""), `host`, `whole` (2000 to `2 000`).
    """

    def __init__(self, *, zone: str, static: dict[str, str] | None = None, url: Any = None) -> None:
        """Show times in a zone such as "Europe/Warsaw"; `static` gives a file's address, `url` a view's."""
        self._zone = ZoneInfo(zone)
        self.environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals |= {
            "static": (static or {}).__getitem__,
            "url": url,
            "counted": counted,
            "version": __version__,
        }
        self.environment.filters |= {
            "when": self.when,
            "clock": self.clock,
            "ago": self.ago,
            "day": day,
            "span": span,
            "line": line,
            "web": web,
            "whole": whole,
            "host": host,
        }

    def render(self, name: str, ask: "Ask", values: dict[str, Any]) -> str:
        """Fill in a template for one request."""
        return self.environment.get_template(name).render({"ask": ask, "zone": self._zone.key, **values})

    def answer(self, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Return a page that needs no request, only its own values."""
        return HTMLResponse(self.environment.get_template(name).render(values), status_code=status)

    # --- times -------------------------------------------------------------------------------------------------------

    def when(self, at: float) -> str:
        """Say a point in time, seconds since the epoch, for a person."""
        return datetime.fromtimestamp(at, UTC).astimezone(self._zone).strftime("%d %b %Y, %H:%M %Z")

    def clock(self, at: float | None) -> Markup:
        """Return a `<time>` such as `2026-05-10 14:03`; the script shows it in the reader's zone."""
        return self._time(at, "clock", None)

    @staticmethod
    @pass_context
    def ago(context: Context, at: float | None) -> Markup:
        """Return a `<time>` such as `5m ago` or `in 2h`; the script keeps it true while the page is open."""
        pages: Pages = context["ask"].site.pages
        return pages._time(at, "ago", context["ask"].now)

    def _time(self, at: float | None, form: str, now: float | None) -> Markup:
        if at is None:
            return Markup('<span class="none">never</span>')
        try:
            utc = datetime.fromtimestamp(at, UTC)
            here = utc.astimezone(self._zone)
        except (OverflowError, ValueError, OSError):
            return Markup('<span class="none">?</span>')
        text = here.strftime("%Y-%m-%d %H:%M") if now is None else since(at, now)
        title = f"{here:%Y-%m-%d %H:%M:%S %Z} · {utc:%Y-%m-%d %H:%M:%S} UTC"
        stamp = utc.strftime("%Y-%m-%dT%H:%M:%SZ")
        return Markup('<time datetime="{}" title="{}" data-time="{}">{}</time>').format(stamp, title, form, text)


# --- filters ---------------------------------------------------------------------------------------------------------


def counted(number: int, word: str, plural: str = "") -> str:
    """Return `1 source` or `2 000 sources`, the thousands apart as in the charts."""
    return wording.counted(number, word, plural).replace(str(number), whole(number), 1)


def span(seconds: float | None) -> str:
    """Say a number of seconds as `40s`, `15m`, `6h` or `2d`; "" for none."""
    if seconds is None:
        return ""
    _, unit, letter = next(step for step in _STEPS if abs(seconds) >= step[0])
    return f"{seconds / unit:.0f}{letter}"


def day(at: float) -> str:
    """Say a day, by its first second in UTC, as `Mon 2026-05-11`."""
    return datetime.fromtimestamp(at, UTC).strftime("%a %Y-%m-%d")


def since(at: float, now: float) -> str:
    """Say how far a point in time is from now: `5m ago`, `in 2h`."""
    return f"in {span(at - now)}" if at > now else f"{span(now - at)} ago"


def line(text: object, longest: int = 0) -> str:
    """Make one line of a text, without characters that could deceive; cut to so many where `longest` is given."""
    found = " ".join(_UNSAFE.sub("", str(text)).split())
    return found if not longest or len(found) <= longest else found[: longest - 1] + "…"


def web(address: object) -> str:
    """Return an address that may stand in a link: http or https with a host, one line, no user; else ""."""
    text = str(address).strip()
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return ""
    return text if fits and text.isprintable() and " " not in text else ""


def host(address: object) -> str:
    """Return the host of an address, without `www.`; "" where there is none."""
    try:
        return (urlsplit(str(address)).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
