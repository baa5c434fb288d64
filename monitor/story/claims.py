"""What a text tells as somebody's words: "the ministry said on Telegram", "заявили в Минобороны"; no effects.

A claim is a sentence with the party that it is attributed to. Precision goes before recall: a party is an institution,
an office holder or a name, never a pronoun; the saying must be the sentence's own ("after the ministry said so, ..."
tells no claim); and agencies and newspapers are no parties, they tell the news (`credits.py`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from monitor.model import Article, Claim, Field, Hit
from monitor.story import origins
from monitor.story.attribution import GRAMMARS, Grammar
from monitor.story.credits import sentences

_CAPITAL = "[^\\W\\d_a-zà-ÿа-яёіїєґўśćżźńółęąœ]"
_NAME_WORD = rf"(?:{_CAPITAL}[\w’'-]*[\w’']|(?:{_CAPITAL}\.)+)"
_GAP = r"\s+"
_DOCUMENT = re.compile(r"(?i)reports?|study|survey|polls?|data|review|research|documents?|film|book|trailer|sources?:")
# In a headline before a colon these name a topic or a rubric, not somebody who speaks.
_VAGUE = (
    r"(?i:officials?|sources?|company|experts?|analysts?|general|forces|service|director|department|office|"
    r"эксперт\w*|источник\w*|компани\w*|директор\w*|офис\w*|аналитик\w*|джерел\w*|компані\w*|експерт\w*|крыніц\w*|"
    r"firm\w*|spółk\w*|ekspert\w*|źródł\w*|urząd\w*|wojn\w*)(?!\w)"
)
_DANGLING = re.compile(
    r"(?:\s+(?:на|в|во|у|ў|по|и|і|й|та|при|з|із|па|пры|w|z|i|do|przy|of|for|in|at|and|the|on|who|which|that))+$"
)
_DATIVE = re.compile(r"[а-яёіїєґў]{3,}(?:ам|ям)")  # somebody who is told something
_MOST = 400  # characters of a sentence that are looked at


@dataclass(frozen=True, slots=True)
class _Reading:
    """The expressions of one language, made of its grammar."""

    language: str
    quick: re.Pattern[str]  # what every claim has
    patterns: tuple[re.Pattern[str], ...]  # each with the groups `party` and `words`
    title: re.Pattern[str]  # "Ministry: ..." and "..., - ministry"
    circumstance: re.Pattern[str]  # at the end of what stands before a party
    no_name: re.Pattern[str]


def claims(article: Article, hits: Iterable[Hit] = ()) -> list[Claim]:
    """Return the claims of an article in order; `evident` are those whose sentence holds evidence of these hits."""
    found = []
    evidence = [one for hit in hits if hit.article_version == article.version for one in hit.evidence]
    reading = _reading_of(article)
    for part in Field:
        text = article.text(part)
        if not text or (part is Field.TITLE and text.rstrip().endswith("?")) or not reading.quick.search(text):
            continue
        spans = [(one.start, one.end) for one in evidence if one.field is part]
        for start, end in [(0, len(text))] if part is Field.TITLE else sentences(text):
            if said := attributed(text[start:end], reading, title=part is Field.TITLE):
                evident = any(start < last and first < end for first, last in spans)
                found.append(
                    Claim(
                        article_id=article.id,
                        party=said[0],
                        words=said[1],
                        field=part,
                        start=start,
                        end=end,
                        evident=evident,
                    )
                )
    return found


def only_claimed(article: Article, hits: Iterable[Hit], found: Sequence[Claim]) -> bool:
    """Tell whether all evidence lies in claims: that of the text, or where the text has none, that of the title."""
    evidence = [one for hit in hits if hit.article_version == article.version for one in hit.evidence]
    told = [one for one in evidence if one.field is not Field.TITLE] or evidence
    return bool(told) and all(
        any(one.field is claim.field and claim.start < one.end and one.start < claim.end for claim in found)
        for one in told
    )


def attributed(sentence: str, reading: "_Reading", *, title: bool = False) -> tuple[str, str] | None:
    """Return the party and the words that attribute the sentence to it, or None."""
    sentence = sentence[:_MOST]
    if sentence.rstrip().endswith("?"):
        return None
    for pattern in (*reading.patterns, *([reading.title] if title else [])):
        for found in pattern.finditer(sentence):
            if said := _checked(found, sentence, reading):
                return said
    return None


def _checked(found: re.Match[str], sentence: str, reading: "_Reading") -> tuple[str, str] | None:
    groups = found.groupdict()
    said = groups["party"] or groups.get("party_behind") or ""
    party = " ".join(said.split()).strip(" ,–—-*_")
    if groups.get("name") or reading.language != "en":
        words = party.split()
        while words and reading.no_name.fullmatch(words[0]):
            words.pop(0)
        party = " ".join(words)
    teller = origins.writing().match(party)
    if teller:  # "told Reuters": the agency is not the party, and what follows a newspaper's name is none either
        party = "" if groups.get("name") else party[teller.end() :].strip()
    party = _DANGLING.sub("", party)
    before = sentence[: found.start()].rstrip()
    last = party.split()[-1] if party else ""
    if (
        not party
        or origins.known(party)
        or origins.known(last)
        or _DOCUMENT.fullmatch(last)
        or _DATIVE.fullmatch(last)
        or reading.circumstance.search(before)
    ):
        return None
    return party, " ".join((groups["words"] or groups.get("words_behind") or "").split()).strip(" ,")


def _reading_of(article: Article) -> _Reading:
    """Return the reading of the article's language, or of the nearest that its letters allow."""
    return reading(article.language if article.language in GRAMMARS else _language_of(article.title + article.summary))


