"""`monitor rules test`: what rules say about one text, as a tree; without a text, about their own examples."""

import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console
from monitor.cli.rules.meant import configuration, is_file
from monitor.errors import ConfigError, Problem, StoreError, UsageError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.match.rule import Rule
    from monitor.match.rulebook import RuleBook, RuleDocument
    from monitor.match.trial import Trial
    from monitor.model import Article, Source

_ARTICLE_ID = re.compile(r"a[a-z2-7]{12}")
_LIKE_AN_ID = re.compile(r"(?=.*\d)a[a-z2-7]{8,16}|a[a-z2-7]{12}")  # one that was cut off or mistyped, or a word
LONGEST = 1_000_000  # characters of a text that is tried


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the options say about a text, as the keys of an example do."""

    title: str = ""
    language: str = ""
    source: tuple[str, ...] = ()

    @property
    def options(self) -> list[str]:
        """Return the options that were given."""
        return [f"--{name}" for name in ("title", "language", "source") if getattr(self, name)]


TextArgument = Annotated[
    str,
    typer.Argument(
        metavar="[TEXT|-|URL|ARTICLE]",
        help="A text, - for standard input, or the URL or id of a stored article. None: the rule's own examples.",
    ),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option(help="The source of TEXT: its id, or KEY=VALUE such as country=BY. May be repeated."),
]


def try_out(
    what: Annotated[str, typer.Argument(metavar="FILE|ID", help="A rules file, also a new one, or a rule's id.")],
    text: TextArgument = "",
    title: Annotated[str, typer.Option(help="The headline of TEXT; else TEXT is headline and text at once.")] = "",
    language: Annotated[str, typer.Option("--language", "-l", help="The language of TEXT, for example en.")] = "",
    source: SourceOption = None,
    config: console.ConfigOption = None,
    as_json: console.JsonOption = False,
) -> None:
    """Say what a rule finds in a text, condition by condition, and what it misses.

    Ends with 0 where it matches (of a file: one of its rules), or where all examples hold; else with 1. A text of
    several lines has its headline in the first. The rules of FILE are read together with the term sets of the other
    files; rules that are off are tried, too.
    """
    from monitor.cli.rules import test_report as report

    about = About(title=title, language=language, source=tuple(source or ()))
    loaded = configuration(config, needed=not is_file(what))
    book, rules = _rules(what, loaded)
    if text or about.options:
        trials = _trials(book, rules, *_text(text, about, loaded))
        fine = any(trial.matched for trial in trials)
        one_text = True
    else:
        trials = _examples(book, rules)
        fine = all(trial.passed for trial in trials)
        one_text = False
    if as_json:
        console.print_json(report.as_data(trials))
    elif one_text:
        report.show_text(trials)
    else:
        report.show_examples(rules, trials)
    raise typer.Exit(console.FINE if fine else console.WRONG)


# --- which rules ------------------------------------------------------------------------------------------------------


def _rules(what: str, loaded: "Config | None") -> "tuple[RuleBook, list[Rule]]":
    """Return the rules that are meant, in a book with all term sets; ConfigError where they are wrong."""
    if is_file(what):
        return _of_file(Path(what), loaded)
    assert loaded is not None
    found = [rule for rule in loaded.rules.rules if rule.id == what]
    return (loaded.rules, found) if found else _not_live(what, loaded)


def _of_file(path: Path, loaded: "Config | None") -> "tuple[RuleBook, list[Rule]]":
    from monitor.config import shown
    from monitor.config.yaml import load_located
    from monitor.match.rulebook import RuleDocument

    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    located = load_located(path, file=shown(path))
    if located.problems or not located.readable:
        raise ConfigError(located.problems)
    own = RuleDocument(located.file, located.data, located.where, located.where_key)
    others = [one for one in loaded.rules.documents if not _same(one.file, path)] if loaded else []
    book, problems = _compiled(own, others)
    wrong = [one for one in problems if one.file == own.file]
    rules = [rule for rule in book.rules if rule.file == own.file]
    if wrong:
        if loaded is None:
            console.warn("there is no configuration here; --config names the folder whose term sets the file may use")
        raise ConfigError(wrong)
    if not rules:
        raise UsageError(f"{path} holds no rules")
    return book, rules


def _same(file: str, path: Path) -> bool:
    return Path(file).resolve() == path.resolve()


def _not_live(rule_id: str, loaded: "Config") -> "tuple[RuleBook, list[Rule]]":
    """Return a rule that is off; else say what is wrong with it, or that there is none."""
    from monitor.config.suggest import hint

    if wrong := [one for one in loaded.problems if one.rule_id == rule_id and not one.warning]:
        raise ConfigError(wrong)
    for document in loaded.rules.documents:
        if any(_id_of(data) == rule_id for data in _listed(document)):
            book, _ = _compiled(document, [one for one in loaded.rules.documents if one is not document])
            return book, [rule for rule in book.rules if rule.id == rule_id]
    raise UsageError(f"there is no rule {rule_id!r}; {hint(rule_id, _ids(loaded), what='rules')}")


def _ids(loaded: "Config") -> list[str]:
    return [_id_of(data) for document in loaded.rules.documents for data in _listed(document)]


def _compiled(own: "RuleDocument", others: "list[RuleDocument]") -> "tuple[RuleBook, tuple[Problem, ...]]":
    """Compile a file first, so that its rules and term sets go before those of the same name, and its rules are on."""
    from dataclasses import replace

    from monitor.match.rulebook import RuleBook

    data = own.data
    if isinstance(data, dict) and isinstance(data.get("rules"), list):
        rules = [{**rule, "enabled": True} if _id_of(rule) else rule for rule in data["rules"]]
        data = {**data, "rules": rules}
    return RuleBook.compile([replace(own, data=data), *others])


def _listed(document: "RuleDocument") -> list[Any]:
    data = document.data
    listed = data.get("rules") if isinstance(data, dict) else None
    return listed if isinstance(listed, list) else []


def _id_of(data: Any) -> str:
    return str(data.get("id") or "") if isinstance(data, dict) else ""


# --- which text -------------------------------------------------------------------------------------------------------


def _text(text: str, about: About, loaded: "Config | None") -> "tuple[Article, Source, float]":
    """Return the text that is meant as an article, its source, and the moment it is tried at."""
    now = time.time()
    if text.startswith(("http://", "https://")) and not re.search(r"\s", text):
        found = _stored(text, loaded)
        if found is None:
            raise UsageError(
                f"no article with the address {text} is stored, and nothing is fetched here; "
                f"copy its text: `{console.program()} rules test ... -` reads it from standard input"
            )
    elif _ARTICLE_ID.fullmatch(text):
        found = _stored(text, loaded)
        if found is None and re.search(r"\d", text):  # else it is a word
            raise UsageError(f"there is no article {text!r}; `monitor articles --text WORDS` searches")
    else:
        found = None
    if found is None and _LIKE_AN_ID.fullmatch(text):
        console.warn(f"read as a text; there is no article {text!r}", style="yellow")
    if found is None:
        return _typed(text, about, loaded, now)
    if about.options:
        raise UsageError(f"{about.options[0]} is for a text, and {text} is a stored article")
    return *found, now


def _stored(what: str, loaded: "Config | None") -> "tuple[Article, Source] | None":
    """Return a stored article with its source, or None."""
    from monitor.cli.show import found_or_not

    if loaded is None:
        return None
    try:
        with console.open_store(loaded) as store:
            article = found_or_not(store, what)
            source = next((one for one in loaded.sources if one.id == article.source_id), None)
            source = source or store.sources.get(article.source_id)
    except (UsageError, StoreError):
        return None
    assert source is not None  # an article's source is never deleted
    return article, source


def _typed(text: str, about: About, loaded: "Config | None", now: float) -> "tuple[Article, Source, float]":
    from monitor.match.languages import wrong_language
    from monitor.model import Article

    if about.language and (hint := wrong_language(about.language)):
        raise UsageError(f"--language {about.language!r} is no language; {hint}")
    if text == "-":
        text = sys.stdin.read(LONGEST)
    title, body = about.title, text.strip()
    if not title:
        first, _, rest = body.partition("\n")
        title, body = (first, rest.strip()) if rest.strip() else (body, body)
    if not (title + body).strip():
        raise UsageError("there is no text to try; write it in quotes")
    source = _source(about.source, loaded)
    article = Article(
        id="text",
        source_id=source.id,
        identity="text",
        url="",
        link="",
        title=title,
        summary=body,
        body="",
        language=about.language,
        seen_at=now,
    )
    return article, source, now


def _source(said: tuple[str, ...], loaded: "Config | None") -> "Source":
    """Return the source of a text: one of the configuration by its id, or one that has the properties that are said."""
    from monitor.config.suggest import hint
    from monitor.match.conditions.source import KEYS
    from monitor.match.rule import Example
    from monitor.match.rulebook import source_of
    from monitor.model import Source

    properties: dict[str, tuple[str, ...]] = {}
    for one in said:
        key, equals, value = one.partition("=")
        if not equals:
            key, value = "id", one
        if key not in KEYS:
            raise UsageError(f"--source {one!r}: {key!r} is no property of a source; {hint(key, KEYS, what='keys')}")
        properties[key] = (*properties.get(key, ()), value)
    if list(properties) == ["id"] and loaded:
        [wanted] = properties["id"][-1:]
        sources = {source.id: source for source in loaded.sources}
        if wanted not in sources:
            raise UsageError(f"there is no source {wanted!r}; {hint(wanted, sources, what='sources')}")
        return sources[wanted]
    return source_of(Example(match=True, title="", text="", source=properties)) if said else Source(id="text", url="")


# --- trying -----------------------------------------------------------------------------------------------------------


def _trials(book: "RuleBook", rules: "list[Rule]", article: "Article", source: "Source", now: float) -> "list[Trial]":
    from monitor.match.trial import try_rule

    return [try_rule(book, rule, article, source, now=now) for rule in rules]


def _examples(book: "RuleBook", rules: "list[Rule]") -> "list[Trial]":
    from monitor.match.trial import try_example

    return [try_example(book, rule, example) for rule in rules for example in rule.examples]
