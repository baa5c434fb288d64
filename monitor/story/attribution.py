"""How five languages say that somebody says something: parties, verbs of saying, "according to"; a table.

A grammar is made of regular expressions, each one a list with bars. Heads are what institutions and office holders are
called, in all their cases; `inner` are the small words that may follow a head and belong to it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """What one language needs."""

    heads: str  # "ministry", "Генштаб\\w*"
    before: str  # small words that may stand before a head and belong to it
    inner: str  # small words that may follow a head and belong to it
    verbs: str  # of saying
    reports: str  # those of them that come before their party and have no object that looks like one
    names_say: str  # verbs of saying that are believed of a mere name
    according: str  # "according to"
    between: str = ""  # may stand between a party and its verb: "also", "on Monday"
    places: str = ""  # where it was said: "on Telegram", "in a statement"
    into: str = ""  # between a verb and the party behind it: "в", "w"
    no_name: str = ""  # words with a capital that are no names
    unless_after: str = ""  # words before a party that make the saying a circumstance: "after"
    unless_then: str = ""  # words behind a verb that make it another one: "goodbye"


ENGLISH = Grammar(
    heads=(
        r"ministry|ministries|minister|president|premier|chancellor|government|cabinet|parliament|army|military|navy|"
        r"air force|armed forces|forces|general staff|command|commander|chief|general|colonel|police|officials?|"
        r"authorities|officers?|spokes(?:man|woman|person|people)|prosecutors?|governor|mayor|senators?|lawmakers?|"
        r"ambassador|embassy|council|commission|commissioner|agency|service|department|administration|office|"
        r"secretary|intelligence|regulator|committee|alliance|guards?|witness(?:es)?|residents|analysts?|experts?|"
        r"researchers|scientists|sources?|diplomats?|leaders?|rebels|militants|separatists|opposition|company|airline|"
        r"operator|watchdog|director|investigators|firefighters|hospital|doctors|activists?|aide|adviser|advisor|"
        r"Kremlin|Pentagon|NATO|State Department|White House|Foreign Office|Downing Street|Taliban|Hamas|Hezbollah|"
        r"UN|EU|WHO|"
        r"IAEA|OSCE|CIA|FBI|MoD|ISW|SBU|FSB|IDF"
    ),
    before=(
        r"the|a|an|its|their|his|her|our|some|several|two|three|four|senior|top|local|regional|national|federal|state|"
        r"defen[cs]e|foreign|interior|health|energy|finance|postal|weather|tax|customs|justice|prime|deputy|vice|"
        r"military|security|border|emergency|"
        r"coast|fire|rescue|government|ministry|army|navy|police|intelligence|presidential|party|company|city|district|"
        r"public|chief|acting|former|first|attorney|election|aviation|environment|transport|health|anti-\w+|pro-\w+|"
        r"election|nuclear|civil|western|eastern|northern|southern|northwestern|southwestern|northeastern|southeastern|"
        r"central|opposition|court|hospital|university|fire|Russian-installed|Moscow-installed|Russian-backed|"
        r"separatist|rebel|provincial|municipal|general|unnamed|anonymous|another|other"
    ),
    inner=r"of|for|in|at|the|and|state|staff|general|defen[cs]e|foreign|affairs|ministry|department|office",
    verbs=(
        r"said|says|say|told|stated|claimed|claims|announced|announces|confirmed|confirms|confirm|denied(?! (?:bail|"
        r"entry|access|immunity|parole|visas?|permission|asylum|boarding|the right))|denies|deny|"
        r"alleged|alleges|insisted|insists|reported|warned|warns|warn|added|acknowledged|admitted|admits|"
        r"accused(?= (?:[A-Z]|the |a |an |its |his |her |their ))|"
        r"accuses|accuse|"
        r"blamed|blames|estimated|estimates|argued|asserted|tweeted|disclosed|revealed"
    ),
    reports=r"said|says",
    names_say=(
        r"said|says|told reporters|told journalists|told parliament|claimed|claims|announced|confirmed|confirms|"
        r"denied(?! (?:bail|entry|access|immunity|parole|visas?|permission|asylum|boarding|the right))|denies|"
        r"alleged|insisted|insists|warned|warns|added|acknowledged|admitted|admits|accused(?= (?:[A-Z]|the |a |an |"
        r"its |his |her |their ))|accuses|blames|tweeted"
    ),
    according=r"according to|in the words of",
    between=(
        r"also|later|earlier|then|has|have|had|separately|previously|repeatedly|on (?:Mon|Tues|Wednes|Thurs|Fri|"
        r"Satur|Sun)day|"
        r"yesterday|today|again|reportedly|officially|publicly"
    ),
    places=(
        r"in (?:a|an|its|his|her|the|their|another)(?: [a-z]+){0,2} (?:statement|post|interview|briefing|address|"
        r"speech|video|message|"
        r"report|conference|tweet|update)|on (?:its|his|her|the)?\s?(?:official )?(?:Telegram|Twitter|Facebook|X|"
        r"Instagram|social media|state TV|"
        r"state television|television)(?: channel| app| page)?|via Telegram|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|"
        r"Sun)day"
    ),
    into="",
    no_name=(
        r"The|A|An|It|He|She|They|We|You|I|This|That|These|Those|There|But|And|Or|If|When|While|As|In|On|At|By|For|"
        r"From|To|"
        r"What|Who|Why|How|Where|Which|Some|Many|Most|One|Two|Both|Others?|Everyone|Nobody|Here|Now|Then|So|Yet|Also|"
        r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|"
        r"September|October|November|December|Report|Reports|Sources|Study|Poll|Photo|Photos|Video|Watch|Live|Breaking|"
        r"Opinion|Analysis|Exclusive|Update|Read|More|News|Meanwhile|However|Earlier|Later|After|Before|Not|No|Yes|"
        r"My|Your|"
        r"Our|Their|His|Her|Its|Just|Even|Only|Never|Ever|Once|Everything|Nothing|Something|People|Fact|Truth|With|"
        r"Without|Key"
    ),
    unless_after=(
        r"after|before|since|until|when|once|because|if|unless|although|though|despite|what|why|how|whether|where|"
        r"whenever|"
        r"that|than|moment|day|days|hours|weeks|months|minutes|year|time|who|whom|whose|which|everything|something|"
        r"nothing|thing|things|of|as|not"
    ),
    unless_then=(
        r"goodbye|no to|yes to|yes|no|thank|thanks|sorry|nothing|hello|farewell|prayers|to (?:be|have)|so|the same|"
        r"enough|little|it all|"
        r"him|her|them|us|me|by|for|a new|nominations?|their|his engagement"
    ),
)

_CYRILLIC_NAMES = (
    r"НАТО|ООН|ЕС|ЄС|ВОЗ|ВООЗ|ОБСЕ|ОБСЄ|АБСЕ|МАГАТЭ|МАГАТЕ|ВСУ|ЗСУ|СБУ|ГУР|ФСБ|ФСО|СВР|ГРУ|МВД|МВС|МУС|МЧС|ДСНС|"
    r"МИД\w{0,2}|МЗС|КГБ|КДБ|ЦРУ|ФБР|"
    r"ОВА|ОП|ЦБ|НБУ|ЦИК|ЦВК|СК|ДПСУ|МНС"
)

RUSSIAN = Grammar(
    heads=(
        rf"{_CYRILLIC_NAMES}|[Вв]оздушны[ехм]+ сил\w*|ВВС|ВМС|ВМФ|ПВО|Минобороны|Генштаб\w{{0,2}}|Кремл[ьюяе]м?|"
        rf"Следком\w{{0,2}}|Пентагон\w{{0,2}}|Госдеп\w*|Бел(?:ый дом|ого дома|ом доме)|"
        r"Мин(?:фин|здрав|юст|энерго|транс|цифры|промторг|просвещения|культуры|сельхоз|экономики|труд|строй|"
        r"природы)\w{0,2}|"
        r"Рос(?:гварди|авиаци|стат|космос|потребнадзор|комнадзор|гидромет)\w*|Еврокомисси[ияюей]+|Евросоюз\w{0,2}|"
        r"Центробанк\w{0,2}|Совбез\w{0,2}|"
        r"Госдум[аеуы]|Госпогранкомитет\w{0,2}|Госпогранслужб[аеуы]|[Пп]огранслужб[аеуы]|[Пп]огранкомитет\w{0,2}|"
        r"[Пп]ресс-служб[аеуы]|[Пп]ресс-секретар[ьяюе]м?|[Мм]инистерств[оаеу]|[Мм]инистр\w{0,2}|"
        r"[Вв]ице-премьер\w{0,2}|[Пп]ремьер(?:-министр)?\w{0,2}|"
        r"[Пп]резидент\w{0,2}|[Пп]равительств[оаеу]|[Вв]едомств[оаеу]|[Аа]дминистраци[ияюей]+|[Пп]осольств[оаеу]|"
        r"[Пп]осол|[Рр]азведк[аиеу]|[Вв]оенком\w{0,2}|"
        r"(?:Следственн\w+|следственн\w+) комитет\w{0,2}|[Пп]рокуратур[аеуы]|Генпрокуратур[аеуы]|[Пп]олици[яиюей]+|"
        r"[Вв]ласт(?:и|ей|ях|ями)|[Гг]лав[аеуы]|[Гг]убернатор\w{0,2}|[Мм]эр\w{0,2}|"
        r"[Мм]эри[яиюей]+|[Оо]перштаб\w{0,2}|[Шш]таб\w{0,2}|[Кк]омандовани[еяю]|[Кк]омандующ\w+|[Сс]пикер\w{0,2}|"
        r"[Пп]редставител[ьяюией]+|[Чч]иновник\w{0,2}|[Дд]епутат\w{0,2}|[Сс]енатор\w{0,2}|"
        r"[Гг]енсек\w{0,2}|[Сс]оветник\w{0,2}|[Кк]анцлер\w{0,2}|[Вв]оенны[ейхм]+|[Сс]иловик\w{0,2}|"
        r"[Пп]огранични?к\w{0,2}|"
        r"[Сс]пасател[ией]+|[Сс]ледстви[еяю]|[Сс]лужб[аеуы] безопасности|[Сс]овет\w{0,2} (?:без|нацбез)опасности|"
        r"[Оо]фис\w{0,2}|[Ии]сточник\w{0,2}|[Сс]обеседник\w{0,2}|[Оо]чевид[еец]+\w{0,2}|[Дд]ипломат\w{0,2}|"
        r"[Ээ]ксперт\w{0,2}|[Аа]налитик\w{0,2}|[Дд]ипведомств[оаеу]|[Кк]омпани[яиюей]+|[Дд]иректор\w{0,2}|"
        r"[Зз]амминистра?"
    ),
    before=(
        r"\w+(?:ское|ские|ская|ский|ского|ской|ских|ском|ому|ная|ное|ный|ные)|вице|экс|первый|бывший|заместитель|"
        r"замглавы|замминистра|официальный|официального|постоянный|местные|два|трое"
    ),
    inner=(
        r"обороны|иностранных|внутренних|дел|здравоохранения|безопасности|страны|республики|области|края|региона|"
        r"района|города|ведомства|"
        r"президента|правительства|службы|главы|округа|штаба|полиции|министра|министерства|компании|флота|армии|"
        r"разведки|по|в|при|и|на|администрации|"
        r"комитета|комиссии|совета|группировки|генштаба|нацбезопасности|ситуациям|чрезвычайным|городской|"
        r"государства|дипмиссии|партии|силовых|структурах|военной|военного|"
        r"премьера|премьер-министра|строительства|хозяйства|транспорта|энергетики|финансов|экономики|просвещения|"
        r"юстиции|труда|связи|развития|офиса|погранслужбы|управления|департамента|организации|губернатора|мэра|"
        r"мэрии|"
        r"прокуратуры|посольства|разведки|командования|властей|центра"
    ),
    verbs=(
        r"заявил[аио]?|сообщил[аио]?|сообща[ею]т|заявля[ею]т|утвержда[ею]т|утверждал[аио]?|подтвердил[аио]?|"
        r"подтвержда[ею]т|опроверг(?:л[аио])?|"
        r"опроверга[ею]т|рассказал[аи]?|отметил[аио]?|отмеча[ею]т|уточнил[аио]?|уточня[ею]т|добавил[аио]?|"
        r"пояснил[аио]?|подчеркнул[аио]?|"
        r"объявил[аио]?|признал[аио]?|предупредил[аио]?|обвинил[аио]?|сказал[аи]?|говорит|говорят|доложил[аио]?|"
        r"счита[ею]т|объяснил[аио]?|"
        r"отрица[ею]т|констатировал[аио]?|информиру[ею]т|проинформировал[аио]?|оценил[аио]?|прокомментировал[аио]?"
    ),
    reports=(
        r"заявил[аио]?|сообщил[аио]?|сообща[ею]т|заявля[ею]т|рассказал[аи]?|отметил[аио]?|отмеча[ею]т|уточнил[аио]?|"
        r"уточня[ею]т|добавил[аио]?|пояснил[аио]?|подчеркнул[аио]?|сказал[аи]?|говорит|говорят|доложил[аио]?|"
        r"информиру[ею]т|утвержда[ею]т"
    ),
    names_say=(
        r"заявил[аи]?|сообщила?|заявляет|утверждает|подтвердила?|опровергла?|опроверг|рассказала?|отметила?|"
        r"уточнила?|добавила?|пояснила?|подчеркнула?|объявила?|признала?|предупредила?|обвинила?|сказала?|говорит|"
        r"считает|доложила?"
    ),
    according=(
        r"по (?:словам|данным|информации|утверждению|мнению|заявлению|сообщению|версии(?= следстви)|оценке|оценкам|"
        r"сведениям)|"
        r"согласно (?:заявлению|данным|сообщению)|как (?:сообщил[аио]?|сообща[ею]т|заявил[аио]?|утвержда[ею]т|"
        r"уточнил[аио]?|уточня[ею]т|рассказал[аи]?|отметил[аио]?|пишет) (?:в |во )?"
    ),
    between=(
        r"также|ранее|позже|официально|сегодня|вчера|уже|в понедельник|во вторник|в среду|в четверг|в пятницу|"
        r"в субботу|в воскресенье"
    ),
    places=(
        r"об этом|в (?:своём |своем )?(?:Telegram|телеграм\w*|Telegram-канале|Facebook|Twitter|"
        r"соцсетях)(?:-канале)?|в эфире|на брифинге|журналистам"
    ),
    into=r"в|во|на",
    no_name=(
        r"СМИ|SHOT|Mash|Baza|Shot|Книги|Он|Она|Они|Оно|Мы|Я|Вы|Ты|Это|Этот|Эта|Об|Как|Что|Кто|Вчера|Сегодня|Ранее|"
        r"Также|Позже|Накануне|Ещё|Еще|Но|А|И|По|В|На|С|К|О|У|Для|При|После|"
        r"До|Если|Когда|Где|Так|Там|Тут|Теперь|Сейчас|При|Один|Одна|Все|Всё|Никто|Официально|Видео|Фото|Источник|"
        r"Подписаться|Читать|Напомним|Однако|Между|Впервые|Тогда|Потом|Причем|Поэтому"
    ),
    unless_after=(
        r"котор\w+|чем|о чём|о чем|после того[,]? как|после того|когда|если|пока|хотя|перед тем[,]? как|"
        r"до того[,]? как|который|которая|которые|что бы|кто|потому что|как только|где|не"
    ),
    unless_then=r"спасибо|нет|прощай",
)

UKRAINIAN = Grammar(
    heads=(
        rf"{_CYRILLIC_NAMES}|Міноборони|Генштаб\w{{0,2}}|Кремл[ьюяеі]м?|Пентагон\w{{0,2}}|Держдеп\w*|Біл(?:ий дім|"
        rf"ого дому|ому домі)|Мін(?:фін|здоров|юст|енерго|цифр|освіт|реінтеграц)\w*|"
        r"Єврокомісі[яїюєі]+|Євросоюз\w{0,2}|Нацбанк\w{0,2}|РНБО|Верховн\w+ Рад\w+|Держприкордонслужб[аиіу]|"
        r"[Пп]рикордонник\w{0,2}|ДержСЗР|Повітрян\w+ [Сс]ил\w*|[Пп]овітрян\w+ командуванн\w|"
        r"[Пп]рес-?служб[аиіу]|[Пп]рес-?секретар\w{0,2}|[Рр]адник\w{0,2}|[Рр]ечни(?:к|ця|ці|цю|ка|ком)\w{0,2}|"
        r"[Мм]іністерств[оаіу]|"
        r"[Мм]іністр\w{0,3}|[Вв]іцепрем['’]?єр\w{0,2}|[Пп]рем['’]єр(?:-міністр)?\w{0,2}|"
        r"[Пп]резидент\w{0,3}|[Уу]ряд\w{0,3}|[Вв]ідомств[оаіу]|[Аа]дміністраці[яїюєі]+|[Пп]осольств[оаіу]|[Пп]осол|"
        r"[Рр]озвідк[аиуі]|[Рр]озвідці|[Пп]рокуратур[аиіу]|Офіс\w{0,2} [Гг]енпрокурора|[Пп]оліці[яїюєі]+|"
        r"[Вв]лад[аиіу]|"
        r"[Гг]олов[аиіу]|[Оо]чільни(?:к|ця|ці|ка)\w{0,2}|[Гг]убернатор\w{0,2}|[Мм]ер\w{0,2}|[Мм]ері[яїюєі]+|"
        r"[Шш]таб\w{0,2}|[Оо]перативн\w+ командуванн\w|[Кк]омандуванн[яюі]|[Кк]омандувач\w{0,2}|[Сс]пікер\w{0,2}|"
        r"[Пп]редставни[кц]\w{0,3}|"
        r"[Нн]ачальник\w{0,2}|[Дд]епутат\w{0,2}|[Кк]анцлер\w{0,2}|[Вв]ійськов(?:і|их|им)|[Рр]ятувальник\w{0,2}|"
        r"[Сс]лідств[оаіу]|[Сс]лужб[аиіу] безпеки|[Оо]фіс\w{0,2}|[Дд]жерел[оаіу]|[Сс]піврозмовник\w{0,2}|"
        r"[Оо]чевидц\w{1,2}|[Дд]ипломат\w{0,2}|[Ее]ксперт\w{0,2}|[Аа]налітик\w{0,2}|[Кк]омпані[яїюєі]+|"
        r"[Кк]ерівник\w{0,2}|[Дд]иректор\w{0,2}|[Гг]енсек\w{0,2}|[Зз]аступни(?:к|ця)"
    ),
    before=(
        r"\w+(?:ське|ські|ська|ський|ського|ської|ських|ському|альна|альний|альне|альні|на|ний|не|ні)|перший|перша|"
        r"колишній|заступник|заступниця|офіційний|місцева|двоє|троє"
    ),
    inner=(
        r"оборони|закордонних|внутрішніх|справ|охорони|здоров['’]я|безпеки|країни|республіки|області|краю|регіону|"
        r"району|міста|відомства|президента|уряду|служби|голови|округу|штабу|поліції|міністра|міністерства|компанії|"
        r"флоту|армії|розвідки|з|із|в|у|при|і|та|на|адміністрації|"
        r"комітету|комісії|ради|обласної|військової|міської|районної|цивільної|обласний|ОВА|ОК|Генштабу|"
        r"прикордонної|управління|департаменту|сил|командування|організації|державної|губернатора|мера|мерії|"
        r"прокуратури|посольства|розвідки|влади|центру"
    ),
    verbs=(
        r"заяви(?:в|ла|ли|ло)|повідоми(?:в|ла|ли|ло)|повідомля(?:є|ють)|заявля(?:є|ють)|стверджу(?:є|ють|вав|вала|"
        r"вали)|підтверди(?:в|ла|ли|ло)|підтверджу(?:є|ють)|спростува(?:в|ла|ли|ло)|спростову(?:є|ють)|розпові(?:в|"
        r"ла|ли)|"
        r"зазначи(?:в|ла|ли|ло)|зазнача(?:є|ють)|уточни(?:в|ла|ли|ло)|уточню(?:є|ють)|дода(?:в|ла|ли|ло)|поясни(?:в|"
        r"ла|ли|ло)|наголоси(?:в|ла|ли|ло)|наголошу(?:є|ють)|підкресли(?:в|ла|ли)|оголоси(?:в|ла|ли|ло)|визна(?:в|"
        r"ла|ли|ло)|попереди(?:в|ла|ли|ло)|попереджа(?:є|ють)|"
        r"звинувати(?:в|ла|ли|ло)|сказа(?:в|ла|ли)|каж(?:е|уть)|вважа(?:є|ють)|заперечи(?:в|ла|ли|ло)|заперечу(?:є|"
        r"ють)|поінформува(?:в|ла|ли|ло)|інформу(?:є|ють)|доповіда(?:є|ють)"
    ),
    reports=(
        r"заяви(?:в|ла|ли|ло)|повідоми(?:в|ла|ли|ло)|повідомля(?:є|ють)|заявля(?:є|ють)|розпові(?:в|ла|ли)|"
        r"зазначи(?:в|ла|ли|ло)|зазнача(?:є|ють)|уточни(?:в|ла|ли|ло)|уточню(?:є|ють)|дода(?:в|ла|ли)|поясни(?:в|ла|"
        r"ли)|наголоси(?:в|ла|ли)|сказа(?:в|ла|ли)|каж(?:е|уть)|інформу(?:є|ють)|стверджу(?:є|ють)"
    ),
    names_say=(
        r"заяви(?:в|ла)|повідоми(?:в|ла)|заявляє|стверджує|підтверди(?:в|ла)|спростува(?:в|ла)|розпові(?:в|ла)|"
        r"зазначи(?:в|ла)|уточни(?:в|ла)|дода(?:в|ла)|поясни(?:в|ла)|наголоси(?:в|ла)|підкресли(?:в|ла)|оголоси(?:в|"
        r"ла)|визна(?:в|ла)|попереди(?:в|ла)|звинувати(?:в|ла)|сказа(?:в|ла)|каже|вважає|заперечи(?:в|ла)"
    ),
    according=(
        r"за (?:словами|даними|інформацією|твердженням|оцінкою|оцінками|повідомленням|відомостями)|на думку|"
        r"згідно з (?:даними|заявою|повідомленням)|як (?:повідоми(?:в|ла|ли|ло)|повідомля(?:є|ють)|заяви(?:в|ла|ли)|"
        r"стверджу(?:є|ють)|розпові(?:в|ла|ли)|зазначи(?:в|ла|ли)) (?:в |у )?"
    ),
    between=(
        r"також|раніше|пізніше|офіційно|сьогодні|вчора|вже|у понеділок|у вівторок|у середу|у четвер|у п['’]ятницю|"
        r"у суботу|у неділю"
    ),
    places=(
        r"про це|[ву] (?:своєму )?(?:Telegram|телеграм\w*|Facebook|фейсбук\w*|Twitter|соцмережах)(?:-каналі)?|"
        r"в ефірі|на брифінгу|журналістам"
    ),
    into=r"в|у|на",
    no_name=(
        r"ЗМІ|Він|Вона|Вони|Воно|Ми|Я|Ви|Ти|Це|Цей|Ця|Про|Як|Що|Хто|Вчора|Сьогодні|Раніше|Також|Пізніше|Напередодні|"
        r"Ще|Але|А|І|За|В|У|На|З|До|Для|При|Після|Якщо|Коли|Де|Так|Там|Тут|Тепер|Зараз|Один|Одна|Всі|Усі|Ніхто|"
        r"Офіційно|Відео|Фото|Джерело|Читайте|Нагадаємо|Однак|Вперше|Тоді|Потім|Тому"
    ),
    unless_after=(
        r"яки[йхм]+|якою|чим|про що|після того[,]? як|після того|коли|якщо|поки|хоча|перед тим[,]? як|"
        r"до того[,]? як|який|яка|які|хто|тому що|щойно|де|не"
    ),
    unless_then=r"дякую|ні",
)

BELARUSIAN = Grammar(
    heads=(
        rf"{_CYRILLIC_NAMES}|Мінабароны|Генштаб\w{{0,2}}|Крэмл[ьюяі]м?|Пентагон\w{{0,2}}|Дзярждэп\w*|Бел(?:ы дом|"
        rf"ага дома|ым доме)|Мін(?:фін|здароў|юст|адукац|эканом|энерга)\w*|Еўракамісі[яіюей]+|Еўрасаюз\w{{0,2}}|"
        rf"Нацбанк\w{{0,2}}|Савет\w{{0,2}} бяспекі|Дзяржпамежкамітэ[тц]\w{{0,2}}|"
        r"[Пп]рэс-служб[аыеу]|[Пп]рэс-служ[бе]|[Пп]рэс-сакратар\w{0,2}|[Мм]іністэрств[аеу]|[Мм]іністр\w{0,2}|"
        r"[Вв]іцэ-прэм['’]?ер\w{0,2}|[Пп]рэм['’]ер(?:-міністр)?\w{0,2}|[Пп]рэзідэн[тц]\w{0,2}|[Уу]рад\w{0,3}|"
        r"[Вв]едамств[аеу]|[Аа]дміністрацы[яіюей]+|[Пп]асольств[аеу]|[Пп]асол|"
        r"[Рр]азведк[аіу]|[Рр]азведцы|[Пп]ракуратур[аыеу]|Генпракуратур[аыеу]|Следчы[мга]{0,2} камітэ[тц]\w{0,2}|"
        r"[Мм]іліцы[яіюей]+|[Пп]аліцы[яіюей]+|[Уу]лад[аыеу]|[Кк]іраўні(?:к|ца|ка)\w{0,2}|[Гг]алав[аыеу]|"
        r"[Гг]убернатар\w{0,2}|[Мм]эр\w{0,2}|[Шш]таб\w{0,2}|[Кк]амандаванн[еяі]|[Сс]пікер\w{0,2}|"
        r"[Пп]радстаўні(?:к|ца|кі|ка)\w{0,2}|[Нн]ачальнік\w{0,2}|[Дд]эпутат\w{0,2}|[Кк]анцлер\w{0,2}|"
        r"[Вв]айскоўц\w{1,2}|[Пп]амежнік\w{0,2}|[Рр]атавальнік\w{0,2}|[Сс]ледств[аеу]|[Оо]фіс\w{0,2}|[Кк]рыніц[аыу]|"
        r"[Сс]уразмоўц\w{1,2}|[Аа]чавідц\w{1,2}|[Дд]ыпламат\w{0,2}|[Ээ]ксперт\w{0,2}|[Аа]налітык\w{0,2}|"
        r"[Пп]раваабаронц\w{1,2}|[Кк]ампані[яіюей]+|[Дд]ырэктар\w{0,2}"
    ),
    before=(
        r"\w+(?:скае|скія|ская|скі|скага|скай|скіх|скім|ная|нае|ны|ныя)|першы|былы|намеснік|афіцыйны|мясцовыя|двое|"
        r"трое"
    ),
    inner=(
        r"абароны|замежных|унутраных|ўнутраных|спраў|аховы|здароўя|бяспекі|краіны|рэспублікі|вобласці|рэгіёна|раёна|"
        r"горада|ведамства|прэзідэнта|урада|ўрада|службы|кіраўніка|акругі|штаба|міліцыі|міністра|міністэрства|"
        r"кампаніі|флоту|арміі|войска|разведкі|па|у|ў|пры|і|на|адміністрацыі|"
        r"камітэта|камісіі|савета|памежнага|надзвычайных|сітуацыях|дзяржавы|сіл|узброеных|упраўлення|арганізацыі|"
        r"губернатара|мэра|пракуратуры|пасольства|улады|цэнтра"
    ),
    verbs=(
        r"заяві(?:ў|ла|лі|ло)|паведамі(?:ў|ла|лі|ло)|паведамля(?:е|юць)|заяўля(?:е|юць)|сцвярджа(?:е|юць|ў|ла|лі)|"
        r"пацвердзі(?:ў|ла|лі|ло)|пацвярджа(?:е|юць)|абверг(?:ла|лі)?|абвярга(?:е|юць)|распавя(?:ла|лі)|распавёў|"
        r"расказа(?:ў|ла|лі)|адзначы(?:ў|ла|лі|ло)|адзнача(?:е|юць)|"
        r"удакладні(?:ў|ла|лі|ло)|дада(?:ў|ла|лі|ло)|патлумачы(?:ў|ла|лі|ло)|падкрэслі(?:ў|ла|лі|ло)|абвясці(?:ў|ла|"
        r"лі|ло)|прызна(?:ў|ла|лі|ло)|папярэдзі(?:ў|ла|лі|ло)|абвінаваці(?:ў|ла|лі|ло)|сказа(?:ў|ла|лі)|каж(?:а|"
        r"уць)|лічы(?:ць)|лічаць|запярэчы(?:ў|ла|лі)|праінфармава(?:ў|ла|лі)|інфармуе|інфармуюць"
    ),
    reports=(
        r"заяві(?:ў|ла|лі|ло)|паведамі(?:ў|ла|лі|ло)|паведамля(?:е|юць)|заяўля(?:е|юць)|распавя(?:ла|лі)|распавёў|"
        r"расказа(?:ў|ла|лі)|адзначы(?:ў|ла|лі|ло)|удакладні(?:ў|ла|лі)|дада(?:ў|ла|лі)|патлумачы(?:ў|ла|лі)|"
        r"падкрэслі(?:ў|ла|лі)|сказа(?:ў|ла|лі)|каж(?:а|уць)|інфармуе|інфармуюць|сцвярджа(?:е|юць)"
    ),
    names_say=(
        r"заяві(?:ў|ла)|паведамі(?:ў|ла)|заяўляе|сцвярджае|пацвердзі(?:ў|ла)|абверг(?:ла)?|распавёў|распавяла|"
        r"расказа(?:ў|ла)|адзначы(?:ў|ла)|дада(?:ў|ла)|патлумачы(?:ў|ла)|падкрэслі(?:ў|ла)|абвясці(?:ў|ла)|"
        r"прызна(?:ў|ла)|папярэдзі(?:ў|ла)|абвінаваці(?:ў|ла)|сказа(?:ў|ла)|кажа|лічыць"
    ),
    according=(
        r"паводле(?: слоў| звестак| даных| дадзеных| інфармацыі| заявы| ацэнк[іа])?|па (?:словах|звестках|"
        r"інфармацыі|даных|дадзеных|меркаванні)|на думку|як (?:паведамі(?:ў|ла|лі|ло)|паведамля(?:е|юць)|заяві(?:ў|"
        r"ла|лі)|сцвярджа(?:е|юць)|распавёў|распавялі) (?:у |ў )?"
    ),
    between=(
        r"таксама|раней|пазней|афіцыйна|сёння|учора|ўжо|у панядзелак|у аўторак|у сераду|у чацвер|у пятніцу|у суботу|"
        r"у нядзелю"
    ),
    places=(
        r"пра гэта|[уў] (?:сваім )?(?:Telegram|тэлеграм\w*|Facebook|Twitter|сацсетках)(?:-канале)?|у эфіры|"
        r"на брыфінгу|журналістам"
    ),
    into=r"у|ў|на",
    no_name=(
        r"СМІ|Ён|Яна|Яны|Яно|Мы|Я|Вы|Ты|Гэта|Гэты|Гэтая|Пра|Як|Што|Хто|Учора|Сёння|Раней|Таксама|Пазней|Напярэдадні|"
        r"Яшчэ|Але|А|І|Па|У|На|З|Да|Для|Пры|Пасля|Калі|Дзе|Так|Там|Тут|Цяпер|Зараз|Адзін|Адна|Усе|Ніхто|Афіцыйна|"
        r"Відэа|Фота|Крыніца|Чытайце|Нагадаем|Аднак|Упершыню|Тады|Потым|Таму"
    ),
    unless_after=(
        r"які[хмй]+|чым|пра што|пасля таго[,]? як|пасля таго|калі|пакуль|хоць|перад тым[,]? як|да таго[,]? як|які|"
        r"якая|якія|хто|таму што|дзе|не"
    ),
    unless_then=r"дзякуй|не",
)

POLISH = Grammar(
    heads=(
        r"MON|MSZ|MSWiA|MSW|BBN|SKW|SWW|ABW|NATO|ONZ|UE|WHO|OBWE|MAEA|KE|SBU|FSB|CIA|FBI|RARS|NBP|IMGW|GUGiK|HUR|"
        r"Kreml\w{0,3}|Pentagon\w{0,3}|Bia[łl](?:y Dom|ego Domu|ym Domu)|Departament\w{0,2} Stanu|"
        r"Komisj[aieęą]+ Europejsk\w+|Straż\w{0,2} Graniczn\w+|"
        r"Sztab\w{0,3} General\w+|Ministerst\w+|[Mm]inisterst\w+|[Rr]esor(?:t|tu|cie)|[Mm]inist(?:er|ra|rem|rowie|"
        r"rze)|[Ww]icemin\w+|[Pp]rezyden(?:t|ta|tem|cie)|[Pp]remier\w{0,2}|[Ww]icepremier\w{0,2}|[Rr]ząd\w{0,2}|"
        r"[Kk]ancelari[aięą]+|[Rr]zeczni(?:k|czka|ka|czki|kiem|czką)|"
        r"[Ww]ojsk[oau]|[Aa]rmi[aięą]+|[Dd]owództw[oaue]|[Dd]owódc[aay]|[Pp]olicj[aięą]+|[Pp]rokuratur[aayęze]+|"
        r"[Ss]łużb[ya]|[Ss]łużby|[Ww]ywiad\w{0,2}|[Ww]ładz[ea]|[Ww]ładz|[Aa]mbasad[aayęzor]+|[Ww]ojewod[ay]|"
        r"[Bb]urmistrz\w{0,2}|[Mm]er|[Gg]ubernator\w{0,2}|[Ss]zef\w{0,3}|[Dd]yrektor\w{0,2}|"
        r"[Ss]enator\w{0,2}|[Pp]os(?:eł|łanka|łowie)|[Kk]anclerz\w{0,2}|[Ss]trażacy|[Ss]trażak\w{0,2}|"
        r"[Ee]kspert\w{0,2}|[Aa]nality[kc]\w{0,2}|[Źź]ródł[oa]|[Ss]trona \w+|[Ss]ekretarz\w{0,2}|[Gg]enerał\w{0,2}|"
        r"[Pp]ełnomocnik\w{0,2}|[Pp]rzedstawiciel\w{0,3}|[Ff]irm[ayęie]+|[Ss]półk[aięą]+|[Uu]rząd\w{0,2}|"
        r"[Ss]ztab\w{0,2}"
    ),
    before=(
        r"\w+(?:skie|scy|ska|ski|skiego|skiej|skich|skim|ckie|ccy|cka|cki|ckiego|ckiej|ckich|na|ny|ne)|pierwszy|"
        r"były|była|lokalne|dwóch"
    ),
    inner=(
        r"obrony|narodowej|Narodowej|spraw|zagranicznych|wewnętrznych|zdrowia|bezpieczeństwa|kraju|państwa|rządu|"
        r"resortu|ministerstwa|ministra|prezydenta|premiera|sztabu|generalnego|policji|straży|granicznej|wojska|"
        r"armii|floty|marynarki|wywiadu|służby|ds\.|do|w|i|przy|służb|specjalnych|koordynatora|"
        r"komisji|rady|dyplomacji|obwodu|regionu|miasta|województwa|departamentu|dowództwa|prokuratury|prasowy|"
        r"prasowa|operacyjnego|generalny|operacyjne|sił|zbrojnych|unijnej|wojewody|ambasady|prokuratora|władz|"
        r"centrum|MON|MSZ|SG|KGP|Kremla"
    ),
    verbs=(
        r"poinformowa(?:ł|ła|ło|li|ły)|informuj(?:e|ą)|oświadczy(?:ł|ła|ło|li|ły)|przekaza(?:ł|ła|ło|li|ły)|"
        r"przekazuj(?:e|ą)|stwierdzi(?:ł|ła|ło|li|ły)|poda(?:ł|ła|ło|li|ły)|podaj(?:e|ą)|ogłosi(?:ł|ła|ło|li|ły)|"
        r"zapewni(?:ł|ła|ło|li|ły)|zapewnia(?:ją)?|twierdz(?:i|ą|ił|iła|ili)|mówi(?:ą|ł|ła|li)?|"
        r"powiedzi(?:ał|ała|ało|eli|ały)|podkreśli(?:ł|ła|ło|li|ły)|podkreśla(?:ją)?|doda(?:ł|ła|ło|li|ły)|"
        r"zaznaczy(?:ł|ła|ło|li|ły)|zaprzeczy(?:ł|ła|ło|li|ły)|zaprzecza(?:ją)?|ostrzeg(?:ł|ła|ło|li|ły)|"
        r"ostrzega(?:ją)?|potwierdzi(?:ł|ła|ło|li|ły)|potwierdza(?:ją)?|przyzna(?:ł|ła|ło|li|ły)|oskarży(?:ł|ła|ło|"
        r"li|ły)|oskarża(?:ją)?|"
        r"oceni(?:ł|ła|ło|li|ły)|uważa(?:ją)?|zakomunikowa(?:ł|ła|ło|li|ły)|wyjaśni(?:ł|ła|ło|li|ły)|alarmuj(?:e|ą)|"
        r"donosi|donoszą|pisze"
    ),
    reports=(
        r"poinformowa(?:ł|ła|ło|li|ły)|informuj(?:e|ą)|oświadczy(?:ł|ła|ło|li|ły)|przekaza(?:ł|ła|ło|li|ły)|"
        r"stwierdzi(?:ł|ła|ło|li|ły)|poda(?:ł|ła|ło|li|ły)|podaj(?:e|ą)|zapewni(?:ł|ła|ło|li|ły)|twierdz(?:i|ą|ił|"
        r"iła|ili)|mówi(?:ą|ł|ła|li)?|powiedzi(?:ał|ała|ało|eli|ały)|podkreśli(?:ł|ła|ło|li|ły)|doda(?:ł|ła|ło|li|"
        r"ły)|zaznaczy(?:ł|ła|ło|li|ły)"
    ),
    names_say=(
        r"poinformowa(?:ł|ła)|oświadczy(?:ł|ła)|przekaza(?:ł|ła)|stwierdzi(?:ł|ła)|ogłosi(?:ł|ła)|zapewni(?:ł|ła)|"
        r"zapewnia|twierdzi|powiedzia(?:ł|ła)|podkreśli(?:ł|ła)|doda(?:ł|ła)|zaznaczy(?:ł|ła)|zaprzeczy(?:ł|ła)|"
        r"zaprzecza|ostrzeg(?:ł|ła)|ostrzega|potwierdzi(?:ł|ła)|przyzna(?:ł|ła)|oskarży(?:ł|ła)|uważa|wyjaśni(?:ł|"
        r"ła)|mówi"
    ),
    according=(
        r"według(?: informacji| słów| danych)?|zdaniem|za informacją|za informacjami|w ocenie|"
        r"zgodnie z (?:informacją|informacjami|oświadczeniem|danymi)|jak (?:poda(?:ł|ła|ło|li|ły)|podaj[eą]|"
        r"poinformowa(?:ł|ła|ło|li|ły)|informuj[eą]|przekaza(?:ł|ła|ło|li|ły)|twierdz[ią]|donos[iz]\w*) |"
        r"z (?:informacji|danych|komunikatu) |w komunikacie "
    ),
    between=(
        r"także|również|wcześniej|później|oficjalnie|dziś|dzisiaj|wczoraj|już|w poniedziałek|we wtorek|w środę|"
        r"w czwartek|w piątek|w sobotę|w niedzielę"
    ),
    places=(
        r"o tym|[wn]a? (?:swoim )?(?:Telegramie|Twitterze|Facebooku|X|platformie X|mediach społecznościowych|"
        r"komunikacie|konferencji prasowej|oświadczeniu)|dziennikarzom"
    ),
    into=r"w|we|na|z",
    no_name=(
        r"Media|On|Ona|Oni|One|My|Ja|Wy|Ty|To|Ten|Ta|O|Jak|Co|Kto|Wczoraj|Dziś|Dzisiaj|Wcześniej|Także|Również|"
        r"Później|Jeszcze|Ale|A|I|Po|W|We|Na|Z|Ze|Do|Dla|Przy|Jeśli|Kiedy|Gdy|Gdzie|Tak|Tam|Tu|Teraz|Jeden|Jedna|"
        r"Wszyscy|Nikt|Oficjalnie|Wideo|Zdjęcia|Źródło|Czytaj|Jednak|Wtedy|Potem|Dlatego|Tymczasem|Ponadto"
    ),
    unless_after=(
        r"któr\w+|czym|o czym|co|po tym,? jak|kiedy|gdy|jeśli|jeżeli|dopóki|choć|zanim|który|która|które|którzy|kto|"
        r"ponieważ|gdzie|nie"
    ),
    unless_then=r"dziękuję|nie",
)

GRAMMARS: dict[str, Grammar] = {
    "en": ENGLISH,
    "ru": RUSSIAN,
    "uk": UKRAINIAN,
    "be": BELARUSIAN,
    "pl": POLISH,
}
