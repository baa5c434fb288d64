"""The list of stories and a story's own page: what they show, what their buttons do, and the feed."""

import json
import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import feedparser
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import UsageError
from monitor.model import (
    Action,
    Alert,
    Article,
    Decision,
    Evidence,
    Field,
    Hit,
    Judged,
    Located,
    Member,
    Novelty,
    Role,
    Severity,
    Source,
    Story,
)
from monitor.store import Store
from monitor.store.listing import ORDERS
from monitor.web import filters
from monitor.web.diff import words_changed
from monitor.web.views import stories, stories_atom
from monitor.web.views.story import together, told_of
from tests.web import worlds
from tests.web.conftest import NOW, Opened, Page

pytestmark = pytest.mark.slow  # each starts a real server over a database of its own


def ids(answer: httpx.Response) -> list[str]:
    """Return the stories of a list, in order."""
    assert answer.status_code == 200, answer.text
    return re.findall(r'id="story-(s\w+)"', answer.text)


def grown(store: Store, name: str = "sgrown", *, at: float = NOW, articles: int = 3) -> Story:
    """Store a story of several articles: the second copies the first, the third is a development."""
    sources = [Source(id=f"paper-{n}", url=f"https://p{n}.example/rss", title=f"Paper {n}") for n in range(articles)]
    store.sources.sync([*store.sources.all(), *sources], NOW)
    members = []
    for number, source in enumerate(sources):
        article = Article(
            id=f"{name}-{number}",
            source_id=source.id,
            identity=f"{name}-{number}",
            url=f"https://p{number}.example/{name}",
            link=f"https://p{number}.example/{name}",
            title=f"Convoy crosses the ford near Brest {number}",
            summary="A quiet morning. The convoy of forty trucks crossed at dawn, the ministry said. Then it rained.",
            body="",
            published_at=at + number * 600,
            seen_at=at + number * 600,
            language="en",
            content_hash=f"{name}-{number}",
        )
        evidence = (
            Evidence("any", "convoy", "Convoy", Field.TITLE, 0, 6),
            Evidence("any", "trucks", "trucks", Field.SUMMARY, 37, 43),
        )
        hit = Hit(
            article_id=article.id,
            rule_id="convoys",
            rule_name="Convoys",
            watch="border",
            severity=Severity.HIGH,
            evidence=evidence,
            at=at,
        )
        located = Located(countries=("BY",), place="Brest", kind="place", lat=52.1, lon=23.7, sure="sure", why="named")
        join, like = [("opens", ""), ("copy", f"{name}-0"), ("development", f"{name}-0")][min(number, 2)]
        members.append(
            Member(
                article=article,
                source=source,
                hits=(hit,),
                join=join,
                like=like,
                shared=("ford",),
                at=at,
                located=located,
            )
        )
    with store.transaction():
        store.articles.add([Judged(one.article, Novelty.NEW, "new") for one in members])
        store.hits.add([hit for one in members for hit in one.hits])
        store.places.add({one.article.id: one.located for one in members if one.located})
        first = members[0]
        story = Story(
            id=name,
            article=first.article,
            source=first.source,
            hits=tuple(hit for one in members for hit in one.hits),
            novelty=Novelty.NEW,
            first_seen=at,
            members=tuple(members),
        )
        store.stories.add(story)
    return story


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_start_page_is_the_list(page: Page) -> None:
    assert page.client.get("/").headers["location"] == "/stories"


def test_an_empty_list_says_what_to_do(opened: Opened) -> None:
    page = opened()
    assert "monitor run" in page.get("/stories").text
    assert "Take a filter away" in page.get("/stories?severity=high").text


def test_the_newest_and_most_severe_come_first(page: Page) -> None:
    assert ids(page.get("/stories?sort=newest"))[:3] == ["s000000000000", "s000000000001", "s000000000002"]
    severest = ids(page.get("/stories?sort=severest"))
    assert severest[:4] == ["s000000000004", "s000000000009", "s000000000003", "s000000000008"]
    both = ids(page.get("/stories"))
    assert set(both) == set(severest)
    assert both.index("s000000000004") < both.index("s000000000000"), (
        "four steps are worth a day, it is two hours older"
    )


