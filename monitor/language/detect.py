"""Which language a text is in: by its declaration unless the letters contradict."""

from collections.abc import Iterable

CYRILLIC = (("be", "ў"), ("uk", "їєґ"), ("ru", "ыэъё"), ("uk", "і"))
SCRIPTS = (
    ("el", 0x0370, 0x03FF), ("he", 0x0590, 0x05FF), ("ar", 0x0600, 0x06FF), ("hi", 0x0900, 0x097F), ("th", 0x0E00, 0x0E7F),
    ("ka", 0x10A0, 0x10FF), ("hy", 0x0530, 0x058F), ("ja", 0x3040, 0x30FF), ("ko", 0xAC00, 0xD7AF), ("zh", 0x4E00, 0x9FFF),
)  # fmt: skip
CYRILLIC_LANGUAGES = {"ru", "uk", "be", "bg", "sr", "mk", "kk"}


def detect(text: str) -> str:
    """Return ISO 639-1 where the script tells, else ""."""
    sample = text[:400].casefold()
    letters = [letter for letter in sample if letter.isalpha()]
    if not letters:
        return ""
    if sum("\u0400" <= letter <= "\u052f" for letter in letters) * 2 > len(letters):
        return next((language for language, signs in CYRILLIC if any(sign in sample for sign in signs)), "")
    for language, first, last in SCRIPTS:
        if sum(first <= ord(letter) <= last for letter in letters) * 3 > len(letters):
            return language
    return ""


def language_of(text: str, declared: Iterable[str]) -> tuple[str, str]:
    """Return the language and where it is known from."""
    found = detect(text)
    for number, one in enumerate(declared):
        code = one.replace("_", "-").partition("-")[0].lower()
        if len(code) in (2, 3) and code.isalpha() and (not found or found == code):
            return code, "source" if number == 2 else "declared"
    return found, "detected" if found else ""
