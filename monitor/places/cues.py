"""What stands around a name and says how it is meant: where something is, who acts, or somebody's name; no effects."""

import re
from functools import cache, lru_cache

from monitor.places.find import Named

_WORDS = 4  # before a name that say how it is meant
_BACK, _AHEAD = 28, 60  # characters looked at before and after a name

STRONG, WEAK, NONE = "at", "toward", ""

_AT_WORDS = r"""
    in near at outside around over inside across throughout above off beyond via
    (?:city|town|village|settlement|port|outskirts|suburbs?|streets|cent(?:er|re)|district|west|east|north|south)\s+of
    village town city settlement port hamlet airfield airbase
    в во у ў на под пад під над по около возле біля каля ля близ вблизи за окрестностях центре центрі
    недалеко\s+от непод[аа]л[её]ку?\s+от неподалік(?:\s+від)?
    г\. гор\. город[аеу]? м\. міст[оіа] горад\w* пос\. пос[её]л\w* селищ\w* деревн\w+ в[её]ск\w+ с\. д\. сел[оеауі]
    х\. хутор\w* н\.п\. аэродром\w*
    w we na pod ko[lł]o obok przy nad k\. mie[sś]cie miasta miasto miejscowo[sś]c\w+ wsi wie[sś] niedaleko okolicach
    centrum
"""
_TOWARD_WORDS = r"""
    to from towards? into of through between on against strikes? hits? shells? bombs? attacks? leaves? reach(?:es|ed)?
    enter(?:s|ed)?
    из из-под з із зі с со до к ко через між между от ад від для атак\w+ обстрел\w+ обстріл\w+
    z ze do od za mi[eę]dzy ku przez
"""
_BETWEEN = (  # what may stand between such a word and the name
    r"(?:\s+the)?(?:\s+(?:north|south|east|west|northern|southern|eastern|western|central|downtown|occupied|nearby))?"
)


