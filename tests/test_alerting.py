"""What becomes of stories on channels, from the first article to the last message, over a real database."""

from pathlib import Path
from typing import Any

import pytest

from monitor.model import Action, Alert, Novelty, Severity
from monitor.store import Verdict
from tests.alerting_world import DAY, HOUR, MINUTE, START, World, at_place

URL = "json://127.0.0.1:9/"
AT_ONCE = {"group_wait": 0, "group_interval": 0}


def world(tmp_path: Path, *, channel: dict[str, Any] | None = None, **settings: Any) -> World:
    """A monitor with the channels desk and phone; nothing waits unless the test says so."""
    channels = {"desk": {"url": URL, **(channel or {})}, "phone": {"url": URL}}
    base = {"channels": channels, "routes": [{"channels": "desk"}], "alerts": AT_ONCE}
    return World(tmp_path / "monitor.db", {**base, **settings})


# --- one story -------------------------------------------------------------------------------------------------------


def test_a_story_is_told_once_and_again_only_when_there_is_something_new(tmp_path: Path) -> None:
    one = world(tmp_path)
    one.tell(source=0)
    one.tell(source=1)  # of the same owner family
    assert one.kinds() == ["story"]
    assert one.last().reason == "nothing new"
    one.tell(source=2)
    assert one.kinds() == ["story", "update"]
    assert one.last().action is Action.SEND
    assert "1 more independent source: family1" in one.last().reason
    assert one.sent("phone") == []
    assert one.last(channel="phone").policy == "route"


