"""EDGE: fetches: conditional, capped, guarded, under one deadline. A failure is a value, never an exception."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

import httpx

from monitor.fetch import caching, failures
from monitor.fetch.decode import Decoder
from monitor.fetch.failures import BadUrl
from monitor.fetch.guard import Allow
from monitor.fetch.politeness import Hosts
from monitor.fetch.transport import Transport
from monitor.model import Fetched, Source, SourceState, State
from monitor.settings import Limits, Network, Polling

PERMANENT = {301, 308}
REDIRECTS = {301, 302, 303, 307, 308}
BLOCKED = {401, 403, 407, 451}
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
PRIVATE = {"authorization", "cookie", "proxy-authorization"}  # never carried to another host


@dataclass(slots=True)
class _Trip:
    """One fetch with its redirects."""

    url: str
    headers: dict[str, str]
    proxy: str = ""
    moved_to: str = ""
    permanent: bool = True
    seen: list[str] = field(default_factory=list)


class Fetcher:
    """The one way to the network for everything that is read."""

    def __init__(self, *, network: Network, limits: Limits, polling: Polling, contact: str, version: str) -> None:
        """`contact` and `version` make the User-Agent, so that the operators of a feed can reach somebody."""
        self._allow = Allow.parse(network.allow)
        self._ports = frozenset(network.ports)
        self._limits = limits
        self._agent = f"monitor/{version}" + (f" (+{contact})" if contact else "")
        self._hosts = Hosts(concurrency=polling.concurrency, gap=polling.host_gap)
        transport = Transport(allow=self._allow, proxy=network.proxy)
        self._client = httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)

    async def fetch(self, source: Source, state: SourceState, *, now: float) -> Fetched:
        """Poll a source with its validators, sent back verbatim."""
        headers = dict(source.headers)
        if source.user_agent:
            headers["User-Agent"] = source.user_agent
        if state.etag:
            headers["If-None-Match"] = state.etag
        if state.last_modified:
            headers["If-Modified-Since"] = state.last_modified
        trip = _Trip(state.url or source.url, headers, source.proxy)
        return replace(await self._fetch(trip, now), source_id=source.id)

    async def get(self, url: str, *, now: float, headers: Mapping[str, str] | None = None) -> Fetched:
        """Get one page, as guarded as a feed."""
        return await self._fetch(_Trip(url, dict(headers or {})), now)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _fetch(self, trip: _Trip, now: float) -> Fetched:
        begun = time.monotonic()
        try:
            async with self._hosts.slot(httpx.URL(trip.url).host):
                begun = time.monotonic()
                async with asyncio.timeout(self._limits.deadline):
                    fetched = await self._follow(trip, now)
        except Exception as error:  # every one becomes the source's state
            state, reason = failures.name(error, self._limits.deadline)
            fetched = Fetched(source_id="", state=state, reason=reason, url=trip.url)
        return replace(fetched, at=now, elapsed=time.monotonic() - begun)

    async def _follow(self, trip: _Trip, now: float) -> Fetched:
        while True:
            self._check(trip)
            request = self._client.build_request("GET", trip.url, headers=self._headers(trip))
            request.extensions["proxy"] = trip.proxy
            response = await self._client.send(request, stream=True)
            try:
                if response.status_code not in REDIRECTS or "location" not in response.headers:
                    return await self._answer(trip, response, now)
                self._move(trip, response)
            finally:
                await response.aclose()

    def _headers(self, trip: _Trip) -> dict[str, str]:
        return {"User-Agent": self._agent, "Accept": ACCEPT, **trip.headers, "Accept-Encoding": "gzip, deflate"}

    def _check(self, trip: _Trip) -> None:
        """Refuse what is not plain http(s) on an allowed port, before anything is resolved."""
        try:
            url = httpx.URL(trip.url)
        except (httpx.InvalidURL, ValueError) as error:
            raise BadUrl(f"{trip.url[:200]} is not a URL: {error}") from error
        if url.scheme not in ("http", "https") or not url.host or "\\" in trip.url:
            raise BadUrl(f"{trip.url[:200]} is not an http or https address")
        port = url.port or (443 if url.scheme == "https" else 80)
        if port not in self._ports and not self._allow.names_port(url.host, url.host, port):
            raise BadUrl(f"port {port} is not in network.ports")

    def _move(self, trip: _Trip, response: httpx.Response) -> None:
        target = urljoin(trip.url, response.headers["location"].strip())
        trip.seen.append(trip.url)
        if len(trip.seen) > self._limits.redirects:
            raise BadUrl(f"more than {self._limits.redirects} redirects")
        if target in trip.seen:
            raise BadUrl(f"the redirects go round in a circle at {target[:200]}")
        trip.permanent = trip.permanent and response.status_code in PERMANENT
        trip.moved_to = target if trip.permanent else trip.moved_to
        if httpx.URL(target).host != httpx.URL(trip.url).host:
            trip.headers = {
                name: value for name, value in trip.headers.items()
                if name.lower() not in PRIVATE and name in ("User-Agent", "If-None-Match", "If-Modified-Since")
            }  # fmt: skip
        trip.url = target

    async def _answer(self, trip: _Trip, response: httpx.Response, now: float) -> Fetched:
        headers = {name.lower(): value for name, value in response.headers.items()}
        state, reason = judge(response.status_code, headers)
        decoder = Decoder(headers.get("content-encoding", ""), wire=self._limits.wire, decoded=self._limits.decoded)
        if state is State.OK:
            async for piece in response.aiter_raw():
                decoder.feed(piece)
        return Fetched(
            source_id="",
            state=state,
            reason=reason,
            url=trip.url,
            status=response.status_code,
            body=decoder.body(),
            content_type=headers.get("content-type", ""),
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            moved_to=trip.moved_to if trip.permanent else "",
            fresh_for=caching.fresh_for(headers, now),
            retry_after=caching.retry_after(headers, now),
            wire_bytes=decoder.received,
        )


def judge(status: int, headers: Mapping[str, str]) -> tuple[State, str]:
    """Return the state that a status means, and why."""
    if status == 304:
        return State.UNCHANGED, "not modified"
    if 200 <= status < 300:
        return State.OK, ""
    if status == 410:
        return State.GONE, "the server says that it is gone for good (410)"
    if status == 429 or (status == 503 and "retry-after" in headers):
        wait = headers.get("retry-after", "")
        return (
            State.LIMITED,
            f"the server asks for fewer requests ({status}{f', Retry-After: {wait[:60]}' if wait else ''})",
        )
    if status in BLOCKED:
        return State.BLOCKED, f"the server refuses us ({status})"
    return State.HTTP_ERROR, f"the server answers {status}"
