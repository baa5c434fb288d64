"""Says what a trend found: the number, the window, what is usual, and the articles behind it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from monitor.alert.clean import cut, one_line, web_link
from monitor.alert.message import TITLE, alert_id
from monitor.alert.route import reasons_of
from monitor.model import Alert, Article, Behind, Finding, Hit, Source
from monitor.settings import Channel, Route

LISTED = 10  # articles that a message names, at most
COMMANDS = 3  # rules for which it gives the command


def alert_of(finding: Finding, articles: Mapping[str, Article], sources: Mapping[str, Source], *, now: float) -> Alert:
    """Return what is to be said; `articles` are those behind the number that are still stored, by id."""
    name = one_line(finding.name) or finding.trend_id
    return Alert(
        id=alert_id("trend", finding.trend_id, "\0".join([repr(now), *finding.fresh])),
        kind="trend",
        severity=finding.severity,
        title=cut(f"{finding.severity.upper()}: {name} – {one_line(finding.reason)}", TITLE),
        at=now,
        data={
            "severity": finding.severity.value,
            "rules": [{"id": finding.trend_id, "name": name, "severity": finding.severity.value, "watch": ""}],
            "watches": [one_line(finding.watch)] if finding.watch else [],
            "headline": one_line(finding.reason),
            "trend": finding.kind,
            "number": finding.number,
            "threshold": finding.threshold,
            "baseline": finding.baseline,
            "start": finding.start,
            "end": finding.end,
            "counted": list(finding.rules),
            "values": [one_line(value) for value in finding.fresh if value],
            "groups": [_group_of(one, articles, sources) for one in finding.behind],
            "commands": commands(finding),
        },
    )


def _group_of(behind: Behind, articles: Mapping[str, Article], sources: Mapping[str, Source]) -> dict[str, object]:
    known = [articles[article_id] for article_id in behind.articles if article_id in articles]
    return {
        "rule": one_line(behind.label),
        "count": behind.total,
        "items": [_item_of(article, sources) for article in known[:LISTED]],
    }


def _item_of(article: Article, sources: Mapping[str, Source]) -> dict[str, object]:
    source = sources.get(article.source_id)
    return {
        "headline": one_line(article.title) or "(without a title)",
        "source": one_line(source.name if source else article.source_id),
        "at": article.seen_at if article.published_at is None else article.published_at,
        "link": web_link(article.link) or web_link(article.url),
        "article_id": article.id,
    }


def commands(finding: Finding) -> list[str]:
    """Return what shows all the articles behind a number in a terminal."""
    since = f"{datetime.fromtimestamp(int(finding.start), UTC):%Y-%m-%dT%H:%M}" if finding.start > 0 else ""
    ending = f" --since {since}" if since else ""
    return [f"monitor hits --rule {rule}{ending}" for rule in finding.rules[:COMMANDS]]


def channels_for(
    finding: Finding, sources: Iterable[Source], routes: Sequence[Route], channels: Mapping[str, Channel]
) -> tuple[str, ...]:
    """Return the enabled channels that hear of it: routed like a hit of a rule with the trend's id.

    A route that asks for source tags takes it where a source behind the number has one.
    """
    tags = frozenset(tag for source in sources for tag in source.tags)
    hit = Hit(
        article_id="",
        rule_id=finding.trend_id,
        rule_name=finding.name,
        watch=finding.watch,
        severity=finding.severity,
        evidence=(),
    )
    taken = reasons_of((hit,), Source(id="", url="", tags=tags), routes, channels)
    return tuple(name for name in taken if channels[name].enabled)
