"""Makes untrusted text harmless: control and direction characters, line breaks, mentions, links."""

import re
import unicodedata
from urllib.parse import quote, urlsplit

ELLIPSIS = "…"
LONGEST_LINK = 2000  # characters; longer ones are no use in a message
_SAFE = "/:%+,;=~$-._"  # stays as it is in a link; @ does not, since "/@channel" would wake a room
# Characters that turn the direction of what follows, hide, or end a line where nobody expects it.
_FORBIDDEN = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPACE = re.compile(r"[\s\u2028\u2029\u0085]+")
# Slack, Matrix, Discord and Mattermost wake a whole room for these; a non-joiner (it has no width) stops that.
_CALL = re.compile(r"@(?=(?:everyone|here|channel|all|room)\b)|<(?=[!@#])", re.IGNORECASE)


def clean(text: str) -> str:
    """Return text without control and direction characters; line breaks stay."""
    return _FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """Return text as a single line without control and direction characters."""
    return _SPACE.sub(" ", clean(_SPACE.sub(" ", text))).strip()


def without_calls(text: str) -> str:
    """Return text that wakes nobody: @channel, <!here> and their like are broken by a mark without width."""
    return _CALL.sub(lambda found: found[0] + "\u200c", text)


def cut(text: str, limit: int) -> str:
    """Return text of at most `limit` characters, cut between words where there is one near, and marked."""
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    short = text[: limit - 1]
    space = short.rfind(" ")
    return _whole(short[:space] if space > limit * 2 // 3 else short) + ELLIPSIS


def _whole(text: str) -> str:
    """Leave out a last character that lost the mark which follows it."""
    while text and unicodedata.category(text[-1]) in {"Cf", "Zs"}:
        text = text[:-1]
    return text


def web_link(url: str) -> str:
    """Return an http(s) link that is safe in every format, or "" for anything else."""
    try:
        parts = urlsplit(one_line(url))
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:  # a broken host or port
        return ""
    if parts.scheme not in {"http", "https"} or not host or len(url) > LONGEST_LINK:
        return ""
    place = f"[{host}]" if ":" in host else host
    rest = quote(parts.path or "/", safe=_SAFE)
    rest += f"?{quote(parts.query, safe=_SAFE + '?&')}" if parts.query else ""
    rest += f"#{quote(parts.fragment, safe=_SAFE + '?&')}" if parts.fragment else ""
    return f"{parts.scheme}://{place}{f':{port}' if port else ''}{rest}"
