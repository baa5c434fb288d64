"""EDGE: fetches: conditional, capped, guarded, under one deadline. A failure is a value, never an exception."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

import httpx

from monitor.fetch import caching, failures
from monitor.fetch.decode import Decoder
from monitor.fetch.guard import Allow
from monitor.fetch.politeness import Hosts
from monitor.fetch.target import BadUrl
from monitor.fetch.transport import Transport
from monitor.fetch.trip import REDIRECTS, Trip
from monitor.model import Fetched, Source, SourceState, State
from monitor.settings import Limits, Network, Polling

BLOCKED = {401, 403, 407, 451}
WITHOUT_BODY = {205, 206, 304}  # 206 is a part that was not asked for
DAY = 86400.0
IDLE = 2.0  # seconds, beyond the pause, that a connection is kept for who waits for the same host
VALIDATOR = 1024  # bytes of an ETag that is kept


class Fetcher:
    """The one way to the network for everything that is read."""

    def __init__(self, *, network: Network, limits: Limits, polling: Polling, contact: str, version: str) -> None:
        """`contact` and `version` make the User-Agent, so that the operators of a feed can reach somebody."""
        self._limits = limits
        self._agent = f"monitor/{version}" + (f" (+{contact})" if contact else "")
        self._hosts = Hosts(concurrency=polling.concurrency, gap=polling.host_gap)
        self._transport = Transport(
            allow=Allow.parse(network.allow), ports=network.ports, proxy=network.proxy, idle=polling.host_gap + IDLE
        )

    async def fetch(self, source: Source, state: SourceState, *, now: float) -> Fetched:
        """Poll a source with its validators, sent back verbatim."""
        return await self._fetch(_Order.of(source, state, now), now)

    async def get(self, url: str, *, now: float, headers: Mapping[str, str] | None = None) -> Fetched:
        """Get one page, as guarded as a feed."""
        return await self._fetch(_Order(url=url, private=tuple((headers or {}).items())), now)

    def ready(self, source: Source, state: SourceState) -> bool:
        """Tell whether a poll of this source would begin at once, as far as its host goes."""
        try:
            return self._hosts.ready(Trip.start(state.url or source.url).target.host)
        except BadUrl:
            return True  # it fails at once

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def _fetch(self, order: "_Order", now: float) -> Fetched:
        try:
            trip = order.trip(self._agent)
        except BadUrl as error:
            return Fetched(source_id=order.source_id, state=State.REFUSED_ADDRESS, reason=str(error), at=now)
        try:
            found = await self._travel(trip, now)
        except Exception as error:  # every one becomes the source's state
            state, reason = failures.name(error, self._limits.deadline)
            found = Fetched(source_id="", state=state, reason=reason, url=str(trip.target))
        if found.status == 304 and not trip.conditional:
            found = replace(found, state=State.HTTP_ERROR, reason="the server answers 304 to a first request")
        return replace(found, source_id=order.source_id, at=now, elapsed=trip.spent)

    async def _travel(self, trip: Trip, now: float) -> Fetched:
        """Go from host to host, and hold each one only as long as it takes."""
        while True:
            async with self._hosts.slot(trip.target.host):
                if (found := await self._visit(trip, now)) is not None:
                    return found

    async def _visit(self, trip: Trip, now: float) -> Fetched | None:
        """Ask one host until it answers or sends to another one; the wait for its turn is not part of the deadline."""
        host, clock = trip.target.host, asyncio.get_running_loop().time
        begun = clock()
        try:
            async with asyncio.timeout(self._limits.deadline - trip.spent):
                while trip.target.host == host:
                    if (found := await self._ask(trip, now)) is not None:
                        return found
        finally:
            trip.spent += clock() - begun
        return None

    async def _ask(self, trip: Trip, now: float) -> Fetched | None:
        """Make one request; None after a redirect that is followed."""
        keep = self._hosts.wanted(trip.target.host)
        response = await self._transport.handle_async_request(trip.request(keep=keep))
        try:
            headers = fields(response.headers.raw)
            if response.status_code in REDIRECTS and "location" in headers:
                trip.follow(response.status_code, headers["location"], limit=self._limits.redirects)
                return None
            return await self._answer(trip, response, headers, now)
        finally:
            await response.aclose()

    async def _answer(self, trip: Trip, response: httpx.Response, headers: Mapping[str, str], now: float) -> Fetched:
        state, reason = judge(response.status_code, headers)
        decoder = Decoder("", wire=self._limits.wire, decoded=self._limits.decoded)
        if state is State.OK or (trip.certificate and state is State.UNCHANGED):
            decoder = await self._read(response, headers)
        return Fetched(
            source_id="",
            state=state,
            reason=reason,
            url=str(trip.target),
            status=response.status_code,
            body=decoder.body() if state is State.OK else b"",
            content_type=headers.get("content-type", "")[:200],
            etag=validator(headers, "etag"),
            last_modified=validator(headers, "last-modified"),
            moved_to=trip.moved_to,
            fresh_for=caching.fresh_for(headers, now),
            retry_after=caching.retry_after(headers, now),
            wire_bytes=decoder.received,
            certificate=response.extensions["transfer"].certificate,
        )

    async def _read(self, response: httpx.Response, headers: Mapping[str, str]) -> Decoder:
        decoder = Decoder(headers.get("content-encoding", ""), wire=self._limits.wire, decoded=self._limits.decoded)
        decoder.expect(headers.get("content-length", ""))
        async for piece in response.aiter_raw():
            decoder.feed(piece)
        return decoder


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What is to be fetched."""

    url: str
    source_id: str = ""
    private: tuple[tuple[str, str], ...] = ()  # headers for the configured origin only
    agent: str = ""
    proxy: str = ""
    home: str = ""  # the configured URL, where another one was learnt
    etag: str | None = None
    last_modified: str | None = None
    certificate: bool = False

    @classmethod
    def of(cls, source: Source, state: SourceState, now: float) -> "_Order":
        """Return the order to poll a source; the first poll of a day looks at the server's certificate."""
        return cls(
            url=state.url or source.url,
            source_id=source.id,
            private=source.headers,
            agent=source.user_agent,
            proxy=source.proxy,
            home=source.url,
            etag=state.etag,
            last_modified=state.last_modified,
            certificate=state.last_polled is None or state.last_polled // DAY != now // DAY,
        )

    def trip(self, agent: str) -> Trip:
        """Return the trip to it; BadUrl where there is none."""
        return Trip.start(
            self.url,
            home=self.home,
            agent=self.agent or agent,
            private=self.private,
            etag=self.etag,
            last_modified=self.last_modified,
            proxy=self.proxy,
            certificate=self.certificate,
        )


def fields(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by their names in small letters; repeated ones are joined, as RFC 9110 has it."""
    found: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").lower()
        text = value.decode("utf-8", "replace")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def validator(headers: Mapping[str, str], name: str) -> str | None:
    """Return a validator as it came, or None for one that could not be sent back as it came."""
    value = headers.get(name, "")
    return value if value and "\ufffd" not in value and len(value) <= VALIDATOR else None


def judge(status: int, headers: Mapping[str, str]) -> tuple[State, str]:
    """Return the state that a status means, and why."""
    if status == 304:
        return State.UNCHANGED, "not modified"
    if 200 <= status < 300 and status not in WITHOUT_BODY:
        return State.OK, ""
    if status == 410:
        return State.GONE, "the server says that it is gone for good (410)"
    if status == 429 or (status == 503 and "retry-after" in headers):
        wait = headers.get("retry-after", "")[:60]
        return State.LIMITED, f"the server asks for fewer requests ({status}{', Retry-After: ' if wait else ''}{wait})"
    if status in BLOCKED:
        return State.BLOCKED, f"the server refuses us ({status})"
    return State.HTTP_ERROR, f"the server answers {status}"
