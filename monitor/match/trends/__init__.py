"""Trends: how often rules hit, and what that means; one file a kind, and the map that names them all.

The key in YAML, the file and the class go together. A kind is pure: it is handed the hits and `now`, and says what it
found (`model.Finding`); what is told of that, and only once, the pipeline keeps in the database.
"""

from collections.abc import Mapping

from monitor.match.trends.base import History, Kind, Trend
from monitor.match.trends.count import Count
from monitor.match.trends.new import New
from monitor.match.trends.sequence import Sequence
from monitor.match.trends.silence import Silence
from monitor.match.trends.spike import Spike

__all__ = ["TRENDS", "History", "Kind", "Trend"]

TRENDS: Mapping[str, type[Kind]] = {
    "count": Count,
    "spike": Spike,
    "new": New,
    "silence": Silence,
    "sequence": Sequence,
}
