"""What every policy keeps to, whatever it is asked about: it says why, it lets go in time, and it repeats itself."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from given_alerts import ARTICLE, SOURCE, hit
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from monitor.alert import POLICIES, Candidate, decide
from monitor.alert.facts import Facts, differences, facts_of, united
from monitor.alert.policies import budget, quiet
from monitor.alert.route import Walker, channels_for, fits, ways_for
from monitor.alerting import folded, told
from monitor.model import (
    Action,
    Alert,
    Corroboration,
    Decision,
    Handled,
    Located,
    Member,
    Novelty,
    Severity,
    Silence,
    Story,
    Thread,
    Voice,
)
from monitor.settings import Alerts, Channel, Corroborate, Inhibit, Quiet, Repeat, Route, Schedule

NOW = 1_790_000_000.0
HOUR, DAY = 3600.0, 86400.0
YEAR = 365 * DAY
SEVERITIES = st.sampled_from(list(Severity))
PLACES = st.sampled_from(
    [
        None,
        Located(countries=("BY",), place="Brest", kind="place", sure="sure", borders={"PL": 3.0}),
        Located(countries=("PL",)),
    ]
)
TIMES = st.sampled_from([f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30, 59)])
ZONES = st.sampled_from(
    ["UTC", "Europe/Warsaw", "America/Toronto", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
)
quick = settings(max_examples=60, deadline=None)
every = settings(max_examples=100, deadline=None)  # what all policies are asked about, each in turn


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A story of one to four articles of some voices."""
    members = []
    for number in range(draw(st.integers(1, 4))):
        article = replace(
            ARTICLE,
            id=f"a{number}",
            identity=str(number),
            url=f"https://x.example/{number}",
            title=f"Headline {number} of the day",
        )
        found = hit(
            article,
            draw(st.sampled_from(["border", "drills"])),
            severity=draw(SEVERITIES),
            watch=draw(st.sampled_from(["", "North", "South"])),
        )
        members.append(
            Member(
                article=article,
                source=replace(SOURCE, id=f"source{number}", reliability=draw(st.sampled_from("ABCDEF"))),
                hits=(found,),
                novelty=draw(st.sampled_from([Novelty.NEW, Novelty.NEW, Novelty.EDITED, Novelty.HISTORY])),
                located=draw(PLACES),
            )
        )
    return story_of(members, draw(st.integers(1, len(members))))


def story_of(members: list[Member], independent: int = 1) -> Story:
    voices = tuple(Voice(name=f"voice{number}", sources=(), articles=(), first_at=NOW) for number in range(independent))
    return Story(
        id="s1",
        article=members[0].article,
        source=members[0].source,
        hits=tuple(one for member in members for one in member.hits),
        novelty=Novelty.HISTORY if all(one.novelty is Novelty.HISTORY for one in members) else Novelty.NEW,
        first_seen=NOW,
        members=tuple(members),
        corroboration=Corroboration(
            articles=len(members),
            sources=len(members),
            voices=voices,
            first="",
            first_at=NOW,
            credibility=4 - min(independent, 3),
            reason="",
        ),
    )