@cache
def _before(words: str) -> re.Pattern[str]:
    """Return what finds such a word before a name; made when it is first asked for, since making it is dear."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(words.split())}){_BETWEEN}\s+$", re.IGNORECASE)


_SAID = re.compile(
    r"^[\s,\u00a0]{1,3}(?:\w+\s){0,2}?(?:заяв|сообщ|сказа|ответ|відпов|прокоммент|прокомент|назва|отреаг|відреаг|считают|"
    r"вважають|повідом|паведам|адказ|призва|закл|пообещ|обіця|обещ|рассказ|розпов|расказ|опроверг|спростув|абверг|"
    r"powiedz|odpowied|twierdz|zapewni|grozi|ostrzega|пригроз|предупр|попередж)",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[-\u2010\u2011](?=[^\W\d_])[A-Z\u00c0-\u00de\u0410-\u042f\u0401\u0404\u0406\u0407\u040e]")
_AND = re.compile(r"\s*(?:,|,?\s(?:and|or|и|і|й|та|ды|або|или|i|oraz|lub))\s+", re.IGNORECASE)
_WATERS = re.compile(r"\b(?:gulf|sea|strait|bay) of(?: the)?\s$", re.IGNORECASE)
_OF_A_TOWN = re.compile(  # what only a place has
    r"\s(?:international\s+)?(?:airport|airfield|air ?base|police|mayor|metro|subway|residents?|suburbs?|outskirts|"
    r"hospitals?|railway)\b",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"^\s*[,./]?\s*(?:\d{1,2}\s+\w+|\w{3,9}\.?\s+\d{1,2})?\s*[.,]?\s*"
    r"(?:\(\w|/\w|[-\u2013\u2014]\s|\w+\s*[-\u2013\u2014]\s|интерфакс|тасс|белта)",
    re.IGNORECASE,
)
_MADE_OF = re.compile(  # a thing that only has its name of a place: a newspaper, a treaty, a club, a sea
    r"^[\s\u00a0-]+(?:(?:Times|Post|Independent|Pact|Memorandum|Conventions?|Accords?|Agreements?|agreements?|Protocols?|"
    r"Seas?|Oceans?|River|Bay|Stock Exchange|Treaty|School of|University|FC|United|Marathon|Open|Process|process)\b|"
    r"[мМ]ор[еяюі]|[оО]кеан|[зЗ]алив|[зЗ]аток|соглаш|договор|угод|дамоў|дагавор|пакт|процесс|протокол|конвенц|"
    r"меморандум|формат|porozumie|umow|układ)"
)
_DIRECTION = frozenset(
    """
    in near at outside around over from to toward towards of into across inside on through between by for and but as the
    after with while when if north south east west northern southern eastern western central new greater upper lower
    в у ў на под пад під над из з із за до от ад від к по w we z na pod do od nad
    occupied former says said see how why what where is are was were has will may can president minister ministry
    """.split()
)
_WORD_BEFORE = re.compile(r"(\w[\w.’'-]*)[\s\u00a0]$")
_WORD_AFTER = re.compile(r"^[\s\u00a0](\w[\w’'-]*)")
_KINDS_OF_PLACE = frozenset(
    """
    airport airfield airbase base city town district region oblast river railway station port harbour harbor bridge
    front direction axis raion county province state area garrison military regional mayor governor ukraine belarus
    """.split()
)


def cue_of(text: str, one: Named) -> str:
    """Return how the words before a name place it: STRONG ("in Brest"), WEAK ("from Brest") or NONE."""
    before = text[max(0, one.start - _BACK) : one.start]
    if _OF_A_TOWN.match(text[one.end : one.end + _AHEAD]):
        return STRONG
    if not before or not before[-1].isspace():
        return NONE
    return _said_by(" ".join(before.split()[-_WORDS:]))


@lru_cache(8192)
def _said_by(words: str) -> str:
    """Return how the last words before a name place it; the same few words stand there again and again."""
    if _before(_AT_WORDS).search(f"{words} "):
        return STRONG
    return WEAK if _before(_TOWARD_WORDS).search(f"{words} ") else NONE


def lists(between: str) -> bool:
    """Tell whether nothing but a comma or an "and" stands between two names."""
    return _AND.fullmatch(between) is not None


def has_article(text: str, one: Named) -> bool:
    """Tell whether "the" stands before a name: then it is none, but the word."""
    return text[max(0, one.start - 4) : one.start].lower() in {"the ", " a ", "a "}


def speaks(text: str, one: Named) -> bool:
    """Tell whether it is said of a name that it says something: "в Киеве заявили"."""
    return _SAID.match(text[one.end : one.end + _AHEAD]) is not None


def is_dateline(text: str, one: Named) -> bool:
    """Tell whether a name begins a text only to say where the report was filed."""
    return not text[: one.start].strip() and _DATELINE.match(text[one.end : one.end + _AHEAD]) is not None


def names_a_thing(text: str, one: Named) -> bool:
    """Tell whether a name is only part of the name of a newspaper, a treaty, a club or a sea."""
    if _WATERS.search(text, max(0, one.start - _BACK), one.start):
        return True
    return _MADE_OF.match(text[one.end : one.end + _AHEAD]) is not None


def beside_names(text: str, one: Named, taken: frozenset[int]) -> tuple[bool, bool, bool]:
    """Tell whether a word with a capital that names no place stands right before, right after, or joined to it.

    So do names of people. `taken` are the starts and ends of what is named in the text.
    """
    before = _WORD_BEFORE.search(text, max(0, one.start - _BACK), one.start)
    after = _WORD_AFTER.match(text[one.end : one.end + _BACK])
    return (
        before is not None
        and before[1][0].isupper()
        and before[1].lower() not in _DIRECTION
        and before.end(1) not in taken
        and not before[1].endswith("."),
        after is not None
        and after[1][0].isupper()
        and after[1].lower() not in _KINDS_OF_PLACE | _DIRECTION
        and one.end + after.start(1) not in taken,
        _JOINED.match(text[one.end : one.end + 2]) is not None and one.end + 1 not in taken,
    )
