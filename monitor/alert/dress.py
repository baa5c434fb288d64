"""Dresses the HTML of a mail: one typeface, a measure that is read well, room between paragraphs; no colours.

Templates write bare tags, which a chat shows as they are. In a mail the program's own sheet would decide how they look,
and there is none that all agree on: so each bare tag is given its style here. A reader's light or dark ground stays.
"""

import re
from typing import Final

FONT: Final = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif"
STYLES: Final = {
    "p": "margin:0 0 12px",
    "strong": "font-size:18px;line-height:1.35",
    "blockquote": "margin:0 0 12px;padding:2px 0 2px 12px;border-left:3px solid #8a93a3",
    "ul": "margin:0 0 12px;padding-left:20px",
    "li": "margin:0 0 6px",
    "h3": "margin:24px 0 8px;font-size:16px",
    "code": "font-size:13px",
}
_BARE: Final = re.compile(f"<({'|'.join(STYLES)})>")


def dressed(body: str) -> str:
    """Return the HTML of a message with styles at its bare tags, within one element that sets the type."""
    styled = _BARE.sub(lambda found: f'<{found[1]} style="{STYLES[found[1]]}">', body)
    return f'<div style="max-width:640px;font:15px/1.5 {FONT};overflow-wrap:anywhere">\n{styled}\n</div>'
