"""JSON: everything that is known, with the SHA-256 of each text and the time when the file was made."""

import json
from typing import Any


def render(facts: dict[str, Any]) -> str:
    """Write the facts as they are."""
    return json.dumps({"format": "monitor story", "version": 1, **facts}, ensure_ascii=False, indent=2) + "\n"
