"""The real `monitor run`, as systemd or a terminal starts it: reload, refusal, secrets, a clean stop."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.endtoend.conftest import RULES, SETTINGS, Home, Loopback, rss

TOKEN = "tok-3f9a7c1d"
BROKEN = RULES.replace("match:", "mtach:")
WIDER = RULES.replace("[troops, soldiers]", "[troops, soldiers, tanks]")


def set_up(home: Home, loopback: Loopback) -> None:
    home.env["HOOK_TOKEN"] = TOKEN
    home.write(
        "monitor.yaml",
        SETTINGS.format(port=loopback.port)
        + "channels:\n"
        + f'  desk: {{url: "json://127.0.0.1:{loopback.port}/hook/${{HOOK_TOKEN}}"}}\n'
        + f'  gone: {{url: "json://127.0.0.1:{loopback.port}/refused/${{HOOK_TOKEN}}"}}\n'
        + "alerts: {group_wait: 0}\n",
    )
    home.write("sources.yaml", f"sources:\n  - {{id: wire, url: '{loopback.url('/wire')}', interval: 1s}}\n")
    home.write("rules/border.yaml", RULES)
    loopback.serve("/wire", rss([("1", "Troops at the border", "Soldiers.")]))
    loopback.pages[f"/hook/{TOKEN}"] = lambda _: (200, {}, b"ok")


@contextmanager
def running(home: Home, *words: str) -> Iterator[subprocess.Popen[str]]:
    process = home.start("run", *words)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def log_of(home: Home) -> str:
    return (home.folder / "log.txt").read_text()


def until(true: Callable[[], bool], home: Home, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, log_of(home)
        time.sleep(0.05)


def told(loopback: Loopback, word: str) -> int:
    """Return how many messages with this word arrived at the channel that works."""
    with loopback.lock:
        return sum(
            command == "POST" and path.startswith("/hook") and word in body.decode()
            for command, path, _, body in loopback.requests
        )


def polled(loopback: Loopback, path: str) -> int:
    """Return how often an address was asked for."""
    with loopback.lock:
        return sum(asked == path for _, asked, _, _ in loopback.requests)


def test_it_says_at_once_what_it_does_and_ends_cleanly(home: Home, loopback: Loopback) -> None:
    set_up(home, loopback)
    with running(home) as process:
        until(lambda: "ready: " in log_of(home), home)
        first = log_of(home).splitlines()[0]
        assert "watches 1 source with 1 rule from" in first
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        assert time.monotonic() - began < 10
    assert "stopped" in log_of(home).splitlines()[-1]


@pytest.mark.slow
def test_a_broken_rule_is_told_once_while_the_old_one_works_on(home: Home, loopback: Loopback) -> None:
    set_up(home, loopback)
    with running(home) as process:
        until(lambda: home.database.exists() and "ready: " in log_of(home), home)
        home.write("rules/border.yaml", BROKEN)
        process.send_signal(signal.SIGHUP)
        until(lambda: told(loopback, "mtach") > 0, home)
        loopback.serve("/wire", rss([("2", "Soldiers seen at the frontier", "-"), ("1", "Troops at the border", "-")]))
        until(lambda: told(loopback, "Soldiers seen at the frontier") > 0, home)
        process.send_signal(signal.SIGHUP)
        until(lambda: log_of(home).count("reading the configuration again") >= 2, home)
        home.write("rules/border.yaml", WIDER)
        process.send_signal(signal.SIGHUP)
        until(lambda: "the new configuration is in use" in log_of(home), home)
        loopback.serve("/wire", rss([("3", "Tanks massing at the border", "-")]))
        until(lambda: told(loopback, "Tanks massing at the border") > 0, home)
        assert told(loopback, "mtach") == 1
        assert told(loopback, "Soldiers seen at the frontier") == 1


@pytest.mark.slow
def test_secrets_reach_the_service_and_no_file(home: Home, loopback: Loopback) -> None:
    set_up(home, loopback)
    with running(home, "--backfill", "-v") as process:
        until(lambda: told(loopback, "Troops at the border") == 1, home)
        until(lambda: any(path == f"/refused/{TOKEN}" for _, path, _, _ in loopback.requests), home)
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    for file in home.folder.rglob("*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes(), file


@pytest.mark.slow
def test_a_second_monitor_is_refused_and_status_knows_the_first(home: Home, loopback: Loopback) -> None:
    set_up(home, loopback)
    assert "not running" in home.run("once").stdout + home.run("status").stdout
    with running(home) as process:
        until(lambda: "ready: " in log_of(home), home)
        assert f"running (process {process.pid})" in home.run("status").stdout
        second = home.run("run")
        assert (second.returncode, f"process {process.pid}" in second.stderr) == (2, True)
        once = home.run("once")
        assert (once.returncode, "polls by itself" in once.stderr) == (0, True)
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    assert "not running; it last worked" in home.run("status").stdout


@pytest.mark.slow
def test_what_is_wrong_at_the_start_is_said_at_once(home: Home, loopback: Loopback) -> None:
    set_up(home, loopback)
    home.write("rules/broken.yaml", BROKEN.replace("id: border", "id: other"))
    del home.env["HOOK_TOKEN"]
    done = home.run("once")
    assert done.returncode == 1
    assert "a rule is not live: " in done.stderr
    assert "rules/broken.yaml:5:5: 'mtach'" in done.stderr
    assert "channel desk cannot send: ${HOOK_TOKEN} is not set" in done.stderr
    with running(home):
        until(lambda: "a rule is not live" in log_of(home) and "channel desk cannot send" in log_of(home), home)


# --- rules whose examples fail ---------------------------------------------------------------------------------------

PROVEN = """\
rules:
  - {id: border, match: {all: [[TERM], [border]]}, examples: {match: [Troops at the border]}}
  - {id: missile, match: {any: [OTHER]}}
