"""What a reload refuses, and what it tells of at once: nobody should become blind by a file that vanished."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from monitor.config import load
from monitor.service import Service

RULES = "rules: [{id: border, match: troops}, {id: port, match: ferry}]\n"
SOURCES = (
    "sources:\n"
    "  - {id: wire, url: 'https://wire.example/feed', enabled: false}\n"
    "  - {id: post, url: 'https://post.example/feed', enabled: false}\n"
)
SETTINGS = "retention: {free_space: 1M}\n"
NOW = 1_790_000_000.0


@asynccontextmanager
async def started(
    folder: Path, settings: str = SETTINGS, environ: dict[str, str] | None = None
) -> AsyncIterator[Service]:
    (folder / "rules").mkdir()
    (folder / "rules" / "a.yaml").write_text(RULES)
    (folder / "sources.yaml").write_text(SOURCES)
    (folder / "monitor.yaml").write_text(settings)
    work = Service(lambda: load(folder), environ={} if environ is None else environ)
    await work.start(NOW)
    try:
        yield work
    finally:
        await work.stop(5.0)


def told(work: Service) -> list[tuple[str, str, str]]:
    return [(one.kind, one.key, one.title) for one in work.store.problems.current()]


async def test_rules_that_all_vanish_stay_as_they_are(tmp_path: Path) -> None:
    async with started(tmp_path) as work:
        (tmp_path / "rules").rename(tmp_path / "elsewhere")
        refused = await work.reload()
        assert (
            refused == "rules: there are no rules any more, nothing would match; restart the monitor if that is meant"
        )
        assert [rule.id for rule in work.parts.config.rules.rules] == ["border", "port"]
        assert told(work) == [
            ("configuration", "reload", "The new configuration is refused; the old one goes on"),
        ]
        (tmp_path / "elsewhere").rename(tmp_path / "rules")
        (tmp_path / "rules" / "a.yaml").write_text("rules: [{id: port, match: ferry}]\n")
        assert await work.reload() == ""
        assert [rule.id for rule in work.parts.config.rules.rules] == ["port"]
        assert told(work) == []


async def test_a_list_of_sources_that_was_cut_short_stays_as_it_is(tmp_path: Path) -> None:
    async with started(tmp_path) as work:
        (tmp_path / "sources.yaml").write_text("")
        assert "sources.yaml: there are no sources any more, nothing would be polled" in await work.reload()
        assert [source.id for source in work.parts.config.sources] == ["wire", "post"]
        (tmp_path / "sources.yaml").write_text("sources: [{id: post, url: 'https://post.example/feed'}]\n")
        assert await work.reload() == ""


async def test_who_began_with_nothing_may_go_on_so(tmp_path: Path) -> None:
    async with started(tmp_path):
        pass
    (tmp_path / "rules" / "a.yaml").unlink()
    (tmp_path / "sources.yaml").write_text("sources: []\n")
    again = Service(lambda: load(tmp_path), environ={})
    await again.start(NOW)
    try:
        assert await again.reload() == ""
    finally:
        await again.stop(5.0)


async def test_a_channel_without_its_secret_is_told_before_it_has_anything_to_send(tmp_path: Path) -> None:
    settings = SETTINGS + "channels: {desk: {url: 'json://desk.example/${DESK_TOKEN}'}}\n"
    environ: dict[str, str] = {}
    async with started(tmp_path, settings, environ) as work:
        assert told(work) == [("channel-secret", "desk", "Channel desk cannot send: a secret is missing")]
        [problem] = work.store.problems.current()
        assert "${DESK_TOKEN} is not set in the environment" in problem.message
        environ["DESK_TOKEN"] = "x"
        assert await work.reload() == ""
        assert told(work) == []


async def test_a_database_that_is_taken_away_is_told_and_so_is_its_return(tmp_path: Path) -> None:
    async with started(tmp_path) as work:
        path = work.store.path
        await work.tick(NOW + 1)
        assert told(work) == []
        path.rename(tmp_path / "elsewhere.db")
        await work.tick(NOW + 2)
        assert told(work) == [("database", "file", "The database file was removed or replaced")]
        path.write_text("another file")
        await work.tick(NOW + 3)
        assert len(told(work)) == 1
        path.unlink()
        (tmp_path / "elsewhere.db").rename(path)
        await work.tick(NOW + 4)
        assert told(work) == []
