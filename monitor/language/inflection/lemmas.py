"""Dictionary forms by the word lists of the library simplemma, loaded when a first word is asked for."""


class Lemmas:
    """The words of one language."""

    def __init__(self, language: str, *, joined: str = "") -> None:
        """Take a language by its ISO 639-1 code; `joined` are letters that are written together with the next word."""
        import simplemma  # 30 ms, which no command pays that meets no such word

        self._lemmatize = simplemma.lemmatize
        self._language = language
        self._joined = joined

    def of_term(self, word: str) -> tuple[str, ...]:
        """Return the dictionary form."""
        return (self._lemmatize(word, lang=self._language).lower(),)

    def of_text(self, word: str) -> tuple[str, ...]:
        """Return the dictionary form, and that of the word without a joined preposition, article or conjunction."""
        found = self.of_term(word)
        if word[0] in self._joined and len(word) > 3:
            found += self.of_term(word[1:])
        return found