QUIET = st.builds(
    lambda begin, end, through: Quiet(**{"from": begin, "to": end, "break_through": through}), TIMES, TIMES, SEVERITIES
)
ROUTES = st.builds(
    lambda severity, wait, founded, digest, repeat, updates: Route(
        severity=severity,
        channels="desk",
        group_wait=wait,
        corroboration=founded,
        digest=digest,
        repeat=repeat,
        updates=updates,
    ),
    SEVERITIES,
    st.sampled_from([None, 0.0, 60.0]),
    st.sampled_from([None, Corroborate(), Corroborate(independent=3, or_reliability="B")]),
    st.sampled_from(["", "morning"]),
    st.sampled_from([None, Repeat(most=1, every=DAY)]),
    st.sampled_from([None, True, False, ["severity"]]),
)


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    """A story that a channel knows or does not, with a configuration and a past."""
    story, before = draw(stories()), draw(stories())
    opened = NOW - draw(st.floats(0, 4 * DAY))
    thread = Thread(story_id="s1", channel="desk", opened=opened)
    if draw(st.booleans()):
        times = tuple(sorted(draw(st.lists(st.floats(opened, NOW), min_size=1, max_size=6))))
        thread = replace(
            thread, told=len(times), times=times, facts=facts_of(before).to_json(), heard=frozenset({"a0", "a1"})
        )
    held = draw(st.sampled_from([None, Decision(Action.HOLD, "quiet", "it is night", NOW, "quiet")]))
    routes = draw(st.lists(ROUTES, max_size=2))
    digests = {"morning": Schedule(cron="0 8 * * *")}
    severe = Thread(
        story_id="s9",
        channel="desk",
        opened=NOW,
        told=1,
        times=(NOW - draw(st.floats(0, DAY)),),
        facts=Facts(severity=Severity.CRITICAL, rules={"border": ""}).to_json(),
        watches=frozenset({"North"}),
    )
    silence = Silence(
        id=1, author="ann", reason="drills", start=NOW - 1, end=NOW + draw(st.floats(-1, 9)), rules=("border",)
    )
    return Candidate(
        story=story,
        channel="desk",
        settings=Channel(
            url="json://h/",
            enabled=draw(st.sampled_from([True, True, True, False])),
            quiet=tuple(one for one in draw(st.lists(QUIET, max_size=1)) if one.from_ != one.to),
            budget=draw(st.sampled_from([None, 1, 3, 10])),
        ),
        way=ways_for(story, routes, ["desk"], digests).get("desk"),
        now=NOW,
        thread=replace(thread, decision=held, escalation=draw(st.sampled_from(["", "", "", "nobody answers"]))),
        alerts=Alerts(
            group_wait=draw(st.sampled_from([0.0, 30.0])), group_interval=draw(st.sampled_from([0.0, 900.0]))
        ),
        zone=ZoneInfo(draw(ZONES)),
        backfill=draw(st.booleans()),
        digests=digests,
        inhibit=draw(st.sampled_from([(), (Inhibit(),), (Inhibit(same="all", mutes=Severity.HIGH),)])),
        lately=draw(st.sampled_from([(), (severe,)])),
        silences=draw(st.sampled_from([(), (silence,)])),
        handled=draw(st.sampled_from([(), (Handled(story_id="s1", what="acknowledged", by="ann", at=NOW),)])),
        spent=tuple(draw(st.lists(st.floats(NOW - 2 * HOUR, NOW + 2 * HOUR), max_size=12))),
        released=draw(st.booleans()),
        settled=draw(st.booleans()),
    )


# --- every policy ----------------------------------------------------------------------------------------------------


@every
@given(candidate=candidates())
def test_a_policy_says_why_and_until_when(candidate: Candidate) -> None:
    for name in POLICIES:
        says_why_and_until_when(name, candidate)


def says_why_and_until_when(name: str, candidate: Candidate) -> None:
    decision = POLICIES[name](candidate)
    assert decision == POLICIES[name](candidate), name
    if decision is None:
        return
    assert (decision.policy, decision.reason != "") == (name, True)
    assert decision.action is not Action.SEND
    if decision.action is Action.HOLD:
        assert decision.until is not None
        assert decision.until > candidate.now
    else:
        assert (decision.until, decision.digest) == (None, "")


@every
@given(candidate=candidates())
def test_what_is_held_is_let_go_when_its_time_has_come(candidate: Candidate) -> None:
    """Looked at again at that time, with nothing else changed, the same policy does not hold it for ever."""
    for name in POLICIES:
        is_let_go(name, candidate)


def is_let_go(name: str, candidate: Candidate) -> None:
    decision = POLICIES[name](candidate)
    for _ in range(20):
        if decision is None or decision.action is not Action.HOLD:
            return
        thread = replace(candidate.thread, decision=decision)
        assert decision.until is not None
        candidate = replace(candidate, now=decision.until, thread=thread, released=decision.digest != "")
        decision = POLICIES[name](candidate)
    raise AssertionError(f"{name} holds it for ever")


@settings(max_examples=300, deadline=None)
@given(candidate=candidates())
def test_all_together_come_to_an_end(candidate: Candidate) -> None:
    """Whatever holds it, in the end it is told or dropped, and the reason is there at every step."""
    decision = decide(candidate)
    for _ in range(40):
        assert decision.reason
        if decision.action is not Action.HOLD:
            return
        assert decision.until is not None
        thread = replace(candidate.thread, decision=decision)
        candidate = replace(candidate, now=decision.until, thread=thread, released=decision.digest != "")
        decision = decide(candidate)
    raise AssertionError(f"it is held for ever: {decision}")