def _language_of(text: str) -> str:
    small = text[:400].casefold()
    if "ў" in small:
        return "be"
    if re.search("[їєґ]", small):
        return "uk"
    if re.search("[а-яё]", small):
        return "ru"
    return "pl" if re.search("[łąęśżźćń]", small) else "en"


@cache
def reading(language: str) -> _Reading:
    """Make the expressions of a language, a key of GRAMMARS."""
    grammar = GRAMMARS[language]
    patterns = _english(grammar) if language == "en" else _slavic(grammar)
    return _Reading(
        language=language,
        quick=re.compile(rf"(?<!\w)(?i:{grammar.verbs}|{grammar.according})(?!\w)|[:—–]"),
        patterns=patterns,
        title=_title(grammar),
        circumstance=re.compile(rf"(?i)(?<!\w)(?:{grammar.unless_after})[,\s]*$"),
        no_name=re.compile(rf"(?:{grammar.no_name})"),
    )


# --- what a party looks like -----------------------------------------------------------------------------------------


def _english_party(grammar: Grammar) -> str:
    word = rf"(?:(?!(?i:{grammar.unless_after})(?!\w)){_NAME_WORD}|{grammar.before}|{_NAME_WORD}[’']s?)"
    further = rf"(?:{_GAP}(?:{_NAME_WORD}|{grammar.before}|{grammar.heads}|affairs|staff))"
    of = rf"(?:{_GAP}(?:of|for|in|at|on)(?:{_GAP}the)?{further}{{1,5}})"
    head = rf"(?i:(?<!\w)(?:{grammar.heads})(?!\w))"
    return rf"(?:{word}{_GAP}){{0,6}}{head}(?:{_GAP}{head}){{0,2}}{of}?(?:{_GAP}{_NAME_WORD}){{0,4}}"


def _name(grammar: Grammar, most: int = 3) -> str:
    return rf"(?:(?!(?:{grammar.no_name})(?!\w)){_NAME_WORD})(?:{_GAP}(?:{_NAME_WORD}|al|bin|von|van|de)){{0,{most}}}"


# "Claims" is a noun, too ("rejects Ukraine claims"), and storms claim lives.
_CLAIMS_THAT = (
    r"(?!claim(?:s|ed) (?!that|to (?:have|be)|it|he|she|they|there|responsibility|on|in|no one|"
    r"\w+ (?:had|has|have|was|were|is|are)))"
)


def _english(grammar: Grammar) -> tuple[re.Pattern[str], ...]:
    party, name = _english_party(grammar), _name(grammar)
    begins = r"(?:(?<=^)|(?<=[,;:“”\"(—–-] )|(?<=[“\"(])|(?<=and )|(?<=but )|(?<=while ))"
    apposed = r"(?:,(?: [^,;.]{2,80},| who [^,;.]{2,80},))?"
    between = rf"(?:{_GAP}(?:{grammar.between}))*"
    then = rf"(?!{_GAP}(?:{grammar.unless_then})(?!\w))"
    places = rf"(?:{_GAP}(?:{grammar.places}))*"
    told = rf"(?:{_GAP}(?:reporters|journalists|parliament|lawmakers|{_NAME_WORD}(?:{_GAP}{_NAME_WORD}){{0,2}}))?"
    ended = r"(?=\s*(?:$|[,.;:!?\"”–—(-])|\s(?:in|on|at|to|during|after|as|from|of|who|and|but|while|when|with)\s)"
    verbs = rf"{_CLAIMS_THAT}(?:told{told}|{grammar.verbs})"
    names_say = rf"{_CLAIMS_THAT}(?:{grammar.names_say})"
    return tuple(
        re.compile(one)
        for one in (
            rf"(?<!\w)(?i:(?P<words>{grammar.according})){_GAP}(?P<party>{party})",
            rf"(?<!\w)(?i:(?P<words>{grammar.according})){_GAP}(?P<party>(?:the )?(?P<name>{name}))",
            rf"(?<![\w’'-])(?P<party>{party}){apposed}(?P<words>{between}{_GAP}(?:{verbs})(?!\w){then}{places})",
            rf"{begins}(?P<party>(?P<name>{name})){apposed}(?P<words>{between}{_GAP}{names_say}(?!\w){then}{places})",
            rf"[,”\"’'?!]{_GAP}(?P<words>said|says|claimed|added|warned|insisted){_GAP}"
            rf"(?P<party>{party}|(?P<name>{name}(?:{_GAP}[a-z][a-z-]+(?:{_GAP}{name}))?)){ended}",
        )
    )


