"""How `hits` and `explain` show where an article is, and hits as GeoJSON (RFC 7946)."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.errors import UsageError
from monitor.model import Located

if TYPE_CHECKING:
    from monitor.model import Article, Hit

CountryOption = Annotated[str, typer.Option("--country", help="Only articles about it: ISO 3166-1 code, as BY.")]
GeoJsonOption = Annotated[bool, typer.Option("--geojson", help="As GeoJSON (RFC 7946), for a map.")]


def country(text: str) -> str:
    """Return the code of the country that an option names; UsageError where it is none."""
    from monitor import places

    code = text.strip().upper()
    if not code or places.is_country(code):
        return code
    meant = places.code_of(text)
    hint = f"did you mean {meant}?" if meant else "write its ISO 3166-1 code, for example PL"
    raise UsageError(f"--country: {text!r} is no country; {hint}")


def short(located: Located | None) -> str:
    """Return a place in few words: "Mazyr, BY", with a question mark where it is a guess; "" where there is none."""
    if located is None:
        return ""
    name = located.place if located.kind == "country" else f"{located.place}, {located.countries[0]}"
    return name + ("?" if located.sure == "guess" else "")


def plain(located: Located | None) -> dict[str, Any] | None:
    """Return a place for JSON."""
    if located is None:
        return None
    return {"name": located.place, **located.plain(), "borders": dict(located.borders)}


def said(located: Located) -> str:
    """Say in one line where an article is, how sure that is, why, and how far from the nearest borders."""
    if not located.countries:
        return "place: none is named"
    near = sorted(located.borders.items(), key=lambda one: one[1])[:3]
    borders = ", ".join(f"{km:.0f} km from {'the border ' if '-' in other else ''}{other}" for other, km in near)
    others = f"; countries: {', '.join(located.countries)}" if len(located.countries) > 1 else ""
    return f"place: {short(located).rstrip('?')} ({located.sure}): {located.why}{others}" + (
        f"; {borders}" if borders else ""
    )


def collection(found: "Iterable[tuple[int, Hit, Article]]", located: Mapping[str, Located]) -> dict[str, Any]:
    """Return hits as a FeatureCollection: a feature a hit with a place; of a mere country without a point."""
    features = [_feature(*one, located[one[2].id]) for one in found if one[2].id in located]
    return {"type": "FeatureCollection", "features": features}


def _feature(number: int, hit: "Hit", article: "Article", at: Located) -> dict[str, Any]:
    from monitor.cli import console

    point = None if at.lat is None or at.lon is None else {"type": "Point", "coordinates": [at.lon, at.lat]}
    return {
        "type": "Feature",
        "id": number,
        "geometry": point,
        "properties": {
            "rule": hit.rule_id,
            "severity": hit.severity.value,
            "headline": article.title,
            "time": console.iso(hit.at),
            "place": at.place,
            "kind": at.kind,
            "sure": at.sure,
            "countries": list(at.countries),
            "source": article.source_id,
            "article": article.id,
            "link": article.url or article.link,
        },
    }
