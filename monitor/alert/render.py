"""Renders an alert for one target: in its format, within its limits, with everything untrusted escaped.

The user's templates run in a sandbox. One that fails is replaced by the built-in one, and the failure is reported:
an alert is never lost to a template.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from functools import cache, partial
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateError, pass_context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from monitor.alert import background, chart, digest, templates
from monitor.alert.clean import clean, cut, one_line
from monitor.alert.dress import dressed
from monitor.alert.escape import ESCAPE, Safe, as_title, highlight, link
from monitor.alert.payload import payload
from monitor.alert.shape import Attachment, Format, Message, Shape
from monitor.model import Alert

TITLE = 200  # characters, at most, whatever the service takes
BODY = 4000
SHORT_KEY = 12  # letters of a delivery's key that a message shows
# How much is shown, tried from the top until it fits: (sentences, letters of each, items of a group, groups)
LEVELS = ((6, 400, 10, 20), (4, 300, 5, 20), (2, 200, 2, 12), (1, 120, 1, 6), (0, 80, 0, 4))
# Of a digest of stories; it may be longer, since it stands for many messages.
LONG = 16_000
STORIES = dict(zip(LEVELS, (60, 25, 10, 4, 1), strict=True))


def render(
    alert: Alert,
    *,
    shape: Shape,
    key: str = "",
    zone: tzinfo = UTC,
    template: str = "",
    title_template: str = "",
    first: Alert | None = None,
    base: str = "",
) -> Message:
    """Return the message for a target; never raises. `template` and `title_template` are the user's, "" = built in.

    `base` is the address of the monitor's page, to which links in charts lead; "" = there are none.

    `first` is what the target was told first about the same story: where a service puts messages together by their
    titles, this one gets the title of that one.
    """
    if shape.format == "json":
        return Message("", payload(alert), "json")
    if alert.kind not in {"story", "update"}:
        template = title_template = ""
    if alert.data.get("news") and "news" not in template:
        template = ""  # what it was made for is a story: it would not say what is new
    problems: list[str] = []
    attachments, pictures = _attached(alert, shape, zone, base, problems)
    page = attachments[-1].name if attachments else ""
    shown = replace(alert, data={**alert.data, "pictures": pictures, "page": page})
    body, form = _body_of(shown, shape, key, zone, template, problems)
    bare = render(alert, shape=replace(shape, files=False), key=key, zone=zone) if attachments else None
    told = first if first and shape.thread else alert
    title = _title_of(told, key, zone, title_template, problems)
    title = as_title(title) or as_title(told.title)
    again = "Re: " if told is first and shape.thread == "reply" else ""
    limit = min(TITLE, shape.title_max)
    whole = cut(again + title, limit) if limit > 0 else ""
    return Message(whole, body, form, "; ".join(problems), attachments, bare)


def _attached(
    alert: Alert, shape: Shape, zone: tzinfo, base: str, problems: list[str]
) -> tuple[tuple[Attachment, ...], list[dict[str, str]]]:
    """Return the files that go with a message, and which of them are pictures to be shown between its words."""
    wanted = str(alert.data.get("charts", "none"))
    if wanted == "none" or not shape.files or (wanted == "auto" and not shape.styled):
        return (), []
    from monitor.alert import attached  # the borders of all countries: few messages have a map

    try:
        page = attached.page_of(alert, zone=zone, base=base)
        inline = page is not None and wanted == "inline" and shape.inline
        pictures = attached.pictures_of(alert, zone=zone, base=base) if inline else ()
    except Exception as error:  # a digest is never lost to its charts
        problems.append(f"charts: {_said(error)}")
        return (), []
    said = [{"name": one.name, "title": title} for one, title in pictures]
    return (*(one for one, _ in pictures), *([page] if page else [])), said


def _body_of(
    alert: Alert, shape: Shape, key: str, zone: tzinfo, template: str, problems: list[str]
) -> tuple[str, Format]:
    """Return body and format by the first template that works: the user's, the built-in one, a bare line."""
    for source in filter(None, (template, _built_in(alert, shape.format))):
        try:
            return _body(alert, shape, key, zone, source)
        except Exception as error:  # a template can raise anything; the error is returned in the message
            problems.append(f"template: {_said(error)}")
    return _shortest(alert, _limit(shape)), "text"


