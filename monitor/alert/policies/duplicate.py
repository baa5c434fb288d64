"""The same URL or the same title, told on the channel within a week, is not told again."""

from monitor.alert.candidate import WINDOW, Candidate, title_key, url_key
from monitor.model import Action, Decision


def decide(candidate: Candidate) -> Decision | None:
    """Drop a second article with the URL or title of an earlier one, unless it hits a rule that one did not."""
    article = candidate.story.article
    for key, what in ((url_key(article), "URL"), (title_key(article), "title")):
        for told in candidate.recent.of_key(key, candidate.channel, since=candidate.now - WINDOW):
            if told.article_id != article.id and candidate.rules <= told.rules:
                return Decision(Action.DROP, "duplicate", f"same {what} as article {told.article_id}, already alerted")
    return None
