"""Templates become answers; everything that is put in is escaped."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

_TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """The templates of this folder."""

    def __init__(self, *, zone: str) -> None:
        """Show times in a zone, for example "Europe/Warsaw"."""
        self._zone = ZoneInfo(zone)
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["when"] = self.when

    def when(self, at: float) -> str:
        """Say a point in time, seconds since the epoch, for a person."""
        return datetime.fromtimestamp(at, UTC).astimezone(self._zone).strftime("%d %b %Y, %H:%M %Z")

    def answer(self, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Return a page."""
        return HTMLResponse(self._environment.get_template(name).render(values), status_code=status)
