"""An entry becomes an article: clean text, canonical URL, date, language, identity."""

from monitor.extract.boilerplate import marks
from monitor.extract.dates import published, sensible
from monitor.extract.identity import article_id, content_hash, identity
from monitor.extract.mojibake import repair
from monitor.extract.text import html_to_text
from monitor.extract.urls import canonical, is_home
from monitor.language.detect import language_of
from monitor.model import Article, Entry, Field, Source


def extract(entry: Entry, *, source: Source, feed_language: str, base_url: str, now: float) -> Article:
    """Clean one entry."""
    repaired = [repair(html_to_text(text)) for text in (entry.title, entry.summary, entry.content)]
    title, summary, body = (text for text, _ in repaired)
    title = " ".join(title.split())
    body = "" if body == summary else body
    url = canonical(entry.link, base_url)
    digest = content_hash(title, summary, body)
    key = identity(entry.guid, "" if is_home(url) else url, digest)
    at, flags = published(entry, now)
    language, language_from = language_of(f"{title}\n{summary or body}", (entry.language, feed_language, source.language))
    return Article(
        id=article_id(source.id, key),
        source_id=source.id,
        identity=key,
        url="" if is_home(url) else url,
        link=entry.link,
        title=title,
        summary=summary,
        body=body,
        author=" ".join(entry.author.split()),
        published_at=at,
        published_raw=entry.published,
        updated_at=sensible(entry.updated_at, entry.updated, now)[0],
        updated_raw=entry.updated,
        seen_at=now,
        language=language,
        language_from=language_from,
        categories=entry.categories,
        flags=flags | ({"mojibake-repaired"} if any(done for _, done in repaired) else frozenset()),
        marks=marks(Field.SUMMARY, summary) + marks(Field.BODY, body),
        content_hash=digest,
    )
