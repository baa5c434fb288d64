"""The API, its description, and the exports for other programs, each held to its own standard."""

import json
import re
from typing import Any

import jsonschema
import pytest

from monitor.web.exports import EXPORTS
from monitor.web.filters import FILTERS
from monitor.web.views.story_actions import ACTIONS
from tests.web import worlds
from tests.web.conftest import NOW, Opened, Page
from tests.web.test_web_stories import grown
from tests.web.test_web_walk import ENVIRON, SETTINGS

pytestmark = pytest.mark.slow  # each starts a real server over a database of its own

READ, TRIAGE = ({"Authorization": f"Bearer {ENVIRON[name]}"} for name in ("READ", "TRIAGE"))


@pytest.fixture
def api(opened: Opened) -> Page:
    """A page with tokens, over twelve stories and one of several articles."""
    page = opened(SETTINGS, environ=ENVIRON)
    worlds.fill(page.store, NOW, stories=12, sources=8)
    grown(page.store)
    return page


def described(api: Page) -> dict[str, Any]:
    found: dict[str, Any] = api.get("/api/openapi.json", headers=READ).json()
    return found


def holds(api: Page, answer: dict[str, Any], schema: dict[str, Any]) -> None:
    """Hold an answer to the schema that the description gives it."""
    whole = {**schema, "components": described(api)["components"]}
    jsonschema.Draft202012Validator(whole).validate(answer)


def schema_of(api: Page, path: str, method: str = "get") -> dict[str, Any]:
    found: dict[str, Any] = described(api)["paths"][path][method]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    return found


def test_stories_and_hits_are_as_described(api: Page) -> None:
    for path in ("/api/stories", "/api/hits"):
        answer = api.get(path, headers=READ)
        assert answer.status_code == 200
        assert len(answer.json()[path.rpartition("/")[2]]) >= 13
        holds(api, answer.json(), schema_of(api, path))
    story = api.get("/api/stories/sgrown", headers=READ).json()
    holds(api, story, schema_of(api, "/api/stories/{id}"))
    assert [one["how"] for one in story["articles"]] == ["opens", "copy", "development"]
    assert api.get("/api/stories/nothing", headers=READ).status_code == 404


def test_the_filters_are_those_of_the_page(api: Page) -> None:
    names = {one["name"] for one in described(api)["paths"]["/api/stories"]["get"]["parameters"]}
    assert names == {*FILTERS, "limit", "after"}
    for query, wanted in (
        ("rule=convoys", ["sgrown"]),
        ("country=BY&q=trucks", ["sgrown"]),
        ("q=-convoy&country=BY", []),
    ):
        assert [one["id"] for one in api.get(f"/api/stories?{query}", headers=READ).json()["stories"]] == wanted
    found = api.get("/api/hits?rule=convoys&source=paper-1&country=BY&severity=high", headers=READ).json()["hits"]
    assert [one["article"] for one in found] == ["sgrown-1"]
    several = "rule=none&rule=convoys&source=paper-1&source=paper-2&country=BY&country=PL&language=en&language=pl"
    found = api.get(f"/api/hits?{several}", headers=READ).json()["hits"]
    assert [one["article"] for one in found] == ["sgrown-2", "sgrown-1"]
    paged = api.get(f"/api/hits?{several}&limit=1", headers=READ).json()
    following = api.get(paged["next"].removeprefix(api.url), headers=READ).json()
    assert [one["article"] for one in paged["hits"] + following["hits"]] == ["sgrown-2", "sgrown-1"]
    assert following["next"] is None
    for wrong in (
        "/api/stories?severity=king",
        "/api/stories?limit=0",
        "/api/stories?limit=9999",
        "/api/hits?state=new",
        "/api/hits?before=x",
        "/api/hits?country=Belarus",
    ):
        answer = api.get(wrong, headers=READ)
        assert (answer.status_code, set(answer.json())) == (400, {"error", "advice"}), wrong


@pytest.mark.parametrize("what", ["stories", "hits"])
def test_following_next_gives_everything_once(api: Page, what: str) -> None:
    every = [json.dumps(one) for one in api.get(f"/api/{what}", headers=READ).json()[what]]
    address, seen = f"/api/{what}?limit=4", []
    while address:
        answer = api.get(address.removeprefix(api.url), headers=READ).json()
        seen += [json.dumps(one) for one in answer[what]]
        address = answer["next"]
    assert seen == every


def test_a_token_that_reads_changes_nothing(api: Page) -> None:
    for action in ACTIONS:
        assert api.client.post(f"/api/stories/sgrown/{action}", headers=READ).status_code == 403
    assert api.client.post("/api/stories/sgrown/acknowledge").status_code == 401
    assert api.get(f"/api/stories?token={ENVIRON['READ']}").status_code == 401, "a token in an address is none"
    assert not api.store.handled.of("sgrown")


