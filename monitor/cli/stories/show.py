"""`monitor stories show`: one story whole: its articles in the order of time, how each joined, and what was told."""

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console
from monitor.cli.explain import said
from monitor.cli.stories.finding import story_or_not
from monitor.wording import counted

if TYPE_CHECKING:
    from monitor.model import Member, Story
    from monitor.store import Listed, Store
    from monitor.store.decisions import Decided

HOW = {
    "opens": "opened the story",
    "copy": "a copy of {like}",
    "same": "the same event as {like}",
    "development": "a development, after {like}",
    "hand": "put here by hand",
}


def show(
    what: Annotated[
        str, typer.Argument(help="A story's id, or an article's id or URL, or a hit's number.", metavar="STORY|ARTICLE")
    ],
    config: console.ConfigOption = None,
    as_json: console.JsonOption = False,
) -> None:
    """Show one story: when each article came, from whom, how it joined and why, what it hit, and what was told."""
    loaded = console.load_config(config)
    with console.open_store(loaded) as store:
        story_id = story_or_not(store, what)
        story, listed = store.stories.get(story_id), store.stories.listed(story_id)
        if story is None or listed is None:
            raise AssertionError("a story has its articles")
        parts = [story_id, *store.stories.merged_into(story_id)]
        if as_json:
            console.print_json(_facts(store, story, listed, parts))
        else:
            if what in parts[1:]:
                console.say(f"{what} has become part of {story_id}.\n")
            _print(store, story, listed, parts, loaded.settings.timezone)


def _facts(store: "Store", story: "Story", listed: "Listed", parts: list[str]) -> dict[str, Any]:
    from monitor.cli.stories.listing import row_of

    return {
        **row_of(listed, time.time()),
        "merged": parts[1:],
        "apart": store.stories.apart(story.id),
        "members": [_member(one) for one in story.members],
        "decisions": [_decision(one) for part in parts for one in store.alerts.decisions(part)],
        "deliveries": [
            {
                "alert": one.delivery.alert.id,
                "kind": one.delivery.alert.kind,
                "at": one.delivery.alert.at,
                "channel": one.delivery.channel,
                "state": one.state,
            }
            for part in parts
            for one in store.alerts.of_story(part)
        ],
    }


def _member(one: "Member") -> dict[str, Any]:
    article = one.article
    return {
        "article": article.id,
        "source": article.source_id,
        "title": article.title,
        "url": article.url or article.link,
        "published": article.published_at,
        "joined": one.at,
        "novelty": one.novelty.value,
        "join": one.join,
        "like": one.like,
        "shared": list(one.shared),
        "hits": [asdict(hit) for hit in one.hits],
    }


def _decision(one: "Decided") -> dict[str, Any]:
    return {
        "story": one.story_id,
        "channel": one.channel,
        "action": one.decision.action.value,
        "policy": one.decision.policy,
        "reason": one.decision.reason,
        "at": one.at,
    }


# --- for people ------------------------------------------------------------------------------------------------------


def _print(store: "Store", story: "Story", listed: "Listed", parts: list[str], zone: str) -> None:
    from monitor.cli.stories.listing import state

    console.say(console.one_line(story.article.title or "(without a title)"), style="bold")
    console.say(
        f"{story.id}  {story.severity}  {state(listed, time.time())}  "
        f"{counted(listed.articles, 'article')} of {counted(listed.sources, 'source')}, "
        f"first seen {console.when(story.first_seen, zone)}"
    )
    if parts[1:]:
        console.say(f"these have become part of it: {', '.join(parts[1:])}")
    if apart := store.stories.apart(story.id):
        console.say(f"parted from it by hand: {', '.join(apart)}")
    for member in sorted(story.members, key=lambda one: (one.at, one.article.published_at or 0.0)):
        _print_member(member, {one.article.id: one.source.name for one in story.members}, zone)
    _print_told(store, parts, zone)


def _print_member(one: "Member", names: dict[str, str], zone: str) -> None:
    history = "  (history)" if one.novelty.value == "history" else ""
    console.say()
    console.say(
        console.one_line(
            f"{console.when(one.at, zone)}  {one.source.name}: {one.article.title or '(without a title)'}{history}"
        ),
        style="bold",
    )
    console.say(f"  {one.article.id}  {_how(one, names)}")
    for hit in one.hits:
        words = ", ".join(dict.fromkeys(found.words for found in hit.evidence))
        console.say(f"  {console.one_line(f'hit {hit.rule_id} ({hit.severity}): {words}', longest=300)}")


def _how(one: "Member", names: dict[str, str]) -> str:
    like = f"{one.like} ({names[one.like]})" if one.like in names else one.like
    words = HOW.get(one.join, one.join).format(like=like)
    shared = ", ".join(term.lstrip("~") for term in one.shared)
    return console.one_line(f"{words}; shared: {shared}" if shared else words)


def _print_told(store: "Store", parts: list[str], zone: str) -> None:
    lines = [
        (one.at, f"{console.when(one.at, zone)}  {said(one)}") for part in parts for one in store.alerts.decisions(part)
    ]
    told = [
        (one.delivery.first_queued, f"{one.delivery.alert.kind} to {one.delivery.channel}: {one.state}")
        for part in parts
        for one in store.alerts.of_story(part)
    ]
    console.say()
    for _, line in sorted(lines, key=lambda pair: pair[0]):
        console.say(console.one_line(line))
    for at, line in told:
        console.say(console.one_line(f"{console.when(at, zone)}  {line}"))
    if not lines and not told:
        console.say("nothing was decided about it")
