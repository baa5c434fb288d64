"""What `run`, `once` and `demo` share: the service over the chosen configuration."""

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.metrics import Metrics
    from monitor.service import Service


def service_in(folder: Path, *, backfill: bool = False, metrics: "Metrics | None" = None) -> "Service":
    """Make the service that works in a configuration folder; nothing is opened yet."""
    from monitor.config import load
    from monitor.service import Service

    return Service(partial(load, folder), environ=os.environ, backfill=backfill, metrics=metrics)
