"""Numbers in sentences, for the log and the command line."""


def counted(number: int, word: str, plural: str = "") -> str:
    """Return `1 source` or `2 sources`; a plural that is not made by an s has to be given."""
    return f"{number} {word}" if number == 1 else f"{number} {plural or word + 's'}"
