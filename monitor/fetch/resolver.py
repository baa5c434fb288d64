"""EDGE: name service in threads of its own, with a limit and a short memory, so that a slow resolver stalls nobody.

`getaddrinfo` cannot be interrupted. A look-up that passes its limit is left behind in its thread, which is a daemon
thread, so that it neither keeps a place nor holds up the end of the program.
"""

import asyncio
import contextlib
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Collection
from typing import Any

LIMIT = 5.0  # seconds for one look-up
AT_ONCE = 32  # look-ups that are waited for
ABANDONED = 256  # threads that may still hang in look-ups nobody waits for
REMEMBERED = 60.0  # seconds that an answer is remembered
FAILED = 10.0  # seconds that a failure is remembered
ENTRIES = 20_000

Answers = list[str]  # addresses
# address, host, port, ports that need no exception (None = every port); raises what is to be raised for a refused one
Check = Callable[[str, str, int, Collection[int] | None], None]


class Resolver:
    """Resolves by the system's resolver and gives only addresses that may be dialled."""

    def __init__(self, check: Check, *, limit: float = LIMIT) -> None:
        """`check` judges each answer; `limit` is in seconds."""
        self._check = check
        self._limit = limit
        self._places = asyncio.Semaphore(AT_ONCE)
        self._abandoned = 0
        self._memory: dict[str, tuple[float, Answers | OSError]] = {}

    async def resolve(self, host: str, port: int = 0, ports: Collection[int] | None = None) -> Answers:
        """Return the addresses of a host; all of them must be allowed, so that no answer hides another."""
        answers = [host] if is_literal(host) else await self._answers(host)
        for address in answers:
            self._check(address, host, port, ports)
        return answers

    async def _answers(self, host: str) -> Answers:
        until, known = self._memory.get(host, (0.0, None))
        if known is None or until < time.monotonic():
            known = await self._ask(host)
            self._remember(host, known)
        if isinstance(known, OSError):
            raise known.with_traceback(None)
        return known

    def _remember(self, host: str, answers: Answers | OSError) -> None:
        if len(self._memory) >= ENTRIES:
            self._memory.clear()
        self._memory[host] = time.monotonic() + (FAILED if isinstance(answers, OSError) else REMEMBERED), answers

    async def _ask(self, host: str) -> Answers | OSError:
        async with self._places:
            if self._abandoned >= ABANDONED:
                return socket.gaierror(socket.EAI_AGAIN, "the resolver hangs")
            answer = _in_thread(host)
            try:
                return await asyncio.wait_for(asyncio.shield(answer), self._limit)
            except TimeoutError:
                return socket.gaierror(socket.EAI_AGAIN, f"no answer within {self._limit:.0f} seconds")
            finally:
                if not answer.done():
                    self._abandoned += 1
                    answer.add_done_callback(self._found_its_way_back)

    def _found_its_way_back(self, _: object) -> None:
        self._abandoned -= 1


def _in_thread(host: str) -> "asyncio.Future[Answers | OSError]":
    """Start a look-up in a thread of its own."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Answers | OSError] = loop.create_future()

    def settle(answer: Answers | OSError) -> None:
        if not future.done():
            future.set_result(answer)

    def work() -> None:
        answer = look_up(host)
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, answer)

    threading.Thread(target=work, name=f"dns {host[:40]}", daemon=True).start()
    return future


def look_up(host: str) -> Answers | OSError:
    """Ask the system's resolver; the error is returned, since it is remembered, too."""
    try:
        found: list[Any] = socket.getaddrinfo(host, None, socket.AF_UNSPEC, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)
    except OSError as error:
        return error
    except (UnicodeError, ValueError) as error:
        return socket.gaierror(socket.EAI_NONAME, f"not a name that can be looked up: {error}")
    # Without the scope of a link-local address, which is refused anyway.
    return list(dict.fromkeys(str(address[0]).partition("%")[0] for _, _, _, _, address in found))


def is_literal(host: str) -> bool:
    """Tell whether a host is an address already."""
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(host)
        return True
    return False
