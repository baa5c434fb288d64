"""EDGE: puts a changed rule into its file as a person would: all around it stays as it is. A new rule gets a file.

The file is edited as text. Before it is written, the new text is read again and has to hold exactly the old data with
the rule exchanged, and all rules of the folder are compiled with it; else nothing is written.
"""

import re
import threading
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

from monitor.config.edit import replace_file
from monitor.config.load import RULES, load, shown
from monitor.config.yaml import Located, load_located, parse
from monitor.errors import ConfigError, Problem, UsageError
from monitor.match.rulebook import RuleBook, RuleDocument

_one_at_a_time = threading.Lock()
_BY_HAND = "save it as a file, and put it there by hand"


def save_rules(folder: Path, text: str, *, rule: str = "", mark: str = "") -> Path:
    """Write the rules of a text into the configuration; return the file. UsageError, ConfigError: nothing was written.

    `rule` is the id of the one that was opened to be changed and `mark` its `mark_of` then: where its file says
    something else by now, nothing is written. All other rules of the text have to be new ones.
    """
    with _one_at_a_time:
        documents = load(folder).rules.documents
        wanted = _document_of(text)
        had = {id: document for document in documents for id in _ids(document.data)}
        ids = _ids(wanted.data)
        if taken := next((id for id in ids if id in had and id != rule), ""):
            raise UsageError(f"there is a rule {taken!r} already; open that one to change it")
        path = inside(folder, Path(had[rule].file) if rule in had and rule in ids else _new_file(folder, ids))
        raw = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
        if raw and mark != mark_of(documents, rule):
            raise UsageError(f"rule {rule!r} was changed in {shown(path)} since it was opened here; open it anew")
        edited = _exchanged(raw.replace("\r\n", "\n"), wanted, text, rule, shown(path)) if raw else text
        _must_hold(documents, edited, shown(path), ids)
        sign = "\ufeff" if raw and path.read_bytes().startswith(b"\xef\xbb\xbf") else ""
        path.parent.mkdir(exist_ok=True)
        replace_file(path, sign + (edited.replace("\n", "\r\n") if "\r\n" in raw else edited))
        return path


def mark_of(documents: Sequence[RuleDocument], rule: str) -> str:
    """Return a mark of a rule's lines in its file; "" where the file no longer says what is loaded."""
    for document in documents:
        if not rule or rule not in _ids(document.data):
            continue
        located = load_located(Path(document.file), file=document.file)
        if rule not in _ids(located.data):
            return ""
        place = _ids(located.data).index(rule)
        if located.data["rules"][place] != document.data["rules"][_ids(document.data).index(rule)]:  # type: ignore[index]
            return ""
        lines = Path(document.file).read_text("utf-8-sig").split("\n")
        first, end = lines_of(lines, located, place)
        return sha256("\n".join(lines[first:end]).encode()).hexdigest()[:32]
    return ""


def inside(folder: Path, path: Path) -> Path:
    """Return a path; UsageError where it leads, by a link, out of the folder of the configuration."""
    if not path.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"{shown(path)} is a link that leads out of {shown(folder)}; {_BY_HAND}")
    return path


def lines_of(lines: Sequence[str], located: Located, place: int) -> tuple[int, int]:
    """Return where an item of `rules` stands: its first line, and the one behind its last, counted from 0."""
    first = located.where(("rules", place))[0] - 1
    dash = _width(lines[first])
    end = first + 1
    while end < len(lines) and (not lines[end].strip() or _width(lines[end]) > dash):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return first, end


def _width(line: str) -> int:
    return len(line) - len(line.lstrip())


def _ids(data: Any) -> list[str]:
    """Return the ids of the rules of a file, in order; "" for what is no rule."""
    listed = data.get("rules") if isinstance(data, Mapping) else None
    found = listed if isinstance(listed, list) else []
    return [str(rule.get("id") or "") if isinstance(rule, Mapping) else "" for rule in found]


def _document_of(text: str) -> Located:
    located = parse(text, file="rule.yaml")
    if wrong := [one for one in located.problems if not one.warning]:
        raise ConfigError(wrong)
    if not any(_ids(located.data)):
        raise UsageError("there are no rules in this text")
    return located


def _new_file(folder: Path, ids: Sequence[str]) -> Path:
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", ids[0]).strip("-")[:60] or "rule"
    path = folder / RULES / f"{name}.yaml"
    if path.exists() or path.is_symlink():
        raise UsageError(f"{shown(path)} is there already, without this rule; {_BY_HAND}")
    return path


def _exchanged(raw: str, wanted: Located, text: str, rule: str, file: str) -> str:
    """Return the text of a file with one rule exchanged for all that stand in `wanted`."""
    found = parse(raw, file=file)
    place = _ids(found.data).index(rule)
    watch = str(found.data.get("watch") or "")
    if str(wanted.data.get("watch") or "") != watch:
        raise UsageError(f"the watch of {file} is {watch!r}; for another one {_BY_HAND}")
    if strange := sorted(set(map(str, wanted.data)) - {"watch", "rules"}):
        raise UsageError(f"only rules can be put into {file}, and this text has {strange[0]!r}, too; {_BY_HAND}")
    expected = [*found.data["rules"][:place], *wanted.data["rules"], *found.data["rules"][place + 1 :]]
    edited = _with_lines(raw, found, place, text, wanted)
    if parse(edited, file=file).data != {**found.data, "rules": expected}:
        raise UsageError(f"{file} is laid out in a way that cannot be edited safely; {_BY_HAND}")
    return edited


def _with_lines(raw: str, found: Located, place: int, text: str, wanted: Located) -> str:
    lines, fresh = raw.split("\n"), text.split("\n")
    first, end = lines_of(lines, found, place)
    begin, _ = lines_of(fresh, wanted, 0)
    _, stop = lines_of(fresh, wanted, len(wanted.data["rules"]) - 1)
    block = indent(dedent("\n".join(fresh[begin:stop])), " " * _width(lines[first])).split("\n")
    return "\n".join([*lines[:first], *block, *lines[end:]])


def _must_hold(documents: Sequence[RuleDocument], edited: str, file: str, ids: Sequence[str]) -> None:
    """ConfigError where the rules cannot all be compiled with a changed file, or a changed one fails its examples."""
    located = parse(edited, file=file)
    fresh = RuleDocument(file, located.data, located.where, located.where_key)
    known = RuleBook.compile(documents)[1]
    others = [document for document in documents if document.file != file]
    book, problems = RuleBook.compile([*others, fresh])
    wrong: list[Problem] = [one for one in problems if not one.warning and one not in known]
    wrong += [one for one in book.check_examples() if one.rule_id in ids]
    if wrong or located.problems:
        raise ConfigError([*located.problems, *wrong])
