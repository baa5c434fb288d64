"""The settings as frozen pydantic models: the shape of `monitor.yaml` and `sources.yaml`; no effects.

`monitor.config` fills them from YAML; their descriptions become the JSON Schemas of `monitor schema`.
Durations are written `90s`, `15m`, `6h`, `2d` or as plain seconds, and held in seconds. Sizes are written
`512k`, `5M` or as plain bytes, and held in bytes.
"""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from monitor.model import Severity

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_SIZES = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


_DURATION = r"\s*(\d+(?:\.\d+)?)\s*([smhdw]?)\s*"
_SIZE = r"\s*(\d+)\s*([kmg]?)i?b?\s*"


def _seconds(value: Any) -> Any:
    if isinstance(value, str) and (found := re.fullmatch(_DURATION, value)):
        return float(found[1]) * _UNITS[found[2]]
    if isinstance(value, str | bool):
        raise ValueError("is not a duration; write for example 90s, 15m, 6h or 2d")
    return value


def _bytes(value: Any) -> Any:
    if isinstance(value, str) and (found := re.fullmatch(_SIZE, value, re.IGNORECASE)):
        return int(found[1]) * _SIZES[found[2].lower()]
    if isinstance(value, str | bool):
        raise ValueError("is not a size; write for example 512k or 5M")
    return value


# What an editor is told: a number, or a text with a unit.
_SECONDS_SCHEMA = WithJsonSchema(
    {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": f"^{_DURATION}$"}]}
)
_BYTES_TEXT = {"type": "string", "pattern": r"^\s*\d+\s*[kKmMgG]?i?[bB]?\s*$"}
_BYTES_SCHEMA = WithJsonSchema({"anyOf": [{"type": "integer", "exclusiveMinimum": 0}, _BYTES_TEXT]})
_MANY_SCHEMA = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})


UPDATES = ("severity", "rules", "sources", "credibility", "places", "numbers")  # what can be new in a story
ARTICLES = "articles"  # any further article with a hit; for programs, and only where it is asked for
CAN_BE_NEW = (*UPDATES, ARTICLES)


def _kinds(value: Any) -> Any:
    """Return what counts as new: `true` is all of UPDATES, `false` is nothing."""
    if isinstance(value, bool):
        return UPDATES if value else ()
    kinds = (value,) if isinstance(value, str) else value
    if not isinstance(kinds, list | tuple) or not set(map(str, kinds)) <= set(CAN_BE_NEW):
        raise ValueError(f"is not what can be new; write true, false or some of {', '.join(CAN_BE_NEW)}")
    return tuple(kinds)


def _hourly(value: Any) -> Any:
    if isinstance(value, str) and (found := re.fullmatch(r"\s*(\d+)\s*(?:/\s*h)?\s*", value)):
        return int(found[1])
    if isinstance(value, str | bool):
        raise ValueError("is not a number of messages an hour; write for example 20/h")
    return value


def _many(value: Any) -> Any:
    return (value,) if isinstance(value, dict) else value


Seconds = Annotated[float, BeforeValidator(_seconds), Field(ge=0, allow_inf_nan=False), _SECONDS_SCHEMA]
LongSeconds = Annotated[float, BeforeValidator(_seconds), Field(ge=90 * 86400, allow_inf_nan=False), _SECONDS_SCHEMA]
Bytes = Annotated[int, BeforeValidator(_bytes), Field(gt=0), _BYTES_SCHEMA]
_UPDATES_SCHEMA = WithJsonSchema(
    {
        "anyOf": [
            {"type": "boolean"},
            {"enum": list(CAN_BE_NEW)},
            {"type": "array", "items": {"enum": list(CAN_BE_NEW)}},
        ]
    }
)
_BUDGET_SCHEMA = WithJsonSchema(
    {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": r"^\s*[1-9]\d*\s*(/\s*h)?\s*$"}]}
)
Updates = Annotated[tuple[str, ...], BeforeValidator(_kinds), _UPDATES_SCHEMA]
Hourly = Annotated[int, BeforeValidator(_hourly), Field(ge=1), _BUDGET_SCHEMA]
TimeOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
OneOrMany = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value), _MANY_SCHEMA
]
Countries = Annotated[
    tuple[Country, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value), _MANY_SCHEMA
]


