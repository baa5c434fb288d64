"""Estonian: Snowball's stems, with and without the vowel that most cases add to the stem.

The stemmer alone leaves that vowel on some forms of a word. A dictionary would do better (simplemma has one), but takes
more than 200 MB of memory.
"""

from monitor.language.inflection.snowball import Snowball

_VOWELS = "aeiu"
_SHORTEST = 3  # letters that are left


class Estonian:
    """Estonian words."""

    def __init__(self) -> None:
        """Load the stemmer."""
        self._stems = Snowball("estonian")

    def of_text(self, word: str) -> tuple[str, ...]:
        """Return the stem, and the stem without its last vowel."""
        (stem,) = self._stems.of_text(word)
        return (stem, stem[:-1]) if len(stem) > _SHORTEST and stem[-1] in _VOWELS else (stem,)

    def of_term(self, word: str) -> tuple[str, ...]:
        """Return the same, and the word itself: the stemmer takes more off words without endings."""
        return *self.of_text(word), word
