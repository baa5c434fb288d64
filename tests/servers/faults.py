"""An HTTP(S) server on loopback with a menu of behaviours, good and bad; it keeps a record of every request.

    with Faults() as server:
        get(server.url("drip_body"))
        assert server.seen("drip_body")[0].headers["user-agent"]

Each behaviour is a function of this module's `MENU`, named by the first part of the path; what comes after the name
(`/etag/harbour`) keeps visitors apart, and a query (`?seconds=3`) changes what the behaviour allows to be changed.
"""

import asyncio
import contextlib
import functools
import gzip
import socket
import ssl
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Self
from urllib.parse import parse_qs, urlsplit

MIB = 1024**2
BOMB = 48 * MIB


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in small letters
    header_list: tuple[tuple[str, str], ...]  # as sent
    at: float  # monotonic seconds
    number: int  # of requests to this path, from 1
    connection: int  # which connection it came on
    at_once: int  # connections that were open at this moment, this one included

    @property
    def name(self) -> str:
        """The behaviour that was asked for."""
        return self.path.strip("/").split("/")[0]


@dataclass
class Talk:
    """One request, and the pen to answer it with."""

    request: Seen
    writer: asyncio.StreamWriter
    server: "Faults"
    kept: bool = False  # after this answer the connection stays open

    async def say(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status: int = 200, headers: dict[str, str] | None = None, *, reason: str = "Said") -> None:
        """Send a status line and headers."""
        lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
        await self.say("\r\n".join([*lines, "", ""]).encode("latin-1"))

    async def answer(self, status: int = 200, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        """Send a whole answer."""
        usual = {"Content-Type": "application/rss+xml; charset=utf-8", "Content-Length": str(len(body))}
        await self.head(status, {**usual, **(headers or {}), "Connection": "keep-alive" if self.keeps else "close"})
        await self.say(b"" if status == 304 else body)
        self.kept = self.keeps

    @property
    def keeps(self) -> bool:
        """Whether the visitor wants to say more on this connection, and the server to hear it."""
        return self.server.keep_alive and self.request.headers.get("connection", "").lower() != "close"

    async def drip(self, data: bytes, seconds: float = 0.05) -> None:
        """Send bytes one by one, slowly, and when they end begin again."""
        while True:
            for number in range(len(data)):
                await self.say(data[number : number + 1])
                await asyncio.sleep(seconds)

    def option(self, name: str, default: str) -> str:
        """Return what the query says."""
        return self.request.query.get(name, default)


Behaviour = Callable[[Talk], Awaitable[None]]
MENU: dict[str, Behaviour] = {}


def behaviour(function: Behaviour) -> Behaviour:
    """Put a function on the menu under its own name."""
    MENU[function.__name__] = function
    return function


def feed(*, items: int = 3, guid: str = "{n}", title: str = "Item {n}", more: str = "") -> bytes:
    """Return a small RSS feed; `{n}` is the item's number."""
    entries = "".join(
        f"<item><title>{title.format(n=n)}</title><link>http://news.example/{n}</link>"
        f'<guid isPermaLink="false">{guid.format(n=n)}</guid></item>'
        for n in range(items, 0, -1)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Faults</title>'
        f"<link>http://news.example/</link><description>d</description>{more}{entries}</channel></rss>"
    ).encode()


# --- as it should be -------------------------------------------------------------------------------------------------


@behaviour
async def ok(talk: Talk) -> None:
    """A feed, and nothing else."""
    await talk.answer(body=feed())


@behaviour
async def etag(talk: Talk) -> None:
    """A feed with both validators, and 304 to who sends them back as they were."""
    tag, date = talk.option("tag", 'W/"v1, x"'), "Mon, 02 Nov 2026 08:00:00 GMT"
    asked = talk.request.headers
    if asked.get("if-none-match") == tag and asked.get("if-modified-since") in (None, date):
        await talk.answer(304, headers={"ETag": tag, "Content-Length": "0"})
    else:
        await talk.answer(body=feed(), headers={"ETag": tag, "Last-Modified": date})


@behaviour
async def modified(talk: Talk) -> None:
    """A feed with a date in a form of its own, and 304 to who repeats it to the letter."""
    date = "Monday, 2-Nov-26 08:00:00 CET"
    if talk.request.headers.get("if-modified-since") == date:
        await talk.answer(304)
    else:
        await talk.answer(body=feed(), headers={"Last-Modified": date})


@behaviour
async def gzipped(talk: Talk) -> None:
    """A feed, compressed."""
    await talk.answer(body=gzip.compress(feed()), headers={"Content-Encoding": "gzip"})


@behaviour
async def two_members(talk: Talk) -> None:
    """A feed in two gzip members, one after the other."""
    whole = feed()
    await talk.answer(body=gzip.compress(whole[:99]) + gzip.compress(whole[99:]), headers={"Content-Encoding": "gzip"})


@behaviour
async def deflated(talk: Talk) -> None:
    """A feed as deflate with its zlib header, as the standard has it."""
    await talk.answer(body=zlib.compress(feed()), headers={"Content-Encoding": "deflate"})


@behaviour
async def raw_deflated(talk: Talk) -> None:
    """A feed as bare deflate, as some servers have it, its first byte alone."""
    pack = zlib.compressobj(wbits=-15)
    body = pack.compress(feed()) + pack.flush()
    await talk.head(headers={"Content-Encoding": "deflate", "Content-Length": str(len(body))})
    await talk.say(body[:1])
    await asyncio.sleep(0.02)
    await talk.say(body[1:])


@behaviour
async def chunked_with_trailers(talk: Talk) -> None:
    """A feed in chunks with extensions, and headers after it."""
    await talk.head(headers={"Transfer-Encoding": "chunked", "Trailer": "X-After"})
    for piece in (feed()[:50], feed()[50:]):
        await talk.say(b"%x;name=value\r\n%s\r\n" % (len(piece), piece))
    await talk.say(b"0\r\nX-After: yes\r\nSet-Cookie: late=1\r\n\r\n")


@behaviour
async def until_closed(talk: Talk) -> None:
    """A feed without a length: it ends where the connection ends."""
    await talk.head(headers={"Content-Type": "text/xml"})
    await talk.say(feed())


@behaviour
async def max_age(talk: Talk) -> None:
    """A feed that says how long it stays fresh."""
    await talk.answer(body=feed(), headers={"Cache-Control": f"public, max-age={talk.option('seconds', '1800')}"})


@behaviour
async def cookies(talk: Talk) -> None:
    """A feed that wants to be remembered."""
    await talk.answer(body=feed(), headers={"Set-Cookie": "track=me; Max-Age=99999"})


# --- slow, endless, cut ----------------------------------------------------------------------------------------------


@behaviour
async def drip_body(talk: Talk) -> None:
    """A body that comes byte by byte."""
    await talk.head(headers={"Content-Type": "text/xml"})
    await talk.drip(feed())


@behaviour
async def drip_header(talk: Talk) -> None:
    """A header that never ends, byte by byte."""
    await talk.say(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    await talk.drip(b"slow")


@behaviour
async def slow_first_byte(talk: Talk) -> None:
    """Nothing for long, then a feed."""
    await asyncio.sleep(float(talk.option("seconds", "60")))
    await talk.answer(body=feed())


@behaviour
async def endless(talk: Talk) -> None:
    """A body without an end, as quick as the line allows."""
    await talk.head(headers={"Content-Type": "text/xml"})
    while True:
        await talk.say(b"<item>more</item>" * 4096)


@behaviour
async def endless_chunks(talk: Talk) -> None:
    """Chunks without an end."""
    await talk.head(headers={"Transfer-Encoding": "chunked"})
    while True:
        await talk.say(b"ffff\r\n" + b"x" * 0xFFFF + b"\r\n")


@behaviour
async def endless_continue(talk: Talk) -> None:
    """100 Continue, for ever."""
    while True:
        await talk.say(b"HTTP/1.1 100 Continue\r\n\r\n" * 50)
        await asyncio.sleep(0.01)


@behaviour
async def length_too_long(talk: Talk) -> None:
    """A Content-Length beyond what comes."""
    await talk.head(headers={"Content-Length": str(len(feed()) + 500)})
    await talk.say(feed())


@behaviour
async def length_too_short(talk: Talk) -> None:
    """A Content-Length below what comes."""
    await talk.say(b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n" + feed())


@behaviour
async def length_huge(talk: Talk) -> None:
    """A Content-Length beyond every cap, and then silence."""
    await talk.head(headers={"Content-Length": str(10**15)})
    await asyncio.sleep(60)


@behaviour
async def cut_chunk(talk: Talk) -> None:
    """A chunk that is announced and not sent."""
    await talk.head(headers={"Transfer-Encoding": "chunked"})
    await talk.say(b"1000\r\n<rss>")


@behaviour
async def cut_gzip(talk: Talk) -> None:
    """A gzip stream without its end, with a length that agrees."""
    body = gzip.compress(feed())[:-30]
    await talk.answer(body=body, headers={"Content-Encoding": "gzip"})


@behaviour
async def reset(talk: Talk) -> None:
    """The connection is reset where an answer should begin."""
    _reset(talk)


@behaviour
async def reset_in_body(talk: Talk) -> None:
    """The connection is reset in the middle of the body."""
    await talk.head(headers={"Content-Length": "5000"})
    await talk.say(feed()[:200])
    await asyncio.sleep(0.05)
    _reset(talk)


def _reset(talk: Talk) -> None:
    sock = talk.writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    talk.writer.transport.abort()


@behaviour
async def closed(talk: Talk) -> None:
    """The connection is closed without a word."""


# --- too much --------------------------------------------------------------------------------------------------------


@functools.cache
def bomb_of(layers: int) -> bytes:
    """Return 48 MiB of blanks, packed once or more often."""
    body = gzip.compress(b" " * BOMB, 6)
    for _ in range(layers - 1):
        body = gzip.compress(body)
    return body


@behaviour
async def bomb(talk: Talk) -> None:
    """48 MiB in 48 kB."""
    await talk.answer(body=bomb_of(1), headers={"Content-Encoding": "gzip"})


@behaviour
async def stacked_bomb(talk: Talk) -> None:
    """48 MiB packed twice, which is a few hundred bytes."""
    await talk.answer(body=bomb_of(2), headers={"Content-Encoding": "gzip, gzip"})


@behaviour
async def stacked_headers(talk: Talk) -> None:
    """The same, said in two headers."""
    await talk.head(headers={"Content-Encoding": "gzip", "content-encoding": "gzip", "Content-Length": "3"})
    await talk.say(b"abc")


@behaviour
async def brotli(talk: Talk) -> None:
    """A coding that was not asked for."""
    await talk.answer(body=b"\x0b\x02\x80hello\x03", headers={"Content-Encoding": "br"})


@behaviour
async def not_gzip(talk: Talk) -> None:
    """Plain bytes that are called gzip."""
    await talk.answer(body=feed(), headers={"Content-Encoding": "gzip"})


@behaviour
async def big_header(talk: Talk) -> None:
    """A header of one MiB."""
    await talk.head(headers={"X-Big": "x" * MIB})


@behaviour
async def many_headers(talk: Talk) -> None:
    """Ten thousand headers."""
    await talk.head(headers={f"X-{number}": "x" for number in range(10_000)})


@behaviour
async def garbage(talk: Talk) -> None:
    """Not HTTP."""
    await talk.say(b"\x00\x01SSH-2.0-OpenSSH_9.2\r\n\r\n")


@behaviour
async def split_header(talk: Talk) -> None:
    """Headers with bytes that do not belong there."""
    await talk.say(b'HTTP/1.1 200 OK\r\nETag: "a\x00b"\r\nX: \xff\xfe\r\nContent-Length: 0\r\n\r\n')


# --- elsewhere -------------------------------------------------------------------------------------------------------


def _redirect(name: str, status: int, target: Callable[[Talk], str]) -> None:
    async def redirect(talk: Talk) -> None:
        await talk.answer(status, headers={"Location": target(talk)})

    MENU[name] = redirect


_redirect("loop", 302, lambda talk: "/loop_back")
_redirect("loop_back", 302, lambda talk: "/loop")
_redirect("hops", 302, lambda talk: f"/hops/{talk.request.path.count('/')}/{talk.request.path.strip('/')}"[:900])
_redirect("moved", 301, lambda talk: "/moved_on")
_redirect("moved_on", 308, lambda talk: "/ok/moved")
_redirect("moved_then_found", 301, lambda talk: "/found")
_redirect("found", 302, lambda talk: "/ok/found")
_redirect("found_then_moved", 302, lambda talk: "/moved_on")
_redirect("see_other", 303, lambda talk: "/ok/other")
_redirect("to_relative", 307, lambda talk: "ok/relative#part")
_redirect("to_blank", 302, lambda talk: "/ok/with a blank")
_redirect("to_file", 302, lambda talk: "file:///etc/passwd")
_redirect("to_javascript", 302, lambda talk: "javascript:alert(1)")
_redirect("to_nothing", 302, lambda talk: "http://[")
_redirect("to_user", 302, lambda talk: f"http://trusted.example@{talk.server.address}/ok")
_redirect("to_target", 302, lambda talk: talk.option("target", "/ok"))
_redirect("to_target_for_good", 301, lambda talk: talk.option("target", "/ok"))


@behaviour
async def redirect_without_place(talk: Talk) -> None:
    """A redirect that leads nowhere."""
    await talk.answer(302)


@behaviour
async def redirect_with_endless_body(talk: Talk) -> None:
    """A redirect whose own body never ends."""
    await talk.head(302, {"Location": "/ok/after"})
    while True:
        await talk.say(b"x" * 65536)


# --- statuses --------------------------------------------------------------------------------------------------------


def _status(name: str, status: int, headers: Callable[[], dict[str, str]] = dict) -> None:
    async def answer(talk: Talk) -> None:
        await talk.answer(status, body=b"<html><title>No</title></html>", headers=headers())

    MENU[name] = answer


_status("gone", 410)
_status("busy", 429, lambda: {"Retry-After": "7200"})
_status("busy_until", 429, lambda: {"Retry-After": formatdate(time.time() + 7200, usegmt=True)})
_status("busy_for_years", 429, lambda: {"Retry-After": "99999999999999999999"})
_status("busy_without_word", 429)
_status("unavailable", 503, lambda: {"Retry-After": "600"})
_status("overloaded", 503)
_status("forbidden", 403)
_status("login_wanted", 401, lambda: {"WWW-Authenticate": "Basic"})
_status("not_for_you", 451)
_status("missing", 404)
_status("broken_server", 500)
_status("missing_and_brotli", 404, lambda: {"Content-Encoding": "br"})
_status("teapot", 418)
_status("strange", 799)


@behaviour
async def partial(talk: Talk) -> None:
    """A part that nobody asked for."""
    await talk.answer(206, body=feed()[:80], headers={"Content-Range": "bytes 0-79/900"})


@behaviour
async def always_304(talk: Talk) -> None:
    """Not modified, whatever was asked."""
    await talk.answer(304)


@behaviour
async def flip_flop(talk: Talk) -> None:
    """By turns a feed and 304, as behind two servers that do not agree."""
    if talk.request.number % 2 == 0 and "if-none-match" in talk.request.headers:
        await talk.answer(304, headers={"ETag": f'"{talk.request.number}"'})
    else:
        await talk.answer(body=feed(), headers={"ETag": f'"{talk.request.number}"'})


@behaviour
async def empty(talk: Talk) -> None:
    """Success, and nothing."""
    await talk.answer(body=b"")


@behaviour
async def no_content(talk: Talk) -> None:
    """204."""
    await talk.head(204, {"Connection": "close"})


# --- pages and documents ---------------------------------------------------------------------------------------------


@behaviour
async def html(talk: Talk) -> None:
    """A page with status 200."""
    page = b"<!doctype html><html><head><title>We are sorry</title></head><body><h1>Not here</h1></body></html>"
    await talk.answer(body=page, headers={"Content-Type": "text/html"})


@behaviour
async def captcha(talk: Talk) -> None:
    """A page that wants to see a person."""
    page = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Verify you are human</body></html>"
    await talk.answer(body=page, headers={"Content-Type": "text/html"})


@behaviour
async def page_with_feed(talk: Talk) -> None:
    """A page that names its feed."""
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/ok/named"></head></html>'
    await talk.answer(body=page, headers={"Content-Type": "text/html"})


@behaviour
async def changing_guids(talk: Talk) -> None:
    """The same items with other guids at every poll."""
    await talk.answer(body=feed(guid=f"{talk.request.number}-{{n}}"))


@behaviour
async def edited_titles(talk: Talk) -> None:
    """The same items, with titles that change at every poll."""
    await talk.answer(body=feed(title=f"Item {{n}}, version {talk.request.number}"))


@behaviour
async def growing(talk: Talk) -> None:
    """One item more at every poll."""
    await talk.answer(body=feed(items=talk.request.number))


@behaviour
async def truncated_xml(talk: Talk) -> None:
    """A feed that breaks off, with a length that agrees."""
    await talk.answer(body=feed(items=5)[:-60])


# --- the server ------------------------------------------------------------------------------------------------------


@dataclass
class Faults:
    """A server to be used in a `with` block; it runs in a thread of its own."""

    context: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    keep_alive: bool = False
    requests: list[Seen] = field(default_factory=list)
    connections: int = 0  # that were accepted
    open_now: int = 0
    most_at_once: int = 0
    port: int = 0

    def __enter__(self) -> Self:
        """Start to listen."""
        self._counts: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the fault server did not start")
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and drop every connection."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    def url(self, name: str = "ok", *, host: str = "") -> str:
        """Return the address of a behaviour."""
        return f"{'https' if self.context else 'http'}://{host or self.host}:{self.port}/{name}"

    def seen(self, name: str) -> list[Seen]:
        """Return the requests for a behaviour, in order."""
        return [one for one in self.requests if one.name == name]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._connected, self.host, self.port, ssl=self.context, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        mine = asyncio.current_task()
        for task in [task for task in asyncio.all_tasks() if task is not mine]:
            task.cancel()
        await asyncio.sleep(0.01)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        connection = self.connections
        self.open_now += 1
        self.most_at_once = max(self.most_at_once, self.open_now)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
                while await self._talk(reader, writer, connection):
                    pass
        except asyncio.CancelledError:
            pass
        finally:
            self.open_now -= 1
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> bool:
        """Take one request and answer it; True where another one may follow."""
        first = await reader.readexactly(1)
        if first == b"\x16":  # a TLS greeting where plain HTTP is spoken
            writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
            return False
        raw = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = raw[0].split(" ", 2)
        fields = tuple((line.partition(":")[0], line.partition(":")[2].strip()) for line in raw[1:] if line)
        parts = urlsplit(target)
        self._counts[parts.path] += 1
        request = Seen(
            method=method,
            path=parts.path,
            query={name: values[0] for name, values in parse_qs(parts.query).items()},
            headers={name.lower(): value for name, value in fields},
            header_list=fields,
            at=time.monotonic(),
            number=self._counts[parts.path],
            connection=connection,
            at_once=self.open_now,
        )
        self.requests.append(request)
        talk = Talk(request, writer, self)
        work = asyncio.ensure_future(MENU.get(request.name, MENU["missing"])(talk))
        if self.keep_alive:
            await work
            return talk.kept
        gone = asyncio.ensure_future(reader.read(1))  # the visitor has left
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        for task in (work, gone):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await task
        return False


class Canary:
    """A listener that stands for an internal service; nobody must ever come."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        """Choose where to listen; `with` begins."""
        self.accepted = 0
        self._socket = socket.create_server((host, 0), backlog=64)
        self._socket.settimeout(0.05)
        self.port: int = self._socket.getsockname()[1]
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def _listen(self) -> None:
        while not self._end.is_set():
            with contextlib.suppress(TimeoutError):
                visitor, _ = self._socket.accept()
                self.accepted += 1
                visitor.close()

    def __enter__(self) -> Self:
        """Begin to count."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Count who came last, and close."""
        time.sleep(0.1)
        self._end.set()
        self._thread.join(5)
        self._socket.close()