class Part(BaseModel):
    """What all settings share: frozen, an unknown key is an error, and a key without a value is as good as absent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, data: Any) -> Any:
        """Let `channels:` with nothing below it (all commented out) mean the default."""
        if isinstance(data, dict) and None in data.values():
            return {key: value for key, value in data.items() if value is not None}
        return data


class Polling(Part):
    """How often and how many at once."""

    min_interval: Seconds = 300.0
    """Never poll a source more often than this."""
    max_interval: Seconds = 6 * 3600.0
    """Never wait longer than this between polls, whatever a feed asks for."""
    first_interval: Seconds = 900.0
    """Interval of a source whose rhythm is not known yet."""
    jitter: Annotated[float, Field(ge=0, le=0.5)] = 0.1
    """Share by which each interval is varied, so that polls spread out."""
    concurrency: Annotated[int, Field(ge=1, le=512)] = 48
    """Polls under way at once."""
    host_gap: Seconds = 1.0
    """Pause between two polls of one host; there is one connection a host at a time."""
    max_backoff: Seconds = 24 * 3600.0
    """Longest wait after errors; a source is never given up for good."""
    backfill: bool = False
    """Alert on what a source already holds at its first poll."""


class Limits(Part):
    """What a feed may cost."""

    deadline: Seconds = 30.0
    """Whole fetch: DNS, connection, redirects, body."""
    wire: Bytes = 2 * 1024**2
    """Bytes on the wire."""
    decoded: Bytes = 5 * 1024**2
    """Bytes after decompression."""
    redirects: Annotated[int, Field(ge=0, le=20)] = 5
    """Redirects followed in one fetch."""
    entries: Annotated[int, Field(ge=1)] = 2000
    """Newest entries taken from one poll; what is beyond is counted and reported."""
    parse_cpu: Seconds = 20.0
    """CPU time for one document in the parser's child process."""
    parse_wall: Seconds = 30.0
    """Wall time for one document in the parser's child process."""
    parse_memory: Bytes = 512 * 1024**2
    """Address space of the parser's child process."""
    parsers: Annotated[int, Field(ge=1, le=16)] = 2
    """Parser processes."""


class Network(Part):
    """Which addresses may be dialled."""

    allow: tuple[str, ...] = ()
    """Exceptions from the address guard: host names, addresses or networks (CIDR), each with `:port` if wanted."""
    ports: tuple[int, ...] = (80, 443, 8080, 8443)
    """Ports that feeds may use."""
    proxy: str = ""
    """Proxy for all polls, for example http://proxy.example:3128; its host needs `allow` if it is private."""


class Quiet(Part):
    """Hours in which a channel hears only the most severe; local time, in `timezone`."""

    from_: Annotated[TimeOfDay, Field(alias="from")]
    """When it begins, for example "22:00"."""
    to: TimeOfDay
    """When it ends, for example "07:00"; earlier than `from` = on the next day."""
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ()
    """Days on which it begins; empty = every day."""
    break_through: Severity = Severity.CRITICAL
    """This or higher is sent all the same."""


class Channel(Part):
    """Where alerts go: one apprise URL, or with `secret` a program of your own."""

    url: str
    """Apprise URL, or http(s) address of a webhook; keep secrets out of it with ${ENV} or ${credential:name}."""
    secret: OneOrMany = ()
    """Makes it a webhook: signs its messages, `whsec_...`, as ${credential:name}; two while one takes over."""
    format: Literal["auto", "text", "markdown", "html"] = "auto"
    """What the service shows best; `auto` asks apprise."""
    template: str = ""
    """File with a Jinja2 template for the body, relative to the configuration; empty = the built-in one."""
    title_template: str = ""
    """Jinja2 template of the title; empty = the built-in one."""
    digest_above: Annotated[int, Field(ge=1)] = 10
    """More alerts than this at one moment become one digest."""
    enabled: bool = True
    """Whether deliveries are made."""
    budget: Hourly | None = None
    """Messages in any 60 minutes, at most, for example 20/h; the rest goes into one digest when there is room."""
    quiet: Annotated[tuple[Quiet, ...], BeforeValidator(_many)] = ()
    """Hours in which only the most severe is sent; the rest comes in one digest afterwards."""
    updates: Updates | None = None
    """What is new enough for an update here, where no route says it: true, false, or a list."""


