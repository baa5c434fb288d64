"""EDGE: secrets are named in the configuration, looked up late, and never shown.

`${NAME}` is the environment variable NAME; `${credential:name}` the file of that name in `$CREDENTIALS_DIRECTORY`,
where systemd puts what `LoadCredential=` names; `$${` is a plain `${`.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from monitor.errors import ConfigError, Problem

HIDDEN = "***"
_LONGEST = 64 * 1024  # bytes of a credential
_REFERENCE = re.compile(r"\$\$\{|\$\{(?:(?P<credential>credential):)?(?P<name>[^{}$]*)(?P<end>\}?)")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CREDENTIAL = re.compile(r"(?!\.+$)[A-Za-z0-9_.-]+")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s\"'<>]+")
_SECRET_KEY = re.compile(r"pass|pwd|secret|token|key|auth|sig|credential|session", re.IGNORECASE)
# Apprise services whose host and path are addresses, not secrets: only user, password and query are.
_OPEN_SERVICES = frozenset(
    {"mailto", "mailtos", "json", "jsons", "xml", "xmls", "form", "forms", "matrix", "matrixs"}
    | {"xmpp", "xmpps", "mqtt", "mqtts", "syslog", "rsyslog", "dbus", "gnome"}
)
_FORMS = "write ${NAME} or ${credential:name}; $${ is a plain ${"


# --- looking up ------------------------------------------------------------------------------------------------------


def references(text: str) -> tuple[str, ...]:
    """Return what a text refers to, as it stands there: `${NAME}`, `${credential:name}`."""
    return tuple(found[0] for found in _REFERENCE.finditer(text) if found[0] != "$${")


def resolve(text: str, *, environ: Mapping[str, str]) -> str:
    """Put the secrets into a text; ConfigError names what is missing, and never says a value.

    Between `://` and `@`, and behind `?`, a secret is percent-encoded: a password may hold any character.
    """
    if "$" not in text:
        return text
    missing = tuple(missing_in(text, environ=environ))
    if missing:
        raise ConfigError(missing)
    return _REFERENCE.sub(lambda found: _value(found, text, environ), text)


def missing_in(text: str, *, environ: Mapping[str, str], file: str = "configuration") -> tuple[Problem, ...]:
    """Say of each reference in a text that cannot be looked up what it needs."""
    problems = []
    for found in _REFERENCE.finditer(text):
        if found[0] != "$${" and (wrong := _what_is_wrong(found, environ)):
            problems.append(Problem(file, 0, 0, *wrong))
    return tuple(problems)


def values_in(text: str, *, environ: Mapping[str, str]) -> frozenset[str]:
    """Return the secrets that a text refers to and that can be looked up, so that a log can hide them."""
    found = (one for one in _REFERENCE.finditer(text) if one[0] != "$${" and not _what_is_wrong(one, environ))
    return frozenset(_plain_value(one, environ) for one in found)


def _value(found: re.Match[str], text: str, environ: Mapping[str, str]) -> str:
    if found[0] == "$${":
        return "${"
    value = _plain_value(found, environ)
    return quote(value, safe="") if _needs_encoding(text, found.start(), found.end()) else value


def _plain_value(found: re.Match[str], environ: Mapping[str, str]) -> str:
    return _credential(found["name"], environ) if found["credential"] else environ[found["name"]]


def _needs_encoding(text: str, start: int, end: int) -> bool:
    scheme = text.find("://")
    if scheme < 0 or start <= scheme:
        return False
    rest = re.split(r"[/?#]", _REFERENCE.sub("", text[end:]), maxsplit=1)[0]
    in_user_part = "@" in rest and "/" not in _REFERENCE.sub("", text[scheme + 3 : start])
    return in_user_part or "?" in _REFERENCE.sub("", text[:start])


def _what_is_wrong(found: re.Match[str], environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Return what is wrong with one reference and what to do, or None."""
    name, shown = found["name"], found[0]
    if not found["end"]:
        return f"{shown!r} is not closed", _FORMS
    if found["credential"]:
        return _wrong_credential(name, environ)
    if not _VARIABLE.fullmatch(name):
        return f"{shown} names no environment variable", _FORMS
    if name not in environ:
        advice = f"set {name}, or keep it in a file and write ${{credential:...}}"
        return f"{shown} is not set in the environment", advice
    return None


