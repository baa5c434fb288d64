"""EDGE: the only door to PyYAML: a file becomes plain data, and every value keeps its line and column.

The parser's events are read one by one, so that no document costs more than the limits below: no recursion, no
expansion of aliases, no constructor for any tag. Duplicate keys are problems. Keys are always text.
"""

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from monitor.config import scalars, syntax
from monitor.errors import Problem

BYTES = 10 * 1024**2
DEPTH = 40
TOO_DEEP = (f"is nested more than {DEPTH} levels deep", "write it flatter")
NODES = 1_000_000  # also what aliases would expand to
ALIASES = 1_000
PROBLEMS = 100

# libyaml where PyYAML was built with it: ten times as fast.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE = "tag:yaml.org,2002:"
_MERGE = "<<"
_COLUMNS = 1 << 20

Path_ = tuple[str | int, ...]
Place = (
    int  # line and column in one number, both 1-based: there are very many of them, and a pair costs four times as much
)


class Node(NamedTuple):
    """Where a mapping or list stands, and its parts; a scalar is its place only."""

    place: Place
    parts: Mapping[str | int, "Node | Place"]
    keys: Mapping[str, Place]
    size: int  # values in it, as if every alias were written out


def _at(line: int, column: int) -> Place:
    return line * _COLUMNS + min(column, _COLUMNS - 1)


def _place(node: Node | Place) -> Place:
    return node if isinstance(node, int) else node.place


def _parts(node: Node | Place) -> Mapping[str | int, Node | Place]:
    return {} if isinstance(node, int) else node.parts


def _keys(node: Node | Place) -> Mapping[str, Place]:
    return {} if isinstance(node, int) else node.keys


def _size(node: Node | Place) -> int:
    return 1 if isinstance(node, int) else node.size


_START: Place = _at(1, 1)


@dataclass(frozen=True, slots=True)
class Located:
    """What a file holds, and where each value stands."""

    file: str  # as it is shown to the user
    data: Any = None  # dict, list, str, int, float, bool or None
    root: Node | Place = _START
    problems: tuple[Problem, ...] = ()
    readable: bool = True  # False: there is no data, and `problems` says why

    def where(self, path: Path_ = ()) -> tuple[int, int]:
        """Return line and column of the value at a path, or of its nearest known ancestor.

        A scalar is found at its own place, a mapping or list in a mapping at its key.
        """
        node, place = self.root, _place(self.root)
        for step in path:
            child = _parts(node).get(step)
            if child is None:
                place = _keys(node).get(str(step), place)
                break
            place = _keys(node).get(str(step), _place(child)) if _parts(child) else _place(child)
            node = child
        return divmod(place, _COLUMNS)

    def where_key(self, path: Path_) -> tuple[int, int]:
        """Return line and column of the last key of a path, or of its nearest known ancestor."""
        node = self.root
        for step in path[:-1]:
            child = _parts(node).get(step)
            if child is None:
                return self.where(path)
            node = child
        found = _keys(node).get(str(path[-1])) if path else None
        return self.where(path) if found is None else divmod(found, _COLUMNS)

    def known(self, path: Path_) -> Path_:
        """Return the longest beginning of a path that leads to a value."""
        node = self.root
        for index, step in enumerate(path):
            child = _parts(node).get(step)
            if child is None:
                return path[:index]
            node = child
        return path

    def problem(
        self, path: Path_, message: str, hint: str = "", *, warning: bool = False, key: bool = False
    ) -> Problem:
        """Make a problem that points at the value (or with `key` at the key) at a path."""
        line, column = self.where_key(path) if key else self.where(path)
        return Problem(self.file, line, column, message, hint, warning)


def without(located: Located, paths: Collection[Path_]) -> Located:
    """Leave values out; what stays keeps its place in the file, also where a list moves up."""
    data, root = _without(located.data, located.root, (), frozenset(paths))
    return replace(located, data=data, root=root)


def _without(data: Any, node: Node | Place, at: Path_, paths: frozenset[Path_]) -> tuple[Any, Node | Place]:
    if isinstance(node, int):
        return data, node
    if isinstance(data, dict):
        kept = {key: _without(data[key], node.parts[key], (*at, key), paths) for key in data if (*at, key) not in paths}
        parts: dict[str | int, Node | Place] = {key: part for key, (_, part) in kept.items()}
        return {key: value for key, (value, _) in kept.items()}, node._replace(parts=parts)
    pairs = [
        _without(value, node.parts[index], (*at, index), paths)
        for index, value in enumerate(data)
        if (*at, index) not in paths
    ]
    return [value for value, _ in pairs], node._replace(parts={index: part for index, (_, part) in enumerate(pairs)})


