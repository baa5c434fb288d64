"""Whom an article credits with its news: "(Reuters)", "PAP informuje", "со ссылкой на AFP"; no effects.

A credit is where a newsroom puts it: the author, the title, the first two sentences, the last line, and the sentences
that hold evidence. There a name counts only as a dateline, a signature or the one who reports: a photographer of the
agency, an opinion poll of the newspaper and a picture's caption are mentions. Names become marks first (private
characters around a number), so that one expression serves all of them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from monitor.language.sentences import sentence_ends
from monitor.model import Article, Field, Hit
from monitor.story import origins

_LEAD = 2  # sentences in which a newsroom says whose news it is
_LONGEST = 600  # characters of them
_DATED = 160  # characters at the beginning in which the dateline ends
_TAIL = 120  # characters at the end in which it signs
_OPENS, _CLOSES = '[«"“„*_]{0,3}', '[»"”*_]{0,3}'  # quotation marks and stars of bold type belong to a name
_MARK = "\ue000(\\d+)\ue001"

# Who reports, in each language: before the name, and after it. Between verb and name may stand what the name is.
_KIND_EN = (
    r"(?:the |a |an |by |in |state[- ]?|run |owned |official |Russian |Ukrainian |Belarusian |Polish |news ?|agency |"
    r"wire |newspaper |broadcaster |report |from |of )*"
)
_KIND_RU = (
    r"(?:(?:информационн|государственн|российск|украинск|белорусск)\w+ )?(?:(?:информ)?агентств\w* |газет\w+ |"
    r"издани\w+ |"
    r"телеканал\w* |журнал\w* |корреспондент\w* |собеседник\w* |источник\w* )*"
)
_KIND_UK = (
    r"(?:(?:інформаційн|державн|українськ|російськ)\w+ )?(?:(?:інформ)?агентств\w+ |агенці\w+ |газет\w+ |видання\w* |"
    r"телеканал\w* |кореспондент\w* |джерел\w+ )*"
)
_KIND_BE = r"(?:агенцтв\w+ |агенств\w+ |газет\w+ |выданн\w+ |тэлеканал\w* |карэспандэнт\w* )*"
_KIND_PL = r"(?:agencj\w+ |dziennik\w* |gazet\w+ |portal\w* |stacj\w+ |tygodnik\w* |reporter\w* )*"
_BEFORE = (
    rf"(?i:\b(?:according to|as per|reported|citing|cited|quoting|quoted|reports?|told)) {_KIND_EN}",
    r"(?i:(?<!\w)(?:сообщ(?:ает|ают|ил|ила|ило|или)|переда[её]т|передают|переда(?:л|ла|ло|ли)|пиш[еу]т|писал[аои]?|"
    r"цитиру[ею]т|заявил[аи]?|сказал[аи]?|рассказал[аи]?|со ссылкой на|ссылаясь на|по данным|по информации|"
    rf"по сообщению|как стало известно))(?: об этом)? {_KIND_RU}",
    r"(?i:(?<!\w)(?:повідом(?:ляє|ляють|ив|ила|ило|или)|переда(?:є|ють|в|ла|ло)|пиш(?:е|уть)|інформу(?:є|ють)|"
    r"розпові(?:в|ла|ли)|сказа(?:в|ла|ли)|заяви(?:в|ла|ли)|за даними|за інформацією|[зі]з? посиланням на|"
    rf"посилаючись на|[ву] коментарі))(?: про це)? {_KIND_UK}",
    r"(?i:(?<!\w)(?:паведам(?:ляе|ляюць|іў|іла|ілі)|перада(?:е|юць|ў|ла)|піш(?:а|уць)|інфармуе|сказа(?:ў|ла|лі)|"
    rf"заяві(?:ў|ла|лі)|паводле|са спасылкай на|спасылаючыся на|па звестках|па інфармацыі))(?: пра гэта)? {_KIND_BE}",
    r"(?i:\b(?:podaje|poda[łl]a?|podają|informuje|poinformowa[łl]a?|donosi|donios[łl]a?|pisze|przekaza[łl]a?|"
    r"przekazuje|"
    r"powiedzia[łl]a?|relacjonuje|cytuje|wed[łl]ug|powo[łl]ując się na|za agencją|cytowany przez|cytowana przez|"
    rf"[wW] rozmowie z)) {_KIND_PL}",
)
_AFTER = (
    r"(?: news| agency| news agency)? (?:reported|reports|said|says|has learned|has reported|has seen|quoted|cited|"
    r"citing)\b",
    r" (?:сообщ(?:ает|ил|ила|ило|или)|переда[её]т|переда(?:л|ла|ло)|пишет|писал[аои]?|узнал[аои]?|со ссылкой|"
    r"цитирует)(?!\w)",
    r" (?:повідом(?:ляє|ив|ила|ило|или)|передає|пише|інформує|[зі]з? посиланням)(?!\w)",
    r" (?:паведам(?:ляе|іў|іла|ілі)|перадае|піша|са спасылкай)(?!\w)",
    r" (?:podaje|poda[łl]a?|informuje|poinformowa[łl]a?|donosi|pisze|przekaza[łl]a?)\b",
)
_REPORTS = re.compile("|".join((*(f"(?:{one}){_MARK}" for one in _BEFORE), *(f"{_MARK}(?:{one})" for one in _AFTER))))
# An outlet that "said" or "told" may speak of itself; one that reports tells news.
_OWN_AFFAIRS = re.compile(rf"(?i:\btold (?:the )?){_MARK}|{_MARK} (?:said|says)\b")
# "Kremlin is ready, — Reuters", "... - Reuters" behind a title, "Reuters: Kyiv asked", "(Reuters)" at an end.
_SIGNED = re.compile(
    rf"(?:^|[\n.!?])\W{{0,4}}{_MARK}\s*:\s"
    rf"|[,.!?”»\"*]?\s[—–-]{{1,2}}\s*{_MARK}(?=\W*(?:$|\n|[.;|—–-]|[А-ЯЁІЇЄЎ]))"
    rf"|[—–-]\*\*\s*{_MARK}|:\s*{_MARK}\s*(?=$|[-—–|])"
    rf"|[(/\[]{_MARK}[)/\]][\s.]*$"
)
_DATELINE = re.compile(
    rf"^[^\n.!?]{{0,48}}(?:\.?\s[^\n.!?]{{0,24}}\.?\s)?[(/\[](?:[A-Z]{{2,8}}/)?{_MARK}(?:/[A-Z]{{2,8}})?[)/\]]"
    rf"|^{_MARK}\s*[—–-]{{1,2}}\s"
    rf"|^[^\W\d_a-zа-яё][\w .-]{{2,24}}[.,]\s(?:\d{{1,2}}\s\w+[.,]\s)?{_MARK}\s*[.—–-]"
)
_TAILED = re.compile(
    rf"(?i:sources?|источники?|джерел[оа]|крыніц[аы]|źródło|zdroj)\s*:\s*{_MARK}"
    rf"|[(/\[]{_MARK}[)/\]][\s.]*(?:\n.*)?$|[—–]\s*{_MARK}[\s.]*$"
    rf"|(?i:with (?:agency )?inputs? from|with reporting by|from|material from)\s(?:the )?{_MARK}[)\s.]*$"
)
# Somebody else's news, but whose is not said.
_UNNAMED = re.compile(
    r"(?i)^\W*(?:media )?reports?:\s|:\s*reports?\s*(?:$|[-—–|])|"
    r"\b(?:media|press|local|news) reports? (?:say|said|claim)|"
    r"according to (?:local |state |the )?(?:media|press)(?: reports?)?\b|^\W*(?:СМ[ИІ]|ЗМІ|media):\s|"
    r"[—–-]\s*(?:СМ[ИІ]|ЗМІ|media)\W*$|"
    r"(?:сообща|пиш|переда)[а-яё]+ СМИ(?!\w)|по (?:данным|сообщениям|информации) СМИ(?!\w)|"
    r"(?:повідомля|пиш)[а-яіїє]+ ЗМІ(?!\w)|за (?:даними|повідомленнями|інформацією) ЗМІ(?!\w)|"
    r"(?:паведамля|піш)[а-яіў]+ СМІ(?!\w)|па (?:звестках|паведамленнях|інфармацыі) СМІ(?!\w)|"
    r"(?:podają|donoszą|informują|piszą) media\b|według (?:lokalnych )?mediów\b"
)
_REUTERS = re.compile(r"\((?:Additional )?[Rr]eporting by [^()]{3,200}[Ee]diting by")
_PICTURE = re.compile(
    rf"(?i:photo(?:graph)?s?|picture|image|video|фото|кадры|відео|видео|фота|fot\.?|zdjęcie|foto)\W{{0,3}}(?:by |"
    rf"via )?{_MARK}"
)


Zone = tuple[str, tuple[re.Pattern[str], ...]]  # a piece of text, and the forms that a credit has there


def credited(article: Article, hits: Iterable[Hit] = ()) -> list[str]:
    """Return the keys of those of `origins` whom an article credits with its news, the first one first.

    UNNAMED stands last: "media report" is a credit, where no name is better.
    """
    found = _agencies(article.author)
    for text, patterns in zones(article, hits):
        found += _read(text, patterns, origins.writing(), lambda one: one.lastgroup or "")
    text = article.body or article.summary
    found += ["reuters"] * bool(_REUTERS.search(text[-300:]))
    if any(_UNNAMED.search(piece) for piece in (article.title, _lead(text))):
        found.append(origins.UNNAMED)
    return list(dict.fromkeys(found))


def _agencies(author: str) -> list[str]:
    """Return the agencies that an author's name holds: of agencies alone, outlets have authors of their own."""
    found = (one.lastgroup or "" for one in origins.writing().finditer(author))
    return [key for key in found if key in origins.agencies()]


