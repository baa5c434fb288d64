"""Words, sentences and paragraphs, in more than twenty scripts; each line of a table holds what must come of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language import tokens as cutting
from monitor.language.fold import fold, plain, script
from monitor.language.tokens import stands_alone, tokenize

# script or sign: text -> its folded words
WORDS = {
    "Latin": ("Troops, MASSED: 3 brigades", "troops massed 3 brigades"),
    "accents": ("Żołnierze í café naïve Łódź", "zolnierze i cafe naive lodz"),
    "combining accents": ("cafe\u0301 Z\u0307o\u0142nierz", "cafe zolnierz"),
    "German": ("Straße, Fußtruppen und Übung", "strasse fusstruppen und ubung"),
    "capital eszett": ("GROẞE STRASSE", "grosse strasse"),
    "Turkish": ("Irak ırak İran iran ISPARTA", "irak irak iran iran isparta"),
    "Scandinavian": ("Øresund, Ærø, Þórr", "oresund aero thorr"),
    "Vietnamese": ("Quân đội Việt Nam", "quan doi viet nam"),
    "Azerbaijani": ("Qarabağda hərbi təlim", "qarabagda herbi telim"),
    "Greek": ("Στρατός, ΣΤΡΑΤΟΣ, στρατὸς", "στρατοσ στρατοσ στρατοσ"),
    "Russian": ("Войска ещё у границы; ЕЁ", "войска еще у границы ее"),
    "stress marks": ("за\u0301мок и замо\u0301к", "замок и замок"),
    "short i stays": ("Край краи\u0306 краи", "край край краи"),
    "Ukrainian": ("об'єкт об’єкт обʼєкт", "обєкт обєкт обєкт"),
    "Ukrainian yi": ("Україна і їжа", "україна і їжа"),
    "Belarusian": ("вайскоўцы ў аб’екце", "вайскоўцы ў абекце"),
    "quoted Cyrillic": ("сказал: 'войска'", "сказал войска"),
    "Armenian": ("Զորքեր, ԶՈՐՔԵՐ", "զորքեր զորքեր"),
    "Georgian": ("ჯარი, ᲯᲐᲠᲘ", "ჯარი ჯარი"),
    "Hebrew": ("צָבָא צבא", "צבא צבא"),
    "Hebrew abbreviation": ('צה"ל צה״ל', "צהל צהל"),
    "Arabic": ("جَيْش جيش جـيـش", "جيش جيش جيش"),
    "Arabic letters": ("إلى أمن قوة", "الي امن قوه"),
    "Persian": ("نیروهای ارتش", "نيروهاي ارتش"),
    "Persian joiner": ("می\u200cرود میرود", "ميرود ميرود"),
    "Urdu": ("فوجی مشق", "فوجي مشق"),
    "Devanagari": ("सेना की हिन्दी", "सेना की हिन्दी"),
    "nukta": ("\u0915\u093c \u0958", "\u0915\u093c \u0915\u093c"),
    "Bengali": ("সেনাবাহিনী সীমান্তে", "সেনাবাহিনী সীমান্তে"),
    "Tamil": ("இராணுவம் எல்லை", "இராணுவம் எல்லை"),
    "Telugu": ("సైన్యం సరిహద్దు", "సైన్యం సరిహద్దు"),
    "Sinhala": ("හමුදා දේශසීමා", "හමුදා දේශසීමා"),
    "Ethiopic": ("ወታደሮች፣ ድንበር", "ወታደሮች ድንበር"),
    "Thai": ("ทหาร", "ท ห า ร"),
    "Thai vowels": ("กำลัง กํา", "ก ํา ลั ง ก ํา"),
    "Lao": ("ທະຫານ", "ທ ະ ຫ າ ນ"),
    "Burmese": ("စစ်တပ်", "စ စ် တ ပ်"),
    "Khmer": ("ទាហាន", "ទា ហា ន"),
    "Tibetan": ("དམག་མི", "དམག མི"),
    "Mongolian": ("ᠴᠡᠷᠢᠭ ᠬᠢᠯᠢ", "ᠴᠡᠷᠢᠭ ᠬᠢᠯᠢ"),
    "Chinese": ("军队在边境", "军 队 在 边 境"),
    "Chinese and Latin": ("NATO军队2022年", "nato 军 队 2022 年"),
    "Japanese": ("軍がミサイル", "軍 が ミ サ イ ル"),
    "half width": ("ﾐｻｲﾙ ｶﾞ", "ミ サ イ ル ガ"),
    "full width": ("ＮＡＴＯ　１２３", "nato 123"),
    "Korean": ("군대가 국경에", "군대가 국경에"),
    "Korean jamo": ("\u1100\u116e\u11ab\u1103\u1162", "군대"),
    "digits": ("٣٤٥ ३४ ３４", "345 34 34"),
    "ligatures": ("ﬁre oﬃce", "fire office"),
    "soft hyphen": ("de\u00adploy\u00adment", "deployment"),
    "zero width": ("\u200bde\u200bploy\ufeff", "deploy"),
    "hyphens": ("air-defence air\u2011defence air–defence", "air defence air defence air defence"),
    "no-break space": ("special\u00a0forces special\u202fforces", "special forces special forces"),
    "apostrophes": ("Russia's Russia’s l'armée l’armée", "russia s russia s l armee l armee"),
    "Hawaiian": ("Hawaiʻi Hawai'i", "hawai i hawai i"),
    "capitals with stops": ("U.S. and U.K.-backed, e.g. this", "us and uk backed e g this"),
    "Cyrillic with stops": ("С.Ш.А. и т.д.", "сша и т д"),
    "initials": ("J. Smith", "j smith"),
    "names of files": ("see report_final.v2", "see report final v2"),
    "emoji": ("🇺🇦 troops 🪖!", "troops"),
    "nothing": ("... — !?", ""),
}


@pytest.mark.parametrize(("text", "words"), WORDS.values(), ids=WORDS.keys())
def test_words(text: str, words: str) -> None:
    assert tokenize(text).words == words.split()


# what must be one word: two spellings
SAME = [
    ("Straße", "STRASSE"),
    ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ("Ёлка", "елка"),
    ("İstanbul", "istanbul"),
    ("ﬁle", "FILE"),
    ("café", "cafe\u0301"),
    ("Ｔａｎｋ", "tank"),
    ("كتاب", "كِتَابٌ"),
    ("ᲯᲐᲠᲘ", "ჯარი"),
    ("Ŀ", "l"),
]
OTHER = [("мой", "мои"), ("їх", "іх"), ("ґрати", "грати"), ("की", "का"), ("か", "が"), ("שלום", "שלומ"), ("кіт", "кит")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_word_are_equal(one: str, other: str) -> None:
    assert fold(one)
    assert fold(one).rstrip("\u00b7") == fold(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_different_letters_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


# sentences are divided by |, as the text is read without it
SENTENCES = [
    "Troops left. |They are back. |Really?! |Yes.",
    "Mr. Brown and Gen. Lee met Dr. Fox at 5.30 p.m. in St. Petersburg. |Then they left.",
    "The U.S. Army moved. |Troops of the U.S. |The U.K. followed.",
    "It was No. 5 of 7.5 million. |No. |That is all.",
    "J. F. Smith of Kestrel Inc. agreed. |He works for Kestrel Inc. |It pays well.",
    'He said: "They left." |Then he left. |“We go.” |They went.',
    '"Stop!" he cried. |Nobody did.',
    "They waited... and waited… until dawn. |They left… |Nobody came.",
    "On Jan. 5 they met. |It was cold in Jan. |It still is.",
    "see report.example.com for more. |It is long.",
    "В 2022 г. |Войска ушли. |Это г. Минск и ул. Ленина, д. 5, тыс. солдат и т. д.",
    "А. Г. Иванов, ген. Петров и др. были там. |Они ушли.",
    "Це вул. Шевченка в м. Київ, напр. тут. |Вони пішли.",
    "Płk. Nowak i gen. Lis z ul. Długiej mówili m.in. o tym. |Potem wyszli.",
    "Am 5. Mai kamen Dr. Fuchs und ca. 30 Mann, z.B. Jäger. |Sie gingen.",
    "军队已经撤离。|边境平静！|真的？|是的。",
    "軍は去った。|「終わった。」|次の文。",
    "سحب الجيش قواته. |هل هذا صحيح؟ |نعم.",
    "सेना लौट आई। |सीमा शांत है।",
    "فوج واپس آ گئی۔ |سرحد پر سکون ہے۔",
    "Զորքերը գնացին։ |Սահմանը հանգիստ է։",
    "ጦሩ ተመለሰ። |ድንበሩ ጸጥ ብሏል።",
    "ჯარი წავიდა. |საზღვარი მშვიდია.",
    "A headline without a stop\n|The next line",
    "a line that\ngoes on. |And ends.\n\n|And another.",
    "Ends (in brackets.) |Next one.",
]


@pytest.mark.parametrize("divided", SENTENCES)
def test_sentences(divided: str) -> None:
    tokens = tokenize(divided.replace("|", ""))
    expected = [len(tokenize(divided[:place]).words) for place, sign in enumerate(divided) if sign == "|"]
    assert tokens.sentences == expected


def test_paragraphs_are_bounded_by_blank_lines() -> None:
    assert tokenize("one two\nthree\n\nfour\n \t\n\n five").paragraphs == [3, 4]
    assert tokenize("\n\none\n\n").paragraphs == []


def test_scripts_that_have_no_blanks_stand_alone() -> None:
    assert [stands_alone(word) for word in ("军", "ガ", "ก", "ក", "စ", "ກ", "군", "ж", "a", "1", "")] == [True] * 6 + [
        False
    ] * 5


def test_script_of_a_word() -> None:
    assert [script(word) for word in ("tank", "zażółć", "żar", "войска", "300", "军", "जल")] == [
        "LATIN", "LATIN", "LATIN", "CYRILLIC", "", "CJK", "DEVANAGARI",
    ]  # fmt: skip


@given(st.text())
def test_any_text_is_cut_into_places_that_fit_its_words(text: str) -> None:
    tokens = tokenize(text)
    assert len(tokens.words) == len(tokens.places)
    last = 0
    for word, (start, end) in zip(tokens.words, tokens.places, strict=True):
        assert last <= start < end <= len(text)
        assert fold(text[start:end]) == word
        last = end
    for bounds in (tokens.sentences, tokens.paragraphs):
        assert bounds == sorted(set(bounds))
        assert all(0 < number < len(tokens.words) for number in bounds)
    assert set(tokens.paragraphs) <= set(tokens.sentences)


TRICKY = st.lists(
    st.sampled_from("U.S. С.Ш.А. об'єкт צה\"ל ﬁ ß İ ı ́ ๅ ำ กำ 军队 ガ _ - ' . \n é é a aa A 1 ’ …".split(" "))
)


@given(TRICKY, st.sampled_from(["", " "]))
def test_places_are_where_the_words_were_cut(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    simple = cutting._simple(text)
    cut = [found.span() for found in cutting._pattern(simple).finditer(simple)]
    assert tokenize(text).places == cut


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_folding_twice_changes_nothing(text: str) -> None:
    for word in tokenize(text).words:
        assert fold(word) == word
    assert plain(plain(text)) == plain(text)


@given(st.text(alphabet="aB c.-'\n1"), st.sampled_from("é—“Ж军"))
def test_plain_and_other_text_are_cut_alike(text: str, sign: str) -> None:
    """ASCII takes a shorter way through the code; a sign at the end that is not ASCII must not change the rest."""
    assert tokenize(f"{text} {sign}").words[: len(tokenize(text).words)] == tokenize(text).words
