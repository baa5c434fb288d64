"""Takes characters out of a text that nobody is meant to see: controls, bidi overrides, zero width, soft hyphens."""

import re

# C0 without tab and newline, DEL, C1, soft hyphen, Arabic letter mark, Mongolian vowel separator, zero width space,
# directional marks, embeddings and isolates, invisible operators, byte order mark, interlinear and object
# replacement, noncharacters, lone surrogates, and the tag block, which can hide whole sentences.
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffc\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]+"
)
# Joiners have a meaning after Arabic, Indic and other complex scripts, and inside emoji; elsewhere they only hide.
_JOINER = re.compile(
    "(?<![\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u2600-\u27bf\ufe0f\ufb50-\ufdff\ufe70-\ufeff"
    "\U0001f000-\U0001faff])[\u200c\u200d]+"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_ASCII_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_ASCII_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]+")


def strip_hidden(text: str) -> str:
    """Return the text without characters that nobody is meant to see; line ends of every kind become newlines."""
    if text.isascii():
        return _ASCII_CONTROLS.sub("", _LINE_ENDS.sub("\n", text)) if _ASCII_ODD.search(text) else text
    text = _HIDDEN.sub("", _LINE_ENDS.sub("\n", text))
    return _JOINER.sub("", text) if "\u200c" in text or "\u200d" in text else text


def one_line(text: str) -> str:
    """Return the text as one line without hidden characters, its words one space apart."""
    return " ".join(strip_hidden(text).split())