def zones(article: Article, hits: Iterable[Hit] = ()) -> list[Zone]:
    """Return where a newsroom says whose news it is."""
    text = article.body or article.summary
    return [
        (article.title, (_SIGNED, _REPORTS)),
        (text[:_DATED], (_DATELINE,)),
        (_lead(text), (_SIGNED, _REPORTS)),
        (text[-_TAIL:], (_TAILED,)),
        *((sentence, (_SIGNED, _REPORTS)) for sentence in evident(article, hits)),
    ]


def _lead(text: str) -> str:
    ends = sentence_ends(text[:_LONGEST])
    return text[: ends[_LEAD - 1]] if len(ends) >= _LEAD else text[:_LONGEST]


def evident(article: Article, hits: Iterable[Hit]) -> list[str]:
    """Return the sentences of an article's text in which evidence lies."""
    found: dict[tuple[Field, int, int], str] = {}
    for part in (Field.SUMMARY, Field.BODY):
        spans = [
            (one.start, one.end)
            for hit in hits
            if hit.article_version == article.version
            for one in hit.evidence
            if one.field is part
        ]
        if spans:
            text = article.text(part)
            for start, end in sentences(text):
                if any(start < last and first < end for first, last in spans):
                    found[part, start, end] = text[start:end]
    return list(found.values())