# Adjectives of what stands behind a head, in the genitive: "главы областной администрации".
_OF_IT = r"[а-яёіїєґў-]+(?:ой|ого|ых|их|ої|ай|ага|іх)|[a-ząćęłńóśźż]+(?:iej|nej|ego|ych|ich)"


def _slavic_party(grammar: Grammar) -> str:
    other = rf"(?:(?i:{grammar.unless_after}|{grammar.into})|{grammar.heads})(?!\w)"
    before = rf"(?:(?!{other})(?:{grammar.before}|{_NAME_WORD})(?!\w){_GAP}){{0,2}}"
    tail = rf"(?:{_GAP}(?:(?:{grammar.inner}|{_OF_IT})(?!\w)|[«\"„]?{_NAME_WORD}[»\"”]?))"
    return rf"{before}(?<!\w)(?:{grammar.heads})(?!\w)(?:{tail}){{0,7}}"


def _slavic(grammar: Grammar) -> tuple[re.Pattern[str], ...]:
    party, name = _slavic_party(grammar), _name(grammar, 2)
    between = rf"(?:{_GAP}(?:{grammar.between}|{grammar.places}))*"
    places = rf"(?:{_GAP}(?:{grammar.places}|{grammar.between}))*"
    then = rf"(?!{_GAP}(?:{grammar.unless_then})(?!\w))"
    no = r"(?<!не )(?<!ні )(?<!nie )"
    into = rf"(?:(?:{grammar.into}){_GAP})?"
    to_agency = rf"(?:{_GAP}[«\"]?{_NAME_WORD}[»\"]?(?:{_GAP}{_NAME_WORD}[»\"]?)?)??"
    reports = rf"(?i:{grammar.reports})"
    apposed = r"(?:, [^,;.]{2,60},)?"
    begins = r"(?:(?<=^)|(?<=[,;:«“”»\"(—–-] )|(?<=[«“\"(*]))"
    verbs, names_say = rf"(?i:{grammar.verbs})", rf"(?i:{grammar.names_say})"
    return tuple(
        re.compile(one)
        for one in (
            rf"(?<!\w)(?P<words>(?i:{grammar.according}))\s*(?<=\s){into}(?P<party>{party})",
            rf"(?<!\w)(?P<words>(?i:{grammar.according}))\s*(?<=\s)(?P<party>(?P<name>{name}))",
            rf"(?<!\w)(?P<party>{party})(?P<words>{between}{_GAP}{no}{verbs}(?!\w){then}{places})",
            rf"(?<!\w){no}(?P<words>{reports}(?!\w){places}{to_agency}){_GAP}{into}(?P<party>{party})",
            rf"{begins}(?P<party>(?P<name>{name})){apposed}"
            rf"(?P<words>{between}{_GAP}{no}{names_say}(?!\w){then}{places})",
            rf"(?<=[,»”\"] )(?:[—–-]{_GAP})?(?P<words>(?={reports}(?!\w)){names_say}(?!\w){places}){_GAP}"
            rf"(?P<party>(?P<name>{name}))",
        )
    )


def _title(grammar: Grammar) -> re.Pattern[str]:
    """Return the expression of a headline that names who says it before a colon, or behind a dash."""
    party = _english_party(grammar) if grammar is GRAMMARS["en"] else _slavic_party(grammar)
    party = rf"(?!(?:[\w.-]+\s+)*{_VAGUE}){party}"
    surname = (
        r"\w+(?:енко|ский|цкий|ськ?ий|цький|чук|шын|скі|цкі|ski|cki|wicz)|Путин|Путін|Пуцін|Putin|Песков|Пєсков|Лавров|"
        r"Шойгу|Шойґу|Белоусов|Лукашенко|Лукашенка|Łukaszenka|Łukaszenko|Зеленский|Зеленський|Зяленскі|Zełenski|"
        r"Макрон|Macron|Трамп|Trump|Байден|Biden|Шольц|Мерц|Туск|Tusk|Дуда|Duda|Nawrocki|Лукашэнка|Ціханоўская|Тихановская|Кулеба|"
        r"Сибига|Сибіга|Буданов|Сырский|Сирський|Залужний|Эрдоган|Ердоган|Erdogan|Орбан|Орбán|Stoltenberg|Rutte|Рютте"
    )
    names = "(?!)" if grammar is GRAMMARS["en"] else rf"(?:{_NAME_WORD}{_GAP})?(?:{surname})(?!\w)"
    ends = rf",?\s(?P<words_behind>[—–])\s(?P<party_behind>{party})[\s.!]*$"
    begins = rf"^\W{{0,4}}(?P<party>{party}|{names})(?P<words>:)\s"
    return re.compile(f"{begins}|{ends}")
