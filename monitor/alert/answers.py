"""EDGE: listens to what services answer in this thread, and takes the secrets out.

apprise tells only whether a sending worked. What the service itself said (its HTTP status, its words, how long to
wait; a mail server's replies) is heard where it arrives: in `requests` and in `smtplib`, which apprise sends by.
"""

import contextlib
import importlib
import logging
import re
import smtplib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import wraps
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

from monitor.alert.clean import cut, one_line

ANSWER = 400  # characters of an answer that are kept
HIDDEN = "***"
SHORTEST = 4  # letters of a secret; to hide a shorter one would make the answers unreadable
# Options of apprise URLs that hold no secrets.
PUBLIC = frozenset({"to", "cc", "bcc", "from", "name", "reply", "smtp", "mode", "method", "format", "priority", "tags"})
PUBLIC |= {"overflow", "verify", "redirect", "rto", "cto", "retry", "wait", "optional", "tz", "emojis", "store"}
PUBLIC |= {"image", "footer", "blocks", "e2ee", "version", "msgtype", "discovery", "hsreq", "preview", "silent"}
_WAIT = re.compile(r'"retry_after(_ms)?"\s*:\s*"?(\d+(?:\.\d+)?)')  # Telegram, Discord; Matrix in milliseconds
_GOODBYE = {220, 221}  # a mail server's greeting and goodbye are not its answer
_HERE = threading.local()  # `.heard` is set while this thread sends
_INSTALLING = threading.Lock()


@dataclass(slots=True)
class Heard:
    """What a service answered, oldest first."""

    status: int | None = None  # the last HTTP status
    retry_after: float | None = None  # seconds
    answers: list[str] = field(default_factory=list)
    mail: list[tuple[int, str]] = field(default_factory=list)  # a mail server's replies
    logged: list[tuple[int, str]] = field(default_factory=list)  # what apprise logged: (level, text)


@contextlib.contextmanager
def listening() -> Iterator[Heard]:
    """Hear what is answered in this thread while the block runs."""
    _HERE.heard = Heard()
    try:
        yield _HERE.heard
    finally:
        _HERE.heard = None


def _heard() -> Heard | None:
    return getattr(_HERE, "heard", None)


# --- where answers arrive --------------------------------------------------------------------------------------------


def install() -> None:
    """Begin to listen, once a process. Nothing is sent by `requests` from here: it is apprise's own client."""
    with _INSTALLING:
        session = importlib.import_module("requests").Session
        if not hasattr(session.send, "__wrapped__"):
            session.send = _listen_to_http(session.send)
            smtplib.SMTP.getreply = _listen_to_mail(smtplib.SMTP.getreply)  # type: ignore[method-assign]
            _quieten()


def _listen_to_http(send: Any) -> Any:
    @wraps(send)
    def listen(*args: Any, **options: Any) -> Any:
        heard = _heard()
        try:
            response = send(*args, **options)
        except OSError as error:
            if heard:
                heard.answers.append(_root(error))
            raise
        if heard:
            heard.status = response.status_code
            text = "" if options.get("stream") else response.content[: 4 * ANSWER].decode(errors="replace")
            heard.answers.append(f"{response.status_code} {response.reason or ''}: {text}".strip(" :"))
            heard.retry_after = asked_wait(response.headers.get("Retry-After", ""), text, now=time.time())
        return response

    return listen


def _listen_to_mail(getreply: Any) -> Any:
    @wraps(getreply)
    def listen(*args: Any, **options: Any) -> Any:
        code, words = getreply(*args, **options)
        if (heard := _heard()) and code not in _GOODBYE:
            heard.mail.append((code, words.decode(errors="replace")))
        return code, words

    return listen


class _Ear(logging.Handler):
    """Keeps what apprise logs in a thread that listens; its lines hold URLs and go nowhere else."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record that says how a sending went."""
        heard = _heard()
        text = record.getMessage()
        if heard and (record.levelno >= logging.INFO or text.startswith("Socket Exception")):
            heard.logged.append((record.levelno, text))


def _quieten() -> None:
    """Keep apprise's and its HTTP client's own log lines, which hold URLs with secrets, out of every log."""
    logger = logging.getLogger("apprise")
    logger.setLevel(logging.DEBUG)
    logger.addHandler(_Ear())
    logger.propagate = False
    logging.getLogger("urllib3").propagate = False
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)


def _root(error: BaseException) -> str:
    """Return the words of the error at the bottom: what wraps it repeats the URL."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return one_line(str(error)) or type(error).__name__


def asked_wait(header: str, body: str, *, now: float) -> float | None:
    """Return for how many seconds a service asks to be left alone: Retry-After in either form, or its own field."""
    if header.strip().isdigit():
        return float(header)
    with contextlib.suppress(ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    if found := _WAIT.search(body):
        return float(found[2]) / (1000 if found[1] else 1)
    return None


# --- secrets ---------------------------------------------------------------------------------------------------------


def secrets_of(url: str) -> tuple[str, ...]:
    """Return what must not be shown of an apprise URL, the longest first.

    apprise's own masked form shows paths, queries and headers of webhooks, where tokens stand. So everything is
    secret but the host, the recipients and the options in PUBLIC.
    """
    place, _, query = url.partition("://")[2].partition("?")
    netloc, *path = place.split("/")
    login, _, host = netloc.rpartition("@")
    pieces = [*login.split(":"), *(piece for piece in path if not _names_recipient(unquote(piece)))]
    if not ("." in host or "localhost" in host or "[" in host):  # no host, but the first token
        pieces += host.split(":")
    for name, _, value in (pair.partition("=") for pair in query.split("&")):
        if unquote(name).lower() not in PUBLIC:
            pieces.append(value)
    found = {form for piece in pieces for form in (piece, unquote(piece), unquote_plus(piece), quote(unquote(piece)))}
    return tuple(sorted((one for one in found if len(one) >= SHORTEST), key=len, reverse=True))


def _names_recipient(piece: str) -> bool:
    return piece.startswith(("#", "!", "@", "+")) or "@" in piece


def redact(text: str, secrets: tuple[str, ...]) -> str:
    """Return one line of text without the secrets, no longer than an answer may be."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return cut(one_line(text), ANSWER)
