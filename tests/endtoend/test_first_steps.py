"""What a newcomer does with the real program: a feed of his own, no channel, `monitor once` again and again."""

import re

import pytest

from monitor.cli.once import failures
from tests.endtoend.conftest import RULES, SETTINGS, Home, Loopback, rss

TREND = (
    RULES
    + """\
trends:
  - {id: wave, name: A wave of reports, count: {rule: border, more_than: 2, within: 6h}}
"""
)
OLD = [("o", "Troops left the border last year", "An old story.")]
NEW = [(f"n{n}", f"Troops mass at the border, sector {n}", "Soldiers were seen.") for n in range(4)]


@pytest.mark.slow
def test_a_trend_that_fires_without_a_channel_is_said(home: Home, loopback: Loopback) -> None:
    home.write("monitor.yaml", SETTINGS.format(port=loopback.port))
    home.write("sources.yaml", f"sources:\n  - {{id: wire, url: '{loopback.url('/feed')}'}}\n")
    home.write("rules/border.yaml", TREND)
    loopback.serve("/feed", rss(OLD))
    assert "trend fired" not in home.run("once", "--all").stdout
    loopback.serve("/feed", rss(NEW + OLD))
    said = home.run("once", "--all").stdout
    assert "trend fired: A wave of reports (wave): 4 articles in 6 hours, more than 2\n" in said
    assert "A wave of reports" in home.run("alert", "list").stdout
    explained = home.run("explain", "http://news.example/n1").stdout
    assert "  no message: there was no channel; the hit is kept\n" in explained


@pytest.mark.slow
def test_a_source_that_was_refused_is_polled_once_its_address_is_allowed(home: Home, loopback: Loopback) -> None:
    slow = "polling: {min_interval: 30m, host_gap: 0s}\n"
    home.write("monitor.yaml", f"network: {{ports: [{loopback.port}]}}\n{slow}")
    home.write("sources.yaml", f"sources:\n  - {{id: wire, url: '{loopback.url('/feed')}'}}\n")
    loopback.serve("/feed", rss(OLD))
    first = home.run("once")
    assert first.returncode == 1
    assert "refused-address" in first.stderr

    idle = home.run("once")
    assert (idle.returncode, idle.stderr) == (0, "")
    assert re.fullmatch(r"nothing is due; the next source in \d+m; `monitor once --all` polls now\n", idle.stdout)

    home.write("monitor.yaml", f"network: {{allow: [127.0.0.1], ports: [{loopback.port}]}}\n{slow}")
    allowed = home.run("once")
    assert allowed.returncode == 0, allowed.stderr
    assert "1 source polled, 0 failing; 0 new articles, 0 edited, 1 older one kept as history; " in allowed.stdout
    assert home.run("once").stdout.startswith("nothing is due; ")


def test_without_a_source_once_says_so(home: Home) -> None:
    home.write("monitor.yaml", "{}\n")
    home.write("sources.yaml", "sources: []\n")
    assert home.run("once").stdout == "there is no source to poll; `monitor sources add URL` adds one\n"


def test_no_hits_where_nothing_was_polled_says_so(home: Home) -> None:
    home.write("monitor.yaml", "retention: {free_space: 1000000G}\n")
    home.write("sources.yaml", "sources:\n  - {id: wire, url: 'https://wire.example/feed'}\n")
    home.run("once")
    assert home.run("hits").stdout.startswith("no hits: no article is stored yet; `monitor sources`")


def test_once_says_that_a_full_disk_keeps_it_from_polling(home: Home) -> None:
    home.write("monitor.yaml", "retention: {free_space: 1000000G}\n")
    home.write("sources.yaml", "sources:\n  - {id: wire, url: 'https://wire.example/feed'}\n")
    said = home.run("once")
    assert said.returncode == 1
    assert re.search(r"^polling pauses: \d+ MB free, \d+ MB needed in /.*; free some space", said.stderr, re.M)


def test_sources_that_fail_alike_are_one_line() -> None:
    dead = "dns: the name does not resolve"
    assert failures({"wire": "http-error: 404", **{f"s{n}": dead for n in range(5)}}) == [
        f"5 sources: {dead}; has this machine a network, and a name server? (s0, s1 and 3 more; "
        "`monitor sources --failing`)",
        "source wire: http-error: 404",
    ]
    assert failures({"a": dead, "b": dead}) == [f"source a: {dead}", f"source b: {dead}"]
