"""An invented situation, as the charts of a sample digest show it; pure."""

from typing import Any

RULES = ("Border deployment", "Exercise", "Closure", "Missile deal")
STATES = ("surge", "corroborated", "single", "quiet")
# Hits of each rule by the place in the period, of twelve.
COUNTS = (
    (0, 1, 0, 2, 1, 3, 6, 9, 7, 4, 3, 2),
    (1, 0, 2, 1, 0, 0, 1, 2, 4, 2, 1, 0),
    (0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1),
    (0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
)
PLACES = (
    ("Brest", 52.1, 23.69, 14),
    ("Homel", 52.43, 31.0, 9),
    ("Mazyr", 52.05, 29.25, 6),
    ("Chernihiv", 51.5, 31.29, 3),
    ("Hrodna", 53.68, 23.83, 2),
)
AREAS = (("BY", 34), ("UA", 17), ("PL", 5), ("RU", 4), ("LT", 1))
SOURCES = (("Kestrel Wire", 17), ("Harbour Agency", 12), ("Lantern Daily", 8), ("Ministry of Defence", 4))


def situation(start: float, end: float) -> dict[str, Any]:
    """Return what `monitor.situating` would have found of a period (epoch seconds)."""
    step = 3600.0 if end - start <= 3 * 86400 else 86400.0
    number = round((end - start) / step)
    bars: list[list[Any]] = [
        [start + place * step, start + (place + 1) * step, [counts[place * 12 // number] for counts in COUNTS]]
        for place in range(number)
    ]
    return {
        "hits": sum(sum(counts) for _, _, counts in bars),
        "cut": None,
        "board": [_cell(*one) for one in zip(RULES, STATES, COUNTS, strict=True)],
        "tempo": {"names": list(RULES), "rules": [_id(name) for name in RULES], "bars": bars},
        "spots": [list(one) for one in PLACES],
        "areas": [list(one) for one in AREAS],
        "sources": [list(one) for one in SOURCES],
    }


def _cell(name: str, state: str, counts: tuple[int, ...]) -> dict[str, Any]:
    number, sources = {"surge": (31, 4), "corroborated": (7, 2), "single": (1, 1)}.get(state, (0, 0))
    return {
        "rule": _id(name),
        "name": name,
        "state": state,
        "number": number,
        "sources": sources,
        "why": f"{number} articles in the last day; usual is 1.2 (mean of 8); a surge begins at 8",
        "counts": [*counts[:-1], number],
    }


def _id(name: str) -> str:
    return name.lower().replace(" ", "-")
