"""Measures the work of a contender without its start-up, which a daemon pays once."""

import contextlib
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu() -> float:
    """Return the CPU seconds of this process and its children, living or ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    living = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    fields = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split() for child in living]
    return sum(one.ru_utime + one.ru_stime for one in used) + sum(int(f[11]) + int(f[12]) for f in fields) / TICKS


@contextlib.contextmanager
def measured() -> Iterator[None]:
    """Print wall and CPU seconds of a block, as the runner reads them."""
    start, before = time.perf_counter(), cpu()
    yield
    print(f"measured {time.perf_counter() - start:.4f} {cpu() - before:.4f}")
