"""Rules whose examples fail, in the real service: what a reload puts into use, and what it says."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from monitor.config import load
from monitor.model import Article, Source
from monitor.service import Service

RULES = """\
rules:
  - {id: border, match: [BORDER], examples: {match: [the border is closed]}}
  - {id: missile, match: [MISSILE]}
"""


class World:
    """A configuration folder and the service that runs on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "rules").mkdir()
        (folder / "sources.yaml").write_text("")
        self.settings("")
        self.service = Service(lambda: load(folder), environ={})

    def settings(self, text: str) -> None:
        (self.folder / "monitor.yaml").write_text(f"channels: {{desk: {{url: 'json://127.0.0.1:1/'}}}}\n{text}\n")

    def rules(self, border: str, missile: str, more: str = "") -> None:
        text = RULES.replace("BORDER", border).replace("MISSILE", missile)
        (self.folder / "rules" / "a.yaml").write_text(text + more)

    def hits(self, title: str) -> list[str]:
        known = {"id": "a", "source_id": "s", "identity": "a", "url": "", "link": "", "summary": "", "body": ""}
        article = Article(**known, title=title)
        found = self.service.parts.pipeline.config.rules.match(article, Source(id="s", url=""), now=0.0)
        return [hit.rule_id for hit in found]

    def problems(self) -> dict[str, str]:
        return {one.key: one.message for one in self.service.store.problems.current("examples")}


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path)
    made.rules("border", "missile")
    yield made
    await made.service.stop(5.0)


async def test_a_reload_keeps_the_old_version_of_the_rule_that_fails_and_changes_the_others(world: World) -> None:
    await world.service.start(time.time())
    world.rules("frontier", "rocket")
    assert await world.service.reload() == ""
    assert (world.hits("border"), world.hits("frontier")) == (["border"], [])
    assert (world.hits("missile"), world.hits("rocket")) == ([], ["missile"])
    assert world.problems()["border"].startswith("an example fails; its old version stays\n")
    assert any("its old version stays" in one for one in world.service.troubles())
    world.rules("border*", "rocket")
    assert await world.service.reload() == ""
    assert world.hits("borderline") == ["border"]
    assert world.problems() == {}
    assert world.service.troubles() == ()


async def test_a_new_rule_that_fails_waits(world: World) -> None:
    await world.service.start(time.time())
    world.rules("border", "missile", "  - {id: new, match: [harbour], examples: {match: [quiet]}}\n")
    assert await world.service.reload() == ""
    assert world.hits("harbour") == []
    assert "it is not live until they hold" in world.problems()["new"]


async def test_the_setting_lets_it_go_live(world: World) -> None:
    world.settings("rules: {failing_examples: live}")
    await world.service.start(time.time())
    world.rules("frontier", "missile")
    assert await world.service.reload() == ""
    assert world.hits("frontier") == ["border"]
    assert "it is live all the same" in world.problems()["border"]


async def test_at_a_start_it_is_live_and_told(world: World) -> None:
    world.rules("frontier", "missile")
    await world.service.start(time.time())
    assert world.hits("frontier") == ["border"]
    assert "it is live all the same" in world.problems()["border"]


async def test_a_rule_that_cannot_be_read_still_refuses_the_whole(world: World) -> None:
    await world.service.start(time.time())
    world.rules("frontier", "[rocket, {near: 5}]")
    assert "keys are missing here" in await world.service.reload()
    assert (world.hits("border"), world.hits("missile")) == (["border"], ["missile"])
    assert world.problems() == {}


@pytest.mark.parametrize("times", [1, 3])
async def test_one_alert_is_queued_however_often_it_is_read(world: World, times: int) -> None:
    await world.service.start(time.time())
    world.rules("frontier", "missile")
    for _ in range(times):
        await world.service.reload()
    assert world.service.store.alerts.queue(time.time())["desk"].queued == 1
