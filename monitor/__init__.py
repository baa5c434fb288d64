"""Watches news feeds for what you describe in YAML rules, and alerts once, with the reason.

The whole order of the work, as one sentence (it runs in `monitor/pipeline.py`)::

    store.sources.due(now)          # which feeds are due (next-due times live in the database)
      | fetch.Fetcher.fetch         # bytes, politely: conditional, capped, guarded      -> Fetched
      | parse.KINDS[kind]           # bytes -> entries, in a child process with limits   -> Parsed
      | extract.extract             # entry -> clean text, canonical URL, date, language -> Article
      | extract.novelty.decide      # new, edited, seen elsewhere, history, known        -> Novelty
      | match.RuleBook.match        # article x rules -> hits that carry their evidence  -> Hit
      | story.grouping, at the desk # hits -> stories that grow                          -> Change
      | alert.POLICIES, alert.route # stories -> send, hold or drop, each with a reason  -> Decision
      | store.transaction           # article + hits + queued deliveries: one transaction
      | alert.send                  # one delivery a channel, marked sent only afterwards
"""

__version__ = "0.1.0"
