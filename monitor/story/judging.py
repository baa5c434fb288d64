"""Files that say which articles belong together, grouped as the daemon would and compared; no effects.

A line of pairs has `label` (same, related, different), `a` and `b`; one of clusters is an article with its `cluster`,
or a `cluster` with `members`. Articles have `title`, and may have `id`, `date`, `text`, `url`, `source`, `lang`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.model import Article
from monitor.story import metrics
from monitor.story.features import Features, features
from monitor.story.grouping import Grouping

LABELS = ("same", "related", "different")


class BadLine(ValueError):
    """A line is not of the format; the text says why."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labelled pairs of articles."""

    pairs: list[tuple[str, str, str]]  # label, article, article
    articles: dict[str, Article]

    def judge(self) -> metrics.Joined:
        """Group all articles and count the pairs that came together."""
        return metrics.joined(self.pairs, grouped(self.articles.values()))


@dataclass(frozen=True, slots=True)
class Clusters:
    """Articles with the event that each is about."""

    truth: dict[str, str]  # article -> event
    articles: dict[str, Article]
    left_out: int = 0  # lines whose event is said to be that of another line, too

    def judge(self) -> tuple[metrics.Measure, metrics.Measure]:
        """Group all articles; return B-cubed, and precision and recall over all pairs."""
        found = grouped(self.articles.values())
        return metrics.bcubed(self.truth, found), metrics.pairwise(self.truth, found)


def grouped(articles: Iterable[Article]) -> dict[str, str]:
    """Return the story of each article, all of them being in one window that has learnt how rare their terms are."""
    grouping = Grouping()
    grouping.add(read(articles))
    return grouping.story_of


def read(articles: Iterable[Article]) -> list[Features]:
    """Return the features of articles."""
    return [features(article) for article in articles]


def pairs_of(rows: Sequence[Mapping[str, Any]]) -> Pairs:
    """Read lines of pairs; BadLine where one is none."""
    pairs: list[tuple[str, str, str]] = []
    articles: dict[str, Article] = {}
    for number, row in enumerate(rows, 1):
        label, sides = row.get("label"), (row.get("a"), row.get("b"))
        if label not in LABELS or not all(isinstance(side, Mapping) for side in sides):
            raise BadLine(f"line {number}: a pair has a label ({', '.join(LABELS)}), a and b")
        one, other = (article_of(side, f"{number}{name}", number) for side, name in zip(sides, "ab", strict=True))
        articles |= {one.id: one, other.id: other}
        pairs.append((label, one.id, other.id))
    return Pairs(pairs, articles)


def clusters_of(rows: Sequence[Mapping[str, Any]]) -> Clusters:
    """Read lines of clusters; BadLine where one is none."""
    truth: dict[str, str] = {}
    articles: dict[str, Article] = {}
    left_out = 0
    for number, row in enumerate(rows, 1):
        if not isinstance(row.get("cluster"), str | int):
            raise BadLine(f"line {number}: no cluster")
        if row.get("overlaps_earlier_cluster"):
            left_out += 1
            continue
        members = row.get("members", [row])
        if not isinstance(members, list) or not all(isinstance(member, Mapping) for member in members):
            raise BadLine(f"line {number}: members are a list of articles")
        for place, member in enumerate(members):
            member = {"date": row.get("date"), "source": member.get("publisher"), **member}
            article = article_of(member, f"{row['cluster']}-{number}-{place}", number)
            articles[article.id] = article
            truth[article.id] = str(row["cluster"])
    return Clusters(truth, articles, left_out)


def article_of(row: Any, default_id: str, number: int) -> Article:
    """Make an article of a line's plain data; BadLine where it cannot be one."""
    if not isinstance(row, Mapping) or not (row.get("title") or row.get("text")):
        raise BadLine(f"line {number}: an article has a title or a text")
    return Article(
        id=str(row.get("id") or default_id),
        source_id=str(row.get("source") or ""),
        identity="",
        url=str(row.get("url") or ""),
        link="",
        title=str(row.get("title") or ""),
        summary=str(row.get("text") or ""),
        body="",
        published_at=_seconds(row.get("date"), number),
        language=str(row.get("lang") or ""),
    )


def _seconds(date: Any, number: int) -> float:
    """Return an ISO 8601 date in seconds since the epoch; 0 where there is none."""
    if not date:
        return 0.0
    try:
        found = datetime.fromisoformat(str(date))
    except ValueError:
        raise BadLine(f"line {number}: {date!r} is no date like 2022-05-10T14:03:00Z") from None
    return (found if found.tzinfo else datetime.fromisoformat(f"{date}+00:00")).timestamp()