def test_a_row_tells_severity_places_sources_and_why(page: Page) -> None:
    grown(page.store)
    text = page.get("/stories?rule=convoys").text
    row = text[text.index('id="story-sgrown"') :]
    assert 'data-level="high"' in row
    assert "Brest, BY" in row
    assert "(3 articles)" in row
    assert re.search(r"<bdi>Convoys</bdi>: <bdi>Convoy, trucks</bdi>", row)
    assert 'dir="auto">Convoy crosses' in row


@pytest.mark.parametrize("order", list(ORDERS))
def test_pages_by_key_show_every_story_once(page: Page, monkeypatch: pytest.MonkeyPatch, order: str) -> None:
    every = ids(page.get(f"/stories?sort={order}"))
    monkeypatch.setattr(stories, "PAGE", 5)
    address, seen = f"/stories?sort={order}", []
    for _ in range(4):
        answer = page.get(address)
        seen += ids(answer)
        following = re.search(r'href="([^"]+)" rel="next"', answer.text)
        if not following:
            break
        address = following[1].replace("&amp;", "&")
    assert seen == every
    assert len(seen) == 12


def test_filters_leave_what_they_say(page: Page) -> None:
    grown(page.store)
    every = len(ids(page.get("/stories")))
    assert every == 13
    for query, wanted in (
        ("rule=convoys", {"sgrown"}),
        ("country=by", {"sgrown"}),
        ("source=paper-2", {"sgrown"}),
        ("q=convoy+trucks", {"sgrown"}),
        ("q=%22quiet+morning%22&watch=border", {"sgrown"}),
        ("severity=critical", {"s000000000004", "s000000000009"}),
        ("state=acknowledged", {"s000000000000", "s000000000004", "s000000000008"}),
        ("state=acknowledged&severity=critical", {"s000000000004"}),
        ("since=20m&rule=border-move", {"s000000000000"}),
        ("country=PL", set()),
    ):
        assert set(ids(page.get(f"/stories?{query}"))) == wanted, query
    assert len(ids(page.get("/stories?rule=convoys&rule=border-move"))) == every
    assert len(ids(page.get("/stories?language=en&q=-convoy"))) == 12
    assert len(ids(page.get("/stories?state=new&state=acknowledged"))) == every


def test_counts_stand_beside_each_filter(page: Page) -> None:
    grown(page.store)
    text = page.get("/stories?rule=convoys").text
    rule = text[text.index('<summary class="on">Rule') :]
    assert re.search(r"<bdi>border-move</bdi> <span class=\"count\">12</span>", rule), "one's own filter does not count"
    assert re.search(r'<bdi>Belarus</bdi> <span class="count">1</span>', text)
    assert "1 story<" in text


@pytest.mark.parametrize(
    "query",
    [
        "severity=king",
        "state=old",
        "country=Belarus",
        "since=soon",
        "sort=up",
        "after=x",
        "after=nan~s1",
        "until=9999-99-99",
    ],
)
def test_a_filter_that_cannot_be_is_said(page: Page, query: str) -> None:
    answer = page.get(f"/stories?{query}")
    assert answer.status_code == 400
    assert "Go back" in answer.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from([*filters.FILTERS, "after"]), value=st.text(max_size=40))
def test_nothing_that_is_typed_breaks_the_list(page: Page, name: str, value: str) -> None:
    value = value.encode("utf-8", "ignore").decode()
    assert page.get("/stories?" + urlencode({name: value})).status_code in (200, 400)


def test_a_filter_is_put_and_taken_away() -> None:
    had = {"rule": ["a"], "severity": ["high"]}
    assert filters.toggled(had, "rule", "b") == {"severity": ["high"], "rule": ["a", "b"]}
    assert filters.toggled(had, "severity", "low") == {"rule": ["a"], "severity": ["low"]}
    assert filters.toggled(had, "rule", "a") == {"severity": ["high"]}
    with pytest.raises(UsageError):
        filters.moment(["never"], NOW)


