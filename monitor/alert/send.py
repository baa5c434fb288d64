"""EDGE: hands one message to one target; the only door to apprise, which is imported for the first message.

Programs of the user's own are told by a door of theirs, `webhook.py`.

apprise knows how more than 100 services are spoken to. What it does not do is done here: each target has a thread of
its own, so that a service that hangs holds up nobody else; what the service itself answered is kept, without secrets;
each recipient is sent to alone; and the delivery's key travels along, so that a receiver can tell a repeat.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from monitor.alert import targets, webhook
from monitor.alert.answers import Heard, install, listening, redact, secrets_of
from monitor.alert.conversation import Conversation, carry
from monitor.alert.lanes import Lanes
from monitor.alert.shape import Format, Message, Shape, Together
from monitor.errors import MonitorError, SendError
from monitor.model import Severity
from monitor.settings import Channel

R = TypeVar("R")
CONNECT = 10.0  # seconds; with apprise's own 4 s every slow answer is an ambiguous failure, and a repeat
READ = 30.0
TIMEOUT = 60.0  # seconds, after which nobody waits for a sending any more
# What a service shows best, where that is not the first format that apprise lists for it.
BEST: dict[str, Format] = {"matrix": "html", "matrixs": "html"}
# Where apprise's services keep their recipients; lists of one line are alternatives to those of the next.
RECIPIENTS = (("targets",), ("channels",), ("rooms", "users"), ("topics",), ("phone",))
# The service refuses this very message, and would tomorrow; 401, 403 or 404 end when somebody mends the channel.
REFUSED = frozenset({400, 405, 406, 411, 413, 414, 415, 422})
# Services that tell by the title which messages belong together; in mail to all but the oldest programs headers do too.
TOGETHER: dict[str, Together] = {"mailto": "reply", "mailtos": "reply", "zulip": "topic"}
# Services that make mail of a message.
MAIL = frozenset(
    {"mailto", "mailtos", "mailgun", "sendgrid", "ses", "smtp2go", "sparkpost", "resend", "brevo", "postmark", "azure"}
)
# apprise's colour for a severity.
KINDS = {"info": "info", "low": "info", "medium": "warning", "high": "failure", "critical": "failure"}


class Sender:
    """Sends messages to targets: one at a time to each, and none waits for another's."""

    def __init__(
        self, channels: Mapping[str, Channel], secrets: Callable[[str], str], *, timeout: float = TIMEOUT
    ) -> None:
        """Take the channels by name; `secrets` puts secrets into a URL late, and may raise MonitorError."""
        self.targets = targets.expand(channels)
        self._secrets = secrets
        self._lanes = Lanes(timeout=timeout)
        self._late: dict[tuple[str, str], str] = {}  # answers that came when nobody waited for them any more
        self._reached: dict[str, dict[str, str]] = {}  # answers by recipient, of messages that others have not got
        self._shapes: dict[str, Shape] = {}

    def hanging(self) -> dict[str, float]:
        """Return the targets that a sending is under way to, each with the seconds for which it has been."""
        return self._lanes.hanging()

    async def shape(self, target: str) -> Shape:
        """Return what a target takes; SendError if its URL cannot be used."""
        if target not in self._shapes:
            await self._lanes.run(target, lambda: self._safely(target, self._learn), late=lambda _: None)
        return self._shapes[target]

    async def send(
        self,
        target: str,
        message: Message,
        *,
        key: str,
        severity: Severity = Severity.INFO,
        talk: Conversation | None = None,
    ) -> str:
        """Send a message to a target and return the service's own answer; SendError if it did not take it.

        `key` is the delivery's: a message whose answer came after its time-out is not sent a second time. Where the
        service can, it is put into the conversation `talk`.
        """
        if (answer := self._late.pop((target, key), None)) is not None:
            return answer
        return await self._lanes.run(
            target,
            lambda: self._safely(target, lambda name: self._send(name, message, key, severity, talk)),
            late=lambda answer: self._late.update({(target, key): answer}),
        )

    # --- in the target's thread --------------------------------------------------------------------------------------

    def _safely(self, target: str, work: Callable[[str], R]) -> R:
        """Do the work; an error that nobody foresaw is a failure of this one channel, and holds no secrets."""
        try:
            return work(target)
        except SendError:
            raise
        except Exception as error:  # becomes the value that the outbox notes
            hidden = webhook.hidden_of(self._resolved(target)) if target in self.targets else ()
            reason = redact(f"{type(error).__name__}: {error}", hidden)
            raise SendError(f"sending failed in an unforeseen way, {reason}") from None

    def _learn(self, target: str) -> None:
        if self._is_webhook(target):
            webhook.check(self._resolved(target))
            self._shapes[target] = Shape("json", title_max=0, body_max=0)
            return
        service = next(self._services(target))[1]
        declared = self.targets[target].format
        own = service.resolve_format(None).value
        form: Format = BEST.get(_scheme(service), own) if declared == "auto" else declared
        if service._format_override is not None and declared == "auto":
            form = own  # the URL says format=
        self._shapes[target] = Shape(
            form,
            max(0, service.title_maxlen),
            max(0, service.body_maxlen),
            thread=TOGETHER.get(_scheme(service), ""),
            styled=_scheme(service) in MAIL,
            files=bool(service.attachment_support),
            inline=form == "html" and _scheme(service).startswith("mailto"),
        )

    def _send(self, target: str, message: Message, key: str, severity: Severity, talk: Conversation | None) -> str:
        """Send to every recipient that has not got the message yet."""
        if self._is_webhook(target):
            return webhook.post(self._resolved(target), message.body, key)
        reached = self._reached.setdefault(key, {})
        failures: list[SendError] = []
        for name, service, secrets in self._recipients(target):
            if name in reached:
                continue
            _carry_key(service, key)
            if talk:
                carry(service, _scheme(service), talk)
            try:
                reached[name] = _with_files(service, message, severity, secrets)
            except SendError as error:
                failures.append(error)
        if not failures:
            del self._reached[key]
            return "; ".join(dict.fromkeys(reached.values()))
        raise _joined(failures, len(reached))

    def _recipients(self, target: str) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
        """Yield (name, fresh service for this recipient alone, secrets) for everybody behind a target."""
        for number, service, secrets in self._services(target):
            lists = next((group for group in map(_lists(service), RECIPIENTS) if group), {})
            everybody = [(attribute, one) for attribute, many in lists.items() for one in many]
            if len(everybody) < 2:
                yield str(number), service, secrets
                continue
            for attribute, one in everybody:
                alone = next(other for at, other, _ in self._services(target) if at == number)
                for name in lists:
                    setattr(alone, name, [one] if name == attribute else [])
                yield f"{number} {attribute} {one}", alone, secrets  # apprise may list them in another order

    def _services(self, target: str) -> Iterator[tuple[int, Any, tuple[str, ...]]]:
        """Yield (number, fresh service, secrets) for each URL of a target; SendError if one cannot be used."""
        for number, one in enumerate(targets.expand({"": self._resolved(target)}).values()):
            yield number, *_service(one.url)

    def _is_webhook(self, target: str) -> bool:
        return target in self.targets and bool(self.targets[target].secret)

    def _resolved(self, target: str) -> Channel:
        """Return a target's channel with its secrets in place; SendError where one cannot be had."""
        channel = self.targets.get(target)
        if channel is None:
            raise SendError(f"there is no channel {targets.channel_of(target)!r} any more")
        try:
            secrets = tuple(self._secrets(one) for one in channel.secret)
            return channel.model_copy(update={"url": self._secrets(channel.url), "secret": secrets})
        except MonitorError as error:
            raise SendError(str(error)) from None


