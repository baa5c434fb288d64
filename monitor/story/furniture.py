"""Words that say what kind of text this is and not what happened, and numbers that are written as words."""

from monitor.language.fold import fold
from monitor.language.words import CYRILLIC_WORDS, WORDS

# What newspapers put around a story: columns, formats, calls to read on. They are no evidence of one event.
_FORMATS = {
    "en": "live latest update updates breaking news newsletter watch video photos photo pictures podcast briefing "
    "brief glance explainer explained key events list day days week weekly daily morning evening night today tonight "
    "yesterday tomorrow know need happened things facts opinion analysis editorial review roundup recap summary "
    "highlights timeline exclusive report reports reported reporting says said say told according amid read more "
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august "
    "september october november december year years month months hour hours minutes time people also would could "
    "just here s t",
    "ru": "видео фото онлайн главное новости новость сводка итоги утро вечер день дня неделя сегодня вчера завтра "
    "сообщил сообщила сообщили сообщает заявил заявила заявили заявляет рассказал рассказали обзор хроника важное "
    "понедельник вторник среда четверг пятница суббота воскресенье января февраля марта апреля мая июня июля "
    "августа сентября октября ноября декабря год года лет это также словам данным",
    "uk": "відео фото онлайн головне новини новина зведення підсумки ранок вечір день дня тиждень сьогодні вчора "
    "завтра повідомив повідомила повідомили повідомляє заявив заявила заявили розповів огляд хроніка важливе понеділок "
    "вівторок середа четвер субота неділя січня лютого березня квітня травня червня липня серпня вересня жовтня "
    "листопада грудня рік року років це також словами даними",
    "pl": "wideo zdjęcia na żywo relacja najnowsze wiadomości podsumowanie dzień dnia tydzień dziś dzisiaj wczoraj "
    "jutro powiedział powiedziała poinformował poinformowała poinformowali przekazał oświadczył poniedziałek "
    "wtorek środa czwartek piątek sobota niedziela stycznia lutego marca kwietnia maja czerwca lipca sierpnia "
    "września października listopada grudnia rok roku lat",
    "de": "live ticker liveticker newsblog überblick aktuell aktuelle nachrichten video fotos tag woche heute gestern "
    "morgen sagte sagt teilte laut bericht berichte montag dienstag mittwoch donnerstag freitag samstag sonntag "
    "januar februar märz april mai juni juli august september oktober november dezember jahr jahre",
    "fr": "direct vidéo photos actualités point infos jour semaine aujourd'hui hier demain déclaré annoncé annonce "
    "selon lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août "
    "septembre octobre novembre décembre an ans année",
    "es": "directo vivo última hora noticias vídeo video fotos resumen día semana hoy ayer mañana dijo afirmó según "
    "lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto "
    "septiembre octubre noviembre diciembre año años",
}  # fmt: skip
# Words that stand in every day's news. Until the window has learnt how rare words are, they count as one in ten.
_FAMILIAR = {
    "en": "russia russian ukraine ukrainian us america american china chinese uk british europe european india indian "
    "israel israeli iran nato un president minister government official officials country world state war attack "
    "attacks military troops forces army police court man woman killed kill dead kyiv moscow putin trump biden "
    "zelensky zelenskyy party election first new top city capital leader chief former case deal plan group "
    "company market price million billion",
    "ru": "россия российский украина украинский сша китай европа нато президент министр правительство страна мир война "
    "военный войска армия атака удар полиция суд человек погибли киев москва путин зеленский трамп город область "
    "глава",
    "uk": "росія російський україна український сша китай європа нато президент міністр уряд країна світ війна "
    "військовий війська армія атака удар поліція суд людина загинули київ москва путін зеленський трамп місто "
    "область",
    "pl": "rosja rosyjski ukraina ukraiński usa chiny europa polska polski nato prezydent minister rząd kraj świat "
    "wojna wojskowy wojska armia atak policja sąd człowiek kijów moskwa putin zełenski trump miasto premier",
}  # fmt: skip
_COUNTED = (
    ("day", "day день дня дзень dzień tag jour día"),
    ("week", "week неделя недели тиждень tydzień woche semaine semana"),
    ("issue", "issue no number episode ep vol volume part выпуск номер часть випуск частина odcinek część folge"),
    ("month1", "january jan января студзеня січня stycznia januar janvier enero"),
    ("month2", "february feb февраля лютага лютого lutego februar février febrero"),
    ("month3", "march марта сакавіка березня marca märz mars marzo"),
    ("month4", "april apr апреля красавіка квітня kwietnia april avril abril"),
    ("month5", "may мая траўня травня maja mai mayo"),
    ("month6", "june jun июня чэрвеня червня czerwca juni juin junio"),
    ("month7", "july jul июля ліпеня липня lipca juli juillet julio"),
    ("month8", "august aug августа жніўня серпня sierpnia août agosto"),
    ("month9", "september sept sep сентября верасня вересня września septembre septiembre"),
    ("month10", "october oct октября кастрычніка жовтня października oktober octobre octubre"),
    ("month11", "november nov ноября лістапада листопада listopada novembre noviembre"),
    ("month12", "december dec декабря снежня грудня grudnia dezember décembre diciembre"),
)


def _folded(text: str) -> frozenset[str]:
    return frozenset(map(fold, text.split()))


COMMON: dict[str, frozenset[str]] = {
    language: _folded(f"{WORDS.get(language, '')} {CYRILLIC_WORDS.get(language, '')} {_FORMATS.get(language, '')}")
    for language in (*WORDS, *CYRILLIC_WORDS)
}
FAMILIAR: dict[str, str] = {language: words for language, words in _FAMILIAR.items()}
# A word that stands beside the number of an edition -> what is counted.
COUNTED: dict[str, str] = {fold(word): name for name, words in _COUNTED for word in words.split()}
NUMBERS: dict[str, str] = {
    fold(word): str(number)
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
        "один два три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять",
        "адзін два тры чатыры пяць шэсць сем восем дзевяць дзесяць адзінаццаць дванаццаць",
        "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście",
        "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "un deux trois quatre cinq six sept huit neuf dix onze douze",
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    )
    for number, word in enumerate(words.split(), 1)
}
