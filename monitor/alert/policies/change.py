"""A story is told once, and again only when there is something new to tell.

What was told counts for good; the same URL or title counts for a week and over stories. An edit, or another sighting,
is news only if it brings a new rule.
"""

from collections.abc import Callable, Iterable

from monitor.alert.candidate import WINDOW, Candidate, article_key, articles_of, title_key, url_key
from monitor.alert.facts import Facts, differences, new_counts
from monitor.model import Action, Article, Decision
from monitor.settings import ARTICLES, CAN_BE_NEW, UPDATES

EDIT = "already alerted: an edit or another sighting that brings no new rule"


def decide(candidate: Candidate) -> Decision | None:
    """Drop what the channel has heard, and updates that bring nothing that is wanted."""
    if candidate.thread.escalation:
        return None
    if not candidate.thread.told:
        heard = [_heard(candidate, article) for article in articles_of(candidate.story, history=candidate.backfill)]
        return Decision(Action.DROP, "change", heard[0]) if all(heard) else None
    if not _has_grown(candidate):
        return Decision(Action.DROP, "change", EDIT)
    kinds = news(candidate)
    if not kinds:
        return Decision(Action.DROP, "change", "nothing new")
    if not kinds & set(wanted(candidate)):
        return Decision(Action.DROP, "change", f"new {_listed(kinds)}, for which no update is wanted here")
    return None


def reason(candidate: Candidate) -> str:
    """Say what is new of a story that the channel, or its article, was told before; "" for a story that is new."""
    if candidate.thread.told:
        return "; ".join(differences(candidate.known, candidate.facts))
    article = candidate.story.article
    told = candidate.recent.of_key(article_key(article), candidate.channel, since=float("-inf"))
    new = sorted(candidate.rules.difference(*(one.rules for one in told))) if told else ()
    return f"an edit that brings a new rule: {', '.join(new)}" if new else ""


def wanted(candidate: Candidate) -> tuple[str, ...]:
    """Return what counts as new: as the route says, else the channel, else `alerts`."""
    way = candidate.way.updates if candidate.way else None
    for said in (way, candidate.settings.updates):
        if said is not None:
            return said
    return candidate.alerts.updates


# --- an article that is heard of for the first time -------------------------------------------------------------------


def _heard(candidate: Candidate, article: Article) -> str:
    """Say why an article need not be told; "" = it was not heard of."""
    rules = {hit.rule_id for hit in candidate.story.hits if hit.article_id == article.id}
    told = candidate.recent.of_key(article_key(article), candidate.channel, since=float("-inf"))
    if told and rules <= frozenset[str]().union(*(one.rules for one in told)):
        return EDIT
    for key, what in ((url_key(article), "URL"), (title_key(article), "title")):
        for one in candidate.recent.of_key(key, candidate.channel, since=candidate.now - WINDOW):
            if one.article_id != article.id and rules <= one.rules:
                return f"same {what} as article {one.article_id}, already alerted"
    return ""


# --- a story that the channel knows -----------------------------------------------------------------------------------


def _has_grown(candidate: Candidate) -> bool:
    """Tell whether an article has joined, or a rule has hit, since the last message."""
    members = {article.id for article in articles_of(candidate.story, history=candidate.backfill)}
    rules = {hit.rule_id for hit in candidate.story.hits if hit.article_id in members}
    return not members <= candidate.thread.heard or not rules <= candidate.known.rules.keys()


def news(candidate: Candidate) -> set[str]:
    """Return what is new since the last message, as names of UPDATES, and ARTICLES where that is asked for."""
    before, now = candidate.known, candidate.facts
    asked = CAN_BE_NEW if ARTICLES in wanted(candidate) else UPDATES
    return {kind for kind in asked if KINDS[kind](before, now, candidate.alerts.thresholds)}


def _sources(before: Facts, now: Facts, thresholds: Iterable[int]) -> bool:
    """Tell whether a threshold of independent sources was passed: the second says more than the ninth."""
    return any(before.independent < threshold <= now.independent for threshold in thresholds)


def _credibility(before: Facts, now: Facts, _: Iterable[int]) -> bool:
    """Tell whether it is more credible (1 is the best); what nobody has judged is no change."""
    return 0 < now.credibility < before.credibility


def _places(before: Facts, now: Facts, _: Iterable[int]) -> bool:
    return not set(now.places) <= set(before.places) or not set(now.countries) <= set(before.countries)


KINDS: dict[str, Callable[[Facts, Facts, Iterable[int]], bool]] = {
    "severity": lambda before, now, _: now.severity.rank > before.severity.rank,
    "rules": lambda before, now, _: not now.rules.keys() <= before.rules.keys(),
    "sources": _sources,
    "credibility": _credibility,
    "places": _places,
    "numbers": lambda before, now, _: bool(new_counts(before, now)),
    "articles": lambda before, now, _: now.articles > before.articles,
}


def _listed(kinds: Iterable[str]) -> str:
    words = [kind for kind in CAN_BE_NEW if kind in kinds]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
