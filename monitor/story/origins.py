"""Who is credited with other people's news: agencies, and outlets that others often quote; a table, no effects.

Each line is a key, the name that is shown, and the forms in which texts write it: a regular expression, with capitals
as they are and with the cases of Slavic languages.
"""

import re
from functools import cache, lru_cache

UNNAMED = "unnamed"  # key of those who are credited without a name: "media report", ": Report"
_AGENCIES = r"""
reuters     | Reuters              | Reuters(?:em|a|owi)?|REUTERS|Thomson Reuters|Рейтерс?|Рейтэр(?:с|з)?
ap          | Associated Press     | AP(?: News)?|A\.P\.|(?:The )?Associated Press|Ассошиэйтед Пресс|Асошіейтед Прес
afp         | AFP                  | AFP|Agence France[- ]Presse|Франс Пресс?
dpa         | dpa                  | dpa|DPA|Deutsche Presse-Agentur
bloomberg   | Bloomberg            | Bloomberg(?: News)?(?:iem|owi|a)?|BLOOMBERG|Блумберг
tass        | TASS                 | TASS|Tass|ТАСС
ria         | RIA Novosti          | RIA(?: Novosti)?|РИА ?«?Новости»?|РІА ?«?Новини»?|РІА ?«?Новости»?
interfaxua  | Interfax-Ukraine     | Interfax-Ukraine|Interfax-Ukraina|Интерфакс-Украин[аыеу]|Інтерфакс-Україн[аиіу]
            |INTERFAX-УКРА[ИЇ]НА|ИНТЕРФАКС-УКРАИНА|ІНТЕРФАКС-УКРАЇНА
interfax    | Interfax             | Interfax(?:em|owi)?|INTERFAX(?:\.RU)?|Интерфакс(?:а|у|ом|е)?|ИНТЕРФАКС
            |Інтерфакс(?:у|ом|і)?
belta       | BelTA                | BelTA|BELTA|Belta|БелТА|БЕЛТА|БелТА
pap         | PAP                  | PAP|Polska Agencja Prasowa|Polskiej Agencji Prasowej|Polską Agencję Prasową
            |Польск(?:ое|ого) агентств[оа] печати
ukrinform   | Ukrinform            | Ukrinform(?:em|owi)?|UKRINFORM|Укринформ(?:а|у|ом|е)?|Укрінформ(?:у|ом|і)?
            |УКРІНФОРМ|Укрінфарм(?:у|ам)?
unian       | UNIAN                | UNIAN|УНИАН|УНІАН
anadolu     | Anadolu              | Anadolu(?: Agency)?|Анадолу
xinhua      | Xinhua               | Xinhua|XINHUA|Синьхуа|Сіньхуа
ani         | ANI                  | ANI(?: News)?
pti         | PTI                  | PTI|Press Trust of India
ians        | IANS                 | IANS
kyodo       | Kyodo                | Kyodo(?: News)?|Киодо
yonhap      | Yonhap               | Yonhap|Ёнхап|Рёнхап
ansa        | ANSA                 | ANSA
efe         | EFE                  | EFE
apa         | APA                  | APA
ctk         | ČTK                  | ČTK|CTK
baltic      | BNS                  | BNS|Baltic News Service
elta        | ELTA                 | ELTA
leta        | LETA                 | LETA
irna        | IRNA                 | IRNA
kcna        | KCNA                 | KCNA|(?:[Tt]he )?(?:official )?Korean Central News Agency|ЦТАК
upi         | UPI                  | UPI
aap         | Australian Associated Press                 | Australian Associated Press
pa          | PA Media             | PA Media|Press Association
iar         | IAR                  | IAR
belapan     | BelaPAN              | BelaPAN|БелаПАН|БелаПАН
"""

