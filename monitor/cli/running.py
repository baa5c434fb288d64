"""What `run`, `once` and `demo` share: the service over the chosen configuration."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.log import Redactor
    from monitor.metrics import Metrics
    from monitor.service import Service


def service_in(
    folder: Path, *, backfill: bool = False, metrics: "Metrics | None" = None, redactor: "Redactor | None" = None
) -> "Service":
    """Make the service that works in a configuration folder; nothing is opened yet.

    The redactor learns the secrets of each configuration as it is read, before anything can log them.
    """
    from monitor.config import load
    from monitor.service import Service

    def read() -> "Config":
        config = load(folder)
        if redactor:
            redactor.hide(*_secrets_of(config))
        return config

    return Service(read, environ=os.environ, backfill=backfill, metrics=metrics)


def _secrets_of(config: "Config") -> Iterator[str]:
    """Yield every secret that the configuration names and that can be looked up now."""
    from monitor.config.secrets import values_in

    texts = [text for channel in config.settings.channels.values() for text in (channel.url, *channel.secret)]
    texts.append(config.settings.network.proxy)
    for source in config.sources:
        texts += [source.proxy, *(value for _, value in source.headers)]
    for text in texts:
        yield from values_in(text, environ=os.environ)
