"""EDGE: the key that signs links: the configured secret, or one that is made once and kept in the database."""

import hashlib
import logging
from collections.abc import Mapping

from monitor.alert.acknowledging import ack_url
from monitor.config.secrets import resolve
from monitor.errors import ConfigError, Problem
from monitor.settings import Web
from monitor.store import Store

log = logging.getLogger("monitor.signing")
SHORTEST = 16  # characters of a configured secret
_KEY = "signing_key"  # key of table meta


def signing_key(web: Web, store: Store, *, environ: Mapping[str, str]) -> bytes:
    """Return the key; ConfigError where the configured secret is missing or short.

    Without one the database has to be writable the first time.
    """
    if not web.secret:
        return bytes.fromhex(store.meta.secret(_KEY))
    secret = resolve(web.secret, environ=environ)
    if len(secret) < SHORTEST:
        hint = f"write {SHORTEST} characters or more that nobody can guess, such as those of `openssl rand -hex 32`"
        raise ConfigError([Problem("monitor.yaml", 0, 0, "the secret that web.secret names is too short", hint)])
    return hashlib.sha256(secret.encode()).digest()


class Links:
    """Makes the links of messages; without an address, or without its secret, there are none, and the log says why."""

    def __init__(self, web: Web, store: Store, *, environ: Mapping[str, str]) -> None:
        """Take what is needed; the key is looked up when the first link is made, by the thread that has the store."""
        self._web = web
        self._store = store
        self._environ = environ
        self._key: bytes | None = None

    def acknowledge(self, story_id: str, channel: str, at: float) -> str:
        """Return the link by which a message of the time `at` is acknowledged, or ""."""
        if not self._web.url:
            return ""
        if self._key is None:
            try:
                self._key = signing_key(self._web, self._store, environ=self._environ)
            except ConfigError as error:
                log.warning("messages have no link that acknowledges: %s", error)
                self._key = b""
        return ack_url(self._web.url, story_id, channel, key=self._key, at=at) if self._key else ""
