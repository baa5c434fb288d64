"""The commands that look at what was found, over the database that a real demonstration leaves."""

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from monitor.cli import COMMANDS, execute, filters

DOCS = Path(__file__).parents[2] / "docs" / "commands.md"
Run = Callable[..., tuple[int, str, str]]


def article_id(run: Run, title: str) -> str:
    found = json.loads(run("articles", "--json", "--limit", "100")[1])
    return next(one["id"] for one in found if title in one["title"])


def test_the_demonstration_tells_three_events_once(demonstration: tuple[Path, str]) -> None:
    folder, said = demonstration
    with sqlite3.connect(folder / "monitor.db") as db:
        sent = db.execute(
            "select a.title from deliveries d join alerts a on a.id = d.alert_id where d.state = 'sent'"
        ).fetchall()
    titles = sorted(title for (title,) in sent)
    assert len(titles) == 3
    assert any("Minsk moves special forces" in title for title in titles)
    assert any("Москва поможет Минску" in title for title in titles)
    assert any("Obrona powietrzna" in title for title in titles)
    assert "collie" not in said
    assert "🇧🇾" in said  # the damage is repaired
    assert "1 seen in two feeds" in said


def test_the_demonstration_leaves_foreign_folders_alone(tmp_path: Path, run: Run) -> None:
    (tmp_path / "mine").write_text("x")
    code, _, err = run("demo", str(tmp_path))
    assert code == 2
    assert "not from a demonstration" in err
    assert (tmp_path / "mine").exists()


def test_hits_are_chosen_by_rule_source_time_and_text(run: Run) -> None:
    everything = json.loads(run("hits", "--json")[1])
    assert {one["rule"] for one in everything} >= {"border-deployment", "missile-deal", "exercise"}
    assert {one["source"] for one in json.loads(run("hits", "--json", "--source", "severny")[1])} == {"severny"}
    assert {one["rule"] for one in json.loads(run("hits", "--json", "--rule", "missile-deal")[1])} == {"missile-deal"}
    assert json.loads(run("hits", "--json", "--until", "1h")[1]) == []
    assert len(json.loads(run("hits", "--json", "--text", "Искандер")[1])) == 1
    assert {one["severity"] for one in json.loads(run("hits", "--json", "--severity", "high")[1])} == {"high"}


def test_hits_as_a_table_show_the_matched_words(run: Run) -> None:
    code, out, _ = run("hits", "--rule", "border-deployment")
    assert code == 0
    assert "special forces" in out


def test_csv_is_read_back(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("articles", "--csv", "--source", "kestrel")[1])))
    assert {row["source"] for row in rows} == {"kestrel"}
    assert len(rows) == 6


def test_hits_as_csv_have_a_time_and_words_that_a_spreadsheet_reads(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("hits", "--csv")[1])))
    told = json.loads(run("hits", "--json")[1])
    assert [row["hit"] for row in rows] == [str(one["hit"]) for one in told]
    for row, one in zip(rows, told, strict=True):
        assert datetime.fromisoformat(row["at"]).timestamp() == int(one["at"])
        assert row["at"].endswith("Z")
        words = row["words"].split("; ")
        assert words == list(dict.fromkeys(one["words"]))
    assert any("; " in row["words"] for row in rows)


