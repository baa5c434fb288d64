"""`monitor articles`: what was stored."""

import json
import time
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from monitor.cli import console, filters, known

if TYPE_CHECKING:
    from monitor.model import Article
    from monitor.store import Store


def articles(
    config: console.ConfigOption = None,
    rule: filters.RuleOption = "",
    source: filters.SourceOption = "",
    text: filters.TextOption = "",
    language: Annotated[str, typer.Option("--language", help="ISO 639-1, for example uk.")] = "",
    since: filters.SinceOption = "",
    until: filters.UntilOption = "",
    limit: filters.LimitOption = 50,
    as_json: console.JsonOption = False,
    as_csv: console.CsvOption = False,
    follow: filters.FollowOption = False,
) -> None:
    """List articles, the newest first; with --follow the newest last, and what comes."""
    loaded = console.load_config(config)
    now = time.time()
    chosen: dict[str, Any] = {
        "rule": rule,
        "source": source,
        "text": text,
        "language": language,
        "since": filters.moment(since, now=now),
        "until": filters.moment(until, now=now),
    }
    with console.open_store(loaded) as store:
        known.must_exist(loaded, store, rule=rule, source=source)
        found = store.articles.search(**chosen, limit=limit)
        if follow:
            _go_on(store, found, chosen, as_json=as_json, zone=loaded.settings.timezone)
    rows, table = [_row(one) for one in found], _table(found, loaded.settings.timezone)
    console.show(rows, as_json=as_json, as_csv=as_csv, table=table, empty="no articles")


def _go_on(store: "Store", found: "list[Article]", chosen: dict[str, Any], *, as_json: bool, zone: str) -> NoReturn:
    """Print what was found, the oldest first, and what comes, until it is interrupted."""
    last = _follow(list(reversed(found)), as_json=as_json, zone=zone)
    while True:
        filters.pause()
        more: dict[str, Any] = {"limit": 500, "after": last} if last else {"limit": 1}
        last = _follow(store.articles.search(**chosen, **more), as_json=as_json, zone=zone, last=last)


def _row(article: "Article") -> dict[str, Any]:
    return {
        "id": article.id,
        "seen": article.seen_at,
        "published": article.published_at,
        "source": article.source_id,
        "language": article.language,
        "title": article.title,
        "url": article.url or article.link,
        "version": article.version,
    }


def _table(found: "list[Article]", zone: str) -> Any:
    table = console.make_table("seen", "source", "lang", "~headline", "article")
    for one in found:
        console.add_row(table, console.when(one.seen_at, zone), one.source_id, one.language, one.title, one.id)
    return table


def _follow(found: "list[Article]", *, as_json: bool, zone: str, last: str = "") -> str:
    """Print one line an article; return the id of the last one."""
    for one in found:
        last = one.id
        if as_json:
            print(json.dumps(_row(one), ensure_ascii=True), flush=True)
        else:
            console.say(console.one_line(f"{console.when(one.seen_at, zone)}  {one.source_id}  {one.title}  {one.id}"))
    return last
