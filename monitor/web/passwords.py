"""EDGE: argon2id hashes of passwords; the one door of argon2."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 10  # characters
LONGEST = 1000
# What OWASP recommends: 46 MiB, one pass.
_hasher = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)
_one_at_a_time = threading.Lock()  # many logins at once must not take all memory


def hashed(password: str) -> str:
    """Return an argon2id hash with its salt and costs."""
    with _one_at_a_time:
        return _hasher.hash(password)


@cache
def _of_nobody() -> str:
    """Return the hash that is checked for a name that does not exist: the answer must take as long."""
    return _hasher.hash("nobody has this password")


def is_right(password: str, known: str | None) -> bool:
    """Check a password; `known` is the hash, or None where there is no such account."""
    try:
        with _one_at_a_time:
            return _hasher.verify(known or _of_nobody(), password) and known is not None
    except (Argon2Error, InvalidHashError):
        return False