def completed(located: Located, path: Path_, values: Mapping[str, str]) -> Located:
    """Give the mapping at a path (or what is empty there) keys that it does not have; they stand where it stands."""
    data, root = _completed(located.data, located.root, path, values)
    return replace(located, data=data, root=root)


def _completed(data: Any, node: Node | Place, path: Path_, values: Mapping[str, str]) -> tuple[Any, Node | Place]:
    parts = dict(_parts(node))
    if path:
        inner, child = _completed(data[path[0]], parts[path[0]], path[1:], values)
        return {**data, path[0]: inner}, Node(_place(node), {**parts, path[0]: child}, _keys(node), _size(node))
    had = data or {}
    missing = {key: value for key, value in values.items() if key not in had}
    parts |= dict.fromkeys(missing, _place(node))
    return {**had, **missing}, Node(_place(node), parts, _keys(node), _size(node) + len(missing))


class _Stopped(Exception):
    """The file cannot be read any further."""

    def __init__(self, message: str, hint: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message, self.hint, self.line, self.column = message, hint, line, column


def load_located(path: Path, *, file: str | None = None) -> Located:
    """Read a YAML file; never raises for what is in it: `problems` says it all, under the name `file`."""
    file = file or str(path)
    try:
        return parse(_read(path), file=file)
    except _Stopped as stop:
        return _unreadable(file, stop)
    except OSError as error:
        return _unreadable(file, _Stopped(f"cannot be read: {error.strerror}", "check the file and its permissions"))


def parse(text: str, *, file: str) -> Located:
    """Read YAML text; never raises for what is in it."""
    composer = _Composer(file)
    try:
        _refuse_control_characters(text)
        for event in _events(text):
            composer.take(event)
        data, root = composer.result
        return Located(file, data, root, tuple(composer.problems))
    except _Stopped as stop:
        return _unreadable(file, stop, composer.problems)


def _unreadable(file: str, stop: _Stopped, others: Iterable[Problem] = ()) -> Located:
    last = Problem(file, stop.line, stop.column, stop.message, stop.hint)
    return Located(file, problems=(*others, last), readable=False)


def _read(path: Path) -> str:
    with path.open("rb") as stream:
        raw = stream.read(BYTES + 1)
    if len(raw) > BYTES:
        raise _Stopped(f"is larger than {BYTES // 1024**2} MB", "split it, or remove what does not belong here")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        raise _Stopped("is not UTF-8 text", "save the file with encoding UTF-8", line, column) from None


def _refuse_control_characters(text: str) -> None:
    """PyYAML refuses these, too, but does not say where."""
    found = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if found:
        at = found.start()
        line, column = text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
        raise _Stopped(f"holds the control character U+{ord(found[0]):04X}", "remove it", line, column)


def _events(text: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        raise _translated(error, text) from None
    except yaml.YAMLError as error:
        raise _Stopped(f"this is not YAML: {error}", "check the file") from None


def _translated(error: yaml.MarkedYAMLError, text: str) -> _Stopped:
    context, problem = error.context or "", error.problem or ""
    mark = error.problem_mark or error.context_mark
    if error.context_mark and syntax.opened_there(context, problem):
        mark = error.context_mark
    if mark is None:
        return _Stopped(f"this is not YAML: {problem or context}", "check the file")
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "nesting depth" in problem:  # libyaml has a bound of its own, and reads ahead
        return _Stopped(*TOO_DEEP, mark.line + 1, mark.column + 1)
    char = "\t" if line[: mark.column + 1].strip(" ").startswith("\t") else line[mark.column : mark.column + 1]
    said = syntax.misindented(context, problem, lines, mark.line) or syntax.say(context, problem, char)
    return _Stopped(*said, mark.line + 1, mark.column + 1)


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is not complete yet."""

    data: Any  # dict or list
    place: Place
    anchor: str | None
    parts: dict[str | int, Node | Place] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    key: str | None = None
    merges: list[tuple[Any, Node | Place]] = field(default_factory=list)
    size: int = 1


class _Composer:
    """Makes data and places of a stream of events."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.result: tuple[Any, Node | Place] = (None, _START)
        self._frames: list[_Frame] = []
        self._anchors: dict[str, tuple[Any, Node | Place] | None] = {}
        self._aliases = 0
        self._documents = 0
        self._handlers: dict[type, Callable[[Any, int, int], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping_start,
            yaml.SequenceStartEvent: self._sequence_start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def take(self, event: Any) -> None:
        """Take the next event of the parser."""
        handler = self._handlers.get(type(event))
        if handler:
            mark = event.start_mark
            handler(event, mark.line + 1, mark.column + 1)

    def _note(self, line: int, column: int, message: str, hint: str) -> None:
        self.problems.append(Problem(self.file, line, column, message, hint))
        if len(self.problems) >= PROBLEMS:
            raise _Stopped(f"has more than {PROBLEMS} problems", "mend those first", line, column)

    def _document(self, _event: Any, line: int, column: int) -> None:
        self._documents += 1
        if self._documents > 1:
            advice = "remove the line '---', or make it a file of its own"
            raise _Stopped("a second document begins here", advice, line, column)

    def _scalar(self, event: Any, line: int, column: int) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame is not None and isinstance(frame.data, dict) and frame.key is None:
            self._key(frame, event.value, line, column)
            return
        value = event.value
        if event.implicit[0] and event.tag is None:
            value = scalars.resolve(value)
        elif event.tag not in {None, "!"}:
            value = self._tagged(event.tag, value, line, column)
        self._add(value, _at(line, column), event.anchor)

    def _tagged(self, tag: str, text: str, line: int, column: int) -> Any:
        if tag == _CORE + "str":
            return text
        if tag in {_CORE + name for name in ("int", "float", "bool", "null")}:
            return scalars.resolve(text)
        self._refuse_tag(tag, line, column)
        return text

    def _refuse_tag(self, tag: str, line: int, column: int) -> None:
        shown = tag.replace(_CORE, "!!")
        self._note(line, column, f"the tag {shown} is not allowed", f"to write text, put it in quotes: '{shown} ...'")

    def _key(self, frame: _Frame, key: str, line: int, column: int) -> None:
        if key in frame.keys and key != _MERGE:
            first = frame.keys[key] // _COLUMNS
            self._note(line, column, f"the key {key!r} stands here twice, first in line {first}", "keep one of them")
        frame.key = sys.intern(key)
        frame.keys.setdefault(frame.key, _at(line, column))

    def _mapping_start(self, event: Any, line: int, column: int) -> None:
        self._open({}, event, line, column)

    def _sequence_start(self, event: Any, line: int, column: int) -> None:
        self._open([], event, line, column)

    def _open(self, data: Any, event: Any, line: int, column: int) -> None:
        if len(self._frames) >= DEPTH:
            raise _Stopped(*TOO_DEEP, line, column)
        if event.tag not in {None, "!", _CORE + "map", _CORE + "seq"}:
            self._refuse_tag(event.tag, line, column)
        self._refuse_as_key(line, column)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._frames.append(_Frame(data, _at(line, column), event.anchor))

    def _refuse_as_key(self, line: int, column: int) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame is not None and isinstance(frame.data, dict) and frame.key is None:
            raise _Stopped("a key must be plain text", "put text that holds brackets or braces in quotes", line, column)

    def _end(self, _event: Any, _line: int, _column: int) -> None:
        frame = self._frames.pop()
        for data, node in frame.merges:
            self._merge(frame, data, node)
        self._add(frame.data, Node(frame.place, frame.parts, frame.keys, frame.size), frame.anchor)

    def _merge(self, frame: _Frame, data: Any, node: Node | Place) -> None:
        """Take over keys from `<<: *other`; the mapping's own keys win."""
        if isinstance(data, list):
            for index, one in enumerate(data):
                self._merge(frame, one, _parts(node)[index])
        elif isinstance(data, dict):
            for key in [key for key in data if key not in frame.data]:
                frame.data[key], frame.parts[key] = data[key], _parts(node)[key]
                frame.keys[key] = _keys(node)[key]
        else:
            self._note(*divmod(_place(node), _COLUMNS), "'<<' takes a mapping", "write '<<: *name'")

    def _alias(self, event: Any, line: int, column: int) -> None:
        self._aliases += 1
        if self._aliases > ALIASES:
            raise _Stopped(f"uses more than {ALIASES} aliases", "write them out", line, column)
        self._refuse_as_key(line, column)
        if event.anchor not in self._anchors:
            advice = f"to write text, put it in quotes: '*{event.anchor}'"
            self._note(line, column, f"there is no anchor &{event.anchor}", advice)
        target = self._anchors.get(event.anchor, (None, _at(line, column)))
        if target is None:
            raise _Stopped(f"*{event.anchor} holds itself", "write it out", line, column)
        self._add(*target, None)

    def _add(self, value: Any, node: Node | Place, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = (value, node)
        if not self._frames:
            self.result = (value, node)
            return
        frame = self._frames[-1]
        frame.size += _size(node)
        if frame.size > NODES:
            place = divmod(_place(node), _COLUMNS)
            raise _Stopped(f"holds more than {NODES} values", "split it, or use fewer aliases", *place)
        if isinstance(frame.data, list):
            frame.parts[len(frame.data)] = node
            frame.data.append(value)
            return
        key, frame.key = frame.key or "", None
        if key == _MERGE:
            frame.merges.append((value, node))
            return
        frame.data[key], frame.parts[key] = value, node
