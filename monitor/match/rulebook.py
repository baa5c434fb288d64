"""All rules together: read from their files, tried on articles, checked against their own examples.

Every rule is tried on every article: this evaluator is exact, and what finds candidates quicker is measured against it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.errors import Problem
from monitor.match.conditions import read, suggestion
from monitor.match.explain import Explanation
from monitor.match.rule import Example, Path, Reader, Rule, hash_of
from monitor.match.text import Text
from monitor.model import Article, Hit, Severity, Source

FILE_KEYS = ("watch", "terms", "rules")
RULE_KEYS = ("id", "name", "description", "severity", "tags", "enabled", "match", "examples")
EVIDENCE = 20  # pieces kept for one hit


@dataclass(frozen=True, slots=True)
class RuleDocument:
    """One rules file as plain data; `where` gives line and column of a path in it."""

    file: str
    data: object
    where: Callable[[Path], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules that are live."""

    rules: tuple[Rule, ...]
    documents: tuple[RuleDocument, ...] = ()

    @classmethod
    def compile(cls, documents: Sequence[RuleDocument]) -> "tuple[RuleBook, tuple[Problem, ...]]":
        """Read every file; rules that are wrong are left out, each with its problems."""
        compiler = _Compiler(documents)
        return cls(tuple(compiler.rules), tuple(documents)), tuple(compiler.problems)

    def match(self, article: Article, source: Source, *, now: float) -> tuple[Hit, ...]:
        """Return the hits of an article, each with its evidence."""
        text = Text.of(article, source, now=now)
        return tuple(hit for rule in self.rules if (hit := _hit(rule, text)))

    def explain(self, article: Article, source: Source, *, now: float) -> tuple[Explanation, ...]:
        """Say for every rule why it hit, nearly hit or missed."""
        text = Text.of(article, source, now=now)
        return tuple(Explanation(rule.id, rule.name, rule.condition.tell(text)) for rule in self.rules)

    def check_examples(self) -> tuple[Problem, ...]:
        """Try every rule on its own examples; a problem says which one failed, and why."""
        places = {document.file: document.where for document in self.documents}
        return tuple(
            problem
            for rule in self.rules
            for example in rule.examples
            if (problem := _check(rule, example, places[rule.file]))
        )


def _hit(rule: Rule, text: Text) -> Hit | None:
    found = rule.condition.look(text)
    if found is None:
        return None
    spans = list(dict.fromkeys(found))[:EVIDENCE]
    return Hit(
        article_id=text.article.id,
        rule_id=rule.id,
        rule_name=rule.name,
        watch=rule.watch,
        severity=rule.severity,
        evidence=tuple(text.evidence(rule.condition.name, span) for span in spans),
        rule_hash=rule.hash,
        article_version=text.article.version,
        at=text.now,
    )


def _check(rule: Rule, example: Example, where: Callable[[Path], tuple[int, int]]) -> Problem | None:
    article = Article(
        id="",
        source_id=example.source,
        identity="",
        url="",
        link="",
        title=example.title,
        summary=example.text,
        body="",
        language=example.language,
    )
    text = Text.of(article, Source(id=example.source or "example", url=""), now=0.0)
    if (rule.condition.look(text) is not None) == example.match:
        return None
    told = Explanation(rule.id, rule.name, rule.condition.tell(text)).text()
    wanted = "match" if example.match else "ignore"
    line, column = where(example.place)
    return Problem(
        rule.file,
        line,
        column,
        f"rule {rule.id} does not {wanted} its example {(example.title or example.text)[:60]!r}",
        f"change the rule or the example; why:\n{told}",
        rule_id=rule.id,
    )


