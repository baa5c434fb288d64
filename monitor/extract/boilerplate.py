"""Marks what is not the article's own text: headlines of other articles, calls to read on, newsletter lines.

Marked text is kept and shown, but not matched; so a mark must be sure. A line counts only if it is short and begins
with such a call, or stands in capitals between two paragraphs that do not.
"""

import re

from monitor.model import Field, Mark

_LONGEST = 240  # characters of a line that can be a call or a headline
_FEWEST_WORDS = 4  # of a headline in capitals; shorter ones are section headings of the article itself
_LINE = re.compile(r"[^\n]+")

# Calls after which the headline of another article follows, with a colon or on the same line in a list.
_CROSSLINK = re.compile(
    r"\W*(?:(?:read|see|watch|listen|hear)\s+(?:also|more|next|too)|also\s+(?:read|see|watch)|related(?:\s+(?:articles?|stor(?:y|ies)|news|posts?|coverage|reading|content|topics?|links?))?|"
    r"recommended(?:\s+(?:articles?|stories|reading|posts?|for\s+you))?|more\s+(?:on\s+this(?:\s+story)?|from\s+\w+|stories)|don'?t\s+miss|must[\s-]read|explainer|"
    r"читайте\s+также|смотрите\s+также|по\s+теме|материалы\s+по\s+теме|читать\s+также|"
    r"читайте\s+також|дивіться\s+також|за\s+темою|читати\s+також|"
    r"чытайце\s+таксама|глядзіце\s+таксама|"
    r"czytaj\s+(?:też|także|również|więcej)|zobacz\s+(?:też|także|również)|przeczytaj\s+(?:też|także|również)|polecamy|"
    r"lesen\s+sie\s+(?:auch|mehr)|mehr\s+zum\s+thema|(?:à\s+)?lire\s+(?:aussi|également)|lee\s+también|leer\s+más|"
    r"leggi\s+anche|leia\s+(?:também|mais)|lees\s+ook|čtěte\s+(?:také|též)|"
    r"skaitykite\s+taip\s+pat|lasi\s+arī|lasiet\s+arī|loe\s+(?:ka|veel))\s*(?:[:：|–—»>]|-\s|$)",
    re.IGNORECASE,
)
# Calls that are a line by themselves, or its whole beginning.
_CALL = re.compile(
    r"\W*(?:(?:click|tap)\s+(?:here|the\s+link)\b.*|(?:please\s+)?(?:subscribe|sign\s+up)\s+(?:to|for|here|now|today)\b[^.!?]*[.!?]?\s*|"
    r"(?:continue|keep)\s+reading\b.{0,120}|read\s+(?:more|the\s+(?:full|whole|rest|entire)\b.{0,60}|on|full\s+(?:story|article))\W*"
    r"|follow\s+(?:us|our)\s+(?:on|channel)\b.*|join\s+(?:us|our)\s+(?:on|channel|telegram|whatsapp)\b.*|"
    r"get\s+(?:the|our)\s+.{0,60}\bnewsletter\b.*|download\s+(?:the|our)\s+.{0,30}\bapp\b.*|"
    r"(?:views?|comments?|shares?|просмотр\w*|комментари\w*|коментар\w*)\s*:\s*\d[\d\s.,]*|\d[\d.,]*\s+(?:comments?|views)|"
    r"submitted\s+by\s+/?u/.*|(?-i:The\s+post\s+[^a-z\s]).{1,220}\s+appeared\s+first\s+on\s+.*|this\s+(?:article|story)\s+(?:first\s+)?"
    r"(?:originally\s+)?appeared\s+(?:first\s+)?(?:on|in|at)\b.*|"
    r"(?:читать|читайте)\s+(?:далее|дальше|полностью|подробнее)\b.{0,120}|подробнее\b.{0,60}|"
    r"подпи(?:сывайтесь|шитесь)\s+на\b.*|следите\s+за\s+нами\b.*|"
    r"(?:читати|читайте)\s+(?:далі|повністю|більше)\b.{0,120}|(?:докладніше|детальніше)\b.{0,60}|"
    r"підпи(?:суйтесь|суйтеся|шіться)\s+на\b.*|"
    r"чытаць\s+(?:далей|цалкам)\b.{0,120}|падпі(?:свайцеся|шыцеся)\s+на\b.*|"
    r"czytaj\s+(?:dalej|więcej|całość)\b.{0,120}|(?:zapisz|zapraszamy)\s+.{0,20}newsletter\w*\b.*|"
    r"(?:dołącz|obserwuj)\s+.{0,20}\bna\s+(?:facebook|telegram|google|x\b|twitter|instagram).*|"
    r"weiterlesen\b.{0,80}|lire\s+la\s+suite\b.{0,80}|(?:seguir|continuar)\s+leyendo\b.{0,80}|continua\s+a\s+leggere\b.{0,80}|"
    r"lees\s+(?:meer|verder)\W*|plačiau\W*|skaityti\s+(?:toliau|daugiau)\b.{0,80}|lasīt\s+(?:vairāk|tālāk)\b.{0,80}|"
    r"loe\s+(?:edasi|lähemalt)\b.{0,80}|advertisement|реклама|reklama)",
    re.IGNORECASE,
)
# The same at the end of a paragraph that is the article's own.
_TAIL = re.compile(
    r"(?:\b(?-i:The\s+post\s+(?=[^a-z\s]))(?:(?!\bthe\s+post\s)[^\n]){1,220}\s+appeared\s+first\s+on\s+[^\n]*|"
    r"(?<=[.!?…\]])\s*(?:read\s+more|continue\s+reading|click\s+here\s+to\s+read\s+more|читать\s+далее|читати\s+далі|"
    r"czytaj\s+dalej)\W*)$",
    re.IGNORECASE,
)
_ENDINGS = ("first on ", "read more", "continue reading", "читать далее", "читати далі", "czytaj dalej")
# The first words of all calls: most lines begin with none of them.
_FIRST = frozenset(
    "read see watch listen hear also related recommended more don must explainer читайте смотрите по материалы "
    "читать дивіться за читати чытайце глядзіце czytaj zobacz przeczytaj polecamy lesen mehr à lire lee leer "
    "leggi leia lees čtěte skaitykite lasi lasiet loe click tap please subscribe sign continue keep follow join "
    "get download view views comment comments share shares submitted the this подробнее подпишитесь "
    "подписывайтесь следите докладніше детальніше підписуйтесь підписуйтеся підпишіться чытаць падпісвайцеся "
    "падпішыцеся zapisz zapraszamy dołącz obserwuj weiterlesen seguir continuar continua plačiau skaityti lasīt "
    "advertisement реклама reklama просмотр просмотры просмотров комментарии комментариев комментарий коментарі "
    "коментарів".split()
)
_FIRST_WORD = re.compile(r"[^\w\n]*(\w+)")


