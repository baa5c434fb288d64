"""Every condition against its case file, and the map against files, cases and documentation."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from rule_builders import NOW, article_of, book_of, source_of

from monitor.match.conditions import CONDITIONS
from monitor.match.schema import json_schema

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "conditions"
SHARED = {"__init", "base", "scope"}  # files of conditions/ that are none


def cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        found += [pytest.param(case, id=f"{path.stem}: {case['name']}") for case in yaml.safe_load(path.read_text())]
    return found


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    article, source = article_of(**case["article"]), source_of(**case.get("source", {}))
    book = book_of(case["match"], case.get("terms"))
    hits = book.match(article, source, now=NOW)
    [explanation] = book.explain(article, source, now=NOW)
    if case["hit"] is False:
        assert hits == ()
        assert explanation.verdict != "hit"
        assert explanation.missing == case.get("missing", explanation.missing) > 0
        return
    [hit] = hits
    assert explanation.verdict == "hit"
    shown = [f"{one.words} @ {one.field}" if one.words else one.term for one in hit.evidence]
    assert shown == case["hit"]
    for one in hit.evidence:
        assert article.text(one.field)[one.start : one.end] == one.words


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_has_its_cases_and_its_name(name: str) -> None:
    cases = yaml.safe_load((CASES / f"{name}.yaml").read_text())
    assert {case["hit"] is False for case in cases} == {True, False}, "cases that hit, and cases that do not"
    assert CONDITIONS[name].name == name


def test_folder_map_and_case_files_name_the_same_conditions() -> None:
    files = {path.stem.rstrip("_") for path in (ROOT / "monitor/match/conditions").glob("*.py")} - SHARED
    assert files == set(CONDITIONS)
    assert {path.stem for path in CASES.glob("*.yaml")} == set(CONDITIONS)


def test_the_schema_names_every_condition() -> None:
    mapping = json_schema()["$defs"]["condition"]["anyOf"][2]
    assert set(mapping["properties"]) == set(CONDITIONS)