class Repeat(Part):
    """How often a channel hears of one story again."""

    most: Annotated[int, Field(ge=1)] = 5
    """Updates of a story within `every`, at most; what is new after that is told when there is room again."""
    every: Seconds = 86400.0
    """The time in which they are counted."""


class Corroborate(Part):
    """How well a story must be founded before it is told."""

    independent: Annotated[int, Field(ge=1)] = 2
    """So many independent sources."""
    or_reliability: Literal["A", "B", "C", "D", "E"] | None = None
    """Or one source of at least this reliability."""
    give_up: Seconds = 3 * 86400.0
    """A story that is not founded so well after this time is dropped."""


class Escalate(Part):
    """Who else hears of a story that nobody acknowledges."""

    after: Seconds = 900.0
    """Time in which somebody has to acknowledge it."""
    to: OneOrMany
    """Names of channels that hear of it then."""
    severity: Severity = Severity.CRITICAL
    """Lowest severity for which that is done."""


class Places(Part):
    """Where an event is, as far as its articles say; all that is named must hold."""

    country: Countries = ()
    """In one of these countries (ISO 3166-1 alpha-2, for example BY)."""
    border: Countries = ()
    """Near a border of this country, or of several: near a border between two of them."""
    km: Annotated[float, Field(gt=0, le=1000)] = 50.0
    """How near."""


class Route(Part):
    """Which alerts go to which channels, how and when; what is not named does not matter."""

    severity: Severity = Severity.INFO
    """Lowest severity that goes this way."""
    rules: OneOrMany = ()
    """Rule ids."""
    watches: OneOrMany = ()
    """Watches."""
    tags: OneOrMany = ()
    """Source tags, one of which the source must have."""
    sources: OneOrMany = ()
    """Source ids."""
    reliability: Literal["A", "B", "C", "D", "E"] | None = None
    """Lowest reliability of the source."""
    languages: OneOrMany = ()
    """Languages of the article (ISO 639-1)."""
    countries: Countries = ()
    """Countries, in one of which the event is."""
    places: Places | None = None
    """Where the event is."""
    channels: OneOrMany = ()
    """Names of channels."""
    continue_: Annotated[bool, Field(alias="continue")] = False
    """Look at the routes below, too."""
    corroboration: Corroborate | None = None
    """Hold a story until it is founded so well."""
    group_wait: Seconds | None = None
    """Wait this long before the first message, so that it can say more."""
    group_interval: Seconds | None = None
    """Wait this long after a message before an update."""
    repeat: Repeat | None = None
    """How many updates of one story."""
    updates: Updates | None = None
    """What is new enough for an update: true, false, or a list."""
    digest: str = ""
    """Tell it in this digest instead of alone."""
    escalate: Escalate | None = None
    """Who else hears of it when nobody acknowledges it."""
    routes: tuple["Route", ...] = ()
    """Routes within this one: they take from it what they do not say themselves; where none fits, this one is taken."""


class Schedule(Part):
    """When a digest is sent, and to whom."""

    cron: str
    """When, in `timezone`: minute, hour, day of month, month, day of week; for example "0 8 * * *"."""
    channels: OneOrMany = ()
    """Names of channels; empty = those of the route that names the digest."""
    charts: Literal["auto", "file", "inline", "none"] = "auto"
    """Charts: `auto` = a file with mails, `file` with all that take files, `inline` within mails too, or `none`."""


