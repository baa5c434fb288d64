"""One fetch with its redirects: where it is, what it sends there, and what it has learnt on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import httpx

from monitor.fetch.target import BadUrl, Target, redirected, target

PERMANENT = {301, 308}
REDIRECTS = {301, 302, 303, 307, 308}
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
NO_BODY = httpx.ByteStream(b"")  # named, so that httpx does not look for one; the transport adds Host
# The transport and the decoder decide these.
OURS = {
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}


@dataclass(slots=True)
class Trip:
    """Starts at one address and follows redirects by the rules."""

    target: Target
    public: dict[str, str]  # headers for everybody, by their names in small letters
    private: dict[str, str] = field(default_factory=dict)  # headers for the first origin only: they may hold secrets
    proxy: str = ""
    conditional: bool = False
    certificate: bool = False  # whether to look at the server's
    moved_to: str = ""  # where the redirects led, as long as all of them were permanent
    spent: float = 0.0  # seconds of the deadline
    _permanent: bool = True
    _seen: list[str] = field(default_factory=list)

    @classmethod
    def start(
        cls,
        url: str,
        *,
        home: str = "",
        agent: str = "",
        private: Iterable[tuple[str, str]] = (),
        etag: str | None = None,
        last_modified: str | None = None,
        proxy: str = "",
        certificate: bool = False,
    ) -> "Trip":
        """Set out; what is private goes to the origin of `home` (else of `url`) alone. BadUrl for a bad address."""
        first = target(url)
        owner = target(home) if home not in ("", url) else first
        public = {"user-agent": agent, "accept": ACCEPT, "accept-encoding": "gzip, deflate"}
        if etag:
            public["if-none-match"] = etag
        if last_modified:
            public["if-modified-since"] = last_modified
        secret = {name.lower(): value for name, value in private if name.lower() not in OURS}
        if owner.authorization:
            secret.setdefault("authorization", owner.authorization)
        return cls(
            first,
            public,
            secret if trusts(owner, first) else {},
            proxy=proxy,
            conditional=bool(etag or last_modified),
            certificate=certificate,
        )

    def request(self, *, keep: bool = False) -> httpx.Request:
        """Return the request to make now; `keep` leaves its connection to the next one who asks the same host."""
        return httpx.Request(
            "GET",
            self.target.url,
            headers=[(name.encode(), value.encode()) for name, value in {**self.public, **self.private}.items()],
            stream=NO_BODY,
            extensions={"proxy": self.proxy, "keep": keep, "certificate": self.certificate},
        )

    def follow(self, status: int, location: str, *, limit: int) -> None:
        """Go where a redirect leads; BadUrl beyond `limit` redirects, in a circle, and for what is not followed."""
        if len(self._seen) >= limit:
            raise BadUrl(f"more than {limit} redirects")
        self._seen.append(str(self.target))
        found = redirected(self.target, location)
        if str(found) in self._seen:
            raise BadUrl(f"the redirects go round in a circle at {str(found)[:200]}")
        self._permanent = self._permanent and status in PERMANENT
        if self._permanent:
            self.moved_to = str(found)
        if not trusts(self.target, found):
            self.private = {}
        self.target = found


def trusts(one: Target, other: Target) -> bool:
    """Tell whether what is private to one address may go to the other: the same origin, or its secure form."""
    secured = one.host == other.host and (one.scheme, one.port) == ("http", 80)
    return one.origin == other.origin or (secured and (other.scheme, other.port) == ("https", 443))
