"""EDGE: reads documents in child processes with limits, so that no document stops or stalls the daemon.

A child takes one job at a time over a pipe: a length, then a pickle of our own classes. Before each job it sets its CPU
limit to what it has used plus the job's share; its address space is limited once. The parent waits so long and no
longer; a child that dies or hangs is replaced, and the document's source is told why.
"""

import asyncio
import contextlib
import importlib
import io
import os
import pickle
import resource
import signal
import struct
import sys
from enum import Enum
from typing import TYPE_CHECKING, Any, BinaryIO

from monitor.model import Job, Parsed, Reading, State

if TYPE_CHECKING:  # the child shall not load what it does not need
    from monitor.settings import Limits

LENGTH = struct.Struct(">I")
ALLOWED = ("monitor.model",)
WORK = "monitor.reading"  # the module whose `read` the child calls


class Readers:
    """A pool of reading children; `read` never raises."""

    def __init__(self, *, limits: "Limits", workers: int = 1) -> None:
        """Start no process before the first document."""
        self._limits = limits
        self._idle: asyncio.LifoQueue[_Child] = asyncio.LifoQueue()
        self._children = [_Child(limits) for _ in range(workers)]
        for child in self._children:
            self._idle.put_nowait(child)

    async def read(self, job: Job) -> Reading:
        """Return a `Reading`; a crash or a limit is a reading of state BROKEN."""
        child = await self._idle.get()
        try:
            return await child.read(job)
        finally:
            self._idle.put_nowait(child)

    async def aclose(self) -> None:
        """End the children."""
        await asyncio.gather(*(child.end() for child in self._children))


class _Child:
    """One child process."""

    def __init__(self, limits: "Limits") -> None:
        self._limits = limits
        self._process: asyncio.subprocess.Process | None = None

    async def read(self, job: Job) -> Reading:
        try:
            async with asyncio.timeout(self._limits.parse_wall):
                return await self._ask(job)
        except TimeoutError:
            reason = f"reading took longer than {self._limits.parse_wall:.0f} seconds and was stopped"
        except (OSError, EOFError, asyncio.IncompleteReadError):
            reason = await self._why_it_died()
        except pickle.UnpicklingError as error:
            reason = f"the reader answered nonsense: {error}"
        except asyncio.CancelledError:
            await self.end()
            raise
        await self.end()
        return _broken(reason)

    async def _ask(self, job: Job) -> Reading:
        process = self._process or await self._start()
        assert process.stdin
        assert process.stdout
        question = pickle.dumps(job, pickle.HIGHEST_PROTOCOL)
        process.stdin.write(LENGTH.pack(len(question)) + question)
        await process.stdin.drain()
        (size,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        reading: Reading = loads(await process.stdout.readexactly(size))
        return reading

    async def _start(self) -> asyncio.subprocess.Process:
        words = [str(int(self._limits.parse_cpu)), str(self._limits.parse_memory)]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "monitor.parse.child", *words,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**26,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )  # fmt: skip
        return self._process

    async def _why_it_died(self) -> str:
        code = None
        if self._process:
            with contextlib.suppress(TimeoutError):
                code = await asyncio.wait_for(self._process.wait(), 2)
        if code == -signal.SIGXCPU:
            return f"reading used more than {self._limits.parse_cpu:.0f} seconds of CPU and was stopped"
        return f"the reader died on this document (exit {code})"

    async def end(self) -> None:
        """Kill the process, if there is one; the next job starts another."""
        process, self._process = self._process, None
        if process and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _broken(reason: str) -> Reading:
    return Reading(parsed=Parsed(state=State.BROKEN, reason=reason))


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Know our own classes only: neither what their modules import, nor what hangs on them behind a dot."""
        if (module, name) == ("builtins", "getattr"):
            return _member
        if module == "builtins" and name in {"frozenset", "set"}:
            return super().find_class(module, name)
        found = super().find_class(module, name) if module in ALLOWED and "." not in name else None
        if not isinstance(found, type) or found.__module__ != module:
            raise pickle.UnpicklingError(f"{module}.{name} is not expected")
        return found


def _member(kind: Any, name: Any) -> Any:
    """Return a member of an enumeration: Python 3.11.0 to 3.11.3 pickle it as `getattr(kind, name)`."""
    if not (isinstance(kind, type) and issubclass(kind, Enum)):
        raise pickle.UnpicklingError("getattr is expected for enumerations only")
    return kind[name]


def loads(data: bytes) -> Any:
    """Unpickle values of our own classes; UnpicklingError for anything else."""
    return _Unpickler(io.BytesIO(data)).load()


def _refuse_network(event: str, _: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.bind", "socket.getaddrinfo"}:
        raise PermissionError("a document is read without a network")


def _limit(kind: int, amount: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # a sandbox may forbid it: the wall limit still holds
        resource.setrlimit(kind, (amount, resource.getrlimit(kind)[1]))


def _frames(stream: BinaryIO) -> Any:
    while len(head := stream.read(LENGTH.size)) == LENGTH.size:
        yield loads(stream.read(LENGTH.unpack(head)[0]))


def serve(cpu: int, memory: int) -> None:
    """Read jobs from standard input until it ends."""
    read = importlib.import_module(WORK).read

    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the frames
    _limit(resource.RLIMIT_AS, memory)
    with contextlib.suppress(OSError):
        os.nice(5)
    sys.addaudithook(_refuse_network)
    for job in _frames(questions):
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + max(1, cpu))
        try:
            reading = read(job)
        except MemoryError:
            reading = Reading(parsed=Parsed(state=State.BROKEN, reason="reading needed more memory than it may have"))
        except Exception as error:  # the document's own fault, told to its source
            reading = Reading(parsed=Parsed(state=State.BROKEN, reason=f"{type(error).__name__}: {error}"[:300]))
        answer = pickle.dumps(reading, pickle.HIGHEST_PROTOCOL)
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(BrokenPipeError):
        serve(int(sys.argv[1]), int(sys.argv[2]))
