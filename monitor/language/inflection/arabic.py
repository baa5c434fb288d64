"""Arabic: Snowball's stems, after the article and what is joined in front of it was taken off.

The stemmer alone makes two stems of a word with and without its article where the word ends in -at.
"""

import re

from monitor.language.inflection.snowball import Snowball

_JOINED = re.compile("^(?:[وف]?(?:ال|بال|كال|لل))(?=.{3})")  # and, so; the, with the, like the, for the


class Arabic:
    """Arabic words."""

    def __init__(self) -> None:
        """Load the stemmer."""
        self._stems = Snowball("arabic")

    def of_text(self, word: str) -> tuple[str, ...]:
        """Return the stem of what is left without the article."""
        return self._stems.of_text(_JOINED.sub("", word))

    of_term = of_text
