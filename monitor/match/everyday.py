"""Words that stand in very many articles of a language, and those that people write in capitals by mistake."""

from functools import cache

from monitor.language import inflection
from monitor.language.fold import fold
from monitor.match.terms import Term

_WRITTEN = {
    "en": """
        a about also an and are as at be been but by for from had has have he his if in is
        it its not of on or said so that the their them there they this to
        us was we were what when which who will with would you
    """,
    "ru": """
        а без был было в во все для до его если же за и из или их к как мы
        на не но о об он они от по при с со так также то только у что это
    """,
    "uk": """
        а або але без був була були було в від вже він для до з за зі і із її й його
        ми на не по при про та так також те то у що це цього
    """,
    "be": """
        а або але без быў былі было ў у для да з за са і яго яе ён мы на не па пры
        пра так таксама тое што гэта гэтага ад
    """,
    "pl": """
        a ale bez być czy dla do go i ich jak jako już jest
        lub na o od oraz po przez przy się są także tego ten to tym w we wraz z za ze że
    """,
    "de": """
        aber als am an auch auf aus bei das dass dem den der des die durch ein eine einen einer für hat
        im in ist mit nach nicht noch oder sich sind sowie über um und von vor werden wie wird zu zum
        zur
    """,
    "fr": """
        a au aux avec ce ces cette dans de des du en est et il la le les mais ou par pas plus
        pour qu que qui se sont sur un une
    """,
    "es": """
        a al como con de del el en ha la las lo los más no o para pero por que se sin sobre
        su un una y
    """,
}
EVERYDAY = {language: frozenset(map(fold, words.split())) for language, words in _WRITTEN.items()}
# A plain list is tried on every language of its script; what is everyday in the usual ones counts.
_PLAIN = {"LATIN": EVERYDAY["en"], "CYRILLIC": EVERYDAY["ru"] | EVERYDAY["uk"] | EVERYDAY["be"]}

# Words of more than five letters that are no abbreviation of anything.
COMMON = frozenset(
    """
    access accord accused action activist activists advance agency agreement agrees aircraft airport airspace
    ammunition annexation arrest arrested arrests article artillery attack attacks authorities barracks
    battalion battle before belarus belarusian between blockade border borders breaking bridge brigade
    brigades capital checkpoint civilian civilians closed closure coalition combat commander conflict contract
    contracts convoy country crisis crossing cruise cyberattack deadline defence defense deliver delivery
    deploy deployed deployment deploys destroyed detained division dozens drills drones editor embargo
    emergency enemy equipment escalation evacuation exercise exercises explosion explosions export exports
    fighter fighting foreign forces freedom frontier frontline general government ground grouping helicopter
    hostage howitzer infantry injured intelligence invasion journalist journalists kaliningrad killed launch
    launched leader leaders lithuania martial military minister ministry missile missiles mobilisation
    mobilise mobilization mobilize moldova moscow munition munitions nuclear offensive official officials
    opposition parliament police poland president prison prisoner prisoners protest protesters protests
    purchase radar reform regime regiment report reports repression reserve reservists resign retreat rocket
    rockets russia russian sanction sanctions satellite secret security shelling sniper soldier soldiers
    source special station strike strikes submarine summit supply surveillance system systems tension terror
    terrorist threat threats transfer treaty troops ukraine ukrainian urgent update vehicle vehicles village
    violence warning warship weapon weapons wounded войска граница границы учения ракета ракеты солдаты оружие
    санкции удар танки атака президент министр военные россия украина беларусь белоруссия взрыв срочно кордон
    війська навчання ракети санкції зброя україна росія білорусь wojsko wojska granica granicy rakiety rakieta
    żołnierze sankcje ćwiczenia manewry rosja ukraina białoruś polska
    """.split()
)
_COMMON = frozenset(fold(word) for word in COMMON)


def everyday(term: Term) -> str:
    """Return an everyday word that a term finds, or ""."""
    if len(term.words) != 1 or term.words[0].exact or term.words[0].capitals:
        return ""
    word, language = term.words[0], term.speech[0]
    known = EVERYDAY.get(language, frozenset()) if language else _PLAIN.get(term.speech[1], frozenset())
    if word.prefix:
        return min((one for one in known if one.startswith(word.folded)), default="")
    if word.folded in known:
        return word.folded
    usual = language or inflection.USUAL.get(term.speech[1], "")
    forms = word.keys(usual)[1:] if inflection.inflects(usual) else ()
    return min((one for form in forms for one in _by_form(usual).get(form, ())), default="")


@cache
def _by_form(language: str) -> dict[str, list[str]]:
    """Return the everyday words of a language by the keys of their forms."""
    found: dict[str, list[str]] = {}
    for word in EVERYDAY.get(language, ()):
        for key in inflection.of_text(language, word):
            found.setdefault(f"{language}:{key}", []).append(word)
    return found


def is_common(folded: str) -> bool:
    """Tell whether a word is one of those that are no abbreviation."""
    return folded in _COMMON