def test_a_token_that_triages_acknowledges_and_mutes(api: Page) -> None:
    answer = api.client.post("/api/stories/sgrown/acknowledge", headers=TRIAGE, data={"note": "seen"})
    assert answer.json()["story"] == "sgrown"
    holds(api, answer.json(), schema_of(api, "/api/stories/{id}/{action}", "post"))
    api.client.post("/api/stories/sgrown/mute", headers=TRIAGE, data={"for": "2h"})
    done = api.store.handled.of("sgrown")
    assert [(one.what, one.by, one.note, one.until) for one in done] == [
        ("acknowledged", "triage", "seen", None),
        ("muted", "triage", "", NOW + 7200),
    ]
    assert api.client.post("/api/stories/sgrown/explode", headers=TRIAGE).status_code == 400
    assert api.client.post("/api/stories/sgrown/mute", headers=TRIAGE, data={"for": "soon"}).status_code == 400


def test_the_description_is_valid(api: Page) -> None:
    validator = pytest.importorskip(
        "openapi_spec_validator", reason="needs openapi-spec-validator (pip install '.[dev]')"
    )
    validator.validate(described(api))
    assert described(api)["openapi"].startswith("3.1")


# --- exports ---------------------------------------------------------------------------------------------------------


def exported(api: Page, kind: str, story: str = "sgrown") -> Any:
    answer = api.get(f"/stories/{story}/export.{kind}", headers=READ)
    assert answer.status_code == 200, answer.text
    return answer


def test_stix_is_read_by_the_library_of_its_makers(api: Page) -> None:
    stix2 = pytest.importorskip("stix2", reason="needs stix2 (pip install '.[dev]')")
    text = exported(api, "stix.json").text
    bundle = stix2.parse(text, allow_custom=False)
    kinds = [one.type for one in bundle.objects]
    assert sorted(set(kinds)) == ["identity", "location", "note", "report"]
    assert kinds.count("note") == 3
    report = next(one for one in bundle.objects if one.type == "report")
    known = {one.id for one in bundle.objects}
    assert set(report.object_refs) <= known
    assert all(set(one.object_refs) == {report.id} for one in bundle.objects if one.type == "note")
    assert text == exported(api, "stix.json").text, "the same each time"
    assert all(uuid_version(one.id.partition("--")[2]) == 5 for one in bundle.objects)


def uuid_version(text: str) -> int | None:
    import uuid

    return uuid.UUID(text).version


MISP_TYPES = {  # type -> categories that MISP allows for it, of those that are used here
    "link": {"Antivirus detection", "Attribution", "External analysis", "Internal reference"},
    "text": {"Internal reference", "External analysis", "Other", "Attribution"},
    "sha256": {"Payload delivery", "Artifacts dropped", "Payload installation", "External analysis"},
}


def test_misp_follows_the_rules_of_its_fields(api: Page) -> None:
    event = exported(api, "misp.json").json()["Event"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", event["date"])
    assert (event["threat_level_id"], event["analysis"], event["distribution"]) == ("1", "0", "0")
    assert event["published"] is False
    attributes = event["Attribute"]
    uuids = [event["uuid"], *[one["uuid"] for one in attributes]]
    assert len(set(uuids)) == len(uuids)
    assert all(uuid_version(one) == 5 for one in uuids)
    for one in attributes:
        assert one["category"] in MISP_TYPES[one["type"]], one
        assert one["value"].strip()
        assert one["to_ids"] is False
        assert one["timestamp"].isdigit()
    assert {"https://p0.example/sgrown", f"{api.url}/stories/sgrown"} <= {one["value"] for one in attributes}
    assert all(len(one["value"]) == 64 for one in attributes if one["type"] == "sha256")


@pytest.mark.parametrize("kind", list(EXPORTS))
def test_hostile_words_break_no_file(opened: Opened, kind: str) -> None:
    page = opened()
    for start in (0, 11, 23):
        worlds.fill(page.store, NOW + start, say=worlds.hostile(start), stories=6, sources=3)
    for number in range(6):
        answer = page.get(f"/stories/s{number:012d}/export.{kind}")
        assert answer.status_code == 200
        if kind != "html":
            json.loads(answer.text)
        else:
            assert not re.search(r"<(script|img|svg|iframe|base|link)", answer.text)
            assert not re.search(r'href="(?!https?://|#)', answer.text)
        if kind == "stix.json" and (stix2 := pytest.importorskip("stix2", reason="needs stix2")):
            stix2.parse(answer.text)
