"""`/rules`: the rules as they are loaded, read-only: what they find, how often they are right, what is odd in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.responses import Response

from monitor.alert.evidence import headline, sentences
from monitor.charts.tempo import Bar, Tempo
from monitor.match.rule import Rule
from monitor.match.trial import Trial, try_example
from monitor.model import Article, Hit, Severity
from monitor.rulestats import RuleStats, stats_of
from monitor.web.ask import Ask
from monitor.web.panels import FULL, Easel
from monitor.web.period import DAY, midnights, written
from monitor.web.refusal import not_found
from monitor.web.remarks import Told
from monitor.web.ruletext import text_of
from monitor.web.views.picture import known_sources

DAYS, QUARTER = 30, 90
RECENT = 10  # hits that a rule's own page shows


@dataclass(frozen=True, slots=True)
class Line:
    """One rule in the list."""

    id: str
    name: str
    watch: str
    severity: str
    place: str  # file:line, as the configuration has it; "" = it is not live
    stats: RuleStats
    spark: Markup
    wrong: int  # problems
    remarks: int  # warnings

    @property
    def live(self) -> bool:
        """Whether the rule is tried on what comes."""
        return bool(self.place)


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit with its evidence, as stretches of (text, is it evidence)."""

    number: int
    article: Article
    source: str
    at: float
    title: list[list[object]]
    parts: list[dict[str, object]]
    why: str = ""
    edited: bool = False


def shown(article: Article, hit: Hit, source: str, *, number: int = 0, why: str = "") -> Shown:
    """Return a hit to be shown; the words are only marked where the article is still the one that was matched."""
    edited = hit.article_version != article.version
    evidence = () if edited else hit.evidence
    return Shown(
        number, article, source, hit.at, headline(article, evidence), sentences(article, evidence), why, edited
    )


def listing(ask: Ask) -> Response:
    """Show every rule, by watch."""
    told = ask.site.remarks.of(ask.config)
    lines = _lines(ask, told or {})
    watches = sorted({line.watch for line in lines if line.watch}, key=str.casefold)
    watch, text = ask.query.get("watch", ""), ask.query.get("q", "")
    found = [line for line in lines if watch in ("", line.watch) and _has(line, text)]
    found.sort(key=lambda line: (not line.live, line.watch.casefold(), -Severity(line.severity).rank, line.name))
    return ask.page(
        "rules.html",
        lines=found,
        total=len(lines),
        watches=watches,
        watch=watch,
        text=text,
        problems=[one for one in ask.config.problems if not one.warning and not one.follows],
        checked=told is not None,
        marked=any(line.stats.precision is not None for line in lines),
        days=DAYS,
        near=near,
    )


def _lines(ask: Ask, told: Told) -> list[Line]:
    known = ask.store.picture.rules()
    live = ask.config.rules.rules
    ids = [*(rule.id for rule in live), *sorted(set(known) - {rule.id for rule in live})]
    edges = [ask.now - (DAYS - place) * DAY for place in range(DAYS + 1)]
    counts = ask.store.picture.counts(ids, edges)
    stats = _stats(ask)
    easel, none = Easel(ZoneInfo(ask.zone)), RuleStats()
    by_id = {rule.id: rule for rule in live}

    def line(place: int, id: str) -> Line:
        rule = by_id.get(id)
        name, watch = (rule.name, rule.watch) if rule else known[id]
        severity = rule.severity.value if rule else Severity.INFO.value
        spark = easel.spark(tuple(counts[id]), edges[0], DAY, f"{name}, hits by day", "hit", f"days-{place}")
        odd = told.get(id, ())
        wrong = sum(1 for one in odd if not one.warning)
        where = f"{rule.file}:{rule.line}" if rule else ""
        return Line(id, name, watch, severity, where, stats.get(id, none), spark, wrong, len(odd) - wrong)

    return [line(place, id) for place, id in enumerate(ids)]


def near(place: str) -> str:
    """Return the end of a path: the file and its folder."""
    return "/".join(place.split("/")[-2:])


def _stats(ask: Ask) -> Mapping[str, RuleStats]:
    return ask.site.remembered.get("rule stats", ask.now, 30.0, lambda: stats_of(ask.store, ask.now - DAYS * DAY))


def _has(line: Line, text: str) -> bool:
    had = f"{line.id} {line.name} {line.watch} {line.place}".casefold()
    return all(word in had for word in text.casefold().split())


# --- one rule --------------------------------------------------------------------------------------------------------


def one(ask: Ask) -> Response:
    """Show one rule: its text, its examples, and its newest hits with their evidence."""
    id = ask.path["id"]
    rule = next((rule for rule in ask.config.rules.rules if rule.id == id), None)
    known = ask.store.picture.rules().get(id)
    if rule is None and known is None:
        raise not_found(f"rule “{id}”")
    names = {source.id: source.name for source in known_sources(ask).values()}
    recent = ask.store.picture.recent(id, RECENT)
    marks = ask.store.marks.of((article.id, id) for _, _, article in recent)
    told = ask.site.remarks.of(ask.config)
    return ask.page(
        "rule.html",
        id=id,
        rule=rule,
        name=rule.name if rule else known[0] if known else id,
        watch=rule.watch if rule else known[1] if known else "",
        stats=_stats(ask).get(id, RuleStats()),
        tempo=_tempo(ask, id),
        yaml=text_of(ask.config.rules.documents, id),
        checked=told is not None,
        remarks=(told or {}).get(id, []),
        examples=_examples(ask, rule) if rule else [],
        hits=[shown(a, hit, names.get(a.source_id, a.source_id), number=number) for number, hit, a in recent],
        marks={article: mark.verdict.value for (article, _), mark in marks.items()},
        stories=f"/stories?{urlencode({'rule': id})}",
        days=DAYS,
        near=near,
    )


def _tempo(ask: Ask, id: str) -> Any:
    zone = ZoneInfo(ask.zone)
    edges = midnights(ask.now - (QUARTER - 1) * DAY, ask.now, zone)
    counts = ask.store.picture.counts([id], edges)[id]
    bars = tuple(Bar(start, end, (n,)) for start, end, n in zip(edges, edges[1:], counts, strict=False))

    def link(start: float, end: float) -> str:
        return f"/stories?{urlencode({'rule': id, 'since': written(start), 'until': written(end)})}"

    return Easel(zone, ask.is_slim).panel(
        "tempo", "tempo", "Hits by day, a quarter", Tempo((id,), bars, href=link), width=FULL
    )


def _examples(ask: Ask, rule: Rule) -> list[Trial]:
    """Try the rule on its examples; those that fail come first."""
    found = [try_example(ask.config.rules, rule, example) for example in rule.examples]
    return sorted(found, key=lambda one: one.passed)
