"""Reads Boolean queries: words, phrases, AND, OR, NOT, brackets, fields and operators of nearness.

The dialects differ in how strongly OR binds, in their operators and in their fields; a `Grammar` says how.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from monitor.match.dialects import words
from monitor.match.dialects.dialect import Notes
from monitor.match.dialects.fields import Field, unsaid
from monitor.match.dialects.scan import Token, scan
from monitor.match.dialects.tree import Both, Close, Either, Fact, LeftOut, Node, QueryError, Site, Without, children

DEPTH = 15  # brackets within brackets; rules are nested up to 20 levels deep
WIDEST = 1000  # words, as `near` has it
PAIRS = 2000  # of words that one operator of nearness may join
TALKWALKER = frozenset("NEAR ONEAR SENTENCE OSENTENCE PARAGRAPH OPARAGRAPH".split())
OWNERS = {"AROUND": "google", **dict.fromkeys(TALKWALKER, "talkwalker")}  # operator -> dialect
_BEGINS = frozenset({"word", "phrase", "regex", "(", "field", "NOT", "raw"})  # what an operand begins with
_SMALL = frozenset({"and", "or", "not"})
_SMALL_NEAR = re.compile(r"o?(?:near|sentence|paragraph)/\d+", re.IGNORECASE)
_DASHES = frozenset("-–—−")
_SIGNS = "-–—*+&,;.:|!"  # alone they say nothing


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one dialect writes Boolean queries."""

    title: str
    nearness: frozenset[str] = frozenset()  # its operators among AROUND, NEAR, ONEAR, SENTENCE, ...
    fields: Mapping[str, Field] = field(default_factory=dict)
    or_first: bool = False  # OR binds more strongly than AND
    raw: Callable[[str, str, int], Node] | None = None  # the term for + or ++ before a word
    wildcards: str = "*"  # the signs among * and ? that stand for letters
    gaps: bool = False  # a * in a phrase stands for a word
    regexes: bool = False


def parse(query: str, grammar: Grammar, notes: Notes) -> Node:
    """Return the tree of a query; QueryError says what is wrong with it, and where."""
    tokens = list(_worth_reading(scan(query), grammar, notes))
    parser = _Parser(query, tokens, grammar, notes)
    tree = parser.expression(0)
    if parser.now.kind == ")":
        raise QueryError("this ) closes nothing", parser.now.at, "take it out, or open a ( before it")
    return tree


def _worth_reading(tokens: Iterable[Token], grammar: Grammar, notes: Notes) -> Iterator[Token]:
    """Leave out lone signs, and operators in small letters, which are none."""
    for token in tokens:
        if token.kind == "word" and (small := _SMALL_NEAR.fullmatch(token.text)):
            raise QueryError(f"{token.text} is in small letters", token.at, f"write {small[0].upper()}")
        if token.kind == "word" and token.text in _DASHES:
            notes.add(f"a {token.text} with a blank behind it excludes nothing; to exclude a word, write -word")
        elif token.kind == "word" and token.text.lower() in _SMALL:
            notes.add(f"{token.text!r} is not in capitals, so it is no operator in {grammar.title}; it was passed over")
        elif token.kind == "near" and token.number is None and token.text not in {*grammar.nearness, "AROUND", "NEAR"}:
            yield token._replace(kind="word")
        elif token.kind != "word" or token.text.strip(_SIGNS):
            yield token


