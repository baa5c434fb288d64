"""The terminal view over a real database, driven by keys."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.text import Text
from textual.widgets import Input, OptionList, Static

from monitor.cli import execute
from monitor.errors import UsageError
from monitor.store import Store
from monitor.tui.app import Watch
from monitor.tui.desk import Desk
from monitor.tui.query import read
from monitor.tui.words import FOUND
from tests import fresh
from tests.web import worlds

NOW = 1_790_000_000.0
HOSTILE = "\x1b[31mRed\x1b[0m [red]bridge[/red] [@click=app.quit]x[/] \u202ereversed"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with fresh.store(tmp_path / "monitor.db") as store:
        worlds.fill(store, NOW, stories=8, sources=4)
        yield store


@pytest.fixture
def app(store: Store) -> Iterator[Watch]:
    desk = Desk(Path(store.path), "Ann")
    yield Watch(desk, every=0.02, clock=lambda: NOW)
    desk.close()


def shown(app: Watch) -> list[str]:
    stories = app.query_one(OptionList)
    return [str(stories.get_option_at_index(place).prompt) for place in range(stories.option_count)]


def text_of(app: Watch, widget: str) -> str:
    return str(app.query_one(widget, Static).content)


def stretches(app: Watch) -> set[tuple[str, str]]:
    """Return the stretches of the open story that have a style."""
    text = app.query_one("#story", Static).content
    assert isinstance(text, Text)
    return {(text.plain[span.start : span.end], str(span.style)) for span in text.spans}


async def until(pilot: Any, holds: Callable[[], bool]) -> None:
    """Let the screen go on until something holds."""
    async with asyncio.timeout(5):
        while not holds():
            await pilot.pause(0.01)


async def search(pilot: Any, text: str) -> None:
    if not isinstance(pilot.app.focused, Input):
        await pilot.press("slash")
    assert isinstance(pilot.app.focused, Input)
    pilot.app.focused.value = text
    await pilot.press("enter")


async def test_the_list_shows_stories_and_keys_open_them(app: Watch) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(shown(app)) == 8)
        first, second = app._rows[0].row, app._rows[1].row
        assert first.title in shown(app)[0]
        assert first.severity.value in shown(app)[0]
        assert "independent source" in shown(app)[0]
        await pilot.press("j")
        assert app.chosen == second.id
        await pilot.press("k")
        assert app.chosen == first.id
        await pilot.press("o")
        await until(pilot, lambda: first.id in text_of(app, "#story"))
        assert "credibility" in text_of(app, "#story")
        assert "rule border-move" in text_of(app, "#story")
        assert "What was told, and why" in text_of(app, "#story")
        assert (first.title[:8], FOUND) in stretches(app)
        assert not app.query_one("#list").display  # 80 columns are enough for one of them
        await pilot.press("j")
        await until(pilot, lambda: second.id in text_of(app, "#story"))
        await pilot.press("escape")
        assert app.query_one("#list").display


async def test_on_a_wide_terminal_the_story_stands_beside_the_list(app: Watch) -> None:
    async with app.run_test(size=(140, 30)) as pilot:
        await until(pilot, lambda: len(shown(app)) == 8)
        await pilot.press("enter")
        await until(pilot, lambda: app.chosen in text_of(app, "#story"))
        assert app.query_one("#list").display


async def test_the_chosen_row_has_no_colours_of_its_own(app: Watch) -> None:
    def colours(place: int) -> int:
        prompt = app.query_one(OptionList).get_option_at_index(place).prompt
        assert isinstance(prompt, Text)
        return len(prompt.spans)

    async with app.run_test() as pilot:
        await until(pilot, lambda: len(shown(app)) == 8 and not colours(0))
        assert colours(1), "red and dim are for the others"
        await pilot.press("j")
        await until(pilot, lambda: not colours(1))
        assert colours(0)


async def test_keys_acknowledge_mute_and_mark_wrong(app: Watch, store: Store) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(shown(app)) == 8)
        story = next(one.row.id for one in app._rows if one.state == "new")
        app.query_one(OptionList).highlighted = [one.row.id for one in app._rows].index(story)
        await pilot.press("a")
        await until(pilot, lambda: len(store.handled.of(story)) == 1)
        await pilot.press("s")
        await until(pilot, lambda: len(store.handled.of(story)) == 2)
        await pilot.press("w")
        await until(pilot, lambda: store.listing.wrong([story]) == {story})
        assert store.notes.of(story)[-1].text.startswith("marked all its ")
        await until(pilot, lambda: next(one.state for one in app._rows if one.row.id == story) == "wrong")
    acknowledged, muted = store.handled.of(story)
    assert (acknowledged.what, acknowledged.by) == ("acknowledged", "Ann")
    assert (muted.what, muted.until) == ("muted", NOW + 86400)


async def test_a_search_has_the_filters_of_the_page(app: Watch) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(shown(app)) == 8)
        await search(pilot, "severity:worst")
        assert "is no severity" in text_of(app, "#status")
        await search(pilot, "ministry severity:low")
        await until(pilot, lambda: 0 < len(shown(app)) < 8)
        assert {one.row.severity.value for one in app._rows}.isdisjoint({"info"})
        assert "severity:low" in text_of(app, "#status")
        await search(pilot, "")
        await until(pilot, lambda: len(shown(app)) == 8)


async def test_a_new_story_appears_by_itself_and_a_hostile_title_is_only_text(app: Watch, store: Store) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(shown(app)) == 8)
        had = app.chosen
        worlds._story(store, store.sources.all(), 20, NOW, lambda text: HOSTILE)
        await until(pilot, lambda: len(shown(app)) == 9)
        assert app.chosen == had
        row = next(row for row in shown(app) if "Red" in row)
        assert "[31mRed[0m [red]bridge[/red] [@click=app.quit]x[/] reversed" in row
        assert not {"\x1b", "\u202e"} & set(row)
        app.query_one(OptionList).highlighted = shown(app).index(row)
        await pilot.press("o")
        await until(pilot, lambda: app.chosen in text_of(app, "#story"))
        assert "[red]bridge[/red]" in text_of(app, "#story")
        assert not {"\x1b", "\u202e"} & set(text_of(app, "#story"))


async def test_help_shows_the_keys_and_q_quits(app: Watch) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        assert "mute it for a day" in text_of(app, "#story")
        await pilot.press("q")
    assert app.return_code == 0


def test_what_is_typed_becomes_filters() -> None:
    assert read('bridge "two words" severity:high watch:"Border moves" watch:b https://x.example') == {
        "q": ['bridge "two words" https://x.example'],
        "severity": ["high"],
        "watch": ["Border moves", "b"],
    }
    assert read("  ") == {}
    with pytest.raises(UsageError):
        read("x" * 301)


def test_without_textual_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "textual" or name == "monitor.tui.app"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "textual", None)
    assert execute(["watch"]) == 2
    assert "pip install 'osint-monitor[tui]'" in capsys.readouterr().err


async def test_a_database_that_cannot_be_read_is_said_until_it_can(app: Watch, store: Store) -> None:
    path = Path(store.path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(shown(app)) == 8)
        away = path.rename(path.with_suffix(".away"))
        await until(pilot, lambda: app._is_trouble)
        away.rename(path)
        await until(pilot, lambda: "? help" in text_of(app, "#status"))
        assert len(shown(app)) == 8


def test_it_needs_nothing_of_the_extra_web() -> None:
    without = (
        "import sys; sys.modules.update(dict.fromkeys(['starlette', 'uvicorn', 'argon2'])); import monitor.tui.app"
    )
    subprocess.run([sys.executable, "-c", without], check=True)


async def test_what_keeps_the_monitor_from_seeing_stands_above(app: Watch, store: Store) -> None:
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.screen.has_class("blinded"))
        assert text_of(app, "#blind").startswith("The monitor has not run yet.")
        assert "Our network is down" in text_of(app, "#blind")
        store.meta.set("last_tick", str(NOW))
        for one in store.problems.current():
            store.problems.close(one.kind, one.key, NOW)
        await until(pilot, lambda: not app.screen.has_class("blinded"))
