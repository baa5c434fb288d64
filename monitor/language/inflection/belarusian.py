"""Belarusian: a light stemmer of our own, since no library has one.

It takes the longest ending of nouns, adjectives and verbs off, then a vowel before it, and makes one of doubled
consonants: the way of the light stemmers for related languages (Dolamic and Savoy 2009, "Indexing and stemming
approaches for the Czech language", Information Processing & Management 45).
"""

_ENDINGS = sorted(
    """
    амі ямі аў яў оў ёў ам ям ах ях ом ём ем эм ой ёй ай яй ей эй ою ёю аю яю ею а я о ё е э ы і у ю ь й
    ага яга ога яму аму ому ымі імі ым ім ых іх ая яя ое ее яе ае ыя ія ую юю
    ць ці цца ла ло лі ў ўся лася лося ліся юць яць уць аць іць ыць юцца уцца яцца аецца яецца ецца іцца ыцца
    нуты нутая нутае нутыя нутага нутых нутым нутымі нуць нулі нуў нула нула
    """.split(),
    key=len,
    reverse=True,
)
_SHORTEST = 3  # letters of a stem
_VOWELS = frozenset("аяоёеэыіуюьйў")


class Belarusian:
    """Belarusian words."""

    def of_text(self, word: str) -> tuple[str, ...]:
        """Return the stem."""
        return (stem(word),)

    of_term = of_text


def stem(word: str) -> str:
    """Return what is left of a word in small letters without its ending."""
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) - len(one) >= _SHORTEST), "")
    left = word[: len(word) - len(ending)]
    while len(left) > _SHORTEST and left[-1] in _VOWELS:
        left = left[:-1]
    return left[:-1] if len(left) > _SHORTEST and left[-1] == left[-2] else left
