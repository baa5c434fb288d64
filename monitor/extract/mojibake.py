"""Repairs UTF-8 that was read in an 8-bit encoding; the library looks only where a cheap look asks for it.

Punctuation and emoji are repaired piece by piece, since texts arrive mixed: a correct Greek or Russian text may hold
one damaged quote. A piece is replaced only if its characters, written in the wrong encoding, are the bytes of a
character in UTF-8. Bytes that an encoding does not have get lost on the way; where only one could have stood, it
is put back. Damaged words are left to ftfy, which weighs how likely the result is.
"""

import re
from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True, slots=True)
class _Damage:
    """How UTF-8 looks in one wrong encoding."""

    encoding: str
    quote: str  # the bytes E2 80, with which dashes, quotes and dots begin
    emoji: str  # the byte F0, with which emoji and flags begin


_DAMAGES = (
    _Damage("cp1252", "â€", "ð"),
    _Damage("cp1253", "β€", "π"),
    _Damage("cp1251", "вЂ", "р"),
    _Damage("cp1257", "ā€", "š"),
    _Damage("mac_roman", "‚Ä", ""),
    _Damage("cp437", "ΓÇ", "≡"),
    _Damage("latin-1", "â\x80", "ð"),
)


def _bytes_of(encoding: str) -> dict[str, int]:
    """Map characters to bytes; a byte that the encoding does not have is a control, or what cp1252 makes of it."""
    found: dict[str, int] = {}
    for byte in range(0x80, 0x100):
        raw = bytes((byte,))
        letters = raw.decode(encoding, "ignore") or chr(byte) + raw.decode("cp1252", "ignore")
        found |= dict.fromkeys(letters, byte)
    return found


_BYTES = {damage.encoding: _bytes_of(damage.encoding) for damage in _DAMAGES}
_LEADS = tuple(damage.quote for damage in _DAMAGES)
# The lead, and 9F (which several encodings do not have: then it is a control or lost; only flags are still sure).
_EMOJI = re.compile("[ðπрš][\x9fŸџ‡]|≡ƒ")
_WORDS = re.compile(
    "[ÃÂÅÄÐÑØÙÎÏ][\x80-\xbf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"  # Latin, Cyrillic, ... as cp1252
    "|(?:[РС][^\\sА-Яа-я\x00-\x7f]){1,}[РС]|(?:[РС]\\S){4,}|[ГВ][\x80-\xbf©«»®°±¶·Ђ-Џђ-џ]"  # as cp1251
    "|[ΞΟΓ][\x80-\xbf]|[Ï‚][Ä√©]|√[©®±≥†°ß¶]|[\x80-\x9f]"
)
# No damage is without one of these: how leading bytes look, and continuing bytes that are rare in good text.
_SUSPECT = frozenset("ÃÂÅÄÐÑØÙÎÏðâāšπβ√≡Γ‚€ƒ†‡ŸЂЃѓЉЊЌЋЏђљњќћџЈ°±µ¶·¦§©¬®") | frozenset(map(chr, range(0x80, 0xA0)))
_NOT_SURE = ("“", "”")  # E2 80 9C and 9D: their last byte may be lost
_WITHOUT_9D = frozenset(("cp1252", "cp1253", "cp1257"))
_OPENS = re.compile(r"(?:^|[\s(\[«—–-])$")


def repair(text: str) -> tuple[str, bool]:
    """Return the text, repaired where damage can be shown, and whether it was changed."""
    if text.isascii() or _SUSPECT.isdisjoint(text):
        return text, False
    has_marks = any(lead in text for lead in _LEADS) or _EMOJI.search(text) is not None
    if not has_marks and not _WORDS.search(text):
        return text, False
    fixed = _repair_words(text)  # first: to see words as damaged it needs the damage around them
    if has_marks:
        fixed = _repair_marks(fixed)
    return fixed, fixed != text


def _repair_marks(text: str) -> str:
    for damage in _DAMAGES:
        if damage.quote in text:
            text = _repair_quotes(text, damage)
    return _repair_emoji(text) if _EMOJI.search(text) else text


def _repair_quotes(text: str, damage: _Damage) -> str:
    first, *rest = text.split(damage.quote)
    parts = [first]
    for piece in rest:
        mark, length = _quote_of(piece, damage, parts[-1])
        parts += [mark or damage.quote, piece[length:]]
    return "".join(parts)


def _quote_of(piece: str, damage: _Damage, before: str) -> tuple[str, int]:
    """Return the mark whose damaged form goes on with `piece`, and how much of the piece belongs to it."""
    last = _bytes(piece[:1], damage.encoding)
    if len(last) == 1 and 0x80 <= last[0] <= 0xBF:
        return bytes((0xE2, 0x80, last[0])).decode(), 1
    if damage.encoding in _WITHOUT_9D and not piece[:1].isdigit():
        return _NOT_SURE[0 if _OPENS.search(before) and piece[:1].isalnum() else 1], 0
    return "", 0


def _repair_emoji(text: str) -> str:
    for damage in _DAMAGES:
        if damage.emoji and damage.emoji in text:
            pattern = damage.emoji + _second(damage.encoding) + "(?s:..)"
            text = re.sub(pattern, partial(_emoji_of, encoding=damage.encoding), text)
    return text


def _second(encoding: str) -> str:
    """Return a pattern for byte 9F in this encoding; before a flag's 87 it may be lost."""
    letters = "".join(re.escape(letter) for letter, byte in _BYTES[encoding].items() if byte == 0x9F)
    return f"[{letters}]" if len(letters) == 1 else f"(?:[{letters}]|(?=‡))"


def _emoji_of(found: re.Match[str], encoding: str) -> str:
    piece = found[0]
    try:
        letter = (b"\xf0\x9f" + _bytes(piece[-2:], encoding)).decode()
    except UnicodeDecodeError:
        return piece
    return letter if len(letter) == 1 and "\U0001f1e6" <= letter <= "\U0001faff" else piece


def _bytes(text: str, encoding: str) -> bytes:
    """Return the bytes that became these characters in an encoding, or b"" if it cannot be."""
    found = [_BYTES[encoding].get(letter) for letter in text]
    return b"" if None in found else bytes(byte for byte in found if byte is not None)


def _repair_words(text: str) -> str:
    import ftfy  # it is needed for few texts, and its tables take memory

    return ftfy.fix_encoding(text)
