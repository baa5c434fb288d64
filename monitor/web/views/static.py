"""`/static/...`: our own few files, under names that change with what is in them, so browsers may keep them."""

from functools import cache
from pathlib import Path

from starlette.responses import Response

from monitor.web.ask import Ask
from monitor.web.refusal import not_found
from monitor.web.site import FILES, content

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}


def static(ask: Ask) -> Response:
    """Answer with a file of `static/`."""
    path = FILES.get(ask.path["file"])
    if path is None or path.suffix not in TYPES:
        raise not_found("such file")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(_bytes(path), media_type=TYPES[path.suffix], headers=headers)


@cache
def _bytes(path: Path) -> bytes:
    return content(path)
