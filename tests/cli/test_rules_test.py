"""`monitor rules test`: one text, or a rule's own examples, explained."""

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.cli import execute
from monitor.model import Article, Judged, Novelty, Source
from monitor.store import Store

Run = Callable[..., tuple[int, str, str]]

SETS = "terms:\n  forces: {en: [troop, soldier], ru: [войска]}\n"
BORDER = """\
rules:
  - id: border
    name: Forces at a border
    match:
      near: {within: sentence, of: [$forces, {any: [border, границ*]}]}
      not: ["border collie"]
    examples:
      match: [Troops at the border, {text: Войска у границы, language: ru}]
      ignore: [The border collie barked at the troops]
  - {id: official, match: {any: [statement], source: {tag: official}}, enabled: false}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "rules").mkdir()
    (tmp_path / "monitor.yaml").write_text("")
    (tmp_path / "sources.yaml").write_text(
        "sources:\n  - {id: kestrel, url: 'https://kestrel.example/', tags: [official], country: PL}\n"
    )
    (tmp_path / "rules" / "sets.yaml").write_text(SETS)
    (tmp_path / "rules" / "border.yaml").write_text(BORDER)
    return tmp_path


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str) -> tuple[int, str, str]:
        code = execute(["rules", "test", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_a_text_that_matches_ends_with_0_and_shows_what_was_found(run: Run) -> None:
    code, out, err = run("border", "Soldiers crossed the border")
    assert (code, err) == (0, "")
    assert out.startswith("hit: border - Forces at a border\n  + all of:\n    + within one sentence: [found 'Soldiers'")
    assert "    + without border collie" in out


def test_a_text_that_does_not_match_ends_with_1_and_says_what_is_missing(run: Run) -> None:
    code, out, _ = run("border", "Soldiers left home")
    assert code == 1
    assert out.startswith("near (1 part missing): border")
    assert "- any of border, границ* [not found]" in out
    assert "excluded by 'border collie'" in run("border", "Soldiers with a border collie at the border")[1]


def test_language_title_and_source_say_about_a_text_what_an_example_may(run: Run) -> None:
    assert run("border", "Troops at the border", "--language", "de")[0] == 1  # an English set is not tried there
    assert run("border", "at the border", "--title", "Troops")[0] == 1
    assert run("border", "quiet", "--title", "Troops at the border")[0] == 0
    assert run("official", "A statement")[0] == 1
    assert run("official", "A statement", "--source", "kestrel")[0] == 0
    assert run("official", "A statement", "--source", "tag=official", "--source", "country=BY")[0] == 0
    assert "country PL" not in run("official", "A statement", "--source", "tag=other")[1]


def test_standard_input_has_its_headline_in_the_first_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("A report\n\nTroops are seen at the border.\n"))
    code, out, _ = run("border", "-")
    assert code == 0
    assert "'Troops' (summary, sentence 1)" in out


def test_without_a_text_the_examples_are_tried(run: Run, home: Path) -> None:
    code, out, _ = run("border")
    assert code == 0
    assert "border - Forces at a border (rules/border.yaml:2)" in out
    assert "  ok      match   Войска у границы [ru]" in out
    assert "3 examples: all hold" in out
    (home / "rules" / "border.yaml").write_text(
        BORDER.replace("[troop, soldier]", "[x]").replace("barked", "and troops")
    )
    (home / "rules" / "sets.yaml").write_text(SETS.replace("troop, soldier", "tank"))
    code, out, _ = run("border")
    assert code == 1
    assert "  FAILS   match   Troops at the border\nnear (1 part missing): border" in out
    assert "3 examples, 1 fails" in out
    code, out, _ = run("official")
    assert (code, "it has no examples" in out) == (0, True)


def test_a_file_that_is_not_in_the_configuration_is_read_with_its_term_sets(run: Run, home: Path) -> None:
    draft = home / "draft.yaml"
    draft.write_text(
        "rules:\n  - {id: border, match: [$forces], examples: {match: [Soldiers]}}\n  - {id: two, match: [harbour]}\n"
    )
    assert run("draft.yaml")[0] == 0
    code, out, _ = run("draft.yaml", "Troops in the harbour")
    assert code == 0
    assert (out.count("hit: "), "hit: two" in out) == (2, True)
    code, out, _ = run("draft.yaml", "Troops at home")
    assert (code, "miss (1 part missing): two - two" in out) == (0, True)
    assert run("draft.yaml", "Nobody")[0] == 1
    draft.write_text("rules:\n  - {id: border, match: [$force]}\n")
    code, _, err = run("draft.yaml", "Troops")
    assert (code, "draft.yaml:2:26: there is no term set $force; did you mean $forces?" in err) == (2, True)


def test_a_file_of_the_configuration_is_read_as_it_is_now(run: Run, home: Path) -> None:
    (home / "rules" / "border.yaml").write_text(BORDER.replace("границ*", "frontier"))
    assert run("rules/border.yaml", "Troops at the frontier")[0] == 0


def test_json_holds_the_tree_and_the_words(run: Run) -> None:
    code, out, _ = run("border", "Soldiers crossed the border", "--json")
    [one] = json.loads(out)
    assert (code, one["matched"], one["verdict"]) == (0, True, "hit")
    assert {word["words"] for word in one["found"]} == {"Soldiers", "border"}
    assert one["tree"]["parts"][0]["condition"] == "within one sentence:"
    code, out, _ = run("border", "--json")
    assert [(one["example"], one["passed"]) for one in json.loads(out)] == [
        ("match", True),
        ("match", True),
        ("ignore", True),
    ]
    excluded = json.loads(run("border", "Troops and a border collie at the border", "--json")[1])[0]
    assert {one["words"] for one in excluded["against"]} == {"border collie"}


def stored(home: Path) -> Article:
    article = Article(
        id="aaaaaaaaaaaa2",
        source_id="kestrel",
        identity="1",
        url="https://kestrel.example/1",
        link="https://kestrel.example/1?utm_source=x",
        title="Troops at the border",
        summary="",
        body="",
        language="en",
        content_hash="1",
    )
    with Store.open(home / "monitor.db") as store, store.transaction():
        store.sources.sync([Source(id="kestrel", url="https://kestrel.example/")], 0.0)
        store.articles.add([Judged(article, Novelty.NEW, "")])
    return article


def test_a_stored_article_is_named_by_its_id_or_address(run: Run, home: Path) -> None:
    article = stored(home)
    assert run("border", article.id)[0] == 0
    assert run("border", article.url)[0] == 0
    assert run("border", "https://kestrel.example/1?utm_source=mail")[0] == 0
    code, _, err = run("border", article.id, "--language", "en")
    assert (code, "--language is for a text" in err) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("bordr", "x"), "there is no rule 'bordr'; did you mean 'border'?"),
        (("none.yaml", "x"), "there is no file none.yaml"),
        (("rules/sets.yaml", "x"), "rules/sets.yaml holds no rules"),
        (("border", "https://kestrel.example/2"), "nothing is fetched here"),
        (("border", "aaaaaaaaaaaa3"), "there is no article 'aaaaaaaaaaaa3'"),
        (("border", "x", "--source", "kestral"), "there is no source 'kestral'; did you mean 'kestrel'?"),
        (("border", "x", "--source", "contry=BY"), "did you mean 'country'?"),
        (("border", "x", "--language", "english"), "did you mean 'en'?"),
        (("border", "--language", "en"), "there is no text to try"),
    ],
)
def test_a_mistake_is_one_message_and_exit_2(run: Run, home: Path, words: tuple[str, ...], said: str) -> None:
    stored(home)
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_a_word_that_looks_like_an_id_is_a_word(run: Run) -> None:
    assert run("border", "accommodating")[0] == 1


@pytest.mark.parametrize("word", ["akpn4zlbbmzn", "akpn4zlbbmznxy", "aaaaaaaaaaaaa"])
def test_what_looks_like_an_id_and_is_none_is_said_to_be_read_as_a_text(run: Run, word: str) -> None:
    code, _, err = run("border", word)
    assert (code, err) == (1, f"read as a text; there is no article '{word}'\n")
    assert run("border", "artillery")[2] == ""


def test_a_broken_rule_is_told_with_its_line(run: Run, home: Path) -> None:
    (home / "rules" / "bad.yaml").write_text("rules:\n  - {id: bad, match: {near: [a, b]}}\n")
    code, _, err = run("bad", "x")
    assert (code, "rules/bad.yaml:2:" in err) == (2, True)


def test_in_a_terminal_the_words_are_marked_and_nothing_steers_it(home: Path) -> None:
    environ = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200"}
    environ.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "monitor", "rules", "test", "border"]
    outer, inner = pty.openpty()
    try:
        done = subprocess.run([*command, "Soldiers at the border"], stdout=inner, stderr=inner, env=environ, timeout=60)
        said = os.read(outer, 65536).decode()
        assert done.returncode == 0
        assert "\x1b[1;30;42mSoldiers\x1b[0m" in said
        assert "└── " in said
        subprocess.run(
            [*command, "Soldiers \x1b[31m at the border"], stdout=inner, stderr=inner, env=environ, timeout=60
        )
        assert "\x1b[31m at the border" not in os.read(outer, 65536).decode()
    finally:
        os.close(outer)
        os.close(inner)


def test_a_text_that_is_headline_and_text_at_once_shows_each_find_once(run: Run) -> None:
    out = run("border", "Soldiers crossed the border")[1]
    assert "found 'Soldiers' (title), 'border' (title)]" in out
    assert "summary" not in out
    assert "summary, sentence 1" in run("border", "Soldiers crossed the border", "--title", "Today")[1]
