"""`monitor status`: the whole watch on one screen."""

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from monitor.cli import console
from monitor.wording import counted

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.store import Store

STALE = 120.0  # seconds without a tick, after which the daemon seems to hang


def status(config: console.ConfigOption = None, as_json: console.JsonOption = False) -> None:
    """Show sources, rules, channels, the queue and the last tick."""
    loaded = console.load_config(config)
    with console.open_store(loaded) as store:
        facts = _facts(loaded, store, time.time())
    if as_json:
        console.print_json(facts)
    else:
        _show(facts)


def _facts(config: "Config", store: "Store", now: float) -> dict[str, Any]:
    tick = float(store.meta.get("last_tick") or 0.0) or None
    from monitor.alert.silencing import described
    from monitor.store.claim import holder

    pid = holder(store.path)
    # What was wrong with a rule when the monitor read it last matters no more where the files are mended by now.
    broken = {one.rule_id or one.file for one in config.problems if not one.warning}
    return {
        "database": str(store.path),
        "last_tick": tick,
        "running": pid is not None,
        "pid": pid,
        "sources": Counter(state.state.value for state in store.sources.states().values()),
        "next_poll": store.sources.next_due(),
        "articles": store.articles.count(),
        "articles_today": store.articles.count(now - 86400),
        "hits_today": store.hits.count(now - 86400),
        "rules": {
            "live": len(config.rules.rules),
            "not_live": [str(one) for one in config.problems if not one.warning],
        },
        "channels": {name: _channel(store, name, now) for name in config.settings.channels},
        "silences": [
            {"id": one.id, "about": described(one), "author": one.author, "reason": one.reason, "until": one.end}
            for one in store.silences.active(now)
        ],
        "problems": [
            {key: getattr(one, key) for key in ("kind", "key", "title", "message", "advice")} | {"since": one.opened_at}
            for one in store.problems.current()
            if one.kind != "rule" or one.key in broken
        ],
        "now": now,
    }


def _life(facts: dict[str, Any]) -> str:
    """Say whether a monitor runs, and when it last did something."""
    tick, now = facts["last_tick"], facts["now"]
    if not facts["running"]:
        return f"not running; it last worked {console.since(tick, now)}" if tick else "not running; it has never run"
    hangs = "; it seems to hang" if tick is None or now - tick > STALE else ""
    return f"running (process {facts['pid']}), last tick {console.since(min(tick or now, now - 1), now)}{hangs}"


def _channel(store: "Store", name: str, now: float) -> dict[str, Any]:
    queues = [queue for target, queue in store.alerts.queue(now).items() if target.partition("/")[0] == name]
    return {
        "waiting": sum(queue.queued + queue.held + queue.leased for queue in queues),
        "held": store.threads.count_held(name),
        "sent": sum(queue.sent for queue in queues),
        "dead": sum(queue.dead for queue in queues),
        "last_error": next((queue.last_error for queue in queues if queue.last_error), ""),
    }


def _next(facts: dict[str, Any]) -> str:
    """Say when the next source is due; a new one is due since 1970."""
    due, now = facts["next_poll"], facts["now"]
    if due is None:
        return ""
    when = console.since(due, now) if due > now else "now"
    return f"; next poll {when}" if facts["running"] else f"; the next one is due {when}"


def _rules(facts: dict[str, Any]) -> str:
    """Count the rules that are live, what is wrong in the files, and the rules that failed when they were last read."""
    wrong = len(facts["rules"]["not_live"])
    failing = sum(one["kind"] == "examples" for one in facts["problems"])
    parts = [f"{facts['rules']['live']} live", counted(wrong, "problem") if wrong else ""]
    return ", ".join(filter(None, [*parts, f"{failing} with examples that fail" if failing else ""]))


def _show(facts: dict[str, Any]) -> None:
    console.say(f"monitor      {_life(facts)}", style="" if facts["running"] else "yellow")
    states = ", ".join(f"{number} {state}" for state, number in sorted(facts["sources"].items())) or "none"
    console.say(f"sources      {states}{_next(facts)}")
    hits = counted(facts["hits_today"], "hit")
    console.say(f"articles     {facts['articles']}, {facts['articles_today']} in 24 h; {hits} in 24 h")
    console.say(f"rules        {_rules(facts)}")
    for name, channel in facts["channels"].items():
        held = f", {counted(channel['held'], 'story', 'stories')} held back" if channel["held"] else ""
        error = (
            f"; {console.one_line(console.answer(channel['last_error']), longest=80)}" if channel["last_error"] else ""
        )
        console.say(
            f"channel      {name}: {channel['sent']} sent, {channel['waiting']} waiting, {channel['dead']} dead"
            f"{held}{error}"
        )
    if not facts["channels"]:
        console.say(f"channels     none: alerts are kept. {console.WHERE_KEPT}")
    for one in facts["silences"]:
        why = f"{one['about']}, by {one['author']}: {one['reason']}"
        console.say(
            f"silence      {one['id']}, ends {console.since(one['until'], facts['now'])}: {console.one_line(why)}"
        )
    known = facts["rules"]["not_live"]
    noted = [one for one in facts["problems"] if one["kind"] != "rule" and one["message"] not in known]
    for line in [*known, *(_problem(one, facts["now"]) for one in noted)]:
        console.say(f"problem      {console.one_line(line)}", style="yellow")


def _problem(one: dict[str, Any], now: float) -> str:
    name = one["title"] or f"{one['kind']} {one['key']}"
    advice = f" ({one['advice']})" if one["advice"] else ""
    return f"{name}, noted {console.since(one['since'], now)}: {one['message']}{advice}"
