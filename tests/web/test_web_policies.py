"""The preview of the policies, a trial of changed ones, and the tries of one delivery."""

import html
import re

import pytest

from monitor.model import Action, Decision, Thread
from monitor.web import one_trial
from monitor.web.views import preview, trial
from tests.web import worlds
from tests.web.conftest import NOW, Opened, Page

pytestmark = pytest.mark.slow  # each starts a real server over a database of its own

SETTINGS = """\
channels:
  mail: {url: "mailtos://bot:hunter2@mail.example.org?to=ann@example.org", budget: 20/h}
  phone: {url: "json://hooks.example.org/phone"}
alerts: {group_wait: 0}
routes:
  - {severity: critical, channels: [mail, phone], continue: true}
  - watches: border
    channels: mail
    routes:
      - {severity: high, group_wait: 5m}
"""


@pytest.fixture
def page(opened: Opened) -> Page:
    found = opened(SETTINGS)
    worlds.fill(found.store, NOW, stories=15, sources=8)
    return found


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_the_routes_stand_there_in_plain_words(page: Page) -> None:
    text = page.get("/deliveries/preview").text
    said = plain(text)
    assert "1 critical or more severe to mail phone" in said
    assert "2.1 high or more severe to mail" in said
    assert "the first message after 5 minutes" in said
    assert "20 messages in any 60 minutes" in said
    assert "Then the routes below are looked at, too." in said
    assert "hunter2" not in text
    assert page.get("/deliveries").text.count("/deliveries/preview") >= 2, "the view and its held stories lead there"


def test_what_became_of_each_story_and_by_which_policy(page: Page) -> None:
    said = plain(page.get("/deliveries/preview?since=7d").text)
    assert "chat/desk 0 2 0 held by quiet 2" in said
    assert "mail 10 0 5 left out by silence 5" in said
    assert "silence: silenced until Friday by Ann: announced drills" in said
    assert "held chat/desk until" in said


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("since=7d", 15),
        ("since=7d&outcome=held", 2),
        ("since=7d&channel=mail&outcome=left", 5),
        ("since=7d&channel=mail&outcome=left&policy=quiet", 0),
        ("since=7d&policy=silence", 5),
        ("since=9y&outcome=nonsense", 15),
        ("from=nonsense", 15),
        ("from=15", 0),
    ],
)
def test_stories_are_chosen_by_channel_outcome_and_policy(page: Page, query: str, rows: int) -> None:
    text = page.get(f"/deliveries/preview?{query}").text
    assert len(re.findall(r'id="row-', text)) == rows
    assert ("No such stories" in text) is (rows == 0)


def test_many_stories_are_paged(opened: Opened) -> None:
    page = opened(SETTINGS)
    worlds.fill(page.store, NOW, stories=preview.PAGE + 3, sources=4)
    first = page.get("/deliveries/preview?channel=mail&since=7d").text
    (older,) = re.findall(r'href="([^"]+)">older', first)
    second = page.get(html.unescape(older)).text
    ids = [re.findall(r'id="row-(\w+)"', text) for text in (first, second)]
    assert (len(ids[0]), len(ids[1])) == (preview.PAGE, 3)
    assert not set(ids[0]) & set(ids[1])
    assert "← newer" in second


def test_a_channel_to_which_no_route_leads_is_named_apart(page: Page) -> None:
    story = "s000000000000"
    decision = Decision(Action.DROP, "route", "no route sends it to channel phone")
    page.store.threads.save([Thread(story_id=story, channel="phone", opened=NOW, decision=decision, since=NOW)])
    assert "no route leads to phone" in plain(page.get("/deliveries/preview?since=7d").text)


def test_each_policy_says_what_it_thinks_of_one_story(page: Page) -> None:
    text = page.get("/deliveries/preview/s000000000001").text
    said = plain(text)
    assert "mail ○ left out silence: silenced until" in said
    assert "phone ○ left out route: no route sends it to channel phone" in said
    assert "Told 1 time" in said
    assert re.search(r"silence ○ left out decides", said)
    assert "group_wait" in said
    assert page.get("/deliveries/preview/nothing").status_code == 404
    assert "/deliveries/preview/s000000000001" in page.get("/stories/s000000000001").text


def test_looking_writes_nothing(page: Page) -> None:
    before = [page.store.threads.held(), page.store.alerts.decisions("s000000000001"), page.store.alerts.after(0)]
    page.get("/deliveries/preview/s000000000001")
    page.post("/deliveries/trial", {"text": changed(page), "days": "30"})
    after = [page.store.threads.held(), page.store.alerts.decisions("s000000000001"), page.store.alerts.after(0)]
    assert after == before
    assert (page.config.folder / "monitor.yaml").read_text().endswith(SETTINGS)


