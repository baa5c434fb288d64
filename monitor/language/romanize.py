"""Writes Cyrillic words in small Latin letters, for ids that are made of words; for matching nothing is romanized."""

_ONE = dict(zip("абвгґдеёзиійклмнопрстуўфыэ", "abvggdeeziiyklmnoprstuufye", strict=True))
_MORE = {"є": "ye", "ж": "zh", "ї": "yi", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"}
_LETTERS = str.maketrans({**_ONE, **_MORE, "ъ": "", "ь": ""})


def romanize(text: str) -> str:
    """Return folded text with the letters of Russian, Ukrainian and Belarusian in Latin; all else stays as it is.

    One table serves the three languages, so that Ukrainian г is g and и is i, as in no standard but readable.
    """
    return text.translate(_LETTERS)
