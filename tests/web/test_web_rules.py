"""The rules and the bench: what is shown of a rule, and what a changed one gains and loses."""

import re
from pathlib import Path

import pytest

from monitor.config.yaml import parse
from monitor.match.rulebook import RuleDocument
from monitor.model import Role
from monitor.store.marks import Verdict
from monitor.web import one_trial
from monitor.web.ruletext import text_of
from monitor.web.views import bench
from tests.web import worlds
from tests.web.conftest import NOW, Opened, Page

pytestmark = pytest.mark.slow  # each starts a real server over a database of its own

RULES = """\
watch: border
terms:
  crossings: [bridge, ferr*]
rules:
  # what moves
  - id: border-move
    name: Movement at the border
    severity: high
    match: {all: [$crossings, river]}   # both
    examples:
      match: ["A bridge over the river"]
      ignore: ["A river and its bridge"]

  - {id: drills, match: drills}
"""
CHANGED = """\
watch: border
rules:
  - id: border-move
    name: Movement at the border
    severity: high
    match: {any: [sejm, {all: [$crossings, late]}]}
"""


@pytest.fixture
def page(opened: Opened) -> Page:
    found = opened(rules=RULES)
    worlds.fill(found.store, NOW, stories=14, sources=8)
    return found


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_every_rule_is_listed_with_its_figures(page: Page) -> None:
    page.store.marks.set("a000000000000", "border-move", Verdict.RIGHT, NOW)
    page.store.marks.set("a000000000001", "border-move", Verdict.WRONG, NOW)
    text = page.get("/rules").text
    assert "2 rules" in text
    assert re.search(r"own.yaml:6</code>", text)
    said = plain(text)
    assert "0.50 of 2" in said
    assert "1 failed example" in said
    assert text.count("<svg") == 2, "a sparkline each"
    assert "drills" not in page.get("/rules?q=movement").text.replace("drills on", "")
    assert "No rule is like this" in page.get("/rules?q=nothing+like+it").text


def test_a_rule_that_is_not_live_any_more_is_listed(opened: Opened) -> None:
    page = opened()
    worlds.fill(page.store, NOW, stories=3, sources=2)
    assert "not live" in page.get("/rules").text
    text = page.get("/rules/border-move").text
    assert "Movement at the border" in text
    assert "<mark>" in text
    assert page.get("/rules/nothing").status_code == 404


def test_a_rule_shows_its_text_examples_and_evidence(page: Page) -> None:
    text = page.get("/rules/border-move").text
    assert "# both" in text, "as it stands in the file"
    assert "2 examples, 1 fails" in text
    assert text.index("A river and its bridge") < text.index("✕") + 3000
    assert "<mark>Engineer</mark>" in text
    assert "/stories?rule=border-move" in text
    fine = page.get("/rules/drills").text
    assert "No hits" in fine


def test_the_text_of_a_rule_is_a_file_that_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(RULES)
    located = parse(RULES, file=str(path))
    document = RuleDocument(str(path), located.data, located.where)
    for rule in located.data["rules"]:
        text = text_of([document], rule["id"])
        said = parse(text, file="x")
        assert said.problems == ()
        assert said.data == {"watch": "border", "rules": [rule]}
    assert "# both" in text_of([document], "border-move")
    assert text_of([document], "nothing") == ""
    path.write_text(RULES.replace("river", "lake"))
    assert "river" in text_of([document], "border-move"), "what is loaded, not what stands there since"
    path.unlink()
    assert "river" in text_of([document], "border-move")


# --- the bench -------------------------------------------------------------------------------------------------------


def test_a_changed_rule_gains_and_loses(page: Page) -> None:
    answer = page.post("/bench", {"rule": "border-move", "text": CHANGED, "days": "7"})
    assert answer.status_code == 200
    said = plain(answer.text)
    assert "Tried on 14 articles" in said
    assert "Before 2 After 4 Gained +4 Lost −2" in said
    assert "Gained: 4 of 4" in said
    assert "<mark>Sejm</mark>" in answer.text
    assert "Why it is lost" in said
    assert "sejm" in answer.text, "what was typed is still there"
    assert len(page.config.rules.rules) == 2


def test_a_trial_counts_whole_days_of_utc_whatever_the_zone(opened: Opened) -> None:
    page = opened("timezone: America/New_York\n", rules=RULES)
    worlds.fill(page.store, NOW, stories=3, sources=2)
    said = plain(page.post("/bench", {"rule": "border-move", "text": CHANGED, "days": "7"}).text)
    assert "Hits by day (UTC)" in said
    assert not re.search(r"\d{4} to \w{3} \d", said), "no row is of two days"


