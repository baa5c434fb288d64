"""EDGE: the child process that reads one document after the other, within limits that it sets itself.

It needs no thread, no foreign library and no executable memory: a hardened unit may forbid those. Where a sandbox
forbids `setrlimit`, too, a timer stands in for the CPU limit and a watching thread for the memory limit.
"""

import contextlib
import fcntl
import gc
import importlib
import math
import os
import resource
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from monitor.model import Job, Parsed, Reading, State
from monitor.parse import frames
from monitor.parse.child import MEMORY_EXIT

NICENESS = 5  # the daemon itself goes first
RETIRE_SHARE = 3  # a child that keeps more than its memory limit divided by this ends after the answer
WATCH_EVERY = 0.05  # seconds
PAGE = resource.getpagesize()
NETWORK = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethost")
PROCESSES = ("subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork", "os.startfile", "pty.")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def main(words: dict[str, Any]) -> None:
    """Read jobs from standard input until it ends, and answer on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the daemon, which ends us
    for number in (signal.SIGIO, signal.SIGPROF, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)  # each ends a process
    with contextlib.suppress(BrokenPipeError):
        die_with_parent(int(words["lifeline"]))
        serve(words["work"], cpu=float(words["cpu"]), memory=int(words["memory"]))


def serve(work: str, *, cpu: float, memory: int) -> None:
    """Set the limits, load what is needed, and answer each job."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the frames
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    limit_memory(memory)
    name, _, function = work.partition(":")
    module = importlib.import_module(name)
    read: Callable[[Job], Reading] = getattr(module, function)
    getattr(module, "warm_up", int)()
    sys.addaudithook(refuse)
    # What is loaded by now stays: collecting garbage need not look at it, nor after each few hundred values of a feed.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    for job in jobs(questions):
        with limited_cpu(cpu):
            reading = attempt(read, job)
        last = resident() > memory // RETIRE_SHARE
        answers.write(frames.frame(reading, last=last))
        answers.flush()
        if last:
            return


def attempt(read: Callable[[Job], Reading], job: Job) -> Reading:
    """Read a document; what goes wrong is its own fault, and told to its source."""
    try:
        return read(job)
    except MemoryError:
        reason = "reading needed more memory than it may have"
    except Exception as error:
        reason = f"reading failed: {type(error).__name__}: {error}"[:300]
    return Reading(parsed=Parsed(state=State.BROKEN, reason=reason))


def jobs(stream: BinaryIO) -> Iterator[Job]:
    """Return one job after the other, until the daemon closes its end."""
    while len(head := stream.read(frames.HEAD.size)) == frames.HEAD.size:
        size, _ = frames.head(head)
        body = stream.read(size)
        if len(body) < size:
            return
        yield frames.loads(body)


def die_with_parent(lifeline: int) -> None:
    """Let the kernel end us when the daemon dies: its end of this pipe closes, which is a SIGIO.

    The daemon never writes to it. On the pipe of the jobs the signal might also come for a job: the kernel sends it
    after the bytes can be read, by when we may be at work already.
    """
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([lifeline], [], [], 0)[0]:  # it died before the kernel was asked
        raise BrokenPipeError


@contextlib.contextmanager
def limited_cpu(seconds: float) -> Iterator[None]:
    """Let the kernel end us after some CPU seconds: by RLIMIT_CPU, and by a timer for parts of a second."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    with contextlib.suppress(OSError, ValueError):  # a sandbox may forbid it, but not the timer
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = math.ceil(used.ru_utime + used.ru_stime + seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))
    signal.setitimer(signal.ITIMER_PROF, seconds)  # SIGPROF, which ends a process
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def limit_memory(most: int) -> None:
    """Limit the address space; where that is forbidden, say so once and let a thread watch instead."""
    try:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most if hard < 0 else min(most, hard), hard))
    except (OSError, ValueError) as error:
        print(f"reader: no memory limit can be set ({error}); watching it instead", file=sys.stderr, flush=True)
        threading.Thread(target=_watch_memory, args=(most,), daemon=True).start()


def _watch_memory(most: int) -> None:
    while resident() <= most:
        time.sleep(WATCH_EVERY)
    os._exit(MEMORY_EXIT)


def resident() -> int:
    """Return the bytes of memory that this process holds; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * PAGE
    except (OSError, IndexError, ValueError):
        return 0


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse network, programs and writing: a document is read without them, and a hole in a parser ends here."""
    if event.startswith(NETWORK) or event.startswith(PROCESSES):
        raise PermissionError(f"a document is read without {event}")
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
        raise PermissionError("a document is read without writing files")
