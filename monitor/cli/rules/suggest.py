"""`monitor rules suggest`: the terms that would tell a rule's wrong hits from its right ones."""

import itertools
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.match.suggest import Marked, Suggestion, Suggestions
    from monitor.model import Article
    from monitor.store import Store

BACKGROUND = 2_000  # of the newest articles, which show what words any news has


def suggest(
    rule: Annotated[str, typer.Argument(metavar="ID", help="A rule with hits that were marked right and wrong.")],
    config: console.ConfigOption = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many of each kind at most.")] = 8,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object.")] = False,
) -> None:
    """Suggest terms that tell the wrong hits of a rule from the right ones, as `monitor hits mark` said.

    Words and pairs of words that stand in wrong hits and seldom in right ones could be added to `not`; those of right
    hits could be required. Each comes with its counts, with the chance that a word which tells nothing is spread so
    unevenly (Fisher's exact test), and with the precision that the marked hits would have. Nothing is changed.
    """
    loaded = console.load_config(config)
    marked, background = _read(loaded, rule)
    from monitor.match.own import OwnTerms
    from monitor.match.suggest import suggest as suggested

    found = suggested(marked, background, most=most, own=OwnTerms.of(loaded.rules, rule))
    if as_json:
        console.print_json(_data(rule, found))
    elif found.enough:
        _show(rule, found)
    else:
        _show_too_few(rule, found)


def _read(loaded: "Config", rule: str) -> "tuple[list[Marked], list[Article]]":
    from monitor.config.suggest import hint
    from monitor.match.suggest import Marked
    from monitor.model import Source
    from monitor.store import Verdict

    with console.open_store(loaded) as store:
        known = {one.id for one in loaded.rules.rules} | set(store.hits.last_per_rule())
        if rule not in known:
            raise UsageError(f"there is no rule {rule!r}; {hint(rule, known, what='rules')}")
        sources = {one.id: one for one in (*store.sources.all(removed=True), *loaded.sources)}
        marked = []
        for mark in store.marks.of_rule(rule):
            article = store.articles.get(mark.article_id)
            if article:
                source = sources.get(article.source_id) or Source(id=article.source_id, url="")
                marked.append(Marked(article, source, mark.verdict is Verdict.RIGHT))
        return marked, _newest(store)


def _newest(store: "Store") -> "list[Article]":
    pieces, _ = store.scan.plan(limit=BACKGROUND)
    return list(itertools.chain.from_iterable(map(store.scan.articles, pieces)))


def _data(rule: str, found: "Suggestions") -> dict[str, Any]:
    from dataclasses import asdict

    from monitor.match.suggest import FEWEST

    right, wrong = found.together
    return {
        "rule": rule,
        "marked": {"right": found.right, "wrong": found.wrong, "needed": FEWEST, "enough": found.enough},
        "precision": found.precision,
        "not": [asdict(one) for one in found.exclude],
        "require": [asdict(one) for one in found.require],
        "not_together": {
            "right": right,
            "wrong": wrong,
            "precision": right / (right + wrong) if right + wrong else 0.0,
        },
    }


def _show_too_few(rule: str, found: "Suggestions") -> None:
    from monitor.match.suggest import FEWEST

    console.say(
        f"too few marks: of the hits of {rule}, {found.wrong} are marked wrong and {found.right} right; "
        f"{FEWEST} of each are needed, ten or more tell much better"
    )
    console.say(
        f"  {console.program()} hits --rule {rule} --marked none   shows hits with their numbers\n"
        f"  {console.program()} hits mark NUMBER... --wrong        (or --right) marks them"
    )


def _show(rule: str, found: "Suggestions") -> None:
    console.say(
        f"{rule}: {found.right} hits are marked right and {found.wrong} wrong, so its precision is "
        f"{found.precision:.2f} of {found.right + found.wrong}"
    )
    if not found.exclude and not found.require:
        console.say("no word tells them apart better than chance; more marks may, or a source or a `near` condition")
        return
    if exclude := tuple(one for one in found.exclude if not one.own):
        console.say("\nadd to `not`: stands in wrong hits", style="bold")
        console.out().print(_table(exclude, found))
        right, wrong = found.together
        if len(exclude) > 1:
            console.say(
                f"all of them: {right} of {found.right} right and {wrong} of {found.wrong} wrong hits are left, "
                f"precision {right / (right + wrong) if right + wrong else 0.0:.2f}"
            )
    if own := tuple(one for one in found.exclude if one.own):
        console.say("\nlooked for by the rule itself: stands in wrong hits", style="bold")
        console.out().print(_table(own, found))
        for one in own:
            console.say(f"`{one.term}` is a term of {one.own}: take it out there, or ask for more beside it")
    if found.require:
        console.say("\nrequire one: stands in right hits", style="bold")
        console.out().print(_table(found.require, found))
    console.say(
        "\n`chance`: how likely a word that tells nothing is spread so unevenly; of many words some are so by luck. "
        "Nothing was changed: edit the rule, then `monitor rules backtest` shows what it gains and loses."
    )


def _table(listed: "tuple[Suggestion, ...]", found: "Suggestions") -> Any:
    table = console.make_table("~term", ">wrong", ">right", ">chance", ">precision", ">keeps right", "~for example")
    for one in listed:
        also = f" (the same: {', '.join(one.also[:3])})" if one.also else ""
        console.add_row(
            table,
            one.term + also,
            f"{one.wrong} of {found.wrong}",
            f"{one.right} of {found.right}",
            f"{one.chance:.3f}" if one.chance >= 0.001 else "< 0.001",
            f"{one.precision:.2f}",
            f"{one.kept} of {found.right}",
            console.one_line(one.example, longest=90),
        )
    return table