def test_views_have_a_name(page: Page) -> None:
    saved = page.post("/views", {"name": "At the border", "query": "watch=border&severity=high&after=1~s&evil=1"})
    assert dict(parse_qsl(urlsplit(saved.headers["location"]).query)) == {"watch": "border", "severity": "high"}
    assert "At the border" in page.get("/stories").text
    for odd in ("evil=1", "", "q=x&" * 900, "severity=huge", "since=never"):
        assert page.post("/views", {"name": "odd", "query": odd + "&watch=" * 60}).status_code in (303, 400), odd
    page.post("/views", {"name": "odd", "do": "remove"})
    assert page.post("/views", {"name": "odd", "query": "severity=huge"}).status_code == 400
    page.post("/views", {"name": "Other", "query": "watch=sea"})
    text = page.get("/stories?watch=border&severity=high").text
    assert 'name="was" value="At the border"' in text
    form = {"query": "watch=border&severity=high", "was": "At the border"}
    assert page.post("/views", {**form, "name": "Other"}).status_code == 400, "that one is not lost"
    page.post("/views", {**form, "name": "Border, high"})
    assert [one.name for one in page.store.views.all()] == ["Border, high", "Other"]
    page.post("/views", {"name": "Border, high", "do": "remove"})
    page.get("/stories")
    assert "Border, high" not in page.get("/stories").text


def test_the_first_page_is_small(page: Page) -> None:
    worlds.fill(page.store, NOW, stories=60, sources=40)
    size = len(page.get("/stories").content)
    assert size < 60_000, size


# --- what is done ----------------------------------------------------------------------------------------------------


def test_a_story_is_acknowledged_muted_and_taken_back(page: Page) -> None:
    story = "s000000000001"
    answer = page.post(f"/stories/{story}/do", {"do": "acknowledge", "back": "/stories?state=new"})
    assert answer.headers["location"] == "/stories?state=new"
    assert "Acknowledged" in page.get("/stories").text
    assert story in ids(page.get("/stories?state=acknowledged"))
    page.post(f"/stories/{story}/do", {"do": "mute", "for": "2h", "note": "known"})
    muted = page.store.handled.of(story)[-1]
    assert (muted.what, muted.by, muted.until, muted.note) == ("muted", "local", NOW + 7200, "known")
    assert story in ids(page.get("/stories?state=muted"))
    page.time[0] = NOW + 7300
    assert story not in ids(page.get("/stories?state=muted")), "its time is over"
    page.post(f"/stories/{story}/do", {"do": "unmute"})
    assert story in ids(page.get("/stories?state=new"))


def test_hits_are_marked_right_and_wrong(page: Page) -> None:
    grown(page.store)
    page.post("/stories/sgrown/do", {"do": "wrong"})
    assert page.store.marks.counts() == {"convoys": {"wrong": 3}}
    assert ids(page.get("/stories?state=wrong")) == ["sgrown"]
    assert "3 wrong" in page.get("/stories/sgrown").text
    page.post("/stories/sgrown/do", {"do": "right", "rule": "convoys", "article": "sgrown-0"})
    assert ids(page.get("/stories?state=wrong")) == []
    page.post("/stories/sgrown/do", {"do": "unmark", "rule": "convoys"})
    assert page.store.marks.counts() == {}
    assert page.post("/stories/sgrown/do", {"do": "wrong", "rule": "nothing"}).status_code == 400


def test_articles_are_split_and_stories_merged(page: Page) -> None:
    grown(page.store)
    answer = page.post("/stories/sgrown/do", {"do": "split", "article": "sgrown-2"})
    assert answer.status_code == 303
    new = page.store.stories.of_article("sgrown-2")[0]
    assert new != "sgrown"
    assert set(ids(page.get("/stories?source=paper-2"))) == {new}
    assert f"/stories/{new}" in page.get("/stories/sgrown").text
    page.post("/stories/sgrown/do", {"do": "merge", "other": f"{page.url}/stories/{new}?all=1"})
    assert page.store.stories.current(new) == "sgrown"
    moved = page.get(f"/stories/{new}")
    assert (moved.status_code, moved.headers["location"]) == (303, "/stories/sgrown")
    assert set(ids(page.get("/stories?source=paper-2"))) == {"sgrown"}
    for wrong in (
        {"do": "split"},
        {"do": "split", "article": "x"},
        {"do": "merge", "other": "x"},
        {"do": "merge", "other": "sgrown"},
    ):
        assert page.post("/stories/sgrown/do", wrong).status_code == 400, wrong


