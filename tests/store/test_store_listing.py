"""The list of stories: what its filters are made of stays true, and no question reads a whole table."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor import desk
from monitor.model import Severity
from monitor.store import Store, Verdict
from monitor.store.listing import COUNTED, KINDS, ORDERS, STATES, Wanted
from monitor.store.notes import Assigned
from tests import fresh
from tests.web import worlds
from tests.web.test_web_stories import grown

NOW = 1_790_000_000.0
EACH = (
    Wanted(),
    *(Wanted(order=order) for order in ORDERS),
    *(Wanted(state=(state,)) for state in STATES),
    *(Wanted(**{kind: ("border", "BY")}) for kind in KINDS),  # type: ignore[arg-type]
    Wanted(assignee=("ann", "none")),
    Wanted(assignee=("ann",), state=("new",)),
    Wanted(severity=Severity.HIGH),
    Wanted(text="convoy trucks"),
    Wanted(text="-convoy"),
    Wanted(since=NOW - 86400, until=NOW),
    Wanted(watch=("border",), severity=Severity.LOW, text="bridge", state=("new", "muted"), since=1.0),
)
LARGE = ("articles", "hits", "story_articles", "places", "versions", "story_facets", "sightings")


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with fresh.store(tmp_path / "m.db") as found:
        worlds.fill(found, NOW, stories=30, sources=8)
        grown(found)
        yield found


def truth(store: Store) -> set[tuple[str, str, str]]:
    """Return by what each story can be filtered, as its articles, hits and places say."""
    found = set()
    for story_id in [row.id for row in store.listing.page(Wanted(), NOW, limit=1000)]:
        for member in store.stories.members(story_id):
            found.add((story_id, "source", member.article.source_id))
            found |= {(story_id, "language", member.article.language)} if member.article.language else set()
            found |= {(story_id, "country", code) for code in (member.located.countries if member.located else ())}
            if member.located and member.located.kind == "place":
                found.add((story_id, "place", member.located.place))
            for hit in member.hits:
                found |= {(story_id, "rule", hit.rule_id), (story_id, "watch", hit.watch)}
    return found


def kept(store: Store) -> set[tuple[str, str, str]]:
    return set(store._db.rows("SELECT story_id, kind, value FROM story_facets"))


def test_what_is_filtered_by_stays_true(store: Store) -> None:
    assert kept(store) == truth(store)
    new = desk.split(store, "sgrown", ["sgrown-2"], NOW)
    assert kept(store) == truth(store)
    desk.merge(store, "sgrown", new, NOW)
    assert kept(store) == truth(store)
    desk.merge(store, "sgrown", "s000000000003", NOW)
    assert kept(store) == truth(store)
    assert not store._db.rows(
        "SELECT 1 FROM story_articles AS m JOIN articles AS a ON a.id = m.article_id WHERE a.number IS NOT m.number"
    )


def test_an_older_database_is_brought_up(store: Store) -> None:
    """The step fills in what a running monitor keeps."""
    right, db = kept(store), store._db
    with store.transaction():
        for sql in (
            "DROP TABLE story_facets", "DROP TABLE views", "DROP TABLE notes", "DROP TABLE assigned",
            "DROP INDEX marks_wrong", "DROP INDEX stories_updated", "DROP INDEX stories_weight",
            "DROP INDEX stories_gravity", "DROP INDEX story_articles_number",
            "ALTER TABLE story_articles DROP COLUMN number",
            "ALTER TABLE stories DROP COLUMN weight", "ALTER TABLE stories DROP COLUMN gravity",
            "ALTER TABLE stories DROP COLUMN grade", "ALTER TABLE stories DROP COLUMN independent",
            "ALTER TABLE stories DROP COLUMN credibility",
            "CREATE INDEX stories_updated ON stories (updated_at) WHERE merged_into IS NULL",
            "DELETE FROM _sqlite_migrations WHERE name = '0018_pages'",
        ):  # fmt: skip
            db.execute(sql)
    with Store.open(store.path) as again:
        assert kept(again) == {one for one in right if one[1] != "place"}, "those are another step's"
        assert len(again.listing.page(Wanted(text="convoy"), NOW, limit=9)) == 1
        assert again.listing.page(Wanted(rule=("convoys",)), NOW, limit=9)[0].independent == 3, (
            "the sources, until judged"
        )


@pytest.mark.parametrize("wanted", EACH, ids=lambda one: repr(one)[7:60])
def test_no_question_scans_a_large_table(store: Store, wanted: Wanted) -> None:
    asked: list[str] = []
    store._db.conn.set_trace_callback(asked.append)
    rows = store.listing.page(wanted, NOW, limit=25, after=(NOW + 1e12, "s"))
    store.listing.look(wanted, NOW, limit=25)
    ids = [row.id for row in rows]
    store.listing.reasons(ids)
    store.listing.places(ids)
    store.listing.wrong(ids)
    store._db.conn.set_trace_callback(None)
    assert len(asked) > 5
    for sql in (sql for sql in asked if not sql.startswith("--")):  # the full-text index asks itself
        for row in store._db.rows(f"EXPLAIN QUERY PLAN {sql}"):
            step = row[3]
            if (
                step.startswith("SCAN") and "VIRTUAL" not in step
            ):  # what people did and marked is read whole; it is small
                table = names(sql, step.split(" ")[1])
                assert table not in LARGE, f"{step}\n{sql}"
                assert table != "stories" or "INDEX stories_" in step, f"{step}\n{sql}"


def names(sql: str, alias: str) -> str:
    """Return the table that an alias of a query stands for."""
    found = re.search(rf"(\w+) AS {re.escape(alias)}\b", sql)
    return found[1] if found else alias


def test_counts_are_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.store.listing.COUNTED", 10)
    look = store.listing.look(Wanted(), NOW, limit=5)
    assert (len(look.rows), look.total) == (5, 11)
    assert sum(look.counts["severity"].values()) == 10
    assert COUNTED == 2000


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(watch=("border",), severity=Severity.MEDIUM),
        Wanted(rule=("border-move", "convoys"), state=("new", "acknowledged"), country=("BY",)),
        Wanted(
            source=("source-1", "paper-1"), language=("en",), severity=Severity.LOW, text="-ferries", since=NOW - 9000
        ),
        Wanted(assignee=("ann", "none"), severity=Severity.LOW),
        Wanted(assignee=("ann",), state=("new",), country=("BY", "PL")),
    ],
)
def test_the_count_beside_a_value_is_what_choosing_it_leaves(store: Store, wanted: Wanted) -> None:
    store.marks.set("sgrown-0", "convoys", Verdict.WRONG, NOW)
    for number in range(12):
        name = ("ann", "bob", "Żaneta O'Neil")[number % 3]
        store.notes.assign(f"s{number:012}", Assigned(name, "bob", NOW + number))
    counts = store.listing.look(wanted, NOW, limit=5).counts
    for kind in (*KINDS, "state", "assignee"):
        for value, number in counts[kind].items():
            chosen = replace(wanted, **{kind: (value,)})  # type: ignore[arg-type]
            assert len(store.listing.page(chosen, NOW, limit=99)) == number, (kind, value)
    for value, number in counts["severity"].items():
        rows = store.listing.page(replace(wanted, severity=Severity(value)), NOW, limit=99)
        assert sum(row.severity.value == value for row in rows) == number


def assigned(store: Store, *names: str) -> list[str]:
    return sorted(row.id for row in store.listing.page(Wanted(assignee=names), NOW, limit=99))


def test_who_looks_after_what_follows_merging_and_the_last_word(store: Store) -> None:
    one, other = "s000000000003", "s000000000004"
    for row in store.listing.page(Wanted(), NOW, limit=99):
        store.notes.assign(row.id, Assigned("", "bob", NOW))
    assert len(assigned(store, "none")) == 31
    store.notes.assign(one, Assigned("ann", "bob", NOW))
    store.notes.assign(other, Assigned("bob", "bob", NOW + 1))
    assert (assigned(store, "ann"), assigned(store, "bob"), assigned(store, "ann", "bob")) == (
        [one],
        [other],
        [one, other],
    )
    assert len(assigned(store, "none")) == 29
    assert len(assigned(store, "none", "ann")) == 30
    older, younger = desk.merge(store, one, other, NOW + 2)
    assert (assigned(store, "ann"), assigned(store, "bob")) == ([], [older]), "what was said last counts"
    assert store.notes.assigned_of([older, younger, "sgrown"])[older] == store.notes.assigned(older).name == "bob"  # type: ignore[union-attr]
    store.notes.assign(older, Assigned("", "bob", NOW + 3))
    assert assigned(store, "bob") == []
    assert len(assigned(store, "none")) == 30
    assert store.listing.look(Wanted(), NOW, limit=5).counts["assignee"] == {"none": 30}