def _wrong_credential(name: str, environ: Mapping[str, str]) -> tuple[str, str] | None:
    if not _CREDENTIAL.fullmatch(name):
        return f"{name!r} is no name of a credential", "use letters, digits, '-', '_' and '.'"
    advice = f"add LoadCredential={name}:/path/to/file to the unit"
    if not environ.get("CREDENTIALS_DIRECTORY"):
        advice += f", or set CREDENTIALS_DIRECTORY to a folder with a file {name}"
        return f"there is no credential {name!r}: CREDENTIALS_DIRECTORY is not set", advice
    try:
        _credential(name, environ)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        return f"the credential {name!r} cannot be read: {reason}", advice
    return None


def _credential(name: str, environ: Mapping[str, str]) -> str:
    with _file_of(name, Path(environ["CREDENTIALS_DIRECTORY"])).open("rb") as stream:
        raw = stream.read(_LONGEST + 1)
    if len(raw) > _LONGEST:
        raise ValueError(f"it is larger than {_LONGEST // 1024} kB")
    try:
        return raw.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None


def _file_of(name: str, folder: Path) -> Path:
    """Return its file; systemd calls it `secrets_NAME` where `LoadCredential=secrets:DIR` hands over a whole folder."""
    whole = folder / f"secrets_{name}"
    return whole if whole.exists() and not (folder / name).exists() else folder / name


# --- hiding ----------------------------------------------------------------------------------------------------------


def redact(text: str) -> str:
    """Hide what may be secret in every service URL of a text; references such as `${NAME}` stay readable."""
    return _URL.sub(lambda found: _redacted(found[0], hide_path=True), text)


def redact_web(text: str) -> str:
    """Hide passwords and keys in the web addresses of a text; hosts and paths stay."""
    return _URL.sub(lambda found: _redacted(found[0], hide_path=False), text)


def redact_secret(text: str) -> str:
    """Hide a secret; where it is nothing but references such as `${NAME}` they stay."""
    return text if _is_reference(text) else HIDDEN


def in_clear(url: str, *, is_open: bool = False) -> bool:
    """Whether a channel's URL seems to hold a secret in clear; of one that `is_open` the path is none."""
    scheme, user, host, path, query = _split(url)
    suspects = [user.partition(":")[2], *(value for key, value in query if _SECRET_KEY.search(key))]
    if scheme not in _OPEN_SERVICES and not is_open:
        suspects.append(path.strip("/") if scheme in {"http", "https"} else host + path)
    return any(one and not references(one) for one in suspects)


def _split(url: str) -> tuple[str, str, str, str, list[tuple[str, str]]]:
    """Cut a URL up by hand: an apprise URL need not be one that `urllib` accepts."""
    scheme, _, rest = url.partition("://")
    rest, _, raw_query = rest.partition("?")
    authority, slash, path = rest.partition("/")
    user, _, host = authority.rpartition("@")
    query = [(key, value) for key, _, value in (pair.partition("=") for pair in raw_query.split("&") if pair)]
    return scheme.lower(), user, host, slash + path, query


def _redacted(url: str, *, hide_path: bool) -> str:
    scheme, user, host, path, query = _split(url)
    parts = [f"{scheme}://", "".join(f"{_hide(part)}@" for part in [user] if part)]
    is_open = scheme in _OPEN_SERVICES or not hide_path or scheme in {"http", "https"}
    parts.append(host if is_open else _hide(host))
    parts.append(path if not hide_path or path in {"", "/"} else f"/{_hide(path[1:])}")
    shown = [f"{key}={_hide(value) if hide_path or _SECRET_KEY.search(key) else value}" for key, value in query]
    return "".join(parts) + ("?" + "&".join(shown) if shown else "")


def _hide(text: str) -> str:
    """Replace everything but references by stars; `:` and `/` keep the shape readable."""
    return ":".join(part if part and _is_reference(part) else HIDDEN if part else "" for part in _pieces(text))


def _pieces(text: str) -> list[str]:
    """Cut at colons, but not inside of `${credential:name}`."""
    return re.split(r":(?![^{}]*\})", text)


def _is_reference(text: str) -> bool:
    return bool(re.fullmatch(r"(\$\{[^{}]*\}[/:]?)+", text))
