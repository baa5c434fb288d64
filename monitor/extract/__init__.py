"""An entry becomes an article: clean text, canonical URL, date, language, identity; no network, no clock."""

from monitor.extract.boilerplate import marks, own_text
from monitor.extract.clean import one_line
from monitor.extract.dates import published, sensible
from monitor.extract.identity import article_id, content_hash, identity
from monitor.extract.mojibake import repair
from monitor.extract.text import html_to_text, title_to_text
from monitor.extract.urls import canonical, is_home
from monitor.language.detect import language_of
from monitor.model import Article, Entry, Field, Source

_REPAIRED = frozenset({"mojibake-repaired"})


def extract(entry: Entry, *, source: Source, feed_language: str, base_url: str, now: float) -> Article:
    """Clean one entry; `now` is when it was seen (seconds, UTC), `base_url` resolves relative links."""
    title, summary, body, repaired = _texts(entry)
    at, flags = published(entry, now)
    url = canonical(entry.link, base_url)
    # A link to the site itself is the same for every entry: it identifies nothing.
    url = "" if is_home(url) else url
    found = marks(Field.SUMMARY, summary), marks(Field.BODY, body)
    digest = content_hash(title, own_text(summary, found[0]), own_text(body, found[1]))
    key = identity(_guid(entry.guid), url + _fragment(entry.link) if url else "", digest)
    language, language_from = language_of(
        f"{title}\n{summary or body}", declared=(entry.language, feed_language), of_source=source.language
    )
    return Article(
        id=article_id(source.id, key),
        source_id=source.id,
        identity=key,
        url=url,
        link=one_line(entry.link),
        title=title,
        summary=summary,
        body=body,
        author=title_to_text(entry.author),
        published_at=at,
        published_raw=one_line(entry.published),
        updated_at=sensible(entry.updated_at, entry.updated, now)[0],
        updated_raw=one_line(entry.updated),
        seen_at=now,
        language=language,
        language_from=language_from,
        categories=tuple(dict.fromkeys(filter(None, map(title_to_text, entry.categories)))),
        flags=flags | _REPAIRED if repaired else flags,
        marks=found[0] + found[1],
        content_hash=digest,
    )


def _texts(entry: Entry) -> tuple[str, str, str, bool]:
    """Return title, summary and body as plain text, and whether one of them had to be repaired."""
    title, title_repaired = _clean(entry.title)
    summary, summary_repaired = _clean(entry.summary)
    if not entry.content or entry.content == entry.summary:
        return " ".join(title.split()), summary, "", title_repaired or summary_repaired
    body, body_repaired = _clean(entry.content)
    body = "" if body == summary else body
    return " ".join(title.split()), summary, body, title_repaired or summary_repaired or body_repaired


def _clean(html: str) -> tuple[str, bool]:
    """Repair before controls are stripped, since they are what is left of some bytes; and what entities held, after."""
    fixed, before = repair(html)
    if "&" not in fixed:
        return html_to_text(fixed), before
    text, after = repair(html_to_text(fixed))
    return text, before or after


def _guid(guid: str) -> str:
    guid = one_line(guid)
    return "" if guid.startswith(("http://", "https://")) and is_home(guid) else guid


def _fragment(link: str) -> str:
    """Return the part of a link after #: pages that list many items tell them apart by it."""
    _, mark, name = link.strip().partition("#")
    return f"#{name}" if mark and name and not name.startswith("!") else ""