def _lists(service: Any) -> Callable[[tuple[str, ...]], dict[str, list[Any]]]:
    def of(names: tuple[str, ...]) -> dict[str, list[Any]]:
        found = {name: getattr(service, name, None) for name in names}
        return {name: many for name, many in found.items() if isinstance(many, list) and many}

    return of


def _joined(failures: list[SendError], reached: int) -> SendError:
    """Make one error of several recipients' ones."""
    if len(failures) == 1 and not reached:
        return failures[0]
    reasons = "; ".join(dict.fromkeys(error.reason for error in failures))
    waits = [error.retry_after for error in failures if error.retry_after is not None]
    return SendError(
        f"{len(failures)} of {len(failures) + reached} recipients: {reasons}",
        recoverable=any(error.recoverable for error in failures),
        retry_after=max(waits, default=None),
    )


# --- apprise ---------------------------------------------------------------------------------------------------------


def _scheme(service: Any) -> str:
    return str(service.url(privacy=True)).partition("://")[0]


def _service(url: str) -> tuple[Any, tuple[str, ...]]:
    """Return a fresh apprise service for a URL, and what of the URL must not be shown."""
    import apprise  # 46 MB: only a process that sends pays for it

    install()
    asset = apprise.AppriseAsset(
        app_id="monitor",
        app_desc="monitor",
        async_mode=False,
        http_redirects=False,  # a redirected POST arrives elsewhere, or as a GET
        pgp_autogen=False,
        pem_autogen=False,
        service_timeout=0,  # with a limit apprise uses one pool of threads for all services
    )
    with listening() as heard:
        service: Any = apprise.Apprise.instantiate(url, asset=asset)
    if service is None:
        reasons = [redact(text, secrets_of(url)) for _, text in heard.logged]
        raise SendError(f"apprise cannot use this URL{': ' if reasons else ''}{'; '.join(reasons)}")
    service.retry, service.optional = 0, False  # repeats are the outbox's business, and a failure is one
    _give_time(service)
    if _scheme(service).startswith("mailto"):  # who gets a copy is a recipient as any other
        service.targets += [(False, address) for address in sorted(service.cc | service.bcc)]
        service.cc, service.bcc = set(), set()
    return service, secrets_of(url)


