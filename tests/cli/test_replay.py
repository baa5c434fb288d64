"""`monitor replay`: an archive becomes articles, hits, stories and alerts under its own clock, and nothing is sent."""

import gzip
import json
import lzma
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from monitor import cli
from monitor.model import Fetched, Parsed, Reading, State
from monitor.pipeline import Pipeline, Polled
from monitor.resources import seeds
from monitor.store import Store
from monitor.store.claim import Claim

CORPUS = os.environ.get("MONITOR_CORPUS", "")
NEWS = Path(CORPUS) / "news" / "2022-04-15_2022-05-20.jsonl.gz"
SOURCES = """\
sources:
  - {id: kestrel, url: "https://kestrel.example/rss", title: The Kestrel, country: PL, reliability: B, tags: [wire]}
"""
RULES = """\
watch: Border
rules:
  - {id: border, name: Forces at a border, severity: high, match: {all: [troops, border]}}
  - {id: exercise, match: [exercise*]}
  - {id: flood, match: [flood*]}
"""
# Out of order, as archives are; of two sources, one of which is configured.
ITEMS: list[dict[str, Any]] = [
    {"id": "2", "date": "2026-05-10T08:02:00Z", "title": "An exercise begins", "source": "Harbour Post"},
    {
        "id": "1",
        "date": "2026-05-10T08:00:00Z",
        "title": "Troops reach the border",
        "text": "They came at night.",
        "url": "https://kestrel.example/1",
        "source": "The Kestrel",
        "lang": "en",
    },
    # the same URL in another source: the same article
    {
        "id": "3",
        "date": "2026-05-11T11:00:00+02:00",
        "title": "Troops reach the border",
        "text": "They came at night.",
        "url": "https://kestrel.example/1",
        "source": "Harbour Post",
    },
    # the same id with another text: an edit, which brings a rule
    {
        "id": "1",
        "date": "Mon, 11 May 2026 10:00:00 GMT",
        "title": "Troops reach the border",
        "text": "They came at night. It is an exercise.",
        "url": "https://kestrel.example/1",
        "source": "the kestrel",
    },
    {"id": 5, "date": 1778576400, "title": "Weather", "url": "https://www.plover.example/5"},
    {"id": "6", "title": "Troops at the border, some day", "source": "Harbour Post"},
    # a further article of the first story
    {"id": "7", "date": "2026-05-12 11:00", "title": "Troops reach the border", "source": "Harbour Post"},
]
FIGURES = {"articles": 4, "hits": 4, "stories": 2, "alerts": 2, "updates": 1}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A configuration without a channel; run a command line, and return its code, results and messages."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "rules").mkdir()
    (tmp_path / "monitor.yaml").write_text("alerts: {updates: [severity, rules]}\n")
    (tmp_path / "sources.yaml").write_text(SOURCES)
    (tmp_path / "rules" / "border.yaml").write_text(RULES)

    def execute(*words: object) -> tuple[int, str, str]:
        code = cli.execute([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return execute


def lines_of(items: Sequence[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


def written(items: Sequence[dict[str, Any]] = ITEMS, path: str = "items.jsonl") -> Path:
    pack: Callable[[bytes], bytes] = {".gz": gzip.compress, ".xz": lzma.compress}.get(Path(path).suffix, bytes)
    Path(path).write_bytes(pack(lines_of(items)))
    return Path(path)


def figures(run: Run, *words: object, code: int = 0) -> dict[str, Any]:
    found, out, err = run("replay", *words, "--json")
    assert found == code, err
    return dict(json.loads(out))


# --- figures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["items.jsonl", "items.jsonl.gz", "items.jsonl.xz"])
def test_every_item_is_accounted_for(run: Run, name: str) -> None:
    found = figures(run, written(path=name))
    assert {what: found[what] for what in FIGURES} == FIGURES
    assert (found["repeated"], found["undated"], found["wrong"], found["trends"]) == (2, 1, 0, 0)
    assert found["dropped"] == {"change": 1}
    assert found["by_rule"] == {
        "border": {"hits": 2, "stories": 1, "alerts": 1, "updates": 1},
        "exercise": {"hits": 2, "stories": 2, "alerts": 1, "updates": 1},
        "flood": {"hits": 0, "stories": 0, "alerts": 0, "updates": 0},
    }
    assert found["by_day"] == {
        "2026-05-10": {"articles": 2, "hits": 2, "stories": 2, "alerts": 2, "updates": 0},
        "2026-05-11": {"articles": 0, "hits": 1, "stories": 0, "alerts": 0, "updates": 1},
        "2026-05-12": {"articles": 2, "hits": 1, "stories": 0, "alerts": 0, "updates": 0},
    }
    assert (found["first"], found["last"]) == (1778400000.0, 1778583600.0)


def test_alerts_are_written_in_order_with_what_led_to_them(run: Run) -> None:
    figures(run, written(), "--alerts", "out.jsonl")
    told = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    first, second, third = told
    # What comes within five minutes comes in one poll of each source, at the date of the last of them.
    assert [one["time"] for one in told] == ["2026-05-10T08:02:30Z", "2026-05-10T08:02:30Z", "2026-05-11T10:00:00Z"]
    assert (first["kind"], first["rule"], first["severity"]) == ("story", "border", "high")
    assert (first["headline"], first["sources"]) == ("Troops reach the border", ["The Kestrel"])
    assert first["words"] == ["Troops", "border"]
    assert first["reason"] == "there are no routes: every channel hears everything"
    assert first["channels"] == ["replay"]
    assert first["link"] == "https://kestrel.example/1"
    assert (second["rule"], second["sources"]) == ("exercise", ["Harbour Post"])
    assert (third["kind"], third["rules"], third["story"]) == ("update", ["border", "exercise"], first["story"])
    assert third["sources"] == ["The Kestrel", "Harbour Post"]
    assert third["reason"] == "new rule: exercise"


def test_two_runs_give_the_same(run: Run) -> None:
    path = written()
    first, second = run("replay", path, "--json", "--alerts", "one"), run("replay", path, "--json", "--alerts", "two")
    assert first == second
    assert Path("one").read_bytes() == Path("two").read_bytes() != b""


def test_a_person_reads_tables_and_sentences(run: Run) -> None:
    code, out, err = run("replay", written(), "--alerts", "out.jsonl", "--db", "kept.db")
    assert (code, err) == (0, "")
    rows = [" ".join(line.split()) for line in out.splitlines()]
    assert rows[0] == "day (UTC) articles hits stories alerts updates"
    assert "2026-05-11 0 1 0 0 1" in rows
    assert "in all 4 4 2 2 1" in rows
    assert "border 2 1 1 1" in rows
    assert "Never hit: flood" in rows
    sentence = "4 articles from 2026-05-10 08:00 to 2026-05-12 11:00 UTC: 4 hits, 2 stories, 2 alerts, 1 update; "
    assert any(row.startswith(sentence) for row in rows)
    assert "Not told, by policy: change 1." in rows
    assert "Left out, without a date, or with one before 1990 or in the future: 1 item." in rows
    assert "The alerts are in out.jsonl." in rows


def test_a_long_time_is_shown_by_month(run: Run) -> None:
    days = [f"2026-0{month}-{day:02}" for month in (1, 2, 3) for day in range(1, 28)]
    items = [{"id": day, "date": day, "title": f"Troops at the border on {day}"} for day in days]
    path = written(items)
    rows = [" ".join(line.split()) for line in run("replay", path)[1].splitlines()]
    assert rows[:2] == ["month (UTC) articles hits stories alerts updates", "2026-01 27 27 27 27 0"]
    assert len(figures(run, path)["by_day"]) == 81


# --- what is wrong ---------------------------------------------------------------------------------------------------


def test_a_line_that_is_no_item_is_told_with_its_number_and_stops_nothing(run: Run) -> None:
    wrong = [b'{"id": "x", "date"\n', b"\n", b"[1]\n", b'{"title": 4, "date": "2026-05-10"}\n']
    first, *rest = lines_of(ITEMS).splitlines(keepends=True)
    Path("items.jsonl").write_bytes(first + b"".join(wrong) + b"".join(rest))
    code, out, err = run("replay", "items.jsonl", "--json")
    assert code == 1
    two, four, five = err.splitlines()
    assert two.startswith("items.jsonl:2: is not JSON: ")
    assert four == "items.jsonl:4: is a list, not an object: one item a line"
    assert five == "items.jsonl:5: title is not a text"
    found = json.loads(out)
    assert {what: found[what] for what in FIGURES} == FIGURES
    assert found["wrong"] == 3


@pytest.mark.parametrize("items", [[], [{"title": "Troops at the border"}], [{"date": "1066-10-14", "title": "x"}]])
def test_without_dates_there_is_nothing_to_replay(run: Run, items: list[dict[str, Any]]) -> None:
    code, out, err = run("replay", written(items), "--json")
    assert code == 1
    assert err == "items.jsonl holds no items with dates: there is nothing to replay\n"
    found = json.loads(out)
    assert (found["articles"], found["undated"], found["by_day"]) == (0, len(items), {})


def test_what_is_dated_in_the_future_does_not_take_the_clock_along(run: Run) -> None:
    late = {"id": "9", "date": time.time() + 10 * 86400, "title": "Troops at the border"}
    found = figures(run, written([*ITEMS, late]))
    assert {what: found[what] for what in FIGURES} == FIGURES
    assert found["undated"] == 2


def test_a_file_that_cannot_be_read_is_one_message(run: Run) -> None:
    Path("broken.jsonl.gz").write_bytes(gzip.compress(lines_of(ITEMS))[:-20])
    for name, words in (
        ("none.jsonl", "there is no file"),
        ("broken.jsonl.gz", "cannot be read"),
        (".", "is a folder"),
    ):
        code, out, err = run("replay", name)
        assert (code, out, len(err.splitlines())) == (2, "", 1)
        assert words in err


def test_the_archive_itself_is_never_written_to(run: Run) -> None:
    path = written()
    for option in ("--alerts", "--db"):
        code, _, err = run("replay", path, option, path)
        assert (code, path.read_bytes()) == (2, lines_of(ITEMS))
        assert "is the archive itself" in err


# --- the configuration -----------------------------------------------------------------------------------------------


def test_channels_and_routes_are_those_of_the_configuration(run: Run) -> None:
    Path("monitor.yaml").write_text(
        "channels: {desk: {url: 'json://127.0.0.1:9/d'}, pager: {url: 'json://127.0.0.1:9/p'}}\n"
        "routes: [{severity: high, channels: pager}, {rules: exercise, tags: wire, channels: desk}]\n"
        "alerts: {updates: [severity, rules]}\n"
    )
    found = figures(run, written(), "--alerts", "out.jsonl", "--db", "kept.db")
    told = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert [(one["kind"], one["channels"]) for one in told] == [
        ("story", ["pager"]),
        ("story", ["desk"]),
        ("update", ["pager"]),
    ]
    assert told[0]["reason"] == "route 1 takes high hits of rule border"
    # The exercise of a source that is no wire goes to neither channel, of the others each to one.
    assert found["dropped"] == {"change": 2, "route": 3}
    with Store.open("kept.db") as store:
        queues = store.alerts.queue(0.0)
        assert {name: (queue.sent, queue.queued, queue.dropped) for name, queue in queues.items()} == {
            "pager": (0, 0, 2),
            "desk": (0, 0, 1),
        }


def test_a_source_that_is_configured_is_known_by_its_title(run: Run) -> None:
    Path("rules/country.yaml").write_text("rules: [{id: polish, match: {any: [troops], source: {country: PL}}}]\n")
    assert figures(run, written())["by_rule"]["polish"]["hits"] == 1


def test_trends_go_by_the_clock_of_the_items(run: Run) -> None:
    Path("rules/trends.yaml").write_text(
        "trends:\n"
        "  - {id: wave, name: A wave, severity: critical, count: {rule: border, more_than: 2, within: 6h}}\n"
        "  - {id: quiet, silence: {rule: border, within: 2d}}\n"
    )
    items = [
        {"id": str(n), "date": f"2026-05-10T{8 + n:02}:00:00Z", "title": f"Troops, group {n}, at the border"}
        for n in range(3)
    ]
    items.append({"id": "9", "date": "2026-05-14T00:00:00Z", "title": "Weather"})
    found = figures(run, written(items), "--alerts", "out.jsonl")
    assert (found["hits"], found["alerts"], found["trends"]) == (3, 3, 2)
    assert found["by_rule"]["wave"] == {"hits": 0, "stories": 0, "alerts": 1, "updates": 0}
    told = {one["rule"]: one for one in map(json.loads, Path("out.jsonl").read_text().splitlines())}
    assert (told["wave"]["time"], told["wave"]["headline"]) == ("2026-05-10T10:00:00Z", "A wave")
    assert told["wave"]["reason"] == "3 articles in 6 hours, more than 2"
    assert told["wave"]["sources"] == ["archive"]
    assert told["quiet"]["time"].startswith("2026-05-12T10:")  # two days after the last, to the hour


def test_a_rule_that_is_not_live_is_told(run: Run) -> None:
    Path("rules/wrong.yaml").write_text("rules: [{id: wrong, match: {anny: [troops]}}]\n")
    code, _, err = run("replay", written())
    assert code == 0
    assert err.startswith("a rule is not live: rules/wrong.yaml:1:")


# --- the database ----------------------------------------------------------------------------------------------------


def test_a_kept_database_can_be_looked_at_and_is_made_anew(run: Run, tmp_path: Path) -> None:
    path = written()
    figures(run, path, "--db", "kept.db")
    figures(run, path, "--db", "kept.db")
    with Store.open("kept.db") as store:
        assert (store.articles.count(), store.hits.count(0.0)) == (4, 4)
    (tmp_path / "monitor.yaml").write_text("database: kept.db\n")
    _, out, _ = run("hits", "--json")
    assert {hit["rule"] for hit in json.loads(out)} == {"border", "exercise"}


def test_nothing_is_left_without_a_database(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    path = written()
    before = sorted(tmp_path.rglob("*"))
    figures(run, path)
    assert sorted(tmp_path.rglob("*")) == before


def collected(path: str) -> None:
    """Let a monitor take an article in."""
    from monitor.config import load
    from tests.cli.rules_world import made

    config = load(Path())
    (source,) = config.sources
    with Store.open(path) as store:
        store.sources.sync([source], 0.0)
        reading = Reading(parsed=Parsed(state=State.OK), articles=(made(1, "Troops", source.id, 1e9),))
        fetched = Fetched(source_id=source.id, state=State.OK, at=1e9)
        polled = Polled(source=source, state=store.sources.states()[source.id], fetched=fetched, reading=reading)
        Pipeline(config=config, store=store).ingest([polled], now=1e9, spread=lambda: 0.5)


def test_what_a_monitor_collected_is_never_replaced(run: Run) -> None:
    path = written()
    collected("collected.db")
    figures(run, path, "--db", "worked.db")
    with Store.open("worked.db") as store:
        store.meta.set("last_tick", "1778583600")  # a daemon was started on it since
    for name, words in (
        ("collected.db", "holds what no replay brought (1 articles)"),
        ("worked.db", "holds what no replay brought (4 articles)"),
        ("monitor.db", "is the database of this configuration"),
    ):
        code, out, err = run("replay", path, "--db", name)
        assert (code, out) == (2, "")
        assert words in err
    with Store.open("collected.db") as store:
        assert store.articles.count() == 1


def test_a_database_that_somebody_works_on_is_refused(run: Run) -> None:
    path = written()
    figures(run, path, "--db", "kept.db")
    claim = Claim.take(Path("kept.db"))
    try:
        code, _, err = run("replay", path, "--db", "kept.db")
    finally:
        claim.release()
    assert code == 2
    assert f"(process {os.getpid()}) works on kept.db" in err


def test_an_interrupted_replay_leaves_nothing_to_send(run: Run) -> None:
    from monitor.config import load
    from monitor.items import Archive
    from monitor.replay import Replay, Told

    items = [{"id": str(n), "date": f"2026-05-{1 + n % 28:02}T00:00:00Z", "title": f"Troops {n} at the border"}
             for n in range(56)]  # fmt: skip
    archive = Archive.look(written(items), latest=2e9)
    seen: list[Told] = []

    def tell(told: Told) -> None:
        seen.append(told)
        if len(seen) == 30:
            raise KeyboardInterrupt

    with Store.open("kept.db") as store:
        replay = Replay(archive, config=load(Path()), store=store)
        with pytest.raises(KeyboardInterrupt):
            replay.run(progress=lambda _done, _all: None, tell=tell)
        assert store.alerts.list(state="queued") == []


# --- a real archive --------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(not NEWS.exists(), reason="MONITOR_CORPUS names no corpus with news/")
def test_five_weeks_of_news_go_through_the_shipped_rules(run: Run) -> None:
    for path in (seeds() / "rules").glob("*.yaml"):
        (Path("rules") / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    begun = time.monotonic()
    found = figures(run, NEWS, "--alerts", "out.jsonl")
    assert time.monotonic() - begun < 300
    assert found["articles"] + found["repeated"] == 48_256
    assert (len(found["by_day"]), found["undated"], found["wrong"]) == (36, 0, 0)
    for what in FIGURES:
        assert found[what] == sum(day[what] for day in found["by_day"].values())
    lines = Path("out.jsonl").read_text().splitlines()
    assert 10 < found["alerts"] + found["updates"] == len(lines) < found["hits"] + 1
    times = [json.loads(line)["time"] for line in lines]
    assert times == sorted(times)
