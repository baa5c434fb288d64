"""`monitor hits`: what matched, and whether that was right."""

import json
import time
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from monitor.cli import console, filters, known, placing
from monitor.cli.show import found_or_not, hit_or_not
from monitor.errors import UsageError
from monitor.model import Severity

if TYPE_CHECKING:
    from monitor.model import Article, Hit, Located
    from monitor.store import HitMark, Store, Verdict

    Found = list[tuple[int, Hit, Article]]
    Marked = dict[tuple[str, str], HitMark]  # by article and rule
    Places = dict[str, Located]  # by article

app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="List hits, by rule, time, source or text; mark them right or wrong.",
)


# --- list ------------------------------------------------------------------------------------------------------------


@app.callback()
def hits(
    context: typer.Context,
    config: console.ConfigOption = None,
    rule: filters.RuleOption = "",
    watch: Annotated[str, typer.Option("--watch", help="Name of a watch.")] = "",
    severity: Annotated[str, typer.Option("--severity", help="Lowest severity: info ... critical.")] = "",
    source: filters.SourceOption = "",
    country: placing.CountryOption = "",
    text: filters.TextOption = "",
    since: filters.SinceOption = "",
    until: filters.UntilOption = "",
    marked: Annotated[str, typer.Option("--marked", help="Only those marked so: right, wrong, or none.")] = "",
    limit: filters.LimitOption = 50,
    as_json: console.JsonOption = False,
    as_csv: console.CsvOption = False,
    as_geojson: placing.GeoJsonOption = False,
    follow: filters.FollowOption = False,
) -> None:
    """List hits, the newest first; with --follow the newest last, and what comes. Mark them right or wrong."""
    console.chosen.config = config or console.chosen.config
    if context.invoked_subcommand is not None:
        return
    if as_geojson and (as_json or as_csv or follow):
        raise UsageError("--geojson stands alone, without --json, --csv and --follow")
    loaded = console.load_config()
    now = time.time()
    chosen: dict[str, Any] = {
        "rule": rule,
        "watch": watch,
        "severity": _severity(severity),
        "source": source,
        "country": placing.country(country),
        "text": text,
        "since": filters.moment(since, now=now),
        "until": filters.moment(until, now=now),
        "marked": _marked(marked),
    }
    zone = loaded.settings.timezone
    with console.open_store(loaded) as store:
        known.must_exist(loaded, store, rule=rule, watch=watch, source=source)
        found = store.hits.search(**chosen, limit=limit)
        if not follow:
            marks, places = _marks(store, found), _places(store, found)
            if as_geojson:
                console.print_json(placing.collection(found, places))
                return
            row = _csv_row if as_csv and not as_json else _row
            rows = [row(*one, marks, places) for one in found]
            table = _table(found, marks, places, zone)
            console.show(rows, as_json=as_json, as_csv=as_csv, table=table, empty=_none(store))
            return
        last = _follow(store, list(reversed(found)), as_json=as_json, zone=zone)
        while True:
            filters.pause()
            fresh = store.hits.search(**chosen, limit=500, after=last)
            last = _follow(store, fresh, as_json=as_json, zone=zone, last=last)


def _none(store: "Store") -> str:
    """Say that nothing hit, and where there is nothing that could have, so."""
    stored = store.articles.count()
    return "no hits" if stored else "no hits: no article is stored yet; `monitor sources` says how the sources are"


def _marks(store: "Store", found: "Found") -> "Marked":
    return store.marks.of((hit.article_id, hit.rule_id) for _, hit, _ in found)


def _places(store: "Store", found: "Found") -> "Places":
    return store.places.of({article.id for _, _, article in found})


def _marked(text: str) -> "Verdict | Literal['none'] | None":
    from monitor.store import Verdict

    if text == "none":
        return "none"
    try:
        return Verdict(text) if text else None
    except ValueError:
        raise UsageError("--marked is right, wrong or none") from None


def _severity(text: str) -> Severity | None:
    try:
        return Severity(text) if text else None
    except ValueError:
        raise UsageError(f"--severity is one of {', '.join(Severity)}") from None


def _row(number: int, hit: "Hit", article: "Article", marks: "Marked", places: "Places") -> dict[str, Any]:
    mark = marks.get((hit.article_id, hit.rule_id))
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
        "place": placing.plain(places.get(article.id)),
        "mark": mark.verdict.value if mark else None,
        "note": mark.note if mark else "",
    }


def _csv_row(number: int, hit: "Hit", article: "Article", marks: "Marked", places: "Places") -> dict[str, Any]:
    """Return a row for a spreadsheet: a time that it knows (ISO 8601, UTC), and the words in one cell, each once."""
    row, at = _row(number, hit, article, marks, places), places.get(article.id)
    where = {
        "place": at.place if at else "",
        "countries": " ".join(at.countries) if at else "",
        "lat": at.lat if at else None,
        "lon": at.lon if at else None,
        "sure": at.sure if at else "",
    }
    return {**row, "at": console.iso(hit.at), "words": "; ".join(dict.fromkeys(row["words"])), **where}


