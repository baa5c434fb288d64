"""Decisions, as tables: what a story is to a channel, and why."""

from dataclasses import replace
from typing import Any

import pytest
from given_alerts import ARTICLE, NOW, SOURCE, hit, story

from monitor.alert import POLICIES, WINDOW, Candidate, Recent, decide, keys_of, message, retry, route
from monitor.alert.candidate import article_key, title_key, url_key
from monitor.model import Action, Decision, Novelty, Severity, Story, Thread
from monitor.settings import Alerts, Channel, Route, Settings

CHANNELS = {"desk": Channel(url="json://h/"), "off": Channel(url="json://h/", enabled=False)}
RULE = "border-deployment"


def ask(
    story: Story, channel: str = "desk", *, routes: tuple[Route, ...] = (), recent: Recent | None = None, **changes: Any
) -> Decision:
    """Ask all policies about a story that its channel does not know; nothing waits for more."""
    way = route.ways_for(story, routes, [channel]).get(channel)
    thread = Thread(story_id=story.id, channel=channel, opened=NOW)
    given: dict[str, Any] = {"settings": CHANNELS.get(channel, CHANNELS["desk"]), "way": way, "thread": thread}
    given |= {"recent": recent or Recent(), "alerts": Alerts(group_wait=0), "now": NOW, **changes}
    return decide(Candidate(story=story, channel=channel, **given))


def told(key: str, *, article: str = ARTICLE.id, rules: tuple[str, ...] = (RULE,), ago: float = 60.0) -> Recent:
    return Recent.of([(key, "desk", article, rules, NOW - ago)])


URL, TITLE, SAME = url_key(ARTICLE), title_key(ARTICLE), article_key(ARTICLE)
CASES: list[tuple[str, Any, Recent, Action, str, str]] = [
    ("new", {}, Recent(), Action.SEND, "route", "no routes"),
    ("history", {"novelty": Novelty.HISTORY}, Recent(), Action.DROP, "history", "when it was first seen"),
    ("sighting of an article nobody heard of", {"novelty": Novelty.SIGHTING}, Recent(), Action.SEND, "route", ""),
    ("edit, same rule", {"novelty": Novelty.EDITED}, told(SAME), Action.DROP, "change", "already alerted"),
    ("edit, long ago", {"novelty": Novelty.EDITED}, told(SAME, ago=1e7), Action.DROP, "change", "already alerted"),
    ("edit, new rule", {"novelty": Novelty.EDITED}, told(SAME, rules=("x",)), Action.SEND, "change", RULE),
    ("edit, never told", {"novelty": Novelty.EDITED}, Recent(), Action.SEND, "route", ""),
    ("same URL", {}, told(URL, article="aother"), Action.DROP, "change", "same URL as article aother"),
    ("same title", {}, told(TITLE, article="aother"), Action.DROP, "change", "same title as article aother"),
    ("same URL, older", {}, told(URL, article="aother", ago=WINDOW + 1), Action.SEND, "route", ""),
    ("same title, new rule", {}, told(TITLE, article="aother", rules=("x",)), Action.SEND, "route", ""),
]


@pytest.mark.parametrize(
    ("changes", "recent", "action", "policy", "words"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_what_happens_to_a_story(changes: Any, recent: Recent, action: Action, policy: str, words: str) -> None:
    decision = ask(replace(story(), **changes), recent=recent)
    assert (decision.action, decision.policy) == (action, policy)
    assert words in decision.reason


def test_history_is_sent_on_request() -> None:
    assert ask(story(novelty=Novelty.HISTORY), backfill=True).action is Action.SEND


def test_a_disabled_channel_is_a_reason() -> None:
    assert ask(story(), "off").policy == "disabled"


def test_every_policy_that_decides_names_itself() -> None:
    assert list(POLICIES)[:3] == ["route", "disabled", "history"]
    assert list(POLICIES)[-2:] == ["quiet", "budget"]


def test_what_one_channel_heard_does_not_matter_to_another() -> None:
    recent = told(URL, article="aother")
    decided = [ask(story(), name, recent=recent, settings=CHANNELS["desk"]) for name in ("desk", "pager")]
    assert [one.action for one in decided] == [Action.DROP, Action.SEND]


def test_a_recipient_counts_for_its_channel() -> None:
    recent = Recent.of([(URL, "desk/ann@example.org", "aother", (RULE,), NOW)])
    assert ask(story(), recent=recent).policy == "change"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Troops move toward the border", "TROOPS MOVE – toward the border!", True),
        ("Troops move toward the border", "Troops move from the border", False),
        ("Live updates", "Live updates", False),
        ("", "", False),
    ],
)
def test_which_titles_are_the_same(first: str, second: str, same: bool) -> None:
    keys = [title_key(replace(ARTICLE, title=title)) for title in (first, second)]
    assert (keys[0] == keys[1] != "") is same


# --- routes ----------------------------------------------------------------------------------------------------------

