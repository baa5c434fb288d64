"""`monitor rules score`: how well rules find what labelled articles say people want."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console
from monitor.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from monitor.match.rulebook import RuleBook
    from monitor.match.score import Count, Judgement
    from monitor.model import Article, Source

HALF = "half"  # the value of --split that divides by ids
SHOWN = 300  # characters of an article's text under a mistake
Topics = Mapping[str, tuple[str, ...]]  # label -> the rules that answer for it
Pair = tuple[Mapping[str, Any], "Judgement"]

LabelsOption = Annotated[
    list[Path], typer.Option("--labels", metavar="L.jsonl", help="Labelled articles; may be given several times.")
]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="LABEL=RULE,...", help="Which rules answer for a label, in place of the files' labels:."
    ),
]
SplitOption = Annotated[
    str,
    typer.Option(
        metavar="half|NAME", help="half: both halves too, divided by id. NAME: only articles whose split is so."
    ),
]


def score(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A rules file, or a folder of them.")],
    labels: LabelsOption,
    mapping: MapOption = None,
    split: SplitOption = "",
    brief: Annotated[bool, typer.Option("--brief", help="The figures alone, without the mistakes.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Print precision, recall and F1 of rules on labelled articles, and explain every miss and false alarm.

    A line of L.jsonl is one article: {"title", "text", "lang", "source", "date", "labels": {"deploy": true}}, and all
    but the labels may be missing. A label that is null is not counted.
    """
    from monitor.match import score as scoring

    book = _read_rules(file)
    topics = _topics(book, file, mapping or [])
    items = [item for path in labels for item in _read(path) if split in ("", HALF) or item.get("split") == split]
    if not items:
        raise UsageError("there are no labelled articles" + (f" with split {split!r}" if split else ""))
    if mapping:
        _warn_of_labels(topics, items)
    pairs = list(_judged(book, topics, items))
    parts = {"topics": [one for _, one in pairs]}
    if split == HALF:
        for name in scoring.HALVES:
            parts[f"{name} half"] = [one for _, one in pairs if scoring.half(one.id) == name]
    figures = {name: scoring.counts(part, topics) for name, part in parts.items()}
    if as_json:
        console.print_json(_plain(figures))
        return
    _print_figures(figures, len(items))
    if not brief:
        _print_mistakes(book, topics, pairs)


# --- what is read ----------------------------------------------------------------------------------------------------


def _read_rules(file: Path) -> "RuleBook":
    """Return the rules of a file with those beside it, of which it may use term sets; or those of a folder."""
    from monitor.config import shown
    from monitor.config.yaml import load_located
    from monitor.match.rulebook import RuleBook, RuleDocument

    paths = sorted((file if file.is_dir() else file.parent).glob("[!.]*.yaml"))
    if file.is_file() and file not in paths:
        paths.append(file)
    if not file.exists() or not paths:
        raise UsageError(f"{file} is neither a rules file nor a folder of them")
    loaded = [load_located(path, file=shown(path)) for path in paths]
    book, problems = RuleBook.compile(
        [RuleDocument(one.file, one.data, one.where, one.where_key) for one in loaded if one.readable]
    )
    asked = {shown(path) for path in (paths if file.is_dir() else [file])}
    found = [*(problem for one in loaded for problem in one.problems), *problems]
    if wrong := [one for one in found if one.file in asked and not one.warning]:
        raise ConfigError(wrong)
    return book


def _topics(book: "RuleBook", file: Path, mapping: list[str]) -> Topics:
    """Return which rules answer for a label: as `--map` says, else as the files say."""
    from monitor.config import shown
    from monitor.match.labels import labels_of

    if mapping:
        return _mapped(mapping, {rule.id for rule in book.rules})
    said = labels_of(one for one in book.documents if file.is_dir() or one.file == shown(file))
    if not said:
        raise UsageError("no rule answers for a label: write --map deploy=ID,ID, or labels: in the rules file")
    return said


def _mapped(mapping: list[str], ids: set[str]) -> Topics:
    """Read `--map`: `deploy=border-deployment,grouping-at-border`; a part without `=` goes on with the label before."""
    from monitor.config import suggest

    topics: dict[str, tuple[str, ...]] = {}
    label = ""
    for part in (part.strip() for one in mapping for part in one.split(",")):
        before, sign, after = part.partition("=")
        label, rule_id = (before.strip(), after.strip()) if sign else (label, part)
        if not label:
            raise UsageError(f"--map {part!r} is not of the form LABEL=RULE,RULE")
        if rule_id not in ids:
            raise UsageError(f"there is no rule {rule_id!r}; {suggest.hint(rule_id, ids, what='rules')}")
        topics[label] = (*topics.get(label, ()), rule_id)
    return topics


def _warn_of_labels(topics: Topics, items: list[dict[str, Any]]) -> None:
    """Tell of labels that no article has: rules that answer for them can only be wrong."""
    had = sorted({str(label) for item in items for label in item["labels"]})
    for label in topics:
        if label not in had:
            console.warn(f"no article has the label {label!r}; they have: {', '.join(had) or 'none'}", style="yellow")


