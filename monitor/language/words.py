"""Function words and letters that give a language in Latin script away, even in a headline."""

WORDS = {
    "en": "the of and to in is for on with as at by from that are was has be it his her after over says will its "
    "not an who how why what said new have this their more about into you your we he she they but or if when "
    "can could may all up out off no than before during against were been would amid first top best a i",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus "
    "er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber "
    "vor zur bis mehr durch man dann soll gegen vom wenn kein keine wir ich beim seine seiner ihre jetzt "
    "unter ab was warum neue neuen will",
    "fr": "le la les de des du et en un une est dans pour que qui sur au aux par pas avec plus ne se ce son sa ses "
    "il elle sont ou été comme mais leur ont cette face après entre sans avant contre fait nous vous ils "
    "selon deux tout dès chez où très va être c'est à y a d l qu",
    "es": "el la los las de del y en que un una se por con para su al es lo como más sus no le ha este sobre entre "
    "pero fue tras desde sin son ser hay está esta han años hasta contra según ya o e ante cómo qué si dos "
    "muy también a",
    "it": "il lo la i gli le di del della dei delle dal dalla da e in che un una per con non si è al alla ai alle "
    "sono su nel nella come più ha anche dopo tra fra sul sulla ma suo sua ecco perché cosa chi ed o contro "
    "fino senza degli agli due anni essere questo a l d",
    "pt": "o a os as de do da dos das e em que um uma para com não se por no na nos nas ao à mais é como foi ou ser "
    "seu sua após sobre são diz até entre já tem está contra pelo pela quem ele ela também sem anos",
    "nl": "de het een van en in is op te dat voor met zijn niet aan er om ook als bij naar door uit maar over tot "
    "na nog worden wordt dit die heeft hij ze werd meer tegen dan geen wel of ik je we wil kan al moet nieuwe "
    "deze",
    "pl": "i w na z do się nie o że to jest jak po za od dla przez przed co ale są oraz ma już był było tym jego "
    "jej ich przy ze tego być czy został lub może będzie pod także tylko które który która roku we u a wojny",
    "cs": "a v na se je že do s z o po pro k to si od za i ale jak by jsou ve podle jako byl bylo však před které "
    "který která až při nebo ze má už není bude být jeho jen také co kvůli své u",
    "sk": "a v na sa je že do s z o po pre k to si od za aj ale ako by sú vo podľa bol bolo však pred ktoré ktorý "
    "ktorá až pri alebo zo má už nie bude byť jeho len tiež čo kvôli",
    "hu": "a az és hogy nem is egy meg ez van el volt már csak ki még de be mint után lesz szerint két vagy több ha "
    "sem lett amely aki ezt kell miatt között ellen",
    "ro": "și de la în a cu pe din că pentru nu o un mai sau este care au fost după să prin se ce al ale lui într "
    "fi sunt cum ar dar între până când ai ca privind e",
    "sv": "och i att det som en på är av för med den till ett om har de inte var kan från nu men vid så efter sig "
    "när över under mot ska hon han vill blir nya",
    "no": "og i å det som en på er av for med den til et om har de ikke var kan fra nå men ved så etter seg når "
    "over under mot skal hun han vil blir nye ble",
    "da": "og i at det som en på er af for med den til et om har de ikke var kan fra nu men ved så efter sig når "
    "over under mod skal hun han vil bliver nye blev",
    "fi": "ja on ei että oli se hän joka mutta ovat mukaan myös kun tai niin jo ole kuin sekä nyt vain voi suomen uusi",
    "et": "ja on ei et see oli ka mis kui aga oma selle ning või ta kes veel siis pärast eesti enam juba üle ole "
    "saab pole tema",
    "lt": "ir į kad su iš tai dėl apie po už bet ar jis jo buvo yra ne nuo prie kaip prieš per iki jų dar tik bus "
    "metų lietuvos gali tarp jau o",
    "lv": "un ir ar uz par no ka tas kas pie gan bet lai pēc arī vai nav kā tika latvijas gada ko vēl jau pret līdz "
    "būs",
    "tr": "ve bir bu için da de ile olarak çok daha en olan ne gibi sonra kadar var ise mi ama yeni son oldu dedi "
    "göre karşı",
    "hr": "i u je na se da za od su s o koji koja koje iz kao što nije po ali do ili bi će još nakon samo zbog ima "
    "prema",
    "sl": "in v je na se da za so z s o ki po tudi pri od kot pa ne bo ali še iz kako že",
}
LETTERS = {
    "pl": "łąęśżźćńó",
    "hu": "őűáéó",
    "de": "ßäöü",
    "es": "ñáéíóú¿¡",
    "pt": "ãõçáâê",
    "cs": "řěůáíéýčšž",
    "sk": "ľĺŕôáíéýčšž",
    "ro": "șțăşţâî",
    "sv": "åäö",
    "no": "åøæ",
    "da": "åøæ",
    "tr": "ğışç",
    "lt": "ėųįąęčšžū",
    "lv": "āēīūļķņģčšž",
    "fr": "èêàçœîôûâéë",
    "it": "òìùèàé",
    "et": "õäöüšž",
    "fi": "äö",
    "hr": "čćžšđ",
    "sl": "čšž",
    "nl": "ë",
}
# Cyrillic headlines without a letter that is one language's own.
CYRILLIC_WORDS = {
    "ru": "и в не на что с как по из у за о от для после до при к его она они или был будет об во со сша рф россии",
    "uk": "і й в у на не що з із до про та за від для після як по при його вона вони або був буде під щодо між сша рф",
    "bg": "и в на за от с се да не по е са със ще до при след като че го което или най във над между който",
    "sr": "и у на за од са се да не по је су ће до при после као што из или који која без због након",
    "mk": "и во на за од со се да не по е ќе до при како што го или кој која без поради",
    "be": "і ў у на не што з да пра за ад для пасля як па пры яго яна яны або быў будзе",
}
