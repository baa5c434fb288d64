"""English: Snowball's stems, and the irregular forms that no stemmer finds (sent, send)."""

from collections.abc import Iterable
from functools import cache

from monitor.language.inflection.snowball import Snowball

# form:base. Left out are forms that are more often another word: left, found, felt, rose, wound, ground, lay.
_IRREGULAR = dict(
    pair.split(":")
    for pair in """
    arisen:arise arose:arise ate:eat eaten:eat awoke:awake beaten:beat became:become began:begin begun:begin bent:bend
    bitten:bite bled:bleed blew:blow blown:blow bought:buy broke:break broken:break brought:bring built:build
    burnt:burn came:come caught:catch children:child chose:choose chosen:choose clung:cling crept:creep dealt:deal
    drank:drink drawn:draw drew:draw driven:drive drove:drive dug:dig fed:feed feet:foot fell:fall fallen:fall fled:flee
    flew:fly flown:fly forbade:forbid forbidden:forbid forgave:forgive forgot:forget forgotten:forget fought:fight
    froze:freeze frozen:freeze gave:give given:give gone:go grew:grow grown:grow heard:hear held:hold hid:hide
    hidden:hide hung:hang kept:keep knew:know known:know laid:lay learnt:learn led:lead lent:lend lost:lose made:make
    meant:mean men:man met:meet oversaw:oversee overseen:oversee overthrew:overthrow overthrown:overthrow paid:pay
    proven:prove ran:run ridden:ride risen:rise rode:ride said:say sank:sink saw:see seen:see sent:send shaken:shake
    shook:shake shot:shoot shown:show shrank:shrink sold:sell sought:seek slept:sleep slid:slide spent:spend
    spoke:speak spoken:speak spun:spin stole:steal stolen:steal stood:stand struck:strike stricken:strike stuck:stick
    sung:sing sunk:sink swam:swim swept:sweep swore:swear sworn:swear swung:swing taken:take taught:teach threw:throw
    thrown:throw told:tell took:take tore:tear torn:tear undertook:undertake undertaken:undertake understood:understand
    upheld:uphold went:go withdrawn:withdraw withdrew:withdraw withheld:withhold withstood:withstand woke:wake
    women:woman won:win wore:wear worn:wear written:write wrote:write rebuilt:rebuild resold:resell retook:retake
    retaken:retake overran:overrun overflew:overfly overflown:overfly
    """.split()
)


class English:
    """English words."""

    def __init__(self) -> None:
        """Load the stemmer."""
        self._stems = Snowball("english")

    def of_text(self, word: str) -> tuple[str, ...]:
        """Return the stem, and where the word is an irregular form also that of its base."""
        stem = self._stems.of_text(word)
        base = _IRREGULAR.get(word)
        return stem + self._stems.of_text(base) if base else stem

    of_term = of_text


@cache
def _by_stem() -> dict[str, list[str]]:
    stems, found = Snowball("english"), dict[str, list[str]]()
    for form, base in _IRREGULAR.items():
        for stem in stems.of_text(base):
            found.setdefault(stem, []).append(form)
    return found


def irregular(stems: Iterable[str]) -> tuple[str, ...]:
    """Return the irregular forms of words with these stems: sent of send."""
    return tuple(form for stem in stems for form in _by_stem().get(stem, ()))