def marks(part: Field, text: str) -> tuple[Mark, ...]:
    """Return the stretches of a part that are kept, but not matched; never of a title."""
    if part is Field.TITLE or not text:
        return ()
    lines = list(_LINE.finditer(text))
    shouting = _crosslinks_in_capitals(lines)
    found = (_mark(part, line, number in shouting) for number, line in enumerate(lines))
    return tuple(mark for mark in found if mark)


def _mark(part: Field, line: re.Match[str], shouts: bool) -> Mark | None:
    start, end = line.span()
    if shouts:
        return Mark(part, start, end, "crosslink")
    if end - start <= _LONGEST and _may_call(line[0]):
        if _CALL.fullmatch(line[0]):
            return Mark(part, start, end, "boilerplate")
        if _CROSSLINK.match(line[0]):
            return Mark(part, start, end, "crosslink")
    tail = line[0][-_LONGEST:]
    lower = tail.lower()
    if any(ending in lower for ending in _ENDINGS) and (ends := _TAIL.search(tail)):
        return Mark(part, end - len(tail) + ends.start(), end, "boilerplate")
    return None


def _may_call(line: str) -> bool:
    first = _FIRST_WORD.match(line)
    return first is not None and (first[1].lower() in _FIRST or first[1].isdecimal())


def _crosslinks_in_capitals(lines: list[re.Match[str]]) -> frozenset[int]:
    """Return which lines are headlines in capitals between lines that are not."""
    capitals = {number for number, line in enumerate(lines) if _is_headline_in_capitals(line[0])}
    if not capitals or 2 * len(capitals) > len(lines):  # a text in capitals throughout
        return frozenset()
    return frozenset(number for number in capitals if 0 < number < len(lines) - 1)


def _is_headline_in_capitals(line: str) -> bool:
    return line.isupper() and len(line) <= _LONGEST and len(line.split()) >= _FEWEST_WORDS


def own_text(text: str, found: tuple[Mark, ...]) -> str:
    """Return a part's text without what is marked."""
    if not found:
        return text
    kept, position = [], 0
    for mark in found:
        kept.append(text[position : mark.start])
        position = mark.end
    return "".join([*kept, text[position:]])
