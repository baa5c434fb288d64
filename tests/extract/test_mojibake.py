"""Damage that can be shown is repaired; correct text of any language is left alone."""

import gzip
import json
import os
from pathlib import Path

import pytest

from monitor.extract.mojibake import repair

GOOD = "Belarus 🇧🇾 is sending “special forces” — the country’s chief said… to Ukraine 🇺🇦"


def damaged(text: str, encoding: str) -> str:
    """Read UTF-8 as another encoding; bytes that it does not have become controls, as browsers do it."""
    return "".join(bytes((byte,)).decode(encoding, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize(
    "encoding", ["cp1252", "cp1253", "cp1251", "cp1257", "cp1254", "mac_roman", "cp437", "latin-1"]
)
def test_damage_is_repaired(encoding: str) -> None:
    assert repair(damaged(GOOD, encoding)) == (GOOD, True)


@pytest.mark.parametrize("encoding", ["cp1253", "cp1257"])
def test_bytes_that_were_lost_on_the_way_are_put_back(encoding: str) -> None:
    lost = "".join(letter for letter in damaged(GOOD, encoding) if not "\x80" <= letter <= "\x9f")
    assert repair(lost)[0] == GOOD


def test_controls_that_a_parser_took_for_windows_letters_are_repaired() -> None:
    assert repair("β€œSheβ€™s quick,β€\x9d he said πŸ‡§πŸ‡Ύ")[0] == "“She’s quick,” he said 🇧🇾"


@pytest.mark.parametrize("encoding", ["cp1252", "cp1251", "latin-1"])
def test_damaged_russian_is_repaired(encoding: str) -> None:
    russian = "Минобороны: войска у границы — «Искандер»"
    assert repair(damaged(russian, encoding)) == (russian, True)


def test_one_damaged_quote_in_a_correct_greek_text_is_repaired_alone() -> None:
    assert repair("Ο Πρωθυπουργός είπε «ναι» β€” και έφυγε")[0] == "Ο Πρωθυπουργός είπε «ναι» — και έφυγε"


@pytest.mark.parametrize(
    "text",
    [
        "Πρωθυπουργός: «Το 20% π.χ. των πολιτών» – β' φάση, κόστος 5 €",
        "РОССИЯ И СССР: «Район „А“» № 5 – ё, Џорџ рџ Ђорђевић љубав",
        "NÃO É FÁCIL: ÇÕES Â Ê Ø Ñ — São Paulo, 5 ½ ° ± µ",
        "İstanbul'da şöyle ğüneş Ğ Ş ‰ † ‡ § ¶",
        "Łódź, žalias, īsts, õun, škoda – „taip“ € šį",
        "قال الرئيس: «نعم» — ۵٪",
        "שלום „עולם”",
        "Æ Ø Å – Þór, það ‡ †",
        "Τιμή β€100 και π…",
        "привет 🇺🇦 emoji 👍🏽",
    ],
)
def test_correct_text_is_left_alone(text: str) -> None:
    assert repair(text) == (text, False)


@pytest.mark.slow
def test_of_real_news_only_damaged_ones_change() -> None:
    if not (corpus := os.environ.get("MONITOR_CORPUS")):
        pytest.skip("MONITOR_CORPUS does not name the corpus")
    with gzip.open(Path(corpus) / "news" / "sample.jsonl.gz", "rt") as lines:
        texts = [f"{item.get('title')}\n{item.get('text')}" for item in map(json.loads, lines)]
    changed = [text for text in texts if repair(text)[1]]
    assert all(any("\x80" <= letter <= "\x9f" for letter in text) or "Ã" in text for text in changed)
    assert 10 <= len(changed) <= 40  # 25 of 26,739, each read
