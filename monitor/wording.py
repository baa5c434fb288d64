"""Numbers in sentences, for the log and the command line."""


def counted(number: int, word: str) -> str:
    """Return `1 source` or `2 sources`; the plural of the word must be made by an s."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
