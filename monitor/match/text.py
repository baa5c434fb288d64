"""An article prepared for matching: its words, indexed once, and what each term found, remembered."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from monitor.language.tokens import Tokens, tokenize
from monitor.model import Article, Evidence, Field, Source

GAP = 10_000  # words between two parts, so that nothing is near across them
LEAD = 60  # words of the text that count as its lead
PARTS = (Field.TITLE, Field.SUMMARY, Field.BODY)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Some words of the article: from token `first` up to and including `last`, found by `term`."""

    first: int
    last: int
    term: str = ""


@dataclass(slots=True)
class Text:
    """What conditions look at."""

    article: Article
    source: Source
    now: float
    words: list[str] = field(default_factory=list)
    surfaces: list[str] = field(default_factory=list)
    places: list[tuple[Field, int, int]] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    paragraphs: list[int] = field(default_factory=list)
    where: dict[str, list[int]] = field(default_factory=dict)
    vocabulary: list[str] = field(default_factory=list)
    bounds: dict[Field, tuple[int, int]] = field(default_factory=dict)  # part -> first and past-last token
    scopes: dict[str, "Text"] = field(default_factory=dict)
    memory: dict[object, tuple[Span, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, article: Article, source: Source, *, now: float) -> "Text":
        """Index an article; what is marked as not its own is left out."""
        text = cls(article, source, now)
        for part in PARTS:
            if part is Field.BODY and article.body == article.summary:
                continue
            text._take(part, tokenize(article.text(part)))
        text._index()
        return text

    def _take(self, part: Field, tokens: Tokens) -> None:
        raw = self.article.text(part)
        marks = [mark for mark in self.article.marks if mark.field is part]
        first = len(self.words)
        base = (self.positions[-1] + GAP) if self.positions else 0
        sentence = (self.sentences[-1] + 1) if self.sentences else 0
        paragraph = (self.paragraphs[-1] + 1) if self.paragraphs else 0
        for number, word in enumerate(tokens.words):
            start, end = tokens.starts[number], tokens.ends[number]
            if not word or any(mark.start <= start < mark.end for mark in marks):
                continue
            self.words.append(word)
            self.surfaces.append(raw[start:end])
            self.places.append((part, start, end))
            self.positions.append(base + number)
            self.sentences.append(sentence + tokens.sentences[number])
            self.paragraphs.append(paragraph + tokens.paragraphs[number])
        self.bounds[part] = (first, len(self.words))

    def beginning(self, prefix: str) -> list[int]:
        """Return the tokens that begin with a prefix, in order."""
        found: list[int] = []
        for number in range(bisect_left(self.vocabulary, prefix), len(self.vocabulary)):
            if not self.vocabulary[number].startswith(prefix):
                break
            found += self.where[self.vocabulary[number]]
        return sorted(found)

    def adjoining(self, first: int, second: int) -> bool:
        """Tell whether one token follows another at once."""
        return second < len(self.words) and self.positions[second] == self.positions[first] + 1

    def tokens_in(self, part: Field, start: int, end: int) -> tuple[int, int] | None:
        """Return the first and last token that overlap a stretch of a part."""
        low, high = self.bounds.get(part, (0, 0))
        ends = [place[2] for place in self.places[low:high]]
        starts = [place[1] for place in self.places[low:high]]
        first, last = bisect_right(ends, start), bisect_left(starts, end) - 1
        return (low + first, low + last) if first <= last else None

    def range_of(self, scope: str) -> tuple[int, int]:
        """Return the first and past-last token of a scope: title, lead or body."""
        title, summary, body = (self.bounds.get(part, (0, 0)) for part in PARTS)
        if scope == "title":
            return title
        if scope == "body":
            return summary[0], max(summary[1], body[1])
        low, high = summary if summary[1] > summary[0] else body
        return low, min(high, low + LEAD)

    def scoped(self, scope: str) -> "Text":
        """Return the part of the text that a scope names, as a text of its own; made once."""
        if scope not in self.scopes:
            self.scopes[scope] = self._cut(*self.range_of(scope))
        return self.scopes[scope]

    def _cut(self, low: int, high: int) -> "Text":
        part = Text(self.article, self.source, self.now)
        for name in ("words", "surfaces", "places", "positions", "sentences", "paragraphs"):
            setattr(part, name, getattr(self, name)[low:high])
        for field_, (first, last) in self.bounds.items():
            part.bounds[field_] = (max(first, low) - low, max(min(last, high), max(first, low)) - low)
        part._index()
        return part

    def _index(self) -> None:
        for number, word in enumerate(self.words):
            self.where.setdefault(word, []).append(number)
        self.vocabulary = sorted(self.where)

    def evidence(self, condition: str, span: Span) -> Evidence:
        """Return a span as evidence: the words as the article has them, and where."""
        part, start, _ = self.places[span.first]
        _, _, end = self.places[span.last]
        return Evidence(condition, span.term, self.article.text(part)[start:end], part, start, end)
