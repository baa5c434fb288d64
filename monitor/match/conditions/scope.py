"""What `title`, `lead` and `body` share: a condition on one part of the article."""

from monitor.match.conditions.base import Condition, Found, Told
from monitor.match.text import Span, Text


def look_inside(part: Condition, text: Text, scope: str) -> Found | None:
    """Return what a condition finds in a scope, as spans of the whole text."""
    found = part.look(text.scoped(scope))
    if found is None:
        return None
    low, _ = text.range_of(scope)
    return tuple(Span(span.first + low, span.last + low, span.term) for span in found)


def tell_inside(part: Condition, text: Text, scope: str) -> Told:
    """Tell what a condition found in a scope."""
    inner = part.tell(text.scoped(scope))
    return Told(f"in the {scope}: {inner.words}", inner.held, inner.found, inner.parts)
