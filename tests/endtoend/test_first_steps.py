"""What a newcomer does with the real program: a feed of his own, no channel, `monitor once` again and again."""

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