def _read(path: Path) -> Iterator[dict[str, Any]]:
    """Return the labelled articles of a file; UsageError with the line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _item(line, f"{path}:{number}")


def _item(line: str, place: str) -> dict[str, Any]:
    try:
        item = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{place}: this is no JSON: {error}") from None
    labels = item.get("labels") if isinstance(item, dict) else None
    if not isinstance(labels, dict):
        raise UsageError(f'{place}: this article has no labels; write "labels": {{"deploy": true}}')
    for name, value in labels.items():
        if value not in (True, False, None):
            raise UsageError(f"{place}: the label {name} is neither true nor false nor null")
    return {"id": place, **item}


def _article(item: Mapping[str, Any]) -> "tuple[Article, Source]":
    """Make an article of a labelled item, in the way in which one is made of a feed's entry."""
    from monitor.extract import extract
    from monitor.model import Entry, Source

    source = Source(id="labelled", url="", publisher=str(item.get("source") or ""))
    entry = Entry(
        guid=str(item["id"]),
        title=str(item.get("title") or ""),
        summary=str(item.get("text") or ""),
        language=str(item.get("lang") or ""),
        published_at=_time(item),
    )
    return extract(entry, source=source, feed_language="", base_url="", now=_time(item)), source


def _time(item: Mapping[str, Any]) -> float:
    """Return when an article was published, which is also when it is judged; 0 where that is not known."""
    try:
        at = datetime.fromisoformat(str(item.get("date")))
    except ValueError:
        return 0.0
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _judged(book: "RuleBook", topics: Topics, items: list[dict[str, Any]]) -> Iterator[Pair]:
    from monitor.match.score import judge

    with _progress(len(items)) as step:
        for item in items:
            article, source = _article(item)
            hit = {one.rule_id for one in book.match(article, source, now=_time(item))}
            yield item, judge(str(item["id"]), article.title, item["labels"], hit, topics)
            step()


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """Show a progress bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.progress import Progress

    with Progress(console=console.err(), transient=True) as bar:
        task = bar.add_task("matching", total=total)
        yield lambda: bar.advance(task)


# --- what is printed -------------------------------------------------------------------------------------------------


def _plain(figures: "Mapping[str, Mapping[str, Count]]") -> dict[str, Any]:
    """Return the figures as JSON has them; halves stand beside the whole under `halves`."""
    plain = {
        name: {
            topic: {
                "precision": round(count.precision, 4),
                "recall": round(count.recall, 4),
                "f1": round(count.f1, 4),
                "tp": count.tp,
                "fp": count.fp,
                "fn": count.fn,
            }
            for topic, count in part.items()
        }
        for name, part in figures.items()
    }
    whole = plain.pop("topics")
    halves = {name.removesuffix(" half"): part for name, part in plain.items()}
    return {"topics": whole, **({"halves": halves} if halves else {})}


def _print_figures(figures: "Mapping[str, Mapping[str, Count]]", articles: int) -> None:
    table = console.make_table("topic", "", ">precision", ">recall", ">F1", ">right", ">false alarms", ">missed")
    for name, part in figures.items():
        for topic, count in part.items():
            shares = (
                f"{count.precision:.2f}" if count.tp + count.fp else "-",
                f"{count.recall:.2f}" if count.tp + count.fn else "-",
                f"{count.f1:.2f}" if count.tp + count.fp + count.fn else "-",
            )
            where = "" if name == "topics" else name
            console.add_row(table, topic, where, *shares, count.tp, count.fp, count.fn)
    console.out().print(table)
    console.say(f"{articles} article{'s' if articles != 1 else ''}; those whose label is null do not count.")


def _print_mistakes(book: "RuleBook", topics: Topics, pairs: list[Pair]) -> None:
    for topic, rules in topics.items():
        for right, found, heading in ((True, False, "missed"), (False, True, "false alarm")):
            wrong = [item for item, one in pairs if one.topics.get(topic) == (right, found)]
            if wrong:
                plural = "s" if found and len(wrong) > 1 else ""
                console.say(f"\n{topic}: {len(wrong)} {heading}{plural}", style="bold")
            for item in wrong:
                _print_mistake(book, rules, item, missed=right)


def _print_mistake(book: "RuleBook", rules: tuple[str, ...], item: Mapping[str, Any], *, missed: bool) -> None:
    """Print one article, and why rules hit it; of rules that missed it, why the nearest did."""
    article, source = _article(item)
    console.say()
    console.say(console.one_line(article.title), style="cyan")
    if article.summary:
        console.say(f"  {console.one_line(article.summary, longest=SHOWN)}")
    origin = f"{item['id']}, {item.get('source') or 'no source'}"
    console.say(f"  {console.one_line(origin)}", style="dim")
    explained = [one for one in book.explain(article, source, now=_time(item)) if one.rule_id in rules]
    if missed:
        explained = sorted(explained, key=lambda one: one.missing)[:1]
    for one in explained:
        if missed or one.verdict == "hit":
            console.say(console.clean("\n".join(f"  {line}" for line in one.text().split("\n"))))