def _table(found: "Found", marks: "Marked", places: "Places", zone: str) -> Any:
    """Make a table; on few columns headline and words have a line of their own, else what is long shares columns."""
    head = (">hit", "mark") if marks else (">hit",)
    rows = [(_cells(one, marks, zone), _headline(*one[1:], places)) for one in found]
    if console.is_narrow():
        return console.stack((*head, "seen", "severity", "rule, source, article"), rows)
    table = console.make_table(*head, "seen", "severity", "~rule, source, article", "~headline, matched words, place")
    for cells, headline in rows:
        console.add_row(table, *cells, headline)
    return table


def _cells(one: "tuple[int, Hit, Article]", marks: "Marked", zone: str) -> list[Any]:
    number, hit, article = one
    mark = marks.get((hit.article_id, hit.rule_id))
    said = [mark.verdict if mark else ""] if marks else []
    names = f"{hit.rule_id} {article.source_id} {article.id}"
    return [number, *said, console.when(hit.at, zone), hit.severity, names]


def _headline(hit: "Hit", article: "Article", places: "Places") -> str:
    where = placing.short(places.get(article.id))
    words = ", ".join(dict.fromkeys(one.words for one in hit.evidence))
    return f"{article.title} [{words}]" + (f" ({where})" if where else "")


def _follow(store: "Store", found: "Found", *, as_json: bool, zone: str, last: int = 0) -> int:
    """Print one line a hit; return the number of the last one."""
    marks, places = _marks(store, found), _places(store, found)
    for number, hit, article in found:
        last = number
        if as_json:
            print(json.dumps(_row(number, hit, article, marks, places), ensure_ascii=True), flush=True)
        else:
            head = f"{console.when(hit.at, zone)}  {hit.severity.upper():8} {hit.rule_id}"
            mark = marks.get((hit.article_id, hit.rule_id))
            said = f"  marked {mark.verdict}" if mark else ""
            line = f"{head}  {_headline(hit, article, places)}  {article.id}  hit {number}{said}"
            console.say(console.one_line(line))
    return last


# --- mark ------------------------------------------------------------------------------------------------------------


@app.command()
def mark(
    what: Annotated[
        list[str], typer.Argument(metavar="HIT|ARTICLE|URL...", help="Numbers of hits, or ids or URLs of articles.")
    ],
    config: console.ConfigOption = None,
    rule: Annotated[str, typer.Option("--rule", help="Which rule's hit, where several hit the article.")] = "",
    right: Annotated[bool, typer.Option("--right", help="The rule should have found it.")] = False,
    wrong: Annotated[bool, typer.Option("--wrong", help="It should not.")] = False,
    clear: Annotated[bool, typer.Option("--clear", help="Take the mark away.")] = False,
    note: Annotated[str, typer.Option("--note", help="Why.")] = "",
) -> None:
    """Say of hits that they are right or wrong, for `monitor rules stats` and `monitor rules suggest`.

    A mark belongs to article and rule: it stays when the article is edited or the rule changed. All of them are
    marked, or on a mistake none.
    """
    from monitor.store import Verdict

    if right + wrong + clear != 1:
        raise UsageError("say one of --right, --wrong and --clear")
    if clear and note:
        raise UsageError("--note goes with --right or --wrong")
    verdict = Verdict.RIGHT if right else Verdict.WRONG
    loaded = console.load_config(config)
    console.open_store(loaded).close()  # for its message where there is no database: marking must not make one
    with console.open_store(loaded, read_only=False) as store, store.transaction(durable=True):
        for hit in [_meant(store, one, rule) for one in what]:
            if clear:
                had = store.marks.clear(hit.article_id, hit.rule_id)
                said = "no longer marked" if had else "was not marked"
            else:
                store.marks.set(hit.article_id, hit.rule_id, verdict, time.time(), note=note)
                said = f"marked {verdict}"
            title = _title(store, hit)
            console.say(console.one_line(f"{hit.rule_id} on {hit.article_id} {said}: {title}"))


def _title(store: "Store", hit: "Hit") -> str:
    article = store.articles.get(hit.article_id)
    return article.title if article else ""


def _meant(store: "Store", what: str, rule: str) -> "Hit":
    """Return the hit that is meant: by its number, or by its article, and the rule where several hit that."""
    if what.isdecimal():
        hit = hit_or_not(store, what)
        if rule and hit.rule_id != rule:
            raise UsageError(f"hit {what} is of the rule {hit.rule_id!r}, not of {rule!r}")
        return hit
    article = found_or_not(store, what).id if "://" in what else what
    hits = {hit.rule_id: hit for hit in store.hits.of(article)}
    if not hits:
        raise UsageError(f"no rule hit an article {what!r}; `monitor hits` shows numbers and articles")
    if rule and rule not in hits:
        raise UsageError(f"the rule {rule!r} did not hit {what}; these did: {', '.join(hits)}")
    if not rule and len(hits) > 1:
        raise UsageError(f"several rules hit {what}; name one with --rule: {', '.join(hits)}")
    return hits[rule or next(iter(hits))]
