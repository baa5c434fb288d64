"""Every kind of trend against its case file, and the map against files, cases and documentation."""

import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rule_builders import compiled

from monitor.match.schema import json_schema
from monitor.match.trends import TRENDS, History, Trend
from monitor.match.trends.base import SHOWN
from monitor.match.trends.spike import bound
from monitor.model import Finding, Occurrence

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "trends"
NOW = 1_790_001_000.0  # 13:50:00 UTC: the hour has run for a while
HOUR = int(NOW // 3600)
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SHARED = {"__init__", "base", "keys", "reading", "values"}  # files of trends/ that are none
RULES = {
    "watch": "North",
    "terms": {"places": ["$brest", "Grodno"], "brest": {"en": ["Brest"], "ru": ["Брест*"]}},
    "rules": [{"id": name, "match": ["troops", "deploy*", "$places"]} for name in "abc"],
}


def seconds(text: str) -> float:
    return float(text[:-1]) * UNITS[text[-1]]


def trend_of(kind: str, data: Any) -> Trend:
    book, problems = compiled({**RULES, "trends": [{"id": "trend", kind: data}]})
    assert [str(problem) for problem in problems] == []
    return book.trends[0]


def hits_of(listed: list[dict[str, Any]]) -> list[Occurrence]:
    found = []
    for number, one in enumerate(listed):
        for time in range(one.get("times", 1)):
            found.append(
                Occurrence(
                    article_id=one.get("article", f"a{number}-{time}"),
                    source_id=one.get("source", "wire"),
                    rule_id=one.get("rule", "a"),
                    watch=one.get("watch", "North"),
                    at=NOW - seconds(one["ago"]),
                    published_at=NOW - seconds(one["published"]) if "published" in one else None,
                    news=not one.get("old", False),
                    terms=tuple((term, words) for term, words in one.get("terms", ())),
                )
            )
    return sorted(found, key=lambda hit: hit.at)


def hours_of(case: dict[str, Any]) -> tuple[tuple[int, str, int], ...] | None:
    """The past as the store gives it: counts of the same hour of past weeks, of every hour, of the last hour."""
    found = [(HOUR - 168 * week, "wire", number) for week, number in enumerate(case.get("weeks", ()), 1) if number]
    if "every" in case:
        number, back = case["every"]
        found += [(HOUR - ago, "wire", number) for ago in range(1, int(seconds(back) / 3600) + 1) if number]
    if "last_hour" in case:
        found.append((HOUR - 1, "wire", case["last_hour"]))
    if "hour_before" in case:
        ago, number = case["hour_before"]
        found.append((HOUR - ago, "wire", number))
    return tuple(found) if {"weeks", "every", "last_hour"} & set(case) else None


def look(kind: str, case: dict[str, Any]) -> Finding:
    unwatched = {int(NOW // 86400) - day for day in case.get("unwatched", ())}
    history = History(
        hits=tuple(hits_of(case["hits"])),
        told={value: NOW - seconds(ago) for value, ago in case.get("told", {}).items()},
        since=NOW - seconds(case.get("since", "60d")),
        watching_since=NOW - seconds(case.get("watching", "60d")),
        last=hits_of([case["last"]])[0] if "last" in case else None,
        hours=hours_of(case),
        days=frozenset(range(int(NOW // 86400) - 400, int(NOW // 86400) + 1)) - unwatched,
        known=case.get("known", 0),
    )
    return trend_of(kind, case["trend"]).look(history, NOW)


def cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        found += [
            pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")
            for case in yaml.safe_load(path.read_text())
        ]
    return found


@pytest.mark.parametrize(("kind", "case"), cases())
def test_case(kind: str, case: dict[str, Any]) -> None:
    finding, says = look(kind, case), dict(case["says"])
    assert says.pop("reason", "") in finding.reason
    behind = says.pop("behind", None)
    for key, value in says.items():
        found = getattr(finding, key)
        assert (list(found) if isinstance(found, tuple) else found) == value, key
    if behind is not None:
        assert {one.label: one.total for one in finding.behind} == behind
    for one in finding.behind:
        assert len(one.articles) == min(one.total, SHOWN)
    assert not (finding.fresh and finding.verdict != "holds")
    assert not set(finding.fresh) & set(case.get("told", {}))
    assert set(finding.over) <= set(case.get("told", {}))


@pytest.mark.parametrize("name", TRENDS)
def test_a_kind_has_its_cases_and_its_name(name: str) -> None:
    cases = yaml.safe_load((CASES / f"{name}.yaml").read_text())
    assert {"holds", "quiet"} <= {case["says"]["verdict"] for case in cases}
    assert TRENDS[name].name == name


def test_folder_map_and_case_files_name_the_same_kinds() -> None:
    files = {path.stem for path in (ROOT / "monitor/match/trends").glob("*.py")} - SHARED
    assert files == set(TRENDS)
    assert {path.stem for path in CASES.glob("*.yaml")} == set(TRENDS)


def test_the_schema_names_every_kind() -> None:
    assert set(TRENDS) <= set(json_schema()["$defs"]["trend"]["properties"])


# --- hostile input ---------------------------------------------------------------------------------------------------

occurrences = st.builds(
    Occurrence,
    article_id=st.sampled_from([f"a{n}" for n in range(12)]),
    source_id=st.sampled_from("stuv"),
    rule_id=st.sampled_from("abc"),
    watch=st.sampled_from(["North", "South"]),
    at=st.integers(0, 20).map(lambda hours: NOW - 3600.0 * hours),
    published_at=st.none() | st.integers(-2, 30).map(lambda hours: NOW - 3600.0 * hours),
    news=st.booleans(),
    terms=st.lists(st.sampled_from([("Brest", "Brest"), ("Брест*", "Бресте"), ("Grodno", "x")]), max_size=2).map(tuple),
)
histories = st.lists(occurrences, max_size=30).map(lambda hits: sorted(hits, key=lambda hit: hit.at))
told = st.dictionaries(st.sampled_from(["", "s", "brest"]), st.integers(0, 40).map(lambda h: NOW - 3600.0 * h))


ANY_KIND = {
    "count": {"rules": ["a", "b"], "more_than": 2, "within": "6h"},
    "spike": {"rules": ["a", "b"], "at_least": 3},
    "new": {"rules": ["a", "b"], "of": "place", "set": "places"},
    "silence": {"rules": ["a", "b"], "within": "6h", "less_than": 3},
    "sequence": {"first": "a", "then": "b", "within": "6h", "join": "place", "set": "places"},
}


@pytest.mark.parametrize("kind", TRENDS)
@given(hits=histories, told=told, every=st.integers(0, 2))
def test_what_was_told_is_never_fresh_and_only_that_can_be_over(
    kind: str, hits: list[Occurrence], told: dict[str, float], every: int
) -> None:
    hours = tuple((HOUR - ago, "s", every) for ago in range(1, 24 * 60) if every)
    finding = trend_of(kind, ANY_KIND[kind]).look(History(hits=tuple(hits), told=told, hours=hours, last=None), NOW)
    assert not set(finding.fresh) & set(told)
    assert set(finding.over) <= set(told)
    assert not set(finding.fresh) & set(finding.over)
    assert finding.verdict == "holds" or not finding.fresh
    assert finding.reason
    for one in finding.behind:
        assert len(one.articles) <= min(one.total, SHOWN)
        assert set(one.articles) <= {hit.article_id for hit in hits if hit.news}


@given(histories, told, st.integers(1, 8), st.sampled_from(["article", "source"]))
def test_count_equals_counting_by_hand(hits: list[Occurrence], told: dict[str, float], most: int, by: str) -> None:
    trend = trend_of("count", {"rules": ["a", "b", "c"], "more_than": most, "within": "6h", "by": by})
    finding = trend.look(History(hits=tuple(hits), told=told), NOW)
    seen = []
    for hit in hits:
        what = hit.source_id if by == "source" else hit.article_id
        if hit.news and NOW - hit.at < 6 * 3600 and what not in seen:
            seen.append(what)
    assert finding.number == len(seen)
    assert (finding.fresh == ("",)) == (len(seen) > most and "" not in told)


@given(histories, st.sampled_from(["", "watch", "source", "place"]), st.integers(1, 12))
def test_sequence_equals_trying_every_pair(hits: list[Occurrence], join: str, hours: int) -> None:
    joined = {"join": join} if join else {}
    joined |= {"set": "places"} if join == "place" else {}
    trend = trend_of("sequence", {"first": ["a", "b"], "then": ["b", "c"], "within": f"{hours}h", **joined})
    finding = trend.look(History(hits=tuple(hits)), NOW)

    def values(hit: Occurrence) -> set[str]:
        places = {{"Brest": "brest", "Брест*": "brest"}.get(term, term) for term, _ in hit.terms}
        return {"": {""}, "watch": {hit.watch}, "source": {hit.source_id}, "place": places}[join]

    def at(hit: Occurrence) -> float:
        return hit.at if hit.published_at is None else min(hit.at, hit.published_at)

    pairs = [
        (one, two)
        for one in hits
        for two in hits
        if one.news
        and two.news
        and one.rule_id in "ab"
        and two.rule_id in "bc"
        and one.article_id != two.article_id
        and 0 < at(two) - at(one) <= hours * 3600
        and NOW - two.at < hours * 3600
        and values(one) & values(two)
    ]
    assert set(finding.fresh) == {value for one, two in pairs for value in values(one) & values(two)}
    assert finding.number == len({two.article_id for _, two in pairs})


@given(st.lists(st.integers(0, 200), min_size=1, max_size=60), st.sampled_from([0.05, 1e-3, 1e-4, 1e-9]))
def test_a_bound_lies_above_what_is_usual_and_rises_as_chance_falls(counts: list[int], chance: float) -> None:
    found = bound(counts, chance)
    assert found > sum(counts) / len(counts)
    assert found >= bound(counts, 0.05)


@pytest.mark.parametrize("mean", [1, 2, 5, 20, 100])
def test_with_a_long_even_past_the_bound_is_that_of_poisson(mean: int) -> None:
    """A long past leaves no doubt about the mean; the quantile is then found by adding up from below."""
    below, number = 0.0, 0
    while below < 1 - 1e-4:
        below += math.exp(-mean) * mean**number / math.factorial(number)
        number += 1
    assert abs(bound([mean] * 5000, 1e-4) - number) <= 1


def test_a_bound_of_very_large_or_wild_numbers_is_found_quickly() -> None:
    assert 1_000_000 < bound([1_000_000] * 8, 1e-4) < 1_020_000
    assert bound([0] * 7 + [10_000_000], 1e-4) > 10_000_000


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", *TRENDS, "rule", "rules", "watch", "within", "more_than", "of", "set", "first"])
                | st.text(max_size=5),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_stands_under_trends_is_read_or_told(data: object) -> None:
    book, problems = compiled({**RULES, "trends": data}, {"trends": [data]})
    assert len(book.rules) == 3
    assert book.trends or problems or not data
