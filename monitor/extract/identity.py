"""The identity of an item: what stays the same when it is edited or listed again."""

import base64
import hashlib


def identity(guid: str, link: str, content: str) -> str:
    """Return the key of an item in its source: guid, else canonical link, else content hash."""
    return " ".join(guid.split()) or link or f"sha256:{content}"


def article_id(source_id: str, key: str) -> str:
    """Return the public id of an article: "a" and 12 letters of base32."""
    digest = hashlib.sha256(f"{source_id}\0{key}".encode(errors="surrogatepass")).digest()
    return "a" + base64.b32encode(digest)[:12].decode().lower()


def content_hash(*texts: str) -> str:
    """Return the hash of texts, whatever their white space, as 32 hex digits."""
    folded = "\0".join(" ".join(text.casefold().split()) for text in texts)
    return hashlib.sha256(folded.encode(errors="surrogatepass")).hexdigest()[:32]
