"""The identity of an item: what stays the same when it is edited or listed again."""

import base64
import hashlib
import re

# What programs write where they have no id: it would make one item of all.
_NO_GUID = frozenset(
    ("", "0", "-1", "none", "null", "nil", "undefined", "false", "true", "guid", "id", "n/a", "-", "#")
)
_LONGEST = 1000  # characters; a longer guid is kept as its hash
# A counter that runs on does not make another text.
_RELATIVE_TIME = re.compile(
    r"\b\d+\s*(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?)\s+ago\b|\b(?:just now|updated|comments?:?)\s+\d+\b|"
    r"\b\d+\s+(?:секунд|минут|час|дн|день|хвилин|годин)\w*\s+(?:назад|тому)\b|"
    r"\b\d+\s+(?:sekund|minut|godzin|dni)\w*\s+temu\b|\bvor\s+\d+\s+(?:Sekunden|Minuten?|Stunden?|Tagen?)\b",
    re.IGNORECASE,
)
_COUNTING = (" ago", "comment", "updated", "just now", "назад", "тому", "temu", "vor ")


def identity(guid: str, link: str, content: str) -> str:
    """Return the key of an item in its source: guid, else canonical link, else content hash."""
    key = " ".join(guid.split())
    if key.casefold() in _NO_GUID:
        return link or f"sha256:{content}"
    return key if len(key) <= _LONGEST else f"sha256:{_hex(key)}"


def article_id(source_id: str, key: str) -> str:
    """Return the public id of an article: "a" and 12 letters of base32, the same on every machine."""
    digest = hashlib.sha256(f"{source_id}\0{key}".encode(errors="surrogatepass")).digest()
    return "a" + base64.b32encode(digest[:10])[:12].decode().lower()


def content_hash(*texts: str) -> str:
    """Return the hash of texts as 32 hex digits; white space and how long ago something was do not count."""
    folded = "\0".join(texts).casefold()
    if any([word in folded for word in _COUNTING]):
        texts = tuple(_RELATIVE_TIME.sub("", text) for text in texts)
    return _hex("\0".join(["".join(text.split()) for text in texts]))


def _hex(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
