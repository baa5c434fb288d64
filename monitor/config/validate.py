"""Holds plain data against a settings model, and says every mismatch in words, at its line and column; no effects."""

from collections.abc import Callable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config import suggest
from monitor.config.yaml import Located, Path_, without
from monitor.errors import Problem

M = TypeVar("M", bound=BaseModel)
_ROUNDS = 5
_SHOWN = 40  # characters of a wrong value that are shown

# What a field's pattern means in words: a pattern itself tells a person little.
_PATTERNS = {
    "id": "must be small letters, digits and hyphens, for example border-news",
    "country": "must be two capital letters (ISO 3166-1), for example PL",
    "language": "must be two or three small letters (ISO 639), for example pl",
    "countries": "must be two capital letters (ISO 3166-1), for example PL",
    "border": "must be two capital letters (ISO 3166-1), for example PL",
    "from": "must be a time of day, for example 22:00",
    "to": "must be a time of day, for example 07:00",
}


def validate(model: type[M], located: Located) -> tuple[M | None, Located, tuple[Problem, ...]]:
    """Return the filled model, what it was filled from, and what is wrong.

    Values that are wrong are left out of both, so that further checks can go on with the rest; None where nothing is
    left. An empty file is an empty mapping.
    """
    if not located.readable:
        return None, located, ()
    problems: tuple[Problem, ...] = ()
    for _ in range(_ROUNDS):
        try:
            return model.model_validate({} if located.data is None else located.data), located, problems
        except ValidationError as error:
            errors = error.errors(include_url=False)
        # What the first round finds is the user's; later rounds only find what our leaving out has brought about.
        problems = problems or tuple(dict.fromkeys(_problem(model, located, one) for one in errors))
        paths = {_wrong_part(located, one) for one in errors}
        if () in paths:
            break
        located = without(located, paths)
    return None, located, problems


def _wrong_part(located: Located, error: ErrorDetails) -> Path_:
    """Return the path of the value that has to go: for a missing key that is what misses it."""
    loc = error["loc"][:-1] if error["type"] == "missing" else error["loc"]
    return located.known(loc)


def _problem(model: type[BaseModel], located: Located, error: ErrorDetails) -> Problem:
    path = tuple(step for step in error["loc"] if step != "[key]")
    if error["type"] == "extra_forbidden":
        return _unknown_key(model, located, path)
    if error["type"] == "missing":
        return located.problem(path[:-1], f"{_name(path[:-1], 'this')} needs the key {path[-1]!r}", "add it")
    say = _SAYINGS.get(error["type"], _say_plainly)
    message, hint = say(path, error)
    return located.problem(path, f"{_name(path, 'the file')} {message}", hint)


def _name(path: Path_, otherwise: str) -> str:
    """Name a value by its keys, `channels.mail.url`; within an entry of a list, by its keys in there."""
    entries = [index for index, step in enumerate(path) if isinstance(step, int)]
    words = [str(step) for step in path[entries[-1] + 1 if entries else 0 :]]
    return ".".join(words) if words else "this entry" if entries else otherwise


def _unknown_key(model: type[BaseModel], located: Located, path: Path_) -> Problem:
    key = str(path[-1])
    here = fields_at(model, path[:-1])
    hint = suggest.hint(key, here, what="keys")
    elsewhere = [place for place in _homes(model, key) if place != _name(path[:-1], "")]
    if elsewhere and suggest.nearest(key, here) is None:
        hint = f"it belongs under {elsewhere[0]!r}" if elsewhere[0] else "it belongs to the top level"
    return located.problem(path, f"unknown key {key!r}", hint, key=True)


def fields_at(model: type[BaseModel], path: Path_) -> tuple[str, ...]:
    """Return the keys that a settings model knows at a path."""
    kind: Any = model
    for step in path:
        kind = _inner(kind, step)
    return tuple(_keys(kind)) if _is_model(kind) else ()


