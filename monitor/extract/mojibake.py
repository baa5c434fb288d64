"""Repairs text that was read in the wrong encoding; ftfy looks only where a cheap look asks for it."""

import re

SUSPECT = re.compile("[\u0080-\u009f]|[ÃÂâÐÑ][\u0080-\u00bf\u2018-\u203a€™œžŸ]|β€|π\u009f|π‡|Γ[\u0080-\u00bf©¨Ά]|Ð[\u0080-\u00bf°±²³´µ]|вЂ|Р[°±Ііµ]С")


def repair(text: str) -> tuple[str, bool]:
    """Return the text, repaired where it was damaged, and whether it was."""
    if text.isascii() or not SUSPECT.search(text):
        return text, False
    import ftfy

    fixed = ftfy.fix_encoding(text)
    return fixed, fixed != text
