"""One sample of each chart, whose words can be chosen: what a feed or a rule could put there."""

from datetime import date, timedelta
from typing import Any

from monitor.charts import bars, board, calendar, multiples, sparkline, tempo, timeline
from monitor.charts import map as maps

DAY = 86400.0
START = 1651363200.0  # 1 May 2022, 00:00 UTC
FIRST = date(2022, 5, 1)


def samples(text: str = "Border", href: str = "/hits?day=1") -> dict[str, Any]:
    """Return data for every chart with this text and link wherever data can bring one."""
    days = [FIRST + timedelta(days=number) for number in range(40)]
    return {
        "tempo": tempo.Tempo(
            (text, "Exercise"),
            tuple(tempo.Bar(START + n * DAY, START + (n + 1) * DAY, (n % 4, n % 3)) for n in range(20)),
            hrefs=(href, href),
            href=lambda start, end: href,
            selected=(START + 3 * DAY, START + 5 * DAY),
        ),
        "sparkline": sparkline.Sparkline((None, None, 3, 0, 7, 1, None, 2), START, DAY),
        "board": board.Board(
            tuple(
                board.Cell(text, state, number, number, text, (0, 1, 4, number), href)
                for number, state in enumerate(board.STATES)
            )
        ),
        "calendar": calendar.Calendar(
            days[0], days[-1], {day: day.day % 9 for day in days[5:]}, dict.fromkeys(days, href)
        ),
        "map": maps.Map(
            (
                maps.Spot(text, 52.1, 23.7, 9, href),
                maps.Spot(f"{text} b", 52.11, 23.71, 3),
                maps.Spot("Kyiv", 50.4, 30.5, 4),
            ),
            (maps.Area("BY", 12, href, text), maps.Area("UA", 3, href), maps.Area(text, 1, href)),
        ),
        "bars": bars.Bars((bars.Row(text, 12, href, text), bars.Row("Brest", 7))),
        "multiples": multiples.Multiples(
            (multiples.Series(text, (0, 3, 1), href), multiples.Series("none", (0, 0, 0))), START, DAY
        ),
        "timeline": timeline.Timeline(
            (
                timeline.Item("a", text, text, START, href=href),
                timeline.Item("b", "Second", text, START + 4000, copy_of="a", href=href),
                timeline.Item("c", text, "Third", START + 9000, copy_of=text),
            )
        ),
    }
