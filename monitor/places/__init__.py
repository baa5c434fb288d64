"""Places and countries: an offline gazetteer, and which of them an article names and where its event is; no effects.

The data is read when it is first asked for (0.2 s, 11 MB), and not at all where nothing asks. Where it comes from and
under which licences is in `NOTICE.md` beside it; `seeds/gazetteer/build.py` makes it anew.
"""

from monitor.language.marks import unmarked
from monitor.model import Article, Field, Located
from monitor.places.locate import GOVERNMENT, Mention, distance, located, mentions
from monitor.places.naming import code_of, is_country, known_as, like, neighbours

__all__ = [
    "GOVERNMENT", "Mention", "code_of", "distance", "find", "is_country", "known_as", "like", "locate", "located",
    "mentions", "neighbours",
]  # fmt: skip
FIELDS = (Field.TITLE, Field.SUMMARY, Field.BODY)


def find(article: Article, home: str = "") -> tuple[Mention, ...]:
    """Return every place that an article names; `home` is the country of its source, which is likelier meant."""
    texts = [(field, unmarked(article, field)) for field in FIELDS]
    if article.body.startswith(article.summary.rstrip(".… ")):
        del texts[1]
    return mentions(texts, article.language, home)


def locate(article: Article, home: str = "") -> Located:
    """Return the countries of an article, the most certain first, and its most specific place with how sure that is."""
    return located(find(article, home))
