"""A mail server on loopback: STARTTLS, login, and recipients that it refuses; the mails that arrived are kept."""

import socket
import ssl
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    def part(self, kind: str) -> str:
        """Return the decoded part of a type, for example text/html."""
        return next(part.get_content() for part in self.message.walk() if part.get_content_type() == kind)


class MailServer:
    """A server to be used in a `with` block."""

    def __init__(
        self,
        *,
        context: ssl.SSLContext | None = None,
        login: tuple[str, str] | None = None,
        refuse: tuple[str, ...] = (),
        refuse_pages: bool = False,  # mails with an attached page
    ) -> None:
        self.mails: list[Mail] = []
        self._refuse_pages = refuse_pages
        self.refuse = set(refuse)
        self.logins: list[bool] = []
        self._login = login
        secured: dict[str, Any] = {}
        if context:
            secured = {"tls_context": context, "require_starttls": True}
        if login:
            secured |= {
                "authenticator": self._authenticate,
                "auth_required": True,
                "auth_require_tls": context is not None,
            }
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **secured)

    def _authenticate(self, server: object, session: object, envelope: object, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == self._login
        self.logins.append(right)
        return AuthResult(success=right, handled=False)

    async def handle_RCPT(
        self, server: object, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: object, session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        if self._refuse_pages and b'.html"' in content:
            return "552 5.7.0 attached pages are not taken here"
        self.mails.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        return f"250 2.0.0 queued as mail {len(self.mails)}"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()
