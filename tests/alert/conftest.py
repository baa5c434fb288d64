"""A store, and alerts queued in it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from given_alerts import ARTICLE, NOW, SOURCE, story

from monitor.alert import message
from monitor.model import Alert, Judged, Novelty
from monitor.store import Store
from tests import fresh


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with fresh.store(tmp_path / "monitor.db") as opened:
        opened.sources.sync([SOURCE], NOW)
        yield opened


@pytest.fixture
def queue(store: Store) -> Callable[..., list[Alert]]:
    """Store stories and queue their alerts for channels, as the pipeline does."""

    def add(count: int, channels: dict[str, Any], *, now: float = NOW, first: int = 0, **changes: Any) -> list[Alert]:
        alerts = []
        for number in range(first, first + count):
            article = replace(
                ARTICLE,
                id=f"a{number:012}",
                identity=f"i{number}",
                url=f"https://kestrel.example/{number}",
                title=f"Number {number}: special forces near the border",
                **changes,
            )
            one = story(article)
            alert = message.alert_of(one, now=now)
            with store.transaction(durable=True):
                store.articles.add([Judged(article, Novelty.NEW, "new")])
                store.stories.add(one)
                store.alerts.add(alert, message.deliveries(alert, channels, channels), now)
            alerts.append(alert)
        return alerts

    return add
