"""What the charts of a digest show: hits of stories that its channel was told of, as they were when it was queued."""

from pathlib import Path
from typing import Any

import pytest

from monitor.alert import attached
from monitor.alert.outbox import Outbox
from monitor.alert.send import Sender
from monitor.situating import NAMED, situation
from monitor.store.told import ToldHit
from tests.alerting_world import DAY, HOUR, START, World, at_place
from tests.servers.smtp import MailServer

ROUTES = [{"severity": "high", "channels": "desk"}, {"rules": "secret", "channels": "phone"}, {"digest": "morning"}]
DIGESTS = {"morning": {"cron": "0 8 * * *", "channels": "desk"}}


def world(path: Path, **digest: Any) -> World:
    """A world with a digest at eight for one channel, and a rule of which only another one hears."""
    return World(
        path / "m.db",
        {
            "channels": {"desk": {"url": "json://x/"}, "phone": {"url": "json://x/phone"}},
            "routes": ROUTES,
            "digests": {"morning": {**DIGESTS["morning"], **digest}},
            "alerts": {"group_wait": 0},
        },
    )


def facts(one: World) -> dict[str, Any]:
    """Return what the charts of the last digest show."""
    found: Any = one.sent("desk")[-1].alert.data.get("situation")
    return dict(found or {})


def keep_place(one: World, story: str, located: Any) -> None:
    member = one.stories[story].members[-1]
    one.store.places.add({member.article.id: located})


def test_a_digest_counts_what_its_channel_was_told(tmp_path: Path) -> None:
    one = world(tmp_path)
    one.tell("s1", severity="high", source=0)
    one.tell("s2", severity="low", rule="drills", source=1)
    one.tell("s3", severity="low", rule="secret", source=2)
    one.wait(9 * HOUR)
    found = facts(one)
    assert one.kinds() == ["story", "digest"]
    assert sorted(found["tempo"]["rules"]) == ["border", "drills"], "nobody hears of a rule that no route sends there"
    assert sorted(cell["rule"] for cell in found["board"]) == ["border", "drills"]
    assert found["hits"] == 2
    assert found["sources"] == [["Source 0", 1], ["Source 1", 1]]
    assert sum(sum(counts) for _, _, counts in found["tempo"]["bars"]) == 2
    assert "secret" not in str(one.sent("desk")[-1].alert.data)


def test_only_the_time_of_the_digest_counts(tmp_path: Path) -> None:
    one = world(tmp_path)
    one.tell("s1", source=0)
    one.wait(9 * HOUR)
    one.tell("s2", source=2)
    one.wait(DAY)
    assert one.kinds() == ["digest", "digest"]
    found = facts(one)
    assert found["hits"] == 1
    assert found["tempo"]["bars"][0][0] <= START + 8 * HOUR
    assert found["tempo"]["bars"][-1][1] >= START + 32 * HOUR
    assert [cell["rule"] for cell in found["board"]] == ["border"], "and its past is that of the rule"


def test_places_and_countries_are_counted(tmp_path: Path) -> None:
    one = world(tmp_path)
    for number in range(3):
        one.tell(f"s{number}", source=number)
        brest = at_place("BY", place="Brest")
        keep_place(one, f"s{number}", brest if number else at_place("UA"))
    one.wait(9 * HOUR)
    assert facts(one)["areas"] == [["BY", 2], ["UA", 1]]


def test_what_is_sent_again_is_the_same(tmp_path: Path) -> None:
    """It is kept with the alert: a restart, new hits or another configuration change nothing."""
    one = world(tmp_path, charts="inline")
    one.tell("s1", source=0)
    one.wait(9 * HOUR)
    before = one.sent("desk")[-1].alert
    assert before.data["charts"] == "inline"
    one.restart()
    one.tell("s1", source=3, severity="high")
    assert one.store.alerts.get(before.id) == before