@quick
@given(candidate=candidates())
def test_what_was_told_is_not_told_again(candidate: Candidate) -> None:
    decision = decide(candidate)
    assume(decision.action is Action.SEND)
    said = Alert(id="n1", kind="story", severity=Severity.LOW, title="")
    again = replace(candidate, thread=told(candidate, said, candidate.now), now=candidate.now + YEAR)
    assert decide(again).action is Action.DROP


@quick
@given(candidate=candidates())
def test_critical_never_waits_for_quiet_hours(candidate: Candidate) -> None:
    hours = tuple(one.model_copy(update={"break_through": Severity.CRITICAL}) for one in candidate.settings.quiet)
    candidate = replace(candidate, settings=candidate.settings.model_copy(update={"quiet": hours}))
    decision = POLICIES["quiet"](candidate)
    assert decision is None or candidate.story.severity is not Severity.CRITICAL


# --- single ones -----------------------------------------------------------------------------------------------------


def wall(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).strftime("%H:%M")


@settings(max_examples=300, deadline=None)
@given(at=st.floats(NOW, NOW + YEAR), begin=TIMES, end=TIMES, zone=ZONES.map(ZoneInfo))
@example(
    at=datetime(2026, 10, 25, 0, 45, tzinfo=UTC).timestamp(), begin="22:00", end="02:30", zone=ZoneInfo("Europe/Warsaw")
)
@example(
    at=datetime(2026, 10, 25, 1, 15, tzinfo=UTC).timestamp(), begin="22:00", end="02:30", zone=ZoneInfo("Europe/Warsaw")
)
@example(
    at=datetime(2027, 3, 28, 0, 59, tzinfo=UTC).timestamp(), begin="22:00", end="02:30", zone=ZoneInfo("Europe/Warsaw")
)
def test_quiet_hours_are_those_of_the_clock_on_the_wall(at: float, begin: str, end: str, zone: ZoneInfo) -> None:
    assume(begin != end)
    hours = Quiet(**{"from": begin, "to": end})  # type: ignore[arg-type]
    until = quiet.ends([hours], Severity.LOW, zone, at)
    now = wall(at, zone)
    if (begin <= now < end) if begin < end else (now >= begin or now < end):
        assert until is not None
    if until is not None:
        assert at < until <= at + 26 * HOUR
        assert wall(until, zone) >= end or wall(until, zone) < begin  # where 02:30 is skipped it is half past three
        assert quiet.ends([hours], Severity.LOW, zone, until) is None
    assert quiet.ends([hours], Severity.CRITICAL, zone, at) is None


@settings(max_examples=200, deadline=None)
@given(
    most=st.integers(1, 12),
    arrivals=st.lists(st.tuples(st.floats(0, 1800), SEVERITIES), min_size=1, max_size=60),
)
def test_no_hour_has_more_than_the_budget(most: int, arrivals: list[tuple[float, Severity]]) -> None:
    now, sent, waiting = NOW, list[float](), list[Severity]()
    for gap, severity in arrivals:
        now += gap
        waiting.append(severity)
        while waiting and budget.room(most, waiting[0], sent, now) is None:
            waiting.pop(0)
            sent.append(now)
    for at in sent:
        assert sum(at - HOUR < other <= at for other in sent) <= most


@quick
@given(one=stories(), other=stories())
def test_facts_that_were_told_are_known_for_good(one: Story, other: Story) -> None:
    before, now = facts_of(one), facts_of(other)
    both = united(before, now)
    assert set(both.rules) == {*before.rules, *now.rules}
    assert both.severity.rank == max(before.severity.rank, now.severity.rank)
    assert differences(both, both) == ()
    assert Facts.from_json(both.to_json()) == both


@quick
@given(one=candidates(), other=candidates())
def test_threads_of_stories_that_become_one_lose_nothing(one: Candidate, other: Candidate) -> None:
    both = folded(one.thread, replace(other.thread, story_id="s2"))
    assert both.story_id == "s1"
    assert both.told == one.thread.told + other.thread.told
    assert both.opened == min(one.thread.opened, other.thread.opened)
    if one.thread.told or other.thread.told:
        assert {*one.thread.facts.get("rules", {}), *other.thread.facts.get("rules", {})} == set(both.facts["rules"])  # type: ignore[misc,call-overload]


