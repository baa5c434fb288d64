"""What a newcomer does with the real program: a feed of his own, no channel, `monitor once` again and again."""

import re

import pytest

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
