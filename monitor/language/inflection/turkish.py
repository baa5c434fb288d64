"""Turkish: Snowball's stems, after capitals were made small as Turkish does it (I is ı, İ is i)."""

from monitor.language.inflection.snowball import Snowball

_CAPITALS = str.maketrans({"I": "ı", "İ": "i"})


def lower(word: str) -> str:
    """Return a word in small letters."""
    return word.translate(_CAPITALS).lower()


class Turkish(Snowball):
    """Turkish words."""

    def __init__(self) -> None:
        """Load the stemmer."""
        super().__init__("turkish")

    def of_text(self, word: str) -> tuple[str, ...]:
        """Return the stem, and where each ı may have been written as an i also the stem with these."""
        found = super().of_text(word)
        return found + super().of_text(word.replace("i", "ı")) if word.isascii() and "i" in word else found

    def of_term(self, word: str) -> tuple[str, ...]:
        """Return the stem, and the word itself: the stemmer takes the last vowel only from words without endings."""
        return *self.of_text(word), word
