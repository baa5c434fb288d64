"""Checks that need more than one value: names that must exist, values that must fit each other; no effects."""

import ipaddress
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.config import secrets, telling
from monitor.config.yaml import Located, Path_
from monitor.errors import Problem
from monitor.fetch.guard import Allow
from monitor.settings import Channel, Settings, SourceEntry, Web

_CHANNEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_LISTEN = re.compile(r"(\[[0-9a-fA-F:]+\]|[^:\s]+):(\d{1,5})")
_SERVICE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://.*", re.DOTALL)

_LOCAL = re.compile(r"http://([^/@]*@)?(localhost|127\.[0-9.]+|\[::1\])(:\d+)?(/|$)")
_FOR_PEOPLE = frozenset({"format", "template", "title_template", "digest_above"})  # keys that a webhook has no use for

_EXCEPTIONS = "write for example wiki.example.org, 10.1.0.0/16 or 127.0.0.1:8080"
Check = Callable[[Settings, Located], Iterator[Problem]]
# `located` is what the settings were filled from.


def _polling(settings: Settings, located: Located) -> Iterator[Problem]:
    polling = settings.polling
    if polling.min_interval > polling.max_interval:
        yield located.problem(("polling", "min_interval"), "min_interval is longer than max_interval", "swap them")


def _timezone(settings: Settings, located: Located) -> Iterator[Problem]:
    try:
        ZoneInfo(settings.timezone)
    except (ValueError, OSError, LookupError):
        message = f"there is no time zone {settings.timezone!r}"
        yield located.problem(("timezone",), message, "write for example UTC or Europe/Warsaw")


def _network(settings: Settings, located: Located) -> Iterator[Problem]:
    for index, item in enumerate(settings.network.allow):
        try:
            Allow.parse([item])
        except ValueError as error:
            host = urlsplit(item).netloc.rpartition("@")[2] if "://" in item else ""
            yield located.problem(("network", "allow", index), str(error), f"write {host}" if host else _EXCEPTIONS)
    for index, port in enumerate(settings.network.ports):
        if not 0 < port < 65536:
            yield located.problem(("network", "ports", index), f"{port} is no port", "write a number from 1 to 65535")
    if settings.network.proxy and not settings.network.proxy.startswith(("http://", "https://", "${")):
        yield located.problem(("network", "proxy"), "network.proxy is no http(s) address", "write http://host:port")


def _metrics(settings: Settings, located: Located) -> Iterator[Problem]:
    listen = settings.metrics.listen
    found = _LISTEN.fullmatch(listen)
    if listen and (found is None or int(found[2]) > 65535):
        yield located.problem(("metrics", "listen"), f"{listen!r} is no address and port", "write 127.0.0.1:9464")


def _web(settings: Settings, located: Located) -> Iterator[Problem]:
    listen, secret = settings.web.listen, settings.web.secret
    found = _LISTEN.fullmatch(listen)
    if found is None or int(found[2]) > 65535:
        yield located.problem(("web", "listen"), f"{listen!r} is no address and port", "write 127.0.0.1:8787")
    if secret and not secrets.references(secret):
        hint = "write ${credential:web} or ${WEB_SECRET} in its place"
        yield located.problem(("web", "secret"), "web.secret holds a secret in clear", hint, warning=True)
    yield from _web_logins(settings.web, located)


def _web_logins(web: Web, located: Located) -> Iterator[Problem]:
    for name, token in web.tokens.items():
        if not secrets.references(token.token):
            hint = f"write ${{credential:{name}}} in its place"
            message = f"the token {name!r} stands in clear"
            yield located.problem(("web", "tokens", name, "token"), message, hint, warning=True)
    for text in web.proxy_from:
        try:
            ipaddress.ip_network(text)
        except ValueError:
            hint = "write for example 127.0.0.1 or 10.1.0.0/16"
            yield located.problem(("web", "proxy_from"), f"{text!r} is no address or network", hint)
    if bool(web.proxy_header) != bool(web.proxy_from):
        hint = "the one says in which header a proxy names who is there, the other which proxies are believed"
        yield located.problem(("web",), "web.proxy_header and web.proxy_from go together", hint)


def _channels(settings: Settings, located: Located) -> Iterator[Problem]:
    for name, channel in settings.channels.items():
        path: Path_ = ("channels", name)
        if not _CHANNEL.fullmatch(name):
            yield located.problem(path, f"{name!r} is no name of a channel", "use letters, digits, - and _", key=True)
        if channel.secret:
            yield from _webhook(name, channel, located)
        elif not _SERVICE.fullmatch(channel.url) and not secrets.references(channel.url):
            hint = "write for example mailtos://... or slack://..., see https://appriseit.com"
            yield located.problem((*path, "url"), f"the URL of channel {name!r} is no apprise URL", hint)
        elif secrets.in_clear(channel.url):
            hint = f"write ${{credential:{name}}} or ${{{name.upper().replace('-', '_')}}} in its place"
            message = f"the URL of channel {name!r} seems to hold a secret in clear"
            yield located.problem((*path, "url"), message, hint, warning=True)


