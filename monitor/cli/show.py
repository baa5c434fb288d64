"""`monitor show`: one article whole."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from monitor.cli import console
from monitor.errors import UsageError
from monitor.model import Field

if TYPE_CHECKING:
    from monitor.model import Article, Hit
    from monitor.store import Store


def show(
    what: Annotated[str, typer.Argument(help="An article's id or URL, or a hit's number.", metavar="ID|URL|HIT")],
    config: console.ConfigOption = None,
    as_json: console.JsonOption = False,
) -> None:
    """Show one article: its text with the matched words, versions, sightings and hits."""
    loaded = console.load_config(config)
    with console.open_store(loaded) as store:
        article = found_or_not(store, what)
        hits = store.hits.of(article.id)
        if as_json:
            console.print_json(_facts(store, article, hits))
        else:
            _print(store, article, hits, loaded.settings.timezone)


def found_or_not(store: "Store", what: str) -> "Article":
    """Return an article by id or URL, or by the number of one of its hits; UsageError where there is none."""
    from monitor.extract.urls import canonical

    if what.isdecimal():
        what = hit_or_not(store, what).article_id
    article = store.articles.find(what) or (store.articles.find(canonical(what)) if "://" in what else None)
    if article is None:
        raise UsageError(f"there is no article {what!r}; `monitor articles --text WORDS` searches")
    return article


def hit_or_not(store: "Store", number: str) -> "Hit":
    """Return a hit by its number; UsageError where there is none."""
    hit = store.hits.get(int(number)) if len(number) < 19 else None  # longer ones are none of SQLite's
    if hit is None:
        raise UsageError(f"there is no hit {number}; `monitor hits` shows their numbers")
    return hit


def _facts(store: "Store", article: "Article", hits: "list[Hit]") -> dict[str, Any]:
    from dataclasses import asdict

    return {
        **asdict(article),
        "hits": [asdict(hit) for hit in hits],
        "versions": [asdict(one) for one in store.articles.versions(article.id)],
        "sightings": [asdict(one) for one in store.articles.sightings(article.id)],
    }


def highlighted(article: "Article", part: Field, hits: "list[Hit]") -> Text:
    """Return one part's text with the matched words marked and what is not matched dimmed."""
    text = Text(article.text(part))
    for mark in article.marks:
        if mark.field is part:
            text.stylize("dim", mark.start, mark.end)
    for hit in hits:
        for one in hit.evidence:
            if one.field is part and hit.article_version == article.version:
                text.stylize("bold reverse", one.start, one.end)
    plain = console.clean(text.plain)
    return text if plain == text.plain else Text(plain)


def _print(store: "Store", article: "Article", hits: "list[Hit]", zone: str) -> None:
    out = console.out()
    out.print(highlighted(article, Field.TITLE, hits), style="bold")
    flags = f"; {', '.join(sorted(article.flags))}" if article.flags else ""
    language = f"{article.language} ({article.language_from})" if article.language else "unknown language"
    console.say(f"{article.id}  {article.source_id}  {language}  version {article.version}{flags}")
    console.say(
        f"published {console.when(article.published_at, zone) or 'unknown'}, seen {console.when(article.seen_at, zone)}"
    )
    console.say(console.one_line(article.url or article.link))
    for part in (Field.SUMMARY, Field.BODY):
        if article.text(part):
            console.say()
            out.print(highlighted(article, part, hits))
    console.say()
    for hit in hits:
        words = ", ".join(dict.fromkeys(one.words for one in hit.evidence))
        console.say(console.one_line(f"hit {hit.rule_id} ({hit.severity}): {words}"))
    for sighting in store.articles.sightings(article.id):
        first, last = console.when(sighting.first_seen, zone), console.when(sighting.last_seen, zone)
        console.say(f"seen in {sighting.source_id} from {first} to {last}")
    for version in store.articles.versions(article.id):
        console.say(
            console.one_line(f"version {version.version}, {console.when(version.seen_at, zone)}: {version.title}")
        )
