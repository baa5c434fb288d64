"""The conditions: one file each, and the map that names them all; the key in YAML, file and class go together."""

from collections.abc import Mapping

from monitor.match.conditions.age import Age
from monitor.match.conditions.all import All
from monitor.match.conditions.any import Any
from monitor.match.conditions.at_least import AtLeast
from monitor.match.conditions.base import Condition, Told
from monitor.match.conditions.body import Body
from monitor.match.conditions.language import LanguageIs
from monitor.match.conditions.lead import Lead
from monitor.match.conditions.near import Near
from monitor.match.conditions.not_ import Not
from monitor.match.conditions.place import PlaceIs
from monitor.match.conditions.source import SourceIs
from monitor.match.conditions.title import Title

__all__ = ["CONDITIONS", "Condition", "Told"]

CONDITIONS: Mapping[str, type[Condition]] = {
    "any": Any,
    "all": All,
    "not": Not,
    "at_least": AtLeast,
    "near": Near,
    "title": Title,
    "lead": Lead,
    "body": Body,
    "source": SourceIs,
    "language": LanguageIs,
    "age": Age,
    "place": PlaceIs,
}
