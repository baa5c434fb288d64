"""The script tells most languages, words the rest; what is not clear is not guessed; wrong declarations give way."""

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.detect import detect, language_of, normal_code
from monitor.language.scripts import script_of

SENTENCES = {
    "en": "The defence ministry said on Tuesday that three brigades had left for the southern border",
    "de": "Das Verteidigungsministerium teilte am Dienstag mit, dass drei Brigaden an die Grenze verlegt werden",
    "fr": "Le ministère de la Défense a annoncé mardi que trois brigades sont parties vers la frontière",
    "es": "El ministerio de Defensa dijo el martes que tres brigadas salieron hacia la frontera del sur",
    "it": "Il ministero della Difesa ha detto che tre brigate sono partite per il confine",
    "pt": "O ministério da Defesa disse que três brigadas não foram para a fronteira do sul",
    "nl": "Het ministerie van Defensie zegt dat drie brigades naar de grens zijn vertrokken",
    "pl": "Ministerstwo obrony poinformowało, że trzy brygady zostały wysłane na południową granicę",
    "cs": "Ministerstvo obrany uvedlo, že tři brigády odjely k jižní hranici země",
    "lt": "Krašto apsaugos ministerija pranešė, kad trys brigados išvyko prie sienos",
    "lv": "Aizsardzības ministrija paziņoja, ka trīs brigādes devušās uz robežu",
    "et": "Kaitseministeerium teatas, et kolm brigaadi on teel lõunapiiri poole",
    "hu": "A védelmi minisztérium szerint három dandár már elindult a déli határ felé",
    "ro": "Ministerul Apărării a anunțat că trei brigăzi au plecat spre granița de sud",
    "tr": "Savunma bakanlığı üç tugayın güney sınırına gönderildiğini ve tatbikatın başladığını bildirdi",
    "ru": "Министерство обороны сообщило, что три бригады выдвинулись к южной границе",
    "uk": "Міністерство оборони повідомило, що три бригади вирушили до південного кордону",
    "be": "Міністэрства абароны паведаміла, што тры брыгады рушылі да паўднёвай мяжы",
    "bg": "Министерството на отбраната съобщи, че три бригади са тръгнали към южната граница",
    "sr": "Министарство одбране је саопштило да су три бригаде кренуле ка јужној граници",
    "mk": "Министерството за одбрана соопшти дека три бригади тргнале кон јужната граница на земјата ќе",
    "kk": "Қорғаныс министрлігі үш бригада оңтүстік шекараға аттанғанын хабарлады",
    "el": "Το υπουργείο Άμυνας ανακοίνωσε ότι τρεις ταξιαρχίες έφυγαν",
    "ar": "أعلنت وزارة الدفاع أن ثلاثة ألوية تحركت إلى الحدود",
    "fa": "وزارت دفاع گفت که سه تیپ به مرز جنوبی رفته‌اند",
    "ur": "وزارت دفاع نے کہا ہے کہ تین بریگیڈ سرحد کی طرف روانہ ہوئے",
    "he": "משרד הביטחון הודיע כי שלוש חטיבות יצאו לגבול",
    "hi": "रक्षा मंत्रालय ने कहा कि तीन ब्रिगेड सीमा पर गए",
    "ka": "თავდაცვის სამინისტრომ განაცხადა",
    "hy": "Պաշտպանության նախարարությունը հայտնեց",
    "th": "กระทรวงกลาโหมกล่าวว่า",
    "ko": "국방부는 세 여단이 이동했다고 밝혔다",
    "ja": "防衛省は三つの旅団が移動したと発表した",
    "zh": "国防部表示三个旅已前往南部边境",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_is_recognised(language: str) -> None:
    assert detect(SENTENCES[language]) == language


@pytest.mark.parametrize(
    ("headline", "language"),
    [
        ("Лукашенко поздравил военных с праздником", "ru"),
        ("Бригада переброшена к границе", "ru"),
        ("Зеленський прибув до Львова", "uk"),
        ("Лукашэнка сустрэўся з вайскоўцамі", "be"),
        ("Удар по складу с боеприпасами в Харькове (Reuters)", "ru"),
        ("Mort d'Hervé Temime, avocat et figure du barreau", "fr"),
        ("Iskander: 123 / 456", ""),
        ("Mercosur", ""),
        ("12:30", ""),
        ("", ""),
        ("🇺🇦🇧🇾", ""),
    ],
)
def test_a_headline_is_recognised_or_not_guessed(headline: str, language: str) -> None:
    assert detect(headline) == language


@pytest.mark.parametrize(
    ("text", "declared", "of_source", "expected"),
    [
        (SENTENCES["en"], ("en-GB", ""), "", ("en", "declared")),
        (SENTENCES["ru"], ("", "en-US"), "", ("ru", "detected")),
        (SENTENCES["pl"], ("", "en"), "", ("pl", "detected")),
        (SENTENCES["pl"], ("", "en"), "pl", ("pl", "source")),
        (SENTENCES["pl"], ("", ""), "", ("pl", "detected")),
        (SENTENCES["uk"], ("ua", "ru"), "ru", ("uk", "declared")),
        ("Iskander 123", ("", "PL_pl"), "en", ("pl", "declared")),
        ("Iskander 123", ("", "x-klingon"), "en", ("en", "source")),
        ("Iskander 123", ("", ""), "", ("", "")),
        ("Forsvaret sier at tre brigader er på vei til grensen i nord", ("", "da"), "", ("da", "declared")),
    ],
)
def test_a_declaration_holds_unless_the_text_contradicts(
    text: str, declared: tuple[str, ...], of_source: str, expected: tuple[str, str]
) -> None:
    assert language_of(text, declared=declared, of_source=of_source) == expected


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("en-us", "en"),
        ("rus", "ru"),
        ("iw", "he"),
        ("English", "en"),
        ("nb_NO", "no"),
        ("und", ""),
        ("1", ""),
        ("хх", ""),
    ],
)
def test_declared_codes_are_made_normal(declared: str, code: str) -> None:
    assert normal_code(declared) == code


def test_names_in_latin_script_do_not_hide_the_script() -> None:
    assert script_of("Apple и Google ответят за Android") == "Cyrillic"
    assert script_of("Отчёт") == "Cyrillic"
    assert script_of("BBC News: the word «да» was heard in London") == "Latin"
    assert script_of("123 – !") == ""


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    found = detect(text)
    assert found == "" or (2 <= len(found) <= 3 and found.isalpha())


@pytest.mark.slow
@pytest.mark.parametrize(("language", "least"), [("en", 0.85), ("ru", 0.85), ("uk", 0.95), ("de", 0.9), ("it", 0.88)])
def test_of_real_news_few_are_missed_and_hardly_any_wrong(language: str, least: float) -> None:
    if not (corpus := os.environ.get("MONITOR_CORPUS")):
        pytest.skip("MONITOR_CORPUS does not name the corpus")
    with gzip.open(Path(corpus) / "news" / "sample.jsonl.gz", "rt") as lines:
        items = [item for item in map(json.loads, lines) if item.get("lang") == language and item.get("title")]
    found = [detect(f"{item['title']}\n{item.get('text') or ''}") for item in items[:3000]]
    assert found.count(language) >= least * len(found)
    # The corpus itself calls some items by the country of their source, not by their language.
    assert sum(one not in ("", language) for one in found) <= 0.05 * len(found)