@pytest.mark.slow  # apprise leaves 5.5 s between two mails
async def test_what_failed_arrives_after_a_restart_with_the_same_page(tmp_path: Path) -> None:
    with MailServer() as server:
        url = f"mailto://127.0.0.1:{server.port}/?from=bot@x.example&to=ann@x.example&format=html"
        channels = {"desk": {"url": url}}
        digests = {"morning": {"cron": "0 8 * * *", "channels": "desk"}}
        settings = {"channels": channels, "digests": digests, "routes": [{"digest": "morning"}]}
        one = World(tmp_path / "m.db", settings)
        one.tell("s1", source=0)
        one.wait(9 * HOUR)
        server.refuse.add("ann@x.example")
        assert await outbox(one).run_once(one.now) == 0
        server.refuse.clear()
        one.restart()
        one.tell("s1", source=5, severity="critical")
        assert await outbox(one).run_once(one.now + HOUR) >= 1
        (parts,) = ([part for part in mail.message.walk() if part.get_filename()] for mail in server.mails[:1])
    alert = one.sent("desk")[0].alert
    page = attached.page_of(alert, zone=one.alerting.zone)
    assert page
    assert [part.get_filename() for part in parts] == [page.name]
    assert parts[0].get_payload(decode=True) == page.content


def outbox(one: World) -> Outbox:
    sender = Sender(one.config.settings.channels, str, timeout=10)
    return Outbox(
        store=one.store,
        sender=sender,
        settings=one.config.settings,
        folder=one.path.parent,
        clock=lambda: one.now,
        spread=lambda: 0.0,
    )


@pytest.mark.parametrize("charts", ["none", "auto"])
def test_none_means_none(tmp_path: Path, charts: str) -> None:
    one = world(tmp_path, charts=charts)
    one.tell("s1", source=0)
    one.wait(9 * HOUR)
    assert bool(facts(one)) is (charts == "auto")


def test_what_was_held_in_quiet_hours_has_no_charts(tmp_path: Path) -> None:
    quiet = {"quiet": {"from": "22:00", "to": "07:00"}}
    one = World(tmp_path / "m.db", {"channels": {"desk": {"url": "json://x/", **quiet}}, "alerts": {"group_wait": 0}})
    one.now = START + 23 * HOUR
    one.tell("s1", source=0)
    one.tell("s2", source=2, title="Another thing altogether")
    one.wait(DAY)
    assert one.kinds() == ["digest"]
    assert "situation" not in one.sent("desk")[-1].alert.data


def test_many_rules_are_the_most_frequent_and_others(tmp_path: Path) -> None:
    one = world(tmp_path)
    for number in range(NAMED + 3):
        for again in range(1 + (number < 2)):
            one.tell(f"s{number}", rule=f"rule{number:02}", source=(number + 5 * again) % 12, title=f"Story {number}")
    one.wait(9 * HOUR)
    tempo = facts(one)["tempo"]
    assert tempo["rules"][:2] == ["rule00", "rule01"]
    assert (len(tempo["rules"]), tempo["names"][-1]) == (NAMED, "3 others")
    assert sum(sum(counts) for _, _, counts in tempo["bars"]) == NAMED + 5
    assert all(len(counts) == NAMED + 1 for _, _, counts in tempo["bars"])


@pytest.mark.parametrize(("days", "step"), [(1, 3600), (10, 86400), (200, 7 * 86400)])
def test_bars_are_hours_days_or_weeks_and_hold_every_hit(tmp_path: Path, days: int, step: float) -> None:
    one = world(tmp_path)
    ids = []
    for number in range(12):
        one.now = START + number * days * DAY / 12
        one.tell(f"s{number}", source=number, severity="high", title=f"Story number {number}")
        ids.append(f"s{number}")
    found = situation(one.store, "desk", ids, start=START - 1, end=START + days * DAY, zone=one.alerting.zone)
    assert found
    bars = found["tempo"]["bars"]
    assert {end - start for start, end, _ in bars} == {step}
    assert sum(sum(counts) for _, _, counts in bars) == found["hits"] == 12


def test_an_article_that_was_edited_counts_once(tmp_path: Path) -> None:
    one = world(tmp_path)
    one.tell("s1", source=0)
    hits: list[ToldHit] = one.store.told.hits(["s1"], START - 1, START + DAY, 10)
    assert len(hits) == 1
    assert one.store.told.hits(["s1"], START + 1, START + DAY, 10) == []
    assert one.store.told.hits([], START - 1, START + DAY, 10) == []


def test_nothing_in_its_time_is_nothing(tmp_path: Path) -> None:
    one = world(tmp_path)
    assert situation(one.store, "desk", ["nothing"], start=START, end=START + DAY, zone=one.alerting.zone) is None
