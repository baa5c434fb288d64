"""An article prepared for matching: its words, indexed once, and what each term found, remembered.

Words are numbered through title, summary and body. A condition is asked about an *area*: a range of word numbers,
such as the whole article, its title, or one sentence.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from monitor.language import inflection
from monitor.language.fold import script
from monitor.language.marks import unmarked
from monitor.language.tokens import Tokens, tokenize
from monitor.model import Article, Field, Source

LEAD_LEAST, LEAD_MOST = 20, 60  # words: a lead is the first paragraph, or more if that is short, but not very much
SAME_LEAST = 6  # words: a summary of so many is looked for at the beginning of the body
NOT_LATIN = frozenset(
    """
    am ar av ba be bg bn bo ce ckb dv dz el fa gu he hi hy ja ka kk km kn ko ks ky lo mk ml mn mr my ne or os pa
    ps ru sa sd si ta te tg th ti tt ug uk ur yi zh
    """.split()
)

FIELDS = (Field.TITLE, Field.SUMMARY, Field.BODY)  # in the order in which they are read
Area = tuple[int, int]  # first word, and the one past the last


class Span(NamedTuple):
    """Some words of the article, from word `first` up to and including word `last`."""

    first: int
    last: int
    term: str = ""  # as the rule's author wrote it
    place: tuple[int, int] | None = None  # characters in the field, where that is not whole words
    parts: tuple["Span", ...] = ()  # what a `near` found, where this span is the whole stretch

    @property
    def leaves(self) -> tuple["Span", ...]:
        """The words themselves: the parts of a stretch, or the span itself."""
        return self.parts or (self,)


Found = tuple[Span, ...]


class Lexicon(Protocol):
    """What looks at the terms of all rules at once."""

    def present(self, text: "Text") -> AbstractSet[Any]:
        """Return the terms that may stand in an article."""

    def callers(self, text: "Text", key: str) -> Sequence[str] | None:
        """Return the words that may begin a term filed under a key; None where every word is to be tried."""


class Part(NamedTuple):
    """One field of the article; its words are numbered from `first`."""

    field: Field
    tokens: Tokens
    first: int

    @property
    def area(self) -> Area:
        """Its words."""
        return self.first, self.first + len(self.tokens.words)


class Text:
    """What conditions look at: an article's words and its source, at one moment."""

    def __init__(self, article: Article, source: Source, *, now: float, lexicon: Lexicon) -> None:
        """Index an article; what is marked as not its own, and a summary that only repeats the body, are left out."""
        self.article = article
        self.source = source
        self.now = now
        self._lexicon = lexicon
        self.parts = _parts(article)
        self.words = [word for part in self.parts for word in part.tokens.words]
        self.written = [word for part in self.parts for word in part.tokens.written]
        self.whole: Area = (0, len(self.words))
        self.different = set(self.written)
        self._spoken: dict[tuple[str, str], bool] = {}
        self._read: dict[tuple[str, str], str] = {}
        self.memory: dict[Any, Any] = {}  # what was worked out: of a term or condition what it found, and more

    @cached_property
    def where(self) -> dict[str, list[int]]:
        """The numbers of the places of each word as it is written; most articles have no rule that asks for them."""
        places: dict[str, list[int]] = {}
        for number, word in enumerate(self.written):
            if word in places:
                places[word].append(number)
            else:
                places[word] = [number]
        return places

    @cached_property
    def present(self) -> AbstractSet[Any]:
        """The terms that may stand here: those that are not, do not."""
        return self._lexicon.present(self)

    @cached_property
    def scripts(self) -> set[str]:
        """The scripts of all words."""
        return {script(letter) for letter in {word[:1] for word in self.words}}

    def speaks(self, speech: tuple[str, str]) -> bool:
        """Tell whether terms of a language and script are to be tried here.

        They are where the script occurs, and the language is the article's own, or unknown, or tells itself from it by
        its script. So a Russian list is tried on a Ukrainian article, and an English one on what is Latin in it, but
        a German list is not tried on an English article.
        """
        known = self._spoken.get(speech)
        if known is None:
            known = self._spoken[speech] = self._speaks(*speech)
        return known

    def _speaks(self, language: str, term_script: str) -> bool:
        if term_script and term_script not in self.scripts:
            return False
        own = self.article.language
        return not language or not own or own == language or term_script != "LATIN" or own in NOT_LATIN

    def reading(self, speech: tuple[str, str]) -> str:
        """Return the language in which a term's words are read here: its own, or the article's; "" = without forms."""
        known = self._read.get(speech)
        if known is None:
            language, term_script = speech
            known = language or inflection.reading(self.article.language, term_script)
            known = self._read[speech] = known if inflection.inflects(known) else ""
        return known

    def starts(self, key: str) -> Sequence[int]:
        """Return where a word may stand that a lexicon files under a key, in order."""
        words = self._lexicon.callers(self, key)
        if words is None:
            return range(len(self.words))
        places = [place for word in words for place in self.where[word]]
        return sorted(places) if len(words) > 1 else places

    def part_of(self, word: int) -> Part:
        """Return the field that a word stands in."""
        for part in reversed(self.parts):
            if part.first <= word:
                return part
        raise IndexError(word)

    def surface(self, word: int) -> str:
        """Return a word as the article has it."""
        part = self.part_of(word)
        return part.tokens.surface(word - part.first)

    def place(self, span: Span) -> tuple[Field, int, int]:
        """Return the field of a span, and its characters in it."""
        part = self.part_of(span.first)
        if span.place:
            return part.field, *span.place
        places = part.tokens.places
        return part.field, places[span.first - part.first][0], places[span.last - part.first][1]

    def words_of(self, span: Span) -> str:
        """Return the words of a span as the article has them."""
        field, start, end = self.place(span)
        return self.article.text(field)[start:end]

    def touching(self, word: int) -> bool:
        """Tell whether nothing stands between a word and the next."""
        part = self.part_of(word)
        number = word - part.first
        return number + 1 < len(part.tokens.words) and part.tokens.places[number][1] == part.tokens.starts[number + 1]

    def _bounds(self, kind: str) -> list[int]:
        """Return the words that begin the sentences or paragraphs, and the one past the last; worked out once."""
        known: list[int] | None = self.memory.get(kind)
        if known is None:
            known = self.memory[kind] = []
            for part in self.parts:
                inner = part.tokens.sentences if kind == "sentence" else part.tokens.paragraphs
                known += [part.first, *[part.first + number for number in inner]]
            known.append(self.whole[1])
        return known

    def stand_together(self, first: int, last: int) -> bool:
        """Tell whether words stand in one sentence; those with no more than a blank between them surely do."""
        part = self.part_of(first)
        tokens, one = part.tokens, first - part.first
        ends, starts, text = tokens.ends, tokens.starts, tokens.text
        for number in range(one, min(last - part.first, len(starts) - 1)):
            end = ends[number]
            if starts[number + 1] != end + 1 or text[end] != " " or text[end - 1] == ".":
                return self.unit_number("sentence", first) == self.unit_number("sentence", last)
        return last - part.first < len(starts)

    def unit_number(self, kind: str, word: int) -> int:
        """Return the number of the sentence or paragraph that a word stands in, through all fields."""
        return bisect_right(self._bounds(kind), word) - 1

    def unit(self, kind: str, number: int) -> Area:
        """Return the words of a sentence or paragraph."""
        bounds = self._bounds(kind)
        return bounds[number], bounds[number + 1]

    def units(self, kind: str, area: Area) -> range:
        """Return the numbers of the sentences or paragraphs that lie in an area, also in part."""
        if area[0] >= area[1]:
            return range(0)
        return range(self.unit_number(kind, area[0]), self.unit_number(kind, area[1] - 1) + 1)

    def scope(self, name: str) -> Area:
        """Return the words of the title, the lead, or the body (all but the title)."""
        title = self.parts[0].area
        if name == "title":
            return title
        if name == "body":
            return title[1], self.whole[1]
        return self._lead

    @cached_property
    def _lead(self) -> Area:
        first = next((part for part in self.parts[1:] if part.tokens.words), None)
        if first is None:
            return self.parts[0].area[1], self.parts[0].area[1]
        begin, end = first.area
        bounds = (number for number in (*first.tokens.paragraphs, end - begin) if number >= LEAD_LEAST)
        return begin, min(end, begin + min(next(bounds, end - begin), LEAD_MOST))


