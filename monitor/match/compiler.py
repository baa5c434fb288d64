"""Makes rules of rules files, noting every problem with its place; a wrong rule never stops another."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from monitor.errors import Problem
from monitor.match.conditions import CONDITIONS, Condition
from monitor.match.conditions.any import Any as AnyOf
from monitor.match.conditions.source import KEYS as SOURCE_KEYS
from monitor.match.labels import KEY as LABELS
from monitor.match.labels import check_labels
from monitor.match.languages import wrong_language
from monitor.match.reading import Complain, Items, Path, Reader, misspelt, suggestion
from monitor.match.rule import Example, Rule, hash_of
from monitor.match.terms import Terms
from monitor.match.trends import TRENDS, Kind, Trend
from monitor.match.trends.reading import TrendReader
from monitor.model import Severity

FILE_KEYS = ("watch", "terms", "labels", "rules", "trends")
RULE_KEYS = ("id", "name", "description", "severity", "tags", "enabled", "match", "examples")
TREND_KEYS = ("id", "name", "description", "severity", "tags", "enabled", *TRENDS)
EXAMPLE_KEYS = ("title", "text", "language", "source")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class RuleDocument:
    """One rules file as plain data; `where` gives line and column of a path in it, or of its nearest known ancestor."""

    file: str
    data: object
    where: Callable[[Path], tuple[int, int]]
    where_key: Callable[[Path], tuple[int, int]] | None = None  # of the last key of a path; else `where` is asked


def compile_rules(documents: Sequence[RuleDocument]) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    """Return the rules that are right, and all problems of all files."""
    rules, _, problems = compile_all(documents)
    return rules, problems


def compile_all(
    documents: Sequence[RuleDocument],
) -> tuple[tuple[Rule, ...], tuple[Trend, ...], tuple[Problem, ...]]:
    """Return the rules and the trends that are right, and all problems of all files."""
    compiler = _Compiler()
    usable = [document for document in documents if compiler.is_usable(document)]
    for document in usable:
        compiler.name_sets(document)
    for name in compiler.sets:
        compiler.set_of(name)
    for document in usable:
        compiler.read_rules(document)
    rule_ids = frozenset(compiler.ids)
    for document in usable:
        compiler.read_trends(document, rule_ids)
        check_labels(_part(document, LABELS), rule_ids, compiler.complainer(document))
    return tuple(compiler.rules), tuple(compiler.trends), tuple(dict.fromkeys(compiler.problems))


@dataclass(slots=True)
class _Set:
    """A term set while it is read."""

    document: RuleDocument
    data: Any
    state: str = "unread"  # then "reading", at last "read"
    condition: Condition | None = None
    used: set[str] = field(default_factory=set)  # other sets in it


@dataclass(slots=True)
class _Compiler:
    problems: list[Problem] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    trends: list[Trend] = field(default_factory=list)
    sets: dict[str, _Set] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)  # id of a rule or trend -> file and line of the first one
    broken: set[str] = field(default_factory=set)  # ids of rules that are left out, and names of their watches
    terms: Terms = field(default_factory=Terms)
    reading: list[str] = field(default_factory=list)  # names of the sets that are being read

    def complainer(self, document: RuleDocument, rule_id: str = "") -> Complain:
        """Return what notes problems of one file, or of one rule in it."""

        def complain(place: Path, message: str, hint: str = "", *, follows: bool = False, key: bool = False) -> None:
            line, column = ((key and document.where_key) or document.where)(place)
            problem = Problem(document.file, line, column, message, hint, rule_id=rule_id, follows=follows)
            self.problems.append(problem)

        return complain

    def is_usable(self, document: RuleDocument) -> bool:
        """Check a file's outline; tell whether rules and terms can be read from it."""
        complain = self.complainer(document)
        if document.data is None:
            return False
        if not isinstance(document.data, Mapping):
            complain((), "a rules file is not a list but has the key rules", "begin it with rules:")
            return False
        for key in document.data:
            if key not in FILE_KEYS:
                complain((key,), f"{str(key)!r} is not known here", suggestion(key, FILE_KEYS), key=True)
        watch = document.data.get("watch")
        if watch is not None and not isinstance(watch, str):
            complain(("watch",), "the name of a watch is a text", "put it in quotes")
        return True

    # --- term sets

    def name_sets(self, document: RuleDocument) -> None:
        """Note the names of a file's term sets."""
        complain = self.complainer(document)
        listed = _part(document, "terms")
        if listed is not None and not isinstance(listed, Mapping):
            complain(("terms",), "terms is not a list but names its sets", "write terms: {forces: [troops, soldiers]}")
            return
        for name, data in (listed or {}).items():
            place: Path = ("terms", name)
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                complain(place, f"{str(name)!r} is no name of a term set", "use letters, digits, - and _, without $")
            elif name in self.sets:
                line, _ = self.sets[name].document.where(place)
                other = f"{self.sets[name].document.file}:{line}"
                complain(place, f"the term set ${name} is there twice, the other one in {other}", "rename one of them")
            else:
                self.sets[name] = _Set(document, data)

    def set_of(self, name: str) -> Condition | None:
        """Return the condition of a term set, read when it is first asked for; None where it is broken."""
        found = self.sets[name]
        if found.state == "reading":
            circle = " -> ".join(f"${one}" for one in [*self.reading[self.reading.index(name) :], name])
            hint = "take one of them out"
            self.complainer(found.document)(("terms", name), f"term sets contain one another: {circle}", hint)
            return None
        if found.state == "unread":
            found.state = "reading"
            self.reading.append(name)
            found.condition = self._read_set(name, found)
            self.reading.pop()
            found.state = "read"
        return found.condition

    def _read_set(self, name: str, found: _Set) -> Condition | None:
        complain, place = self.complainer(found.document), ("terms", name)
        reader = self._reader(complain, found.used, for_rule=False)
        if not isinstance(found.data, list | Mapping) or not found.data:
            hint = "write a list of terms, or lists under languages: {en: [troops], ru: [войска]}"
            complain(place, f"the term set ${name} holds no terms", hint)
            return None
        if isinstance(found.data, list):
            items = reader.items(found.data, place)
            return AnyOf.of(items.terms, items.parts, name) if items else None
        return self._read_languages(name, found.data, reader)

    def _read_languages(self, name: str, data: Mapping[Any, Any], reader: Reader) -> Condition | None:
        read: list[Items | None] = []
        for language, listed in data.items():
            place: Path = ("terms", name, language)
            if hint := wrong_language(language):
                reader.complain(place, f"{str(language)!r} is no language", hint, key=True)
                read.append(None)
            read.append(reader.items(listed, place, str(language)))
        whole = [items for items in read if items]
        if len(whole) < len(read):
            return None
        return AnyOf.of([t for items in whole for t in items.terms], [p for items in whole for p in items.parts], name)

    def _reader(self, complain: Complain, used: set[str], *, for_rule: bool = True) -> Reader:
        return Reader(CONDITIONS, self.terms, self.set_of, self.sets.keys(), complain, used, for_rule)

    # --- rules

    def read_rules(self, document: RuleDocument) -> None:
        """Read a file's rules."""
        listed = _part(document, "rules")
        if listed is not None and not isinstance(listed, list):
            self.complainer(document)(("rules",), "rules is not a list", "begin each rule with - id:")
            return
        for number, data in enumerate(listed or ()):
            self._read_rule(document, ("rules", number), data)

    def _read_rule(self, document: RuleDocument, place: Path, data: Any) -> None:
        line, _ = document.where(place)
        if not isinstance(data, Mapping):
            self.complainer(document, f"{document.file}:{line}")(place, "a rule is not a mapping", "begin it with id:")
            return
        rule_id = data.get("id")
        complain = self.complainer(document, str(rule_id) if rule_id else f"{document.file}:{line}")
        before = len(self.problems)
        used: set[str] = set()
        self._check_head(data, place, complain, f"{document.file}:{line}")
        lost = "match" not in data and "match" in misspelt(data, RULE_KEYS)  # then the key itself is told
        reader = self._reader(complain, used)
        condition = None if lost else reader.condition(data.get("match"), (*place, "match"))
        examples = _examples(data.get("examples"), (*place, "examples"), complain)
        if len(self.problems) > before:
            self.broken |= {str(rule_id), str(_part(document, "watch") or "")}
        elif condition and data.get("enabled", True):
            self.rules.append(self._rule(document, line, data, condition, examples, used))

    def _rule(
        self,
        document: RuleDocument,
        line: int,
        data: Mapping[str, Any],
        condition: Condition,
        examples: tuple[Example, ...],
        used: set[str],
    ) -> Rule:
        severity = Severity(data.get("severity") or Severity.MEDIUM)
        tags = data.get("tags") or ()
        sets = {name: self.sets[name].data for name in sorted(self._all_used(used))}
        return Rule(
            id=str(data["id"]),
            name=str(data.get("name") or data["id"]),
            watch=str(_part(document, "watch") or ""),
            severity=severity,
            condition=condition,
            file=document.file,
            line=line,
            hash=hash_of([data["match"], severity, sets]),
            description=str(data.get("description") or ""),
            tags=(tags,) if isinstance(tags, str) else tuple(map(str, tags)),
            examples=examples,
        )

    def _all_used(self, names: set[str]) -> set[str]:
        found = set(names)
        for name in names:
            found |= self._all_used(self.sets[name].used)
        return found

    # --- trends

    def read_trends(self, document: RuleDocument, rule_ids: frozenset[str]) -> None:
        """Read a file's trends, after the rules of all files."""
        listed = _part(document, "trends")
        if listed is not None and not isinstance(listed, list):
            self.complainer(document)(("trends",), "trends is not a list", "begin each trend with - id:")
            return
        rules = {rule.id: rule for rule in self.rules} if listed else {}
        for number, data in enumerate(listed or ()):
            self._read_trend(document, ("trends", number), data, rules, rule_ids)

    def _read_trend(
        self, document: RuleDocument, place: Path, data: Any, rules: Mapping[str, Rule], rule_ids: frozenset[str]
    ) -> None:
        line, _ = document.where(place)
        here = f"{document.file}:{line}"
        if not isinstance(data, Mapping):
            self.complainer(document, here)(place, "a trend is not a mapping", "begin it with id:")
            return
        complain = self.complainer(document, str(data.get("id") or here))
        before = len(self.problems)
        self._check_head(data, place, complain, here, TREND_KEYS, "trend")
        kinds = [key for key in data if key in TRENDS]
        if len(kinds) != 1:
            if not kinds and not misspelt(data, TREND_KEYS).isdisjoint(TRENDS):
                return
            wrong = f"{' and '.join(kinds)} stand side by side" if kinds else "it does not say what it looks for"
            hint = f"write {'only one' if kinds else 'one'} of: {', '.join(TRENDS)}"
            complain((*place, kinds[1]) if kinds else place, wrong, hint)
            return
        used: set[str] = set()
        reader = TrendReader(
            reader=self._reader(complain, used),
            rules=rules,
            ids=rule_ids,
            trends=self.ids.keys() - rule_ids,
            sets=self.set_of,
            used=used,
            enabled=data.get("enabled", True) is not False,
            broken=self.broken,
        )
        kind = TRENDS[kinds[0]].read(data[kinds[0]], (*place, kinds[0]), reader)
        if kind and len(self.problems) == before and reader.enabled:
            self.trends.append(self._trend(document, line, data, kind, used))

    def _trend(self, document: RuleDocument, line: int, data: Mapping[str, Any], kind: Kind, used: set[str]) -> Trend:
        tags = data.get("tags") or ()
        sets = {name: self.sets[name].data for name in sorted(self._all_used(used))}
        return Trend(
            id=str(data["id"]),
            name=str(data.get("name") or data["id"]),
            watch=str(_part(document, "watch") or ""),
            severity=Severity(data.get("severity") or Severity.MEDIUM),
            kind=kind,
            file=document.file,
            line=line,
            hash=hash_of([kind.name, data[kind.name], kind.rules, sets]),
            description=str(data.get("description") or ""),
            tags=(tags,) if isinstance(tags, str) else tuple(map(str, tags)),
        )

    # --- what both have

    def _check_head(
        self,
        data: Mapping[Any, Any],
        place: Path,
        complain: Complain,
        here: str,
        known: Sequence[str] = RULE_KEYS,
        what: str = "rule",
    ) -> None:
        for key in data:
            if key not in known:
                complain((*place, key), f"{str(key)!r} is not known here", suggestion(key, known), key=True)
        if "id" in data or "id" not in misspelt(data, known):
            self._check_id(data.get("id"), place, complain, here, what)
        severities = [one.value for one in Severity]
        if data.get("severity") is not None and data["severity"] not in severities:
            hint = suggestion(data["severity"], severities)
            complain((*place, "severity"), f"{data['severity']!r} is no severity", hint)
        for key in ("name", "description"):
            if not isinstance(data.get(key, ""), str | int | None):
                complain((*place, key), f"{key} is not a text", "put it in quotes")
        if not isinstance(data.get("enabled", True), bool):
            complain((*place, "enabled"), f"{data['enabled']!r} is neither true nor false", "write enabled: false")
        tags = data.get("tags")
        if tags is not None and not isinstance(tags, str | list):
            complain((*place, "tags"), "tags is not a list", "write for example [border, forces]")

    def _check_id(self, rule_id: Any, place: Path, complain: Complain, here: str, what: str) -> None:
        if rule_id is None:
            complain(place, f"the {what} has no id", "write for example id: border-deployment")
        elif not isinstance(rule_id, str) or not _ID.fullmatch(rule_id):
            better = re.sub(r"[^a-z0-9]+", "-", str(rule_id).lower()).strip("-")
            hint = f"write for example {better}" if better else "write for example border-deployment"
            complain((*place, "id"), f"the id {rule_id!r} is not of small letters, digits and hyphens", hint)
        elif rule_id in self.ids:
            complain(
                (*place, "id"), f"the id {rule_id!r} is there twice, the other one in {self.ids[rule_id]}", "rename it"
            )
        else:
            self.ids[rule_id] = here


