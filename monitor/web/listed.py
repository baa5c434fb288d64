"""EDGE: what a row of the list of stories says, for the page, the feed, the API and the terminal."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.alert.clean import cut, one_line
from monitor.alert.facts import place_name
from monitor.alert.handling import Standing, standing
from monitor.charts.borders import names_of_countries
from monitor.model import Located
from monitor.store import Store
from monitor.store.listing import Reason, Row

WORDS, PLACES = 6, 3  # that a row names


@dataclass(frozen=True, slots=True)
class Told:
    """A story of the list, with what a row says of it."""

    row: Row
    reasons: Sequence[Reason]
    places: Sequence[str]
    standing: Standing
    is_wrong: bool
    assigned: str = ""  # who looks after it

    @property
    def why(self) -> list[tuple[str, str]]:
        """The rules that hit it, each with the words that it found."""
        return [(cut(one_line(one.rule_name), 60) or one.rule_id, words_of(one)) for one in self.reasons]

    @property
    def state(self) -> str:
        """One of STATES; the strongest."""
        if self.is_wrong:
            return "wrong"
        return "muted" if self.standing.muted else "acknowledged" if self.standing.acknowledged else "new"


def told(store: Store, rows: Sequence[Row], now: float) -> list[Told]:
    """Return rows with what is to be said of them; five questions for all."""
    ids = [row.id for row in rows]
    reasons, places, handled = store.listing.reasons(ids), store.listing.places(ids), store.handled.of_stories(ids)
    wrong, assigned = store.listing.wrong(ids), store.notes.assigned_of(ids)
    return [
        Told(
            row,
            reasons.get(row.id, []),
            names_of(places.get(row.id, ()))[:PLACES],
            standing(handled.get(row.id, ()), now),
            row.id in wrong,
            assigned.get(row.id, ""),
        )
        for row in rows
    ]


def words_of(reason: Reason) -> str:
    """Return the words that a rule found, each once."""
    words = list(dict.fromkeys(cut(one_line(one.words), 40) for one in reason.evidence if one.words.strip()))
    return ", ".join(words[:WORDS]) + (f" and {len(words) - WORDS} more" if len(words) > WORDS else "")


def names_of(located: Sequence[Located]) -> list[str]:
    """Return the places of a story, the surest first, each once; countries where it names no place."""
    sure = sorted((one for one in located if one.sure != "guess"), key=lambda one: one.sure != "sure")
    places = [place_name(one) for one in sure if one.place and one.kind != "country"]
    countries = [names_of_countries().get(code, code) for one in sure for code in one.countries[:1]]
    return list(dict.fromkeys(places)) or list(dict.fromkeys(countries))
