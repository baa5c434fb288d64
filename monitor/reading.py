"""What a child process does with one document: parse | extract. It imports neither network nor database."""

from dataclasses import replace

from monitor.extract import extract
from monitor.model import Article, Entry, Job, Parsed, Reading, State
from monitor.parse import KINDS, Document, feed


def warm_up() -> None:
    """Load what reading needs before the first document comes."""
    feed.load()


def read(job: Job) -> Reading:
    """Parse a document and make articles of its entries; one bad entry does not stop the others."""
    parse = KINDS.get(job.source.kind)
    if parse is None:
        return Reading(parsed=Parsed(state=State.BROKEN, reason=f"nothing reads sources of kind {job.source.kind!r}"))
    parsed = parse(
        Document(
            body=job.body, url=job.url, content_type=job.content_type, known=job.known, entries_limit=job.entries_limit
        )
    )
    articles: list[Article] = []
    failed: list[str] = []
    for entry in parsed.entries:
        try:
            articles.append(_article(entry, parsed, job))
        except Exception as error:  # a value of this one entry
            failed.append(f"{_name(entry)}: {type(error).__name__}: {error}"[:300])
    return Reading(parsed=replace(parsed, entries=()), articles=tuple(articles), failed=tuple(failed))


def _article(entry: Entry, parsed: Parsed, job: Job) -> Article:
    base = parsed.link if parsed.link.startswith(("http://", "https://")) else job.url
    return extract(entry, source=job.source, feed_language=parsed.language, base_url=base, now=job.now)


def _name(entry: Entry) -> str:
    """Return what a person may know an entry by."""
    return (entry.guid or entry.link or entry.title or "an entry without a name")[:100]
