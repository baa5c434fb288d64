"""Tries one rule on one text for its author: what it says, what it found, and what spoke against it."""

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.match.conditions import Condition
from monitor.match.conditions.not_ import Not
from monitor.match.evidence import evidence_of
from monitor.match.explain import Explanation
from monitor.match.rule import Example, Rule
from monitor.match.rulebook import RuleBook, article_of, source_of
from monitor.match.text import Text
from monitor.model import Article, Evidence, Source


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one rule and one text."""

    rule: Rule
    article: Article
    explanation: Explanation
    found: tuple[Evidence, ...]  # words of the conditions that hold, also where the rule as a whole does not
    against: tuple[Evidence, ...]  # words that exclude the text
    example: Example | None = None

    @property
    def matched(self) -> bool:
        """Whether the rule matches."""
        return self.explanation.told.held

    @property
    def passed(self) -> bool:
        """Whether an example keeps its promise; a text that is none passes where the rule matches."""
        return self.matched == (self.example is None or self.example.match)


def try_rule(book: RuleBook, rule: Rule, article: Article, source: Source, *, now: float) -> Trial:
    """Try a rule of a book on an article; `now` is in seconds since the epoch."""
    text = Text(article, source, now=now, lexicon=book.lexicon)
    explanation = Explanation(rule.id, rule.name, rule.condition.tell(text, text.whole))
    found, against = _found(rule.condition, text), _against(rule.condition, text)
    return Trial(rule, article, explanation, tuple(dict.fromkeys(found)), tuple(dict.fromkeys(against)))


def try_example(book: RuleBook, rule: Rule, example: Example) -> Trial:
    """Try a rule on one of its examples, as `monitor check` does."""
    trial = try_rule(book, rule, article_of(example), source_of(example), now=0.0)
    return Trial(rule, trial.article, trial.explanation, trial.found, trial.against, example)


def _found(condition: Condition, text: Text) -> Iterator[Evidence]:
    if condition.look(text, text.whole) is not None:
        yield from evidence_of(condition, text)
    elif not isinstance(condition, Not):
        for part in condition.parts:
            yield from _found(part, text)


def _against(condition: Condition, text: Text) -> Iterator[Evidence]:
    if condition.look(text, text.whole) is not None:
        return
    for part in condition.parts:
        if isinstance(condition, Not):
            yield from evidence_of(part, text)
        else:
            yield from _against(part, text)
