"""All rules together: tried on articles, explained, and checked against their own examples.

A rule is tried only where it may hold, which the index says (`monitor.match.index`). `match_all` tries every rule on
every article: it is exact without the index, and a test holds `match` to it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from monitor.errors import Problem
from monitor.language.fold import script
from monitor.language.tokens import tokenize
from monitor.match.compiler import RuleDocument, compile_all
from monitor.match.conditions import Condition
from monitor.match.conditions.any import Any as AnyOf
from monitor.match.evidence import evidence_of
from monitor.match.explain import Explanation
from monitor.match.index import Index
from monitor.match.lexicon import Lexicon
from monitor.match.rule import Example, Rule
from monitor.match.terms import Term
from monitor.match.text import Text
from monitor.match.trends import Trend
from monitor.model import Article, Hit, Source

__all__ = ["RuleBook", "RuleDocument"]
SHOWN = 60  # letters of an example that a problem quotes


@dataclass(frozen=True)
class RuleBook:
    """The rules that are live; what finds them quickly is made when an article is first tried."""

    rules: tuple[Rule, ...]
    documents: tuple[RuleDocument, ...] = ()
    trends: tuple[Trend, ...] = ()

    @cached_property
    def lexicon(self) -> Lexicon:
        """The terms of all rules, by their first words."""
        return Lexicon.of(terms_of(self.rules))

    @cached_property
    def index(self) -> Index:
        """The rules by what they need."""
        return Index.of(self.rules, self.lexicon)

    @classmethod
    def compile(cls, documents: Sequence[RuleDocument]) -> "tuple[RuleBook, tuple[Problem, ...]]":
        """Read every file; rules that are wrong are left out, and all problems of all files come back."""
        rules, trends, problems = compile_all(documents)
        return cls(rules, tuple(documents), trends), problems

    def with_rules(self, rules: "tuple[Rule, ...]") -> "RuleBook":
        """Return a book of the same files with other rules."""
        return replace(self, rules=rules)

    def ready(self) -> "RuleBook":
        """Return itself, with all made that the first article would wait for."""
        _ = self.index
        return self

    def match(self, article: Article, source: Source, *, now: float) -> tuple[Hit, ...]:
        """Return the hits of an article, each with its evidence; `now` is in seconds since the epoch."""
        text = Text(article, source, now=now, lexicon=self.lexicon)
        return _hits(map(self.rules.__getitem__, self.index.candidates(text)), text)

    def timed(
        self, article: Article, source: Source, *, now: float, clock: Callable[[], float]
    ) -> tuple[tuple[Hit, ...], dict[str, float]]:
        """Do the same as `match`; return also the seconds by `clock` that each rule took which was tried, by id.

        What rules share is found once, and counts for the first of them. It is a method of its own, so that `match`
        need not ask at every rule whether it is timed.
        """
        text = Text(article, source, now=now, lexicon=self.lexicon)
        hits: list[Hit] = []
        spent: dict[str, float] = {}
        for rule in map(self.rules.__getitem__, self.index.candidates(text)):
            start = clock()
            hits += _hits([rule], text)
            spent[rule.id] = clock() - start
        return tuple(hits), spent

    def match_all(self, article: Article, source: Source, *, now: float) -> tuple[Hit, ...]:
        """Try every rule with every term, by no index: the oracle that `match` is compared with, and must equal."""
        return _hits(self.rules, Text(article, source, now=now, lexicon=EveryTerm.of(self.rules)))

    def explain(self, article: Article, source: Source, *, now: float) -> tuple[Explanation, ...]:
        """Say for every rule why it hit, nearly hit or missed."""
        text = Text(article, source, now=now, lexicon=self.lexicon)
        return tuple(_explanation(rule, text) for rule in self.rules)

    def check_examples(self) -> tuple[Problem, ...]:
        """Try every rule on its own examples; a problem says which one failed, and why."""
        places = {document.file: document for document in self.documents}
        return tuple(
            problem
            for rule in self.rules
            for example in rule.examples
            if (problem := self._check(rule, example, places[rule.file]))
        )

    def _check(self, rule: Rule, example: Example, document: RuleDocument) -> Problem | None:
        text = Text(article_of(example), source_of(example), now=0.0, lexicon=self.lexicon)
        if (rule.condition.look(text, text.whole) is not None) == example.match:
            return None
        line, column = document.where(example.place)
        wanted, words = "match" if example.match else "ignore", example.title or example.text
        shown = words if len(words) <= SHOWN else words[:SHOWN] + "..."
        message = f"rule {rule.id} does not {wanted} its example {shown!r}"
        hint = f"change the rule or the example; this is why:\n{_explanation(rule, text).text()}"
        hint += f"\n  {guess}" if (guess := guessed(example)) else ""
        return Problem(rule.file, line, column, message, hint, rule_id=rule.id)


@dataclass(frozen=True, slots=True)
class EveryTerm:
    """A lexicon that leaves nothing out."""

    terms: frozenset[Term]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> "EveryTerm":
        """Make one of the terms of rules."""
        return cls(frozenset(terms_of(rules)))

    def present(self, _text: Text) -> frozenset[Term]:
        """Return all terms."""
        return self.terms

    def callers(self, _text: Text, _key: str) -> None:
        """Let every word be tried."""


def terms_of(rules: Iterable[Rule]) -> Iterable[Term]:
    """Return every term of all rules once."""
    terms: dict[Term, None] = {}
    waiting: list[Condition] = [rule.condition for rule in rules]
    seen: set[Condition] = set()
    while waiting:
        condition = waiting.pop()
        if condition not in seen:
            seen.add(condition)
            waiting += condition.parts
            if isinstance(condition, AnyOf):
                terms.update(dict.fromkeys(condition.terms))
    return terms


def _hits(rules: Iterable[Rule], text: Text) -> tuple[Hit, ...]:
    return tuple([_hit(rule, text) for rule in rules if rule.condition.look(text, text.whole) is not None])


def _hit(rule: Rule, text: Text) -> Hit:
    return Hit(
        article_id=text.article.id,
        rule_id=rule.id,
        rule_name=rule.name,
        watch=rule.watch,
        severity=rule.severity,
        evidence=evidence_of(rule.condition, text),
        rule_hash=rule.hash,
        article_version=text.article.version,
        at=text.now,
    )


def _explanation(rule: Rule, text: Text) -> Explanation:
    return Explanation(rule.id, rule.name, rule.condition.tell(text, text.whole))


def article_of(example: Example) -> Article:
    """Return an example as an article."""
    return Article(
        id="example",
        source_id="example",
        identity="example",
        url="",
        link="",
        title=example.title,
        summary=example.text,
        body="",
        language=example.language,
    )


def guessed(example: Example) -> str:
    """Say in which language an example in Cyrillic letters is read that names none; "" for others."""
    words = tokenize(f"{example.title}\n\n{example.text}").words
    if example.language or not any(script(word) == "CYRILLIC" for word in words):
        return ""
    return "no language is given, so it is read as Russian; add language: uk where it is another"


def source_of(example: Example) -> Source:
    """Return the source of an example."""
    said = {key: values[0] for key, values in example.source.items() if key != "tag"}
    tags = frozenset(example.source.get("tag", ()))
    return Source(id=said.pop("id", "example"), url="", tags=tags, **said)  # type: ignore[arg-type]