def _title_of(alert: Alert, key: str, zone: tzinfo, template: str, problems: list[str]) -> str:
    try:
        return (template and _run(template, "text", _context(alert, key, LEVELS[0]), zone)) or alert.title
    except Exception as error:  # see above
        problems.append(f"title_template: {_said(error)}")
        return alert.title


def _built_in(alert: Alert, form: Format) -> str:
    """Return the template of the alert's kind; an edit of one article is told as a story is."""
    kind = "story" if alert.kind == "update" and not alert.data.get("news") else alert.kind
    kind = "stories" if _has_stories(alert) else kind
    return templates.BY_KIND.get(kind, templates.SYSTEM)[form]


def _has_stories(alert: Alert) -> bool:
    return alert.kind == "digest" and isinstance(alert.data.get("entries"), list)


def _said(error: Exception) -> str:
    line = getattr(error, "lineno", None)
    return f"{f'line {line}: ' if line else ''}{one_line(str(error)) or type(error).__name__}"


def check_template(source: str, form: Format = "text") -> str:
    """Return what is wrong with a user's template, in one line, or ""."""
    try:
        _compiled(source, form)
    except TemplateError as error:
        return _said(error)
    return ""


# --- body ------------------------------------------------------------------------------------------------------------


def _body(alert: Alert, shape: Shape, key: str, zone: tzinfo, template: str) -> tuple[str, Format]:
    """Return the fullest body that fits, and its format; what fits no limit is cut as plain text."""
    limit = _limit(shape, LONG if _has_stories(alert) else BODY)
    for level in LEVELS:
        context = {
            **_context(alert, key, level),
            "heading": alert.title if shape.title_max <= 0 else "",  # where the service itself shows no title
            "_styled": shape.styled and shape.format == "html",
        }
        body = _run(template, shape.format, context, zone)
        if 0 < len(body) <= limit:
            return dressed(body) if context["_styled"] else body, shape.format
    return _shortest(alert, limit), "text"


def _limit(shape: Shape, most: int = BODY) -> int:
    return min(most, shape.body_max) if shape.body_max > 0 else BODY


