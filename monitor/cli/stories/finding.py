"""Which story is meant: by its id, that of an article or hit in it, or of a story that has become part of it."""

from typing import TYPE_CHECKING

from monitor.cli.show import found_or_not
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.store import Store


def story_or_not(store: "Store", what: str) -> str:
    """Return the id of a story as it is now; UsageError where there is none."""
    if store.stories.listed(what):
        return store.stories.current(what)
    if looks_like_a_story(what):
        raise UsageError(f"there is no story {what!r}; `monitor stories list` shows them")
    article = found_or_not(store, what)
    for story_id in store.stories.of_article(article.id):
        return story_id
    raise UsageError(f"article {article.id} is in no story: no rule hit it; `monitor explain {article.id}` says why")


def looks_like_a_story(what: str) -> bool:
    """Tell whether an argument can only be a story's id: "s" and 12 letters of base32."""
    return len(what) == 13 and what[0] == "s" and what.isalnum() and what.islower()