def _keys(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name


def _homes(model: type[BaseModel], key: str, place: str = "") -> Iterator[str]:
    """Find where in a model a key would be known, as dotted names."""
    if key in _keys(model):
        yield place
    for name, field in model.model_fields.items():
        if _is_model(field.annotation):
            yield from _homes(field.annotation, key, f"{place}.{name}" if place else name)  # type: ignore[arg-type]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _inner(kind: Any, step: str | int) -> Any:
    """Return the type of one part of a type."""
    if _is_model(kind):
        fields = {field.alias or name: field for name, field in kind.model_fields.items()}
        return _bare(fields[str(step)].annotation) if str(step) in fields else None
    arguments = get_args(kind)
    if get_origin(kind) is dict:
        return _bare(arguments[1])
    return _bare(arguments[0]) if get_origin(kind) is tuple else None


def _bare(kind: Any) -> Any:
    """Take annotations and `| None` off a type."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in {Union, UnionType}:
        return _bare(next(one for one in get_args(kind) if one is not type(None)))
    return kind


# --- what pydantic found, in words -----------------------------------------------------------------------------------

Saying = Callable[[Path_, ErrorDetails], tuple[str, str]]


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _must_be(what: str, hint: str = "") -> Saying:
    """Make a saying for a wrong type. A mapping or list is not shown: it may hold secrets, and it is long."""

    def say(_path: Path_, error: ErrorDetails) -> tuple[str, str]:
        value = error["input"]
        instead = "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else _shown(value)
        return f"must be {what}, not {instead}", hint

    return say


def _say_text(_path: Path_, error: ErrorDetails) -> tuple[str, str]:
    value = error["input"]
    if isinstance(value, int | float | bool):
        return f"must be text, not {_shown(value)}", "put it in quotes"
    return f"must be text, not {'a list' if isinstance(value, list) else 'a mapping'}", "write one text"


def _say_bound(words: str, key: str) -> Saying:
    def say(_path: Path_, error: ErrorDetails) -> tuple[str, str]:
        bound = error["ctx"][key]
        number = f"{bound:g}" if isinstance(bound, float) else str(bound)
        days = f" seconds ({bound / 86400:g}d)" if isinstance(bound, int | float) and bound >= 86400 else ""
        return f"must be {words} {number}{days}, not {_shown(error['input'])}", ""

    return say


def _say_choice(_path: Path_, error: ErrorDetails) -> tuple[str, str]:
    choices = [word.strip("' ") for word in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
    found = suggest.nearest(str(error["input"]), choices)
    hint = f"did you mean {found!r}?" if found else ""
    return f"must be one of {', '.join(choices)}, not {_shown(error['input'])}", hint


def _say_pattern(path: Path_, error: ErrorDetails) -> tuple[str, str]:
    rule = _PATTERNS.get(next((step for step in reversed(path) if isinstance(step, str)), ""))
    return f"{rule or 'does not have the right form'}; it is {_shown(error['input'])}", ""


def _say_own(_path: Path_, error: ErrorDetails) -> tuple[str, str]:
    """Repeat what one of our own validators raised: `what is wrong; what to write`."""
    message, _, hint = str(error["ctx"]["error"]).partition("; ")
    return f"{message} ({_shown(error['input'])})", hint


def _say_plainly(_path: Path_, error: ErrorDetails) -> tuple[str, str]:
    return f"is not right: {error['msg'][:1].lower()}{error['msg'][1:]}", ""


_LIST = _must_be("a list", "start each entry with '- '")
_MAPPING = _must_be("a mapping", "write 'key: value' lines, indented")
_BOOLEAN = _must_be("true or false")
_WHOLE = _must_be("a whole number")
_NUMBER = _must_be("a number")
_SAYINGS: Mapping[str, Saying] = {
    "string_type": _say_text,
    "string_pattern_mismatch": _say_pattern,
    "path_type": _say_text,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "greater_than_equal": _say_bound("at least", "ge"),
    "greater_than": _say_bound("more than", "gt"),
    "less_than_equal": _say_bound("at most", "le"),
    "less_than": _say_bound("less than", "lt"),
    "literal_error": _say_choice,
    "enum": _say_choice,
    "value_error": _say_own,
}
