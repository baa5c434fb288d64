"""End to end: the daily case, the first poll and nothing new, against `reader`, newsboat and a floor.

Every contender is a process of its own on the same 500 feeds from nginx on loopback. What is measured is its polling,
without its start-up, which a daemon pays once (newsboat is measured whole; its start-up is small). Rounds alternate
between contenders; medians are compared.
"""

import json
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.world import World, served, vocabulary

HERE = Path(__file__).parent
Times = dict[str, list[tuple[float, float]]]  # by contender: wall and CPU seconds of each round
COMMON = 430  # words of the vocabulary that stand in more than 3 % of the articles
PEERS_PYTHON = os.environ.get("MONITOR_BENCH_PEERS", sys.executable)  # has `reader` and `pycurl`


@dataclass
class Contender:
    """One program with its own folder; `command` polls everything once."""

    name: str
    folder: Path
    urls: list[str]
    prepare: Callable[["Contender"], None]
    command: Callable[["Contender"], list[str]]
    env: dict[str, str] = field(default_factory=dict)

    def run(self) -> tuple[float, float]:
        """Poll once; return wall and CPU seconds, by its own clock where it has one."""
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(
            self.command(self),
            capture_output=True,
            text=True,
            timeout=900,
            cwd=self.folder,
            env={**os.environ, **self.env},
        )
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise RuntimeError(f"{self.name}: exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        if found := re.search(r"^measured ([\d.]+) ([\d.]+)$", done.stdout, re.MULTILINE):
            return float(found[1]), float(found[2])
        return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rules(count: int = 100) -> str:
    """Return rules of a realistic shape: AND of two or three groups of three to eight terms, some exclusions.

    Their words stand in at most 3 % of the articles each: nobody watches for what stands in every other one.
    """
    draw, words, lines = random.Random(7), vocabulary()[COMMON:], ["rules:"]
    for number in range(count):
        groups = [{"any": draw.sample(words, draw.randint(3, 8))} for _ in range(draw.randint(2, 3))]
        match: dict[str, object] = {"all": groups}
        if draw.random() < 0.3:
            match["not"] = draw.sample(words, 2)
        lines.append(
            f"  - {json.dumps({'id': f'rule-{number}', 'name': f'Rule {number}', 'severity': 'low', 'match': match})}"
        )
    return "\n".join(lines) + "\n"


def prepare_monitor(one: Contender) -> None:
    """Write a configuration with the feeds and 100 rules."""
    (one.folder / "rules").mkdir()
    (one.folder / "monitor.yaml").write_text(
        'network: {allow: ["127.0.0.0/8"], ports: [' + one.urls[0].split(":")[2].split("/")[0] + "]}\n"
        "retention: {free_space: 1M}\n"
    )
    (one.folder / "sources.yaml").write_text("sources:\n" + "".join(f"  - url: {url}\n" for url in one.urls))
    (one.folder / "rules" / "bench.yaml").write_text(rules())


def prepare_list(one: Contender) -> None:
    """Write a plain list of URLs."""
    (one.folder / "urls").write_text("\n".join(one.urls) + "\n")
    (one.folder / "config").write_text("reload-threads 50\n")


def prepare_reader(one: Contender) -> None:
    """Write the list and let reader take it up."""
    prepare_list(one)
    script = str(HERE / "contenders" / "lemon_reader.py")
    subprocess.run([PEERS_PYTHON, script, "reader.db", "urls", "add"], check=True, cwd=one.folder, capture_output=True)


def contenders(world: World, folder: Path) -> Iterator[Contender]:
    """Make every contender that can run on this machine."""
    scripts = HERE / "contenders"
    made: list[tuple[str, Callable[[Contender], None], Callable[[Contender], list[str]]]] = [
        (
            "monitor",
            prepare_monitor,
            lambda _: [sys.executable, str(scripts / "ours.py"), "."],
        ),
        ("reader", prepare_reader, lambda _: [PEERS_PYTHON, str(scripts / "lemon_reader.py"), "reader.db", "urls"]),
        (
            "newsboat",
            prepare_list,
            lambda _: ["newsboat", "-x", "reload", "-u", "urls", "-c", "cache.db", "-C", "config"],
        ),
        ("floor", prepare_list, lambda _: [PEERS_PYTHON, str(scripts / "floor.py"), "floor.db", "urls"]),
    ]
    for name, prepare, command in made:
        if name == "newsboat" and not shutil.which("newsboat"):
            continue
        (folder / name).mkdir()
        one = Contender(
            name,
            folder / name,
            world.urls(),
            prepare,
            command,
            {"HOME": str(folder / name), "PYTHONPATH": str(HERE.parents[1])},
        )
        prepare(one)
        yield one


def run(feeds: int = 500, rounds: int = 3) -> list[dict[str, object]]:
    """Return a row a phase and contender: polls or entries a second, CPU, and the ratio of monitor to it."""
    with tempfile.TemporaryDirectory() as name, served(Path(name), feeds) as world:
        world.write(0)
        first: Times = {}
        everyone: list[Contender] = []
        for number in range(rounds):  # each first poll begins with nothing
            folder = Path(name) / f"contenders{number}"
            folder.mkdir()
            everyone = list(contenders(world, folder))
            _take_turns(everyone, first)
        same: Times = {}
        for _ in range(rounds):
            _take_turns(everyone, same)
        daily: Times = {}
        for number in range(rounds):
            world.write(number + 1)
            _take_turns(everyone, daily)
        return [
            *_rows("first poll, entries/s", first, feeds * 30),
            *_rows("nothing new (304), polls/s", same, feeds),
            *_rows("daily (2 new of 30), polls/s", daily, feeds),
        ]


def _take_turns(everyone: Iterable[Contender], times: Times) -> None:
    """Let each contender poll once; none pays for what another one left to be written to the disk."""
    for one in everyone:
        os.sync()
        times.setdefault(one.name, []).append(one.run())


def _rows(phase: str, times: Times, work: int) -> list[dict[str, object]]:
    walls = {name: statistics.median(wall for wall, _ in took) for name, took in times.items()}
    return [
        {
            "phase": phase,
            "contender": name,
            "per_second": round(work / walls[name], 1),
            "cpu_ms_each": round(1000 * statistics.median(cpu for _, cpu in took) / work, 2),
            "monitor_is": round(walls[name] / walls["monitor"], 2),
        }
        for name, took in times.items()
    ]