"""


def proven(term: str, other: str) -> str:
    return PROVEN.replace("TERM", term).replace("OTHER", other)


@pytest.mark.slow
def test_a_rule_whose_examples_fail_keeps_its_old_version(home: Home, loopback: Loopback) -> None:
    set_up(home, loopback)
    home.write("rules/border.yaml", proven("troops", "missile"))
    with running(home) as process:
        until(lambda: polled(loopback, "/wire") > 1, home)
        home.write("rules/border.yaml", proven("tanks", "rocket"))
        process.send_signal(signal.SIGHUP)
        until(lambda: "the new configuration is in use" in log_of(home), home)
        news = [
            ("4", "Tanks at the border", "-"),
            ("3", "A rocket was seen", "-"),
            ("2", "Troops cross the border", "-"),
        ]
        loopback.serve("/wire", rss(news))
        until(lambda: told(loopback, "A rocket was seen") > 0, home)
        until(lambda: told(loopback, "Troops cross the border") > 0, home)
        assert told(loopback, "Tanks at the border") == 0
        process.send_signal(signal.SIGHUP)
        until(lambda: log_of(home).count("the new configuration is in use") >= 2, home)
        until(lambda: told(loopback, "fails its own examples") > 0, home)
        for command in ("status", "rules"):
            said = home.run(command)
            assert "an example fails; its old version stays" in said.stdout + said.stderr
        home.write("rules/border.yaml", proven("troops, tanks", "rocket"))
        process.send_signal(signal.SIGHUP)
        until(lambda: log_of(home).count("the new configuration is in use") >= 3, home)
        loopback.serve("/wire", rss([("5", "More tanks at the border", "-")]))
        until(lambda: told(loopback, "More tanks at the border") > 0, home)
        until(lambda: told(loopback, "fails its own examples") > 1, home)
        assert told(loopback, "fails its own examples") == 2, "once when it began, once when it was over"
        assert told(loopback, "Over: ") == 1
        assert "old version stays" not in home.run("status").stdout


@pytest.mark.slow
def test_at_a_start_a_rule_whose_examples_fail_is_live_and_told(home: Home, loopback: Loopback) -> None:
    set_up(home, loopback)
    home.write("rules/border.yaml", proven("tanks", "missile"))
    loopback.serve("/wire", rss([("1", "Tanks at the border", "-")]))
    done = home.run("once", "--backfill")
    assert (done.returncode, "rule border: an example fails; it is live all the same" in done.stderr) == (1, True)
    assert "1 hit, " in done.stdout
    assert told(loopback, "fails its own examples") == 1
    assert "does not match its example 'Troops at the border'" in home.run("rules").stderr
