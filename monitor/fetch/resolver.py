"""EDGE: name service in threads of its own, with a limit and a short memory, so that a slow resolver stalls nobody."""

import asyncio
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.fetch.guard import Allow, refusal

THREADS = 32
LIMIT = 5.0  # seconds
REMEMBERED = 60.0  # seconds
FAILED = 10.0  # seconds that a failure is remembered
ENTRIES = 20_000


class Refused(OSError):
    """The address guard refused every answer."""


class Resolver(AbstractResolver):
    """Resolves by the system's resolver and gives only addresses that may be dialled."""

    def __init__(self, allow: Allow) -> None:
        """`allow` are the exceptions from the guard."""
        self._allow = allow
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="dns")
        self._memory: dict[tuple[str, int], tuple[float, list[Any] | OSError]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a host; all of them must be allowed, so that no answer hides another."""
        answers = await self._answers(host, port, family)
        found: list[ResolveResult] = []
        for kind, _, proto, _, address in answers:
            literal = str(address[0])
            if reason := refusal(literal, allow=self._allow, host=host, port=port):
                raise Refused(reason)
            found.append(
                ResolveResult(
                    hostname=host, host=literal, port=port, family=kind, proto=proto, flags=socket.AI_NUMERICHOST
                )
            )
        return found

    async def _answers(self, host: str, port: int, family: socket.AddressFamily) -> list[Any]:
        now = time.monotonic()
        until, known = self._memory.get((host, port), (0.0, None))
        if known is None or until < now:
            known = await self._ask(host, port, family)
            if len(self._memory) > ENTRIES:
                self._memory.clear()
            self._memory[host, port] = (now + (FAILED if isinstance(known, OSError) else REMEMBERED), known)
        if isinstance(known, OSError):
            raise known
        return known

    async def _ask(self, host: str, port: int, family: socket.AddressFamily) -> list[Any] | OSError:
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._threads, lambda: socket.getaddrinfo(host, port, family, socket.SOCK_STREAM))
        try:
            return await asyncio.wait_for(work, LIMIT)
        except TimeoutError:
            return socket.gaierror(socket.EAI_AGAIN, f"no answer within {LIMIT:.0f} seconds")
        except (OSError, UnicodeError) as error:
            return error if isinstance(error, OSError) else socket.gaierror(socket.EAI_NONAME, str(error))

    async def close(self) -> None:
        """Let the threads go; one that hangs ends with its resolver's own limit."""
        self._threads.shutdown(wait=False, cancel_futures=True)
