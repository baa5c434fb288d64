"""Shows what `monitor rules test` found: trees and marked words in a terminal, plain lines where it is piped."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.text import Text
from rich.tree import Tree

from monitor.cli import console
from monitor.model import Evidence, Field

if TYPE_CHECKING:
    from monitor.match.conditions import Told
    from monitor.match.explain import Explanation
    from monitor.match.rule import Rule
    from monitor.match.trial import Trial
    from monitor.model import Article

FOUND, AGAINST = "bold black on green", "bold white on red"
SHOWN = 100  # letters of an example that a line shows
SURROUNDING = 300  # letters before and after the marked words of a long text


def as_data(trials: "list[Trial]") -> list[dict[str, Any]]:
    """Return trials as plain data; those of examples say what was promised."""
    return [_data(trial) for trial in trials]


def _data(trial: "Trial") -> dict[str, Any]:
    article, example = trial.article, trial.example
    kind = {"example": "match" if example.match else "ignore", "passed": trial.passed} if example else {}
    return {
        "rule": trial.rule.id,
        "matched": trial.matched,
        **kind,
        "verdict": trial.explanation.verdict,
        "missing": trial.explanation.missing,
        "title": article.title,
        "language": article.language,
        "found": [asdict(one) for one in trial.found],
        "against": [asdict(one) for one in trial.against],
        "tree": _branch(trial.explanation.told),
        "text": trial.explanation.text(),
    }


def _branch(told: "Told") -> dict[str, Any]:
    parts = {"parts": [_branch(part) for part in told.parts]} if told.parts else {}
    return {"condition": told.words, "holds": told.held, "found": told.found, "note": told.note, **parts}


# --- one text ---------------------------------------------------------------------------------------------------------


def show_text(trials: "list[Trial]") -> None:
    """Print the text with the words that were found, then what each rule says; of several that missed only how far."""
    out = console.out()
    if out.is_terminal:
        _show_article(trials)
    missed = [trial for trial in trials if trial.explanation.verdict == "miss"] if len(trials) > 1 else []
    for number, trial in enumerate(one for one in trials if one not in missed):
        if number or out.is_terminal:
            console.say()
        show_tree(trial.explanation)
    if missed:
        console.say()
    for trial in missed:
        console.say(console.one_line(_head(trial.explanation)))


def _head(explanation: "Explanation") -> str:
    return explanation.text().partition("\n")[0]


def _show_article(trials: "list[Trial]") -> None:
    out, article = console.out(), trials[0].article
    found = [one for trial in trials for one in trial.found]
    against = [one for trial in trials for one in trial.against]
    out.print(_marked(article, Field.TITLE, found, against), style="bold")
    for part in (Field.SUMMARY, Field.BODY):
        if article.text(part) and article.text(part) != article.title:
            out.print(_marked(article, part, found, against))


def _marked(article: "Article", part: Field, found: list[Evidence], against: list[Evidence]) -> Text:
    """Return a part of an article with marked words; of a long one only what is around them."""
    text = Text(article.text(part))
    places = []
    for listed, style in ((found, FOUND), (against, AGAINST)):
        for one in listed:
            if one.field is part and one.end > one.start:
                text.stylize(style, one.start, one.end)
                places.append((one.start, one.end))
    plain = console.clean(text.plain)
    if plain != text.plain:  # what could steer a terminal goes, and then the places are others
        return Text(plain)
    first, last = min(places, default=(0, 0))[0], max((end for _, end in places), default=0)
    start, end = max(0, first - SURROUNDING), min(len(plain), last + SURROUNDING)
    cut = text[start:end]
    cut.append("" if end == len(plain) else "…")
    return Text("…").append(cut) if start else cut


def show_tree(explanation: "Explanation") -> None:
    """Print what a rule says: as a tree in a terminal, as indented lines where it is piped."""
    out = console.out()
    if not out.is_terminal:
        console.say(console.clean(explanation.text()))
        return
    styles = {"hit": "bold green", "near": "bold yellow"}
    head = Text(console.one_line(_head(explanation)), styles.get(explanation.verdict, "bold red"))
    tree = Tree(head, guide_style="dim")
    _grow(tree, explanation.told)
    out.print(tree)


def _grow(tree: Tree, told: "Told") -> None:
    line = Text().append("+ " if told.held else "- ", "green" if told.held else "red")
    line.append(console.one_line(told.words), "" if told.held else "red")
    if told.found:
        line.append("  found " if told.held else "  but found ", "dim")
        line.append(console.one_line(told.found), "green")
    elif not told.held and not told.parts and not told.note:
        line.append("  not found", "dim")
    if told.note:
        line.append(f"  {console.one_line(told.note)}", "dim" if told.held else "red")
    branch = tree.add(line)
    for part in told.parts:
        _grow(branch, part)


# --- examples ---------------------------------------------------------------------------------------------------------


def show_examples(rules: "list[Rule]", trials: "list[Trial]") -> None:
    """Print each rule with its examples, and of those that fail why."""
    for number, rule in enumerate(rules):
        if number:
            console.say()
        own = [trial for trial in trials if trial.rule is rule]
        console.say(console.one_line(f"{rule.id} - {rule.name}  ({rule.file}:{rule.line})"), style="bold")
        if not own:
            console.say("  it has no examples; docs/rules.md shows how to write some", style="yellow")
        for trial in own:
            _show_example(trial)
    failed = sum(not trial.passed for trial in trials)
    said = f"{len(trials)} {'example' if len(trials) == 1 else 'examples'}"
    said += f", {failed} {'fails' if failed == 1 else 'fail'}" if failed else ": all hold" if trials else ""
    console.say(f"\n{said}", style="red" if failed else "green")


def _show_example(trial: "Trial") -> None:
    assert trial.example is not None
    kind = "match " if trial.example.match else "ignore"
    words = console.one_line(trial.article.title or trial.article.summary, longest=SHOWN)
    language = f" [{trial.article.language}]" if trial.article.language else ""
    if trial.passed:
        console.say(f"  ok      {kind}  {words}{language}")
        return
    from monitor.match.rulebook import guessed

    console.say(f"  FAILS   {kind}  {words}{language}", style="red")
    show_tree(trial.explanation)
    if guess := guessed(trial.example):
        console.say(f"  {guess}", style="yellow")
