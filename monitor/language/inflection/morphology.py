"""All forms of a word by the morphological analyser pymorphy3, made once for each word of a rule.

To analyse each word of a text instead would give the same, but costs 80 microseconds a word that was not met before,
which is most of the time of matching an article.
"""

_LIKELY = 0.05  # what a word may be counts where it is so likely at least, compared with the likeliest


class Morphology:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        """Load the dictionaries of a language, "ru" or "uk"."""
        import pymorphy3  # as in `lemmas`

        self._analyzer = pymorphy3.MorphAnalyzer(lang=language)

    def of_text(self, word: str) -> tuple[str, ...]:
        """Return the word as it is: the keys of a term are all its forms."""
        return (word,)

    def lemmas(self, word: str) -> tuple[str, ...]:
        """Return the dictionary forms of all words that a form may come from, the likeliest first."""
        return tuple(self._analyzer.normal_forms(word))

    def of_term(self, word: str) -> tuple[str, ...]:
        """Return every form of every word that a form may come from."""
        parses = self._analyzer.parse(word)
        least = max((parse.score for parse in parses), default=0.0) * _LIKELY
        forms = (form.word for parse in parses if parse.score >= least for form in parse.lexeme)
        return tuple(dict.fromkeys([word, *forms]))