class _Parser:
    """Reads tokens by recursive descent."""

    def __init__(self, query: str, tokens: list[Token], grammar: Grammar, notes: Notes) -> None:
        self.query, self.tokens, self.grammar, self.notes = query, tokens, grammar, notes
        self.place = 0
        self.looser, self.tighter = ("AND", "OR") if grammar.or_first else ("OR", "AND")

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.now
        self.place += 1
        return token

    def expression(self, depth: int) -> Node:
        """Read everything up to the next closing bracket."""
        parts: list[Node] = []
        mixed = False
        while not parts or self._goes_on(self.looser):
            inner = [self._near(depth)]
            while self._goes_on(self.tighter):
                inner.append(self._near(depth))
            mixed = mixed or len(inner) > 1
            parts.append(_joined(self.tighter, inner))
        if mixed and len(parts) > 1:
            self.notes.add(f"{self.tighter} binds more strongly than {self.looser}, as in {self.grammar.title}")
        return _joined(self.looser, parts)

    def _goes_on(self, sign: str) -> bool:
        """Tell whether an operator follows, and go past it; between two operands that touch stands an unwritten AND."""
        if self.now.kind == sign:
            self.take()
            return True
        return sign == "AND" and self.now.kind in _BEGINS

    def _near(self, depth: int) -> Node:
        left = self._operand(depth)
        for number in count(1):
            if self.now.kind != "near":
                break
            sign = self.take()
            left = self._close(left, sign, self._operand(depth + number))
        return left

    def _close(self, left: Node, sign: Token, right: Node) -> Node:
        if sign.text not in self.grammar.nearness:
            hint = f"choose the dialect that has it: --dialect {OWNERS[sign.text]}"
            raise QueryError(f"{sign.written} is no operator of {self.grammar.title}", sign.at, hint)
        for side in (left, right):
            if any(isinstance(one, Without | Fact | Site) for one in _all_of(side)):
                raise QueryError(f"{sign.written} joins words only", sign.at, "put the rest beside it, with AND")
        if len(list(_all_of(left))) * len(list(_all_of(right))) > PAIRS:
            raise QueryError(f"{sign.written} joins too many words", sign.at, "take the query apart")
        within = self._distance(sign)
        if isinstance(within, LeftOut):
            return Both((left, right, within))
        return _distributed(Close(within, sign.text.startswith("O"), (left, right)))

    def _distance(self, sign: Token) -> int | str | LeftOut:
        """Return `within`: the tools count the words between, `near` up to the other word, which is one more."""
        unit = sign.text.removeprefix("O").lower()
        if unit in ("sentence", "paragraph"):
            if sign.number is None or sign.number == 0:
                return unit
            return LeftOut(sign.written, sign.at, f"{unit}s are not counted; near: {{within: {unit}}} is one")
        if sign.number is None:
            raise QueryError(f"{sign.text} needs a number of words", sign.at, f"write for example {sign.text}/5")
        if sign.number >= WIDEST:
            return LeftOut(sign.written, sign.at, f"near reaches {WIDEST} words at most")
        between = "1 word" if sign.number == 1 else f"{sign.number or 'no'} words"
        self.notes.add(
            f"{sign.written} lets {between} stand between; within counts up to the other word: {sign.number + 1}"
        )
        return sign.number + 1

    def _operand(self, depth: int) -> Node:
        if depth > DEPTH:
            raise QueryError(f"this is nested more than {DEPTH} deep", self.now.at, "take it apart")
        token = self.take() if self.now.kind != "end" else self.now
        readers: dict[str, Callable[[], Node]] = {
            "NOT": lambda: Without(self._operand(depth + 1)),
            "(": lambda: self._group(token, depth),
            "field": lambda: self._field(token, depth),
            "raw": lambda: self._raw(token, depth),
            "phrase": lambda: self._phrase(token),
            "regex": lambda: self._regex(token),
            "word": lambda: self._word(token.text, token.at),
        }
        reader = readers.get(token.kind)
        if reader is None:
            found = "the query ends" if token.kind == "end" else f"{token.written} stands"
            raise QueryError(f"{found} where a word is missing", token.at, "write the word, or take the operator out")
        return reader()

    def _group(self, opening: Token, depth: int) -> Node:
        if self.now.kind == ")":
            raise QueryError("nothing stands between these brackets", opening.at, "take them out")
        part = self.expression(depth + 1)
        if self.now.kind != ")":
            raise QueryError("this ( is never closed", opening.at, "write a ) where the group ends")
        self.take()
        return part

    def _field(self, token: Token, depth: int) -> Node:
        name = token.text.removesuffix(":").lower()
        known = self.grammar.fields.get(name, unsaid(f"{self.grammar.title} has no field {name}: that is known here"))
        part = self.expression(depth + 1) if known.rest else self._operand(depth + 1)
        last = self.tokens[self.place - 1]
        written = self.query[token.at : last.at + len(last.written)]
        return known.make(part, written, token.at)

    def _raw(self, sign: Token, depth: int) -> Node:
        if self.now.kind in ("word", "phrase") and self.grammar.raw:
            token = self.take()
            return self.grammar.raw(sign.text, token.text, sign.at)
        return self._operand(depth)

    def _word(self, text: str, at: int) -> Node:
        return words.say(text, at, self.grammar.wildcards)

    def _regex(self, token: Token) -> Node:
        if not self.grammar.regexes:
            return self._word(token.text.strip("/"), token.at)
        body, _, flags = token.text[1:].rpartition("/")
        case = "" if "i" in flags else "(?-i)"
        return words.pattern(case + body, token.written, token.at)

    def _phrase(self, token: Token) -> Node:
        if not any(sign.isalnum() for sign in token.text):
            return LeftOut(token.written, token.at, "it holds no word")
        if self.grammar.gaps and "*" in token.text.split()[1:-1]:
            return self._gaps(token)
        split = token.text.split()
        if not token.number or len(split) < 2:
            return self._word(token.text, token.at)
        within = len(split) - 1 + token.number
        if within > WIDEST:
            return LeftOut(token.written, token.at, f"near reaches {WIDEST} words at most")
        self.notes.add(f"{token.written} became near: its words within {within} of the first, in any order")
        return Close(within, False, tuple(self._word(word, token.at) for word in split))

    def _gaps(self, token: Token) -> Node:
        """Read a phrase in which each * stands for a word."""
        pieces, stretch = re.split(r"\s(?:\*\s)+", token.text.strip("* ")), token.text.strip("* ").split()
        within = len(stretch) - len(pieces[0].split())
        self.notes.add(f"the * in {token.written} became near, in order: fewer words may stand there, too")
        return Close(within, True, tuple(self._word(piece, token.at) for piece in pieces))


def _joined(sign: str, parts: list[Node]) -> Node:
    """Join parts, those of the same kind without a level of their own."""
    if len(parts) == 1:
        return parts[0]
    kind = Either if sign == "OR" else Both
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else [part]
    return kind(tuple(flat))


def _distributed(close: Close) -> Node:
    """Take an "and" within an operator of nearness apart: each of its parts must be near."""
    for number, part in enumerate(close.parts):
        if isinstance(part, Both):
            before, after = close.parts[:number], close.parts[number + 1 :]
            return Both(tuple(_distributed(replace(close, parts=(*before, one, *after))) for one in part.parts))
    return close


def _all_of(node: Node) -> Iterator[Node]:
    yield node
    for part in children(node):
        yield from _all_of(part)