class Inhibit(Part):
    """A severe story mutes lesser ones on the channels that heard of it: they come in one digest afterwards."""

    severity: Severity = Severity.CRITICAL
    """A story of this severity or higher mutes others."""
    mutes: Severity = Severity.LOW
    """Those of this severity or lower are muted."""
    same: Literal["watch", "rule", "country", "all"] = "watch"
    """What both must have in common; `all` = nothing."""
    for_: Annotated[Seconds, Field(alias="for")] = 7200.0
    """How long, from the last message about the severe one."""


class Alerts(Part):
    """How stories are told where a route says nothing else."""

    group_wait: Seconds = 30.0
    """Wait this long before the first message about a story, so that it can say more; critical ones do not wait."""
    group_interval: Seconds = 900.0
    """Wait this long after a message before an update of the story; what has become critical does not wait."""
    repeat: Repeat = Repeat()
    """How many updates of one story."""
    updates: Updates = UPDATES
    """What is new enough for an update: true, false, or a list."""
    thresholds: tuple[Annotated[int, Field(ge=2)], ...] = (2, 3, 5, 10)
    """Numbers of independent sources at which one more is news."""


class Retention(Part):
    """How long what is kept; hits and their articles are never pruned unless `hits` is set."""

    articles: Seconds = 90 * 86400.0
    """Articles without hits."""
    identities: LongSeconds = 180 * 86400.0
    """Which items were seen; at least 90 days."""
    hits: Seconds | None = None
    """Hits, their articles and alerts; empty = for ever."""
    deliveries: Seconds = 90 * 86400.0
    """Deliveries that were made."""
    free_space: Bytes = 200 * 1024**2
    """Polling pauses while the disk has less than this free."""


class Rules(Part):
    """What becomes of rules that do not keep their promises."""

    failing_examples: Literal["keep_old", "live"] = "keep_old"
    """On a reload a rule whose examples fail keeps its old version, or goes live; at a start it always goes live."""


class Health(Part):
    """When the operators hear that something is wrong."""

    stale_after: Seconds = 6 * 3600.0
    """A source that fails for this long, three of its intervals at least, is a problem."""
    silent_after: Seconds = 86400.0
    """A source that answers, but brings nothing new, is no problem before this; later if its own rhythm is slower."""
    outage_after: Seconds = 600.0
    """No source at all answers for this long, three at least: our own network."""
    settle: Seconds = 1800.0
    """A source must be well for this long, and two polls, before its failure is over."""
    group_wait: Seconds = 300.0
    """Problems wait this long for others, so that many at once are one message."""
    group_above: Annotated[int, Field(ge=1)] = 5
    """More problems of one kind than this are one message."""


class Heartbeat(Part):
    """Signs of life."""

    at: Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")] = "08:00"
    """Local time (in `timezone`) of the daily line to the operators' channels; empty = none."""
    ping: Annotated[str, Field(pattern=r"^$|^(https?://|\$\{)")] = ""
    """Address that is asked after a good tick, as Healthchecks has it; its `/fail` when the monitor is ill."""
    every: Annotated[float, BeforeValidator(_seconds), Field(ge=10, allow_inf_nan=False), _SECONDS_SCHEMA] = 300.0
    """Seconds between two pings."""


class Metrics(Part):
    """Prometheus metrics and /health, off by default."""

    listen: str = ""
    """Address and port, for example 127.0.0.1:9464; empty = off."""


class WebToken(Part):
    """What a program shows instead of a password: `Authorization: Bearer ...`."""

    token: str
    """The token, at least 20 characters; keep it out of the file with ${ENV} or ${credential:name}."""
    scope: Literal["read", "triage", "admin"] = "read"
    """What its holder may do."""


