"""`monitor silence`: what is not to be told for a while, by whom, why, and until when."""

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import console, filters, known
from monitor.cli.person import person
from monitor.errors import UsageError
from monitor.model import Severity
from monitor.wording import counted

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.model import Silence
    from monitor.store import Store

app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Do not hear of some stories for a while; list and end silences.",
)

Names = list[str] | None
LATELY = 7 * 86400.0  # seconds in which it is counted what a new silence would have been about
MOST = 1000  # stories that are looked at for that


@app.callback()
def silence(context: typer.Context, config: console.ConfigOption = None) -> None:
    """Do not hear of some stories for a while; list and end silences.

    Without a command: the silences in force.
    """
    console.chosen.config = config or console.chosen.config
    if context.invoked_subcommand is None:
        list_()


@app.command("add")
def add(
    rule: Annotated[Names, typer.Option("--rule", help="Id of a rule.")] = None,
    watch: Annotated[Names, typer.Option("--watch", help="Name of a watch.")] = None,
    source: Annotated[Names, typer.Option("--source", help="Id of a source.")] = None,
    country: Annotated[Names, typer.Option("--country", help="Where it happens, for example BY.")] = None,
    word: Annotated[Names, typer.Option("--word", help="In the headline: a word, a phrase, or a beginning*.")] = None,
    channel: Annotated[Names, typer.Option("--channel", help="Only on this channel.")] = None,
    below: Annotated[str, typer.Option("--below", help="Only what is less severe: low, medium, high, critical.")] = "",
    for_: Annotated[str, typer.Option("--for", metavar="DURATION", help="How long: 30m, 2h, 3d.")] = "",
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="Or until when: 2026-05-10T14:00.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why; it is shown wherever the silence is.")] = "",
    author: Annotated[str, typer.Option("--author", help="Who; without it the name of your account.")] = "",
    all_stories: Annotated[bool, typer.Option("--all-stories", help="Of everything: nothing at all is told.")] = False,
    config: console.ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object.")] = False,
) -> None:
    """Silence stories until a time. What is not named does not matter; each option may be given again.

    A story is silenced that has nothing but what is named: one that also hits another rule is told. Every story that
    is not told for it leaves a decision with author and reason. Times without a zone are in `timezone:`.
    """
    from monitor.model import Silence

    loaded = console.load_config(config)
    now = time.time()
    silence = Silence(
        id=0,
        author=person(author),
        reason=_reason(reason),
        start=now,
        end=_end(for_, until, loaded.settings.timezone, now),
        rules=tuple(rule or ()),
        watches=tuple(watch or ()),
        sources=tuple(source or ()),
        countries=tuple(_country(one) for one in country or ()),
        words=tuple(one.strip() for one in word or () if one.strip()),
        channels=tuple(channel or ()),
        below=_severity(below),
    )
    _must_name(silence, all_stories)
    with console.open_store(loaded, read_only=False) as store:
        _must_exist(loaded, store, silence)
        kept = store.silences.add(silence)
        matched, of = _lately(store, kept, now)
    if as_json:
        console.print_json({**_row(kept, now), "matched": matched, "of": of})
    else:
        console.say(console.one_line(_line(kept, loaded.settings.timezone)))
        console.say(f"it is about {matched} of the {counted(of, 'story', 'stories')} of the last 7 days")


@app.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    config: console.ConfigOption = None,
    as_json: console.JsonOption = False,
) -> None:
    """List silences: those in force, or all."""
    loaded = console.load_config(config)
    now = time.time()
    with console.open_store(loaded) as store:
        found = store.silences.all() if everything else list(reversed(store.silences.active(now)))
    rows = [_row(one, now) for one in found]
    table = _table(found, now, loaded.settings.timezone)
    console.show(rows, as_json=as_json, as_csv=False, table=table, empty="no silences")


@app.command("expire")
def expire(
    number: Annotated[int, typer.Argument(metavar="ID", help="Its number, as `silence list` shows it.")],
    author: Annotated[str, typer.Option("--author", help="Who; without it the name of your account.")] = "",
    config: console.ConfigOption = None,
) -> None:
    """End a silence now. Stories that it kept back are told again when they change."""
    loaded = console.load_config(config)
    with console.open_store(loaded, read_only=False) as store:
        if store.silences.get(number) is None:
            raise UsageError(f"there is no silence {number}; `monitor silence list --all` shows them")
        if store.silences.expire(number, person(author), time.time()):
            console.say(f"silence {number} is over")
        else:
            console.say(f"silence {number} was over already")