def _give_time(service: Any) -> None:
    """Use our time limits where the URL names none."""
    own = type(service)
    if service.socket_connect_timeout == own.socket_connect_timeout:
        service.socket_connect_timeout = max(CONNECT, own.socket_connect_timeout)
    if service.socket_read_timeout == own.socket_read_timeout:
        service.socket_read_timeout = READ


def _carry_key(service: Any, key: str) -> None:
    """Let the delivery's key travel with the message, where the service has a place for it."""
    scheme = _scheme(service)
    if scheme.startswith("mailto"):
        service.headers["X-Monitor-Key"] = key
    elif scheme.startswith(("json", "xml", "form")):
        service.headers["Idempotency-Key"] = key
    elif scheme.startswith("matrix") and service.password and not service.user and not service.access_token:
        # The homeserver shows a repeated transaction of one token once; apprise would make up a new one each time.
        service.access_token, service.transaction_id = service.password, key


def _with_files(service: Any, message: Message, severity: Severity, secrets: tuple[str, ...]) -> str:
    """Send a message with its files; where the service refuses that for good, without them: it is said in the answer.

    Mail servers refuse what is too large, and some any attached page.
    """
    try:
        return _notify(service, message, severity, secrets)
    except SendError as error:
        if message.bare is None or error.recoverable:
            raise
        answer = _notify(service, message.bare, severity, secrets)
        return f"{answer} (without {message.attachments[-1].name}: {error.reason})"


def _notify(service: Any, message: Message, severity: Severity, secrets: tuple[str, ...]) -> str:
    """Send by one service to its one recipient; return its answer, or raise what it refused with."""
    import apprise

    sender = apprise.Apprise(asset=service.asset)
    sender.add(service)
    with listening() as heard:
        result = sender.notify(
            title=message.title,
            body=message.body,
            body_format=apprise.NotifyFormat(message.format),  # without one, feed text would go out raw
            notify_type=apprise.NotifyType(KINDS[severity]),
            attach=_files(service, message),
        )
    if result:
        return redact(_accepted(heard), secrets)
    raise SendError(
        redact(_refusal(heard), secrets), recoverable=not _refused_for_good(heard), retry_after=heard.retry_after
    )


def _files(service: Any, message: Message) -> Any:
    """Return a message's files as apprise takes them, or None; pictures that a mail's words name are shown there."""
    if not message.attachments:
        return None
    from apprise import AppriseAttachment
    from apprise.attachment.memory import AttachMemory

    if _scheme(service).startswith("mailto"):
        service.inline = any(f"cid:{one.name}" in message.body for one in message.attachments)
    make: Any = AttachMemory
    files = AppriseAttachment()
    for one in message.attachments:
        files.add(make(content=one.content, name=one.name, mimetype=one.mime))
    return files


def _accepted(heard: Heard) -> str:
    """Return the service's words for yes."""
    if heard.mail:
        return "{} {}".format(*heard.mail[-1])
    return heard.answers[-1] if heard.answers else (heard.logged or [(0, "sent")])[-1][1]


def _refusal(heard: Heard) -> str:
    """Return the service's words for no."""
    if refusals := [f"{code} {words}" for code, words in heard.mail if code >= 400]:
        return refusals[-1]
    if heard.answers:
        return heard.answers[-1]
    exceptions = [text.partition(": ")[2] for _, text in heard.logged if text.startswith("Socket Exception")]
    return (exceptions or [text for _, text in heard.logged] or ["the service did not say why"])[-1]


def _refused_for_good(heard: Heard) -> bool:
    """Tell whether the service refused this message itself, or its recipient, and not the one who sends."""
    refusals = [code for code, _ in heard.mail if code >= 400]
    if refusals:
        return refusals[-1] in {550, 551, 552, 553, 554}
    return heard.status in REFUSED
