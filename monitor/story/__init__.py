"""Hits become stories: what is one event is told once.

`features` reads an article, `grouping` says which articles tell one event, `telling` what is so of a story as a whole.
Who keeps them, and what of them is stored, is `monitor.desk`. The id belongs to the event and not to a message.
"""

from monitor.story.naming import story_id

__all__ = ["story_id"]
