"""EDGE: the key that signs links: the configured secret, or one that is made once and kept in the database."""

import hashlib
from collections.abc import Mapping

from monitor.config.secrets import resolve
from monitor.errors import ConfigError, Problem
from monitor.settings import Web
from monitor.store import Store

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
