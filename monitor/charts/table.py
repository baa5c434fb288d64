"""What a chart shows as rows of text: for those who hear it, and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Table:
    """The companion of a chart."""

    columns: tuple[str, ...]
    rows: tuple[Sequence[Cell], ...]
    links: tuple[str, ...] = ()  # of the rows, as the data has them; as many as rows, or none
