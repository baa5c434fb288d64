"""`monitor rules backtest`, over a database that the pipeline filled and over files; its tallies against the oracle."""

import gzip
import json
import lzma
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rules_world import DAY, RULES, made, take, world

from monitor import backtest
from monitor.backtest import Plan, plain
from monitor.backtest import run as run_plan
from monitor.cli import execute
from monitor.cli.rules.backtest_report import chart
from monitor.config import load
from monitor.errors import StoreError
from monitor.match.backtest import Change, RuleTally, Tally, differing, exchanged, ids_of
from monitor.match.rulebook import RuleBook, RuleDocument
from monitor.model import Judged, Novelty, Source
from monitor.store import Range, Store
from monitor.store.scan import RANGE

Run = Callable[..., tuple[int, str, str]]
TEXTS = [
    "Troops at the border",
    "Soldiers leave the frontier",
    "A border collie and troops",
    "An exercise begins\nThe ministry said. Tanks will come to the frontier, where soldiers wait. It rained.",
    "A quiet day",
    "Bike exercises for all",
    "Tanks at the border",
]
CHANGED = """\
terms:
  forces: [troops, soldiers, tanks]
rules:
  - id: border
    match: {all: [$forces, [border, frontier]], not: [collie]}
  - id: drought
    match: [rained]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return world(tmp_path / "watch", TEXTS)


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: object) -> tuple[int, str, str]:
        code = execute(["--config", str(folder), "rules", "backtest", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    path = tmp_path / "changed.yaml"
    path.write_text(CHANGED)
    return path


def data(run: Run, *words: object) -> dict[str, Any]:
    code, out, err = run(*words, "--json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    found["rules"] = {one["rule"]: one for one in found["rules"]}
    return found


def figures(found: dict[str, Any]) -> dict[str, tuple[int, int, int, int]]:
    return {id: (one["before"], one["after"], one["gained"], one["lost"]) for id, one in found["rules"].items()}


# --- changed rules against the live ones -----------------------------------------------------------------------------


def test_changed_rules_gain_and_lose(run: Run, changed: Path) -> None:
    found = data(run, changed)
    assert found["against"] == "the live rules"
    assert (found["articles"], found["gained"], found["lost"]) == (7, 2, 1)
    assert figures(found) == {"border": (4, 4, 1, 1), "drought": (0, 1, 1, 0)}
    assert [one["new"] for one in found["rules"].values()] == [False, True]
    (lost,) = found["rules"]["border"]["samples"]["lost"]
    assert (lost["title"], lost["words"]) == ("A border collie and troops", ["troops", "border"])
    (gained,) = found["rules"]["drought"]["samples"]["gained"]
    assert gained["sentences"] == ["It rained."]


def test_it_prints_figures_a_chart_and_samples_with_their_words(run: Run, changed: Path) -> None:
    code, out, err = run(changed)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[1].split() == ["border", "4", "4", "1", "1"]
    assert lines[2].split() == ["drought", "(new)", "0", "1", "1", "0"]
    assert "A *border* collie and *troops*" in out
    assert "      It *rained*." in lines
    assert any(line.startswith("  before ") and line.endswith(" 4") for line in lines)
    assert "7 articles from" in out
    assert "2 gained, 1 lost" in out


def test_it_explains_what_is_lost(run: Run, changed: Path, tmp_path: Path) -> None:
    out = run(changed, "--why")[1]
    assert "      miss (1 part missing): border" in out or "      near (1 part missing): border" in out
    assert "- without collie" in out
    (lost,) = data(run, changed, "--why")["rules"]["border"]["samples"]["lost"]
    assert "- without collie" in lost["why"]
    (tmp_path / "off.yaml").write_text("rules: [{id: exercise, match: [exercise*], enabled: false}]")
    assert "the rule is gone, or disabled" in run(tmp_path / "off.yaml", "--why")[1]


def test_rules_of_a_file_that_say_the_same_are_not_tried(run: Run, tmp_path: Path) -> None:
    (tmp_path / "same.yaml").write_text(RULES + "  - {id: more, match: [collie]}\n")
    found = data(run, tmp_path / "same.yaml")
    assert found["unchanged"] == ["border", "exercise"]
    assert figures(found) == {"more": (0, 1, 1, 0)}
    (tmp_path / "same.yaml").write_text(RULES)
    code, out, _ = run(tmp_path / "same.yaml")
    assert code == 0
    assert "no rule differs from what it is compared with" in out


def test_a_term_set_of_the_file_changes_the_live_rules_that_use_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sets.yaml").write_text("terms: {forces: [collie]}")
    assert figures(data(run, tmp_path / "sets.yaml")) == {"border": (4, 1, 0, 3)}


def test_two_wordings_are_compared_without_what_is_live(run: Run, folder: Path, changed: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.yaml"
    old.write_text(CHANGED + "  - {id: dry, match: [ministry]}\n")
    changed.write_text(CHANGED.replace("not: [collie]", "not: [quiet]"))
    found = data(run, changed, "--against", old)
    assert found["against"] == f"the rules of {old}"
    assert figures(found) == {"border": (4, 5, 1, 0), "dry": (1, 0, 0, 1)}
    assert run(changed, "--against", old, "--fail-on-lost")[0] == 1
    live = folder / "rules" / "border.yaml"
    assert figures(data(run, live, "--against", old))["border"] == (4, 4, 1, 1)
    assert run("border", "--against", old)[0] == 2
    old.write_text("rules: [{id: border, match: [$nowhere]}]")
    assert "old.yaml:1:" in run(changed, "--against", old)[2]


def test_a_rule_that_is_switched_off_loses_everything(run: Run, tmp_path: Path) -> None:
    (tmp_path / "off.yaml").write_text("rules: [{id: exercise, match: [exercise*], enabled: false}]")
    assert figures(data(run, tmp_path / "off.yaml")) == {"exercise": (2, 0, 0, 2)}


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((), 0, ""),
        (("--max-lost", "1"), 0, ""),
        (("--max-lost", "0"), 1, "1 lost, and 0 allowed"),
        (("--fail-on-lost",), 1, "1 lost"),
        (("--max-gained", "1"), 1, "2 gained, and 1 allowed"),
        (("--max-gained", "2", "--max-lost", "1"), 0, ""),
    ],
)
def test_the_exit_code_says_whether_it_is_within_limits(
    run: Run, changed: Path, options: tuple[str, ...], code: int, said: str
) -> None:
    found, _, err = run(changed, *options)
    assert found == code
    assert said in err


def test_time_and_number_bound_the_articles(run: Run, changed: Path) -> None:
    assert data(run, changed, "--since", "25.5h")["articles"] == 2
    assert data(run, changed, "--until", "26h")["articles"] == 5
    assert data(run, changed, "--limit", "3")["articles"] == 3
    assert data(run, changed, "--since", "1h")["articles"] == 0
    assert figures(data(run, changed, "--limit", "1"))["border"] == (0, 1, 1, 0)


# --- live rules against what was recorded ----------------------------------------------------------------------------


def test_a_live_rule_is_compared_with_the_recorded_hits(run: Run, folder: Path) -> None:
    found = data(run, "border")
    assert found["against"] == "the recorded hits"
    assert figures(found) == {"border": (4, 4, 0, 0)}
    (folder / "rules" / "border.yaml").write_text(CHANGED)
    for words in (("border", "drought"), (), (folder / "rules" / "border.yaml",)):
        assert figures(data(run, *words)) == {"border": (4, 4, 1, 1), "drought": (0, 1, 1, 0)}
    assert figures(data(run, "drought")) == {"drought": (0, 1, 1, 0)}


def test_an_article_that_was_edited_since_is_said_so(run: Run, folder: Path) -> None:
    with Store.open(folder / "monitor.db") as store:
        old = store.articles.get("a000000000000")
        assert old is not None
        new = made(0, "All is calm", "kestrel", old.seen_at, version=2, content_hash="other")
        store.articles.add([Judged(new, Novelty.EDITED, "other text")])
    (lost,) = data(run, "border")["rules"]["border"]["samples"]["lost"]
    assert (lost["edited"], lost["sentences"]) == (True, [])
    assert "edited since" in run("border")[1]


# --- files of articles -----------------------------------------------------------------------------------------------

ITEMS = [
    {"id": "n1", "date": "2022-05-10T08:00:00Z", "title": "Tanks at the border", "lang": "en", "source": "kestrel"},
    {"id": "n2", "date": "2022-05-12", "title": "A border collie", "text": "Troops follow it.", "source": "Unknown"},
    {"title": "Soldiers at the frontier"},
]


def packed(path: Path, text: str) -> Path:
    opener = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
    with opener(path, "wt", encoding="utf-8") as file:
        file.write(text)
    return path


@pytest.mark.parametrize("name", ["items.jsonl", "items.jsonl.gz", "items.jsonl.xz", "anything"])
def test_items_of_a_file_are_tried(run: Run, changed: Path, tmp_path: Path, name: str) -> None:
    file = packed(tmp_path / name, "\n".join(map(json.dumps, ITEMS)))
    found = data(run, changed, "--file", file)
    assert found["articles"] == 3
    assert figures(found)["border"] == (2, 2, 1, 1)
    assert [day["day"] for day in found["rules"]["border"]["days"]] == [None, "2022-05-10", "2022-05-12"]
    assert data(run, changed, "--file", file, "--since", "2022-05-11")["articles"] == 1


def test_without_a_database_a_live_rule_shows_what_it_hits(run: Run, folder: Path, tmp_path: Path) -> None:
    (folder / "monitor.db").unlink()
    file = packed(tmp_path / "items.jsonl", "\n".join(map(json.dumps, ITEMS)))
    found = data(run, "border", "--file", file)
    assert found["against"].startswith("nothing")
    assert figures(found) == {"border": (0, 2, 2, 0)}


def test_sources_of_items_are_those_of_the_configuration(run: Run, tmp_path: Path) -> None:
    (tmp_path / "polish.yaml").write_text("rules: [{id: polish, match: {any: [border], source: {country: PL}}}]")
    file = packed(tmp_path / "items.jsonl", "\n".join(map(json.dumps, ITEMS)))
    (gained,) = data(run, tmp_path / "polish.yaml", "--file", file)["rules"]["polish"]["samples"]["gained"]
    assert gained["article"] == "n1"


def test_lines_that_are_no_items_are_left_out_and_named(run: Run, changed: Path, tmp_path: Path) -> None:
    lines = [json.dumps(ITEMS[0]), "{broken", "", "[]", json.dumps({"title": 5}), "7"]
    code, out, err = run(changed, "--file", packed(tmp_path / "items.jsonl", "\n".join(lines)))
    assert code == 0
    assert "1 article " in out
    assert err.count("left out: ") == 4
    assert "items.jsonl:2:" in err


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("2022-05-10", "2022-05-10"),
        ("2022-05-10T23:30:00-02:00", "2022-05-11"),
        ("Tue, 10 May 2022 08:00:00 GMT", "2022-05-10"),
        (1652169600, "2022-05-10"),
        ("2004", None),
        ("yesterday", None),
        (None, None),
        (1e300, "?"),
    ],
)
def test_dates_of_items_are_read_or_left_out(run: Run, tmp_path: Path, date: object, day: str | None) -> None:
    (tmp_path / "a.yaml").write_text("rules: [{id: a, match: [tank]}]")
    file = packed(tmp_path / "items.jsonl", json.dumps({"title": "A tank", "date": date}))
    found = data(run, tmp_path / "a.yaml", "--file", file)
    assert [one["day"] for one in found["rules"]["a"]["days"]] == [day]
    assert run(tmp_path / "a.yaml", "--file", file)[0] == 0


def feed(*titles: str) -> str:
    date = format_datetime(datetime(2022, 5, 10, 8, tzinfo=UTC))
    items = "".join(
        f"<item><title>{title}</title><link>https://kestrel.example/{title.replace(' ', '-')}</link>"
        f"<pubDate>{date}</pubDate></item>"
        for title in titles
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>K</title>{items}</channel></rss>"


def test_a_folder_of_feed_snapshots_counts_each_article_once(run: Run, changed: Path, tmp_path: Path) -> None:
    archive = tmp_path / "snapshots"
    (archive / "1").mkdir(parents=True)
    packed(archive / "1" / "kestrel.xml.gz", feed("Tanks at the border", "A quiet day"))
    packed(archive / "kestrel.xml", feed("Troops and a collie at the border", "Tanks at the border"))
    (archive / "page.html").write_text("<html><body>Not a feed</body></html>")
    code, out, err = run(changed, "--file", archive, "--json")
    assert code == 0
    found = json.loads(out)
    assert found["articles"] == 3
    assert (found["gained"], found["lost"], found["unread"]) == (1, 1, 1)
    assert "page.html" in found["unread_first"][0]
    assert err == ""


def test_rules_are_tried_without_any_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], changed: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("monitor.cli.console.chosen.config", None)
    file = packed(tmp_path / "items.jsonl", "\n".join(map(json.dumps, ITEMS)))
    assert execute(["rules", "backtest", str(changed), "--file", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["gained"] == 2


# --- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing",), "no live rule is called 'nothing'"),
        (("borde",), "border"),
        (("none.yaml",), "there is no file none.yaml"),
        (("border", "none.yaml"), "files or ids of rules, not both"),
        (("border", "--since", "perhaps"), "'perhaps' is no time"),
        (("border", "--since", "1h", "--until", "2h"), "--since is later than --until"),
        (("border", "--file", "none.jsonl"), "there is no file none.jsonl"),
        (("border", "--file", "x.jsonl", "--limit", "2"), "--limit chooses among stored articles"),
    ],
)
def test_a_mistake_is_one_message_and_exit_2(run: Run, words: tuple[str, ...], said: str) -> None:
    code, _, err = run(*words)
    assert code == 2
    assert said in err
    assert "Traceback" not in err


BROKEN = [
    "[]",
    "5",
    "rules: {a: b}",
    "rules: [5, {id: [x]}, {match: [a]}]",
    "terms: [a]",
    "rules: [{id: a, match: [$x]}]",
]


@pytest.mark.parametrize("text", BROKEN)
def test_files_that_are_no_rules_files_are_told(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.yaml").write_text(text)
    code, _, err = run(tmp_path / "bad.yaml")
    assert code == 2
    assert "bad.yaml" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("text", BROKEN)
def test_live_files_that_are_wrong_do_not_matter(run: Run, folder: Path, changed: Path, text: str) -> None:
    (folder / "rules" / "zz.yaml").write_text(text)
    assert figures(data(run, changed)) == {"border": (4, 4, 1, 1), "drought": (0, 1, 1, 0)}


def test_rules_that_are_wrong_are_told_with_their_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("rules:\n  - id: border\n    match: [$nowhere]\n")
    code, _, err = run(tmp_path / "bad.yaml")
    assert code == 2
    assert "bad.yaml:3:" in err


def test_a_packed_file_that_is_cut_off_is_told(run: Run, changed: Path, tmp_path: Path) -> None:
    whole = packed(tmp_path / "items.jsonl.gz", "\n".join(json.dumps(one) for one in ITEMS * 500))
    whole.write_bytes(whole.read_bytes()[:-40])
    code, _, err = run(changed, "--file", whole)
    assert code == 2
    assert "items.jsonl.gz cannot be read" in err


# --- several processes, and while the monitor writes ------------------------------------------------------------------


def test_several_processes_find_the_same(run: Run, changed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.store.scan.RANGE", 2)
    one, two = data(run, changed, "--jobs", "1"), data(run, changed, "--jobs", "2")
    assert two["jobs"] == 2
    for found in (one, two):
        del found["seconds"], found["jobs"]
    assert one == two


@pytest.mark.slow
def test_the_program_itself_uses_processes(folder: Path, changed: Path, tmp_path: Path) -> None:
    file = packed(tmp_path / "items.jsonl", "\n".join(json.dumps({**ITEMS[0], "id": f"n{n}"}) for n in range(1200)))
    command = [sys.executable, "-m", "monitor", "--config", folder, "rules", "backtest", changed, "--file", file]
    done = subprocess.run(
        [*map(str, command), "--jobs", "2"],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "1,200 articles" in done.stdout
    assert "after  # 1,200" in done.stdout


def test_what_a_process_cannot_open_is_told_in_its_own_words(folder: Path) -> None:
    plan = Plan(before=(), after=(), rules=("border",), database=folder / "none.db")
    for jobs in (1, 2):
        with pytest.raises(StoreError, match="there is no database"):
            run_plan(plan, [Range(1, 5)], jobs=jobs, progress=lambda _: None)


def test_the_monitor_goes_on_writing_meanwhile(folder: Path) -> None:
    config = load(folder)
    with Store.open(folder / "monitor.db", read_only=True) as reader:
        pieces, count = reader.scan.plan()
    assert count == len(TEXTS)
    plan = Plan(before=(), after=plain(config.rules.documents), rules=("border",), database=folder / "monitor.db")
    worker = backtest.Worker(plan)
    try:
        take(folder, ["Soldiers at the border"], first=time.time(), start=100)
        assert worker.do(pieces[0]).tally.rules["border"].after == 4
    finally:
        worker.close()


# --- against the oracle ----------------------------------------------------------------------------------------------

words = st.sampled_from("troops soldiers border frontier tank tanks exercise войска граница collie".split())
texts = st.lists(words, min_size=1, max_size=6).map(" ".join)
conditions = st.recursive(
    words,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda found: {"any": found}),
        st.lists(inner, min_size=2, max_size=3).map(lambda found: {"all": found}),
        st.tuples(inner, inner).map(lambda found: {"all": [found[0], {"not": found[1]}]}),
    ),
    max_leaves=4,
)
books = st.dictionaries(st.sampled_from(["one", "two", "three"]), conditions, max_size=3)


def document(name: str, rules: dict[str, Any]) -> RuleDocument:
    listed = [{"id": id, "match": match} for id, match in rules.items()]
    return RuleDocument(name, {"rules": listed}, lambda _: (1, 1))


def oracle(live: RuleBook, after: RuleBook, rules: tuple[str, ...], store: Store, source: Source) -> Tally:
    """Try every rule of both on every article."""
    tally = Tally()
    for article in reversed(store.articles.search(limit=1000)):
        hits = [
            [hit for hit in book.match_all(article, source, now=article.seen_at) if hit.rule_id in rules]
            for book in (live, after)
        ]
        tally.note(article, *hits)
    return tally


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(published=st.lists(texts, min_size=1, max_size=12), live=books, changed=books, size=st.integers(1, 5))
def test_a_backtest_finds_what_trying_every_rule_on_every_article_finds(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    published: list[str],
    live: dict[str, Any],
    changed: dict[str, Any],
    size: int,
) -> None:
    monkeypatch.setattr("monitor.store.scan.RANGE", size)
    source = Source(id="kestrel", url="")
    documents = [document("live", live)]
    whole = exchanged(documents, [document("changed", changed)])
    before, after = RuleBook.compile(documents)[0], RuleBook.compile(whole)[0]
    rules = differing(before, after)
    assert set(rules) == {id for id, match in changed.items() if live.get(id) != match}
    database = tmp_path_factory.mktemp("db") / "monitor.db"
    with Store.open(database) as store:
        store.sources.sync([source], 0.0)
        made_ = [made(n, text, "kestrel", 1e9 + n * DAY / 4) for n, text in enumerate(published)]
        store.articles.add([Judged(one, Novelty.NEW, "") for one in made_])
        pieces, count = store.scan.plan()
        assert count == len(published)
        expected = oracle(before, after, rules, store, source)
    plan = Plan(
        before=plain(documents), after=plain(whole), rules=rules, database=database, sources={"kestrel": source}
    )
    found = run_plan(plan, pieces, jobs=1, progress=lambda _: None).tally
    assert {id: (rule.days, rule.samples) for id, rule in found.rules.items()} == {
        id: (rule.days, rule.samples) for id, rule in expected.rules.items()
    }
    assert found == expected


def test_ids_of_files_that_are_wrong_are_left_out() -> None:
    for data in (None, [], {"rules": None}, {"rules": [None, 5, {"match": 1}, {"id": "a"}]}):
        assert ids_of(RuleDocument("x", data, lambda _: (1, 1))) in ([], ["a"])


# --- the chart -------------------------------------------------------------------------------------------------------


def tallied(days: dict[int, int]) -> RuleTally:
    return RuleTally(days={day: {Change.KEPT: number} for day, number in days.items()})


def test_the_chart_has_a_bar_a_day_on_one_scale() -> None:
    rule = tallied({19000: 1, 19001: 8, 19003: 100})
    rule.days[19001][Change.GAINED] = 42
    before, after, legend = chart(rule, plain=False, before=True)
    assert before == "before ▁▁ █ 109"
    assert after == "after  ▁▄ █ 151"
    assert legend == "       2022-01-08 to 2022-01-11, at most 100 a day"
    assert chart(rule, plain=True, before=False)[0] == "after  .= # 151"


def test_long_times_share_bars_and_undated_articles_are_left_out() -> None:
    rows = chart(tallied({0: 5, 19000: 1, 19364: 2}), plain=True, before=False)
    assert len(rows[0].split("after  ")[1].rpartition(" ")[0]) <= 60
    assert "at most 2 in 7 days" in rows[1]
    assert chart(tallied({0: 5}), plain=True, before=True) == []


def test_ranges_are_small_enough_to_be_handed_around() -> None:
    assert RANGE <= 5000
