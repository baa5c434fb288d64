"""The text of an article that is its own: what is marked as a cross-link or boilerplate is blanked out; no effects."""

from monitor.model import Article, Field


def unmarked(article: Article, field: Field) -> str:
    """Return a field with what is marked blanked out by line ends: no phrase or sentence goes across."""
    text = article.text(field)
    for mark in article.marks:
        if mark.field is field:
            start, end = max(0, mark.start), min(len(text), mark.end)
            text = text[:start] + "\n" * (end - start) + text[max(start, end) :]
    return text
