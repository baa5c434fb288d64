"""Two sources report one event to the real program over HTTP: one story, one message."""

import json
import signal
import time
from collections.abc import Callable

import pytest

from tests.endtoend.conftest import RULES, SETTINGS, Home, Loopback, rss

OLD = [("o1", "Harvest begins", "Farmers are early.")]
MASS = ("n1", "Troops mass at the border near Wlodawa", "Soldiers with 40 lorries crossed the Bug on Tuesday.")
AGAIN = ("m1", "Wlodawa: soldiers at the border with 40 lorries", "Troops crossed the Bug near Wlodawa on Tuesday.")
LATER = ("m2", "Soldiers leave the border at Wlodawa", "Troops went back over the Bug near Wlodawa with 40 lorries.")


def set_up(home: Home, loopback: Loopback) -> None:
    home.write(
        "monitor.yaml",
        SETTINGS.format(port=loopback.port)
        + f'channels: {{desk: {{url: "json://127.0.0.1:{loopback.port}/hook"}}}}\n'
        + "alerts: {group_wait: 0, updates: [severity, rules]}\n",
    )
    lines = [f"  - {{id: {name}, title: {name.title()}, url: '{loopback.url('/' + name)}'}}" for name in ("one", "two")]
    home.write("sources.yaml", "sources:\n" + "\n".join(lines) + "\n")
    home.write("rules/border.yaml", RULES)
    loopback.pages["/hook"] = lambda _: (200, {}, b"ok")
    serve(loopback)
    assert home.run("once", "--all").returncode == 0  # primes the sources: what comes now is news


def serve(
    loopback: Loopback, one: list[tuple[str, str, str]] | None = None, two: list[tuple[str, str, str]] = ()
) -> None:  # type: ignore[assignment]
    loopback.serve("/one", rss([*(one or []), *OLD], "http://one.example/"))
    loopback.serve("/two", rss([*two, *OLD], "http://two.example/"))


def stories(home: Home) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(home.run("stories", "list", "--json").stdout)
    return found


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False


@pytest.mark.slow
def test_two_sources_that_report_one_event_are_one_story_and_one_message(home: Home, loopback: Loopback) -> None:
    set_up(home, loopback)
    serve(loopback, [MASS])
    assert home.run("once", "--all").returncode == 0
    serve(loopback, [MASS], [AGAIN])
    assert home.run("once", "--all").returncode == 0
    (message,) = loopback.received()
    assert MASS[1] in str(message["title"])
    (story,) = stories(home)
    assert (story["articles"], story["sources"]) == (2, 2)
    shown = home.run("stories", "show", str(story["story"])).stdout
    assert "the same event as" in shown
    assert "wlodawa" in shown
    assert "drop by change" in shown


@pytest.mark.slow
def test_what_is_split_while_the_daemon_runs_stays_split(home: Home, loopback: Loopback) -> None:
    set_up(home, loopback)
    daemon = home.start("run")
    try:
        serve(loopback, [MASS], [AGAIN])
        assert wait_for(lambda: [one["articles"] for one in stories(home)] == [2])
        (story,) = stories(home)
        members = json.loads(home.run("stories", "show", str(story["story"]), "--json").stdout)["members"]
        done = home.run("stories", "split", str(story["story"]), members[1]["article"])
        assert done.returncode == 0, done.stderr
        serve(loopback, [MASS], [LATER, AGAIN])
        assert wait_for(lambda: sorted(one["articles"] for one in stories(home)) == [1, 2])  # type: ignore[type-var]
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(15) == 0
    finally:
        if daemon.poll() is None:
            daemon.kill()