@pytest.mark.parametrize("command", ["hits", "articles"])
def test_following_shows_what_is_there_and_then_waits(run: Run, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    rounds = iter([None, None])

    def stop_after_two() -> None:
        if next(rounds, "over") == "over":
            raise KeyboardInterrupt

    monkeypatch.setattr(filters, "pause", stop_after_two)
    code, out, _ = run(command, "--follow")
    assert code == 130
    assert "Москва поможет Минску" in out
    assert out.count("Москва поможет Минску") == 1


@pytest.mark.parametrize(
    "words",
    [("hits", "--since", "yesterday"), ("hits", "--severity", "urgent"), ("show", "nothing"), ("explain", "nothing")],
)
def test_a_mistake_is_one_message_and_exit_2(run: Run, words: tuple[str, ...]) -> None:
    code, _, err = run(*words)
    assert code == 2
    assert err.startswith("monitor: ")
    assert "Traceback" not in err


def test_show_gives_the_text_and_where_it_was_seen(run: Run) -> None:
    code, out, _ = run("show", article_id(run, "Minsk moves special forces"))
    assert code == 0
    assert "Air-defence, artillery and missile units" in out
    assert "seen in kestrel" in out
    assert "seen in przeglad" in out
    assert "hit border-deployment (high)" in out


def test_explain_says_why_a_rule_hit_and_what_became_of_it(run: Run) -> None:
    code, out, _ = run("explain", article_id(run, "Minsk moves special forces"))
    assert code == 0
    assert "hit" in out
    assert "border-deployment" in out
    assert "special forces" in out
    assert "channel terminal: send" in out
    assert "delivery to terminal: sent" in out


def test_explain_says_at_which_gate_an_article_stopped(run: Run) -> None:
    _, out, _ = run("explain", article_id(run, "Tank brigade back"), "--all")
    assert "stored as history" in out
    collie = run("explain", article_id(run, "Border collie"), "--all")[1]
    assert "matched: no rule" in collie
    assert "border-deployment" in collie


def test_explain_begins_with_what_hit(run: Run) -> None:
    out = run("explain", article_id(run, "Minsk moves special forces"), "--all")[1]
    verdicts = [line.split(" ")[0].rstrip(":") for line in out.splitlines() if line.startswith(("hit", "near", "miss"))]
    assert verdicts[0] == "hit"
    assert verdicts == sorted(verdicts, key=("hit", "near", "miss").index)
    assert len(set(verdicts)) > 1


def test_explain_takes_an_address_with_tracking(run: Run) -> None:
    code, out, _ = run("explain", "https://kestrel.example/news/rail-bridge?utm_source=mail")
    assert code == 0
    assert "rail bridge" in out


@pytest.mark.parametrize("command", ["explain", "show"])
def test_the_number_of_a_hit_stands_for_its_article(run: Run, command: str) -> None:
    one = json.loads(run("hits", "--json", "--rule", "missile-deal")[1])[0]
    code, out, _ = run(command, str(one["hit"]))
    assert code == 0
    assert one["article"] in out
    assert one["title"] in out
    for number in ("4711", "9" * 30):
        assert run(command, number)[0::2] == (
            2,
            f"monitor: there is no hit {number}; `monitor hits` shows their numbers\n",
        )


def test_a_hit_is_marked_by_the_address_of_its_article(run: Run) -> None:
    one = json.loads(run("hits", "--json", "--rule", "missile-deal")[1])[0]
    code, out, _ = run("hits", "mark", f"{one['url']}?utm_source=mail", "--rule", "missile-deal", "--right")
    assert code == 0
    assert out.startswith(f"missile-deal on {one['article']} marked right: ")
    assert run("hits", "mark", one["url"], "--rule", "missile-deal", "--clear")[0] == 0
    assert "there is no article" in run("hits", "mark", "https://kestrel.example/none", "--right")[2]


def test_rules_are_listed_with_their_hits(run: Run) -> None:
    rows = {row["id"]: row for row in json.loads(run("rules", "--json")[1])}
    assert rows["border-deployment"]["24 h"] >= 1
    assert run("rules")[1].count("\n") >= len(rows)


def test_status_says_that_nothing_runs_and_what_was_sent(run: Run) -> None:
    facts = json.loads(run("status", "--json")[1])
    assert facts["channels"]["terminal"]["sent"] == 3
    assert facts["channels"]["terminal"]["waiting"] == 0
    assert sum(facts["sources"].values()) == 3
    assert "terminal: 3 sent" in run("status")[1]


def test_without_a_database_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "monitor.yaml").write_text("{}\n")
    (tmp_path / "sources.yaml").write_text("sources: []\n")
    assert execute(["--config", str(tmp_path), "hits"]) == 2
    assert "monitor once" in capsys.readouterr().err


def test_every_command_has_its_heading_and_the_other_way_round() -> None:
    headings = {line.removeprefix("## ").strip() for line in DOCS.read_text().splitlines() if line.startswith("## ")}
    assert headings - {"Exit codes"} == set(COMMANDS)
