"""A trend through the real program: a feed over HTTP, a webhook, `monitor once`, `monitor rules trends`."""

import json

import pytest

from tests.endtoend.conftest import RULES, SETTINGS, Home, Loopback, rss

TREND = (
    RULES
    + """\
trends:
  - id: wave
    name: A wave of border reports
    severity: critical
    count: {rule: border, more_than: 2, within: 6h}
"""
)
OLD = [(f"o{n}", f"Troops left the border last year, part {n}", "An old story.") for n in range(5)]
NEW = [(f"n{n}", f"Troops mass at the border, sector {n}", "Soldiers were seen.") for n in range(4)]


@pytest.mark.slow
def test_a_trend_reaches_the_channel_once_and_names_its_articles(home: Home, loopback: Loopback) -> None:
    home.write(
        "monitor.yaml",
        SETTINGS.format(port=loopback.port) + f'channels: {{desk: {{url: "json://127.0.0.1:{loopback.port}/hook"}}}}\n',
    )
    home.write("sources.yaml", f"sources:\n  - {{id: wire, title: Wire, url: '{loopback.url('/feed')}'}}\n")
    home.write("rules/border.yaml", TREND)
    loopback.pages["/hook"] = lambda _: (200, {}, b"ok")
    loopback.serve("/feed", rss(OLD))
    assert home.run("once", "--all").returncode == 0
    assert loopback.received() == []  # five hits, but history

    loopback.serve("/feed", rss(NEW + OLD))
    done = home.run("once", "--all")
    assert done.returncode == 0, done.stdout + done.stderr
    titles = [str(message["title"]) for message in loopback.received()]
    assert len(titles) == 5
    [trend] = [message for message in loopback.received() if str(message["title"]).startswith("CRITICAL")]
    assert trend["title"] == "CRITICAL: A wave of border reports – 4 articles in 6 hours, more than 2"
    body = str(trend["message"])
    assert "Articles behind it (4)" in body
    assert all(f"Troops mass at the border, sector {n} - Wire, " in body for n in range(4))
    assert "monitor hits --rule border --since 20" in body

    loopback.serve("/feed", rss([("n9", "Troops mass at the border, sector 9", "Soldiers."), *NEW, *OLD]))
    home.run("once", "--all")
    assert len(loopback.received()) == 6  # the story; the wave is told already
    [row] = json.loads(home.run("rules", "trends", "--json").stdout)
    assert (row["state"], row["number"], row["fired"]) == ("holds", 5, 1)
