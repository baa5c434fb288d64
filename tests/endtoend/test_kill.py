"""kill -9 of the real daemon while it polls and sends: nothing is lost, hardly anything repeated."""

import os
import random
import signal
import sqlite3
import time
from collections import Counter

import pytest

from tests.endtoend.conftest import RULES, SETTINGS, Home, Loopback, rss

KILLS = int(os.environ.get("MONITOR_KILLS", "50"))
SOURCES = 4


class Feeds:
    """Feeds that bring one new entry at every poll and keep the last hundred."""

    def __init__(self) -> None:
        self.served: dict[int, list[int]] = {number: [] for number in range(SOURCES)}
        self.growing = True

    def page(self, number: int) -> bytes:
        entries = self.served[number]
        if self.growing:
            entries.append(len(entries))
        items = [(f"{number}-{n}", title_of(number, n), "Soldiers.") for n in reversed(entries[-100:])]
        return rss(items, f"http://wire{number}.example/")


def title_of(number: int, n: int) -> str:
    """Name places that nothing else names, so that each entry is an event and a message of its own."""
    draw = random.Random(number * 100_000 + n)
    one, two, three = ("".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(4)) for _ in "123")
    return f"{one.title()} and {two.title()}: troops at the border of {three.title()} {number}-{n}"


def set_up(home: Home, loopback: Loopback, feeds: Feeds) -> None:
    home.write(
        "monitor.yaml",
        SETTINGS.format(port=loopback.port).replace("backfill: true", "")
        + f'channels: {{desk: {{url: "json://127.0.0.1:{loopback.port}/hook", digest_above: 100000}}}}\n'
        + "alerts: {group_wait: 0}\n",
    )
    lines = [f"  - {{id: s{number}, url: '{loopback.url(f'/{number}')}', interval: 1s}}" for number in range(SOURCES)]
    home.write("sources.yaml", "sources:\n" + "\n".join(lines) + "\n")
    home.write("rules/border.yaml", RULES)
    for number in range(SOURCES):
        loopback.pages[f"/{number}"] = lambda _, number=number: (200, {"Content-Type": "text/xml"}, feeds.page(number))
    loopback.pages["/hook"] = lambda _: (200, {}, b"ok")


def check_invariants(home: Home) -> None:
    with sqlite3.connect(home.database) as db:
        assert db.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert db.execute("pragma foreign_key_check").fetchall() == []
        unexplained = db.execute(
            "select h.article_id from hits h join story_articles sa on sa.article_id = h.article_id "
            "where sa.story_id not in (select story_id from alerts where story_id is not null) "
            "and sa.story_id not in (select story_id from decisions)"
        ).fetchall()
        assert unexplained == []
        assert db.execute(
            "select count(*) from hits where article_id not in (select article_id from story_articles)"
        ).fetchone() == (0,)


def wait_for(condition: "callable", seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
def test_kill_nine_loses_nothing(home: Home, loopback: Loopback) -> None:
    feeds, draw = Feeds(), random.Random(5)
    set_up(home, loopback, feeds)
    assert home.run("once", "--all").returncode == 0  # primes the sources: what comes now is news
    for _ in range(KILLS):
        before = len(loopback.requests)
        daemon = home.start("run")
        wait_for(lambda before=before: len(loopback.requests) > before, 20)
        time.sleep(draw.uniform(0.0, 1.5))
        daemon.send_signal(signal.SIGKILL)
        daemon.wait(10)
        check_invariants(home)
    feeds.growing = False
    before = len(loopback.requests)
    daemon = home.start("run")
    try:
        assert wait_for(lambda: len(loopback.requests) > before, 20)  # from now on it knows the signals
        wanted = {title_of(n, e) for n, entries in feeds.served.items() for e in entries}

        def settled() -> bool:
            with sqlite3.connect(home.database) as db:
                stored = {title for (title,) in db.execute("select title from articles")}
                waiting = db.execute("select count(*) from deliveries where state not in ('sent')").fetchone()[0]
            return stored >= wanted and not waiting

        assert wait_for(settled, 120), (home.folder / "log.txt").read_text()[-3000:]
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(10) == 0
    finally:
        if daemon.poll() is None:
            daemon.kill()
    check_invariants(home)
    with sqlite3.connect(home.database) as db:
        keys = {key for (key,) in db.execute("select key from deliveries")}
        hits = db.execute("select count(*) from hits").fetchone()[0]
    got = Counter(str(message["key"]) for message in loopback.received())
    assert hits == len(wanted)
    assert set(got) == keys
    repeats = sum(got.values()) - len(got)
    print(f"{KILLS} kills: {len(wanted)} articles, {len(keys)} deliveries, {repeats} repeats")
    assert repeats <= KILLS
