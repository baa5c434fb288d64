"""The public ids of stories."""

import base64
import hashlib


def story_id(article_id: str) -> str:
    """Return the public id of the story that an article opens: "s" and 12 letters of base32."""
    digest = hashlib.sha256(f"story\0{article_id}".encode()).digest()
    return "s" + base64.b32encode(digest)[:12].decode().lower()
