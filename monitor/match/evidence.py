"""Chooses what a hit shows: the most telling words first, each place once, and not too many."""

from collections.abc import Iterable

from monitor.match.conditions.base import Condition, Piece
from monitor.match.text import Span, Text
from monitor.model import Evidence, Field

MOST = 20  # pieces kept for one hit
REPEATED = 2  # times that the same words are shown before all others had their turn


def evidence_of(condition: Condition, text: Text) -> tuple[Evidence, ...]:
    """Return why a condition holds for an article: words with their places; without any, facts about the article."""
    pieces = list(condition.evidence(text, text.whole))
    worded = [_worded(piece, piece.span, text) for piece in _telling(pieces, text) if piece.span]
    if worded:
        return tuple(worded[:MOST])
    facts = dict.fromkeys((piece.condition, piece.fact) for piece in pieces if piece.fact)
    return tuple(Evidence(name, fact, "", Field.TITLE, 0, 0) for name, fact in list(facts)[:MOST])


def _worded(piece: Piece, span: Span, text: Text) -> Evidence:
    field, start, end = text.place(span)
    return Evidence(piece.condition, span.term, text.article.text(field)[start:end], field, start, end)


def _telling(pieces: Iterable[Piece], text: Text) -> list[Piece]:
    """Leave out what lies within longer words that are shown, and put what repeats last."""
    first: list[Piece] = []
    later: list[Piece] = []
    times: dict[tuple[str, ...], int] = {}
    shown: set[tuple[int, int]] = set()
    for piece in _outermost(pieces):
        if piece.span and piece.span[:2] not in shown:
            shown.add(piece.span[:2])
            words = tuple(text.words[piece.span.first : piece.span.last + 1])
            times[words] = times.get(words, 0) + 1
            (first if times[words] <= REPEATED else later).append(piece)
    return first + later


def _outermost(pieces: Iterable[Piece]) -> list[Piece]:
    listed = list(dict.fromkeys([piece for piece in pieces if piece.span]))
    if all([one.span.first == one.span.last for one in listed if one.span]):
        return listed  # single words hold nothing within them
    # A find counts as part of a longer one only where both begin or end together: so do the terms of one list.
    ends: dict[int, int] = {}  # first word -> the last one that a find has which begins there
    begins: dict[int, int] = {}  # last word -> the first one that a find has which ends there
    for piece in listed:
        if span := piece.span:
            ends[span.first] = max(ends.get(span.first, -1), span.last)
            begins[span.last] = min(begins.get(span.last, span.first), span.first)
    return [one for one in listed if (it := one.span) and ends[it.first] == it.last and begins[it.last] == it.first]