# --- a trial ---------------------------------------------------------------------------------------------------------


def typed(page: Page) -> str:
    """Return what the form holds at first."""
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page.get("/deliveries/trial").text, re.DOTALL)
    assert found
    return html.unescape(found[1])


def changed(page: Page) -> str:
    """Return it with the phone told of what is high, and the mail of nothing less."""
    return typed(page).replace("severity: critical", "severity: high").replace("watches: border", "severity: high")


def test_the_form_holds_the_policies_in_force_without_urls(page: Page) -> None:
    text = typed(page)
    assert "hunter2" not in text
    assert "budget: 20/h" in text
    assert "Nothing differs" in page.post("/deliveries/trial", {"text": text}).text


def test_a_change_says_what_it_gains_and_loses(page: Page) -> None:
    answer = page.post("/deliveries/trial", {"text": changed(page), "days": "7"})
    assert answer.status_code == 200
    said = plain(answer.text)
    assert "15 stories that grew" in said
    assert "Told with both" in said
    assert "Told with both 6 Gained +6 Lost −4" in said, "headlines that repeat are told once: so mail gains, too"
    assert "mail 7 6 −1 phone 3 6 +3" in said
    assert "Gained: told only with the change 6 of 6" in said
    assert re.search(r"phone ○ not told route: no route sends it to channel phone ● told", said)
    assert "severity: high" in answer.text, "what was typed is still there"


def test_what_cannot_be_used_is_told_by_line_and_column(page: Page) -> None:
    answer = page.post("/deliveries/trial", {"text": "routes:\n  - {channels: mial}\n"})
    assert answer.status_code == 400
    assert "line 2, column 16" in answer.text
    assert "did you mean" in plain(answer.text)
    assert "mial" in answer.text
    for text in ("", "   ", "a" * (trial.LONGEST + 1)):
        assert page.post("/deliveries/trial", {"text": text}).status_code == 400


def test_a_remark_does_not_stop_it(page: Page) -> None:
    said = plain(page.post("/deliveries/trial", {"text": "routes: [{rules: nothing, channels: mail}]\n"}).text)
    assert "no rule is called 'nothing'" in said
    assert "Lost" in said


def test_one_trial_at_a_time(page: Page) -> None:
    text = changed(page)
    with one_trial.BUSY:
        assert page.post("/deliveries/trial", {"text": text}).status_code == 503
    assert page.post("/deliveries/trial", {"text": text}).status_code == 200


def test_a_trial_that_takes_too_long_says_how_far_it_came(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "SECONDS", -1.0)
    said = plain(page.post("/deliveries/trial", {"text": changed(page)}).text)
    assert "Broken off at" in said


def test_of_too_many_stories_only_some_are_played(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "MOST", 5)
    assert "5 stories that grew" in plain(page.post("/deliveries/trial", {"text": changed(page)}).text)
    assert "these are the 5 that grew last" in plain(page.post("/deliveries/trial", {"text": changed(page)}).text)


def test_the_text_is_saved_as_a_file_of_the_reader(page: Page) -> None:
    answer = page.post("/deliveries/trial/save", {"text": "routes: []\r\n"})
    assert answer.headers["content-disposition"] == 'attachment; filename="policies.yaml"'
    assert answer.text == "routes: []\n"


# --- one delivery ----------------------------------------------------------------------------------------------------


def test_a_delivery_shows_each_try(page: Page) -> None:
    (dead, *_) = page.store.alerts.list(state="dead")
    text = page.get("/deliveries").text
    assert f'href="/deliveries/{dead.delivery.id}"' in text
    said = plain(page.get(f"/deliveries/{dead.delivery.id}").text)
    assert "not taken 421 4.3.2 try again later" in said
    assert "given up 550 5.1.1 no such recipient" in said
    page.post("/deliveries", {"do": "retry", "id": str(dead.delivery.id)})
    assert "421 4.3.2" in page.get(f"/deliveries/{dead.delivery.id}").text, "what was is still known"
    (sent, *_) = page.store.alerts.list(state="sent")
    assert "● sent 250 OK queued" in plain(page.get(f"/deliveries/{sent.delivery.id}").text)
    assert page.get("/deliveries/99999").status_code == 404


def test_what_was_tried_before_tries_were_kept_says_so(page: Page) -> None:
    (dead, *_) = page.store.alerts.list(state="dead")
    page.store._db.execute("DELETE FROM attempts")
    said = plain(page.get(f"/deliveries/{dead.delivery.id}").text)
    assert "tried 2 times before tries were kept" in said
