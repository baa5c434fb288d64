"""Stems by the Snowball algorithms (snowballstem.org), through the library PyStemmer."""

import Stemmer


class Snowball:
    """The stemmer of one language."""

    def __init__(self, algorithm: str) -> None:
        """Take an algorithm by its Snowball name, for example "english"."""
        self._stem = Stemmer.Stemmer(algorithm, 0)  # we remember ourselves what it answered

    def of_text(self, word: str) -> tuple[str, ...]:
        """Return the stem."""
        return (self._stem.stemWord(word),)

    of_term = of_text
