"""What programs are told: by the policies of every channel, each story as it stood then, and every article if asked."""

import json
from pathlib import Path
from typing import Any

import pytest

from monitor.alert.payload import payload
from monitor.model import Action
from tests.alerting_world import HOUR, MINUTE, World

PROGRAM = {"url": "https://hooks.example.org/in", "secret": "${credential:program}"}
AT_ONCE = {"group_wait": 0, "group_interval": 0, "repeat": {"most": 1000}}


def world(tmp_path: Path, **settings: Any) -> World:
    channels = {"desk": {"url": "json://desk.example"}, "program": PROGRAM, **settings.pop("channels", {})}
    return World(tmp_path / "monitor.db", {"channels": channels, "alerts": {"group_wait": 0}, **settings})


def told(one: World, channel: str = "program") -> list[dict[str, Any]]:
    return [json.loads(payload(sent.alert)) for sent in one.sent(channel)]


def test_a_program_is_told_the_story_as_it_stood_and_people_are_told_without_it(tmp_path: Path) -> None:
    one = world(tmp_path, web={"url": "https://monitor.example.org/"})
    one.tell(source=0)
    one.wait(HOUR)
    one.tell(source=2)
    first, second = told(one)
    assert (first["type"], second["type"]) == ("story.told", "story.updated")
    assert [len(said["data"]["story"]["articles"]) for said in (first, second)] == [1, 2]
    assert first["data"]["story"]["address"] == "https://monitor.example.org/stories/s1"
    assert second["data"]["news"][0] == "1 more independent source: family1"
    assert first["data"]["story"]["articles"][0]["hits"][0]["rule"] == "border"
    assert not any("record" in sent.alert.data for sent in one.sent("desk"))
    assert not {sent.alert.id for sent in one.sent("desk")} & {sent.alert.id for sent in one.sent("program")}


def test_a_restart_tells_a_program_nothing_twice(tmp_path: Path) -> None:
    one = world(tmp_path)
    one.tell(source=0)
    one.restart()
    one.wait(HOUR)
    assert [said["type"] for said in told(one)] == ["story.told"]


def test_a_channel_that_becomes_a_program_is_told_with_the_record(tmp_path: Path) -> None:
    """The alert that people got of the same story at the same stage has another id, and no record."""
    one = World(tmp_path / "monitor.db", {"channels": {"desk": {"url": "json://x"}}, "alerts": {"group_wait": 0}})
    one.tell(source=0)
    one.restart({"channels": {"desk": {"url": "json://x"}, "program": PROGRAM}, "alerts": {"group_wait": 0}})
    one.take(one.report("s1", source=0))
    assert len(told(one)[0]["data"]["story"]["articles"]) == 2


def test_routes_decide_and_what_is_not_sent_has_its_reason(tmp_path: Path) -> None:
    one = world(tmp_path, routes=[{"severity": "high", "channels": "program", "continue": True}, {"channels": "desk"}])
    one.tell("s1", severity="medium")
    one.tell("s2", severity="high")
    assert [said["data"]["story"]["id"] for said in told(one)] == ["s2"]
    assert (one.last("s1", "program").action, one.last("s1", "program").policy) == (Action.DROP, "route")


@pytest.mark.parametrize(("updates", "expected"), [(["articles"], 4), (True, 1), (False, 1)])
def test_every_article_is_told_only_where_that_is_asked_for(tmp_path: Path, updates: Any, expected: int) -> None:
    one = world(tmp_path, routes=[{"channels": "program", "updates": updates, **AT_ONCE}])
    for word in ("North", "south", "east", "west"):
        one.tell(source=0, title=f"Troops of an agency's long list go {word}")
        one.wait(MINUTE)
    assert len(told(one)) == expected
    if expected == 4:
        assert [said["data"]["news"] for said in told(one)[1:]] == [["1 more article"]] * 3
    else:
        assert one.last("s1", "program").reason == "nothing new"


def test_an_escalation_and_a_digest_are_of_types_of_their_own(tmp_path: Path) -> None:
    one = world(
        tmp_path,
        routes=[
            {"severity": "critical", "channels": "desk", "escalate": {"after": "10m", "to": "program"}},
            {"digest": "hourly"},
        ],
        digests={"hourly": {"cron": "30 * * * *", "channels": "program"}},
    )
    one.tell("s1", severity="critical")
    one.tell("s2")
    one.wait(HOUR)
    escalated, digest = told(one)
    assert (escalated["type"], digest["type"]) == ("story.escalated", "stories.digest")
    assert escalated["data"]["escalation"].startswith("not acknowledged for 10 minutes")
    assert [story["id"] for story in digest["data"]["stories"]] == ["s2"]
