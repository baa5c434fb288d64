"""HTML: one file that can be read anywhere, with the SHA-256 of each text; it loads nothing."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from monitor.web.pages import line, web

_TEMPLATES = Path(__file__).parent.parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.filters |= {"line": line, "web": web, "clock": _clock}
    return environment


def _clock(stamp: str | None) -> str:
    return f"{stamp[:10]} {stamp[11:19]} UTC" if stamp else "?"


def render(facts: dict[str, Any]) -> str:
    """Fill in the template."""
    return _environment().get_template("export.html").render(story=facts) + "\n"
