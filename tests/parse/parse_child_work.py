"""What the tests let a reading child do instead of reading: each function is a way in which a document can go wrong."""

import ctypes
import os
import signal
import socket
import sys
import time
from pathlib import Path

from monitor.model import Job, Parsed, Reading, State


def obey(job: Job) -> Reading:
    """Do what the document says."""
    return globals()[job.body.decode().partition(" ")[0]](job) or said("done")


def said(text: str) -> Reading:
    return Reading(parsed=Parsed(state=State.OK, reason=text))


def rest(job: Job) -> Reading:
    return said(job.body.decode())


def burn(_: Job) -> None:
    while True:
        pass


def nap(_: Job) -> None:
    time.sleep(0.3)


def sleep(_: Job) -> None:
    time.sleep(60)


def hog(_: Job) -> None:
    kept = []
    while True:
        kept.append(bytearray(10_000_000))
        kept[-1][::4096] = b"x" * len(kept[-1][::4096])
        time.sleep(0.002)


def crash(_: Job) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave(_: Job) -> None:
    os._exit(3)


def fail(_: Job) -> None:
    raise KeyError("where")


def print_much(_: Job) -> None:
    print("noise" * 1000)
    sys.stdout.flush()
    os.write(1, b"more noise")


def nonsense(_: Job) -> object:
    return Parsed(state=State.OK)


def dial(job: Job) -> None:
    with socket.socket() as one:
        one.connect(("127.0.0.1", int(job.body.split()[1])))


def resolve(_: Job) -> None:
    socket.getaddrinfo("localhost", 80)


def write(job: Job) -> None:
    Path(job.body.decode().partition(" ")[2]).write_text("written")


def run(_: Job) -> None:
    os.system("true")


def fork(_: Job) -> None:
    os.fork()


def secrets(_: Job) -> Reading:
    return said(" ".join(sorted(os.environ)))


def modules(_: Job) -> Reading:
    return said(" ".join(sorted(sys.modules)))


def grow(_: Job) -> Reading:
    kept.append(bytearray(60_000_000))
    kept[-1][::4096] = b"x" * len(kept[-1][::4096])
    return said(str(os.getpid()))


kept: list[bytearray] = []


def pid(_: Job) -> Reading:
    return said(str(os.getpid()))


def forbid_limits() -> None:
    """Do to this process and its children what `SystemCallFilter=~@resources` does: setting limits answers EPERM."""
    calls = (160, 302, 141)  # setrlimit, prlimit64, setpriority on x86-64
    load, equal, answer = 0x20, 0x15, 0x06
    steps = [(load, 0, 0, 0)]
    steps += [(equal, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    steps += [(answer, 0, 0, 0x7FFF0000), (answer, 0, 0, 0x00050001)]

    class Step(ctypes.Structure):
        _fields_ = [("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint)]

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.POINTER(Step))]

    program = Program(len(steps), (Step * len(steps))(*[Step(*step) for step in steps]))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, seccomp, filtered = 38, 22, 2
    assert libc.prctl(no_new_privileges, 1, 0, 0, 0) == 0
    assert libc.prctl(seccomp, filtered, ctypes.byref(program)) == 0, ctypes.get_errno()
