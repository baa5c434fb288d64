"""`/sources/add`: a page's address becomes a feed, is looked at, and is written to sources.yaml."""

import logging
from collections.abc import Sequence

from starlette.responses import Response

from monitor import adding
from monitor.config import SOURCES, edit, load, shown
from monitor.config.rule_edit import inside
from monitor.errors import UsageError
from monitor.finding import Found, find
from monitor.settings import SourceEntry
from monitor.web.ask import Ask
from monitor.web.refusal import Refusal

log = logging.getLogger("monitor.web")


def form(ask: Ask) -> Response:
    """Ask for an address."""
    return _page(ask, ask.query.get("url", ""))


def add(ask: Ask) -> Response:
    """Look at the address, and show what would be added; add it when that is confirmed."""
    url = ask.need("url")
    try:
        found, others = find(url if "://" in url else f"https://{url}", settings=ask.config.settings)
        entry = _entry(ask, found)
    except UsageError as error:
        return _page(ask, url, wrong=str(error), status=400)
    if ask.form.get("do") == "add":
        return _write(ask, entry)
    text = "".join(edit.written([entry], indent="  ")).strip("\n")
    return _page(ask, found.url, found=found, entry=entry, text=text, others=others)


def _page(
    ask: Ask,
    address: str,
    *,
    wrong: str = "",
    status: int = 200,
    found: Found | None = None,
    entry: SourceEntry | None = None,
    text: str = "",
    others: Sequence[str] = (),
) -> Response:
    return ask.page(
        "source_add.html",
        status=status,
        address=address,
        wrong=wrong,
        found=found,
        entry=entry,
        text=text,
        others=others,
    )


def _entry(ask: Ask, found: Found) -> SourceEntry:
    title = str(ask.form.get("title", "")).strip() or found.title
    entry = adding.entry_for(
        found.url, title=title, language=found.language, tags=str(ask.form.get("tags", "")).split()
    )
    id = str(ask.form.get("id", "")).strip()
    fresh, _ = adding.fresh([entry], load(ask.config.folder), id=adding.check_id(id) if id else None)
    if not fresh:
        raise UsageError(f"{found.url} is in sources.yaml already")
    return fresh[0]


def _write(ask: Ask, entry: SourceEntry) -> Response:
    if not ask.config.settings.web.allow_edit:
        advice = "Put the text into sources.yaml by hand; or set `web.allow_edit: true` in monitor.yaml."
        raise Refusal(403, "The page may not change files of the configuration.", advice)
    path = inside(ask.config.folder, ask.config.folder / SOURCES)
    try:
        edit.add_sources(path, [entry], file=shown(path))
    except OSError as error:
        raise UsageError(f"{shown(path)} cannot be written: {error.strerror}") from None
    ask.site.read_now()
    log.info("%r has added the source %s to %s", ask.user.name if ask.user else "", entry.id, path)
    return ask.redirect(ask.url("sources"), say=f"{entry.id} was added to {shown(path)}; the daemon reads it soon.")
