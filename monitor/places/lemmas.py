"""What a word of a text may be a form of: the names that it could stand for, in the languages that inflect names.

Names are kept in their dictionary form only. An ending that a word may have is taken off and the endings put on that
the name may have; what is no name is found in no gazetteer, so it does no harm to propose it. Everything is folded.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

_NAME_WORD = re.compile(r"\w+(?:[’'ʼ`]\w+)*")
_SHORTEST = 2  # letters that are left of a word without its ending

# language -> ending of a form -> endings that the name itself may have; "-" = none
_ENDINGS: Mapping[str, str] = {
    "ru": "а:-,о у:-,а,о ом:-,о,ый,ое ем:ь,й,е,- е:-,а,я,ь,о,й и:а,я,ь ы:а,- ю:я,ь,й,е я:ь,й,е ой:а,ая ою:а,ая "
    "ей:я,а,и,ь ью:ь ам:ы,и,а ами:ы,и,а ах:ы,и,а ям:и,я ями:и,я ях:и,я ов:ы,и ого:ый,ое,ий ому:ый,ое,ий "
    "ым:ый,ое,ые им:ий,ие ую:ая ие:ий ых:ые их:ие -:ы,и ин:ь",
    "uk": "а:-,о у:-,а,о ом:-,о ем:ь,-,е єм:й і:-,а,о,ь,я,и ї:я,й и:а,ь я:ь,й,ій ю:я,ь,й ою:а ею:а,я єю:я ові:-,о "
    "еві:ь,- єві:й ям:я,і ями:і ях:і,я ам:и,а ами:и,а ах:и,а ів:и ї:ї ого:ий,е ому:ий,е им:ий,е ім:ий ої:а ій:а "
    "ці:ка зі:га сі:ха -:и,і",
    "be": "а:-,о у:-,а ам:-,а,о,ы,і ом:-,о ем:ь,- е:-,а,я,о,э ы:а,- і:я,ь,а,- я:ь,й,е ю:я,ь,й ай:а,ая аю:а ой:а,ая "
    "яй:я ей:я яю:я аў:ы,і оў:ы,і яў:і ах:ы,і ях:і ямі:і амі:ы,і ям:і,е ага:ы,ае аму:ы,ае ым:ы,ае ую:ая сце:ст,ста "
    "це:т,та,то дзе:д,да,до цы:ка зе:га,га -:ы,і",
    "pl": "a:-,o u:-,o,a owi:-,o em:-,o,e iem:-,o,k ie:a,-,o e:a,-,o,y y:a,- i:a,ia,-,ja ji:ja je:ja ja:ja o:a "
    "iu:-,o,e ia:-,e iach:ie,ia ow:y,i,e ach:y,i,e,a "
    "ami:y,i,e,a om:y,i,e cie:t,ta,to scie:st,sta dzie:d,da rze:r,ra dze:ga "
    "ce:ka sce:ska zie:za szech:chy czech:cy nach:ny ego:e,y,ie emu:e,y ym:e,y,a ej:a iego:ie,i iemu:ie,i im:ie,i "
    "iej:a -:y,i,e,a",
}
_TABLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    language: {
        ending.replace("-", ""): tuple(one.replace("-", "") for one in names.split(","))
        for ending, names in (pair.split(":") for pair in text.split())
    }
    for language, text in _ENDINGS.items()
}
_LONGEST = 5
_IRREGULAR: Mapping[str, Mapping[str, str]] = {  # name -> its forms
    "pl": {
        "bialystok": "bialegostoku bialymstoku bialymstokiem bialemustokowi",
        "wegry": "wegier wegrzech wegrom wegrami",
        "czechy": "czech czechach",
        "wlochy": "wloch wloszech",
        "niemcy": "niemiec niemczech niemcom niemcami",
        "usa": "usa",
    },
    "ru": {"орел": "орла орлу орлом орле"},
}
_FORMS = {
    language: {form: name for name, forms in of.items() for form in forms.split()}
    for language, of in _IRREGULAR.items()
}

_ADJECTIVE = re.compile(
    "(?P<c>[\u0430-\u045f\u0491]+?(?:[сцзч]ьк|[сцзч]к))(?:"
    "ий|ая|ое|ие|ого|ому|им|ом|ой|ую|ою|их|ими|і|ага|аму|ім|ай|аю|ае|ія|іх|імі|(?<=ьк)(?:а|е|у|ої|ій))"
    "|(?P<p>[a-z]+[sczd]k)(?:i|a|ie|iego|iemu|im|iej|ich|imi)"
)
_CITY_GENITIVE = re.compile("[оеє](?=[^аеєиіїоуюяьй]+ь?$)")  # Харков|а, Києв|а, Тернопол|я: Харків, Київ, Тернопіль


def plain_words(name: str) -> list[str]:
    """Return the words of a name, as the words of a text are taken: hyphens divide, apostrophes do not."""
    return _NAME_WORD.findall(name)


def adjective_key(word: str) -> str:
    """Return what is left of a folded word that looks like an adjective of a place, up to its к; else ""."""
    found = _ADJECTIVE.fullmatch(word)
    return (found["c"] or found["p"]) if found else ""


@lru_cache(4096)
def lemmas(word: str, language: str) -> tuple[str, ...]:
    """Return the names that a folded word may be a form of, itself first; `language` is one that inflects, or ""."""
    table = _TABLES.get(language)
    if table is None or len(word) <= _SHORTEST:
        return (word,)
    irregular = _FORMS.get(language, {}).get(word)
    found = {word: None, **({irregular: None} if irregular else {})}
    for length in range(min(_LONGEST, len(word) - _SHORTEST) + 1):
        ending = word[len(word) - length :]
        if ending in table:
            stem = word[: len(word) - length]
            for one in _stems(stem, ending, language):
                found |= dict.fromkeys(one + name for name in table[ending])
    found |= dict.fromkeys(_without_vowel(word, language))
    return tuple(found)


def _stems(stem: str, ending: str, language: str) -> Iterator[str]:
    """Return a stem, and how it may look before the ending of the name."""
    yield stem
    if not ending:
        return
    if language == "uk" and (found := _CITY_GENITIVE.search(stem)):
        yield stem[: found.start()] + ("ї" if found[0] == "є" else "і") + stem[found.end() :]
    elif language == "be" and stem.endswith("в"):
        yield stem[:-1] + "ў"


def _without_vowel(word: str, language: str) -> Iterable[str]:
    """Return names with a vowel that their forms lack: Ельца is of Елец, Белостока not."""
    for ending, names in _FLEETING.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            stem = word[: len(word) - len(ending)]
            yield from (stem + name for name in names)


_FLEETING: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "ru": tuple((f"{soft}ц{one}", ("ец",)) for soft in ("ь", "й", "") for one in ("а", "у", "ом", "е"))
    + tuple((f"к{one}", ("ок", "ек")) for one in ("а", "у", "ом", "е")),
    "uk": tuple((f"{soft}ц{one}", ("ець",)) for soft in ("ь", "й", "") for one in ("я", "ю", "ем", "і")),
    "be": tuple(
        (f"{soft}ц{one}", ("ец", "эц", "ац")) for soft in ("ь", "й", "") for one in ("а", "у", "ом", "ам", "ы")
    ),
    "pl": tuple((f"c{one}", ("iec", "ec")) for one in ("a", "u", "em", "owi"))
    + tuple((f"k{one}", ("ek",)) for one in ("a", "u", "iem")),
}
