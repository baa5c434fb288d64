"""Databases to look at: one in plain words, one in which every field that a feed or a rule can fill is hostile."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace

from monitor.model import (
    Action,
    Alert,
    Article,
    Decision,
    Evidence,
    Field,
    Handled,
    Hit,
    Judged,
    Novelty,
    Person,
    Role,
    Severity,
    Silence,
    Source,
    SourceState,
    State,
    Story,
    Thread,
)
from monitor.store import Store
from monitor.store.notes import Assigned
from monitor.web import passwords

Words = Callable[[str], str]  # the plain words of a field -> what stands there
STATES = (State.OK, State.UNCHANGED, State.OK, State.TIMEOUT, State.NOT_A_FEED, State.EMPTY, State.NEW, State.BLOCKED)
REASONS = {
    State.TIMEOUT: "no answer within 30 s",
    State.NOT_A_FEED: "a page in HTML instead of a feed, with the title Verify that you are human",
    State.BLOCKED: "HTTP 403 Forbidden",
}
TITLES = (
    "Engineers move a pontoon bridge to the river crossing near Ostrovets",
    "Ministry says drills on the southern range end on Friday",
    "Пограничники сообщили о закрытии двух пунктов пропуска",
    "محادثات حول إغلاق المعبر الحدودي تستمر لليوم الثالث",
    "Ports reopen after the strike; ferries run late",
    "Sejm debates the new shield programme for the eastern border",
    "Air-defence unit arrives for an exercise in the northwest, mayor confirms in a long statement about trains, "
    "roads, fuel and the closing of a school",
)


def plain(text: str) -> str:
    """Say it as it is."""
    return text


def fill(store: Store, now: float, *, say: Words = plain, stories: int = 40, sources: int = 24) -> None:
    """Put sources, articles, hits, stories, alerts, deliveries, silences and problems into a database."""
    every = [_source(number, say) for number in range(sources)]
    store.sources.sync([*store.sources.all(), *every], now)
    store.sources.save(_state(source, number, now, say) for number, source in enumerate(every))
    for number in range(stories):
        _story(store, every, number, now - number * 1800.0, say)
        if number % 7 == 2:
            name = say(("Ann", "Night desk, Warsaw")[number % 2])
            store.notes.assign(f"s{number:012d}", Assigned(name, say("Ben"), now - number * 1700.0))
    _problems(store, every, now, say)
    store.silences.add(_silence(now, say))
    store.silences.add(replace(_silence(now - 86400 * 3, say), end=now - 86400))


def _source(number: int, say: Words) -> Source:
    return Source(
        id=f"source-{number}",
        url=f"https://paper{number}.example/rss?{say('section=world')}",
        title=say(f"The Border Courier {number}"),
        publisher=say("Courier House"),
        country="PL",
        language="pl",
        reliability="B",
        tags=frozenset({say("border"), "daily"} if number % 3 == 0 else {"daily"}),
    )


def _state(source: Source, number: int, now: float, say: Words) -> SourceState:
    state = STATES[number % len(STATES)]
    if state is State.NEW:
        return SourceState(source_id=source.id)
    return SourceState(
        source_id=source.id,
        state=state,
        reason=say(REASONS.get(state, "")),
        status=403 if state is State.BLOCKED else 200,
        next_due=now + 60.0 * number - 120,
        last_polled=now - 300,
        last_success=now - 300 if state.healthy else now - 86400,
        last_new=now - 4000 * (1 + number % 5),
        interval=900,
        rhythm=1800.0 * (1 + number % 7),
        primed=True,
    )


def _story(store: Store, sources: Sequence[Source], number: int, at: float, say: Words) -> None:
    source = sources[number % len(sources)]
    title = say(TITLES[number % len(TITLES)])
    article = Article(
        id=f"a{number:012d}",
        source_id=source.id,
        identity=f"item-{number}",
        url=f"https://paper.example/{number}",
        link=say(f"https://paper.example/{number}?from=rss"),
        title=title,
        summary=say("Columns were seen on the road at dawn. The ministry did not comment."),
        body=say("A longer text, in which the bridge is named once more."),
        author=say("A. Reporter"),
        published_at=at - 600,
        published_raw=say("Tue, 24 Nov 2026 10:00:00 GMT"),
        seen_at=at,
        language="en",
        categories=(say("world"),),
    )
    severity = list(Severity)[number % 5]
    evidence = (Evidence("any", say("bridge"), title[:8], Field.TITLE, 0, min(8, len(title))),)
    hit = Hit(
        article_id=article.id,
        rule_id=say("border-move"),
        rule_name=say("Movement at the border"),
        watch=say("border"),
        severity=severity,
        evidence=evidence,
        at=at,
    )
    story = Story(id=f"s{number:012d}", article=article, source=source, hits=(hit,), novelty=Novelty.NEW, first_seen=at)
    alert = Alert(id=f"n{number:012d}", kind="story", severity=severity, title=title, story_id=story.id, at=at, data={})
    with store.transaction():
        store.articles.add([Judged(article, Novelty.NEW, say("new"))])
        store.hits.add([hit])
        store.stories.add(story)
        store.alerts.add(alert, [("mail", f"k{number}"), (f"chat/{say('desk')}", f"c{number}")], at)
        if number % 4 == 0:
            store.handled.add(
                Handled(
                    story_id=story.id,
                    what="acknowledged",
                    by=say("Ann"),
                    at=at + 60,
                    note=say("known; the exercise was announced"),
                    severity=severity,
                )
            )
    if number % 6 == 5:
        decision = Decision(Action.HOLD, "quiet", say("quiet hours until 07:00"), at + 36000)
        store.threads.save(
            [Thread(story_id=story.id, channel=f"chat/{say('desk')}", opened=at, decision=decision, since=at)]
        )
    store.threads.save([_thread(story.id, number, at, say)])
    _outcomes(store, story.id, number, at, say)


def _thread(story_id: str, number: int, at: float, say: Words) -> Thread:
    """Return what the channel `mail` knows of a story: two of three were told, the third was left out."""
    if number % 3 == 2:
        decision = Decision(Action.DROP, "silence", say("silenced until Friday by Ann: announced drills"))
        return Thread(story_id=story_id, channel="mail", opened=at, decision=decision, since=at)
    decision = Decision(Action.SEND, "route", say("route 1 takes high hits of rule border-move"))
    return Thread(
        story_id=story_id, channel="mail", opened=at, told=1, times=(at + 30,), decision=decision, since=at + 30
    )


def _outcomes(store: Store, story_id: str, number: int, at: float, say: Words) -> None:
    for one in store.alerts.of_story(story_id):
        if number % 5 == 4:
            store.alerts.failed(one.delivery.id, at + 30, say("421 4.3.2 try again later"), at + 60)
            store.alerts.dead(one.delivery.id, at + 60, say("550 5.1.1 no such recipient"))
        elif number % 7 != 6:
            store.alerts.sent(one.delivery.id, at + 5, say("250 OK queued"))


def _problems(store: Store, sources: Sequence[Source], now: float, say: Words) -> None:
    for number, source in enumerate(sources[:4]):
        store.problems.open(
            "failing",
            source.id,
            say("it has not answered for 7 h"),
            now - 7 * 3600 * (number + 1),
            title=say(f"{source.title} fails"),
            advice=say("look at its address"),
        )
    store.problems.close("failing", sources[1].id, now - 3600)
    store.problems.open("network", "sources", say("no source answers"), now - 60, title=say("Our network is down"))


def _silence(now: float, say: Words) -> Silence:
    return Silence(
        id=0,
        author=say("Ann"),
        reason=say("exercise announced, known"),
        start=now - 600,
        end=now + 7200,
        rules=(say("border-move"),),
        words=(say("drills*"),),
    )


def account(store: Store, name: str, password: str, role: Role, now: float) -> None:
    """Make an account."""
    store.people.put(Person(name=name, role=role, password=passwords.hashed(password), since=now))


# --- payloads --------------------------------------------------------------------------------------------------------

# Each calls `fired(...)`, which a page under test does not have unless one of them runs.
PAYLOADS = (
    "<script>fired(1)</script>",
    '"><script>fired(2)</script>',
    "'><script>fired(3)</script>",
    "</title><script>fired(4)</script>",
    "</textarea><script>fired(5)</script>",
    "</script><script>fired(6)</script>",
    "<img src=x onerror=fired(7)>",
    '"><img src=x onerror=fired(8)>',
    "<svg onload=fired(9)>",
    "<svg><script>fired(10)</script></svg>",
    '<svg><a xlink:href="javascript:fired(11)"><text y=20>x</text></a></svg>',
    "<math><mtext></form><form><mglyph><style></math><img src onerror=fired(12)>",
    "<body onload=fired(13)>",
    "<iframe src=javascript:fired(14)></iframe>",
    '<iframe srcdoc="<script>parent.fired(15)</script>"></iframe>',
    "<details open ontoggle=fired(16)>x</details>",
    "<input autofocus onfocus=fired(17)>",
    '" autofocus onfocus=fired(18) x="',
    "' autofocus onfocus=fired(19) x='",
    '" onmouseover="fired(20)" style="position:fixed;inset:0" x="',
    "javascript:fired(21)",
    "JaVaScRiPt:fired(22)//",
    " javascript:fired(23)",
    "java\tscript:fired(24)",
    "\x01javascript:fired(25)",
    "data:text/html,<script>fired(26)</script>",
    "data:text/html;base64,PHNjcmlwdD5maXJlZCgyNyk8L3NjcmlwdD4=",
    "vbscript:fired(28)",
    'https://x.example/"onclick="fired(29)',
    "https://x.example/'onclick='fired(30)",
    "https://user@x.example/<script>fired(31)</script>",
    '<a href="javascript:fired(32)">click</a>',
    "<form action=javascript:fired(33)><button>go</button></form>",
    "<meta http-equiv=refresh content='0;url=javascript:fired(34)'>",
    "<base href=https://evil.example/>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "{{ 7*7 }}{% print(self) %}${fired(38)}#{fired(38)}",
    "<!--<img src=--><img src=x onerror=fired(39)>-->",
    "\u202e<scr\u0000ipt>fired(40)</script>\u2028<template><img src=x onerror=fired(40)></template>",
)


def hostile(start: int = 0) -> Words:
    """Return words of which each field gets another payload, in turn, beginning with the given one."""
    turn = itertools.cycle(PAYLOADS[start:] + PAYLOADS[:start])
    return lambda text: next(turn)