def in_order(spans: Iterable[Span]) -> Found:
    """Return spans in the order of the article, of two that begin together the longer first."""
    return tuple(sorted(spans, key=_order))


def _order(span: Span) -> tuple[int, int]:
    return span.first, -span.last


def within(found: Found, area: Area) -> Found:
    """Return the spans that lie in an area."""
    low, high = area
    return tuple(span for span in found if low <= span.first and span.last < high)


def meet(one: Area, other: Area) -> Area:
    """Return what two areas have in common."""
    return max(one[0], other[0]), min(one[1], other[1])


def _parts(article: Article) -> tuple[Part, ...]:
    title, summary, body = [tokenize(unmarked(article, field)) for field in FIELDS]
    first, second = len(title.words), len(title.words) + len(summary.words)
    if _repeats(summary.words, body.words):
        return Part(Field.TITLE, title, 0), Part(Field.BODY, body, first)
    return Part(Field.TITLE, title, 0), Part(Field.SUMMARY, summary, first), Part(Field.BODY, body, second)


def _repeats(summary: list[str], body: list[str]) -> bool:
    """Tell whether a summary says nothing that the body does not begin with; its last word may be cut off."""
    if len(summary) < SAME_LEAST:
        return bool(summary) and summary == body
    whole, cut = summary[:-1], summary[-1]
    return body[: len(whole)] == whole and len(body) >= len(summary) and body[len(whole)].startswith(cut)
