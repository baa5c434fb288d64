"""A changed rule is put into its file, and nothing else of it changes; where that is not sure, nothing is written."""

from pathlib import Path

import pytest

from monitor.config import load
from monitor.config.rule_edit import mark_of, save_rules
from monitor.errors import ConfigError, UsageError

RULES = """\
# our own rules
watch: border
terms:
  crossings: [bridge, ferr*]
rules:
  # what moves
  - id: border-move
    name: Movement at the border
    match: {all: [$crossings, river]}   # both

  # what is trained
  -   id: drills
      match: drills
  - {id: last, match: last}
"""
CHANGED = """\
watch: border
rules:
  - id: drills
    severity: high   # since May
    match:
      any: [drills, exercise]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "conf"
    (found / "rules").mkdir(parents=True)
    (found / "monitor.yaml").write_text("database: m.db\n")
    (found / "sources.yaml").write_text("sources: []\n")
    (found / "rules" / "own.yaml").write_text(RULES)
    return found


def mark(folder: Path, rule: str) -> str:
    return mark_of(load(folder).rules.documents, rule)


def test_a_rule_is_exchanged_and_all_around_it_stays(folder: Path) -> None:
    path = save_rules(folder, CHANGED, rule="drills", mark=mark(folder, "drills"))
    text = path.read_text()
    assert text == RULES.replace(
        "  -   id: drills\n      match: drills\n",
        "  - id: drills\n    severity: high   # since May\n    match:\n      any: [drills, exercise]\n",
    )
    assert load(folder).problems == ()
    assert [one.name for one in (folder / "rules").iterdir()] == ["own.yaml"], "nothing is left lying about"


def test_line_ends_permissions_and_the_first_sign_stay(folder: Path) -> None:
    path = folder / "rules" / "own.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + RULES.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    save_rules(folder, CHANGED, rule="drills", mark=mark(folder, "drills"))
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf# our own rules\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert path.stat().st_mode & 0o777 == 0o640


def test_one_rule_may_become_several_and_new_ones_get_a_file(folder: Path) -> None:
    more = CHANGED + "  - {id: more, match: more}\n"
    save_rules(folder, more, rule="drills", mark=mark(folder, "drills"))
    assert [rule.id for rule in load(folder).rules.rules] == ["border-move", "drills", "more", "last"]
    path = save_rules(folder, "watch: sea\nrules:\n  - {id: port-s, match: port}\n")
    assert path == folder / "rules" / "port-s.yaml"
    assert path.read_text() == "watch: sea\nrules:\n  - {id: port-s, match: port}\n"


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        (CHANGED.replace("border", "sea"), "drills", "the watch of"),
        (CHANGED + "terms: {x: [y]}\n", "drills", "'terms'"),
        (CHANGED.replace("id: drills", "id: last"), "drills", "'last' already"),
        (CHANGED, "", "'drills' already"),
        ("watch: border\n", "drills", "no rules"),
        ("rules:\n  - {match: x}\n", "", "no rules"),
        ("rules:\n  - {id: own, match: x}\n", "", "is there already"),
    ],
)
def test_what_cannot_be_sure_is_refused(folder: Path, text: str, rule: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        save_rules(folder, text, rule=rule, mark=mark(folder, rule))
    assert (folder / "rules" / "own.yaml").read_text() == RULES


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CHANGED.replace("high", "hihg"), "hihg"),
        (CHANGED.replace("[drills", "[$nowhere"), "nowhere"),
        (CHANGED + '    examples: {match: ["nothing of it"]}\n', "does not match its example"),
        ("rules: [", "rule.yaml"),
    ],
)
def test_a_rule_that_is_wrong_is_never_written(folder: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        save_rules(folder, text, rule="drills", mark=mark(folder, "drills"))
    assert (folder / "rules" / "own.yaml").read_text() == RULES


def test_a_rule_that_somebody_else_changed_is_not_overwritten(folder: Path) -> None:
    opened, other = mark(folder, "drills"), mark(folder, "last")
    path = folder / "rules" / "own.yaml"
    path.write_text(RULES.replace("match: drills", "match: drills   # hands off"))
    for known in (opened, "", "0" * 32):
        with pytest.raises(UsageError, match="since it was opened"):
            save_rules(folder, CHANGED, rule="drills", mark=known)
    assert mark(folder, "last") == other, "another rule of the file is no reason to refuse"


def test_a_file_that_says_no_longer_what_is_loaded_has_no_mark(folder: Path) -> None:
    documents = load(folder).rules.documents
    path = folder / "rules" / "own.yaml"
    path.write_text(RULES.replace("match: drills", "match: trills"))
    assert mark_of(documents, "drills") == ""
    path.write_text(RULES.replace("id: drills", "id: trills"))
    assert mark_of(documents, "drills") == ""


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    (folder / "rules" / "own.yaml").rename(outside)
    (folder / "rules" / "own.yaml").symlink_to(outside)
    with pytest.raises(UsageError, match="leads out of"):
        save_rules(folder, CHANGED, rule="drills", mark=mark(folder, "drills"))
    (folder / "rules" / "fresh.yaml").symlink_to(tmp_path / "nowhere.yaml")
    with pytest.raises(UsageError):
        save_rules(folder, "rules:\n  - {id: fresh, match: x}\n")
    assert outside.read_text() == RULES
    assert not (tmp_path / "nowhere.yaml").exists()


def test_a_layout_that_cannot_be_edited_is_left_alone(folder: Path) -> None:
    flow = "watch: border\nrules: [{id: drills, match: drills}, {id: last, match: last}]\n"
    path = folder / "rules" / "own.yaml"
    path.write_text(flow)
    with pytest.raises(UsageError, match="laid out"):
        save_rules(folder, CHANGED, rule="drills", mark=mark(folder, "drills"))
    assert path.read_text() == flow
