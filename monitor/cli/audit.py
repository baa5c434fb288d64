"""`monitor audit`: was anything missed? What passed each gate, what nearly hit, and who never says anything."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console, filters
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.match.conditions.base import Told
    from monitor.model import Article
    from monitor.store import Store

SHOWN = 3  # articles that are named for each rule
LABELS = 8  # labels that are listed at each gate
WIDTH = 118  # characters of a line
STEP = 20  # articles between two moves of the bar
NAMED = 20  # sources, rules and folded articles that are listed; --json has all
GATES = {  # in the order in which an article meets them
    "fetched": "polls, by what they ended in",
    "parsed": "documents read",
    "unread": "entries that were not read",
    "articles": "entries, by what they are",
    "matched": "hits, by rule",
    "queued": "alerts queued",
    "held": "alerts that had to wait, by policy",
    "suppressed": "alerts not sent, by policy",
}


def audit(
    config: console.ConfigOption = None,
    since: filters.SinceOption = "7d",
    sample: Annotated[int, typer.Option("--sample", min=0, help="Articles that the rules are tried on.")] = 500,
    as_json: console.JsonOption = False,
) -> None:
    """Look for what was missed: gates, near hits, sources and rules that never hit, duplicates that were folded."""
    now = time.time()
    begin = filters.moment(since, now=now)
    if begin is None or begin >= now:
        raise UsageError("--since names a time in the past, for example 7d")
    loaded = console.load_config(config)
    with console.open_store(loaded) as store:
        facts = _facts(loaded, store, begin, sample, now)
    if as_json:
        console.print_json(facts)
    else:
        _show(facts, loaded.settings.timezone)


# --- what there is to know --------------------------------------------------------------------------------------------


def _facts(config: "Config", store: "Store", since: float, sample: int, now: float) -> dict[str, Any]:
    """Return all of it, JSON-able."""
    number, folded = store.audit.folded(since, 200)
    near = _near(config, store, since, sample, now)
    return {
        "since": since,
        "until": now,
        "articles": store.articles.count(since),
        "hits": store.hits.count(since),
        "gates": _gates(store, since),
        **near,
        "sources_without_hits": _silent_sources(config, store, since),
        "rules_without_hits": _silent_rules(config, store, since),
        "folded": {
            "articles": number,
            "most": [{"article": one.article_id, "title": one.title, "sources": one.sources} for one in folded],
        },
        "problems": [
            {"kind": one.kind, "key": one.key, "title": one.title, "message": one.message}
            for one in store.problems.current()
        ],
    }


def _gates(store: "Store", since: float) -> dict[str, dict[str, int]]:
    counts = store.counters.since(since)
    gates: dict[str, dict[str, int]] = {}
    for name in dict.fromkeys((*GATES, *sorted(gate for gate, _ in counts))):
        found = {label: number for (gate, label), number in counts.items() if gate == name}
        if found:
            gates[name] = dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
    return gates


def _near(config: "Config", store: "Store", since: float, sample: int, now: float) -> dict[str, Any]:
    """Try the rules on a sample; return how many were tried, and by rule the articles that lack one condition."""
    from monitor.cli.db import steps
    from monitor.model import Source

    ids = store.audit.sample(since, sample) if sample else []
    sources = {source.id: source for source in config.sources}
    found: dict[str, list[dict[str, str]]] = {}
    with steps("trying the rules on stored articles") as step:
        for number, article_id in enumerate(ids):
            article = store.articles.get(article_id)
            if article is None:
                continue
            source = sources.get(article.source_id) or Source(id=article.source_id, url="")
            for one in config.rules.explain(article, source, now=article.seen_at or now):
                if one.verdict == "near":
                    found.setdefault(one.rule_id, []).append(_near_row(article, lacking(one.told)))
            if step and not number % STEP:
                step(number, len(ids))
    near = [
        {"rule": rule, "articles": len(rows), "examples": rows[:SHOWN]}
        for rule, rows in sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))
    ]
    return {"tried": len(ids), "near": near}


def _near_row(article: "Article", missing: str) -> dict[str, str]:
    return {"article": article.id, "source": article.source_id, "title": article.title, "why_not": missing}


def lacking(told: "Told") -> str:
    """Return the condition that would have to hold as well, as small as it can be named."""
    missed = [part for part in told.parts if not part.held and part.missing <= told.missing]
    held = any(part.held for part in told.parts)
    if len(missed) == 1 and (held or len(told.parts) == 1):
        return lacking(missed[0])
    return f"{told.words} ({told.note})" if told.note else told.words


def _silent_sources(config: "Config", store: "Store", since: float) -> list[dict[str, Any]]:
    hits, articles = store.audit.hits_by_source(since), store.audit.articles_by_source(since)
    return [
        {"source": source.id, "name": source.name, "articles": articles.get(source.id, 0)}
        for source in config.sources
        if source.enabled and not hits.get(source.id)
    ]


def _silent_rules(config: "Config", store: "Store", since: float) -> list[dict[str, Any]]:
    lately, ever = store.hits.per_rule(since), store.hits.per_rule()
    return [
        {"rule": rule.id, "name": rule.name, "hits_ever": ever.get(rule.id, 0)}
        for rule in config.rules.rules
        if not lately.get(rule.id)
    ]


# --- on the screen ----------------------------------------------------------------------------------------------------


def _show(facts: dict[str, Any], zone: str) -> None:
    begin, end = console.when(facts["since"], zone), console.when(facts["until"], zone)
    console.say(f"{begin} to {end} ({zone}): {facts['articles']:,} articles, {facts['hits']:,} hits", style="bold")
    _show_gates(facts["gates"])
    _show_near(facts)
    silent = facts["sources_without_hits"]
    _show_list("Sources that brought nothing", [one["source"] for one in silent if not one["articles"]])
    without = [f"{one['source']} ({one['articles']:,} articles)" for one in silent if one["articles"]]
    _show_list("Sources that brought articles, but no hit", without)
    fired = [
        one["rule"] + (f" ({one['hits_ever']:,} earlier)" if one["hits_ever"] else " (never)")
        for one in facts["rules_without_hits"]
    ]
    _show_list("Rules that did not fire", fired)
    folded = facts["folded"]
    console.say(f"\nArticles that several sources had, folded into one: {folded['articles']:,}", style="bold")
    for one in folded["most"][:SHOWN]:
        _line(2, f"{one['article']}  {one['title']}")
        _line(4, ", ".join(one["sources"]))
    for one in facts["problems"]:
        console.say(console.one_line(f"problem  {one['title'] or one['key']}: {one['message']}"), style="yellow")


def _show_gates(gates: dict[str, dict[str, int]]) -> None:
    console.say("\nGates (whole days, UTC)", style="bold")
    for gate, labels in gates.items():
        if gate not in GATES:  # what rules cost is counted in the same table
            continue
        parts = [f"{number:,} {console.one_line(label)}" for label, number in labels.items() if label]
        more = [f"and {len(parts) - LABELS} more"] if len(parts) > LABELS else []
        words = ": ".join([GATES[gate], *([", ".join([*parts[:LABELS], *more])] if parts else [])])
        console.say(f"  {gate:<11}{sum(labels.values()):>9,}  {words}")
    if not gates:
        console.say("  nothing was polled")


def _show_near(facts: dict[str, Any]) -> None:
    tried = f"{facts['tried']:,} of {facts['articles']:,} articles tried"
    console.say(f"\nNearly hit: one condition is missing ({tried})", style="bold")
    for rule in facts["near"]:
        console.say(f"  {rule['rule']}: {rule['articles']:,}")
        for one in rule["examples"]:
            _line(4, f"{one['article']}  {one['title'] or '(without a title)'}")
            _line(6, f"why not: {one['why_not']}", style="yellow")
    if not facts["near"]:
        console.say("  none")


def _show_list(title: str, rows: list[str]) -> None:
    console.say(f"\n{title}: {len(rows)}", style="bold")
    for row in rows[:NAMED]:
        _line(2, row)
    if len(rows) > NAMED:
        console.say(f"  and {len(rows) - NAMED} more; --json has all")


def _line(indent: int, text: str, style: str = "") -> None:
    console.say(" " * indent + console.one_line(text, longest=WIDTH - indent), style=style)
