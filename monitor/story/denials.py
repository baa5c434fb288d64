"""Whether an article tells its news as denied or as false: in its title, or where its evidence lies; no effects.

Only words that can hardly mean anything else: "denies", "опроверг", "fact check: false".
"""

import re
from collections.abc import Iterable

from monitor.model import Article, Hit
from monitor.story.credits import evident

_DENIED = re.compile(
    r"(?i)(?<!\w)(?:"
    r"(?<!not )(?<!n't )(?<!n’t )(?<!never )(?:denie[sd]|denying|has denied|have denied|refut(?:es|ed)|debunk(?:s|"
    r"ed)|dismiss(?:es|ed) (?:reports|claims|rumou?rs)|"
    r"rejects? (?:reports|claims|rumou?rs)|rejected (?:reports|claims|rumou?rs)|fact[- ]check:? (?:false|no)|"
    r"fake news|hoax)|"
    r"(?<!не )опроверг(?:л[аио]|ают?)?|отрица(?:ет|ют|л[аи]?)|фейк(?:ом|и|овы[ейм])?|назвал[аи]? фейк\w*|"
    r"(?<!не )спросту(?:вав|вала|вали|вало|є|ють)|запереч(?:ує|ують|ив|ила|или)|"
    r"(?<!не )(?:абверг(?:ла|лі|ае|аюць)?|аспрэч(?:ыў|ыла|ылі|вае))|"
    r"(?<!nie )(?:zaprzecz(?:a|ają|ył|yła|yło|yli)|dementuj(?:e|ą)|zdementowa(?:ł|ła|ło|li))"
    r")(?!\w)"
)
# What is denied to somebody, or what somebody is said to deny as a matter of course, is no denial of the news.
_OTHER = re.compile(
    r"(?i)denie[sd] (?:bail|entry|access|parole|visa|asylum|permission|boarding|a visa|the right|them|him|her|us|"
    r"citizens)|"
    r"(?:is|are|was|were|been|being) denied|denie[sd] by (?:a|the) court|борьб\w+ с фейк\w*|закон\w* о фейк\w*|"
    r"дел[оа] о фейк\w*"
)


def denies(article: Article, hits: Iterable[Hit] = ()) -> bool:
    """Tell whether the title, or a sentence with evidence, says that it is denied or false."""
    return any(_DENIED.search(_OTHER.sub(" ", text)) for text in (article.title, *evident(article, hits)))
