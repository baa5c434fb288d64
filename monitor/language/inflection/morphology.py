"""Dictionary forms by the analyser pymorphy3: a form may come from several words, and all of them count."""

import pymorphy3


class Morphology:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        """Load the dictionaries of a language, "ru" or "uk"."""
        self._analyzer = pymorphy3.MorphAnalyzer(lang=language)

    def of_text(self, word: str) -> tuple[str, ...]:
        """Return every dictionary form that a word may come from."""
        return tuple(self._analyzer.normal_forms(word))

    of_term = of_text
