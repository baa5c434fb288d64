"""The daemon at rest: resident memory with 5,000 sources, and the share of a core that it takes when nothing is due."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCES = 5000
WINDOW = 20.0  # seconds of rest that are measured
TICKS = os.sysconf("SC_CLK_TCK")


def processes(root: int) -> list[int]:
    """Return a process and its children."""
    children = Path(f"/proc/{root}/task/{root}/children").read_text().split()
    return [root, *(int(child) for child in children)]


def resident(process: int) -> float:
    """Return a process's resident memory in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu(process: int) -> float:
    """Return the CPU seconds that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def configure(folder: Path, urls: list[str]) -> None:
    """Write a configuration; every source has been polled lately, so that nothing is due."""
    (folder / "rules").mkdir()
    (folder / "monitor.yaml").write_text("retention: {free_space: 1M}\npolling: {first_interval: 6h}\n")
    (folder / "sources.yaml").write_text("sources:\n" + "".join(f"  - url: {url}\n" for url in urls))


def run() -> list[dict[str, object]]:
    """Start the daemon with 5,000 sources that are not due, and watch it rest."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        configure(folder, [f"https://host{number}.example/feed.xml" for number in range(SOURCES)])
        command = [sys.executable, "-m", "monitor", "--config", str(folder)]
        subprocess.run([*command, "sources", "--json"], check=False, capture_output=True)
        delay_everything(folder)
        daemon = subprocess.Popen([*command, "run"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(8)
            before = {one: cpu(one) for one in processes(daemon.pid)}
            time.sleep(WINDOW)
            after = {one: cpu(one) for one in processes(daemon.pid)}
            used = sum(after[one] - before.get(one, 0.0) for one in after)
            return [
                {"what": "sources", "value": SOURCES},
                {"what": "resident MB, daemon", "value": round(resident(daemon.pid), 1)},
                {"what": "resident MB, with its parser", "value": round(sum(map(resident, after)), 1)},
                {"what": "CPU at rest, % of a core", "value": round(100 * used / WINDOW, 2)},
            ]
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(15)


def delay_everything(folder: Path) -> None:
    """Make the database, and put every source's next poll a few hours away."""
    from monitor.config import load
    from monitor.store import Store

    config = load(folder)
    with Store.open(folder / "monitor.db") as store:
        store.sources.sync(config.sources, time.time())
        from dataclasses import replace

        store.sources.save(
            [replace(state, next_due=time.time() + 6 * 3600) for state in store.sources.states().values()]
        )