def test_who_marked_split_and_merged_is_kept(page: Page) -> None:
    grown(page.store)
    page.account("ann", Role.TRIAGER)
    page.log_in("ann")
    for _ in range(2):  # the second time nothing changes, and nothing is written
        page.post("/stories/sgrown/do", {"do": "wrong", "article": "sgrown-0"})
    page.post("/stories/sgrown/do", {"do": "unmark"})
    page.post("/stories/sgrown/do", {"do": "split", "article": "sgrown-2"})
    new = page.store.stories.of_article("sgrown-2")[0]
    assert [(one.by, one.text) for one in page.store.notes.of(new)] == [("ann", "parted 1 article from story sgrown")]
    page.post("/stories/sgrown/do", {"do": "merge", "other": new})
    said = [
        (one.by, one.text) for one in page.store.notes.of("sgrown") if one.text.startswith(("marked", "took", "made"))
    ]
    assert said == [
        ("ann", "marked 1 hit of convoys wrong"),
        ("ann", "took the mark of 1 hit of convoys away"),
        ("ann", f"made 1 article of it story {new}"),
        ("ann", f"made story {new} a part of it"),
    ]
    assert "marked 1 hit of convoys wrong" in page.get("/stories/sgrown").text


def test_what_marking_means_for_messages_is_said(page: Page) -> None:
    grown(page.store)
    some = page.post("/stories/sgrown/do", {"do": "wrong", "article": "sgrown-0"})
    assert "No%20more" not in some.headers["set-cookie"]
    every = page.post("/stories/sgrown/do", {"do": "wrong"})
    assert "No%20more%20is%20told" in every.headers["set-cookie"]


def test_notes_and_who_looks_after_it(page: Page) -> None:
    page.account("ann", Role.TRIAGER)
    page.log_in("ann")
    page.post("/stories/s000000000001/do", {"do": "note", "text": "Called <b>the</b> desk"})
    page.post("/stories/s000000000001/do", {"do": "assign", "name": "Bob"})
    text = page.get("/stories/s000000000001").text
    assert "Called &lt;b&gt;the&lt;/b&gt; desk" in text
    assert "for <bdi>Bob</bdi>" in text
    page.post("/stories/s000000000001/do", {"do": "assign", "name": ""})
    assert page.store.notes.assigned("s000000000001") is None
    for odd in ({"do": "note"}, {"do": "explode"}, {}):
        assert page.post("/stories/s000000000001/do", odd).status_code == 400
    assert page.post("/stories/nothing/do", {"do": "acknowledge"}).status_code == 404


def test_stories_are_filtered_by_who_looks_after_them(page: Page) -> None:
    text = page.get("/stories").text
    assert 'title="Assigned to' not in text, "who needs no login and looks after nothing has no use for it"
    assert ids(page.get("/stories?assignee=Ann")) == ["s000000000002"]
    both = ids(page.get("/stories?assignee=Ann&assignee=Night+desk%2C+Warsaw"))
    assert sorted(both) == ["s000000000002", "s000000000009"]
    assert len(ids(page.get("/stories?assignee=none"))) == 10
    assert len(ids(page.get("/stories?assignee=none&assignee=Ann"))) == 11
    assert ids(page.get("/stories?assignee=%27%3B--")) == []
    assert "s000000000002" in page.get("/stories.atom?assignee=Ann").text
    menu = text[text.index("<summary>Assigned to") :]
    menu = menu[: menu.index("</details>")]
    assert re.findall(r"<bdi>([^<]*)</bdi> <span class=\"count\">(\d+)<", menu) == [
        ("nobody", "10"), ("Ann", "1"), ("Night desk, Warsaw", "1"),
    ]  # fmt: skip
    row = text[text.index('id="story-s000000000009"') :]
    assert "for <bdi>Night desk, Warsaw</bdi>" in row[: row.index("</li>")]


def test_mine_is_what_the_reader_looks_after(page: Page) -> None:
    page.account("Ann", Role.TRIAGER)
    ann = page.as_("Ann")
    mine = re.search(
        r'<a href="([^"]+)" title="Assigned to Ann">mine <span class="count">(\d+)<', ann.get("/stories").text
    )
    assert mine
    assert mine[2] == "1"
    chosen = ann.get(mine[1])
    assert ids(chosen) == ["s000000000002"]
    assert 'aria-current="true" title="Assigned to Ann">mine' in chosen.text
    ann.post("/stories/s000000000005/do", {"do": "assign", "name": "Ann"})
    assert sorted(ids(ann.get(mine[1]))) == ["s000000000002", "s000000000005"]
    ann.post("/stories/s000000000005/do", {"do": "assign", "name": "none"})
    assert page.store.notes.assigned("s000000000005") is None, "`none` is no name"
    page.account("Ben", Role.VIEWER)
    assert '>mine <span class="count">0<' in page.as_("Ben").get("/stories").text


