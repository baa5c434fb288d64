"""`age`: how long ago the article was published."""

import re
import typing
from dataclasses import dataclass

from monitor.match.conditions.base import Condition, Fact
from monitor.match.reading import Path, Reader
from monitor.match.text import Text

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_DURATION = r"\s*(\d{1,9}(?:\.\d{1,6})?)\s*([smhdw]?)\s*"


@dataclass(frozen=True, slots=True, eq=False)
class Age(Fact):
    """The article was published, or where that is unknown first seen, so long ago; in seconds."""

    name = "age"
    most: float | None
    least: float | None

    @classmethod
    def read(cls, data: typing.Any, place: Path, reader: Reader) -> Condition | None:
        """Read `max` and `min`, durations such as 6h or 2d."""
        if not reader.keys(data, place, ("max", "min")):
            return None
        most, least = (_seconds(data.get(key), (*place, key), reader) for key in ("max", "min"))
        if any(data.get(key) is not None and value is None for key, value in (("max", most), ("min", least))):
            return None
        if most is None and least is None:
            reader.complain(place, "an age needs max or min", "write for example {max: 2d}")
            return None
        if most is not None and least is not None and least > most:
            reader.complain(place, "min is longer than max: no article has such an age", "swap them")
            return None
        return cls(most, least)

    @staticmethod
    def schema(_condition: dict[str, typing.Any]) -> dict[str, typing.Any]:
        """`max` and `min`."""
        duration = {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": f"^{_DURATION}$"}]}
        keys = {"max": duration, "min": duration}
        return {"type": "object", "properties": keys, "additionalProperties": False, "minProperties": 1}

    def holds(self, text: Text) -> bool:
        """Tell whether the age is within the bounds."""
        age = _age(text)
        too_old = self.most is not None and age > self.most
        too_young = self.least is not None and age < self.least
        return not too_old and not too_young

    def describe(self) -> str:
        """Say the bounds."""
        least = f"at least {_said(self.least)}" if self.least is not None else ""
        most = f"at most {_said(self.most)}" if self.most is not None else ""
        return f"{' and '.join(bound for bound in (least, most) if bound)} old"

    def told(self, text: Text) -> str:
        """Say how old it is."""
        return f"it is {_said(_age(text))} old"


def _age(text: Text) -> float:
    published = text.article.published_at
    return text.now - (text.article.seen_at if published is None else published)


def _seconds(value: typing.Any, place: Path, reader: Reader) -> float | None:
    if value is None:
        return None
    found = None if isinstance(value, bool) else re.fullmatch(_DURATION, str(value))
    if found is None:
        reader.complain(place, f"{value!r} is no duration", "write for example 6h or 2d")
        return None
    return float(found[1]) * _UNITS[found[2]]


def _said(seconds: float) -> str:
    for unit in ("d", "h", "m"):
        if seconds >= _UNITS[unit]:
            return f"{round(seconds / _UNITS[unit], 1):g} {unit}"
    return f"{seconds:.0f} s"
