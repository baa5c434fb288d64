"""What an entry is to the store: new, history, edited, seen elsewhere, or known; pure decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from monitor.model import Article, Judged, Known, Novelty

OLD = 7 * 86400.0  # published so long before the last good poll: an archive, not news
STALE = 2 * 86400.0
MANY = 10  # entries that make a re-issued archive


def decide(
    articles: Sequence[Article], *, source_id: str, known: Mapping[str, Known], by_url: Mapping[str, Known],
    primed: bool, backfill: bool, whole: bool, last_success: float | None, now: float,
) -> tuple[Judged, ...]:  # fmt: skip
    """Judge the entries of one document."""
    unknown = [one for one in articles if one.identity not in known]
    reissue = _reissued(articles, unknown, last_success)
    seen: dict[str, Known] = dict(known)
    urls = dict(by_url)
    judged = []
    for article in articles:
        one = _judge(article, source_id, seen, urls, primed or backfill, reissue, last_success)
        seen[article.identity] = _known(one.article)
        if one.article.url:
            urls.setdefault(one.article.url, _known(one.article))
        judged.append(one)
    return tuple(judged)


def _judge(
    article: Article, source_id: str, seen: Mapping[str, Known], urls: Mapping[str, Known],
    primed: bool, reissue: str, last_success: float | None,
) -> Judged:  # fmt: skip
    if had := seen.get(article.identity):
        return _again(article, had, "its id is known")
    there = urls.get(article.url) if article.url else None
    if there and there.source_id == source_id:
        return _again(article, there, "its link is known under another id")
    if there:
        same = replace(article, id=there.article_id, version=there.version)
        return Judged(same, Novelty.SIGHTING, f"source {there.source_id} has it, too")
    if not primed:
        return Judged(article, Novelty.HISTORY, "the first poll of its source: what was there before is history")
    if reissue:
        return Judged(article, Novelty.HISTORY, reissue)
    if last_success and article.published_at and article.published_at < last_success - OLD:
        return Judged(article, Novelty.HISTORY, "published more than a week before the last poll")
    return Judged(article, Novelty.NEW, "not seen before")


def _again(article: Article, had: Known, why: str) -> Judged:
    same = replace(article, id=had.article_id, version=had.version)
    if had.content_hash == article.content_hash:
        return Judged(same, Novelty.KNOWN, why)
    return Judged(replace(same, version=had.version + 1), Novelty.EDITED, f"{why}, its text is another one")


def _reissued(articles: Sequence[Article], unknown: Sequence[Article], last_success: float | None) -> str:
    if len(unknown) < MANY or last_success is None:
        return ""
    old = [one for one in unknown if one.published_at is None or one.published_at < last_success - STALE]
    if len(old) == len(unknown) == len(articles) or len([one for one in old if one.published_at]) >= MANY:
        return f"{len(old)} old entries at once: an archive was issued again"
    return ""


def _known(article: Article) -> Known:
    return Known(
        article_id=article.id, source_id=article.source_id, identity=article.identity,
        content_hash=article.content_hash, version=article.version, url=article.url,
    )  # fmt: skip