def _part(document: RuleDocument, key: str) -> Any:
    return document.data.get(key) if isinstance(document.data, Mapping) else None


def _examples(data: Any, place: Path, complain: Complain) -> tuple[Example, ...]:
    if data is None:
        return ()
    if not isinstance(data, Mapping):
        complain(place, "examples are not a list", "write examples: {match: [...], ignore: [...]}")
        return ()
    found: list[Example | None] = []
    for kind, listed in data.items():
        if kind not in ("match", "ignore"):
            complain(
                (*place, kind), f"{str(kind)!r} is not known here", suggestion(kind, ("match", "ignore")), key=True
            )
        elif listed is not None:
            items = listed if isinstance(listed, list) else [listed]
            found += [_example(item, kind == "match", (*place, kind, n), complain) for n, item in enumerate(items)]
    return tuple(example for example in found if example)


def _example(data: Any, match: bool, place: Path, complain: Complain) -> Example | None:
    """Read one example; a plain text stands for title and text, so that it can meet a condition on either."""
    if isinstance(data, str):
        return Example(match=match, title=data, text=data, place=place)
    if not isinstance(data, Mapping) or not data:
        complain(place, "an example is a text, or has the keys title, text, language, source", "put it in quotes")
        return None
    if len(data) == 1 and not any(key in EXAMPLE_KEYS for key in data) and not misspelt(data, EXAMPLE_KEYS):
        [(key, value)] = data.items()
        complain(place, f"the text {str(key)!r} goes on after ': ', so it is read as a key", _in_quotes(key, value))
        return None
    right = [_right_key(key, value, (*place, key), complain) for key, value in data.items()]
    if not all(right):
        return None
    source = data.get("source") or {}
    properties = {"id": source} if isinstance(source, str) else source
    listed = {key: tuple(map(str, v if isinstance(v, list) else [v])) for key, v in properties.items()}
    title, text = str(data.get("title", "")), str(data.get("text", ""))
    return Example(
        match=match, title=title, text=text, language=str(data.get("language", "")), source=listed, place=place
    )


def _in_quotes(key: Any, value: Any) -> str:
    text = f"{key}: {value}" if isinstance(value, str | int | float) else f"{key}: ..."
    return f'put it in quotes: "{text}"'


def _right_key(key: Any, value: Any, place: Path, complain: Complain) -> bool:
    if key not in EXAMPLE_KEYS:
        complain(place, f"{str(key)!r} is not known here", suggestion(key, EXAMPLE_KEYS), key=True)
    elif key == "source" and isinstance(value, Mapping):
        wrong = [one for one in value if one not in SOURCE_KEYS]
        for one in wrong:
            complain((*place, one), f"{str(one)!r} is not known here", suggestion(one, SOURCE_KEYS), key=True)
        return not wrong
    elif not isinstance(value, str | int):
        complain(place, f"{key} is not a text", "put it in quotes")
    elif key == "language" and (hint := wrong_language(value)):
        complain(place, f"{value!r} is no language", hint)
    else:
        return True
    return False
