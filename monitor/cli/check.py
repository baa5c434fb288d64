"""`monitor check`: every problem of all files at once."""

import asyncio
import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console
from monitor.errors import Problem, SendError
from monitor.wording import counted

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.settings import Channel


def check(
    config: console.ConfigOption = None,
    show: Annotated[bool, typer.Option("--show", help="Print what is in effect, secrets hidden.")] = False,
    examples: Annotated[bool, typer.Option(help="Try each rule on its own examples.")] = True,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 where there is a warning.")] = False,
    stored: Annotated[
        bool, typer.Option("--stored", help="Also try the rules on stored articles: too broad, never there.")
    ] = False,
    last: Annotated[int, typer.Option(help="How many stored articles, the newest.", min=1, max=1_000_000)] = 5000,
) -> None:
    """Check all files; tell every problem with its line, and end with 2 if there is one.

    Warnings do not count, unless --strict makes them end with 1. Secrets are looked up, but never shown.
    """
    from monitor.config import examine

    folder = console.folder(config)
    found, problems = examine(folder, environ=os.environ)
    notes: tuple[Problem, ...] = ()
    if found is not None:
        more, notes = _remarks(found, last if stored else 0)
        more += asyncio.run(_channel_problems(found))
        more += found.rules.check_examples() if examples else ()
        problems = tuple(sorted({*problems, *more}))
    problems = tuple(problem for problem in problems if not problem.follows)  # the cause is told, and that is enough
    for problem in problems:
        console.print_problem(problem)
    for note in notes:
        console.warn(console.clean(str(note)))
    if found is not None and show:
        _show(found)
    errors = sum(not problem.warning for problem in problems)
    if errors:
        console.warn(counted(errors, "problem"), style="bold red")
        raise typer.Exit(console.USER_ERROR)
    if found is not None and not show:
        console.say(_summary(found, len(problems)))
    if problems and strict:
        raise typer.Exit(console.WRONG)


def _remarks(config: "Config", last: int) -> tuple[list[Problem], tuple[Problem, ...]]:
    """Return the warnings about rules, and what may be looked through; with `last` newest stored articles asked."""
    from monitor.match.lint import lint

    found = list(lint(config.rules, config.sources))
    if not last:
        return found, ()
    from monitor.cli.surveying import surveyed

    broad, absent = surveyed(config, last)
    return [*found, *broad], absent


async def _channel_problems(config: "Config") -> list[Problem]:
    """Ask apprise whether it can use each enabled channel whose secrets are there; nothing is sent."""
    from functools import partial

    from monitor.alert.send import Sender
    from monitor.config import MONITOR, shown
    from monitor.config.secrets import missing_in, resolve
    from monitor.config.yaml import load_located

    channels = {
        name: one
        for name, one in config.settings.channels.items()
        if one.enabled and not any(missing_in(text, environ=os.environ) for text in (one.url, *one.secret))
    }
    sender = Sender(channels, partial(resolve, environ=os.environ))
    located = load_located(config.folder / MONITOR, file=shown(config.folder / MONITOR))
    problems = []
    for target in sender.targets:
        try:
            await sender.shape(target)
        except SendError as error:
            name = target.partition("/")[0]
            key, hint = _advice(channels[name], error.reason)
            problems.append(located.problem(("channels", name, key), error.reason.removeprefix(OURS), hint))
    return problems


OURS = "configuration: "  # how an error begins that no service has answered


def _advice(channel: "Channel", reason: str) -> tuple[str, str]:
    """Return which key of a channel is wrong, and what to do."""
    if channel.secret:
        return ("secret", console.MAKE_WHSEC) if "whsec_" in reason else ("url", "see docs/webhooks.md")
    hint = "see https://appriseit.com for how to write it"
    return "url", hint + ("; a program of your own needs a `secret`" if channel.url.startswith("http") else "")


def _summary(config: "Config", warnings: int) -> str:
    from monitor.config import shown

    polled = sum(source.enabled for source in config.sources)
    channels = sum(channel.enabled for channel in config.settings.channels.values())
    rules = counted(len(config.rules.rules), "rule")
    if config.rules.trends:
        rules += f", {counted(len(config.rules.trends), 'trend')}"
    counts = f"{counted(polled, 'source')}, {rules}, {counted(channels, 'channel')}"
    line = f"{shown(config.folder)}: {counts}: fine" + (f", {counted(warnings, 'warning')}" if warnings else "")
    return line if channels else f"{line}\nThere is no channel: alerts are kept. {console.WHERE_KEPT}"


def _show(config: "Config") -> None:
    """Print the settings, sources and rules in effect as JSON, secrets hidden."""
    from monitor.config.secrets import redact, redact_secret, redact_web

    settings = config.settings.model_dump(mode="json", by_alias=True)
    for channel in settings["channels"].values():
        channel["url"] = redact(channel["url"])
        channel["secret"] = [redact_secret(one) for one in channel["secret"]]
    settings["network"]["proxy"] = redact_web(settings["network"]["proxy"])
    effective: dict[str, Any] = {
        "folder": str(config.folder),
        "database": str(config.database(os.environ)),
        "settings": settings,
        "sources": [_source(source) for source in config.sources],
        "rules": [_rule(rule) for rule in config.rules.rules],
        "trends": [{**_rule(trend), "looks_for": trend.kind.describe()} for trend in config.rules.trends],
    }
    console.print_json(effective)


def _source(source: Any) -> dict[str, Any]:
    from monitor.config.secrets import HIDDEN, redact_web, references

    return {
        "id": source.id,
        "url": redact_web(source.url),
        "title": source.title,
        "publisher": source.publisher,
        "family": source.family,
        "country": source.country,
        "language": source.language,
        "reliability": source.reliability,
        "interval": source.interval,
        "headers": {name: " ".join(references(value)) or HIDDEN for name, value in source.headers},
        "proxy": redact_web(source.proxy),
        "tags": sorted(source.tags),
        "enabled": source.enabled,
    }


def _rule(rule: Any) -> dict[str, Any]:
    return {"id": rule.id, "name": rule.name, "watch": rule.watch, "severity": rule.severity, "file": rule.file}
