"""A year of news, with a random configuration, restarts and failed transactions: nothing is lost and unexplained.

What must hold is written here a second time and simply, by the clock on the wall and by counting; the policies are not
asked. Time is passed in, the database is a real file.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.alert.policies import change
from monitor.model import Action, Alert, Change, Novelty, Severity, Silence
from tests.alerting_world import DAY, HOUR, SOURCES, START, Sent, World, at_place

URL = "json://127.0.0.1:9/"
GRADES = ("info", "low", "low", "medium", "medium", "medium", "high", "high", "critical")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEIGHT = [0.02, 0.9, 0.08]  # of an hour: an article joins by a merge; a story comes or grows; a trend fires


def settings_for(chance: random.Random) -> dict[str, Any]:
    """Return a configuration that uses everything, with chance in its numbers."""
    return {
        "timezone": chance.choice(["Europe/Warsaw", "America/Toronto", "Australia/Lord_Howe", "UTC"]),
        "channels": {
            "desk": {
                "url": URL,
                "budget": chance.choice([1, 2, 5, 9]),
                "quiet": [
                    {
                        "from": chance.choice(["22:00", "23:30", "01:15"]),
                        "to": chance.choice(["07:00", "02:30", "05:00"]),
                    },
                    {"from": "12:00", "to": "16:00", "days": chance.sample(DAYS, 2)},
                ],
            },
            "phone": {"url": URL, "budget": chance.choice([1, 3]), "updates": ["severity", "rules"]},
            "room": {"url": URL, "budget": 4, "quiet": {"from": "20:00", "to": "08:00", "break_through": "high"}},
            "archive": {"url": URL},
            "off": {"url": URL, "enabled": False},
        },
        "digests": {
            "morning": {"cron": f"{chance.randrange(60)} {chance.choice([1, 2, 3, 8])} * * *", "channels": ["room"]},
            "weekly": {"cron": "0 9 * * mon", "channels": ["archive"]},
        },
        "inhibit": [{"severity": "critical", "mutes": "medium", "same": chance.choice(["watch", "rule", "all"])}],
        "alerts": {
            "group_wait": chance.choice([0, 30, 600]),
            "group_interval": chance.choice([0, 900, 7200]),
            "repeat": {"most": chance.choice([1, 3]), "every": chance.choice(["6h", "2d"])},
        },
        "routes": [
            {"channels": "off", "continue": True},
            {
                "severity": "critical",
                "channels": "desk",
                "continue": True,
                "escalate": {"after": "20m", "to": ["phone", "archive"]},
            },
            {
                "watches": ["North", "South"],
                "channels": "desk",
                "routes": [
                    {"rules": "rumour", "corroboration": {"independent": 2, "or_reliability": "A", "give_up": "2d"}},
                    {"tags": "wire", "channels": ["desk", "room"]},
                    {"countries": ["BY"], "channels": ["desk", "phone"], "updates": True},
                ],
            },
            {"severity": "high", "digest": "morning", "continue": True},
            {"digest": "weekly"},
        ],
    }


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the oracle knows of a channel."""

    zone: ZoneInfo
    settings: dict[str, Any]

    def is_quiet(self, at: float, severity: Severity) -> bool:
        """Tell whether the clock on the wall shows quiet hours for this severity."""
        quiet = self.settings.get("quiet", [])
        wall = datetime.fromtimestamp(at, self.zone)
        return any(
            _in(one, wall) and severity.rank < Severity(one.get("break_through", "critical")).rank
            for one in ([quiet] if isinstance(quiet, dict) else quiet)
        )


def _in(hours: dict[str, Any], wall: datetime) -> bool:
    now, today, yesterday = wall.strftime("%H:%M"), DAYS[wall.weekday()], DAYS[wall.weekday() - 1]
    days = hours.get("days", DAYS)
    if hours["from"] < hours["to"]:
        return today in days and hours["from"] <= now < hours["to"]
    return (today in days and now >= hours["from"]) or (yesterday in days and now < hours["to"])