def sentences(text: str) -> list[tuple[int, int]]:
    """Return where each sentence begins and ends, in characters, without the blanks around it."""
    spans, start = [], 0
    for end in (*sentence_ends(text), len(text)):
        piece = text[start:end]
        if stripped := piece.strip():
            begin = start + piece.index(stripped[0])
            spans.append((begin, begin + len(stripped)))
        start = end
    return spans


class Names:
    """Finds in articles the names of a story's own sources, where these are credited."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Know names, with their keys."""
        self._names = names
        listed = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
        first = "".join(sorted({re.escape(name[0]) for name in names}))
        self._writing = re.compile(rf"(?<!\w){_OPENS}(?=[{first or 'a'}])({listed})(?!\w){_CLOSES}")

    def credited(self, where: Iterable[Zone]) -> list[str]:
        """Return the keys of those whom an article with these zones credits, the first one first."""
        found: list[str] = []
        for text, patterns in where:
            if self._names and self._writing.search(text):
                found += _read(text, patterns, self._writing, lambda one: self._names[one[1]])
        return list(dict.fromkeys(found))


def _read(
    text: str,
    patterns: Sequence[re.Pattern[str]],
    writing: re.Pattern[str],
    key_of: Callable[[re.Match[str]], str],
) -> list[str]:
    """Return the keys of the names that one of the patterns finds credited, in their order in the text."""
    keys: list[str] = []

    def mark(one: re.Match[str]) -> str:
        keys.append(key_of(one))
        return f"\ue000{len(keys) - 1}\ue001"

    marked = writing.sub(mark, text.replace("\ue000", ""))
    if not keys:
        return []
    bare = _PICTURE.sub(" ", marked)
    found = []
    for pattern in patterns:
        for one in pattern.finditer(bare):
            key = keys[int(next(group for group in one.groups() if group))]
            if key in origins.agencies() or not (pattern is _REPORTS and _OWN_AFFAIRS.fullmatch(one[0])):
                found.append((one.start(), key))
    return [key for _, key in sorted(found)]
