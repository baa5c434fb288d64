"""Routes and policies in plain words: what each says, and that what they inherit is said, too."""

from typing import Any

from monitor.alert import outline
from monitor.settings import Settings

CHANNELS: dict[str, Any] = {"desk": {"url": "json://secret@x/"}, "pager": {"url": "json://x/p"}}


def said(**more: Any) -> Settings:
    return Settings.model_validate({"channels": CHANNELS, **more})


def test_a_route_says_what_it_takes_and_how_it_is_told() -> None:
    (one,) = outline.steps(
        said(
            routes=[
                {
                    "severity": "high",
                    "rules": ["a", "b", "c"],
                    "watches": "North",
                    "sources": "wire",
                    "tags": "daily",
                    "reliability": "B",
                    "languages": ["en", "pl"],
                    "countries": "BY",
                    "places": {"border": ["BY", "UA"], "km": 30},
                    "channels": "desk",
                    "continue": True,
                    "group_wait": 0,
                    "corroboration": {"independent": 2, "or_reliability": "A"},
                    "updates": False,
                    "repeat": {"most": 1},
                    "escalate": {"after": "10m", "to": ["pager", "desk"]},
                }
            ]
        )
    )
    assert one.fits == (
        "high or more severe, of rule a, b or c, of watch North, from source wire, from a source tagged daily, from a "
        "source of reliability B or better, in the language en or pl, in BY, within 30 km of a border between BY and UA"
    )
    assert one.policies == (
        "held until 2 independent sources tell it, or one of reliability A or better; dropped after 3 days",
        "the first message at once",
        "15 minutes between messages",
        "no updates",
        "1 update in 1 day at most",
        "critical or more severe and not acknowledged within 10 minutes: told on pager and desk, too",
    )
    assert one.then == "then the routes below are looked at, too"


def test_a_route_within_another_takes_from_it_what_it_does_not_say() -> None:
    outer, last = outline.steps(
        said(
            routes=[
                {"channels": "desk", "group_wait": "5m", "routes": [{"tags": "x"}, {"digest": "daily"}]},
                {"routes": [{"channels": "pager"}]},
            ],
            digests={"daily": {"cron": "0 8 * * *", "channels": "pager"}},
        )
    )
    assert [(one.label, one.channels) for one in outer.inner] == [("1.1", ("desk",)), ("1.2", ("pager",))]
    assert outer.fits == "everything"
    assert outer.inner[0].policies[0] == "the first message after 5 minutes"
    assert outer.inner[1].policies[0] == "told in the digest daily"
    assert (last.channels, last.policies) == ((), ())


def test_channels_say_what_they_can_take_and_no_url() -> None:
    quiet = {"from": "22:00", "to": "07:00", "days": ["mon"], "break_through": "high"}
    settings = said(
        channels={
            "desk": {**CHANNELS["desk"], "budget": "20/h", "quiet": quiet, "updates": ["rules", "sources"]},
            "off": {"url": "json://x/", "enabled": False, "updates": False},
        }
    )
    desk, off = outline.channels(settings)
    assert desk.policies == (
        "20 messages in any 60 minutes",
        "quiet 22:00–07:00 on mon: only what is high or more severe is told",
        "more than 10 alerts at one moment are one message",
        "where no route says it: updates for new rules and more independent sources",
    )
    assert off.policies[0] == "disabled: nothing new is told here"
    assert "secret" not in repr((desk, off))


def test_digests_and_inhibitions() -> None:
    settings = said(
        digests={"daily": {"cron": "0 8 * * *"}},
        inhibit=[{"same": "all", "mutes": "info"}, {"severity": "high", "mutes": "medium", "same": "country"}],
    )
    assert outline.digests(settings)[0].policies == (
        "at 0 8 * * * (minute, hour, day, month, weekday)",
        "to the channels of its routes",
    )
    assert outline.inhibitions(settings) == (
        "A story that is critical holds what is info for 2 hours",
        "A story that is high or more severe holds what is medium or less severe of the same country for 2 hours",
    )


def test_what_no_route_says_is_what_alerts_say() -> None:
    words = outline.policies({}, said(alerts={"group_interval": 0, "thresholds": [2]}).alerts)
    assert words == (
        "the first message after 30 seconds; critical at once",
        "updates at once",
        "updates for anything new; sources at their numbers (2)",
        "5 updates in 1 day at most",
    )
