"""EDGE: the list of stories as the page, the feed and the API ask for it: filters, order, pages by key, and counts.

Each question is bounded: a page has so many rows, counts are taken over the first `COUNTED` stories of the list. What
filters need is in `story_facets`, kept by `Stories.describe`, so that no question reads articles or hits.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from monitor.model import Evidence, Field, Located, Novelty, Severity
from monitor.store.articles import Where
from monitor.store.connection import Connection
from monitor.store.places import COLUMNS as PLACE_COLUMNS
from monitor.store.places import located_of
from monitor.store.text import query

COUNTED = 2000  # stories that are counted beside a filter, at most: the first ones of the list
KINDS: Final = ("watch", "rule", "country", "source", "language")  # of `story_facets`
_COUNTS: Final = (*KINDS, "severity", "state", "assignee")
NOBODY: Final = "none"  # in place of a name: nobody looks after it
_UNCOUNTED: Final = ("place",)  # filters by facets without counts beside them: there are too many values
STATES: Final = ("new", "acknowledged", "muted", "wrong")
ORDERS: Final = {  # the column by which it is put in order, the greatest first
    "both": "s.weight",
    "newest": "s.updated_at",
    "severest": "s.gravity",
}
States = dict[str, set[str]]  # state -> ids of stories
# What people did about a story, or about one that has become part of it: the last word counts.
_HANDLED = """
    SELECT o.story_id, o.acknowledged > o.unmuted, o.muted > o.unmuted AND (h.until IS NULL OR h.until > ?) FROM (
        SELECT coalesce(s.merged_into, s.id) AS story_id,
            max(CASE h.what WHEN 'acknowledged' THEN h.number ELSE 0 END) AS acknowledged,
            max(CASE h.what WHEN 'muted' THEN h.number ELSE 0 END) AS muted,
            max(CASE h.what WHEN 'unmuted' THEN h.number ELSE 0 END) AS unmuted
        FROM handled AS h CROSS JOIN stories AS s ON s.id = h.story_id GROUP BY 1
    ) AS o LEFT JOIN handled AS h ON h.number = o.muted
"""
# A story is wrong where every hit that it has is marked so.
_WRONG = """
    SELECT DISTINCT m.story_id FROM marks AS w CROSS JOIN story_articles AS m ON m.article_id = w.article_id
    WHERE w.verdict = 'wrong' AND NOT EXISTS (
        SELECT 1 FROM story_articles AS n CROSS JOIN hits AS h ON h.article_id = n.article_id
        LEFT JOIN marks AS k ON k.article_id = h.article_id AND k.rule_id = h.rule_id
        WHERE n.story_id = m.story_id AND k.verdict IS NOT 'wrong'
    )
"""
# Who looks after a story, or after one that has become part of it: the last word counts.
_ASSIGNED = (
    "SELECT coalesce(s.merged_into, s.id) AS story_id, a.name AS name, max(a.at) FROM assigned AS a "
    "CROSS JOIN stories AS s ON s.id = a.story_id GROUP BY 1"
)
_SHOWN = (
    "s.id, s.article_id, s.title, s.severity, s.novelty, s.first_seen, s.updated_at, s.independent, s.credibility, "
    "(SELECT count(*) FROM story_articles AS m WHERE m.story_id = s.id), "
    "(SELECT count(*) FROM story_facets AS f WHERE f.story_id = s.id AND f.kind = 'source'), "
    "(SELECT a.source_id FROM articles AS a WHERE a.id = s.article_id)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which stories are asked for; what is empty does not matter."""

    watch: tuple[str, ...] = ()  # one of these, as with all tuples
    rule: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    state: tuple[str, ...] = ()  # of STATES
    assignee: tuple[str, ...] = ()  # names, or NOBODY
    severity: Severity | None = None  # the lowest one
    text: str = ""  # as `text.query` reads it, in one of its articles
    since: float | None = None  # it grew then or later
    until: float | None = None  # it was first seen before then
    order: str = "both"  # a key of ORDERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A story as a list shows it."""

    id: str
    article_id: str  # that speaks for it
    source_id: str  # of that article
    title: str
    severity: Severity
    novelty: Novelty
    first_seen: float
    updated_at: float
    independent: int  # voices; sources where nobody has judged it
    credibility: int  # Admiralty code; 0 = nobody judged it
    articles: int
    sources: int
    key: tuple[float, str]  # of its place in the list


