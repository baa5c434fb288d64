"""EDGE: has documents read in child processes with limits, so that no document stops or stalls the daemon.

A child takes one job at a time over a pipe (`frames`), and lives on to the next one (`worker`), which lies in the pipe
already where there is much to do. It limits its own CPU time and memory; the daemon waits so long and no longer. A
child that dies or hangs is replaced: the document's source is told why, and the next job is given to the new child.
"""

import asyncio
import contextlib
import itertools
import json
import os
import pickle
import signal
import sys
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.model import Job, Parsed, Reading, State
from monitor.parse import frames

if TYPE_CHECKING:  # settings bring pydantic, which what only reads shall not load
    from monitor.settings import Limits

WORK = "monitor.reading:read"  # what the children do with a job
# Isolated (-I): no PYTHON* variable and no file in the working directory changes what a child loads.
START = """import json, sys
words = json.loads(sys.argv[1])
sys.path[:] = words["path"]
from monitor.parse.worker import main
main(words)"""
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH")  # all that a child gets: no secrets
AHEAD = 2  # jobs that a child is given: the one that it reads, and the next, so that it need not wait for it
MEMORY_EXIT = 77  # the exit code of a child that outgrew its memory where the system lets it set no limit


class Readers:
    """A pool of reading children; `read` never raises, but for being cancelled."""

    def __init__(self, *, limits: "Limits", workers: int = 1, work: str = WORK) -> None:
        """Start no process before the first document. `work` is `module:function`, from a Job to a Reading."""
        self._children = [_Child(limits, work) for _ in range(workers)]  # the one that was taken last is the first
        self._places = asyncio.Semaphore(workers * AHEAD)

    async def read(self, job: Job) -> Reading:
        """Return what a document holds; a crash or a limit is a reading of state BROKEN."""
        async with self._places:
            # Of those that have least to do, the one that was taken last: it is warm, the others need not be started.
            child = min(self._children, key=lambda child: child.waiting)
            self._children.remove(child)
            self._children.insert(0, child)
            return await child.read(job)

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the children that run."""
        return tuple(pid for child in self._children if (pid := child.pid) is not None)

    async def aclose(self) -> None:
        """End the children; whoever waits for one is told so."""
        await asyncio.gather(*(child.close() for child in self._children))


@dataclass(slots=True)
class _Asked:
    """A job that waits for its answer."""

    frame: bytes
    answer: "asyncio.Future[Reading]"
    sent: bool = False  # to the process that runs now


class _Child:
    """One child process, started when there is something to read."""

    def __init__(self, limits: "Limits", work: str) -> None:
        self._limits = limits
        self._work = work
        self._process: asyncio.subprocess.Process | None = None
        self._lifeline: int | None = None  # our end of a pipe that closes when we die, and the child with us
        self._asked: deque[_Asked] = deque()  # the first is the one that is read
        self._turns: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        alive = self._process and self._process.returncode is None
        return self._process.pid if self._process and alive else None

    @property
    def waiting(self) -> int:
        """How many jobs wait for their answer."""
        return len(self._asked)

    async def read(self, job: Job) -> Reading:
        """Return what a document holds; one whose caller is cancelled is read, and its answer left lying."""
        asked = _Asked(frames.frame(job), asyncio.get_running_loop().create_future())
        self._asked.append(asked)
        if self._turns is None:
            self._turns = asyncio.create_task(self._take_turns())
        else:
            self._send()
        return await asked.answer

    async def close(self) -> None:
        """End for good."""
        self._closed = True
        await self._end()
        if self._turns:
            await self._turns

    async def _take_turns(self) -> None:
        """Answer one job after the other, until there is none."""
        while self._asked:
            reading = await self._turn()
            asked = self._asked.popleft()
            if not asked.answer.done():
                asked.answer.set_result(reading)
        self._turns = None

    async def _turn(self) -> Reading:
        """Return the reading of the first job; whatever goes wrong ends the process."""
        if self._closed:
            return _broken("the reader was closed before it came to this document")
        try:
            async with asyncio.timeout(self._limits.parse_wall):
                return await self._answer()
        except TimeoutError:
            reason = f"reading took longer than {self._limits.parse_wall:g} seconds and was stopped"
        except (EOFError, ConnectionError):
            reason = await self._why_it_died()
        except OSError as error:
            reason = f"no reader could be started: {error}"
        except (pickle.PickleError, AttributeError, LookupError, TypeError, ValueError) as error:
            reason = f"the reader's answer is not understood: {error}"
        await self._end()
        return _broken(reason)

    async def _answer(self) -> Reading:
        process = await self._running()
        assert process.stdout
        self._send()
        size, last = frames.head(await process.stdout.readexactly(frames.HEAD.size))
        answer = frames.loads(await process.stdout.readexactly(size))
        if last:
            await self._end()
        if not isinstance(answer, Reading):
            raise pickle.UnpicklingError(f"a {type(answer).__name__} is no reading")
        return answer

    def _send(self) -> None:
        """Put the next jobs into the pipe; what it cannot hold yet waits in memory, for it is no more than `AHEAD`."""
        if self._process is None or self._process.stdin is None:
            return
        for asked in itertools.islice(self._asked, AHEAD):
            if not asked.sent:
                asked.sent = True
                self._process.stdin.write(asked.frame)

    async def _running(self) -> asyncio.subprocess.Process:
        """Return the process; one that died while it had nothing to do is replaced and costs no document."""
        if self._process and (self._process.returncode is not None or _at_end(self._process)):
            await self._end()
        if not self._process:
            theirs, self._lifeline = os.pipe()
            try:
                self._process = await self._start(theirs)
            finally:
                os.close(theirs)
        return self._process

    async def _start(self, lifeline: int) -> asyncio.subprocess.Process:
        words = {
            "path": [path or os.getcwd() for path in sys.path],
            "work": self._work,
            "cpu": self._limits.parse_cpu,
            "memory": self._limits.parse_memory,
            "lifeline": lifeline,
        }
        return await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-c", START, json.dumps(words),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, pass_fds=(lifeline,),
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        )  # fmt: skip

    async def _why_it_died(self) -> str:
        code = None
        if self._process:
            with contextlib.suppress(TimeoutError):
                code = await asyncio.wait_for(self._process.wait(), 2)
        if code in (-signal.SIGXCPU, -signal.SIGPROF):
            return f"reading used more than {self._limits.parse_cpu:g} seconds of CPU and was stopped"
        if code == MEMORY_EXIT:
            return "reading needed more memory than it may have"
        how = "" if code is None else f" ({_words(code)})"
        return f"the reader died on this document{how}"

    async def _end(self) -> None:
        """Kill the process, if there is one; the next job starts another."""
        process, self._process = self._process, None
        lifeline, self._lifeline = self._lifeline, None
        for asked in self._asked:
            asked.sent = False
        try:
            if process and process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await asyncio.shield(process.wait())
        finally:
            if lifeline is not None:  # only now: it would end the child beside asyncio, which wants to do that itself
                os.close(lifeline)


def _at_end(process: asyncio.subprocess.Process) -> bool:
    return process.stdout is not None and process.stdout.at_eof()


def _words(code: int) -> str:
    with contextlib.suppress(ValueError):
        return f"exit {code}" if code >= 0 else signal.Signals(-code).name
    return f"signal {-code}"


def _broken(reason: str) -> Reading:
    return Reading(parsed=Parsed(state=State.BROKEN, reason=reason))
