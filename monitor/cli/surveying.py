"""Shows rules the newest stored articles: for `monitor check --stored`."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from monitor.cli import console

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.errors import Problem
    from monitor.model import Article
    from monitor.store import Store

PAGE = 500  # articles read at once
STEP = 50  # articles between two moves of the bar


def surveyed(config: "Config", last: int) -> "tuple[tuple[Problem, ...], tuple[Problem, ...]]":
    """Show the rules the newest so many stored articles; return warnings, and what may be looked through.

    StoreError where there is no database.
    """
    from monitor.cli.db import steps
    from monitor.match.survey import Survey
    from monitor.model import Source

    survey, now = Survey.of(config.rules), time.time()
    sources = {source.id: source for source in config.sources}
    with console.open_store(config) as store, steps("trying the rules on stored articles") as step:
        total = min(last, store.articles.count())
        for article in _newest(store, last):
            source = sources.get(article.source_id) or store.sources.get(article.source_id)
            survey.add(article, source or Source(id=article.source_id, url=""), now=now)
            if step and not survey.articles % STEP:
                step(survey.articles, total)
    return survey.broad(), survey.absent()


def _newest(store: "Store", last: int) -> "Iterator[Article]":
    """Return the newest so many articles, a page at a time."""
    before = ""
    while last > 0 and (page := store.articles.search(limit=min(PAGE, last), before=before)):
        yield from page
        last, before = last - len(page), page[-1].id
