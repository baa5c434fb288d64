"""Which stories a silence is about; pure.

A silence names what it is about, and a story has to be about that alone: one that also hits another rule, or happens in
another country, is told. Of words one in the headline is enough.
"""

import unicodedata
from collections.abc import Iterable

from monitor.model import Silence, Story


def is_silent(silence: Silence, story: Story, channel: str, now: float) -> bool:
    """Tell whether a silence is in force and about this story on this channel; what is not named does not matter."""
    return (
        silence.start <= now < silence.end
        and _within(silence.rules, {hit.rule_id for hit in story.hits})
        and _within(silence.watches, {hit.watch for hit in story.hits})
        and _within(silence.sources, _sources(story))
        and _within(silence.countries, _countries(story))
        and _within(silence.channels, {channel.partition("/")[0]})
        and (not silence.words or any(has_word(story.article.title, word) for word in silence.words))
        and (silence.below is None or story.severity.rank < silence.below.rank)
    )


def _within(named: Iterable[str], found: set[str]) -> bool:
    """Tell whether all of what a story has is named, and it has something; without names nothing matters."""
    names = set(named)
    return not names or (bool(found) and found <= names)


def _sources(story: Story) -> set[str]:
    return {member.source.id for member in story.members} or {story.source.id}


def _countries(story: Story) -> set[str]:
    """Return where the story is, as far as that is more than a guess."""
    places = (member.located for member in story.members)
    return {country for one in places if one and one.sure != "guess" for country in one.countries[:1]}


def has_word(headline: str, word: str) -> bool:
    """Tell whether a headline has a word or phrase, whole, in any case; a star at its end stands for any ending."""
    is_prefix = word.endswith("*")
    wanted, had = _words(word.rstrip("*")), _words(headline)
    size = len(wanted)
    if not size:
        return False
    for start in range(len(had) - size + 1):
        piece = had[start : start + size]
        if piece == wanted or (is_prefix and piece[:-1] == wanted[:-1] and piece[-1].startswith(wanted[-1])):
            return True
    return False


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character if character.isalnum() else " " for character in folded).split()


def described(silence: Silence) -> str:
    """Say in words what a silence is about: "rule drills; channel room; below high"."""
    named = (
        ("rule", silence.rules),
        ("watch", silence.watches),
        ("source", silence.sources),
        ("country", silence.countries),
        ("word", silence.words),
        ("channel", silence.channels),
    )
    said = [f"{what} {' or '.join(names)}" for what, names in named if names]
    if silence.below:
        said.append(f"below {silence.below}")
    return "; ".join(said) or "all stories"