@pytest.mark.parametrize(
    ("news", "words"),
    [
        ({"severity": "high"}, "now high"),
        ({"rule": "drills"}, "new rule: drills"),
        ({"located": at_place("BY", place="Brest")}, "new place: Brest, BY"),
        ({"title": "Troops move toward the border, 90 wounded"}, "now 90 wounded (was 70)"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_new(tmp_path: Path, news: dict[str, Any], words: str) -> None:
    one = world(tmp_path)
    one.tell(source=0, title="Troops move toward the border, 70 wounded")
    one.tell(source=1, **news)
    assert one.kinds() == ["story", "update"]
    assert words in one.last().reason


def test_an_update_is_told_only_for_what_the_route_or_the_channel_asks_for(tmp_path: Path) -> None:
    one = world(tmp_path, routes=[{"channels": "desk", "updates": ["severity"]}])
    one.tell(source=0)
    one.tell(source=1, rule="drills")
    assert one.last().reason == "new rules, for which no update is wanted here"
    one.tell(source=1, severity="high")
    assert one.kinds() == ["story", "update"]
    silent = world(tmp_path / "..", channel={"updates": False})
    silent.tell("s2", source=0)
    silent.tell("s2", source=1, severity="critical")
    assert silent.last("s2").policy == "change"


def test_what_was_there_before_is_told_only_when_news_joins(tmp_path: Path) -> None:
    one = world(tmp_path)
    one.tell(source=0, novelty=Novelty.HISTORY)
    assert (one.kinds(), one.last().policy) == ([], "history")
    one.tell(source=1)
    assert one.kinds() == ["story"]
    one.tell(source=2, novelty=Novelty.HISTORY)
    assert one.kinds() == ["story"]


def test_a_story_waits_for_more_and_is_told_with_it(tmp_path: Path) -> None:
    one = world(tmp_path, alerts={"group_wait": "30s"})
    one.tell(source=0)
    assert (one.kinds(), one.last().policy) == ([], "group_wait")
    one.wait(10)
    one.tell(source=2)
    one.wait(60)
    (sent,) = one.sent("desk")
    assert (sent.at, sent.alert.data["independent"]) == (START + 30, 2)
    assert one.why() == ["group_wait", "route"]


def test_critical_does_not_wait_unless_its_route_says_so(tmp_path: Path) -> None:
    one = world(tmp_path, alerts={"group_wait": "30s", "group_interval": "1h"})
    one.tell("s1", severity="critical", source=0)
    assert one.kinds() == ["story"]
    one.tell("s2", source=0)
    one.wait(MINUTE)
    one.tell("s2", severity="critical", source=1)  # it has become so, a minute after it was told
    assert one.kinds() == ["story", "story", "update"]
    one.tell("s2", source=2)
    assert one.last("s2").policy == "group_interval"
    one.restart({"channels": {"desk": {"url": URL}}, "routes": [{"channels": "desk", "group_wait": "1m"}]})
    one.tell("s3", severity="critical")
    assert one.last("s3").policy == "group_wait"


def test_updates_keep_a_distance_and_come_as_one(tmp_path: Path) -> None:
    one = world(tmp_path, alerts={"group_wait": 0, "group_interval": "15m"})
    one.tell(source=0)
    for source in (2, 4, 6):
        one.wait(MINUTE)
        one.tell(source=source)
    one.wait(HOUR)
    assert [sent.at - START for sent in one.sent("desk")] == [0, 15 * MINUTE]
    assert one.why() == ["route", "group_interval", "change"]
    assert "3 more independent sources" in str(one.sent("desk")[1].alert.data["news"])


def test_there_are_only_so_many_updates_and_the_rest_comes_later(tmp_path: Path) -> None:
    one = world(tmp_path, alerts={**AT_ONCE, "repeat": {"most": 2, "every": "1d"}})
    for number in range(6):
        one.tell(source=0, rule=f"rule{number}")
        one.wait(HOUR)
    one.wait(3 * DAY)
    assert [(sent.at - START) / HOUR for sent in one.sent("desk")] == [0, 1, 2, 25]


def test_a_story_waits_for_a_second_source_or_a_reliable_one(tmp_path: Path) -> None:
    asked = {"independent": 2, "or_reliability": "A", "give_up": "3d"}
    one = world(tmp_path, routes=[{"channels": "desk", "corroboration": asked}])
    one.tell("s1", source=1)
    assert one.last("s1").policy == "corroboration"
    assert "it has 1 independent source, the best of reliability B" in one.last("s1").reason
    one.tell("s1", source=3)
    one.tell("s2", source=0)  # of reliability A
    assert one.kinds() == ["story", "story"]
    one.tell("s3", source=1)
    one.wait(4 * DAY)
    decision = one.last("s3")
    assert (decision.action, decision.policy) == (Action.DROP, "corroboration")
    one.tell("s3", source=3)
    assert len(one.kinds()) == 3  # better late than never


# --- what the channel can take ---------------------------------------------------------------------------------------

NIGHT = {"quiet": {"from": "22:00", "to": "07:00"}}


def test_quiet_hours_hold_and_then_tell_all_in_one_message(tmp_path: Path) -> None:
    one = world(tmp_path, channel=NIGHT)
    one.now = START + 23 * HOUR
    for number in range(5):
        one.tell(f"s{number}", source=number)
        one.wait(HOUR / 2)
    one.tell("s9", severity="critical")
    one.wait(DAY / 2)
    first, second = one.sent("desk")
    assert (first.alert.kind, first.alert.severity, first.at) == ("story", Severity.CRITICAL, START + 25.5 * HOUR)
    assert (second.alert.kind, second.at, second.alert.data["count"]) == ("digest", START + 31 * HOUR, 5)
    assert one.why("s0") == ["quiet", "route"]
    assert one.last("s0").reason.startswith(f"told in digest quiet ({second.alert.id}): route 1 takes")


def test_a_channel_that_is_told_later_is_told_what_is_known_then(tmp_path: Path) -> None:
    one = world(tmp_path, channel=NIGHT, routes=[{"channels": ["desk", "phone"]}])
    one.tell(source=0)
    one.wait(HOUR)
    one.tell(source=2)
    one.wait(DAY)
    said = [sent.alert.data["independent"] for name in ("phone", "desk") for sent in one.sent(name)]
    assert said == [1, 2, 2]


def test_one_story_of_the_night_is_told_as_itself(tmp_path: Path) -> None:
    one = world(tmp_path, channel=NIGHT)
    one.tell()
    one.wait(DAY)
    assert one.kinds() == ["story"]
    assert "the channel has quiet hours" in one.last().reason


def test_what_becomes_critical_at_night_breaks_through(tmp_path: Path) -> None:
    one = world(tmp_path, channel=NIGHT)
    one.tell(source=0)
    one.wait(HOUR)
    one.tell(source=1, severity="critical")
    assert one.kinds() == ["story"]
    one.wait(DAY)
    assert one.kinds() == ["story"]


def test_a_budget_is_never_passed_and_the_rest_comes_together(tmp_path: Path) -> None:
    one = world(tmp_path, channel={"budget": "5/h"})
    for number in range(12):
        one.tell(f"s{number}", source=number)
        one.wait(MINUTE)
    one.tell("s99", severity="critical")  # the last of the hour is kept for it
    one.wait(2 * HOUR)
    sent = one.sent("desk")
    assert [one.alert.kind for one in sent] == ["story"] * 5 + ["digest"]
    assert (sent[4].alert.severity, sent[4].at) == (Severity.CRITICAL, START + 12 * MINUTE)
    assert (sent[5].at, sent[5].alert.data["count"]) == (START + HOUR + MINUTE, 8)


def test_a_digest_tells_what_its_route_sends_there_at_its_time(tmp_path: Path) -> None:
    routes = [{"severity": "high", "channels": "desk"}, {"digest": "morning"}]
    digests = {"morning": {"cron": "0 8 * * *", "channels": "desk"}}
    one = world(tmp_path, routes=routes, digests=digests)
    one.tell("s1", source=0)
    one.tell("s2", source=2)
    one.tell("s3", severity="high")
    one.wait(9 * HOUR)
    assert [(sent.alert.kind, sent.at - START) for sent in one.sent("desk")] == [("story", 0), ("digest", 8 * HOUR)]
    one.tell("s1", source=4)
    one.wait(2 * DAY)
    (_, _, update) = one.sent("desk")
    assert (update.alert.kind, update.at, update.alert.data["count"]) == ("digest", START + 32 * HOUR, 1)
    assert "1 more independent source" in str(update.alert.data["entries"])


def test_what_was_never_corroborated_stands_in_the_digest(tmp_path: Path) -> None:
    routes = [{"rules": "rumour", "channels": "desk", "corroboration": {"give_up": "1h"}}, {"digest": "morning"}]
    digests = {"morning": {"cron": "0 8 * * *", "channels": "desk"}}
    one = world(tmp_path, routes=routes, digests=digests)
    one.tell("s1", rule="rumour", source=1)
    one.tell("s2")
    one.wait(DAY)
    (sent,) = one.sent("desk")
    assert [entry["story_id"] for entry in sent.alert.data["left"]] == ["s1"]  # type: ignore[attr-defined]


def test_a_critical_story_mutes_the_low_ones_of_its_watch(tmp_path: Path) -> None:
    one = world(tmp_path, inhibit=[{"severity": "critical", "mutes": "low", "same": "watch", "for": "2h"}])
    one.tell("s1", severity="low")
    one.tell("s2", severity="critical")
    one.tell("s3", severity="low")
    one.tell("s4", severity="low")
    one.tell("s5", severity="low", watch="South")
    one.tell("s6", severity="medium")
    assert [one.last(f"s{number}").policy for number in (3, 4)] == ["inhibition", "inhibition"]
    assert one.kinds() == ["story"] * 4
    one.wait(3 * HOUR)
    assert one.kinds() == ["story"] * 4 + ["digest"]


# --- people ----------------------------------------------------------------------------------------------------------


def test_what_nobody_acknowledges_is_told_elsewhere_once(tmp_path: Path) -> None:
    escalate = {"after": "15m", "to": "phone", "severity": "critical"}
    one = world(tmp_path, routes=[{"channels": "desk", "escalate": escalate}])
    one.tell("s1", severity="high")
    one.tell("s2", severity="critical", source=0)
    one.wait(10 * MINUTE)
    one.tell("s2", severity="critical", source=2)
    one.wait(DAY)
    (sent,) = one.sent("phone")
    assert (sent.at, sent.alert.story_id) == (START + 15 * MINUTE, "s2")
    assert one.last("s2", "phone").reason == "not acknowledged for 15 minutes, told on desk"
    assert "not acknowledged for 15 minutes" in sent.alert.title


def test_what_is_marked_wrong_is_told_no_more_until_it_has_another_hit(tmp_path: Path) -> None:
    one = world(tmp_path, alerts={"group_wait": "5m", "group_interval": 0})
    one.tell(source=0)
    assert one.last().action is Action.HOLD
    (hit,) = one.stories["s1"].hits
    one.store.marks.set(hit.article_id, hit.rule_id, Verdict.WRONG, one.now)
    one.wait(HOUR)
    assert (one.last().policy, one.last().reason) == ("handled", "every hit of it is marked wrong")
    assert one.sent("desk") == []
    one.tell(source=4)
    one.wait(HOUR)
    assert one.kinds() == ["story"], "somebody else has it, too, and nobody has said that this is wrong"


def test_one_hit_that_is_not_marked_or_right_is_reason_enough_to_tell(tmp_path: Path) -> None:
    one = world(tmp_path, alerts={"group_wait": "5m", "group_interval": 0})
    one.tell(source=0)
    one.tell(source=4, rule="drills")
    first, second = one.stories["s1"].hits
    one.store.marks.set(first.article_id, first.rule_id, Verdict.WRONG, one.now)
    one.store.marks.set(second.article_id, second.rule_id, Verdict.RIGHT, one.now)
    one.wait(HOUR)
    assert one.kinds() == ["story"]


# --- keeping ---------------------------------------------------------------------------------------------------------


def test_a_restart_loses_nothing_that_is_held(tmp_path: Path) -> None:
    one = world(tmp_path, channel={**NIGHT, "budget": "2/h"})
    for number in range(4):
        one.tell(f"s{number}")
        one.restart()
    one.wait(DAY)
    assert [sent.alert.kind for sent in one.sent("desk")] == ["digest"]


def test_what_waits_for_a_channel_that_is_gone_is_dropped_with_that_reason(tmp_path: Path) -> None:
    one = world(tmp_path, channel=NIGHT)
    one.tell()
    one.restart({"channels": {"phone": {"url": URL}}})
    one.wait(DAY)
    assert one.last().reason == "there is no channel desk any more"


def test_the_same_decision_is_written_once(tmp_path: Path) -> None:
    one = world(tmp_path, channel=NIGHT)
    for _ in range(5):
        one.tell(source=0)
        one.wait(MINUTE)
    assert one.why() == ["quiet"]


def test_without_a_channel_that_is_the_reason(tmp_path: Path) -> None:
    one = World(tmp_path / "monitor.db", {})
    one.tell()
    one.tell()
    assert [(said.channel, said.decision.reason) for said in one.store.alerts.decisions("s1")] == [
        ("", "there was no channel; the hit is kept")
    ]


def test_an_error_undoes_what_was_said_with_what_it_was_said_of(tmp_path: Path) -> None:
    one = world(tmp_path)
    change = one.report("s1")

    def fails() -> None:
        with one.store.transaction():
            one._keep(change)
            one.alerting.after([change], one.now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert (one.kinds(), one.store.threads.get("s1", "desk")) == ([], None)
    one.take(change)
    assert one.kinds() == ["story"]


def test_stories_that_become_one_are_told_once(tmp_path: Path) -> None:
    one = world(tmp_path)
    one.tell("s1", source=0)
    one.tell("s2", source=2, rule="drills")
    one.take(one.merge("s1", "s2"))
    assert one.kinds() == ["story", "story", "update"]
    assert one.last().reason.startswith("1 more independent source; ")  # and nothing of what either of them has told
    assert one.why("s2")[-1] == "merged"
    thread = one.store.threads.get("s1", "desk")
    assert thread is not None
    assert (thread.told, set(thread.facts["rules"])) == (3, {"border", "drills"})  # type: ignore[call-overload]
    one.tell("s1", source=4, rule="drills")
    assert one.kinds() == ["story", "story", "update", "update"]  # a third independent source


def test_a_story_that_was_held_and_merged_is_told_with_the_older(tmp_path: Path) -> None:
    one = world(tmp_path, channel=NIGHT)
    one.tell("s1", source=0)
    one.tell("s2", source=2)
    one.take(one.merge("s1", "s2"))
    one.wait(DAY)
    assert one.kinds() == ["story"]


def test_the_same_title_is_not_told_twice_also_over_stories(tmp_path: Path) -> None:
    one = world(tmp_path)
    one.tell("s1", source=0)
    change = one.report("s2", source=2)
    same = one.stories["s1"].article.title
    one.stories["s2"] = story = _with_title(change.story, same)
    one.take(_of(change, story))
    assert one.last("s2").reason == f"same title as article {one.stories['s1'].article.id}, already alerted"
    one.wait(8 * DAY)
    change = one.report("s3", source=4)
    one.stories["s3"] = story = _with_title(change.story, same)
    one.take(_of(change, story))
    assert one.kinds() == ["story", "story"]


def test_what_a_digest_told_is_not_told_again_by_another_story(tmp_path: Path) -> None:
    one = world(tmp_path, channel=NIGHT)
    one.tell("s1", source=0)
    one.tell("s2", source=2)
    one.wait(8 * HOUR)
    change = one.report("s3", source=4)
    one.stories["s3"] = story = _with_title(change.story, one.stories["s2"].article.title)
    one.take(_of(change, story))
    assert one.last("s3").reason == f"same title as article {one.stories['s2'].article.id}, already alerted"


def _with_title(story: Any, title: str) -> Any:
    from dataclasses import replace

    article = replace(story.article, title=title)
    return replace(story, article=article, members=(replace(story.members[0], article=article),))


def _of(change: Any, story: Any) -> Any:
    from dataclasses import replace

    return replace(change, story=story)


# --- trends ----------------------------------------------------------------------------------------------------------


def trend(number: int, severity: Severity = Severity.MEDIUM) -> Alert:
    return Alert(id=f"ntrend{number:06}", kind="trend", severity=severity, title="", at=START)


def test_trends_keep_quiet_hours_and_budgets_each_alone(tmp_path: Path) -> None:
    one = world(tmp_path, channel={**NIGHT, "budget": "2/h"})
    for number in range(3):
        one.alerting.offer(trend(number), ["desk", "phone"], one.now)
    one.alerting.offer(trend(9, Severity.CRITICAL), ["desk"], one.now)
    assert [sent.at - START for sent in one.sent("desk")] == [0, 7 * HOUR, 7 * HOUR, 8 * HOUR]
    assert [sent.at - START for sent in one.sent("phone")] == [0, 0, 0]
    one.now = START + 7 * HOUR
    one.tell()
    assert one.last().policy == "budget"
    one.wait(HOUR)
    assert one.last().action is Action.SEND
    assert [sent.at - START for sent in one.sent("desk")] == [0, 7 * HOUR, 7 * HOUR, 8 * HOUR, 8 * HOUR]
