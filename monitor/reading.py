"""What a child process does with one document: parse | extract. It imports neither network nor database."""

from dataclasses import replace

from monitor.extract import extract
from monitor.model import Job, Reading
from monitor.parse import KINDS, Document


def read(job: Job) -> Reading:
    """Parse a document and make articles of its entries; one bad entry does not stop the others."""
    document = Document(
        body=job.body, url=job.url, content_type=job.content_type, known=job.known, entries_limit=job.entries_limit
    )
    parsed = KINDS[job.source.kind](document)
    articles, failed = [], []
    for entry in parsed.entries:
        try:
            article = extract(
                entry, source=job.source, feed_language=parsed.language, base_url=parsed.link or job.url, now=job.now
            )
        except Exception as error:  # a value of this one entry
            failed.append(f"{entry.guid or entry.link or entry.title[:60]}: {type(error).__name__}: {error}")
        else:
            articles.append(article)
    return Reading(parsed=replace(parsed, entries=()), articles=tuple(articles), failed=tuple(failed))