# --- one story -------------------------------------------------------------------------------------------------------


def test_a_story_shows_evidence_timeline_places_and_what_was_told(page: Page) -> None:
    grown(page.store)
    text = page.get("/stories/sgrown").text
    assert "<mark>Convoy</mark> crosses the ford" in text
    assert re.search(r"convoy of forty <mark>trucks</mark> crossed at dawn", text)
    assert "copies <bdi>Paper 0</bdi>" in text
    assert 'id="timeline"' in text
    assert 'id="map"' in text
    assert "Credibility" in text
    assert "no message" in text or "Nobody was told" in text
    told = page.get("/stories/s000000000001").text
    assert "250 OK queued" in told
    assert page.get("/stories/nothing").status_code == 404


def test_an_edited_headline_is_shown_as_a_diff(page: Page) -> None:
    story = grown(page.store)
    edited = replace(
        story.article, title="Convoy of tanks crosses the ford near Brest", content_hash="new", seen_at=NOW + 900
    )
    with page.store.transaction():
        page.store.articles.add([Judged(edited, Novelty.EDITED, "edited")])
    text = page.get("/stories/sgrown").text
    assert re.search(r"<ins>\s?of tanks\s?</ins>", text)
    assert "<del> 0</del>" in text
    assert "earlier wording" in text


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_diff_has_both_texts(before: str, after: str) -> None:
    pieces = words_changed(before, after)
    assert "".join(text for kind, text in pieces if kind != "new") == before
    assert "".join(text for kind, text in pieces if kind != "gone") == after


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("Drills end on Friday", "Drills end on Monday", ["same", "gone", "new"]),
        ("Ports reopen late", "Envoys meet in Geneva today", ["gone", "new"]),
        (
            "Two old towns flooded, roads closed",
            "Two new cities flooded, roads closed",
            ["same", "gone", "new", "same"],
        ),
    ],
)
def test_a_diff_is_not_crumbs(before: str, after: str, pieces: list[str]) -> None:
    """What was changed throughout is shown whole; a blank between two changed words belongs to them."""
    assert [kind for kind, _ in words_changed(before, after)] == pieces


def test_what_several_channels_were_told_alike_is_one_row(page: Page) -> None:
    story = grown(page.store)
    alert = Alert(id="ntold", kind="story", severity=Severity.HIGH, title="Told", story_id=story.id, at=NOW, data={})
    held = Decision(Action.HOLD, "group_wait", "it waits 30 seconds", NOW + 30)
    with page.store.transaction():
        page.store.alerts.add(alert, [("mail", "k1"), ("desk", "k2"), ("room", "k3")], NOW)
        for channel in ("mail", "desk"):
            page.store.alerts.decision(story.id, channel, held, NOW)
    rows = together(told_of(page.store, [story.id]))
    assert [(kind, channels) for _, kind, _, channels in rows] == [
        ("decision", "mail, desk"),
        ("delivery", "mail, desk, room"),
    ]
    page.store.alerts.sent(page.store.alerts.of_story(story.id)[0].delivery.id, NOW + 5, "250 OK")
    assert len(together(told_of(page.store, [story.id]))) == 3, "what was sent is no longer like what waits"


def test_a_viewer_sees_no_buttons(page: Page) -> None:
    page.account("vera", Role.VIEWER)
    page.log_in("vera")
    for path in ("/stories", "/stories/s000000000001"):
        assert "/do" not in page.get(path).text


# --- the feed --------------------------------------------------------------------------------------------------------


