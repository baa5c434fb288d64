"""The codes of languages, and what people write instead of them."""

import re

CODES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo
    es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg
    ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn
    no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw
    ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()
)
_MEANT = dict(  # codes of countries, and of ISO 639-2; names
    pair.split(":")
    for pair in """
    ua:uk by:be cz:cs dk:da gr:el cn:zh jp:ja kr:ko iw:he eng:en rus:ru ukr:uk bel:be pol:pl ger:de deu:de fra:fr
    english:en russian:ru ukrainian:uk belarusian:be polish:pl german:de french:fr chinese:zh arabic:ar
    """.split()
)


def wrong_language(code: object) -> str:
    """Return what to write instead of something that is no code of a language; "" where it is one (ISO 639)."""
    if isinstance(code, str) and (code in CODES or re.fullmatch("[a-z]{3}", code)) and code not in _MEANT:
        return ""
    meant = _MEANT.get(str(code).lower()) or (str(code).lower() if str(code).lower() in CODES else "")
    return f"did you mean {meant!r}?" if meant else "write its ISO 639-1 code, for example en, ru or uk"
