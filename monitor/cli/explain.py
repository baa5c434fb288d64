"""`monitor explain`: which rules hit, nearly hit and missed, at which gate an article stopped; or a story's life."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console, placing
from monitor.cli.show import found_or_not
from monitor.errors import UsageError
from monitor.wording import counted

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.model import Article, Source
    from monitor.store import Store
    from monitor.store.decisions import Decided


VERDICTS = ("hit", "near", "miss")


def explain(
    what: Annotated[
        str,
        typer.Argument(help="An article's id or URL, a hit's number, or a story's id.", metavar="ID|URL|HIT|STORY"),
    ],
    config: console.ConfigOption = None,
    rule: Annotated[str, typer.Option("--rule", help="Only this rule, whatever came of it.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Also the rules that missed by far, and all of every rule.")
    ] = False,
    as_json: console.JsonOption = False,
) -> None:
    """Tell which rules hit, nearly hit and missed an article, and at which gate it stopped.

    Of a story its whole life in the order of time: articles, hits, decisions, messages, and what people did.
    """
    from monitor.cli.stories.finding import looks_like_a_story, story_or_not
    from monitor.cli.story_life import explain_story

    loaded = console.load_config(config)
    with console.open_store(loaded) as store:
        if looks_like_a_story(what) or store.stories.listed(what):
            if rule or everything:
                raise UsageError("--rule and --all are for articles; a story's life has no rules that missed")
            story_id, zone = story_or_not(store, what), loaded.settings.timezone
            explain_story(store, story_id, asked=what, zone=zone, as_json=as_json)
            return
        article = found_or_not(store, what)
        gates, source = _gates(store, article), _source(loaded, store, article)
    from monitor import places

    at = places.locate(article, source.country)
    explanations = loaded.rules.explain(article, source, now=time.time())
    chosen = [one for one in explanations if (one.rule_id == rule if rule else everything or one.verdict != "miss")]
    chosen.sort(key=lambda one: (one.missing, VERDICTS.index(one.verdict)))  # what hit is what was asked about
    if as_json:
        place, rules = placing.plain(at) if at.countries else None, [_plain(one) for one in chosen]
        console.print_json(
            {"article": article.id, "title": article.title, "place": place, "gates": gates, "rules": rules}
        )
        return
    console.say(console.one_line(f"{article.id}  {article.source_id}  {article.title}"), style="bold")
    for line in (placing.said(at), *gates):
        console.say(f"  {console.one_line(line)}")
    _print(chosen if rule or everything else [one.short() for one in chosen], len(explanations))


def _source(loaded: "Config", store: "Store", article: "Article") -> "Source":
    """Return the source of an article: as it is configured, else as it was."""
    configured = next((one for one in loaded.sources if one.id == article.source_id), None)
    source = configured or store.sources.get(article.source_id)
    if source is None:
        raise AssertionError("an article's source is never deleted")
    return source


def _gates(store: "Store", article: "Article") -> list[str]:
    """Say what became of an article, gate by gate."""
    lines = []
    if judged := store.articles.novelty(article.id):
        lines.append(f"stored as {judged[0]}: {judged[1]}")
    hits = store.hits.of(article.id)
    lines.append(f"matched: {', '.join(hit.rule_id for hit in hits)}" if hits else "matched: no rule")
    for story_id in store.stories.of_article(article.id):
        lines.append(_story(store, story_id))
        parts = [*store.stories.merged_into(story_id), story_id]
        for one in (one for part in parts for one in store.alerts.decisions(part)):
            lines.append(said(one))
        for tracked in (one for part in parts for one in store.alerts.of_story(part)):
            error = f" ({tracked.delivery.last_error})" if tracked.delivery.last_error else ""
            lines.append(f"delivery to {tracked.delivery.channel}: {tracked.state}{error}")
    return lines


def _story(store: "Store", story_id: str) -> str:
    """Say which story an article is in."""
    number = len(store.stories.articles(story_id))
    alone = "alone" if number == 1 else f"with {counted(number - 1, 'other article')}"
    return f"story: {story_id}, {alone}; `monitor stories show {story_id}`"


def said(one: "Decided") -> str:
    """Say what was decided about a story on a channel, or why there was none to tell."""
    if not one.channel:
        return f"no message: {one.decision.reason}"
    return f"channel {one.channel}: {one.decision.action} by {one.decision.policy}: {one.decision.reason}"


def _plain(one: Any) -> dict[str, Any]:
    return {"rule": one.rule_id, "verdict": str(one.verdict), "missing": one.missing, "text": one.text()}


def _print(chosen: list[Any], of: int) -> None:
    from monitor.cli.rules.test_report import show_tree

    for one in chosen:
        console.say()
        show_tree(one)
    rest = of - len(chosen)
    if rest:
        console.say(f"\n{counted(rest, 'rule')} missed; --all shows {'it' if rest == 1 else 'them'}.")