def test_the_feed_is_atom_with_the_filters_of_the_page(page: Page) -> None:
    grown(page.store)
    answer = page.get("/stories.atom?severity=high&rule=convoys")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo
    assert parsed.version == "atom10"
    assert parsed.feed.updated == "2026-09-21T14:13:20Z"
    assert [one.title for one in parsed.entries] == ["Convoy crosses the ford near Brest 0"]
    entry = parsed.entries[0]
    assert (entry.link, entry.author) == (f"{page.url}/stories/sgrown", "monitor")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", entry.id)
    assert "Why: Convoys: Convoy, trucks" in entry.summary
    assert {one.term for one in entry.tags} == {"high", "border"}
    assert page.get("/stories.atom?severity=king").status_code == 400


def test_the_feed_changes_when_a_story_does_and_only_then(page: Page) -> None:
    first = page.get("/stories.atom")
    tag = first.headers["etag"]
    page.time[0] += 60
    assert page.get("/stories.atom", headers={"If-None-Match": tag}).status_code == 304
    grown(page.store, at=NOW + 30)
    again = page.get("/stories.atom", headers={"If-None-Match": tag})
    assert again.status_code == 200
    old, new = feedparser.parse(first.content), feedparser.parse(again.content)
    assert new.feed.updated > old.feed.updated
    assert new.feed.id == old.feed.id
    assert {one.id for one in old.entries} < {one.id for one in new.entries}


def test_a_long_feed_has_further_pages(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories_atom, "PAGE", 7)
    first = feedparser.parse(page.get("/stories.atom").content)
    following = next(one.href for one in first.feed.links if one.rel == "next")
    rest = feedparser.parse(page.get(following.removeprefix(page.url)).content)
    assert len({one.id for one in [*first.entries, *rest.entries]}) == 12


def test_a_hostile_feed_stays_well_formed(opened: Opened) -> None:
    for start in range(0, len(worlds.PAYLOADS), 3):
        page = opened()
        worlds.fill(page.store, NOW, say=worlds.hostile(start), stories=6, sources=3)
        parsed = feedparser.parse(page.get("/stories.atom").content, sanitize_html=False)
        assert (bool(parsed.bozo), len(parsed.entries)) == (False, 6)
        if start > 6:
            break


# --- exports ---------------------------------------------------------------------------------------------------------


def test_a_story_is_taken_along_as_json_and_html(page: Page) -> None:
    grown(page.store)
    answer = page.get("/stories/sgrown/export.json")
    assert answer.headers["content-disposition"] == 'attachment; filename="sgrown.json"'
    found = json.loads(answer.text)
    assert (found["id"], found["severity"], len(found["articles"])) == ("sgrown", "high", 3)
    assert found["made"].startswith("2026-09-21T14:13:20")
    import hashlib

    article = found["articles"][0]
    whole = f"{article['title']}\0{article['summary']}\0{article['body']}\0".encode()
    assert article["sha256"] == hashlib.sha256(whole).hexdigest()
    page_text = page.get("/stories/sgrown/export.html").text
    assert article["sha256"] in page_text
    assert "<script" not in page_text
    assert 'href="http' in page_text
    assert not re.search(r"<(img|link|iframe)", page_text)
    assert page.get("/stories/sgrown/export.exe").status_code == 404
    assert page.get("/stories/nothing/export.json").status_code == 404


def test_geojson_has_points_with_longitude_first(page: Page) -> None:
    grown(page.store)
    answer = page.get("/stories/sgrown/export.geojson")
    assert answer.headers["content-type"].startswith("application/geo+json")
    found = answer.json()
    assert found["type"] == "FeatureCollection"
    assert found["features"][0]["geometry"] == {"type": "Point", "coordinates": [23.7, 52.1]}
    assert found["features"][0]["properties"]["place"] == "Brest"
    assert page.get("/stories/s000000000001/export.geojson").json()["features"] == []


def test_a_time_has_the_stories_that_went_on_in_it(page: Page) -> None:
    """So a bar of a chart leads to every story that has a hit in it."""
    story = grown(page.store, at=NOW - 86400)
    with page.store.transaction():
        page.store.stories.describe(story, NOW - 3600)
    for since, until, there in (
        ("2026-09-20", "2026-09-21", True),
        ("2026-09-21T13:00", "2026-09-21T14:00", True),
        ("2026-09-20T20:00", "2026-09-21T10:00", True),
        ("2026-09-21T13:30", "2026-09-22", False),
        ("2026-09-19", "2026-09-20", False),
    ):
        assert ("sgrown" in ids(page.get(f"/stories?since={since}&until={until}"))) is there, (since, until)