def test_a_wrong_rule_says_line_and_column(page: Page) -> None:
    for text, words in (
        (CHANGED.replace("severity: high", "severity: hihg"), "line 5, column 15"),
        ("rules:\n  - id: x\n   match: [", "line 3"),
        (CHANGED.replace("$crossings", "$nowhere"), "line 6"),
    ):
        answer = page.post("/bench", {"text": text})
        assert answer.status_code == 400
        assert words in answer.text


def test_what_is_no_change_is_said(page: Page) -> None:
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page.get("/bench?rule=border-move").text, re.DOTALL)
    assert text
    same = text[1].replace("&#34;", '"').replace("&quot;", '"')
    assert "Nothing differs" in page.post("/bench", {"text": same}).text
    assert page.post("/bench", {"text": "watch: x\n"}).status_code == 400
    assert page.post("/bench", {"text": "  "}).status_code == 400
    assert page.post("/bench", {"text": "a" * (bench.LONGEST + 1)}).status_code == 400


def test_a_new_rule_gains_all_that_it_finds(page: Page) -> None:
    said = plain(page.post("/bench", {"text": "rules:\n  - {id: fresh, match: ports}\n", "days": "nonsense"}).text)
    assert "fresh new Before 0 After 2 Gained +2 Lost 0" in said


def test_one_trial_at_a_time(page: Page) -> None:
    with one_trial.BUSY:
        assert page.post("/bench", {"text": CHANGED}).status_code == 503
    assert page.post("/bench", {"text": CHANGED}).status_code == 200


def test_a_trial_that_takes_too_long_says_how_far_it_came(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    worlds.fill(page.store, NOW, stories=0, sources=8)
    monkeypatch.setattr(bench, "SECONDS", -1.0)
    monkeypatch.setattr(bench, "STEP", 5)
    said = plain(page.post("/bench", {"text": CHANGED}).text)
    assert "Tried on 5 articles" in said
    assert "Broken off there: 14 would have been looked at" in said


def test_the_text_is_saved_as_a_file_of_the_reader(page: Page) -> None:
    answer = page.post("/bench/save", {"rule": '../x"\r\ny', "text": CHANGED.replace("\n", "\r\n")})
    assert answer.headers["content-disposition"] == 'attachment; filename="x-y.yaml"'
    assert answer.headers["content-type"].startswith("application/yaml")
    assert answer.text == CHANGED


def test_a_rule_is_written_where_that_is_allowed_and_by_an_admin_only(opened: Opened) -> None:
    closed = opened(rules=RULES)
    assert "Write to the configuration" not in closed.get("/bench?rule=drills").text
    assert closed.post("/bench/write", {"rule": "drills", "text": CHANGED}).status_code == 403
    page = opened("web: {allow_edit: true}\n", rules=RULES)
    page.account("ann", Role.TRIAGER)
    page.account("root", Role.ADMIN)
    text = "watch: border\nrules:\n  - {id: drills, match: [drills, exercise]}\n"
    ann, root = page.as_("ann"), page.as_("root")
    assert "Write to the configuration" not in ann.get("/bench?rule=drills").text
    opened_form = root.get("/bench?rule=drills").text
    assert "Write to the configuration" in opened_form
    mark = re.search(r'name="mark" value="([0-9a-f]+)"', opened_form)
    assert mark
    form = {"rule": "drills", "mark": mark[1], "text": text}
    assert ann.post("/bench/write", form).status_code == 403
    file = page.config.folder / "rules" / "own.yaml"
    assert file.read_text() == RULES
    assert f'name="mark" value="{mark[1]}"' in root.post("/bench", form).text, "trying keeps it"
    wrong = root.post("/bench/write", {**form, "text": text.replace("match", "mtach")})
    assert (wrong.status_code, "mtach" in wrong.text, file.read_text()) == (400, True, RULES)
    done = root.post("/bench/write", form)
    assert (done.status_code, done.headers["location"]) == (303, "/rules")
    assert "match: [drills, exercise]" in file.read_text()
    assert "exercise" in root.get("/rules/drills").text, "the page knows it at once"
    again = root.post("/bench/write", form)
    assert (again.status_code, "since it was opened here" in again.text) == (400, True)
