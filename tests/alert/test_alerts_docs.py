"""Every example of docs/alerts.md is run."""

import re
import shlex
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from given_alerts import NOW
from test_render import EXAMPLE, FORMATS
from typer.testing import CliRunner

from monitor.alert import POLICIES
from monitor.alert.render import render
from monitor.alert.samples import sample
from monitor.alert.shape import Shape
from monitor.alert.targets import expand
from monitor.cli.alert import app
from monitor.config import load
from monitor.settings import Channel

TEXT = (Path(__file__).parent.parent.parent / "docs" / "alerts.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("example", blocks("yaml"))
def test_the_configurations_are_valid(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in re.findall(r"\$\{([A-Z_]+)\}", example):
        monkeypatch.setenv(name, "x")
    (tmp_path / "monitor.yaml").write_text(example)
    (tmp_path / "sources.yaml").write_text("sources: []\n")
    (tmp_path / "rules").mkdir()
    config = load(tmp_path)
    assert not [problem for problem in config.problems if not problem.warning]
    for channel in config.settings.channels.values():
        if channel.title_template:
            rendered = render(EXAMPLE, shape=Shape(), title_template=channel.title_template)
            assert not rendered.problem
            assert rendered.title.startswith("HIGH Rule border-deployment: Belarus")


def test_the_targets_are_as_described(tmp_path: Path) -> None:
    url = re.search(r"url: (mailtos://\S+)", blocks("yaml")[0])
    assert url
    assert list(expand({"desk": Channel(url=url[1])})) == ["desk/ann@example.org", "desk/bob@example.org"]


def test_the_messages_are_what_is_sent() -> None:
    shown = [EXAMPLE, sample("story", now=NOW), sample("update", now=NOW)]
    zone = ZoneInfo("Europe/Warsaw")
    rendered = [render(one, shape=Shape("text"), key="0123456789abcdef", zone=zone) for one in shown]
    assert [one.body + "\n" for one in rendered] == blocks("text")


def test_the_digest_is_what_is_sent() -> None:
    rendered = render(sample("digest", now=NOW), shape=Shape("text"), zone=ZoneInfo("Europe/Warsaw"))
    shown = TEXT.partition("## Digests")[2].partition("```\n")[2].partition("\n...\n")[0]
    assert f"{rendered.title}\n\n{rendered.body}".startswith(shown)


@pytest.mark.parametrize("form", FORMATS)
def test_the_template_works_in_every_format(form: str) -> None:
    (template,) = blocks("jinja")
    rendered = render(EXAMPLE, shape=Shape(form), key="k" * 12, template=template)  # type: ignore[arg-type]
    assert not rendered.problem
    assert "special forces" in rendered.body


def test_the_names_in_the_table_exist() -> None:
    table = TEXT.partition("| name | what it is |")[2].partition("| filter |")[0]
    names = {
        name for cell in re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)
    }
    assert {"severity", "rules", "published_note"} <= names
    for name in names:
        assert not render(EXAMPLE, shape=Shape(), key="k", template=f"{{{{ {name} }}}}.").problem, name


def test_the_policies_are_in_order() -> None:
    table = TEXT.partition("| policy |")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(POLICIES)


@pytest.mark.parametrize("line", [line for block in blocks("sh") for line in block.splitlines()])
def test_the_commands_exist(line: str) -> None:
    _, _, command, *options = shlex.split(line)
    shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).output
    for option in options:
        assert not option.startswith("--") or option in shown
