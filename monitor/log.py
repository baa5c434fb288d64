"""EDGE: sets up logging: one line a record, one set of keys, and no secrets in it.

Use it as everywhere: `log.info("moved for good", extra={"source": source.id})`. The keys are in `KEYS`; whatever else
stands in `extra` is not shown. Three formats (`auto` and `text` choose between the first two):

`plain`   for a terminal: `12:30:01 warning  moved for good  source=kestrel`
`keys`    for journald and files: `level=warning logger=monitor.fetch msg="moved for good" source=kestrel`;
          with journald's priority in front (`<4>`) where $JOURNAL_STREAM says that journald listens, or as `journal`
`json`    one object a line
"""

import json
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TextIO
from urllib.parse import quote

KEYS = ("source", "state", "article", "story", "rule", "alert", "channel")
FORMATS = ("auto", "text", "plain", "keys", "journal", "json")
LEVELS = ("debug", "info", "warning", "error")
QUIET = ("apprise", "httpx", "httpcore", "asyncio", "apscheduler", "requests", "urllib3", "feedparser", "pymorphy3")
SHORTEST = 4  # characters; hiding shorter secrets would blot out half of every line
HIDDEN = "***"
_PRIORITIES = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (0, 7))
_USERINFO = re.compile(r"(?<=://)[^/\s@'\"]+(?=@)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_BARE = re.compile(r"[^\s\"=\\]+\Z")


class Redactor:
    """Hides secrets wherever they turn up in a line: as they are, or percent-encoded in a URL."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Hide these from the beginning."""
        self._secrets: tuple[str, ...] = ()
        self.hide(*secrets)

    def hide(self, *secrets: str) -> None:
        """Hide these, too, from now on; the longest goes first, so that no part of it stays."""
        forms = {form for secret in secrets for form in (secret, quote(secret, safe=""))}
        known = {form for form in forms if len(form) >= SHORTEST} | set(self._secrets)
        self._secrets = tuple(sorted(known, key=lambda form: (-len(form), form)))

    def __call__(self, text: str) -> str:
        """Return the text without secrets and without user:password in URLs."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _USERINFO.sub(HIDDEN, text)


class Formatter(logging.Formatter):
    """Makes one line of a record."""

    def __init__(self, write: Callable[[logging.LogRecord, dict[str, str]], str], redact: Redactor) -> None:
        """Take how the fields are written, and what must not be in them."""
        super().__init__()
        self._write = write
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Redact every field first, since an encoded secret would no longer be recognised."""
        fields = {"msg": record.getMessage(), **_keys_of(record)}
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return self._write(record, {key: self._redact(value) for key, value in fields.items()})


def _keys_of(record: logging.LogRecord) -> dict[str, str]:
    return {key: str(value) for key in KEYS if (value := getattr(record, key, None)) not in (None, "")}


def _plain(record: logging.LogRecord, fields: dict[str, str]) -> str:
    clock = time.strftime("%H:%M:%S", time.localtime(record.created))
    tail = "".join(f"  {key}={_value(fields[key])}" for key in KEYS if key in fields)
    trace = "\n" + fields["traceback"] if "traceback" in fields else ""
    return f"{clock} {record.levelname.lower():8} {_one_line(fields['msg'])}{tail}{_CONTROL.sub('�', trace)}"


def _keys(record: logging.LogRecord, fields: dict[str, str]) -> str:
    head = {"level": record.levelname.lower(), "logger": record.name}
    return " ".join(f"{key}={_value(value)}" for key, value in {**head, **fields}.items())


def _journal(record: logging.LogRecord, fields: dict[str, str]) -> str:
    priority = next(number for level, number in _PRIORITIES if record.levelno >= level)
    return f"<{priority}>{_keys(record, fields)}"


def _json(record: logging.LogRecord, fields: dict[str, str]) -> str:
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z"
    head = {"time": at, "level": record.levelname.lower(), "logger": record.name}
    return json.dumps({**head, **fields}, ensure_ascii=False)


def _one_line(text: str) -> str:
    """Keep what a feed says from ending the line or steering the terminal."""
    return _CONTROL.sub("�", text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\t", " "))


def _value(text: str) -> str:
    line = _one_line(text)
    return line if _BARE.match(line) else '"' + line.replace('"', "'") + '"'


WRITERS: Mapping[str, Callable[[logging.LogRecord, dict[str, str]], str]] = {
    "plain": _plain,
    "keys": _keys,
    "journal": _journal,
    "json": _json,
}


def setup(
    *,
    format: str = "auto",
    level: str = "info",
    secrets: Iterable[str] = (),
    environ: Mapping[str, str],
    stream: TextIO | None = None,
) -> Redactor:
    """Send every record to the stream (default: stderr) in that format; return what hides secrets.

    Call it once, early; calling it again replaces what it did. `hide` of the result takes secrets that are
    learnt later. Raises ValueError for a format or level that does not exist.
    """
    if format not in FORMATS or level not in LEVELS:
        raise ValueError(f"log format is one of {', '.join(FORMATS)}; level is one of {', '.join(LEVELS)}")
    out = stream or sys.stderr
    redactor = Redactor(secrets)
    handler = logging.StreamHandler(out)
    handler.setFormatter(Formatter(WRITERS[_choose(format, environ, out)], redactor))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It warns each time that a job is still running when it is due again; the daemon says so itself, once.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    return redactor


def _choose(format: str, environ: Mapping[str, str], out: TextIO) -> str:
    """Return which writer is meant: `auto` and `text` look where the stream goes."""
    journal = _goes_to_journal(environ.get("JOURNAL_STREAM", ""), out)
    if format in ("auto", "text") and not journal and out.isatty():
        return "plain"
    if format in ("auto", "text", "keys"):
        return "journal" if journal else "keys"
    return format


def _goes_to_journal(stream: str, out: TextIO) -> bool:
    """Return whether this very stream is the one that journald reads (its device and inode are in the variable)."""
    try:
        status = os.fstat(out.fileno())
    except (OSError, ValueError):
        return False
    return stream == f"{status.st_dev}:{status.st_ino}"
