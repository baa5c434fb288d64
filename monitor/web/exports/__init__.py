"""A story as one file: one file here a format, one line a format in `EXPORTS`.

Each is `def render(facts) -> str`, pure: facts are what `monitor.web.story_facts` gathers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Export:
    """One format."""

    module: str
    media_type: str
    label: str

    def function(self) -> Callable[[dict[str, Any]], str]:
        """Import and return what writes it."""
        found: Callable[[dict[str, Any]], str] = import_module(self.module).render
        return found


EXPORTS: Final[Mapping[str, Export]] = {
    "html": Export("monitor.web.exports.page", "text/html; charset=utf-8", "HTML"),
    "json": Export("monitor.web.exports.plain", "application/json", "JSON"),
    "geojson": Export("monitor.web.exports.geojson", "application/geo+json", "GeoJSON"),
    "stix.json": Export("monitor.web.exports.stix", "application/stix+json;version=2.1", "STIX 2.1"),
    "misp.json": Export("monitor.web.exports.misp", "application/json", "MISP"),
}
