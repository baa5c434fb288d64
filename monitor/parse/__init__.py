"""Bytes become entries; one file a kind of source.

A parser never raises: what it cannot read is a state with a reason.
"""

from collections.abc import Callable

from monitor.model import Parsed
from monitor.parse import feed
from monitor.parse.document import Document

Parser = Callable[[Document], Parsed]
KINDS: dict[str, Parser] = {"feed": feed.parse}

__all__ = ["KINDS", "Document", "Parser"]