class Year:
    """The news of many days."""

    def __init__(self, path: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.settings = settings_for(self.chance)
        self.world = World(path, self.settings)
        self.number = 0
        self.critical: dict[str, float] = {}  # story -> when it became critical

    def live(self, days: float, stories: int) -> None:
        """Let so many stories come in so many days, then let three weeks pass without any."""
        end = START + days * DAY
        gap = days * DAY / (stories * 3)
        while self.world.now < end:
            self.world.wait(self.chance.expovariate(1 / gap))
            self._something()
            if self.chance.random() < 0.02:
                self.world.restart()
            if self.chance.random() < 0.02:
                self._silence()
        self.world.wait(21 * DAY)

    def _silence(self) -> None:
        now, rule = self.world.now, self.chance.choice(["drills", "rumour"])
        end = now + self.chance.choice([HOUR, DAY])
        said = Silence(id=0, author="ann", reason="announced", start=now, end=end, rules=(rule,))
        self.world.store.silences.add(said)

    def _something(self) -> None:
        world = self.world
        what = self.chance.choices(["merge", "news", "trend"], WEIGHT)[0]
        live = list(world.stories)[-20:]
        if what == "merge" and len(live) > 1:
            younger, older = sorted(self.chance.sample(live, 2), key=lambda one: int(one[1:]), reverse=True)
            if younger in self.critical:  # told under its own name, as far as it goes
                self.critical[older] = float("nan")
            self._take(world.merge(older, younger))
        elif what == "trend":
            self.number += 1
            said = Alert(
                id=f"nt{self.number}",
                kind="trend",
                severity=Severity(self.chance.choice(GRADES)),
                title="",
                at=world.now,
            )
            world.alerting.offer(said, self.chance.sample(["desk", "room"], 2), world.now)
        else:
            burst = self.chance.choice([1, 1, 1, 2, 8])
            self._take(*[self._news(live) for _ in range(burst)])

    def _news(self, live: list[str]) -> Change:
        if live and self.chance.random() < 0.6:
            story = self.chance.choice(live)
        else:
            self.number += 1
            story = f"s{self.number}"
        place = self.chance.choice([None, None, at_place("BY"), at_place("PL", place="Lublin")])
        old = self.chance.random() < 0.05
        return self.world.report(
            story,
            title=f"Troops move, {self.chance.choice([10, 10, 20, 50])} wounded",
            source=self.chance.randrange(len(SOURCES)),
            rule=self.chance.choice(["border", "drills", "rumour"]),
            watch=self.chance.choice(["North", "South", "East"]),
            severity=self.chance.choice(GRADES),
            located=place,
            novelty=Novelty.HISTORY if old else Novelty.NEW,
        )

    def _take(self, *changes: Change) -> None:
        """Take changes in; now and then the transaction fails at first."""
        last = {one.story.id: one for one in changes}
        if self.chance.random() < 0.02:  # undone; it is taken in by the next try
            with pytest.raises(RuntimeError, match="disk"):
                self._take_once(changes, last.values(), fails=True)
        self._take_once(changes, last.values())
        for one in last.values():
            news = [member for member in one.story.members if member.novelty is not Novelty.HISTORY]
            if any(hit.severity is Severity.CRITICAL for member in news for hit in member.hits):
                self.critical.setdefault(one.story.id, self.world.now)

    def _take_once(self, changes: Iterable[Change], last: Iterable[Change], *, fails: bool = False) -> None:
        with self.world.store.transaction():
            for one in changes:
                self.world._keep(one)
            self.world.alerting.after(last, self.world.now)
            if fails:
                raise RuntimeError("the disk is full")


# --- what must hold --------------------------------------------------------------------------------------------------


def check(year: Year) -> Counter[str]:
    """Hold the messages of a year against what was asked for; return how the stories ended."""
    found = Counter(_ends(year))
    for channel, settings in year.settings["channels"].items():
        sent = year.world.sent(channel)
        wanted = Wanted(ZoneInfo(year.settings["timezone"]), settings)
        _check_quiet(sent, wanted)
        _check_budget(sent, settings.get("budget"))
    _check_rows(year)
    _check_critical(year)
    return found


def _ends(year: Year) -> Iterator[str]:
    """Say of each story on each channel how it ended: told, or dropped with a reason, and nothing is left to tell."""
    store = year.world.store
    for story_id, story in year.world.stories.items():
        for channel in year.settings["channels"]:
            thread = store.threads.get(story_id, channel)
            assert thread is not None, (story_id, channel)
            decision = thread.decision
            assert decision is not None
            assert decision.reason
            assert decision.action is not Action.HOLD, (story_id, channel, decision)
            if not thread.told:
                assert decision.action is Action.DROP
                yield decision.policy
                continue
            yield "told"
            seen = year.world.alerting._seen(story, year.world.now)
            candidate = year.world.alerting._candidate(seen, channel, year.world.now)
            joined = {one.article.id for one in story.members if one.novelty is not Novelty.HISTORY} - thread.heard
            if (
                candidate.way and joined and decision.policy != "silence"
            ):  # what is new and asked for was told, not only once but to the last
                assert not change.news(candidate) & set(change.wanted(candidate)), (story_id, channel, decision)


def _check_quiet(sent: list[Sent], wanted: Wanted) -> None:
    for one in sent:
        assert not wanted.is_quiet(one.at, one.alert.severity), (one.at, one.channel, one.alert.kind)


def _check_budget(sent: list[Sent], budget: int | None) -> None:
    """No 60 minutes have more messages than that, counted at each message."""
    if budget is None:
        return
    times = sorted(one.at for one in sent)
    for number, at in enumerate(times):
        assert sum(at - HOUR < other <= at for other in times[: number + 1]) <= budget, at


def _check_rows(year: Year) -> None:
    """Each message has a row that says so for each of its stories, and each such row has its message."""
    store, told = year.world.store, Counter[tuple[str, str, float]]()
    for one in year.world.sent():
        stories = (
            [one.alert.story_id] if one.alert.story_id else [e["story_id"] for e in one.alert.data.get("entries", ())]
        )  # type: ignore[attr-defined]
        told.update((story, one.channel, one.at) for story in stories)
    rows = store._db.rows(
        "SELECT story_id, channel, at, count(*) FROM decisions WHERE action = 'send' GROUP BY 1, 2, 3"
    )
    assert {(row[0], row[1], row[2]): row[3] for row in rows} == dict(told)
    twice = store._db.rows(
        "SELECT count(*) FROM (SELECT action, policy, reason, digest, lag(action || policy || reason || digest) OVER w "
        "AS before FROM decisions WINDOW w AS (PARTITION BY story_id, channel ORDER BY number)) "
        "WHERE action <> 'send' AND action || policy || reason || digest = before"
    )
    assert twice == [(0,)]


def _check_critical(year: Year) -> None:
    """What is critical and goes to the desk is told there at once, or had its budget of critical ones."""
    sent = {(one.alert.story_id, one.alert.severity): one.at for one in reversed(year.world.sent("desk"))}
    budget = year.settings["channels"]["desk"]["budget"]
    times = sorted(one.at for one in year.world.sent("desk"))
    for story, at in year.critical.items():
        if story not in year.world.stories:
            continue  # it has become part of another one
        if at != at:
            continue
        told = sent.get((story, Severity.CRITICAL))
        if told is None or told > at:
            full = sum(at - HOUR < other < at + HOUR for other in times) >= budget  # trends go at a set time
            said = {one.decision.policy for one in year.world.store.alerts.decisions(story)}
            assert full or said & {"merged", "silence"}, (story, at, told)


@pytest.mark.parametrize("seed", [1, 2])
def test_in_two_weeks_nothing_is_lost_or_unexplained(tmp_path: Path, seed: int) -> None:
    year = Year(tmp_path / "monitor.db", seed)
    year.live(days=14, stories=30)
    assert check(year)["told"] > 10


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 104))
def test_in_a_year_nothing_is_lost_or_unexplained(tmp_path: Path, seed: int) -> None:
    year = Year(tmp_path / "monitor.db", seed)
    year.live(days=365, stories=500)
    found = check(year)
    assert found["told"] > 500
    assert {"route", "disabled"} <= set(found)