class _Compiler:
    """Reads rules files; collects rules and problems."""

    def __init__(self, documents: Sequence[RuleDocument]) -> None:
        self.problems: list[Problem] = []
        self.rules: list[Rule] = []
        self.sets: dict[str, Any] = {}
        self.ids: dict[str, str] = {}
        usable = [document for document in documents if self._usable(document)]
        for document in usable:
            self._terms(document)
        for document in usable:
            self._document(document)

    def _say(self, document: RuleDocument, place: Path, message: str, hint: str = "", rule: str = "") -> None:
        line, column = document.where(place)
        self.problems.append(Problem(document.file, line, column, message, hint, rule_id=rule))

    def _usable(self, document: RuleDocument) -> bool:
        if document.data is None:
            return False
        if not isinstance(document.data, Mapping):
            self._say(document, (), "a rules file is a mapping", "begin with rules:")
            return False
        for key in document.data:
            if key not in FILE_KEYS:
                self._say(document, (key,), f"{str(key)!r} is not known here", suggestion(str(key), FILE_KEYS))
        return True

    def _terms(self, document: RuleDocument) -> None:
        assert isinstance(document.data, Mapping)
        terms = document.data.get("terms") or {}
        if not isinstance(terms, Mapping):
            self._say(document, ("terms",), "terms is a mapping of names to lists")
            return
        for name, items in terms.items():
            if name in self.sets:
                self._say(document, ("terms", name), f"the term set ${name} is defined twice", "rename one of them")
            elif not isinstance(items, list | Mapping) or not items:
                self._say(
                    document,
                    ("terms", name),
                    f"the term set ${name} is not a list",
                    "write a list, or lists under languages",
                )
            else:
                self.sets[str(name)] = items

    def _document(self, document: RuleDocument) -> None:
        assert isinstance(document.data, Mapping)
        rules = document.data.get("rules") or []
        if not isinstance(rules, list):
            self._say(document, ("rules",), "rules is a list", "begin each rule with - id:")
            return
        watch = str(document.data.get("watch") or "")
        for number, data in enumerate(rules):
            self._rule(document, ("rules", number), data, watch)

    def _rule(self, document: RuleDocument, place: Path, data: Any, watch: str) -> None:
        if not isinstance(data, Mapping):
            self._say(document, place, "a rule is a mapping", "begin it with id:")
            return
        rule_id = str(data.get("id") or "")
        before = len(self.problems)
        reader = Reader(
            lambda where, message, hint: self._say(document, where, message, hint, rule_id or document.file), self.sets
        )
        self._head(data, place, reader, rule_id, document)
        condition = read(data["match"], (*place, "match"), reader) if "match" in data else None
        examples = _examples(data.get("examples"), (*place, "examples"), reader)
        if condition is None or len(self.problems) > before or data.get("enabled") is False:
            return
        self.rules.append(
            Rule(
                id=rule_id,
                name=str(data.get("name") or rule_id),
                watch=watch,
                severity=Severity(data.get("severity", "medium")),
                condition=condition,
                file=document.file,
                line=document.where(place)[0],
                hash=hash_of([data, {name: self.sets[name] for name in sorted(self.sets)}]),
                description=str(data.get("description") or ""),
                tags=tuple(map(str, data.get("tags") or ())),
                examples=examples,
            )
        )

    def _head(self, data: Mapping[str, Any], place: Path, reader: Reader, rule_id: str, document: RuleDocument) -> None:
        for key in data:
            if key not in RULE_KEYS:
                reader.problem((*place, key), f"{str(key)!r} is not known here", suggestion(str(key), RULE_KEYS))
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", rule_id):
            reader.problem((*place, "id"), f"the id {rule_id!r} is not of small letters, digits and hyphens")
        elif rule_id in self.ids:
            reader.problem((*place, "id"), f"the id {rule_id!r} is used twice; the other one is in {self.ids[rule_id]}")
        self.ids.setdefault(rule_id, document.file)
        if "match" not in data:
            reader.problem(place, "'match' is missing", "say what the rule looks for")
        if data.get("severity", "medium") not in list(Severity):
            reader.problem(
                (*place, "severity"),
                f"{data['severity']!r} is no severity",
                suggestion(str(data["severity"]), [one.value for one in Severity]),
            )


def _examples(data: Any, place: Path, reader: Reader) -> tuple[Example, ...]:
    if data is None:
        return ()
    if not isinstance(data, Mapping):
        reader.problem(place, "examples is a mapping with match and ignore")
        return ()
    found = []
    for kind, items in data.items():
        if kind not in ("match", "ignore") or not isinstance(items, list):
            reader.problem((*place, kind), "examples has the lists match and ignore")
            continue
        for number, item in enumerate(items):
            spot = (*place, kind, number)
            if isinstance(item, str):
                found.append(Example(item, kind == "match", place=spot))
            elif isinstance(item, Mapping) and set(item) <= {"title", "text", "language", "source"}:
                values = {key: str(value) for key, value in item.items()}
                found.append(Example(values.pop("text", ""), kind == "match", place=spot, **values))
            else:
                reader.problem(spot, "an example is a text, or a mapping of title, text, language, source")
    return tuple(found)
