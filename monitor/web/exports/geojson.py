"""GeoJSON (RFC 7946): a point for each article that is at a known place, longitude before latitude."""

import json
import math
from typing import Any


def render(facts: dict[str, Any]) -> str:
    """Write a collection of points; articles without a place on the map are not in it."""
    features = [_feature(facts, article) for article in facts["articles"] if _is_placed(article["located"])]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=2) + "\n"


def _is_placed(located: dict[str, Any] | None) -> bool:
    if located is None or located["lat"] is None or located["lon"] is None:
        return False
    return math.isfinite(located["lat"]) and abs(located["lat"]) <= 90 and abs(located["lon"]) <= 180


def _feature(facts: dict[str, Any], article: dict[str, Any]) -> dict[str, Any]:
    where = article["located"]
    return {
        "type": "Feature",
        "id": article["id"],
        "geometry": {"type": "Point", "coordinates": [round(where["lon"], 6), round(where["lat"], 6)]},
        "properties": {
            "story": facts["id"],
            "headline": article["title"],
            "url": article["url"],
            "source": article["source"]["name"],
            "published": article["published"],
            "seen": article["seen"],
            "severity": facts["severity"],
            "place": where["place"],
            "countries": where["countries"],
            "sure": where["sure"],
            "why": where["why"],
            "sha256": article["sha256"],
        },
    }
