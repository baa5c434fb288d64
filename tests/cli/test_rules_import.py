"""`monitor rules import`: what it prints is a rules file that `monitor check` takes."""

from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import cli
from monitor.config.rules_text import rules_text
from monitor.config.yaml import parse


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration without rules."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "monitor.yaml").write_text("network: {}\n")
    (tmp_path / "sources.yaml").write_text("sources:\n  - {id: one, url: 'https://one.example/feed'}\n")
    (tmp_path / "rules").mkdir()
    return tmp_path


def test_the_query_of_the_manual_becomes_a_rule(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["rules", "import", "--query", "troops NEAR/5 (border OR frontier) -collie"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out == (
        "# From Talkwalker: troops NEAR/5 (border OR frontier) -collie\n"
        "# Note: NEAR/5 lets 5 words stand between; within counts up to the other word: 6\n"
        "rules:\n"
        "  - id: troops-border\n"
        '    name: "troops NEAR/5 (border OR frontier) -collie"\n'
        "    match:\n"
        "      near: {within: 6, of: [troops, [border, frontier]]}\n"
        "      not: [collie]\n"
    )


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("troops NEAR/5 (border OR frontier) -collie", 0),
        ('"missile deal" (Iran OR IRGC) site:reuters.com', 1),
        ("title:(troops OR soldiers) AND lang:(en OR ru) AND NOT sourcecountry:us", 0),
        ("Title contains special forces\nAuthor is Smith", 1),
        (r"EntryTitle=(?i)\btroops\b" "\nblock:\nEntryContent=(?i)football", 0),
        ("войска NEAR/3 границ* -собака", 0),
        ("военные OR #учения OR 'ok'", 0),
        ("-collie", 0),
        ("yes OR no OR null OR 12 OR true", 0),
        (" OR ".join(f"word{n}" for n in range(200)), 0),
        ("(((((((((((((a1 OR b1) c1) OR d1) e1) OR f1) g1) OR h1) i1) OR j1) k1) OR l1) m1) OR n1)", 0),
    ],
)
def test_what_is_written_passes_the_check(
    query: str, code: int, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.execute(["rules", "import", "--query", query, "--output", "rules/new.yaml"]) == code
    assert cli.execute(["check"]) == 0, capsys.readouterr().err
    assert "1 rule" in capsys.readouterr().out


def test_options_name_the_rule_and_examples_are_tried(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--id", "borders", "--name", "Troops: border", "--watch", "Borders", "--dialect", "google"]
    examples = ["--example", "Troops at the border", "--example", "Nothing here"]
    assert cli.execute(["rules", "import", "--query", "troops border", *options, *examples]) == 1
    printed = capsys.readouterr()
    data = parse(printed.out, file="x").data
    assert data["watch"] == "Borders"
    [rule] = data["rules"]
    assert (rule["id"], rule["name"]) == ("borders", "Troops: border")
    assert rule["examples"] == {"match": ["Troops at the border", "Nothing here"]}
    assert "does not match its example 'Nothing here'" in printed.err
    assert "- troops [not found]" in printed.err


def test_what_is_left_out_stands_in_a_comment(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["rules", "import", "--query", "troops inurl:sport"]) == 1
    said = "# LEFT OUT: inurl:sport: rules say nothing of addresses; name the feeds"
    assert said in capsys.readouterr().out


def test_a_site_becomes_the_sources_of_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["rules", "import", "--query", "troops -site:one.example"]) == 0
    printed = capsys.readouterr().out
    assert "# Note: site:one.example became those of your sources that are feeds of it" in printed
    assert parse(printed, file="x").data["rules"][0]["match"] == {"any": ["troops"], "not": [{"source": {"id": "one"}}]}
    assert cli.execute(["rules", "import", "--query", "troops site:two.example"]) == 1
    assert "# LEFT OUT: site:two.example: none of your sources is a feed of it" in capsys.readouterr().out


def test_without_a_configuration_a_site_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MONITOR_CONFIG", raising=False)
    assert cli.execute(["rules", "import", "--query", "troops site:one.example"]) == 1
    assert "# LEFT OUT: site:one.example" in capsys.readouterr().out


def test_a_query_can_come_from_standard_input(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("EntryTitle=(?i)troops\nblock:\nEntryTitle=(?i)sport\n"))
    assert cli.execute(["rules", "import", "--query", "-"]) == 0
    assert parse(capsys.readouterr().out, file="x").data["rules"][0]["match"] == {
        "title": ["/troops/"],
        "not": [{"title": ["/sport/"]}],
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--query", "troops (border"], "the query, character 8: this ( is never closed"),
        (["--query", "site:x.example"], "nothing of it can be said as a rule"),
        (["--query", ""], "the query is empty"),
        (["--query", "troops", "--dialect", "bing"], "there is no dialect 'bing'; choose one of: auto, google"),
        (["--query", "troops", "--id", "No Good"], "the id 'No Good' is not of small letters"),
        (["--query", "troops", "--output", "monitor.yaml"], "monitor.yaml is there already"),
        (["--query", "troops", "--output", "nowhere/x.yaml"], "nowhere/x.yaml cannot be written"),
    ],
)
def test_a_mistake_is_one_message(
    arguments: list[str], message: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.execute(["rules", "import", *arguments]) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.out == ""


def test_the_place_of_a_mistake_is_shown(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["rules", "import", "--query", "x" * 60 + " (border"]) == 2
    _, shown, mark = capsys.readouterr().err.rstrip("\n").split("\n")
    assert shown[mark.index("^")] == "("


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_data = st.recursive(
    _texts | st.integers(0, 9) | st.booleans(),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4)
        | st.dictionaries(st.sampled_from(["any", "all", "not", "match", "of"]), inner, min_size=1, max_size=3)
    ),
    max_leaves=30,
)


def same(data: object) -> object:
    """A list in a list may be written as `any`: the rule is the same."""
    if isinstance(data, list):
        return [same(one["any"] if isinstance(one, dict) and [*one] == ["any"] else one) for one in data]
    return {key: same(value) for key, value in data.items()} if isinstance(data, dict) else data


@settings(deadline=None)
@given(match=_data, name=_texts, comment=_texts)
def test_what_is_written_is_read_as_it_was(match: object, name: str, comment: str) -> None:
    rule = {"id": "rule", "name": name, "match": match}
    located = parse(rules_text([rule], watch="w: x", comments=[comment]), file="x")
    assert [str(problem) for problem in located.problems] == []
    assert same(located.data) == same({"watch": "w: x", "rules": [rule]})


def test_examples_of_a_query_in_one_language_say_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Війська стягують до кордону"
    query = 'title:"військо" AND кордон AND lang:uk'
    assert cli.execute(["rules", "import", "--dialect", "talkwalker", "--query", query, "--example", text]) == 0
    (rule,) = parse(capsys.readouterr().out, file="rule").data["rules"]
    assert rule["examples"]["match"] == [{"title": text, "text": text, "language": "uk"}]
    assert (
        cli.execute(["rules", "import", "--query", "кордон lang:uk", "--dialect", "talkwalker", "--example", text]) == 0
    )
    (rule,) = parse(capsys.readouterr().out, file="rule").data["rules"]
    assert rule["examples"]["match"] == [{"text": text, "language": "uk"}]


LIVE = """\
rules:
  - {id: troops-border, match: [troops]}
  - {id: off, enabled: false, match: [storm]}
trends:
  - {id: wave, count: {rule: troops-border, more_than: 3, within: 6h}}
"""


def test_an_id_that_is_made_is_free(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "rules" / "live.yaml").write_text(LIVE)
    new = home / "rules" / "a.yaml"  # it is read before the other
    assert cli.execute(["rules", "import", "--query", "troops border", "--output", str(new)]) == 0
    assert "- id: troops-border-2\n" in new.read_text()
    assert cli.execute(["rules", "import", "--query", "troops border"]) == 0
    assert "- id: troops-border-3\n" in capsys.readouterr().out
    assert cli.execute(["check"]) == 0


@pytest.mark.parametrize(("wanted", "line"), [("troops-border", 2), ("off", 3), ("wave", 5)])
def test_an_id_that_is_wanted_and_taken_ends_with_2_and_says_where(
    wanted: str, line: int, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "rules" / "live.yaml").write_text(LIVE)
    new = home / "rules" / "new.yaml"
    assert cli.execute(["rules", "import", "--query", "storm", "--id", wanted, "--output", str(new)]) == 2
    assert f"the id '{wanted}' is there already, in rules/live.yaml:{line}" in capsys.readouterr().err
    assert not new.exists()


@pytest.mark.parametrize(
    ("query", "made"),
    [
        ("войска NEAR/3 границ*", "voyska-granits"),
        ("Збройні сили України", "zbroyni-sili-ukrayini"),
        ("беларускае войска", "belaruskae-voyska"),
        ("съезд ОБЪЁМ", "sezd-obem"),
        ("軍隊", "imported"),
    ],
)
def test_words_in_cyrillic_make_an_id_in_latin_letters(
    query: str, made: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.execute(["rules", "import", "--query", query]) == 0
    assert f"- id: {made}\n" in capsys.readouterr().out
