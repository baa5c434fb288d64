"""Articles for the tests of stories."""

from monitor.model import Article

HOUR = 3600.0


def article(name: str, title: str, text: str = "", *, hours: float = 0.0, lang: str = "en", **more: str) -> Article:
    """Make an article published so many hours after a day in 2022."""
    return Article(
        id=name,
        source_id=more.get("source", f"outlet-of-{name}"),
        identity=name,
        url=more.get("url", ""),
        link="",
        title=title,
        summary=text,
        body="",
        language=lang,
        published_at=1_652_140_800.0 + hours * HOUR,
    )
