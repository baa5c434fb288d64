"""Reading a folder: every problem of every file at once, each at its line; and what is fine becomes settings."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config import Config, examine, load, locate
from monitor.config.load import MONITOR
from monitor.errors import ConfigError
from monitor.model import Severity

ROOT = Path(__file__).parents[2]
RULES = "watch: Border\nrules:\n  - {id: border, name: Border, severity: high, match: {any: [border]}}\n"
SOURCE = "sources:\n  - url: https://a.example/feed\n    tags: [news]\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A valid configuration in the current folder."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path, monitor="", sources=SOURCE, rules=RULES)
    return tmp_path


def put(folder: Path, *, monitor: str | None = None, sources: str | None = None, rules: str | None = None) -> None:
    (folder / "rules").mkdir(exist_ok=True)
    for name, text in (("monitor.yaml", monitor), ("sources.yaml", sources), ("rules/a.yaml", rules)):
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")


def problems(folder: Path, **options: object) -> list[str]:
    found = examine(folder, **options)[1]  # type: ignore[arg-type]
    return [("warning: " if one.warning else "") + str(one) for one in found]


# --- finding it ------------------------------------------------------------------------------------------------------


def test_the_folder_is_looked_for_in_the_documented_order(tmp_path: Path) -> None:
    places = {name: tmp_path / name for name in ("said", "env", "here/config", "here", "etc")}
    for place in places.values():
        place.mkdir(exist_ok=True, parents=True)
        (place / MONITOR).write_text("")
    environ = {"MONITOR_CONFIG": "../env"}
    here, etc = places["here"], places["etc"]

    def found(explicit: str | None, environ: dict[str, str]) -> Path:
        return locate(explicit, environ=environ, cwd=here, system=etc).resolve()

    assert found("../said", environ) == places["said"]
    assert found("../said/monitor.yaml", environ) == places["said"]
    assert found(None, environ) == places["env"]
    assert found(None, {}) == places["here/config"]
    (places["here/config"] / MONITOR).unlink()
    assert found(None, {}) == here
    (here / MONITOR).unlink()
    assert found(None, {}) == etc
    (etc / MONITOR).unlink()
    with pytest.raises(ConfigError, match="run `monitor init` to write one"):
        found(None, {})
    with pytest.raises(ConfigError, match=r"--config names a place without monitor\.yaml; run `monitor init "):
        found("nowhere", {})
    with pytest.raises(ConfigError, match="MONITOR_CONFIG names a place"):
        found(None, {"MONITOR_CONFIG": "/nowhere"})


def test_the_database_lies_beside_the_configuration_or_in_systemds_folder(home: Path) -> None:
    config = load(home)
    assert config.database({}) == home / "monitor.db"
    assert config.database({"STATE_DIRECTORY": "/var/lib/monitor:/other"}) == Path("/var/lib/monitor/monitor.db")
    put(home, monitor="database: /data/x.db")
    assert load(home).database({"STATE_DIRECTORY": "/var/lib/monitor"}) == Path("/data/x.db")


# --- what is fine ----------------------------------------------------------------------------------------------------


def test_the_shipped_configuration_is_fine_with_the_shipped_rules(tmp_path: Path) -> None:
    for name in ("monitor.yaml", "sources.yaml"):
        (tmp_path / name).write_text((ROOT / "config" / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "rules").mkdir()
    for path in (ROOT / "seeds" / "rules").glob("*.yaml"):
        (tmp_path / "rules" / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    config = load(tmp_path)
    assert [str(one) for one in config.problems] == []
    assert 15 <= len(config.sources) <= 25
    assert all(one.url.startswith("https://") and one.publisher and one.family and one.tags for one in config.sources)
    assert config.rules.rules
    assert config.rules.check_examples() == ()


def test_settings_are_read_with_their_units(home: Path) -> None:
    put(
        home,
        monitor="polling: {min_interval: 2m, max_interval: 1d}\nlimits: {wire: 3M}\n"
        "channels:\nroutes:\nretention: {hits: }",
    )
    settings = load(home).settings
    assert (settings.polling.min_interval, settings.polling.max_interval) == (120, 86400)
    assert settings.limits.wire == 3 * 1024**2
    assert (settings.channels, settings.routes, settings.retention.hits) == ({}, (), None)


def test_channels_and_routes_are_read(home: Path) -> None:
    put(
        home,
        monitor="channels: {mail: {url: 'mailtos://u:${P}@h'}}\n"
        "routes: [{severity: high, rules: border, watches: [Border], tags: news, channels: mail, continue: true}]\n",
    )
    config = load(home)
    assert config.problems == ()
    (route,) = config.settings.routes
    assert (route.severity, route.rules, route.channels, route.continue_) == (
        Severity.HIGH,
        ("border",),
        ("mail",),
        True,
    )
    assert config.settings.channels["mail"].url == "mailtos://u:${P}@h"  # resolved late


def test_a_rule_that_is_wrong_is_left_out_and_told(home: Path) -> None:
    (home / "rules" / "b.yaml").write_text("rules:\n  - {id: bad, name: Bad, severity: high, match: {anyy: [x]}}\n")
    (home / "rules" / "c.yaml").write_text("rules: [\n")
    config = load(home)
    assert [rule.id for rule in config.rules.rules] == ["border"]
    told = [str(one) for one in config.problems if not one.warning]
    assert [line.split(":")[0] for line in told] == ["rules/b.yaml", "rules/c.yaml"]
    assert {path.name for path in config.files} == {"monitor.yaml", "sources.yaml", "a.yaml", "b.yaml", "c.yaml"}


def test_files_that_would_not_be_read_are_told(home: Path) -> None:
    (home / "rules" / "b.yml").write_text("")
    (home / "rules" / ".#a.yaml").symlink_to("nowhere")  # what an editor leaves
    assert problems(home) == ["warning: rules/b.yml: is not read; rename it so that it ends in .yaml"]


def test_five_thousand_sources_are_read_in_two_seconds(home: Path) -> None:
    entry = "  - url: https://host{0}.example.org/feed.xml\n    title: Source {0}\n    publisher: P\n    tags: [a, b]\n"
    put(home, sources="sources:\n" + "".join(entry.format(number) for number in range(5000)))
    before = time.process_time()
    config = load(home)
    assert time.process_time() - before < 2
    assert len({source.id for source in config.sources}) == 5000


# --- what is wrong ---------------------------------------------------------------------------------------------------


def test_every_problem_of_all_files_is_told_at_once_at_its_place(home: Path) -> None:
    put(
        home,
        monitor="databse: x\ntimezone: Europe/Warszaw\nmin_interval: 5m\n"
        "polling: {min_intervall: 5m, jitter: 3, host_gap: 1x, concurrency: many, backfill: maybe}\n"
        "channels:\n  mail: {url: 'json://h', format: markdwn}\n  x: {url: 5}\n  bad name: {url: foo}\n"
        "routes:\n  - {severity: hihg, channels: [mial]}\n  - foo\n  - {severity: low}\n"
        "retention: {identities: 5d}\noperators: maill\nmetrics: {listen: nine}\n"
        "network: {allow: [10.0.0.0/99], ports: [0]}\n",
        sources="sources:\n  - url: example.org/feed\n  - url: https://a.example/feed\n    tier: 9\n    countri: PL\n"
        "    country: pl\n    title: 2024\n    kind: feeed\n  - titel: x\n  - https://foo\n",
        rules="rules:\n  - {id: r, name: R, severity: hihg, match: {any: [x]}}\n",
    )
    config, found = examine(home)
    assert config is None
    told = "\n".join(map(str, found))
    for line in (
        "monitor.yaml:1:1: unknown key 'databse'; did you mean 'database'?",
        "monitor.yaml:2:11: there is no time zone 'Europe/Warszaw'",
        "monitor.yaml:3:1: unknown key 'min_interval'; it belongs under 'polling'",
        "monitor.yaml:4:11: unknown key 'min_intervall'; did you mean 'min_interval'?",
        "monitor.yaml:4:38: polling.jitter must be at most 0.5, not 3",
        "monitor.yaml:4:51: polling.host_gap is not a duration ('1x'); write for example 90s, 15m, 6h or 2d",
        "monitor.yaml:4:68: polling.concurrency must be a whole number, not 'many'",
        "monitor.yaml:4:84: polling.backfill must be true or false, not 'maybe'",
        "monitor.yaml:6:35: channels.mail.format must be one of auto, text, markdown, html, not 'markdwn'; did you "
        "mean 'markdown'?",
        "monitor.yaml:7:12: channels.x.url must be text, not 5; put it in quotes",
        "monitor.yaml:8:3: 'bad name' is no name of a channel",
        "monitor.yaml:8:19: the URL of channel 'bad name' is no apprise URL",
        "monitor.yaml:10:16: severity must be one of info, low, medium, high, critical, not 'hihg'; did you mean "
        "'high'?",
        "monitor.yaml:10:33: there is no channel 'mial'; did you mean 'mail'?",
        "monitor.yaml:11:5: this entry must be a mapping, not 'foo'",
        "monitor.yaml:12:5: this route goes to no channel",
        "monitor.yaml:13:25: retention.identities must be at least 7776000 seconds (90d), not '5d'",
        "monitor.yaml:14:12: there is no channel 'maill'; did you mean 'mail'?",
        "monitor.yaml:15:19: 'nine' is no address and port",
        "monitor.yaml:16:19: ",
        "monitor.yaml:16:41: 0 is no port",
        "sources.yaml:2:10: 'example.org/feed' is not an http(s) address; did you mean 'https://example.org/feed'?",
        "sources.yaml:4:11: tier must be at most 6, not 9",
        "sources.yaml:5:5: unknown key 'countri'; did you mean 'country'?",
        "sources.yaml:6:14: country must be two capital letters (ISO 3166-1), for example PL; it is 'pl'",
        "sources.yaml:7:12: title must be text, not 2024; put it in quotes",
        "sources.yaml:8:11: there is no kind 'feeed' of source; did you mean 'feed'?",
        "sources.yaml:9:5: this entry needs the key 'url'",
        "sources.yaml:9:5: unknown key 'titel'; did you mean 'title'?",
        "sources.yaml:10:5: this entry must be a mapping, not 'https://foo'",
        "rules/a.yaml:2:",
    ):
        assert line in told
    with pytest.raises(ConfigError) as caught:
        load(home)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- a\n", "monitor.yaml:1:1: the file must be a mapping, not a list; write 'key: value' lines, indented"),
        ("polling: 5m\n", "monitor.yaml:1:10: polling must be a mapping, not '5m'; write 'key: value' lines, indented"),
        ("routes: {a: b}\n", "monitor.yaml:1:1: routes must be a list, not a mapping; start each entry with '- '"),
        (
            "limits: {wire: much}\n",
            "monitor.yaml:1:16: limits.wire is not a size ('much'); write for example 512k or 5M",
        ),
        ("limits: {wire: 0}\n", "monitor.yaml:1:16: limits.wire must be more than 0, not 0"),
        ("polling: {host_gap: .nan}\n", "monitor.yaml:1:21: polling.host_gap must be "),
        ("polling: {host_gap: true}\n", "monitor.yaml:1:21: polling.host_gap is not a duration (True)"),
        ("polling: {min_interval: 1d}\n", "monitor.yaml:1:25: min_interval is longer than max_interval"),
        ("database: [x]\n", "monitor.yaml:1:1: database must be text, not a list"),
        ("network: {proxy: socks5://x}\n", "monitor.yaml:1:18: network.proxy is no http(s) address"),
        (
            "channels: {m: {url: 'json://h', template: none.j2}}\n",
            "monitor.yaml:1:43: template of channel 'm': there is no such file",
        ),
        (
            "channels: {m: {url: 'json://h', title_template: '{% if %}'}}\n",
            "monitor.yaml:1:49: title_template of channel 'm': line 1: ",
        ),
        ("routes: [{channels: []}]\n", "monitor.yaml:1:10: this route goes to no channel"),
    ],
)
def test_a_single_mistake_in_the_settings_is_one_sentence(home: Path, text: str, line: str) -> None:
    put(home, monitor=text)
    (told,) = problems(home)
    assert told.startswith(line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  - {url: 'https://a.example/', id: Bad}", "sources.yaml:2:37: id must be small letters, digits and hyphens"),
        ("  - {url: []}", "sources.yaml:2:11: there is no address; add one"),
        ("  - {url: 'https://'}", "sources.yaml:2:11: 'https://' is no address"),
        ("  - {url: 'https://a b.example/'}", "sources.yaml:2:11: 'https://a b.example/' is no address"),
        ("  - {url: 'https://a.example:99999/'}", "sources.yaml:2:11: 'https://a.example:99999/' is no address"),
        ("  - {url: 'file:///etc/passwd'}", "sources.yaml:2:11: 'file:///etc/passwd' is not an http(s) address"),
        (
            "  - {url: 'feed://a.example/'}",
            "sources.yaml:2:11: 'feed://a.example/' is not an http(s) address; write https://",
        ),
        ("  - {url: 'https://a.example/${K}'}", "sources.yaml:2:11: an address cannot hold ${...}"),
        (
            "  - {url: 'https://a.example/', tier: 2, reliability: A}",
            "sources.yaml:2:39: tier 2 means reliability B, not A",
        ),
        ("  - {url: 'https://a.example/', proxy: 'ftp://x'}", "sources.yaml:2:40: the proxy is no http(s) address"),
        (
            '  - {url: "https://a.example/", headers: {X-A: "b\\nc"}}',
            "sources.yaml:2:48: 'X-A' is no header that can be sent",
        ),
        (
            "  - {url: 'https://a.example/', id: x}\n  - {url: 'https://b.example/', id: x}",
            "sources.yaml:3:37: the id 'x' is taken in line 2; give it another id",
        ),
        (
            "  - {url: 'https://a.example/x'}\n  - {url: 'http://www.A.example:80/x/#f', id: y}",
            "warning: sources.yaml:3:11: 'http://www.A.example:80/x/#f' is polled already, see line 2; remove one",
        ),
        (
            "  - {url: 'https://a.example/', title: T}\n  - {url: 'https://b.example/', title: T}",
            "warning: sources.yaml:3:40: gets the id 't-2', because 't' is taken; it would change if the order changed"
            "; add the line 'id: t-2'",
        ),
        (
            "  - {url: 'https://u:secret@a.example/'}",
            "warning: sources.yaml:2:11: an address with a password is shown in alerts; "
            "use headers: {Authorization: 'Basic ${credential:NAME}'}",
        ),
    ],
)
def test_a_single_mistake_in_the_sources_is_one_sentence(home: Path, text: str, line: str) -> None:
    put(home, sources="sources:\n" + text)
    (told,) = problems(home)
    assert told.startswith(line)
    assert "secret@" not in told


def test_routes_that_wait_for_what_does_not_exist_are_warned_of(home: Path) -> None:
    put(
        home,
        monitor="channels: {m: {url: 'json://h'}}\n"
        "routes: [{rules: [bordr], watches: [Bordre], tags: [newz], channels: [m]}]\n",
    )
    assert problems(home) == [
        "warning: monitor.yaml:2:19: no rule is called 'bordr'; did you mean 'border'?",
        "warning: monitor.yaml:2:37: no watch is called 'Bordre'; did you mean 'Border'?",
        "warning: monitor.yaml:2:53: no source tag is called 'newz'; did you mean 'news'?",
    ]


@pytest.mark.parametrize(
    ("url", "allow", "words"),
    [
        (
            "http://127.0.0.1:8733/feed",
            "",
            "will not be polled: port 8733 is not in network.ports; if you trust it, add 127.0.0.1:8733 to",
        ),
        (
            "http://127.0.0.1/feed",
            "",
            "will not be polled: 127.0.0.1 is not a public address; if you trust it, add 127.0.0.1 to",
        ),
        ("http://localhost/feed", "", "will not be polled: localhost (127.0.0.1) is not a public address"),
        ("http://[fd00::1]/feed", "10.0.0.0/8", "will not be polled: fd00::1 is not a public address"),
        ("https://wiki.example:9443/feed", "", "will not be polled: port 9443 is not in network.ports"),
        ("http://127.0.0.1:8733/feed", "127.0.0.1", "will not be polled: port 8733"),  # an address opens no port
        ("http://127.0.0.1:8733/feed", '"127.0.0.1:8733"', ""),
        ("http://10.1.2.3/feed", "10.0.0.0/8", ""),
        ("https://wiki.example:9443/feed", '"wiki.example:9443"', ""),
        ("https://wiki.example/feed", "", ""),
    ],
)
def test_addresses_that_will_be_refused_are_warned_of(home: Path, url: str, allow: str, words: str) -> None:
    put(home, monitor=f"network: {{allow: [{allow}]}}\n", sources=f"sources:\n  - url: '{url}'\n")
    found = problems(home)
    assert len(found) == bool(words)
    assert all(one.startswith(f"warning: sources.yaml:2:10: {words}") for one in found)


@pytest.mark.parametrize(
    ("url", "allow", "words"),
    [
        ("json://127.0.0.1:9000/hook", "", "if you trust it, add 127.0.0.1:9000 to network.allow"),
        (
            "mailto://me:${credential:mail}@10.0.0.9?to=you@example.org",
            "",
            "if you trust it, add 10.0.0.9 to network.allow",
        ),
        ("mailto://me:${credential:mail}@10.0.0.9?to=you@example.org", '"10.0.0.9:25"', ""),
        ("json://127.0.0.1:9000/hook", '"127.0.0.1:9000"', ""),
        ("ntfys://ntfy.sh/topic", "", ""),
        ("${credential:desk}", "", ""),
    ],
)
def test_channels_that_will_be_refused_are_warned_of(home: Path, url: str, allow: str, words: str) -> None:
    put(home, monitor=f"network: {{allow: [{allow}]}}\nchannels:\n  desk: {{url: '{url}'}}\n")
    found = [one for one in problems(home) if "cannot send" in one]
    assert len(found) == bool(words)
    assert all(one.startswith("warning: monitor.yaml:3:") and words in one for one in found)


def test_a_country_that_is_often_written_wrong_is_warned_of(home: Path) -> None:
    put(home, sources="sources:\n  - {url: 'https://a.example/', country: UK}\n")
    [said] = problems(home)
    assert "there is no country UK; write GB for the United Kingdom, UA for Ukraine" in said


def test_secrets_are_looked_up_where_the_environment_is_given(home: Path) -> None:
    put(
        home,
        monitor="channels:\n  a: {url: '${HOOK}'}\n  b: {url: 'json://u:${credential:pw}@h'}\n  c: {url: 'json://u:clear@h'}\n"
        "  d: {url: '${UNUSED}', enabled: false}\n",
        sources="sources:\n  - url: https://a.example/\n    headers: {Authorization: 'Bearer ${TOKEN}'}\n",
    )
    clear = "warning: monitor.yaml:4:12: the URL of channel 'c' seems to hold a secret in clear; write ${credential:c}"
    assert [line[: len(clear)] for line in problems(home)] == [clear]
    told = problems(home, environ={})
    assert "monitor.yaml:2:12: ${HOOK} is not set in the environment" in told[0] + told[1]
    assert any(line.startswith("warning: monitor.yaml:3:12: there is no credential 'pw'") for line in told)
    assert any(line.startswith("sources.yaml:3:30: ${TOKEN} is not set") for line in told)
    assert not any("UNUSED" in line or "clear@" in line for line in told)
    inside = problems(home, environ={"HOOK": "x", "TOKEN": "y", "CREDENTIALS_DIRECTORY": str(home)})
    assert any(line.startswith("monitor.yaml:3:12: the credential 'pw' cannot be read") for line in inside)


def test_the_two_files_that_must_be_there_are_missed(home: Path) -> None:
    (home / "sources.yaml").unlink()
    with pytest.raises(ConfigError, match=r"sources.yaml: cannot be read: No such file"):
        load(home)


LINES = st.sampled_from(
    [
        "sources: ",
        "- url: https://a.example/",
        "  id: x",
        "  url: [a, b]",
        "channels:",
        "  m: {url: 'json://h'}",
        "routes: [{channels: m}]",
        "polling: {jitter: 9}",
        "timezone: X",
        "rules:",
        "  - id: r",
        "    match: {any: [x]}",
        "a: &x [*x]",
        "<<: 5",
        "- - -",
        "{",
        "\t",
        "'",
        ": :",
        "~",
        "5",
        "NO",
        "metrics: []",
        "retention:",
        "  hits: .inf",
        "network: {allow: [x/y, 5], ports: [a]}",
        "- {url: 5}",
        "- ~",
        "  headers: {a: [b]}",
        "watch: [5]",
        "terms: {a: {en: [x]}}",
        "  match: ~",
        "    near: {of: 5}",
        "  tier: -1",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(*[st.lists(LINES, max_size=8).map("\n".join) | st.text(max_size=30)] * 3)
def test_no_text_makes_loading_fail_otherwise(tmp_path: Path, monitor: str, sources: str, rules: str) -> None:
    put(tmp_path, monitor=monitor.replace("\r", ""), sources=sources, rules=rules)
    config, found = examine(tmp_path)
    assert isinstance(config, Config) or any(not problem.warning for problem in found)
    assert all(problem.message and problem.file for problem in found)
