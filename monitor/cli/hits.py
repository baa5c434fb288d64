"""`monitor hits`: what matched."""

import json
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console, filters
from monitor.errors import UsageError
from monitor.model import Severity

if TYPE_CHECKING:
    from monitor.model import Article, Hit


def hits(
    config: console.ConfigOption = None,
    rule: filters.RuleOption = "",
    watch: Annotated[str, typer.Option("--watch", help="Name of a watch.")] = "",
    severity: Annotated[str, typer.Option("--severity", help="Lowest severity: info ... critical.")] = "",
    source: filters.SourceOption = "",
    text: filters.TextOption = "",
    since: filters.SinceOption = "",
    until: filters.UntilOption = "",
    limit: filters.LimitOption = 50,
    as_json: console.JsonOption = False,
    as_csv: console.CsvOption = False,
    follow: filters.FollowOption = False,
) -> None:
    """List hits, the newest first; with --follow the newest last, and what comes."""
    loaded = console.load_config(config)
    now = time.time()
    chosen: dict[str, Any] = {
        "rule": rule,
        "watch": watch,
        "severity": _severity(severity),
        "source": source,
        "text": text,
        "since": filters.moment(since, now=now),
        "until": filters.moment(until, now=now),
    }
    with console.open_store(loaded) as store:
        found = store.hits.search(**chosen, limit=limit)
        if not follow:
            console.show(
                [_row(*one) for one in found],
                as_json=as_json,
                as_csv=as_csv,
                table=_table(found, loaded.settings.timezone),
            )
            return
        last = _follow(list(reversed(found)), as_json=as_json, zone=loaded.settings.timezone)
        while True:
            filters.pause()
            last = _follow(
                store.hits.search(**chosen, limit=500, after=last),
                as_json=as_json,
                zone=loaded.settings.timezone,
                last=last,
            )


def _severity(text: str) -> Severity | None:
    try:
        return Severity(text) if text else None
    except ValueError:
        raise UsageError(f"--severity is one of {', '.join(Severity)}") from None


def _row(number: int, hit: "Hit", article: "Article") -> dict[str, Any]:
    return {
        "hit": number,
        "at": hit.at,
        "severity": hit.severity.value,
        "rule": hit.rule_id,
        "watch": hit.watch,
        "source": article.source_id,
        "article": article.id,
        "title": article.title,
        "url": article.url or article.link,
        "words": [one.words for one in hit.evidence],
    }


def _table(found: "list[tuple[int, Hit, Article]]", zone: str) -> Any:
    """Make a table; what is long shares one column, so that it is readable on 80 columns, too."""
    table = console.make_table("seen", "severity", "~rule, source, article", "~headline, matched words")
    for _, hit, article in found:
        words = ", ".join(dict.fromkeys(one.words for one in hit.evidence))
        console.add_row(
            table,
            console.when(hit.at, zone),
            hit.severity,
            f"{hit.rule_id} {article.source_id} {article.id}",
            f"{article.title} [{words}]",
        )
    return table


def _follow(found: "list[tuple[int, Hit, Article]]", *, as_json: bool, zone: str, last: int = 0) -> int:
    """Print one line a hit; return the number of the last one."""
    for number, hit, article in found:
        last = number
        if as_json:
            print(json.dumps(_row(number, hit, article), ensure_ascii=True), flush=True)
        else:
            words = ", ".join(dict.fromkeys(one.words for one in hit.evidence))
            head = f"{console.when(hit.at, zone)}  {hit.severity.upper():8} {hit.rule_id}"
            line = f"{head}  {article.title}  [{words}]  {article.id}"
            console.say(console.one_line(line))
    return last