def _shortest(alert: Alert, limit: int) -> str:
    """Return the title and, where there is room for both, the link: for services that carry a few words only."""
    address = link(alert.data.get("link", ""), "text")
    room = limit - len(address) - 1
    if not address or room < min(40, limit // 3):
        return cut(as_title(alert.title), limit)
    return f"{cut(as_title(alert.title), room)}\n{address}"


def _context(alert: Alert, key: str, level: tuple[int, int, int, int]) -> dict[str, Any]:
    """Return what a template sees: the alert's data, with as much of what is long as the level allows."""
    sentences, letters, items, groups = level
    data = {**background.NOTHING, **alert.data}
    data["evidence"] = [
        {**one, "parts": _shortened(one.get("parts", ()), letters)} for one in _list(data.get("evidence"))[:sentences]
    ]
    data["headline"] = cut(str(data.get("headline") or alert.title), max(letters, 120))
    data["headline_parts"] = _shortened(
        _list(data.get("headline_parts")) or [[data["headline"], False]], max(letters, 120)
    )
    data |= _background(data, letters, items)
    data["groups"] = [_fewer(group, items, letters) for group in _list(data.get("groups"))[:groups]]
    data["more"] = sum(int(group.get("count", 0)) for group in _list(alert.data.get("groups"))[groups:])
    data |= _stories(alert, letters, STORIES[level])
    data["lines"] = [cut(str(line), letters) for line in _list(data.get("lines"))[: max(2, 5 * items)]]
    return {**data, "id": alert.id, "kind": alert.kind, "title": alert.title, "key": key[:SHORT_KEY]}


def _background(data: Mapping[str, Any], letters: int, items: int) -> dict[str, Any]:
    """Return as much of who else has it, who claims it, where it is and what is new as the level allows."""
    others = _list(data["others"])
    shown = others[: min(len(others), items)]
    few = max(1, items // 2)
    return {
        "others": shown,
        "others_more": _whole(data["others_more"]) + len(others) - len(shown),
        "claims": [_said_shorter(one, letters) for one in _list(data["claims"])[:few]],
        "places": [_said_shorter(one, letters) for one in _list(data["places"])[:few]],
        "news": [cut(str(one), max(letters, 120)) for one in _list(data["news"])[: max(2, items)]],
        "credibility_reason": cut(str(data["credibility_reason"]), letters),
    }


def _stories(alert: Alert, letters: int, most: int) -> dict[str, Any]:
    """Return as many stories of a digest as the level allows, and of which rules the others are."""
    if not _has_stories(alert):
        return {}
    left = _list(alert.data.get("left"))
    shown = [{**one, "headline": cut(str(one["headline"]), min(letters, 200))} for one in left[: most // 3]]
    return {
        **digest.sections(_list(alert.data["entries"]), most, min(letters, 200)),
        "left": shown,
        "left_more": len(left) - len(shown),
    }


def _said_shorter(one: Mapping[str, Any], letters: int) -> dict[str, Any]:
    return {**one, "said": cut(str(one.get("said", "")), letters)}


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _fewer(group: Mapping[str, Any], items: int, letters: int) -> dict[str, Any]:
    kept = _list(group.get("items"))[:items]
    shown = [{**item, "headline": cut(str(item.get("headline", "")), min(letters, 120))} for item in kept]
    return {**group, "items": shown, "more": int(group.get("count", 0)) - len(shown) if shown else 0}


def _shortened(stretches: Iterable[Any], letters: int) -> list[tuple[str, bool]]:
    """Return stretches of `letters` characters in all, at most; the first evidence stays in sight."""
    known = [(str(text), bool(marked)) for text, marked in stretches]
    if sum(len(text) for text, _ in known) <= letters:
        return known
    if len(known) > 1 and known[1][1] and len(known[0][0]) > letters // 3:
        before = known[0][0]
        known[0] = ("…" + before[len(before) - letters // 3 :], False)
    left, short = letters, []
    for text, marked in known:
        if left <= 1:
            break
        short.append((cut(text, left), marked))
        left -= len(text)
    return short


# --- Jinja2 ----------------------------------------------------------------------------------------------------------


def _run(source: str, form: Format, context: Mapping[str, Any], zone: tzinfo) -> str:
    template = _compiled(source, form)
    said = clean(template.render({**context, "_zone": zone}))
    lines = [line.rstrip() for line in said.splitlines()]
    return "\n".join(line for at, line in enumerate(lines) if line or (at and lines[at - 1])).strip()


@cache
def _environment(form: Format) -> Environment:
    """Return a sandbox whose every output is escaped for one format."""
    environment = ImmutableSandboxedEnvironment(
        autoescape=form == "html",
        finalize=partial(_finalize, ESCAPE[form]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        extensions=[],
    )
    environment.filters["mark"] = partial(highlight, form=form)
    environment.filters["web"] = partial(link, form=form)
    environment.filters["when"] = _when
    environment.filters["chart"] = _chart
    for name in ("safe", "forceescape", "urlize", "tojson", "xmlattr"):  # each of them can let raw markup out
        environment.filters.pop(name)
    return environment


def _finalize(escape: Callable[[object], str], value: object) -> object:
    return value if isinstance(value, (Safe, Markup)) else escape("" if value is None else value)


@cache
def _compiled(source: str, form: Format) -> Any:
    return _environment(form).from_string(source)


@pass_context
def _when(context: Any, at: object) -> str:
    """Return a point in time in the configured zone, for a person."""
    if not isinstance(at, (int, float)):
        return ""
    try:
        return f"{datetime.fromtimestamp(at, context['_zone']):%d %b %Y, %H:%M %Z}"
    except (OverflowError, ValueError, OSError):
        return "at an impossible time"


@pass_context
def _chart(context: Any, counts: object, step: object) -> str:
    """Return a chart of [[time, number], ...]: bars where HTML may be styled, else a line of blocks."""
    pairs = [(float(at), int(number)) for at, number in _list(counts)]
    seconds = float(step) if isinstance(step, (int, float)) else 3600.0
    draw = chart.table if context.get("_styled") else chart.blocks
    return draw(pairs, seconds, context["_zone"])
