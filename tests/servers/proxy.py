"""A forward proxy on loopback: CONNECT and plain requests, with a password if wanted; it records who asked for what."""

import asyncio
import base64
import contextlib
import threading
from typing import Self
from urllib.parse import urlsplit


class Proxy:
    """A proxy to be used in a `with` block; it goes wherever it is sent, as most do."""

    def __init__(self, *, password: str = "", names: dict[str, str] | None = None) -> None:
        """`password` is `user:password`; `names` are the hosts that it resolves by itself."""
        self.asked: list[tuple[str, str, dict[str, str]]] = []  # method, target, headers by small names
        self._password = password
        self._names = names or {}
        self.port = 0

    def __enter__(self) -> Self:
        """Start to listen."""
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._serve()), daemon=True)
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._visit, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.01)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = lines[0].split(" ")
            headers = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in lines[1:] if line}
            self.asked.append((method, target, headers))
            wanted = "Basic " + base64.b64encode(self._password.encode()).decode()
            if self._password and headers.get("proxy-authorization") != wanted:
                writer.write(b"HTTP/1.1 407 Password Wanted\r\nContent-Length: 0\r\n\r\n")
            else:
                await self._pass_on(method, target, lines, reader, writer)
        writer.close()

    async def _pass_on(
        self, method: str, target: str, lines: list[str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        host = self._names.get(parts.hostname or "", parts.hostname)
        there, out = await asyncio.open_connection(host, parts.port or 80)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        else:
            kept = [line for line in lines[1:] if not line.lower().startswith("proxy-")]
            path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
            out.write("\r\n".join([f"{method} {path} HTTP/1.1", *kept]).encode("latin-1"))
        await asyncio.wait([asyncio.ensure_future(_pump(reader, out)), asyncio.ensure_future(_pump(there, writer))],
                           return_when=asyncio.FIRST_COMPLETED)  # fmt: skip
        out.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
