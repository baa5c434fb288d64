"""`/stories/{id}/do`: what a person does about a story; one function an action, one line in `ACTIONS`."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from starlette.responses import Response

from monitor import desk
from monitor.alert.clean import cut, one_line
from monitor.errors import UsageError
from monitor.model import Handled, Severity, Story
from monitor.store import Store, Verdict
from monitor.store.listing import NOBODY
from monitor.store.notes import Assigned, Note
from monitor.web.ask import Ask
from monitor.web.refusal import Refusal, not_found
from monitor.wording import counted

NAME, NOTE = 60, 2000  # longest, in characters
UNITS = {"m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
LONGEST = 366 * 86400.0  # seconds of a mute
Action = Callable[[Ask, Store, Story], str]  # what was done, in a sentence


def do(ask: Ask) -> Response:
    """Do what the form says, and go back to where it was sent from."""
    story_id, said = done(ask, ask.need("do"))
    return ask.redirect(ask.back(ask.url("story", id=story_id)), say=said)


def done(ask: Ask, what: str) -> tuple[str, str]:
    """Do something about the story of the path, in one transaction; return its id and what was done."""
    action = ACTIONS.get(what)
    if action is None:
        raise Refusal(400, "There is no such action.", f"There are: {', '.join(ACTIONS)}.")
    with ask.writing() as store, store.transaction(durable=True):
        story = store.stories.get(ask.path["id"])
        if story is None:
            raise not_found(f"story “{ask.path['id']}”")
        return story.id, action(ask, store, story)


def _by(ask: Ask) -> str:
    return ask.user.name if ask.user else ""


def _text(ask: Ask, name: str, longest: int) -> str:
    return one_line(str(ask.form.get(name, "")))[:longest]


def _written(ask: Ask, store: Store, story_id: str, text: str) -> None:
    """Keep who did something that leaves no name elsewhere, among the notes."""
    store.notes.add(story_id, Note(_by(ask), ask.now, text))


# --- in hand, or not to be heard of ----------------------------------------------------------------------------------


def _handled(ask: Ask, store: Store, story: Story, what: str, until: float | None = None) -> None:
    note, by = _text(ask, "note", NOTE), _by(ask)
    store.handled.add(
        Handled(story_id=story.id, what=what, by=by, at=ask.now, note=note, until=until, severity=_severity(story))
    )


def _severity(story: Story) -> Severity:
    return story.severity if story.hits else Severity.INFO


def acknowledge(ask: Ask, store: Store, story: Story) -> str:
    """Take it in hand."""
    _handled(ask, store, story, "acknowledged")
    return "Acknowledged: no more is told of it, unless it becomes more severe."


def mute(ask: Ask, store: Store, story: Story) -> str:
    """Hear no more of it, for a while or for good."""
    seconds = _seconds(str(ask.form.get("for", "")).strip())
    _handled(ask, store, story, "muted", ask.now + seconds if seconds else None)
    return "Muted: nothing more is told of it."


def unmute(ask: Ask, store: Store, story: Story) -> str:
    """Take back what was acknowledged or muted."""
    _handled(ask, store, story, "unmuted")
    return "What is new of it is told again."


def _seconds(text: str) -> float:
    """Return 0.0 for good; UsageError for what is no duration."""
    if not text:
        return 0.0
    found = re.fullmatch(r"(\d{1,5})\s*([mhdw])", text)
    seconds = float(found[1]) * UNITS[found[2]] if found else 0.0
    if not 0 < seconds <= LONGEST:
        raise UsageError(f"{text!r} is no duration; write for example 30m, 2h or 3d, a year at most")
    return seconds


# --- right or wrong --------------------------------------------------------------------------------------------------


def right(ask: Ask, store: Store, story: Story) -> str:
    """Mark the hits of a rule, or all of them, right."""
    return _mark(ask, store, story, Verdict.RIGHT)


def wrong(ask: Ask, store: Store, story: Story) -> str:
    """Mark the hits of a rule, or all of them, wrong."""
    return _mark(ask, store, story, Verdict.WRONG)


def unmark(ask: Ask, store: Store, story: Story) -> str:
    """Take the marks of a rule, or all of them, away."""
    hits = _hits(ask, story)
    gone = [pair for pair in hits if store.marks.clear(*pair)]
    if gone:
        _written(ask, store, story.id, f"took the mark of {_named(gone)} away")
    return f"{len(gone)} of {len(hits)} marks are taken away."


def _mark(ask: Ask, store: Store, story: Story, verdict: Verdict) -> str:
    hits = _hits(ask, story)
    had = store.marks.of(hits)
    if any(pair not in had or had[pair].verdict is not verdict for pair in hits):
        _written(ask, store, story.id, f"marked {_named(hits)} {verdict.value}")
    for article_id, rule_id in hits:
        store.marks.set(article_id, rule_id, verdict, ask.now, note=_text(ask, "note", NOTE))
    said = f"{len(hits)} {'hit is' if len(hits) == 1 else 'hits are'} marked {verdict.value}."
    every = {(hit.article_id, hit.rule_id) for hit in story.hits}
    marks = store.marks.of(every)
    silent = all(pair in marks and marks[pair].verdict is Verdict.WRONG for pair in every)
    return said + (" No more is told of the story until it has another hit." if silent else "")


def _named(hits: Sequence[tuple[str, str]]) -> str:
    """Say how many hits of which rules."""
    rules = ", ".join(sorted({rule for _, rule in hits}))
    return cut(f"{counted(len(hits), 'hit')} of {rules}", 300)


def _hits(ask: Ask, story: Story) -> list[tuple[str, str]]:
    """Return the hits that a form means as (article, rule): of one rule where it names one, else all."""
    rule, article = str(ask.form.get("rule", "")), str(ask.form.get("article", ""))
    found = [
        (hit.article_id, hit.rule_id)
        for hit in story.hits
        if (not rule or hit.rule_id == rule) and (not article or hit.article_id == article)
    ]
    if not found:
        raise UsageError("the story has no such hit (any more)")
    return list(dict.fromkeys(found))


# --- which articles ---------------------------------------------------------------------------------------------------


def split(ask: Ask, store: Store, story: Story) -> str:
    """Part articles from it, for good."""
    articles = list(dict.fromkeys(map(str, ask.form.getlist("article"))))
    if not articles:
        raise UsageError("choose the articles that tell another event")
    new = desk.split(store, story.id, articles, ask.now)
    number = counted(len(articles), "article")
    _written(ask, store, story.id, f"made {number} of it story {new}")
    _written(ask, store, new, f"parted {number} from story {story.id}")
    return f"Story {new} now has {len(articles)} of its articles."


def merge(ask: Ask, store: Store, story: Story) -> str:
    """Make it and another story one."""
    other = store.stories.get(_story_id(ask.need("other")))
    if other is None:
        raise UsageError(f"there is no story {_text(ask, 'other', NAME)!r}; its id stands on its page")
    if other.id == story.id:
        raise UsageError("they are one story already")
    older, younger = desk.merge(store, story.id, other.id, ask.now)
    _written(ask, store, older, f"made story {younger} a part of it")
    return f"Story {younger} is now part of {older}."


def _story_id(text: str) -> str:
    """Return the id in what somebody pasted: an id, or the address of a story."""
    return text.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]


# --- words -----------------------------------------------------------------------------------------------------------


def note(ask: Ask, store: Store, story: Story) -> str:
    """Write something about it."""
    store.notes.add(story.id, Note(_by(ask), ask.now, one_line(ask.need("text"))[:NOTE]))
    return "The note is kept."


def assign(ask: Ask, store: Store, story: Story) -> str:
    """Say who looks after it; nobody where the name is empty."""
    name = _text(ask, "name", NAME)
    name = "" if name == NOBODY else name
    store.notes.assign(story.id, Assigned(name, _by(ask), ask.now))
    return f"{name} looks after it." if name else "Nobody looks after it any more."


ACTIONS: Final[Mapping[str, Action]] = {
    "acknowledge": acknowledge,
    "mute": mute,
    "unmute": unmute,
    "right": right,
    "wrong": wrong,
    "unmark": unmark,
    "split": split,
    "merge": merge,
    "note": note,
    "assign": assign,
}
