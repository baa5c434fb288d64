"""What many articles say about rules: which hit nearly everything, and which terms never stood anywhere.

Articles are shown to a survey one by one; it keeps numbers only. A rule that never hit is no fault: it waits.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.errors import Problem
from monitor.match.covering import meant_for
from monitor.match.lints.base import Remark
from monitor.match.outline import Node, Outline
from monitor.match.rulebook import RuleBook, terms_of
from monitor.match.terms import Term
from monitor.match.text import Text
from monitor.model import Article, Source

BROAD = 0.1  # share of the articles from which on a rule is very broad
ENOUGH = 200  # articles, below which a share says nothing
ENOUGH_FOR_TERMS = 1000  # articles of its language, below which the absence of a term says nothing
NAMED = 12  # terms that one warning names


@dataclass(slots=True)
class Survey:
    """Counts what the rules of a book and their terms find."""

    book: RuleBook
    articles: int = 0
    hits: Counter[str] = field(default_factory=Counter)  # rule id -> articles
    languages: Counter[str] = field(default_factory=Counter)  # language -> articles
    _waiting: set[Term] = field(default_factory=set)  # terms not seen yet

    @classmethod
    def of(cls, book: RuleBook) -> "Survey":
        """Begin one; regular expressions are not counted, since each would have to be tried on every article."""
        return cls(book, _waiting={term for term in terms_of(book.rules) if term.words})

    def add(self, article: Article, source: Source, *, now: float) -> None:
        """Look at one more article; `now` is in seconds since the epoch."""
        text = Text(article, source, now=now, lexicon=self.book.lexicon)
        self.articles += 1
        self.languages[article.language] += 1
        rules = self.book.rules
        for number in self.book.index.candidates(text):
            if rules[number].condition.look(text, text.whole) is not None:
                self.hits[rules[number].id] += 1
        for term in self._waiting.intersection(text.present):
            if text.speaks(term.speech) and term.find(text):
                self._waiting.discard(term)

    def broad(self) -> tuple[Problem, ...]:
        """Return which rules are very broad, as warnings."""
        return tuple(sorted({remark.problem() for remark in self._broad(Outline.of(self.book))}))

    def absent(self) -> tuple[Problem, ...]:
        """Return which terms never stood anywhere, a list at a time: to look through, since what is rare may stay."""
        return tuple(sorted({remark.problem() for remark in self._absent(Outline.of(self.book))}))

    def _broad(self, outline: Outline) -> Iterator[Remark]:
        for outlined in outline.rules:
            number = self.hits[outlined.rule.id]
            if self.articles >= ENOUGH and number >= BROAD * self.articles:
                share = f"{number} of {self.articles} stored articles ({100 * number / self.articles:.0f} %)"
                message = f"rule {outlined.rule.id} is very broad: it matches {share}"
                hint = "ask for more (all, near), exclude what is not meant, or use longer terms"
                yield Remark(outlined.document, outlined.root.place, message, hint, outlined.rule.id)

    def _absent(self, outline: Outline) -> Iterator[Remark]:
        waiting = {(term.written, term.speech[0]) for term in self._waiting}
        used = {(term.written, term.speech[0]) for term in terms_of(self.book.rules)}
        for node, rule_id in outline.lists():
            if not (seen := self._articles_for(node)):
                continue
            terms = [placed.term for placed in node.terms if (placed.term.written, placed.term.speech[0]) in used]
            absent = [term.written for term in terms if (term.written, term.speech[0]) in waiting]
            if absent:
                yield Remark(node.document, node.place, *_said(node, absent, len(terms), seen), rule_id)

    def _articles_for(self, node: Node) -> int:
        """Return how many articles a list's terms were tried on; 0 where these are too few to tell."""
        if not node.terms:
            return 0
        term = node.terms[0].term
        language = term.speech[0]
        counted = self.languages.items()
        seen = self.languages[language] if language else sum(n for one, n in counted if not one or meant_for(term, one))
        return seen if seen >= ENOUGH_FOR_TERMS else 0


def _said(node: Node, absent: list[str], of: int, seen: int) -> tuple[str, str]:
    names = ", ".join(absent[:NAMED]) + (f", ... {len(absent)} in all" if len(absent) > NAMED else "")
    language = node.terms[0].term.speech[0]
    where = f"{seen} stored articles" + (f" in {language}" if language else "")
    what = "the only term" if of == 1 else "none of the terms" if len(absent) == of else f"{len(absent)} of {of} terms"
    name = f" of ${node.label}" if node.label else ""
    verb = "never stands in" if of == 1 else "stands in" if len(absent) == of else "never stand in"
    return f"{what}{name} {verb} {where}: {names}", "look for misspellings; what is rare may stay"
