"""Policies as a text to be changed: what it shows, what it means, and where it is wrong."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import Config, load
from monitor.config.policies import are_alike, policies_text, tried
from monitor.match.rulebook import RuleBook
from monitor.settings import Settings

MONITOR = """\
database: m.db
timezone: Europe/Warsaw
channels:
  desk:
    url: mailtos://bot:hunter2secret@mail.example.org?to=ann@example.org
    budget: 20/h
    title_template: "{{ headline }}"
  archive: {url: "json://hooks.example.org/", quiet: {from: "22:00", to: "07:00"}}
operators: [desk]
alerts:
  group_interval: 15m   # a comment
routes:
  - {severity: high, channels: desk}
  - {digest: "at: eight"}
digests:
  "at: eight": {cron: "0 8 * * *", channels: archive}
inhibit:
  - {severity: critical, mutes: low, for: 2h}
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "monitor.yaml").write_text(MONITOR)
    (tmp_path / "sources.yaml").write_text("sources: []\n")
    return load(tmp_path)


def test_the_text_says_what_is_in_force_and_no_secret(config: Config) -> None:
    text = policies_text(config)
    assert "hunter2secret" not in text
    assert "url:" not in text
    assert "group_interval: 15m" in text, "as it is written in the file"
    settings, problems = tried(text, config)
    assert settings is not None, problems
    assert are_alike(settings, config.settings)
    assert settings.channels["desk"].url == config.settings.channels["desk"].url


def test_a_file_that_has_changed_since_does_not_matter(config: Config) -> None:
    before = config.settings
    for text in (MONITOR.replace("20/h", "9/h"), "channels: [", "", None):
        path = config.folder / "monitor.yaml"
        path.unlink() if text is None else path.write_text(text)
        settings, _ = tried(policies_text(config), config)
        assert settings is not None
        assert are_alike(settings, before)


def test_what_the_text_does_not_name_stays_and_what_it_names_is_all(config: Config) -> None:
    settings, problems = tried("channels: {desk: {budget: 5/h}, new: }\nroutes: [{channels: [desk, new]}]\n", config)
    assert settings is None, "the digest still names the channel that is gone"
    assert [one.message for one in problems if not one.warning] == ["there is no channel 'archive'"]
    settings, problems = tried(
        "channels: {desk: {budget: 5/h}, new: }\nroutes: [{channels: [desk, new]}]\ndigests: {}\n", config
    )
    assert settings is not None, problems
    assert list(settings.channels) == ["desk", "new"]
    assert settings.channels["desk"].budget == 5
    assert settings.timezone == "Europe/Warsaw"
    assert settings.alerts == config.settings.alerts


def test_a_whole_monitor_yaml_can_be_pasted(config: Config) -> None:
    settings, problems = tried(MONITOR.replace("20/h", "7/h"), config)
    assert settings is not None, problems
    assert settings.channels["desk"].budget == 7
    assert settings.database == config.settings.database


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("routes:\n  - {channels: dsek}", (2, 16), "no channel 'dsek'"),
        ("routes:\n  - channels: desk\n    group_wiat: 5m", (3, 5), "unknown key 'group_wiat'"),
        ("channels:\n  desk: {budget: many}", (2, 18), "number of messages"),
        ("channels:\n  desk: 5", (2, 9), "must be a mapping"),
        ("channels: [desk]", (1, 1), "must be a mapping"),
        ("channels:\n  new: {budget: many, updates: [x]}", (2, 17), "number of messages"),
        ("routes: [", (2, 1), "in the middle of a value"),
        ("timezone: Mars", (1, 11), "time zone 'Mars'"),
        ("digests: {d: {cron: x}}", (1, 21), ""),
        ("- a\n", (1, 1), "must be a mapping"),
        ("channels: {a b: {}}", (1, 12), "no name of a channel"),
    ],
)
def test_what_is_wrong_is_said_by_line_and_column(
    config: Config, text: str, place: tuple[int, int], words: str
) -> None:
    settings, problems = tried(text, config)
    assert settings is None
    assert any((one.line, one.column) == place and words in one.message for one in problems), problems


def test_a_rule_that_nothing_knows_is_a_remark_only(config: Config) -> None:
    settings, problems = tried("routes: [{rules: nowhere, channels: desk}, {digest: 'at: eight'}]\n", config)
    assert settings is not None
    assert [(one.warning, one.message) for one in problems] == [(True, "no rule is called 'nowhere'")]


def test_what_would_take_too_long_to_check_is_not_checked(config: Config) -> None:
    quiet = "[" + ", ".join(["{from: '22:00', to: '07:00'}"] * 21) + "]"
    assert "more than 20 quiet hours" in tried(f"channels: {{desk: {{quiet: {quiet}}}}}\n", config)[1][0].message
    assert len(tried(f"routes: [{', '.join(['1'] * 500)}]\n", config)[1]) == 20
    routes = ", ".join(f"{{channels: n{number}}}" for number in range(500))
    assert len(tried(f"routes: [{routes}]\n", config)[1]) == 20


def test_too_many_channels_are_not_tried(config: Config) -> None:
    text = "digests: {}\nroutes: []\nchannels:\n" + "".join(f"  c{number}: {{}}\n" for number in range(201))
    assert "more than 200 channels" in tried(text, config)[1][0].message


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


SETTINGS = Settings.model_validate({"channels": {"desk": {"url": "json://x/"}}})
KNOWN = Config(Path("."), SETTINGS, (), RuleBook.compile([])[0], (), ())


@given(
    st.dictionaries(st.sampled_from(["channels", "routes", "digests", "alerts", "inhibit", "timezone", "x"]), VALUES)
)
def test_whatever_is_typed_has_an_answer(data: dict[str, object]) -> None:
    settings, problems = tried(json.dumps(data, ensure_ascii=False), KNOWN)
    assert settings is not None or any(not one.warning for one in problems)
