"""What a channel has been told of a story, and what is new against it.

The facts are plain JSON, so that they outlive a restart; `differences` says in words what an update has to say first.
A growing number of articles is no difference: many outlets that copy one agency tell nothing new.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from monitor.alert.clean import one_line
from monitor.model import CREDIBILITY, Located, Severity, Story

NAMED = 3  # values that one difference names; the others are counted
# A number as a headline writes it, and the word that it counts.
_NUMBER = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[ \u00a0\u202f.,']\d{3})+|\d+(?:[.,]\d+)?)(?!\d)(?:[ \u00a0-]+([^\W\d_]{3,}))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a story at one moment, as far as a message tells it."""

    severity: Severity = Severity.INFO
    rules: Mapping[str, str] = field(default_factory=dict)  # id -> name
    grades: Mapping[str, str] = field(default_factory=dict)  # id of a rule -> its severity
    articles: int = 1
    independent: int = 1  # voices that count
    voices: tuple[str, ...] = ()  # their names, the first one first
    credibility: int = 0  # Admiralty code, 1 to 6; 0 = nobody judged it
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-2; guesses are left out
    places: tuple[str, ...] = ()  # "Brest, BY"; guesses are left out
    numbers: tuple[str, ...] = ()  # as the story has them, sorted
    counted: Mapping[str, str] = field(default_factory=dict)  # number -> the word after it, where it has one

    def to_json(self) -> dict[str, object]:
        """Return plain JSON."""
        return {
            "severity": self.severity.value,
            "rules": dict(self.rules),
            "grades": dict(self.grades),
            "articles": self.articles,
            "independent": self.independent,
            "voices": list(self.voices),
            "credibility": self.credibility,
            "countries": list(self.countries),
            "places": list(self.places),
            "numbers": list(self.numbers),
            "counted": dict(self.counted),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Facts":
        """Return the facts that `to_json` made; what an older program did not know yet is as if it were not so."""
        return cls(
            severity=Severity(data.get("severity", "info")),
            rules=dict(data.get("rules", {})),
            grades=dict(data.get("grades", {})),
            articles=int(data.get("articles", 1)),
            independent=int(data.get("independent", 1)),
            voices=tuple(data.get("voices", ())),
            credibility=int(data.get("credibility", 0)),
            countries=tuple(data.get("countries", ())),
            places=tuple(data.get("places", ())),
            numbers=tuple(data.get("numbers", ())),
            counted=dict(data.get("counted", {})),
        )


def facts_of(story: Story) -> Facts:
    """Return what a message about the story as it stands tells."""
    founded = story.corroboration
    located = [member.located for member in story.members if member.located and member.located.sure != "guess"]
    return Facts(
        severity=story.severity,
        rules={hit.rule_id: one_line(hit.rule_name) or hit.rule_id for hit in story.hits},
        grades={hit.rule_id: hit.severity.value for hit in sorted(story.hits, key=lambda hit: hit.severity.rank)},
        articles=founded.articles if founded else max(1, len(story.members)),
        independent=founded.independent if founded else 1,
        voices=_voices(story),
        credibility=founded.credibility if founded else 0,
        countries=_once(country for one in located for country in one.countries[:1]),
        places=_once(place_name(one) for one in located if one.place and one.kind != "country"),
        numbers=tuple(sorted(story.numbers)),
        counted=_counted(story),
    )


def _voices(story: Story) -> tuple[str, ...]:
    """Return the names of the independent voices; of a story that nobody judged, its one source."""
    if not story.corroboration or not story.corroboration.voices:
        return (one_line(story.source.name),)
    return tuple(one_line(voice.name) for voice in story.corroboration.voices)


def place_name(located: Located) -> str:
    """Return "Brest, BY"."""
    return ", ".join(filter(None, (one_line(located.place), *located.countries[:1])))


def _counted(story: Story) -> dict[str, str]:
    """Return the word after each number that the story's headlines name: what it counts, most often."""
    titles = [member.article.title for member in story.members] or [story.article.title]
    found: dict[str, str] = {}
    for title in titles:
        for number, word in _NUMBER.findall(title):
            if word and plain_number(number) in story.numbers:
                found.setdefault(plain_number(number), word)
    return found


def plain_number(written: str) -> str:
    """Return a number without the signs that group its thousands: "30,000" and "30 000" are "30000"."""
    whole = re.fullmatch(r"\d{1,3}(?:[ \u00a0\u202f.,']\d{3})+", written)
    return re.sub(r"\D", "", written) if whole else written


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


# --- what is new -----------------------------------------------------------------------------------------------------


def differences(before: Facts, now: Facts) -> tuple[str, ...]:
    """Return in words what is new since `before`, the weightiest first; nothing if nothing is."""
    return tuple(
        words
        for say in (_severity, _rules, _independent, _credibility, _places, _countries, _numbers)
        if (words := say(before, now))
    )


def _severity(before: Facts, now: Facts) -> str:
    """Say that it is more severe, and which new rule makes it so."""
    if now.severity.rank <= before.severity.rank:
        return ""
    because = [rule for rule in _new_rules(before, now) if now.grades.get(rule) == now.severity]
    return f"now {now.severity}" + (f": rule {_named(now.rules[rule] for rule in because)}" if because else "")


def _rules(before: Facts, now: Facts) -> str:
    """Say which rules are new, without those that have been named as the reason of a higher severity."""
    raised = now.severity.rank > before.severity.rank
    fresh = [rule for rule in _new_rules(before, now) if not (raised and now.grades.get(rule) == now.severity)]
    return f"new {_plural(len(fresh), 'rule')}: {_named(now.rules[rule] for rule in fresh)}" if fresh else ""


def _new_rules(before: Facts, now: Facts) -> list[str]:
    return [rule for rule in now.rules if rule not in before.rules]


def _independent(before: Facts, now: Facts) -> str:
    more = now.independent - before.independent
    if more <= 0:
        return ""
    fresh = [voice for voice in now.voices if voice not in before.voices][:more]
    names = f": {_named(fresh)}" if fresh else ""
    return f"{more} more independent {_plural(more, 'source')}{names}"


def _credibility(before: Facts, now: Facts) -> str:
    """Say that it is judged otherwise; that it can be judged at last is news, that nobody has judged it is not."""
    if not before.credibility or not now.credibility or before.credibility == now.credibility:
        return ""
    return f"credibility now {credibility_words(now.credibility)} (was {credibility_words(before.credibility)})"


def credibility_words(grade: int) -> str:
    """Return "2 probably true", or "" for what nobody has judged."""
    return f"{grade} {CREDIBILITY[grade]}" if grade in CREDIBILITY else ""


def _places(before: Facts, now: Facts) -> str:
    fresh = [place for place in now.places if place not in before.places]
    return f"new {_plural(len(fresh), 'place')}: {_named(fresh, between='; ')}" if fresh else ""


def _countries(before: Facts, now: Facts) -> str:
    """Say which countries are new, without those that a new place tells."""
    told = {place.rpartition(", ")[2] for place in now.places}
    fresh = [country for country in now.countries if country not in before.countries and country not in told]
    return f"new {_plural(len(fresh), 'country', 'countries')}: {_named(fresh)}" if fresh else ""


def _numbers(before: Facts, now: Facts) -> str:
    """Say which numbers are new: against the old one where both count the same."""
    fresh = [number for number in now.numbers if number not in before.numbers]
    said = []
    for number in fresh:
        word = now.counted.get(number, "")
        old = [other for other, counted in before.counted.items() if word and alike(counted, word)]
        what = f"{grouped(number)} {one_line(word)}".strip()
        said.append(f"now {what} (was {grouped(old[-1])})" if old else f"new number: {what}")
    return "; ".join(said[:NAMED]) + (f"; and {len(said) - NAMED} more numbers" if len(said) > NAMED else "")


def new_counts(before: Facts, now: Facts) -> tuple[str, ...]:
    """Return the numbers that have changed: those that count what another number counted before."""
    return tuple(
        number
        for number in now.numbers
        if number not in before.numbers
        and any(alike(word, now.counted.get(number, "")) for word in before.counted.values())
    )


def united(before: Facts, now: Facts) -> Facts:
    """Return what is known once both were told; where they differ, `now` is what was told last."""
    return replace(
        now,
        severity=max(before.severity, now.severity, key=lambda severity: severity.rank),
        rules={**before.rules, **now.rules},
        grades={**before.grades, **now.grades},
        articles=max(before.articles, now.articles),
        independent=max(before.independent, now.independent),
        voices=_once((*before.voices, *now.voices)),
        credibility=now.credibility or before.credibility,
        countries=_once((*before.countries, *now.countries)),
        places=_once((*before.places, *now.places)),
        numbers=tuple(sorted({*before.numbers, *now.numbers})),
        counted={**before.counted, **now.counted},
    )


def alike(one: str, other: str) -> bool:
    """Tell whether two words count the same: "soldier" and "soldiers", "солдат" and "солдата"."""
    one, other = one.casefold(), other.casefold()
    stem = max(4, min(len(one), len(other)) - 2)
    return one == other or (min(len(one), len(other)) >= 4 and one[:stem] == other[:stem])


def grouped(number: str) -> str:
    """Return a number as people read it: "30000" is "30,000"; years and small numbers stay."""
    return f"{int(number):,}" if number.isascii() and number.isdecimal() and 5 <= len(number) <= 15 else number


def _named(values: Iterable[str], *, between: str = ", ") -> str:
    listed = list(values)
    rest = f" and {len(listed) - NAMED} more" if len(listed) > NAMED else ""
    return between.join(listed[:NAMED]) + rest


def _plural(number: int, word: str, plural: str = "") -> str:
    return word if number == 1 else plural or f"{word}s"