def _webhook(name: str, channel: Channel, located: Located) -> Iterator[Problem]:
    """Say what does not fit of a channel that is a program of the user's own."""
    path: Path_ = ("channels", name)
    written = channel.url.lower()
    if not written.startswith(("http://", "https://")) and not secrets.references(channel.url):
        hint = "write for example https://hooks.example.org/monitor; an apprise URL has no `secret`"
        yield located.problem((*path, "url"), f"channel {name!r} has a secret, and its URL is no http(s) address", hint)
    elif secrets.in_clear(channel.url, is_open=True):
        hint = f"write ${{credential:{name}}} in its place"
        message = f"the URL of channel {name!r} seems to hold a secret in clear"
        yield located.problem((*path, "url"), message, hint, warning=True)
    elif written.startswith("http://") and not _LOCAL.match(written):
        message = f"what channel {name!r} is told can be read on its way: it is signed, not encrypted"
        yield located.problem((*path, "url"), message, "write https://", warning=True)
    for number, secret in enumerate(channel.secret):
        if not secrets.references(secret):
            hint = f"write ${{credential:{name}}} in its place"
            message = f"a secret of channel {name!r} stands in clear"
            yield located.problem((*path, "secret", number), message, hint, warning=True)
    for key in sorted(channel.model_fields_set & _FOR_PEOPLE):
        hint = "a program is told everything as JSON, each thing by itself"
        yield located.problem((*path, key), f"{key} says nothing in channel {name!r}, a webhook", hint, warning=True)


_CHECKS: tuple[Check, ...] = (_polling, _timezone, _network, _metrics, _web, _channels)


def settings_problems(settings: Settings, located: Located, *, channels: Collection[str]) -> Iterator[Problem]:
    """Say what does not fit within `monitor.yaml`; `channels` are the names in the file, also of broken ones."""
    for check in _CHECKS:
        yield from check(settings, located)
    yield from telling.problems(settings, located, channels=channels)


def template_problems(settings: Settings, located: Located, folder: Path) -> Iterator[Problem]:
    """Say which templates are missing or cannot be used."""
    for name, channel in settings.channels.items():
        texts = {"template": _template(folder, channel), "title_template": channel.title_template}
        for key, text in texts.items():
            wrong = ("there is no such file", "write its path relative to monitor.yaml") if text is None else None
            if text and (reason := _wrong_template(text, channel)):
                wrong = (reason, "see docs/alerts.md for what a template may use")
            if wrong:
                yield located.problem(("channels", name, key), f"{key} of channel {name!r}: {wrong[0]}", wrong[1])


def _template(folder: Path, channel: Channel) -> str | None:
    """Return the text of a channel's template, "" where it has none, None where that cannot be read."""
    try:
        return (folder / channel.template).read_text(encoding="utf-8") if channel.template else ""
    except (OSError, UnicodeDecodeError):
        return None


def _wrong_template(text: str, channel: Channel) -> str:
    from monitor.alert.render import check_template  # few users write templates; the others need not wait for Jinja2

    return check_template(text, "text" if channel.format == "auto" else channel.format)


def channel_secrets(settings: Settings) -> dict[Path_, str]:
    """Return the texts of `monitor.yaml` that may refer to secrets, by where they stand."""
    texts: dict[Path_, str] = {}
    for name, channel in settings.channels.items():
        if channel.enabled:
            texts["channels", name, "url"] = channel.url
            texts |= {("channels", name, "secret", number): one for number, one in enumerate(channel.secret)}
    tokens: dict[Path_, str] = {
        ("web", "tokens", name, "token"): one.token for name, one in settings.web.tokens.items()
    }
    return {**texts, ("network", "proxy"): settings.network.proxy, ("web", "secret"): settings.web.secret, **tokens}


def source_secrets(entries: Iterable[SourceEntry]) -> dict[Path_, str]:
    """Return the texts of `sources.yaml` that may refer to secrets, by where they stand."""
    texts: dict[Path_, str] = {}
    for index, entry in enumerate(entries):
        if entry.enabled:
            texts["sources", index, "proxy"] = entry.proxy
            texts |= {("sources", index, "headers", name): value for name, value in entry.headers.items()}
    return texts


def secret_problems(texts: Mapping[Path_, str], located: Located, *, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Say which secrets cannot be looked up here; outside of the service a missing credential is a warning only."""
    outside = not environ.get("CREDENTIALS_DIRECTORY")
    for path, text in texts.items():
        for missing in secrets.missing_in(text, environ=environ):
            is_warning = outside and missing.message.startswith("there is no credential")
            yield located.problem(path, missing.message, missing.hint, warning=is_warning)