LOW, CRITICAL = hit(rule="low-one", severity=Severity.LOW, watch=""), hit(rule="big-one", severity=Severity.CRITICAL)
THREE = ("desk", "pager", "archive")


@pytest.mark.parametrize(
    ("routes", "hits", "expected"),
    [
        ((), (LOW,), THREE),
        ((Route(channels="desk"),), (LOW,), ("desk",)),
        ((Route(severity=Severity.HIGH, channels="pager"),), (LOW,), ()),
        ((Route(severity=Severity.HIGH, channels="pager"),), (CRITICAL,), ("pager",)),
        ((Route(rules="low-one", channels="desk"), Route(channels="archive")), (LOW,), ("desk",)),
        ((Route(**{"channels": "desk", "continue": True}), Route(channels="archive")), (LOW,), ("desk", "archive")),
        ((Route(watches="Belarus border", channels="desk"),), (LOW,), ()),
        ((Route(watches="Belarus border", channels="desk"),), (CRITICAL,), ("desk",)),
        ((Route(tags=("wire", "blog"), channels="desk"),), (LOW,), ("desk",)),
        ((Route(tags="blog", channels="desk"),), (LOW,), ()),
        ((Route(channels=("pager", "gone")),), (LOW,), ("pager",)),
        # Each hit takes its own way: the critical one is not swallowed by the route of the lesser one.
        (
            (Route(rules="low-one", channels="desk"), Route(severity=Severity.HIGH, channels="pager")),
            (LOW, CRITICAL),
            ("desk", "pager"),
        ),
    ],
)
def test_which_channels_hear(routes: tuple[Route, ...], hits: Any, expected: tuple[str, ...]) -> None:
    assert route.channels_for(story(ARTICLE, *hits), routes, THREE) == expected


def test_no_route_is_a_decision_with_its_reason() -> None:
    decided = ask(story(), routes=(Route(tags="blog", channels="desk"),))
    assert decided.reason == "no route sends it to channel desk"


# --- alerts ----------------------------------------------------------------------------------------------------------


def test_ids_are_stable_and_depend_on_what_is_said() -> None:
    alert = message.alert_of(story(), now=NOW)
    assert alert.id == message.alert_of(story(), now=NOW + 9).id
    assert alert.id != message.alert_of(story(ARTICLE, hit(rule="another")), now=NOW).id
    assert alert.id != message.alert_of(story(novelty=Novelty.EDITED), now=NOW).id
    assert (alert.id[0], len(alert.id)) == ("n", 13)
    assert alert.data["keys"] == list(keys_of(story()))


def test_keys_of_deliveries_are_stable_per_target() -> None:
    alert = message.alert_of(story(), now=NOW)
    channels = {"mail": Channel(url="mailto://h.example?to=a@x.org,b@x.org"), "desk": Channel(url="json://h/")}
    found = message.deliveries(alert, ["mail", "desk", "gone"], channels)
    assert [target for target, _ in found] == ["mail/a@x.org", "mail/b@x.org", "desk"]
    assert len({key for _, key in found}) == 3
    assert found == message.deliveries(alert, ["mail", "desk"], channels)


@pytest.mark.parametrize(
    ("named", "but", "expected"),
    [((), "", ("desk",)), (("desk", "off", "gone"), "", ("desk",)), ((), "desk/a@x.org", ())],
)
def test_who_hears_about_the_monitor(named: tuple[str, ...], but: str, expected: tuple[str, ...]) -> None:
    assert message.operators(Settings(channels=CHANNELS, operators=named), but=but) == expected


# --- retries ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attempts", "spread", "retry_after", "pause"),
    [
        (1, 0.0, None, 30.0),
        (2, 0.0, None, 60.0),
        (7, 0.0, None, 1920.0),
        (8, 0.0, None, 3600.0),
        (10**9, 0.0, None, 3600.0),
        (1, 0.5, None, 33.0),
        (1, 0.0, 5.0, 30.0),
        (1, 0.0, 500.0, 500.0),
        (1, 0.0, 1e9, 86400.0),
    ],
)
def test_when_to_try_again(attempts: int, spread: float, retry_after: float | None, pause: float) -> None:
    assert retry.next_try(attempts, NOW, NOW, spread, retry_after, 172800.0) == pytest.approx(NOW + pause)


@pytest.mark.parametrize(
    ("attempts", "age", "recoverable", "dead"),
    [(1, 172799, True, False), (1, 172800, True, True), (2, 0, False, False), (3, 0, False, True)],
)
def test_when_to_give_up(attempts: int, age: float, recoverable: bool, dead: bool) -> None:
    found = retry.next_try(attempts, NOW - age, NOW, 0.0, None, 172800.0, recoverable=recoverable)
    assert (found is None) is dead


def test_the_source_of_the_example_is_known() -> None:
    assert message.alert_of(story(), now=NOW).data["source"] == {
        "id": SOURCE.id,
        "name": "Kestrel Wire",
        "publisher": "",
        "country": "PL",
        "reliability": "B",
        "reliability_words": "usually reliable",
        "tags": ["wire"],
    }
