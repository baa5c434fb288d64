"""When the running monitor looks at trends: once a minute, but not before what came meanwhile is polled."""

from pathlib import Path

from monitor.config import load
from monitor.service import SETTLE, TRENDS_EVERY, Service

RULES = """\
rules: [{id: border, match: troops}]
trends: [{id: quiet, silence: {rule: border, within: 1h}}]
"""


async def test_it_waits_after_the_start_then_looks_every_minute_and_takes_a_changed_trend(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yaml").write_text(RULES)
    (tmp_path / "monitor.yaml").write_text("channels: {}\nretention: {free_space: 1M}\n")
    (tmp_path / "sources.yaml").write_text("")
    work = Service(lambda: load(tmp_path), environ={})
    start = 1_790_000_000.0
    await work.start(start)
    try:
        checked = []
        for after in (1.0, SETTLE - 1, SETTLE, SETTLE + TRENDS_EVERY - 1, SETTLE + TRENDS_EVERY, 4000.0):
            await work.tick(start + after)
            checked.append(work.store.trends.states()["quiet"].checked_at - start)
        assert checked == [0.0, 0.0, SETTLE, SETTLE, SETTLE + TRENDS_EVERY, 4000.0]
        state = work.store.trends.states()["quiet"]
        assert state.fired == 1
        assert "there never was one" in state.reason
        (tmp_path / "rules" / "a.yaml").write_text(RULES.replace("1h", "2h"))
        assert await work.reload() == ""
        assert work.store.trends.told("quiet") == {}
        (tmp_path / "rules" / "a.yaml").write_text(RULES.replace("rule: border", "rule: bodrer"))
        assert "there is no rule 'bodrer'; did you mean border?" in await work.reload()
        assert [trend.id for trend in work.parts.config.rules.trends] == ["quiet"]
    finally:
        await work.stop(5.0)