FLAT = st.lists(
    st.builds(
        lambda severity, rules, tags, channels, go_on: Route(
            **{"severity": severity, "rules": rules, "tags": tags, "channels": channels, "continue": go_on}
        ),
        SEVERITIES,
        st.sampled_from([(), ("border",), ("drills",)]),
        st.sampled_from([(), ("wire",), ("blog",)]),
        st.lists(st.sampled_from(["desk", "phone", "room"]), min_size=1, max_size=2),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=200, deadline=None)
@given(routes=FLAT, story=stories())
def test_a_flat_list_of_routes_means_what_it_always_meant(routes: list[Route], story: Story) -> None:
    members = {member.article.id: member for member in story.members}
    wanted = set[str]()
    for one in story.hits:
        for route in routes:
            member = members[one.article_id]
            if fits(route, Walker(one, member.source, member.article)):
                wanted |= set(route.channels)
                if not route.continue_:
                    break
    names = ("desk", "phone", "room")
    assert channels_for(story, routes, names) == tuple(name for name in names if name in wanted)


@quick
@given(routes=FLAT, story=stories())
def test_routes_within_one_that_asks_for_nothing_are_as_if_they_stood_outside(
    routes: list[Route], story: Story
) -> None:
    names = ("desk", "phone", "room")
    within = Route.model_validate({"routes": [one.model_dump(by_alias=True, exclude_unset=True) for one in routes]})
    assert channels_for(story, [within], names) == channels_for(story, routes, names)


def test_a_route_takes_from_the_one_around_it_what_it_does_not_say() -> None:
    outer: dict[str, Any] = {
        "channels": "desk",
        "group_wait": 60,
        "updates": False,
        "routes": [{"rules": "border", "group_wait": 0}, {"rules": "drills", "channels": "room", "updates": True}],
    }
    border, other = hit(), hit(rule="drills")
    routes = [
        Route.model_validate({**outer, "routes": [{**outer["routes"][0], "rules": border.rule_id}, outer["routes"][1]]})
    ]
    one = replace(story_of([Member(article=ARTICLE, source=SOURCE, hits=(border,))]), members=())
    two = replace(one, hits=(other,))
    three = replace(one, hits=(hit(rule="x"),))
    ways = [ways_for(story, routes, ["desk", "room"]) for story in (one, two, three)]
    assert [list(way) for way in ways] == [["desk"], ["room"], ["desk"]]
    found = [next(iter(way.values())) for way in ways]
    assert (found[0].group_wait, found[0].updates) == (0, ())
    assert [(way.group_wait, way.updates != ()) for way in found][1:] == [(60, True), (60, False)]
    assert [way.reason.split(" takes")[0] for way in found] == ["route 1.1", "route 1.2", "route 1"]


@pytest.mark.parametrize(
    ("asked", "fine"),
    [
        ({"reliability": "B"}, True),
        ({"reliability": "A"}, False),
        ({"languages": "en"}, True),
        ({"languages": "ru"}, False),
        ({"sources": "kestrel"}, True),
        ({"sources": "plover"}, False),
        ({"countries": ["BY", "UA"]}, True),
        ({"countries": "PL"}, False),
        ({"places": {"country": "BY", "border": "PL", "km": 5}}, True),
        ({"places": {"border": ["BY", "PL"], "km": 5}}, True),
        ({"places": {"border": ["BY", "UA"], "km": 5}}, False),
        ({"places": {"border": "BY", "km": 5}}, True),
        ({"places": {"border": "PL", "km": 2}}, False),
        ({"places": {"border": "LT"}}, False),
    ],
    ids=str,
)
def test_what_a_route_can_ask_for(asked: dict[str, Any], fine: bool) -> None:
    brest = Located(countries=("BY",), place="Brest", kind="place", sure="sure", borders={"PL": 3.0, "UA": 50.0})
    route = Route.model_validate({**asked, "channels": "desk"})
    assert fits(route, Walker(hit(), SOURCE, ARTICLE, brest)) is fine
    if "countries" in asked or "places" in asked:
        assert not fits(route, Walker(hit(), SOURCE, ARTICLE))