@dataclass(frozen=True, slots=True)
class Look:
    """A page of the list, with what stands beside it."""

    rows: list[Row]
    total: int  # stories that are wanted, at most COUNTED + 1
    counts: dict[str, dict[str, int]]  # of each filter how many stories each of its values leaves


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that hit the article which speaks for a story, and the words that it found."""

    rule_id: str
    rule_name: str
    watch: str
    severity: Severity
    evidence: tuple[Evidence, ...]


class Listing:
    """The list of stories."""

    def __init__(self, db: Connection) -> None:
        """Work on an open connection."""
        self._db = db

    def page(self, wanted: Wanted, now: float, *, limit: int, after: tuple[float, str] | None = None) -> list[Row]:
        """Return the stories that are wanted, in order; `after` is the key of the last one of the page before."""
        return self._rows(self._chosen(wanted, self._states(now), limit, after))

    def look(self, wanted: Wanted, now: float, *, limit: int, after: tuple[float, str] | None = None) -> Look:
        """Return a page of the list, how many there are, and the counts beside each filter.

        Counts are of KINDS, "severity", "state" and "assignee"; of each filter only values that stories have, the most
        frequent first, the other filters as they are.
        """
        states = self._states(now)
        chosen = self._chosen(wanted, states, COUNTED + 1)
        shown = chosen[:limit] if after is None else self._chosen(wanted, states, limit, after)
        set_here = [kind for kind in _COUNTS if getattr(wanted, kind)]
        counts = self._counts(chosen[:COUNTED], states, [kind for kind in _COUNTS if kind not in set_here])
        for kind, others in self._without_own(wanted, states, set_here):
            counts |= self._counts(others, states, [kind])
        return Look(self._rows(shown), len(chosen), counts)

    def _states(self, now: float) -> States:
        """Return the stories of each state, apart from new ones: people have done something about each."""
        handled = self._db.rows(_HANDLED, (now,))
        return {
            "acknowledged": {row[0] for row in handled if row[1]},
            "muted": {row[0] for row in handled if row[2]},
            "wrong": {row[0] for row in self._db.rows(_WRONG)},
        }

    def _chosen(
        self, wanted: Wanted, states: States, limit: int, after: tuple[float, str] | None = None
    ) -> list[tuple[float, str, int]]:
        """Return the first stories that are wanted, as (place in the order, id, rank of the severity)."""
        where, column = _where(wanted, states), ORDERS[wanted.order]
        if after is not None:
            where.more(f"({column}, s.id) < (?, ?)", after)
        ask = (
            f"SELECT {column}, s.id, s.grade FROM stories AS s {where} AND s.merged_into IS NULL "
            f"ORDER BY {column} DESC, s.id DESC LIMIT ?"
        )
        return self._db.rows(ask, (*where.values, limit))

    def _without_own(
        self, wanted: Wanted, states: States, kinds: Sequence[str]
    ) -> Iterator[tuple[str, list[tuple[float, str, int]]]]:
        """Return for each of these filters the first stories that all others leave: what could be chosen instead.

        Of several filters one walk tells all: which stories fail at most one of them, and which one.
        """
        if len(kinds) < 2:
            for kind in kinds:
                yield kind, self._chosen(_cleared(wanted, [kind]), states, COUNTED)
            return
        where, column = _where(_cleared(wanted, kinds), states), ORDERS[wanted.order]
        alone = [
            _where(_cleared(wanted, [other for other in _COUNTS if other != kind], whole=True), states)
            for kind in kinds
        ]
        holds = [f"({str(one).removeprefix('WHERE ')})" for one in alone]
        names = [f"h{number}" for number in range(len(kinds))]
        columns = ", ".join(f"{condition} AS {name}" for condition, name in zip(holds, names, strict=True))
        rows = self._db.rows(
            f"SELECT * FROM (SELECT {column} AS place, s.id, s.grade, {columns} FROM stories AS s {where} "
            f"AND s.merged_into IS NULL ORDER BY {column} DESC, s.id DESC) WHERE {' + '.join(names)} >= ?",
            (*[value for one in alone for value in one.values], *where.values, len(kinds) - 1),
        )
        for number, kind in enumerate(kinds):
            fits = (row[:3] for row in rows if sum(row[3:]) - row[3 + number] == len(kinds) - 1)
            yield kind, list(islice(fits, COUNTED))

    def _rows(self, chosen: Sequence[tuple[float, str, int]]) -> list[Row]:
        ids = json.dumps([one[1] for one in chosen])
        ask = f"SELECT {_SHOWN} FROM json_each(?) AS j CROSS JOIN stories AS s ON s.id = j.value ORDER BY j.key"
        return [_row_of(place, row) for (place, *_), row in zip(chosen, self._db.rows(ask, (ids,)), strict=True)]

    def _counts(
        self, chosen: Sequence[tuple[float, str, int]], states: States, kinds: Sequence[str]
    ) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {kind: {} for kind in kinds}
        ids = [one[1] for one in chosen]
        if asked := [kind for kind in kinds if kind in KINDS]:
            rows = self._db.rows(
                "SELECT f.kind, f.value, count(*) AS n FROM json_each(?) AS c CROSS JOIN story_facets AS f "
                "ON f.story_id = c.value AND f.kind IN (SELECT value FROM json_each(?)) "
                "GROUP BY 1, 2 ORDER BY n DESC, 2",
                (json.dumps(ids), json.dumps(asked)),
            )
            for kind, value, number in rows:
                found[kind][value] = number
        if "severity" in kinds:
            grades = Counter(one[2] for one in chosen)
            found["severity"] = {one.value: grades[one.rank] for one in Severity if grades[one.rank]}
        if "state" in kinds:  # a story may be both acknowledged and muted
            every = set(ids)
            found["state"] = {name: len(every & mine) for name, mine in states.items()}
            found["state"]["new"] = len(every.difference(*states.values()))
        if "assignee" in kinds:
            found["assignee"] = self._by_assignee(set(ids))
        return found

    def _by_assignee(self, ids: set[str]) -> dict[str, int]:
        """Return after how many of these stories nobody looks, and after how many each person."""
        names = Counter(row[1] for row in self._db.rows(_ASSIGNED) if row[0] in ids)
        nobody = {NOBODY: len(ids) - names.total()}
        return {name: number for name, number in (nobody | dict(names.most_common())).items() if number}

    # --- what a row tells --------------------------------------------------------------------------------------------

    def reasons(self, story_ids: Iterable[str]) -> dict[str, list[Reason]]:
        """Return of each story which rules hit the article that speaks for it, the most severe first."""
        rows = self._db.rows(
            "SELECT s.id, h.rule_id, h.rule_name, h.watch, h.severity, h.evidence FROM json_each(?) AS j "
            "CROSS JOIN stories AS s ON s.id = j.value CROSS JOIN hits AS h ON h.article_id = s.article_id "
            "ORDER BY h.number",
            (json.dumps(list(story_ids)),),
        )
        latest: dict[str, dict[str, Reason]] = {}
        for story_id, rule_id, name, watch, severity, evidence in rows:
            words = tuple(Evidence(one[0], one[1], one[2], Field(one[3]), *one[4:]) for one in json.loads(evidence))
            latest.setdefault(story_id, {})[rule_id] = Reason(rule_id, name, watch, Severity(severity), words)
        return {key: sorted(found.values(), key=lambda one: -one.severity.rank) for key, found in latest.items()}

    def places(self, story_ids: Iterable[str]) -> dict[str, list[Located]]:
        """Return where the articles of each story are."""
        columns = ", ".join(f"p.{name}" for name in PLACE_COLUMNS.split(", "))
        rows = self._db.rows(
            f"SELECT m.story_id, {columns} FROM json_each(?) AS j "
            "CROSS JOIN story_articles AS m ON m.story_id = j.value "
            "CROSS JOIN places AS p ON p.article_id = m.article_id ORDER BY m.story_id, m.place",
            (json.dumps(list(story_ids)),),
        )
        found: dict[str, list[Located]] = {}
        for story_id, *row in rows:
            found.setdefault(story_id, []).append(located_of(tuple(row)))
        return found

    def wrong(self, story_ids: Iterable[str]) -> set[str]:
        """Return which of these stories are wrong: every hit of theirs is marked so."""
        ask = f"SELECT value FROM json_each(?) WHERE value IN ({_WRONG})"
        return {row[0] for row in self._db.rows(ask, (json.dumps(list(story_ids)),))}


def _cleared(wanted: Wanted, kinds: Iterable[str], *, whole: bool = False) -> Wanted:
    """Return the same wish without these filters; `whole`: also without those that have no counts."""
    none: dict[str, Any] = {kind: None if kind == "severity" else () for kind in kinds}
    none |= {"text": "", "since": None, "until": None, **dict.fromkeys(_UNCOUNTED, ())} if whole else {}
    return replace(wanted, **none)


def _where(wanted: Wanted, states: States) -> "_Where":
    """Return the conditions of a list."""
    where = _Where()
    where.more("1", ())
    for kind in (*KINDS, *_UNCOUNTED):
        if values := getattr(wanted, kind):
            where.more(
                "+s.id IN (SELECT f.story_id FROM json_each(?) AS v CROSS JOIN story_facets AS f "
                f"ON f.kind = '{kind}' AND f.value = v.value)",
                (json.dumps(values),),
            )
    if wanted.severity:
        where.more("s.grade >= ?", (wanted.severity.rank,))
    where.add("s.updated_at >= ?", wanted.since)
    where.add("s.first_seen < ?", wanted.until)
    if wanted.state:
        where.states(wanted.state, states)
    if wanted.assignee:
        where.assignees(wanted.assignee)
    if wanted.text.strip():
        where.words(wanted.text)
    return where


class _Where(Where):
    """Conditions that may have several placeholders, or none."""

    def more(self, condition: str, values: Sequence[Any]) -> None:
        """Add a condition."""
        self._conditions.append(condition)
        self.values += values

    def states(self, wanted: Sequence[str], states: States) -> None:
        """Ask for stories in one of these states."""
        parts, listed = [], "(SELECT value FROM json_each(?))"
        mine = set().union(*(states[name] for name in wanted if name != "new"))
        parts.append(f"+s.id IN {listed}")
        self.values.append(json.dumps(sorted(mine)))
        if "new" in wanted:
            parts.append(f"+s.id NOT IN {listed}")
            self.values.append(json.dumps(sorted(set().union(*states.values()))))
        self._conditions.append(f"({' OR '.join(parts)})")

    def assignees(self, names: Sequence[str]) -> None:
        """Ask for stories that one of these people looks after."""
        parts = [f"+s.id IN (SELECT o.story_id FROM ({_ASSIGNED}) AS o JOIN json_each(?) AS v ON v.value = o.name)"]
        if NOBODY in names:
            parts.append(f"+s.id NOT IN (SELECT o.story_id FROM ({_ASSIGNED}) AS o)")
        self.more(f"({' OR '.join(parts)})", (json.dumps(list(names)),))

    def words(self, text: str) -> None:
        """Ask for stories of which one article has the words."""
        asked = query(text)
        found = (
            "SELECT m.story_id FROM hits_fts AS f CROSS JOIN story_articles AS m ON m.number = f.rowid "
            "WHERE hits_fts MATCH ?"
        )
        if asked.wanted:
            without = f" NOT ({asked.unwanted})" if asked.unwanted else ""
            self.more(f"+s.id IN ({found})", (f"({asked.wanted}){without}",))
        elif asked.unwanted:
            self.more(f"+s.id NOT IN ({found})", (asked.unwanted,))
        else:
            self.more("0", ())


def _row_of(place: float, row: Sequence[Any]) -> Row:
    return Row(
        id=row[0],
        article_id=row[1],
        source_id=row[11],
        title=row[2],
        severity=Severity(row[3]),
        novelty=Novelty(row[4]),
        first_seen=row[5],
        updated_at=row[6],
        independent=row[7] or row[10],
        credibility=row[8],
        articles=row[9],
        sources=row[10],
        key=(place, row[0]),
    )
