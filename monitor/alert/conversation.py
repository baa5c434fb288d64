"""Puts the messages about one story together, where a service can: as replies, in a thread, or one in place of another.

What one severity is told at stays together; a story that becomes more severe begins anew, so that it is seen. What
the URL of a channel itself says about threads is left as it is. Services are reached by attributes that apprise gives
its own URL options; nothing of apprise is changed.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.model import Severity

# A Slack message has this for an id; the answer holds it, before the message itself.
_SLACK = re.compile(r'"ts"\s*:\s*"(\d+\.\d+)"')


@dataclass(frozen=True, slots=True)
class Conversation:
    """Which messages belong together."""

    story: str  # id
    severity: Severity
    target: str
    opened: str = ""  # the service's answer to the first of them; "" = this is the first one

    @property
    def key(self) -> str:
        """The same for all of them, at any service."""
        return f"{self.story}-{self.severity.value}"

    @property
    def root(self) -> str:
        """The id of a mail that all of them answer: it was never sent, and mail clients do not mind."""
        place = hashlib.sha256(self.target.encode(errors="replace")).hexdigest()[:12]
        return f"<{self.key}.{place}@monitor.invalid>"


def carry(service: Any, scheme: str, talk: Conversation) -> None:
    """Make an apprise service put its next message into the thread, if it can."""
    for prefix, put in _BY_SCHEME.items():
        if scheme.startswith(prefix):
            put(service, talk)


def _mail(service: Any, talk: Conversation) -> None:
    """apprise writes a Message-ID of its own; so the first mail answers the same root as the others."""
    service.headers |= {"In-Reply-To": talk.root, "References": talk.root, "X-Monitor-Story": talk.story}


def _webhook(service: Any, talk: Conversation) -> None:
    service.headers["X-Monitor-Story"] = talk.story


def _slack(service: Any, talk: Conversation) -> None:
    """Answer the first message; only a bot hears its id, and only of one channel is it certain which one it is."""
    ids = _SLACK.findall(talk.opened.partition('"message"')[0])
    if len(ids) == 1 and len(service.channels) == 1 and talk.opened.count('"channel"') < 2:
        channel = service.channels[0]
        if channel and ":" not in channel and "@" not in channel[1:]:
            service.channels = [f"{channel}:{ids[0]}"]


def _attribute(name: str) -> Callable[[Any, Conversation], None]:
    """Set one of apprise's own options, unless the URL has done so."""

    def put(service: Any, talk: Conversation) -> None:
        if hasattr(service, name) and not getattr(service, name):
            setattr(service, name, talk.key)

    return put


_BY_SCHEME: Mapping[str, Callable[[Any, Conversation], None]] = {
    "mailto": _mail,
    "json": _webhook,
    "xml": _webhook,
    "form": _webhook,
    "slack": _slack,
    "gchat": _attribute("thread_key"),  # a reply in the thread of this key
    "bark": _attribute("notification_id"),  # takes the place of the notification with this id
    "hassio": _attribute("nid"),  # the same
    "notifyapp": _attribute("thread"),  # stands in one group on the device
    "pagerduty": _attribute("dedup"),  # is added to the open incident
}
