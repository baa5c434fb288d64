"""Shows why a rule matched: each matched word in its sentence, as stretches of (text, is it evidence)."""

import re
from collections.abc import Iterable, Sequence

from monitor.alert.clean import ELLIPSIS, one_line
from monitor.model import Article, Evidence, Field

Span = tuple[int, int]
Stretches = list[list[object]]  # [[text, marked], ...]: lists, because it travels as JSON
REACH = 200  # characters before and after the first matched word, at most
SENTENCES = 8  # kept of one article
# After a sign that ends a sentence, and what closes with it, there is space; in Chinese and Japanese there is none.
_END = re.compile(r"(?<=[.!?…])([\"'”»’)\]]*)\s+|(?<=[。！？])|\n\s*")


def sentences(article: Article, evidence: Iterable[Evidence]) -> list[dict[str, object]]:
    """Return the sentences of summary and body that hold evidence, each once, with its matched words marked."""
    found: dict[str, dict[str, object]] = {}
    spans = _by_field(article, evidence)
    for field in (Field.SUMMARY, Field.BODY):
        text = article.text(field)
        for start, end in _sentences_around(text, spans.get(field, [])):
            stretches = _stretches(text, start, end, spans[field])
            said = "".join(str(part) for part, _ in stretches)
            found.setdefault(said, {"field": field.value, "parts": stretches})
    return list(found.values())[:SENTENCES]


def headline(article: Article, evidence: Iterable[Evidence]) -> Stretches:
    """Return the title with its matched words marked."""
    spans = _by_field(article, evidence).get(Field.TITLE, [])
    return _stretches(article.title, 0, len(article.title), spans)


def _by_field(article: Article, evidence: Iterable[Evidence]) -> dict[Field, list[Span]]:
    """Return the matched stretches of each field, joined where they overlap; offsets beyond the text are left out."""
    spans: dict[Field, list[Span]] = {}
    for one in sorted(evidence, key=lambda one: (one.start, one.end)):
        start, end = max(0, one.start), min(one.end, len(article.text(one.field)))
        known = spans.setdefault(one.field, [])
        if known and start <= known[-1][1]:
            known[-1] = (known[-1][0], max(known[-1][1], end))
        elif start < end:
            known.append((start, end))
    return spans


def _sentences_around(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return the bounds of the sentences that hold the spans, none longer than two reaches and its words."""
    found: list[Span] = []
    for start, end in spans:
        if found and end <= found[-1][1]:
            continue
        low, high = max(0, start - REACH), min(len(text), end + REACH)
        before = [sentence.end() for sentence in _END.finditer(text, low, start)]
        after = _END.search(text, end, high)
        last = after.start() + len(after[1] or "") if after else _to_word(text, high)
        found.append((max(before, default=_at_word(text, low)), last))
    return found


def _at_word(text: str, low: int) -> int:
    """Return where a word begins at or after `low`, if one does soon."""
    space = text.find(" ", low, low + 30)
    return low if low == 0 or space < 0 else space + 1


def _to_word(text: str, high: int) -> int:
    space = text.rfind(" ", max(0, high - 30), high)
    return high if high == len(text) or space < 0 else space


def _stretches(text: str, start: int, end: int, spans: Iterable[Span]) -> Stretches:
    found: Stretches = []
    at = start
    for low, high in spans:
        if high <= start or low >= end:
            continue
        low, high = max(low, start), min(high, end)
        found += [[text[at:low], False], [text[low:high], True]]
        at = high
    found.append([text[at:end], False])
    return _tidy(found, cut_before=_inside(text, start), cut_after=_inside(text, end))


def _inside(text: str, place: int) -> bool:
    """Tell whether a cut at this place goes through a sentence: neither text end, nor sentence end, nor line end."""
    before, after = text[:place][-40:].rstrip(), text[place : place + 1]
    ended = not before or before[-1] in ".!?…。！？\"'”»’)]" or "\n" in text[len(text[:place].rstrip()) : place + 1]
    return place not in {0, len(text)} and not ended and after != "\n"


def _tidy(stretches: Stretches, *, cut_before: bool, cut_after: bool) -> Stretches:
    """Make one line of all, without losing the spaces between stretches."""
    tidied: Stretches = []
    for text, marked in stretches:
        said = str(text)
        edge_left, edge_right = said[:1].isspace(), said[-1:].isspace()
        line = one_line(said)
        line = f"{' ' if edge_left and tidied else ''}{line}{' ' if edge_right and line else ''}"
        if line:
            tidied.append([line, marked])
    if tidied and not tidied[-1][1]:
        tidied[-1][0] = str(tidied[-1][0]).rstrip()
    if cut_before:
        tidied.insert(0, [ELLIPSIS, False])
    if cut_after:
        tidied.append([ELLIPSIS, False])
    return tidied
