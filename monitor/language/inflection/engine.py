"""What every engine of inflection can do."""

from typing import Protocol


class Engine(Protocol):
    """Makes keys of words in small letters; words that share a key are forms of one word."""

    def of_text(self, word: str) -> tuple[str, ...]:
        """Return the keys of a word as it stands in a text."""

    def of_term(self, word: str) -> tuple[str, ...]:
        """Return the keys of a word as it stands in a rule."""
