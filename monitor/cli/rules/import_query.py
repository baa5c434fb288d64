"""`monitor rules import`: a query of Google Alerts, Inoreader, Miniflux or Talkwalker as a rule."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.match.dialects import QueryError, Translation

AROUND = 30  # characters of a query that an error shows on either side
LONGEST, LONGEST_ID = 80, 40  # characters of a name, and of an id that is made
_WORD, _ESCAPE = re.compile("[a-z0-9]{2,}"), re.compile(r"\\.|\(\?[a-z-]+\)")


def import_query(
    query: Annotated[str, typer.Option("--query", help="The query; - reads it from standard input.")],
    dialect: Annotated[
        str, typer.Option("--dialect", help="auto, google, inoreader, miniflux or talkwalker.")
    ] = "auto",
    rule_id: Annotated[str, typer.Option("--id", help="The rule's id; else a free one is made of its words.")] = "",
    name: Annotated[str, typer.Option("--name", help="The rule's name; else the query.")] = "",
    watch: Annotated[str, typer.Option("--watch", help="The name of the watch.")] = "",
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write a new file.")] = "",
    example: Annotated[
        list[str] | None, typer.Option("--example", help="A text that the rule must match; can be given again.")
    ] = None,
) -> None:
    """Turn a Boolean query of another tool into a rule, or say what no rule can say.

    1: a part had to be left out, which a comment names, or an example does not match.

    2: the query cannot be read, or nothing of it can be said.
    """
    from monitor.match.dialects import QueryError

    text = sys.stdin.read() if query == "-" else query
    text = text.strip("\n")
    if output and Path(output).exists():
        raise UsageError(f"{output} is there already; choose another file")
    try:
        translation = _translated(text, dialect)
    except QueryError as error:
        raise UsageError(_message(error, text)) from None
    rule = _rule(translation, text, rule_id=rule_id, name=name, examples=example or [])
    written = _written(rule, translation, text, watch)
    failed = _check(written, output or "the rule")
    _deliver(written, output)
    for problem in failed:
        console.print_problem(problem)
    if translation.lost or failed:
        raise typer.Exit(console.WRONG)


def _translated(text: str, dialect: str) -> "Translation":
    from monitor.match.dialects import DIALECTS, translate

    if dialect not in ("auto", *DIALECTS):
        raise UsageError(f"there is no dialect {dialect!r}; choose one of: auto, {', '.join(sorted(DIALECTS))}")
    return translate(text, "" if dialect == "auto" else dialect, _hosts() if "site" in text or "host" in text else {})


def _hosts() -> dict[str, str]:
    """Return the host of each source, where there is a configuration that can be read."""
    from urllib.parse import urlsplit

    from monitor.errors import ConfigError

    try:
        return {source.id: urlsplit(source.url).hostname or "" for source in console.load_config().sources}
    except ConfigError:
        return {}


def _message(error: "QueryError", text: str) -> str:
    """Say what is wrong with a query, and show the place."""
    said = f"the query, character {error.at + 1}: {error.message}" + (f"; {error.hint}" if error.hint else "")
    line = text[text.rfind("\n", 0, error.at) + 1 :].partition("\n")[0]
    at = error.at - (text.rfind("\n", 0, error.at) + 1)
    start = max(0, at - AROUND)
    shown = console.clean(line[start : at + AROUND].replace("\t", " "))
    return f"{said}\n  {shown}\n  {' ' * (at - start)}^"


def _rule(translation: "Translation", text: str, *, rule_id: str, name: str, examples: list[str]) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": _free_id(rule_id, translation.match),
        "name": name or console.one_line(text, longest=LONGEST),
        "match": translation.match,
    }
    listed = [_example(text, translation.match) for text in examples]
    return rule | ({"examples": {"match": listed}} if listed else {})


def _example(text: str, match: dict[str, Any]) -> str | dict[str, str]:
    """Return an example as it is written: with its language where the rule asks for one."""
    languages = match.get("language") or next(
        (part["language"] for part in match.get("all", ()) if isinstance(part, dict) and "language" in part), ""
    )
    codes = languages if isinstance(languages, list) else [languages]
    if len(codes) != 1 or not codes[0]:
        return text
    title = {"title": text} if _asks_for_title(match) else {}
    return {**title, "text": text, "language": str(codes[0])}


def _asks_for_title(data: Any) -> bool:
    if isinstance(data, dict):
        return "title" in data or any(map(_asks_for_title, data.values()))
    return isinstance(data, list) and any(map(_asks_for_title, data))


def _free_id(rule_id: str, match: Any) -> str:
    """Return the id that is wanted, else one that is made; UsageError for a wanted one that a rule has already.

    Of two rules with one id only the first is live: the imported one could put another out of use.
    """
    from monitor.cli import known

    taken = known.taken()
    if rule_id in taken:
        raise UsageError(f"the id {rule_id!r} is there already, in {taken[rule_id]}; choose another --id")
    return rule_id or known.free(_id_of(match), taken)


def _id_of(match: Any) -> str:
    """Make an id of the first words of a rule, Cyrillic ones in Latin letters."""
    from monitor.language.fold import fold
    from monitor.language.romanize import romanize

    words = [word for term in _terms(match) for word in _WORD.findall(romanize(fold(_ESCAPE.sub(" ", term))))]
    made = ""
    for word in dict.fromkeys(words):
        if len(made) + len(word) >= LONGEST_ID:
            break
        made += f"-{word}" if made else word
    return made or "imported"


def _terms(data: Any, *, every: bool = False) -> list[str]:
    """Return the terms that name a condition: the first of each list of choices, all parts of `all` and `near`."""
    if isinstance(data, dict):
        keys = [key for key in data if key in ("all", "any", "near", "of", "title", "body")]
        return [term for key in keys for term in _terms(data[key], every=key in ("all", "of"))]
    if isinstance(data, list):
        return [term for one in data[: None if every else 1] for term in _terms(one)]
    return [data] if isinstance(data, str) else []


def _written(rule: dict[str, Any], translation: "Translation", text: str, watch: str) -> str:
    from monitor.config.rules_text import rules_text
    from monitor.match.dialects import DIALECTS

    comments = [f"From {DIALECTS[translation.dialect].title}: {text}"]
    comments += [f"Note: {note}" for note in translation.notes]
    for lost in translation.lost:
        comments.append(f"LEFT OUT: {lost.part.written}: {lost.part.why} ({lost.effect})")
    return rules_text([rule], watch=watch, comments=comments)


def _check(written: str, file: str) -> tuple[Any, ...]:
    """Compile what was written, as `monitor check` does; return what is wrong with the examples."""
    from monitor.config.yaml import parse
    from monitor.errors import ConfigError
    from monitor.match.rulebook import RuleBook, RuleDocument

    located = parse(written, file=file)
    book, problems = RuleBook.compile([RuleDocument(located.file, located.data, located.where, located.where_key)])
    if located.problems or problems:
        raise ConfigError([*located.problems, *problems])
    return book.check_examples()


def _deliver(written: str, output: str) -> None:
    if not output:
        console.say(written.rstrip("\n"))
        return
    try:
        with open(output, "x", encoding="utf-8") as file:
            file.write(written)
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}") from None
    console.warn(f"wrote {output}")