# --- what is given ---------------------------------------------------------------------------------------------------


def _reason(reason: str) -> str:
    if not reason.strip():
        raise UsageError('say why, for those who wonder: --reason "exercise announced, known"')
    return reason.strip()


def _end(for_: str, until: str, zone: str, now: float) -> float:
    """Return when a silence ends; UsageError unless exactly one of the two is given and lies ahead."""
    if bool(for_) == bool(until):
        raise UsageError("say how long, --for 2h, or until when, --until 2026-05-10T14:00; one of the two")
    end = now + filters.duration(for_) if for_ else filters.local_moment(until, zone=zone)
    if end <= now:
        raise UsageError(f"{for_ or until!r} is over already; a silence ends later than now")
    return end


def _country(code: str) -> str:
    if len(code) != 2 or not code.isalpha() or not code.isascii():
        raise UsageError(f"{code!r} is no country; write two letters, for example BY")
    return code.upper()


def _severity(text: str) -> Severity | None:
    try:
        severity = Severity(text) if text else None
    except ValueError:
        raise UsageError(f"--below is one of {', '.join(list(Severity)[1:])}") from None
    if severity is Severity.INFO:
        raise UsageError("nothing is below info; --below low silences what is info")
    return severity


def _must_name(silence: "Silence", all_stories: bool) -> None:
    """UsageError for a silence of everything that was not asked for as such, or one that was and names something."""
    named = any((silence.rules, silence.watches, silence.sources, silence.countries, silence.words, silence.below))
    if not named and not all_stories:
        what = "every story on these channels" if silence.channels else "every story"
        raise UsageError(
            f"this would silence {what}; name what it is about (--rule, --watch, --source, --country, --word, "
            "--below), or say --all-stories"
        )
    if named and all_stories:
        raise UsageError("--all-stories is for a silence that names nothing but channels")


def _must_exist(config: "Config", store: "Store", silence: "Silence") -> None:
    from monitor.config.suggest import hint

    for rule in silence.rules:
        known.must_exist(config, store, rule=rule)
    for watch in silence.watches:
        known.must_exist(config, store, watch=watch)
    for source in silence.sources:
        known.must_exist(config, store, source=source)
    channels = config.settings.channels
    for channel in silence.channels:
        if channel not in channels:
            raise UsageError(f"there is no channel {channel!r}; {hint(channel, set(channels), what='channels')}")


def _lately(store: "Store", silence: "Silence", now: float) -> tuple[int, int]:
    """Return how many stories of the last days a silence would have been about, on its channels, and of how many."""
    from monitor.alert.silencing import is_silent

    channel = silence.channels[0] if silence.channels else ""
    listed = store.stories.search(since=now - LATELY, limit=MOST)
    stories = [story for story in (store.stories.get(one.id) for one in listed) if story]
    return sum(is_silent(silence, story, channel, silence.start) for story in stories), len(stories)


# --- what is shown ---------------------------------------------------------------------------------------------------


def _state(silence: "Silence", now: float) -> str:
    if silence.end > now:
        return "in force"
    return f"ended by {silence.ended_by}" if silence.ended_by else "over"


def _line(silence: "Silence", zone: str) -> str:
    from monitor.alert.silencing import described

    return f"silence {silence.id} until {console.when(silence.end, zone)}: {described(silence)} ({silence.reason})"


def _row(silence: "Silence", now: float) -> dict[str, Any]:
    return {**asdict(silence), "state": _state(silence, now)}


def _table(found: "list[Silence]", now: float, zone: str) -> Any:
    from monitor.alert.silencing import described

    table = console.make_table(">id", "until", "~about", "author", "state", "~reason")
    for one in found:
        cells = (one.id, console.when(one.end, zone), described(one), one.author, _state(one, now), one.reason)
        console.add_row(table, *cells, style="" if one.end > now else "dim")
    return console.keep(table, "until")
