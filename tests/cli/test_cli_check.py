"""`monitor check` and `monitor schema`."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from monitor import cli

RULE = "rules:\n  - {id: border, name: Border, severity: high, match: {any: [border]}, examples: {match: [EXAMPLE]}}\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    (tmp_path / "rules").mkdir()
    (tmp_path / "monitor.yaml").write_text("channels: {mail: {url: 'mailtos://u:${PW}@mail.example'}}\n")
    (tmp_path / "sources.yaml").write_text(
        "sources:\n  - url: https://a.example/\n    headers: {Authorization: 'Bearer ${TOKEN}', X-Key: planted}\n"
    )
    (tmp_path / "rules" / "a.yaml").write_text(RULE.replace("EXAMPLE", "the border is quiet"))
    monkeypatch.setenv("PW", "planted-password")
    monkeypatch.setenv("TOKEN", "planted-token")
    return tmp_path


def test_a_fine_configuration_is_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["check"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out == ".: 1 source, 1 rule, 1 channel: fine\n"


def test_without_a_channel_it_says_where_alerts_are(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "monitor.yaml").write_text("")
    assert cli.execute(["check"]) == 0
    assert (
        "There is no channel: alerts are kept. `monitor hits` shows hits, `monitor alert list` trends"
        in capsys.readouterr().out
    )


def test_problems_end_with_2_and_warnings_do_not(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "monitor.yaml").write_text("channels: {mail: {url: 'mailtos://u:planted@mail.example'}}\n")
    assert cli.execute(["check"]) == 0
    told = capsys.readouterr()
    assert "monitor.yaml:1:24: warning: the URL of channel 'mail' seems to hold a secret in clear" in told.err
    assert "planted" not in told.err + told.out
    (home / "monitor.yaml").write_text("pollin: {}\nchannels: {mail: {url: 5}}\n")
    assert cli.execute(["check"]) == 2
    told = capsys.readouterr()
    assert "monitor.yaml:1:1: unknown key 'pollin'; did you mean 'polling'?" in told.err
    assert "2 problems" in told.err
    assert told.out == ""


def test_a_secret_that_is_not_there_is_a_problem(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TOKEN")
    assert cli.execute(["check"]) == 2
    assert "${TOKEN} is not set in the environment" in capsys.readouterr().err


def test_a_service_that_does_not_exist_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "monitor.yaml").write_text(
        "channels:\n  a: {url: 'mailtoz://u:${PW}@h.example'}\n  b: {url: 'slackk://${TOKEN}'}\n"
        "  c: {url: 'slackk://${TOKEN}', enabled: false}\n  d: {url: 'json://h.example'}\n"
    )
    assert cli.execute(["check"]) == 2
    told = capsys.readouterr().err
    assert "monitor.yaml:2:12: apprise cannot use this URL" in told
    assert "monitor.yaml:3:12: apprise cannot use this URL" in told
    assert "2 problems" in told
    assert "planted" not in told


def test_examples_are_tried_unless_told_not_to(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "rules" / "a.yaml").write_text(RULE.replace("EXAMPLE", "nothing happened"))
    assert cli.execute(["check"]) == 2
    assert "rules/a.yaml:2:" in capsys.readouterr().err
    assert cli.execute(["check", "--no-examples"]) == 0


def test_what_is_in_effect_is_shown_without_secrets(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "monitor.yaml").write_text(
        "channels:\n  mail: {url: 'mailtos://u:planted@mail.example'}\n  slack: {url: 'slack://planted/planted/planted'}\n"
        "  ref: {url: 'json://u:${PW}@h'}\nnetwork: {proxy: 'http://u:planted@proxy.example:3128'}\n"
    )
    assert cli.execute(["check", "--show"]) == 0
    told = capsys.readouterr()
    assert "planted" not in told.out + told.err
    shown = json.loads(told.out)
    assert shown["settings"]["channels"]["ref"]["url"] == "json://***:${PW}@h"
    assert shown["sources"][0]["headers"] == {"Authorization": "${TOKEN}", "X-Key": "***"}
    assert shown["rules"][0]["id"] == "border"


# --- schemas ---------------------------------------------------------------------------------------------------------


def test_schemas_are_printed_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["schema", "sources"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "sources.yaml"
    assert cli.execute(["schema", "--out", str(tmp_path / "s")]) == 0
    assert sorted(path.name for path in (tmp_path / "s").iterdir()) == ["monitor.json", "rules.json", "sources.json"]
    assert cli.execute(["schema", "ruels"]) == 2
    assert "did you mean 'rules'?" in capsys.readouterr().err


def accepts(schema: dict[str, Any], value: Any, root: dict[str, Any]) -> bool:
    """A small judge of the part of JSON Schema that our schemas use."""
    if "$ref" in schema:
        return accepts(root["$defs"][schema["$ref"].rpartition("/")[2]], value, root)
    if "anyOf" in schema:
        return any(accepts(one, value, root) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return value in schema.get("enum", [schema.get("const")])
    kinds = {
        "string": str,
        "integer": int,
        "number": int | float,
        "boolean": bool,
        "array": list,
        "object": dict,
        "null": type(None),
    }
    if "type" in schema and (
        not isinstance(value, kinds[schema["type"]]) or (isinstance(value, bool) and schema["type"] != "boolean")
    ):
        return False
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, list):
        return all(accepts(schema.get("items", {}), one, root) for one in value)
    if isinstance(value, dict):
        known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        return set(schema.get("required", [])) <= set(value) and all(
            accepts(known[key], one, root)
            if key in known
            else bool(others) and (others is True or accepts(others, one, root))
            for key, one in value.items()
        )
    return True


@pytest.mark.parametrize(
    ("name", "text", "fine"),
    [
        ("monitor", "", True),
        ("monitor", "channels:\npolling: {min_interval: 15m, jitter: 0}\nretention: {hits: , identities: 90d}", True),
        ("monitor", "routes: [{severity: high, channels: mail, continue: true, tags: [a]}]\noperators: mail", True),
        ("monitor", "limits: {wire: 3M, decoded: 512k, deadline: 1.5}", True),
        ("monitor", "polling: {min_interval: soon}", False),
        ("monitor", "pollin: {}", False),
        ("monitor", "routes: [{severity: hihg, channels: [x]}]", False),
        ("sources", "sources: [{url: 'https://a.example', interval: 10m, tags: x, tier: 2}]", True),
        ("sources", "sources: [{url: [a, b], headers: {A: b}, title: }]", True),
        ("sources", "sources: [{title: x}]", False),
        ("sources", "sources: [{url: x, country: pl}]", False),
    ],
)
def test_schemas_accept_what_the_loader_accepts(name: str, text: str, fine: bool) -> None:
    from monitor.config.schemas import SCHEMAS
    from monitor.config.yaml import parse

    schema = SCHEMAS[name]()
    assert accepts(schema, parse(text, file="x").data or {}, schema) is fine


@pytest.mark.parametrize("name", ["monitor", "sources"])
def test_the_starter_files_fit_their_schemas(name: str) -> None:
    from monitor.config.schemas import SCHEMAS
    from monitor.config.yaml import load_located
    from monitor.resources import starter

    schema = SCHEMAS[name]()
    assert accepts(schema, load_located(starter() / f"{name}.yaml").data, schema)


# --- warnings about rules ---------------------------------------------------------------------------------------------


def test_a_doubtful_rule_is_a_warning_and_counts_with_strict(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "rules" / "b.yaml").write_text("rules:\n  - id: odd\n    match: [tanks AND border, troop, troop*]\n")
    assert cli.execute(["check"]) == 0
    told = capsys.readouterr()
    assert "rules/b.yaml:3:13: warning: 'tanks AND border' is read as a phrase: 'AND' has no meaning" in told.err
    assert "rules/b.yaml:3:31: warning: 'troop' adds nothing to this list: 'troop*' finds it already" in told.err
    assert told.out == ".: 1 source, 2 rules, 1 channel: fine, 2 warnings\n"
    assert cli.execute(["check", "--strict"]) == 1
    (home / "rules" / "b.yaml").unlink()
    assert cli.execute(["check", "--strict"]) == 0


def test_the_tags_of_rules_are_compared_with_the_sources(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "sources.yaml").write_text("sources:\n  - {url: https://a.example/, tags: [state-media]}\n")
    (home / "rules" / "b.yaml").write_text("rules:\n  - {id: odd, match: {source: {tag: state_media}}}\n")
    assert cli.execute(["check"]) == 0
    assert "no source has the tag 'state_media'; did you mean state-media?" in capsys.readouterr().err


def test_stored_articles_say_which_rule_is_too_broad(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from monitor.model import Article, Judged, Novelty, Source
    from monitor.store import Store

    assert cli.execute(["check", "--stored"]) == 2
    assert "there is no database" in capsys.readouterr().err
    with Store.open(home / "monitor.db") as store, store.transaction():
        store.sources.sync([Source(id="old", url="https://old.example/")], 0.0)
        for number in range(1100):
            title = f"Border post {number}" if number % 5 == 0 else f"Report {number}"
            known = {"id": f"a{number}", "source_id": "old", "identity": str(number), "content_hash": str(number)}
            article = Article(
                **known, url=f"https://a/{number}", link="", title=title, summary="", body="", language="en"
            )
            store.articles.add([Judged(article, Novelty.NEW, "")])
    (home / "rules" / "b.yaml").write_text(
        "terms: {far: {en: [report, raport]}}\nrules:\n  - {id: far, match: {title: [$far], language: en}}\n"
    )
    assert cli.execute(["check", "--stored"]) == 0
    told = capsys.readouterr().err
    assert "rule border is very broad: it matches 220 of 1100 stored articles (20 %)" in told
    assert "rule far is very broad: it matches 880 of 1100 stored articles (80 %)" in told
    assert "1 of 2 terms of $far never stand in 1100 stored articles in en: raport" in told
    assert cli.execute(["check", "--stored", "--last", "250"]) == 0
    told = capsys.readouterr().err
    assert "matches 50 of 250 stored articles" in told
    assert "raport" not in told


CAUSES = {  # what is wrong in a rules file -> all that is said of it
    "a severity": (
        "rules: [{id: a, match: [b1], severity: hihg}]\ntrends: [{id: t, count: {rule: a, more_than: 3, within: 6h}}]",
        ["'hihg' is no severity; did you mean high?"],
    ),
    "a key of the examples, and a watch": (
        "watch: W\nrules: [{id: a, match: [b1], examples: {mtach: [b1]}}]\n"
        "trends: [{id: t, count: {watch: W, more_than: 3, within: 6h}}]",
        ["'mtach' is not known here; did you mean match?"],
    ),
    "a term set": (
        "terms: {harm: [cut1, blown1]}\nrules: [{id: a, match: [$harms]}]",
        ["there is no term set $harms; did you mean $harm?"],
    ),
    "an expression": (
        "terms: {harm: ['/(/'], more: [$harm]}\nrules: [{id: a, match: [$harm]}, {id: c, match: [$more]}]",
        [
            "the regular expression /(/ cannot be used: missing ): (; "
            "write it in RE2 syntax: no look-around, no back-references"
        ],
    ),
    "a key of near": (
        "rules: [{id: a, match: {near: {witihn: 8, of: [b1, c1]}}}]",
        ["'witihn' is not known here; did you mean within?"],
    ),
    "the key of a condition": (
        "rules: [{id: a, mtach: [b1]}]",
        ["'mtach' is not known here; did you mean match?"],
    ),
    "the kind of a trend": (
        "rules: [{id: a, match: [b1]}]\ntrends: [{id: t, cuont: {rule: a, more_than: 3, within: 6h}}]",
        ["'cuont' is not known here; did you mean count?"],
    ),
}


@pytest.mark.parametrize("case", CAUSES)
def test_one_mistake_is_one_problem(home: Path, capsys: pytest.CaptureFixture[str], case: str) -> None:
    text, said = CAUSES[case]
    (home / "monitor.yaml").write_text(
        "channels: {mail: {url: 'mailtos://u:${PW}@mail.example'}}\nroutes: [{rules: [a], channels: [mail]}]\n"
    )
    (home / "rules" / "a.yaml").write_text(text + "\n")
    assert cli.execute(["check"]) == 2
    *lines, total = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[2] for line in lines] == said
    assert total == "1 problem"


def test_a_misspelt_key_is_shown_where_it_stands(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "rules" / "a.yaml").write_text(
        "rules:\n- id: a\n  sevrity: high\n  match:\n    near: {witihn: 8, of: [b1, c1]}\n"
    )
    assert cli.execute(["check"]) == 2
    places = [line.partition(" ")[0] for line in capsys.readouterr().err.splitlines()]
    assert places[:2] == ["rules/a.yaml:3:3:", "rules/a.yaml:5:12:"]


def test_in_a_terminal_the_reason_of_a_failing_example_is_a_tree(home: Path) -> None:
    (home / "rules" / "a.yaml").write_text(RULE.replace("EXAMPLE", "Київ " + "тихий " * 20))
    environ = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "60"}
    parent, child = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "monitor", "check"], stderr=child, cwd=home, env=environ) as process:
        os.close(child)
        told = b""
        try:
            while block := os.read(parent, 4096):
                told += block
        except OSError:  # Linux says so at the end
            pass
        assert process.wait(30) == 2
    os.close(parent)
    lines = re.sub("\x1b\\[[0-9;]*m", "", told.decode()).replace("\r", "").splitlines()
    assert "└── - border [not found]" in lines, lines
    assert any(line.startswith("no language is given") for line in lines)