_OUTLETS = r"""
bbc         | BBC                  | BBC(?: News)?|Би-би-си|Бі-бі-сі|Бі-Бі-Сі
cnn         | CNN                  | CNN
nyt         | The New York Times   | (?:The )?New York Times|NYT|Нью-Йорк Таймс
wsj         | The Wall Street Journal | (?:The )?Wall Street Journal|WSJ
wapo        | The Washington Post  | (?:The )?Washington Post
ft          | Financial Times      | (?:The )?Financial Times
guardian    | The Guardian         | (?:The )?Guardian
times       | The Times            | The Times(?! (?:of|Hub|Now|Herald|Record)\b)
telegraph   | The Telegraph        | (?:The )?(?:Daily )?Telegraph(?! channel)
economist   | The Economist        | (?:The )?Economist
sky         | Sky News             | Sky News
axios       | Axios                | Axios
politico    | Politico             | Politico|POLITICO
spiegel     | Der Spiegel          | (?:Der )?Spiegel
bild        | Bild                 | Bild|BILD
welt        | Die Welt             | Die Welt
nbc         | NBC News             | NBC(?: News)?
cbs         | CBS News             | CBS(?: News)?
abc         | ABC News             | ABC(?: News)?
fox         | Fox News             | Fox News
aljazeera   | Al Jazeera           | Al[- ]Jazeera|Аль-Джазира
rferl       | RFE/RL               | RFE/RL|Radio Free Europe|Радио Свобода|Радіо Свобода|Радыё Свабода
dw          | Deutsche Welle       | Deutsche Welle|DW|Немецкая волна
meduza      | Meduza               | Meduza|Медуз[аыеу]
ukrpravda   | Ukrainska Pravda     | Ukrainska Pravda|Ukrayinska Pravda|Українськ(?:а|ої|ій) правд[аиі]
            |Украинск(?:ая|ой) правд[аыеу]
kyivindep   | Kyiv Independent     | (?:The )?Kyiv Independent
suspilne    | Suspilne             | Suspilne|Суспільн(?:е|ого|ому)
kommersant  | Kommersant           | Kommersant|Коммерсант(?:ъ|у|а|ом)?
izvestia    | Izvestia             | Izvestia|Известия(?:м|х|ми)?
rbc         | RBC                  | RBC|РБК(?:-Украина|-Україна)?
vedomosti   | Vedomosti            | Vedomosti|Ведомост(?:и|ей|ям)
nasha       | Nasha Niva           | Nasha Niva|Наш(?:а|ай|ая) [Нн]ів[аы]|Наш(?:а|ей) [Нн]ив[аеы]
rzepa       | Rzeczpospolita       | Rzeczpospolit(?:a|ej|ą)
wyborcza    | Gazeta Wyborcza      | (?:Gazet(?:a|y|ę) )?Wyborcz(?:a|ej|ą)
onet        | Onet                 | Onet(?:owi|u)?
rmf         | RMF FM               | RMF ?FM|RMF24
tvn         | TVN24                | TVN ?24
polsat      | Polsat News          | Polsat News
wpl         | Wirtualna Polska     | Wirtualn(?:a|ej|ą) Polsk(?:a|iej|ą)
"""


@cache
def names() -> dict[str, str]:
    """Return the name that is shown, by key."""
    return {key: name for key, name, _ in (*_rows(_AGENCIES), *_rows(_OUTLETS))} | {UNNAMED: "reports without a name"}


@cache
def agencies() -> frozenset[str]:
    """Return the keys of those whose business is that others print them."""
    return frozenset(key for key, _, _ in _rows(_AGENCIES))


@cache
def writing() -> re.Pattern[str]:
    """Return the expression that finds any of them in a text; the group that matched is the key.

    Quotation marks and the stars of bold type around a name belong to it.
    """
    parts = (f"(?P<{key}>{forms})" for key, _, forms in (*_rows(_AGENCIES), *_rows(_OUTLETS)))
    return re.compile(rf"(?<![\w$@#])[«\"“„*_]{{0,3}}(?=[A-ZČА-ЯЁІЎd])(?:{'|'.join(parts)})(?![\w$-])[»\"”*_]{{0,3}}")


@cache
def _whole() -> re.Pattern[str]:
    parts = (f"(?P<{key}>{forms})" for key, _, forms in (*_rows(_AGENCIES), *_rows(_OUTLETS)))
    return re.compile("|".join(parts))


@lru_cache(maxsize=4096)
def known(name: str) -> str:
    """Return the key of an agency or outlet that is called so, or ""."""
    found = _whole().fullmatch(name.strip())
    return (found.lastgroup or "") if found else ""


def _rows(table: str) -> list[tuple[str, str, str]]:
    joined = re.sub(r"\n\s+", "", table.strip())  # an indented line goes on with the forms of the one above it
    rows = (line.split("|", 2) for line in joined.splitlines())
    return [(key.strip(), name.strip(), forms.strip()) for key, name, forms in rows]
