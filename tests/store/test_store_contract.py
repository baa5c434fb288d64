"""What every backend of the store promises; public methods only, so that another backend must pass the same tests."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from store_builders import NOW, alert, article, hit, judged, source, story

from monitor.errors import StoreError
from monitor.model import Action, Article, Decision, Field, Judged, Mark, Member, Novelty, Severity, SourceState, State
from monitor.settings import Retention
from monitor.store import Store
from monitor.store.deliveries import KEPT

_runs: Iterator[int] = iter(range(10**9))  # examples of one test share a store

# --- sources ---------------------------------------------------------------------------------------------------------


def test_a_new_source_is_due_at_once_and_the_longest_overdue_comes_first(store: Store) -> None:
    states = store.sources.states()
    store.sources.save([replace(states["source-1"], next_due=30.0), replace(states["source-2"], next_due=10.0)])
    assert [state.source_id for state in store.sources.due(20.0, 10)] == ["source-3", "source-2"]
    assert [state.source_id for state in store.sources.due(20.0, 1, {"source-3"})] == ["source-2"]
    assert store.sources.next_due() == 0.0
    assert store.sources.next_due({"source-2", "source-3"}) == 30.0


def test_a_state_comes_back_as_it_was_saved(store: Store) -> None:
    state = SourceState(
        source_id="source-1",
        state=State.LIMITED,
        reason="429: за много запросов",
        status=429,
        etag='W/"a\\b"',
        last_modified="Tue, 10 May 2022 10:00:00 GMT",
        body_hash="ff",
        items=bytes(range(256)),
        moved_to="https://new.example/",
        moved_count=2,
        url="https://learnt.example/",
        next_due=1.5,
        last_polled=2.5,
        last_success=3.5,
        last_new=4.5,
        last_whole=5.5,
        failures=0.75,
        interval=900.0,
        rhythm=3600.0,
        floor=60.0,
        primed=True,
    )
    store.sources.save([state])
    assert store.sources.state("source-1") == state
    assert store.sources.states()["source-1"] == state
    assert store.sources.counts() == {State.LIMITED: 1, State.NEW: 2}


def test_the_last_changes_of_a_state_are_kept(store: Store) -> None:
    polls = [
        (State.OK, 200, ""),
        (State.UNCHANGED, 304, ""),  # as good as the one before
        (State.TIMEOUT, None, "no answer within 30 s"),
        (State.TIMEOUT, None, "no answer within 31 s"),
        (State.HTTP_ERROR, 500, "HTTP 500"),
        (State.HTTP_ERROR, 502, "HTTP 502"),
        (State.OK, 200, ""),
        (State.OK, 200, ""),
    ]
    for at, (state, status, reason) in enumerate(polls, 1):
        polled = SourceState(source_id="source-1", state=state, status=status, reason=reason, last_polled=float(at))
        store.sources.save([polled])
    kept = [(one.at, one.state, one.status, one.reason) for one in store.sources.past("source-1")]
    assert kept == [
        (7.0, State.OK, 200, ""),
        (6.0, State.HTTP_ERROR, 502, "HTTP 502"),
        (5.0, State.HTTP_ERROR, 500, "HTTP 500"),
        (3.0, State.TIMEOUT, None, "no answer within 30 s"),
        (1.0, State.OK, 200, ""),
    ]
    assert store.sources.past("source-2") == []
    for at in range(100, 200):
        flapping = State.OK if at % 2 else State.DNS
        store.sources.save([SourceState(source_id="source-1", state=flapping, last_polled=float(at))])
    assert [one.at for one in store.sources.past("source-1")] == [float(at) for at in range(199, 179, -1)]


def test_a_source_that_is_no_longer_configured_is_not_polled_and_comes_back_with_its_state(store: Store) -> None:
    store.sources.save([SourceState(source_id="source-2", etag="x", next_due=5.0)])
    store.sources.sync([source(1), source(3)], 1.0)
    assert "source-2" not in store.sources.states()
    assert "source-2" not in {state.source_id for state in store.sources.due(100.0, 10)}
    store.sources.sync([source(1), source(2), source(3)], 2.0)
    assert store.sources.states()["source-2"].etag == "x"


def test_another_url_starts_afresh_but_a_source_with_the_same_url_keeps_its_state(store: Store) -> None:
    old = SourceState(source_id="source-1", etag="x", items=b"12345678", next_due=9e9, state=State.GONE, primed=True)
    store.sources.save([old, replace(old, source_id="source-2", state=State.OK)])
    store.sources.sync([source(1, url="https://moved.example/rss"), source(2, title="Other title")], 1.0)
    moved, same = store.sources.states().values()
    assert (moved.etag, moved.items, moved.next_due, moved.state, moved.primed) == (None, b"", 0.0, State.NEW, True)
    assert (same.etag, same.next_due) == ("x", 9e9)


def test_a_source_that_is_gone_or_disabled_is_not_due_until_the_user_acts(store: Store) -> None:
    store.sources.save([SourceState(source_id="source-1", state=State.GONE)])
    store.sources.sync([source(1), source(2, enabled=False), source(3)], 1.0)
    assert [state.source_id for state in store.sources.due(10.0, 10)] == ["source-3"]
    assert store.sources.poll_now(["source-1", "source-2"]) == 1
    assert {state.source_id for state in store.sources.due(10.0, 10)} == {"source-1", "source-3"}


def test_a_source_comes_back_without_what_may_be_secret(store: Store) -> None:
    given_source = source(
        1, url="https://user:hunter2@paper.example/rss", headers=(("Authorization", "hunter2"),), proxy="http://p",
        tags=frozenset({"military", "ру"}), interval=600.0, reliability="B", language="pl", country="PL",
    )  # fmt: skip
    store.sources.sync([given_source], 1.0)
    expected = replace(given_source, url="https://paper.example/rss", headers=(), proxy="")
    assert store.sources.get("source-1") == expected
    assert store.sources.all() == [expected]
    assert store.sources.get("nobody") is None
    assert len(store.sources.all(removed=True)) == 3


def test_saving_a_state_of_an_unknown_source_is_an_error(store: Store) -> None:
    with pytest.raises(StoreError, match="a state was to be saved"):
        store.sources.save([SourceState(source_id="nobody")])


# --- articles --------------------------------------------------------------------------------------------------------


def test_an_article_comes_back_exactly(store: Store) -> None:
    full = article(
        title="Страйк «Ёж»",
        summary="a\n\nb",
        body="c\td",
        author="O'Brien",
        published_at=1.25,
        published_raw="10 May",
        updated_at=2.5,
        updated_raw="11 May",
        language="ru",
        language_from="detected",
        categories=("б", "a"),
        flags=frozenset({"date-future", "mojibake-repaired"}),
        marks=(Mark(Field.BODY, 0, 2, "crosslink"),),
    )
    store.articles.add([Judged(full, Novelty.HISTORY, "older than the first poll")])
    assert store.articles.get(full.id) == full
    assert store.articles.find(full.url) == store.articles.find(full.link) == store.articles.find(full.id) == full
    assert store.articles.novelty(full.id) == (Novelty.HISTORY, "older than the first poll")
    assert store.articles.get("a") is None
    assert store.articles.find("https://nowhere.example/") is None


texts = st.text(st.characters(), max_size=30)
times = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(
        Article,
        id=st.just(""),
        source_id=st.just("source-1"),
        identity=texts,
        url=st.sampled_from(["", "https://a.example/", "same"]) | texts,
        link=st.just("same") | texts,
        title=texts,
        summary=texts,
        body=texts,
        author=texts,
        published_at=times,
        published_raw=texts,
        updated_at=times,
        updated_raw=texts,
        seen_at=st.floats(0, 1e12),
        language=st.sampled_from(["", "ru"]),
        language_from=st.just(""),
        categories=st.lists(texts, max_size=3).map(tuple),
        flags=st.frozensets(texts, max_size=2),
        marks=st.just(()),
        content_hash=texts.filter(lambda text: text.isprintable()),
        version=st.just(1),
    )
)
def test_any_article_comes_back_exactly(store: Store, made: Article) -> None:
    made = replace(storable(made), id=f"a{next(_runs)}")
    store.articles.add([Judged(made, Novelty.NEW, "")])
    assert store.articles.get(made.id) == made


def storable(made: Article) -> Article:
    """Without lone surrogates, which UTF-8 cannot hold; the next test has one."""
    changed = {}
    for name in Article.__slots__:
        value = getattr(made, name)
        if isinstance(value, str):
            changed[name] = value.encode("utf-8", "replace").decode()
        elif isinstance(value, tuple | frozenset):
            changed[name] = type(value)(text.encode("utf-8", "replace").decode() for text in value)
    return replace(made, **changed)


def test_a_lone_surrogate_never_stops_a_write(store: Store) -> None:
    store.articles.add([judged(title="a\ud800b", identity="i\udfff", categories=("\ud800",))])
    kept = store.articles.get(article().id)
    assert kept is not None
    assert (kept.title, kept.categories) == ("a?b", ("?",))
    assert set(store.articles.known("source-1", ["i\udfff"])) == {"i\udfff"}
    assert len(store.articles.search(text="\ud800 a")) == 1


def test_known_tells_what_is_stored_of_one_source_only(store: Store) -> None:
    store.articles.add([judged(1), judged(2, source_id="source-2", identity="tag:paper.example,1")])
    asked = ["tag:paper.example,1", "tag:paper.example,2"]
    (known,) = store.articles.known("source-1", asked).values()
    assert (known.article_id, known.source_id, known.identity) == (article(1).id, "source-1", asked[0])
    assert (known.content_hash, known.version, known.url) == ("hash-1", 1, article(1).url)
    assert store.articles.known("source-3", asked) == {}
    assert store.articles.known("source-1", []) == {}


def test_by_url_finds_the_first_article_of_any_source(store: Store) -> None:
    store.articles.add([judged(1, source_id="source-2"), judged(2, url=article(1).url), judged(3, url="")])
    found = store.articles.by_url([article(1).url, "", "https://other.example/"])
    assert {url: known.article_id for url, known in found.items()} == {article(1).url: article(1).id}
    assert found[article(1).url].source_id == "source-2"
    assert found[article(1).url].identity == article(1).identity


def test_storing_the_same_twice_changes_nothing(store: Store) -> None:
    batch = [judged(1), judged(2), judged(1)]
    assert [one.article.id for one in store.articles.add(batch)] == [article(1).id, article(2).id]
    assert store.articles.add(batch) == ()
    assert store.articles.count() == 2
    edit = judged(1, Novelty.EDITED, "text changed", title="Other", content_hash="other", version=2)
    assert store.articles.add([edit]) == (edit,)
    assert store.articles.add([edit]) == ()
    assert len(store.articles.versions(article(1).id)) == 2


def test_an_edit_keeps_both_texts_and_where_the_article_was_first_seen(store: Store) -> None:
    store.articles.add([judged(1, identity=article(1).url, link=article(1).url, body="first text")])
    edits = [
        judged(1, Novelty.EDITED, f"edit {n}", identity=article(1).url, url=f"https://paper.example/moved-{n}",
               body=f"text {n}", content_hash=f"h{n}", version=n, seen_at=NOW + n)
        for n in (2, 3)
    ]  # fmt: skip
    for edit in edits:
        store.articles.add([edit])
    versions = store.articles.versions(article(1).id)
    assert [(v.version, v.body, v.content_hash) for v in versions] == [
        (1, "first text", "hash-1"),
        (2, "text 2", "h2"),
        (3, "text 3", "h3"),
    ]
    assert [v.seen_at for v in versions] == [NOW + 1, NOW + 2, NOW + 3]
    latest = store.articles.get(article(1).id)
    assert latest == replace(edits[1].article, seen_at=NOW + 1)
    assert store.articles.known("source-1", [article(1).url])[article(1).url].content_hash == "h3"
    assert store.articles.known("source-1", [article(1).url])[article(1).url].version == 3


def test_an_article_that_was_never_edited_has_one_version(store: Store) -> None:
    store.articles.add([judged(1, title="Only")])
    (only,) = store.articles.versions(article(1).id)
    assert (only.version, only.title, only.reason) == (1, "Only", "not seen before")
    assert store.articles.versions("nobody") == []


def test_an_article_in_two_sources_is_one_with_two_sightings(store: Store) -> None:
    other = Judged(article(1, source_id="source-2", identity="other", seen_at=NOW + 9), Novelty.SIGHTING, "same URL")
    store.articles.add([other, judged(1)])  # also when both come in one batch, in any order
    sightings = store.articles.sightings(article(1).id)
    assert [(seen.source_id, seen.identity) for seen in sightings] == [
        ("source-1", article(1).identity),
        ("source-2", "other"),
    ]
    assert store.articles.known("source-2", ["other"])["other"].article_id == article(1).id
    assert store.articles.count() == 1
    kept = store.articles.get(article(1).id)
    assert kept is not None
    assert kept.source_id == "source-1"


def test_a_sighting_or_an_edit_of_an_article_that_is_gone_stores_it(store: Store) -> None:
    store.articles.add([judged(1, Novelty.SIGHTING), judged(2, Novelty.EDITED, version=4)])
    assert store.articles.count() == 2
    assert store.articles.search(text="article", limit=10) != []


def test_what_is_listed_again_is_noted_to_the_day(store: Store) -> None:
    store.articles.add([judged(1)])
    later = NOW + 10 * 86400
    store.articles.add([judged(1, Novelty.KNOWN, seen_at=later)])
    (seen,) = store.articles.sightings(article(1).id)
    assert (seen.first_seen, seen.last_seen) == (NOW + 1, later)
    store.articles.touch("source-1", [article(1).identity], later + 2 * 86400)
    assert store.articles.sightings(article(1).id)[0].last_seen == later + 2 * 86400


# --- searching -------------------------------------------------------------------------------------------------------

SCRIPTS = {
    "en": ("Troops massing at the border, e-mail says", ["troops", "TROOPS", '"massing at"', "mass*", "e-mail"]),
    "de": ("Straße nach Österreich gesperrt", ["strasse", "STRASSE", "straße", "osterreich", "österr*"]),
    "pl": ("Łódź: ćwiczenia wojskowe", ["lodz", "łódź", "ŁÓDŹ", "cwiczenia"]),
    "ru": ("Ещё один Ёж: войска у границы", ["еще", "ёж", "еж", "войск*", '"один ёж"']),
    "uk": ("Військові навчання, м'ята і п’ять", ["військові", "м'ята", "мʼята", "п'ять"]),
    "be": ("Беларускія войскі", ["беларускія", "ВОЙСКІ"]),
    "el": ("Στρατός στα σύνορα", ["στρατοσ", "ΣΤΡΑΤΟΣ", "στρατός", "συνορα"]),
    "tr": ("Istanbul, İzmir ve ılık", ["istanbul", "izmir", "ılık", "ilik"]),
    "ar": ("الجَيْش العَرَبِيّ", ["الجيش", "العربي", "الجَيْش"]),
    "he": ("שָׁלוֹם לְכֻלָּם", ["שלום", "לכלם"]),
    "hi": ("सेना सीमा पर हिन्दी", ["सेना", "हिन्दी"]),
    "th": ("ทหารที่ชายแดน", ["ทหาร", "ชายแดน"]),
    "zh": ("中国军队在边境演习,北约NATO关注", ["军队", "边境演习", "军", "北约NATO", "nato"]),
    "ja": ("自衛隊がミサイル訓練", ["自衛隊", "ミサイル", "ﾐｻｲﾙ"]),
    "ko": ("국경의 군대 훈련", ["군대", "국경*"]),
    "vi": ("Việt Nam: biên giới", ["viet", "việt", "bien gioi"]),
    "fw": ("ＮＡＴＯ ﬁre", ["nato", "NATO", "fire"]),
    "nfd": ("e\u0301cole и\u0306од", ["école", "ecole", "йод", "ÉCOLE"]),
}


@pytest.mark.parametrize("language", SCRIPTS)
def test_search_finds_words_of_every_script(store: Store, language: str) -> None:
    title, queries = SCRIPTS[language]
    store.articles.add([judged(1, title=title), judged(2, title="quite other words")])
    assert {q: [a.id for a in store.articles.search(text=q)] for q in queries} == {q: [article(1).id] for q in queries}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tank border", {1}),
        ("tank", {1, 2}),
        ("tank OR drone", {1, 2, 3}),
        ("tank -border", {2}),
        ("-border", {2, 3}),
        ('"tank at the"', {1}),
        ('tank OR drone -"in the yard"', {1, 3}),
        ("TANK OR", {1, 2}),
        ("ta*", {1, 2}),
        ("ta", set()),
        ("NEAR AND NOT", set()),
        ("...", set()),
        ("zebra OR tank border", {1}),
        ("title:tank", set()),
        ("summary", {3}),
    ],
)
def test_a_query_reads_as_a_person_means_it(store: Store, query: str, found: set[int]) -> None:
    titles = {1: "Tank at the border", 2: "A tank in the yard", 3: "Drone in a field, a summary"}
    store.articles.add([judged(number, title=title) for number, title in titles.items()])
    assert {int(one.id[1:]) for one in store.articles.search(text=query)} == found


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(), max_size=40) | st.text("\"*()-+^:{}~OR AND NOT NEAR/2,\0'a北", max_size=40))
@example('"')
@example('-"" OR *')
@example("NEAR(a b, 5)")
@example("a\0b")
def test_no_query_is_an_error(store: Store, text: str) -> None:
    store.articles.search(text=text)
    store.hits.search(text=text)


def test_search_filters_and_follows(store: Store) -> None:
    store.articles.add(
        [
            judged(n, source_id=f"source-{n % 2 + 1}", language="pl" if n > 3 else "en", title="same")
            for n in range(1, 7)
        ]
    )
    store.hits.add([hit(2, "r"), hit(5, "r"), hit(5, "other")])

    def found(**asked: object) -> list[int]:
        return [int(one.id[1:]) for one in store.articles.search(**asked)]  # type: ignore[arg-type]

    assert found() == [6, 5, 4, 3, 2, 1]
    assert found(text="same", limit=2) == [6, 5]
    assert found(rule="r") == [5, 2]
    assert found(source="source-1", language="pl") == [6, 4]
    assert found(since=NOW + 3, until=NOW + 5) == [4, 3]
    assert found(after=article(4).id) == [5, 6]
    assert found(before=article(3).id, text="same") == [2, 1]
    assert store.articles.count(NOW + 5) == 2


def test_an_edited_article_is_found_by_its_new_text_only(store: Store) -> None:
    with store.transaction():
        store.articles.add([judged(1, title="first")])
        store.articles.add([judged(1, Novelty.EDITED, title="second", content_hash="2", version=2)])
    store.articles.add([judged(1, Novelty.EDITED, title="third", content_hash="3", version=3)])
    with store.transaction():
        for n in (4, 5):
            store.articles.add([judged(1, Novelty.EDITED, title=f"title {n}", content_hash=f"{n}", version=n)])
            assert store.articles.index() == 1
    assert [len(store.articles.search(text=word)) for word in ("first", "second", "third", "4", "5")] == [0, 0, 0, 0, 1]
    assert store.upkeep.check() == []


# --- hits and stories ------------------------------------------------------------------------------------------------


def test_a_hit_comes_back_exactly_and_is_stored_once(store: Store) -> None:
    store.articles.add([judged(1)])
    assert store.hits.add([hit(1), hit(1, "other", severity=Severity.LOW)]) == 2
    assert store.hits.add([hit(1), hit(1, article_version=2, at=NOW + 5)]) == 1
    assert store.hits.of(article(1).id) == [
        hit(1), hit(1, "other", severity=Severity.LOW), hit(1, article_version=2, at=NOW + 5)
    ]  # fmt: skip
    assert store.hits.per_rule() == {"border": 2, "other": 1}
    assert store.hits.count() == 3
    assert store.hits.count(NOW + 5) == 1
    assert store.hits.of("nobody") == []


def test_hits_are_searched_with_their_articles(store: Store) -> None:
    store.articles.add([judged(n, title=f"Tank number {n}", source_id=f"source-{n}", language="en") for n in (1, 2, 3)])
    store.hits.add([hit(1), hit(2, "b", severity=Severity.INFO, watch="w"), hit(3, "b", severity=Severity.CRITICAL)])

    def found(**asked: object) -> list[str]:
        return [one.rule_id + made.id[-1] for _, one, made in store.hits.search(**asked)]  # type: ignore[arg-type]

    assert found() == ["b3", "b2", "border1"]
    assert found(rule="b") == ["b3", "b2"]
    assert found(rule=("b",)) == ["b3", "b2"]
    assert found(rule=("b", "border"), limit=2) == ["b3", "b2"]
    assert found(rule=("border", "none"), language=("en", "pl")) == ["border1"]
    assert found(language="pl") == found(rule=("none", "neither")) == []
    assert found(rule=(), watch=[]) == ["b3", "b2", "border1"]
    assert found(source=("source-2", "source-3"), watch=("w", "x")) == ["b2"]
    assert found(watch="w") == ["b2"]
    assert found(severity=Severity.HIGH) == ["b3", "border1"]
    assert found(source="source-2") == ["b2"]
    assert found(text="number 3") == ["b3"]
    assert found(text="-3", since=NOW + 1, until=NOW + 2) == ["border1"]
    numbers = [number for number, _, _ in store.hits.search()]
    assert found(after=numbers[-1]) == ["b2", "b3"]
    assert found(after=0, limit=1) == ["border1"]
    assert found(before=numbers[0]) == ["b2", "border1"]


def test_a_hit_of_an_article_that_is_not_stored_is_an_error(store: Store) -> None:
    with pytest.raises(StoreError):
        store.hits.add([hit(77)])


def test_a_story_comes_back_with_article_source_and_hits(store: Store) -> None:
    store.articles.add([judged(1)])
    store.hits.add([hit(1)])
    assert store.stories.add(story(1)) is True
    assert store.stories.add(story(1, novelty=Novelty.EDITED)) is False
    member = Member(article=article(1), source=source(1), hits=(hit(1),), at=NOW + 1)
    assert store.stories.get(story(1).id) == story(1, novelty=Novelty.EDITED, members=(member,))
    assert store.stories.of_article(article(1).id) == [story(1).id]
    assert store.stories.articles(story(1).id) == [article(1).id]
    assert store.stories.get("nobody") is None


# --- the outbox ------------------------------------------------------------------------------------------------------


def queue(store: Store, *numbers: int, channels: tuple[str, ...] = ("mail",), hold_until: float | None = None) -> None:
    for number in numbers:
        store.alerts.add(alert(number), [(name, f"{name}-{number}") for name in channels], NOW, hold_until)


def lease(store: Store, now: float = NOW, **asked: object) -> list[str]:
    return [f"{one.channel}-{one.alert.data['n']}" for one in store.alerts.lease(now, 60.0, **asked)]  # type: ignore[arg-type]


def test_an_alert_is_queued_once_a_channel(store: Store) -> None:
    assert store.alerts.add(alert(1), [("mail", "k1"), ("chat", "k2")], NOW) == 2
    assert store.alerts.add(alert(1), [("mail", "k1"), ("matrix", "k3")], NOW + 5) == 1
    assert store.alerts.get(alert(1).id) == alert(1)
    assert [(one.delivery.channel, one.delivery.key, one.state) for one in store.alerts.of_alert(alert(1).id)] == [
        ("mail", "k1", "queued"),
        ("chat", "k2", "queued"),
        ("matrix", "k3", "queued"),
    ]


def test_a_delivery_comes_with_its_alert_and_is_leased_once(store: Store) -> None:
    queue(store, 1)
    (delivery,) = store.alerts.lease(NOW, 60.0)
    assert (delivery.alert, delivery.channel, delivery.key) == (alert(1), "mail", "mail-1")
    assert (delivery.attempts, delivery.first_queued, delivery.next_try, delivery.last_error) == (0, NOW, NOW, "")
    assert lease(store) == []
    assert store.alerts.sent(delivery.id, NOW + 1, "250 ok") is True
    assert store.alerts.sent(delivery.id, NOW + 2, "again") is False
    (made,) = store.alerts.list(state="sent")
    assert (made.answer, made.sent_at, made.delivery.attempts) == ("250 ok", NOW + 1, 1)
    assert lease(store, NOW + 1e6) == []


def test_a_lease_ends_by_itself(store: Store) -> None:
    queue(store, 1)
    assert lease(store) == ["mail-1"]
    assert store.alerts.next_try() == NOW + 60
    assert lease(store, NOW + 59.9) == []
    assert lease(store, NOW + 60) == ["mail-1"]


def test_channels_do_not_wait_for_each_other_and_limits_hold(store: Store) -> None:
    queue(store, 1, 2, 3, channels=("mail", "chat"))
    assert lease(store, per_channel=2, channels=["chat"]) == ["chat-1", "chat-2"]
    assert lease(store, per_channel=2, limit=1) == ["mail-1"]
    assert lease(store) == []  # in both channels something is under way


def test_a_failed_delivery_keeps_back_those_behind_it(store: Store) -> None:
    queue(store, 1, 2)
    (first,) = store.alerts.lease(NOW, 60.0, per_channel=1)
    assert store.alerts.failed(first.id, NOW, "refused", NOW + 30) is True
    queue(store, 3)
    assert lease(store, NOW + 29) == []
    assert store.alerts.next_try() == NOW + 30
    retried = store.alerts.lease(NOW + 30, 60.0)
    assert [one.alert.id for one in retried] == [alert(1).id, alert(2).id, alert(3).id]
    assert (retried[0].attempts, retried[0].last_error, retried[0].first_queued) == (1, "refused", NOW)


def test_a_dead_letter_keeps_back_nothing_and_can_be_tried_again(store: Store) -> None:
    queue(store, 1, 2)
    (first,) = store.alerts.lease(NOW, 60.0, per_channel=1)
    store.alerts.failed(first.id, NOW, "refused", NOW + 30)
    (first,) = store.alerts.lease(NOW + 30, 60.0, per_channel=1)
    assert store.alerts.dead(first.id, NOW + 31, "unknown user") is True
    assert lease(store, NOW + 31) == ["mail-2"]
    summary = store.alerts.queue(NOW + 32)["mail"]
    assert (summary.dead, summary.leased, summary.queued) == (1, 1, 0)
    (dead,) = store.alerts.list(state="dead", channel="mail")
    assert dead.delivery.last_error == "unknown user"
    assert store.alerts.retry([dead.delivery.id, 999], NOW + 40) == 1
    assert store.alerts.list(state="dead") == []
    (again,) = [one for one in store.alerts.list() if one.delivery.id == dead.delivery.id]
    assert (again.delivery.first_queued, again.delivery.attempts, again.state) == (NOW + 40, 0, "queued")


def test_each_time_a_service_did_not_take_it_is_remembered(store: Store) -> None:
    queue(store, 1, 2)
    (first,) = store.alerts.lease(NOW, 60.0, per_channel=1)
    store.alerts.failed(first.id, NOW, "421 later", NOW + 30)
    store.alerts.dead(first.id, NOW + 31, "550 unknown user")
    assert store.alerts.failed(first.id, NOW + 32, "nobody waits for it", NOW) is False
    store.alerts.retry([first.id], NOW + 40)
    store.alerts.failed(first.id, NOW + 41, "lone \ud800 surrogate", NOW + 50)
    store.alerts.sent(first.id, NOW + 51, "250 ok")
    one = store.alerts.of_id(first.id)
    assert one is not None
    found = [(attempt.at, attempt.outcome, attempt.answer) for attempt in store.alerts.attempts(one)]
    assert found == [
        (NOW, "failed", "421 later"),
        (NOW + 31, "dead", "550 unknown user"),
        (NOW + 41, "failed", "lone ? surrogate"),
        (NOW + 51, "sent", "250 ok"),
    ]
    other = next(tracked for tracked in store.alerts.list() if tracked.delivery.id != first.id)
    assert store.alerts.attempts(other) == []
    assert store.alerts.of_id(999) is None


def test_only_the_newest_tries_are_kept_and_they_go_with_their_delivery(store: Store) -> None:
    queue(store, 1)
    (tracked,) = store.alerts.list()
    for number in range(KEPT + 5):
        store.alerts.failed(tracked.delivery.id, NOW + number, f"no {number}", NOW)
    answers = [attempt.answer for attempt in store.alerts.attempts(tracked)]
    assert answers == [f"no {number}" for number in range(5, KEPT + 5)]
    store.alerts.drop([tracked.delivery.id], NOW, "enough")
    store.upkeep.prune(Retention(), NOW + 200 * 86400)
    assert store.alerts.of_id(tracked.delivery.id) is None
    assert store.upkeep.stats().rows["attempts"] == 0


def test_a_held_delivery_lets_others_pass_until_its_time(store: Store) -> None:
    queue(store, 1, hold_until=NOW + 100)
    queue(store, 2)
    assert lease(store) == ["mail-2"]
    assert store.alerts.queue(NOW)["mail"].held == 1
    store.alerts.sent(store.alerts.list(state="leased")[0].delivery.id, NOW)
    assert lease(store, NOW + 100) == ["mail-1"]


def test_leases_are_given_back_and_deliveries_dropped(store: Store) -> None:
    queue(store, 1, 2)
    taken = store.alerts.lease(NOW, 60.0)
    assert store.alerts.release() == 0  # this process lives
    assert store.alerts.release([taken[1].id]) == 1
    store.alerts.sent(taken[0].id, NOW)
    assert lease(store) == ["mail-2"]
    store.alerts.release([taken[1].id])
    assert store.alerts.drop([taken[1].id], NOW, "channel mail is no longer configured") == 1
    assert lease(store) == []
    assert store.alerts.next_try() is None
    assert store.alerts.list(state="dropped")[0].delivery.last_error == "channel mail is no longer configured"


def test_the_queue_says_how_long_and_why_it_waits(store: Store) -> None:
    queue(store, 1, 2, channels=("mail", "chat"))
    store.alerts.failed(store.alerts.lease(NOW, 60.0, channels={"mail"})[0].id, NOW, "no route", NOW + 30)
    summary = store.alerts.queue(NOW + 12)
    assert list(summary) == ["chat", "mail"]
    assert (summary["mail"].waiting, summary["mail"].next_try, summary["mail"].last_error) == (12, NOW + 30, "no route")
    assert (summary["chat"].queued, summary["chat"].sent) == (2, 0)


def test_deliveries_and_decisions_of_a_story(store: Store) -> None:
    store.articles.add([judged(1)])
    store.hits.add([hit(1)])
    store.stories.add(story(1))
    store.alerts.add(alert(1, kind="story", story_id=story(1).id), [("mail", "k")], NOW)
    held = Decision(Action.HOLD, "quiet", "it is night", NOW + 9)
    store.alerts.decision(story(1).id, "chat", held, NOW)
    assert [one.delivery.key for one in store.alerts.of_story(story(1).id)] == ["k"]
    (kept,) = store.alerts.decisions(story(1).id)
    assert (kept.channel, kept.decision, kept.at) == ("chat", held, NOW)


def test_what_channels_were_told_lately_is_found_by_any_key(store: Store) -> None:
    def tell(number: int, keys: list[str], at: float) -> None:
        data = {"keys": keys, "article_id": f"a{number}", "rules": [{"id": "r1"}, {"id": "r2"}]}
        store.alerts.add(alert(number, at=at, data=data), [("mail", f"m{number}"), ("chat", f"c{number}")], at)

    tell(1, ["url:u", "title:t"], NOW)
    tell(2, ["url:u"], NOW + 5)
    tell(3, ["url:other"], NOW + 5)
    for number in (4, 5):
        queue(store, number)  # without keys
    assert store.alerts.told(["url:u", "url:none"], NOW + 1) == [
        ("url:u", "mail", "a2", ("r1", "r2"), NOW + 5),
        ("url:u", "chat", "a2", ("r1", "r2"), NOW + 5),
    ]
    assert [row[2] for row in store.alerts.told({"title:t"}, NOW)] == ["a1", "a1"]
    dead = store.alerts.of_alert(alert(1).id)[0].delivery
    store.alerts.dead(dead.id, NOW + 9, "no such user")
    assert [row[1] for row in store.alerts.told(["title:t"], NOW)] == ["chat"]


def test_due_times_move_with_a_clock_that_jumped(store: Store) -> None:
    queue(store, 1)
    store.sources.save([SourceState(source_id="source-1", next_due=NOW + 900)])
    (delivery,) = store.alerts.lease(NOW, 60.0)
    store.alerts.failed(delivery.id, NOW, "refused", NOW + 30)
    store.sources.shift(-3600.0)
    store.alerts.shift(-3600.0)
    assert store.sources.states()["source-1"].next_due == NOW + 900 - 3600
    assert store.alerts.next_try() == NOW + 30 - 3600


# --- problems, counters, meta ----------------------------------------------------------------------------------------


def test_a_problem_is_new_once_until_it_is_closed(store: Store) -> None:
    assert store.problems.open("source", "s", "dead for a day", NOW) is True
    assert store.problems.open("source", "s", "dead for two days", NOW + 1) is False
    assert store.problems.open("channel", "s", "other", NOW + 2) is True
    assert [(p.kind, p.message, p.opened_at) for p in store.problems.current()] == [
        ("source", "dead for two days", NOW),
        ("channel", "other", NOW + 2),
    ]
    assert store.problems.close("source", "s", NOW + 3) is True
    assert store.problems.close("source", "s", NOW + 4) is False
    assert [p.kind for p in store.problems.current()] == ["channel"]
    assert store.problems.open("source", "s", "again", NOW + 5) is True
    assert [p.message for p in store.problems.current("source")] == ["again"]


def test_counters_add_up_by_day(store: Store) -> None:
    store.counters.add("fetched", "ok", 2, NOW)
    store.counters.add_all({("fetched", "ok"): 3, ("matched", ""): 1, ("matched", "none"): 0}, NOW)
    store.counters.add("fetched", "ok", 1, NOW + 86400)
    assert store.counters.day(NOW) == {("fetched", "ok"): 5, ("matched", ""): 1}
    assert store.counters.total() == {("fetched", "ok"): 6, ("matched", ""): 1}


def test_meta_keeps_texts(store: Store) -> None:
    assert store.meta.get("last tick") == ""
    assert store.meta.get("last tick", "never") == "never"
    store.meta.set("last tick", "1")
    store.meta.set("last tick", "2")
    assert store.meta.get("last tick") == "2"
    assert store.meta.all()["last tick"] == "2"


# --- transactions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("durable", [False, True])
def test_a_transaction_is_all_or_nothing_search_included(store: Store, durable: bool) -> None:
    store.articles.add([judged(9, title="nine")])
    with pytest.raises(KeyError), store.transaction(durable=durable):  # noqa: PT012
        store.articles.add([judged(1), judged(9, Novelty.EDITED, title="ten", content_hash="10", version=2)])
        store.hits.add([hit(1)])
        queue(store, 1)
        store.articles.index()
        raise KeyError
    assert store.articles.get(article(1).id) is None
    assert store.alerts.list() == []
    store.articles.add([judged(2)])
    assert [int(one.id[1:]) for one in store.articles.search(text="article OR nine OR ten")] == [2, 9]
    assert store.upkeep.check() == []


def test_an_inner_transaction_is_part_of_the_outer_one(store: Store) -> None:
    with pytest.raises(KeyError), store.transaction():  # noqa: PT012
        with store.transaction(durable=True):
            store.meta.set("a", "1")
        raise KeyError
    assert store.meta.get("a") == ""
    with store.transaction(), store.transaction(durable=True):
        store.meta.set("a", "2")
    assert store.meta.get("a") == "2"


def test_nothing_is_kept_after_a_failed_write_even_if_the_error_is_caught(store: Store) -> None:
    def half() -> None:
        with store.transaction():
            store.meta.set("a", "1")
            with suppress(StoreError):
                store.hits.add([hit(77)])

    with pytest.raises(StoreError, match="undone"):
        half()
    assert store.meta.get("a") == ""


def test_several_threads_take_turns(store: Store) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 20):
            with store.transaction():
                store.articles.add([judged(number)])
                store.counters.add("stored", "", 1, NOW)

    threads = [threading.Thread(target=write, args=(n * 100,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.articles.count() == 80
    assert store.counters.day(NOW) == {("stored", ""): 80}


# --- a model beside it -----------------------------------------------------------------------------------------------

steps = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 4), st.sampled_from(["x", "y", "z"]), st.booleans()), max_size=25
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_known_agrees_with_a_plain_dictionary(store: Store, made: list[tuple[int, int, str, bool]]) -> None:
    """Items of three sources come with changing texts, as new or edited; some transactions are undone."""
    run = next(_runs)
    model: dict[tuple[str, str], tuple[str, int]] = {}
    for number, item, text, undone in made:
        place = (f"source-{number}", f"{run}:{item}")
        found = store.articles.known(*place[:1], [place[1]]).get(place[1])
        assert (found and (found.content_hash, found.version)) == model.get(place)
        version = model[place][1] + (model[place][0] != text) if place in model else 1
        novelty = Novelty.NEW if not found else Novelty.KNOWN if found.content_hash == text else Novelty.EDITED
        one = judged(1, novelty, id=f"a-{place}", source_id=place[0], identity=place[1], url=f"u{place}",
                     title=f"{text}{run}", content_hash=text, version=version)  # fmt: skip
        try:
            with store.transaction():
                store.articles.add([one])
                if undone:
                    raise KeyError
        except KeyError:
            continue
        model[place] = (text, version)
    for (source_id, identity), (text, version) in model.items():
        found = store.articles.known(source_id, [identity])[identity]
        assert (found.content_hash, found.version) == (text, version)
        assert len(store.articles.versions(found.article_id)) == version
    for text in "xyz":
        assert len(store.articles.search(text=f"{text}{run}")) == sum(kept == text for kept, _ in model.values())


# --- a sample of articles, and stories that grow ----------------------------------------------------------------------


def test_a_sample_has_every_so_many_th_article_the_newest_ones(store: Store) -> None:
    store.articles.add([judged(number) for number in range(1, 41)])
    assert store.articles.last() == 40
    ids = [f"a{number:012}" for number in (24, 30, 36)]
    assert [one.id for one in store.articles.sample(6, since=0.0, limit=3)] == ids
    assert [one.id for one in store.articles.sample(6, since=NOW + 31, limit=3)] == ids[2:]
    assert [one.id for one in store.articles.sample_after(24, 6)] == ids[1:]
    assert store.articles.sample_after(40, 6) == []


def test_stories_are_merged_and_parted_and_every_row_leads_to_one_that_is(store: Store) -> None:
    numbers = range(1, 5)
    store.articles.add([judged(number) for number in numbers])
    store.hits.add([hit(number) for number in numbers])
    for number in numbers:
        store.stories.add(story(number))
    one, two, three, four = (story(number).id for number in numbers)
    store.stories.part(three, four)
    store.stories.merge(two, three)
    store.stories.merge(one, two)
    assert [store.stories.current(each) for each in (one, two, three, four)] == [one, one, one, four]
    assert store.stories.merged_into(one) == [two, three]
    assert store.stories.articles(one) == [article(number).id for number in (1, 2, 3)]
    assert (store.stories.apart(one), store.stories.apart(four)) == ([four], [one])
    assert store.stories.of_articles([article(3).id, "nobody"]) == {article(3).id: one}
    assert [each.id for each in store.stories.search()] == [four, one]
    assert store.stories.get(three) == store.stories.get(one)
    (kept, other), articles = store.stories.window(0.0)
    assert {kept.id: kept.articles, other.id: other.articles} == {
        one: tuple(store.stories.articles(one)),
        four: (article(4).id,),
    }
    assert [each.id for each in articles] == [article(number).id for number in numbers]
    assert store.upkeep.check() == []