class Web(Part):
    """The page (`monitor web`)."""

    url: Annotated[str, Field(pattern=r"^$|^https?://[^\s/?#@]+/?$")] = ""
    """Address by which people reach it, for example https://monitor.example.org, without a path; empty = no links."""
    listen: str = "127.0.0.1:8787"
    """Address and port; anything but a loopback address demands a login."""
    secret: str = ""
    """Secret that signs links, ${credential:name}; empty = one that is made once and kept in the database."""
    hosts: OneOrMany = ()
    """Further names by which browsers may call the page; those of `url` and `listen` are known."""
    proxy_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]*$")] = ""
    """Header in which a reverse proxy says who is there, for example X-Remote-User; empty = none is believed."""
    proxy_from: OneOrMany = ()
    """Addresses or networks of the proxies that are believed."""
    proxy_role: Literal["viewer", "triager", "admin"] = "viewer"
    """What somebody may do whom the proxy names and who has no account of that name here."""
    tokens: dict[str, WebToken] = {}
    """Tokens for programs, by name."""
    session: Seconds = 12 * 3600.0
    """A login ends after so long without use."""
    allow_edit: bool = False
    """Whether an admin may change files of the configuration on the page."""


class Settings(Part):
    """Everything in `monitor.yaml`."""

    database: Path = Path("monitor.db")
    """SQLite file; relative to $STATE_DIRECTORY under systemd, else to the configuration."""
    contact: str = ""
    """Mail address or page for the operators of the feeds that are polled; part of the User-Agent."""
    timezone: str = "UTC"
    """Zone in which alerts show times, for example Europe/Warsaw."""
    polling: Polling = Polling()
    """How often and how many at once."""
    limits: Limits = Limits()
    """What a feed may cost."""
    network: Network = Network()
    """Which addresses may be dialled."""
    channels: dict[str, Channel] = {}
    """Where alerts go."""
    routes: tuple[Route, ...] = ()
    """Which alerts go where; the first that fits, unless it says `continue`. None = all to every channel."""
    alerts: Alerts = Alerts()
    """How stories are told where a route says nothing else."""
    digests: dict[str, Schedule] = {}
    """Digests by name; a route sends stories there."""
    inhibit: tuple[Inhibit, ...] = ()
    """Which stories mute others."""
    operators: OneOrMany = ()
    """Channels that hear about dead sources, dead channels and broken rules; empty = every channel."""
    rules: Rules = Rules()
    """What becomes of rules that do not keep their promises."""
    health: Health = Health()
    """When the operators hear that something is wrong."""
    heartbeat: Heartbeat = Heartbeat()
    """Signs of life."""
    retention: Retention = Retention()
    """How long what is kept."""
    metrics: Metrics = Metrics()
    """Prometheus metrics and /health."""
    web: Web = Web()
    """The page, which also answers links in messages."""
    dead_after: Seconds = 48 * 3600.0
    """A delivery that failed for this long is a dead letter, and the other channels hear of it."""


class SourceEntry(Part):
    """One entry of `sources.yaml`; with several URLs it stands for one source each."""

    url: OneOrMany
    """Address of the feed, or a list of them."""
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")] | None = None
    """Stable name; made from the title or the URL where it is not given."""
    kind: str = "feed"
    """Kind of source."""
    title: str = ""
    """What a person calls it."""
    publisher: str = ""
    """Who publishes it."""
    family: str = ""
    """Owner family: publishers of one owner count as one voice."""
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    """ISO 3166-1 alpha-2, for example PL."""
    language: Annotated[str, Field(pattern=r"^([a-z]{2,3})?$")] = ""
    """ISO 639-1, for example pl; detected where it is not given."""
    tier: Annotated[int, Field(ge=1, le=6)] | None = None
    """1 to 6, another way to write reliability A to F."""
    reliability: Literal["A", "B", "C", "D", "E", "F"] | None = None
    """Admiralty code: A completely reliable ... E unreliable, F cannot be judged."""
    interval: Seconds | None = None
    """Fixed interval; adaptive where it is not given."""
    headers: dict[str, str] = {}
    """Extra request headers; may use ${ENV} and ${credential:name}."""
    user_agent: str = ""
    """Another User-Agent for this source."""
    proxy: str = ""
    """Proxy for this source."""
    tags: OneOrMany = ()
    """Free words, for routes and rules."""
    enabled: bool = True
    """Whether it is polled."""


class SourcesFile(Part):
    """Everything in `sources.yaml`."""

    sources: tuple[SourceEntry, ...] = ()
    """What is polled."""
