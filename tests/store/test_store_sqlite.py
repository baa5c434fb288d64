"""What only the SQLite file has: opening, damage, pragmas, several processes, backup, pruning, a full disk."""

import os
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from sqlite_utils import Database
from store_builders import NOW, alert, article, hit, judged, source, story

from monitor.errors import StoreError
from monitor.model import Novelty, SourceState
from monitor.settings import Retention
from monitor.store import Store, has_wal_reset_defect, holder, sqlite_version
from monitor.store.connection import sqlite3
from monitor.store.migrations import SCHEMA
from monitor.store.upkeep import Upkeep

DAY = 86400.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "monitor.db"


@contextmanager
def filled(path: Path, articles: int = 50) -> Iterator[Store]:
    with Store.open(path) as store:
        store.sources.sync([source(1), source(2)], 0.0)
        store.articles.add([judged(n, title=f"Tank {n}") for n in range(1, articles + 1)])
        store.hits.add([hit(1)])
        store.stories.add(story(1))
        store.alerts.add(alert(1, kind="story", story_id=story(1).id), [("mail", "k")], NOW)
        yield store


def plain(path: Path) -> sqlite3.Connection:
    """Somebody else; by the same copy of SQLite, as there may be only one in a process."""
    return sqlite3.connect(path, isolation_level=None)


# --- opening ---------------------------------------------------------------------------------------------------------


def test_a_database_is_opened_as_decided(path: Path) -> None:
    with Store.open(path) as store:
        asked = {name: store._db.value(f"PRAGMA {name}") for name in ("journal_mode", "foreign_keys", "busy_timeout")}
        assert asked == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}
        assert store._db.value("PRAGMA journal_size_limit") > 0
    with Store.open(path, read_only=True) as store:
        assert store.articles.search(text="x") == []
        with pytest.raises(StoreError, match="may not be written"):
            store.meta.set("a", "b")


def test_only_what_has_to_survive_a_power_cut_waits_for_the_disk(path: Path) -> None:
    seen: list[int] = []
    with filled(path) as store:
        store._db.before_commit.append(lambda: seen.append(store._db.value("PRAGMA synchronous")))
        store.articles.add([judged(100)])
        store.hits.add([hit(2)])
        store.alerts.add(alert(2), [("mail", "k")], NOW)
        with store.transaction(durable=True):
            store.articles.add([judged(101)])
        assert seen == [1, 2, 2, 2]
        synced = store.meta.get("synced", "0")
        with store.transaction():
            store.hits.add([hit(3)])
        assert store._db.value("PRAGMA synchronous") == 2  # a commit with FULL came after it
        assert int(store.meta.get("synced")) == int(synced) + 1


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_bytes(b"this is a letter, not a database\n" * 100), "is not an SQLite database"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: plain(path).execute("CREATE TABLE recipes (x)"), "belongs to another program"),
    ],
)
def test_what_is_not_our_database_is_refused_in_words(path: Path, make: object, says: str) -> None:
    made = make(path)  # type: ignore[operator]
    for read_only in (False, True):
        with pytest.raises(StoreError, match=says):
            Store.open(path, read_only=read_only)
    del made


def test_missing_places_are_named(path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist; create it"):
        Store.open(path.parent / "nowhere" / "monitor.db")
    with pytest.raises(StoreError, match=r"there is no database .* yet"):
        Store.open(path, read_only=True)


def test_a_database_of_a_newer_program_is_refused(path: Path) -> None:
    Store.open(path).close()
    plain(path).execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('monitor', '9000_future')")
    with pytest.raises(StoreError, match=r"newer monitor .*9000_future"):
        Store.open(path)


def test_stories_of_an_older_program_become_stories_that_can_grow(path: Path) -> None:
    with closing(plain(path)) as conn:
        SCHEMA.apply(Database(conn), stop_before="0012_stories")
        first, second = article(1, published_at=NOW - 60), article(2)
        values = (
            "source_id, identity, url, link, title, summary, body, author, published_at, published_raw, updated_raw"
        )
        for one in (first, second):
            conn.execute(
                "INSERT OR IGNORE INTO sources (id, url, kind, title, publisher, family, country, language, "
                "reliability, tags, enabled) VALUES ('source-1', 'u', 'feed', '', '', '', '', '', 'F', '[]', 1)"
            )
            conn.execute(
                f"INSERT INTO articles (id, {values}, seen_at, language, language_from, categories, flags, marks, "
                "content_hash, version, novelty, reason, variants) "
                "VALUES (?, 'source-1', ?, 'u', 'u', ?, '', '', '', ?, '', '', ?, '', '', '[]', '[]', '[]', '', 1, "
                "'new', '', '')",
                (one.id, one.identity, one.title, one.published_at, one.seen_at),
            )
            conn.execute(
                "INSERT INTO stories VALUES (?, ?, ?, 'high', 'new', ?, ?)",
                (f"s-{one.id}", one.id, one.title, one.seen_at, one.seen_at),
            )
            conn.execute("INSERT INTO story_articles VALUES (?, ?)", (f"s-{one.id}", one.id))
        conn.commit()
    with Store.open(path) as store:
        store.upkeep.mend_index()
        assert store.upkeep.check() == ["2 articles were never seen in a source"]
        (member,) = store.stories.members(f"s-{first.id}")
        assert (member.article.id, member.join, member.at, member.novelty) == (first.id, "opens", first.seen_at, "new")
        kept, articles = store.stories.window(NOW - 3600)
        assert [(one.id, one.first_at) for one in kept] == [
            (f"s-{first.id}", first.published_at),
            (f"s-{second.id}", second.seen_at),
        ]
        assert [one.id for one in articles] == [first.id, second.id]


def test_the_stories_of_the_window_are_found_by_when_they_grew(path: Path) -> None:
    with filled(path) as store:
        asked: list[str] = []
        store._db.conn.set_trace_callback(asked.append)
        store.stories.window(NOW)
        store._db.conn.set_trace_callback(None)
        plan = [row[3] for row in store._db.rows(f"EXPLAIN QUERY PLAN {asked[0]}")]
        assert plan[0] == "SEARCH s USING INDEX stories_updated (updated_at>?)"
        assert not any(step.startswith("SCAN") for step in plan)


def test_a_database_of_an_older_program_is_brought_up_to_date_but_not_by_a_reader(path: Path) -> None:
    Store.open(path).close()
    with plain(path) as conn:
        conn.execute("DELETE FROM _sqlite_migrations WHERE name = '0006_upkeep'")
        for table in ("problems", "counters", "meta"):
            conn.execute(f"DROP TABLE {table}")
    with pytest.raises(StoreError, match="older monitor"):
        Store.open(path, read_only=True)
    with Store.open(path) as store:
        store.meta.set("a", "b")


def test_a_damaged_database_is_reported_and_never_a_traceback(path: Path) -> None:
    with filled(path, 2000) as store:
        store._db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        pages = path.stat().st_size // 4096
        for page in range(pages // 2, pages - 5):
            file.seek(page * 4096)
            file.write(os.urandom(4096))
    with Store.open(path) as store:
        assert any("damaged" in line or "malformed" in line for line in store.upkeep.check())
        with pytest.raises(StoreError):
            store.upkeep.backup(path.with_name("copy.db"))
    assert not path.with_name("copy.db").exists()


def test_the_versions_with_the_wal_reset_defect_are_known() -> None:
    affected = {"3.6.23": False, "3.7.0": True, "3.40.1": True, "3.51.2": True, "3.51.3": False, "3.53.4": False}
    assert {version: has_wal_reset_defect(version) for version in affected} == affected
    assert has_wal_reset_defect() == has_wal_reset_defect(sqlite_version())


def test_it_runs_without_pysqlite3_on_the_sqlite_of_python_and_warns(path: Path) -> None:
    code = """
        import sys
        sys.modules["pysqlite3"] = None
        from monitor.store import Store, sqlite_version, has_wal_reset_defect
        import sqlite3
        assert sqlite_version() == sqlite3.sqlite_version, sqlite_version()
        with Store.open(sys.argv[1]) as store:
            store.meta.set("a", "b")
            assert store.upkeep.check() == []
            assert store.upkeep.stats().defect == has_wal_reset_defect(sqlite3.sqlite_version)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code), str(path)], check=True, timeout=60)


def test_a_defective_sqlite_is_logged(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("monitor.store.has_wal_reset_defect", lambda: True)
    Store.open(path).close()
    Store.open(path, read_only=True).close()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "pip install pysqlite3" in caplog.text


def test_several_programs_may_open_a_new_database_at_once(path: Path) -> None:
    errors: list[Exception] = []

    def start() -> None:
        try:
            Store.open(path).close()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_another_user_can_read_in_a_folder_that_may_only_be_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "monitor.db"
        with filled(path):
            os.chmod(path, 0o644)
            os.chmod(folder, 0o555)
            beside_a_writer = read_as_another_user(path)
            os.chmod(folder, 0o755)
        assert list(Path(folder).iterdir()) == [path]
        os.chmod(folder, 0o555)
        alone = read_as_another_user(path)
        os.chmod(folder, 0o755)
    assert (beside_a_writer, alone) == ("50 50", "50 50")


def read_as_another_user(path: Path) -> str:
    """Count and search in a child process; for root every folder may be written, so the child is nobody."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            with Store.open(path, read_only=True) as store:
                said = f"{store.articles.count()} {len(store.articles.search(text='tank', limit=100))}"
        except BaseException as error:
            said = repr(error)
        os.write(writing, said.encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with open(reading, "rb") as answer:
        return answer.read().decode()


# --- several processes -----------------------------------------------------------------------------------------------

WRITER = """
    import sys, time
    sys.path.insert(0, sys.argv[3])
    from store_builders import NOW, alert, judged
    from monitor.store import Store
    first, until = int(sys.argv[2]), time.monotonic() + float(sys.argv[4])
    number = first
    with Store.open(sys.argv[1]) as store:
        while time.monotonic() < until:
            with store.transaction(durable=number % 5 == 0):
                known = store.articles.known("source-1", [f"tag:paper.example,{number}"])
                store.articles.add([judged(number, body="word " * 50)])
                if number % 5 == 0:
                    store.alerts.add(alert(number), [("mail", "k")], NOW)
            store.problems.open("a", "b", str(number), NOW)
            number += 1
    print(number - first)
"""
READER = """
    import sys, time
    from monitor.store import Store
    until, reads = time.monotonic() + float(sys.argv[4]), 0
    while time.monotonic() < until:
        with Store.open(sys.argv[1], read_only=True) as store:
            assert len(store.articles.search(text="article", limit=500)) <= store.articles.count()
            store.hits.search(); store.sources.states(); store.alerts.queue(0.0)
        reads += 1
    print(reads)
"""


def busy(path: Path, seconds: float, meanwhile: object = None) -> tuple[int, int]:
    """Run two writers and two readers for some seconds; return how much was written and read."""
    with Store.open(path) as store:
        store.sources.sync([source(1)], 0.0)
    here = str(Path(__file__).parent)
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code), str(path), str(first), here, str(seconds)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for code, first in ((WRITER, 0), (WRITER, 10**6), (READER, 0), (READER, 0))
    ]
    if callable(meanwhile):
        while any(program.poll() is None for program in programs):
            meanwhile()
    results = [program.communicate(timeout=seconds + 60) for program in programs]
    assert [error for _, error in results] == [""] * 4
    written = sum(int(said) for said, _ in results[:2])
    with Store.open(path) as store:
        assert store.articles.count() == written
        assert store.upkeep.check() == []
    return written, sum(int(said) for said, _ in results[2:])


@pytest.mark.slow
def test_writers_and_readers_side_by_side_meet_no_lock(path: Path) -> None:
    written, read = busy(path, 1.0)
    assert written > 20
    assert read > 2


@pytest.mark.slow
def test_writers_and_readers_side_by_side_meet_no_lock_for_long(path: Path) -> None:
    written, _ = busy(path, 60.0)
    assert written > 1000


@pytest.mark.slow
def test_fifty_backups_under_writes_are_each_whole(path: Path) -> None:
    backups: list[Path] = []

    def back_up() -> None:
        target = path.with_name(f"backup-{len(backups)}.db")
        with Store.open(path, read_only=True) as store:
            store.upkeep.backup(target)
        backups.append(target)
        time.sleep(0.1)

    busy(path, 20.0, back_up)
    assert len(backups) >= 50
    counts = []
    for copy in backups:
        with Store.open(copy) as restored:
            assert restored.upkeep.check() == []
            counts.append(restored.articles.count())
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]


def test_leases_of_a_dead_process_are_given_back_at_once(path: Path) -> None:
    code = """
        import sys
        from monitor.store import Store
        with Store.open(sys.argv[1]) as store:
            assert len(store.alerts.lease(float(sys.argv[2]), 3600.0)) == 1
    """
    with filled(path) as store:
        subprocess.run([sys.executable, "-c", textwrap.dedent(code), str(path), str(NOW)], check=True, timeout=60)
        assert store.alerts.lease(NOW, 60.0) == []
        assert store.alerts.release() == 1
        assert len(store.alerts.lease(NOW, 60.0)) == 1
        assert store.alerts.release() == 0


def test_a_process_that_cannot_be_seen_counts_as_alive() -> None:
    boot, space, number, started = holder.own().split(" ")
    assert not holder.is_gone(holder.own())
    assert not holder.is_gone(f"{boot} pid:[1] 1 1")  # another container
    assert holder.is_gone(f"{boot} {space} {number} 1")  # the number was given again
    assert holder.is_gone(f"other-boot {space} {number} {started}")
    assert holder.is_gone("")


def test_a_transaction_that_was_cut_off_leaves_nothing(path: Path) -> None:
    code = """
        import os, sys
        sys.path.insert(0, sys.argv[2])
        from store_builders import judged
        from monitor.store import Store
        store = Store.open(sys.argv[1])
        with store.transaction():
            store.articles.add([judged(n, body="x" * 5000) for n in range(1000, 3000)])
            store.articles.index()
            os.kill(os.getpid(), 9)
    """
    with filled(path) as store:
        here = str(Path(__file__).parent)
        done = subprocess.run([sys.executable, "-c", textwrap.dedent(code), str(path), here], timeout=60)
        assert done.returncode == -9
        assert store.articles.count() == 50
        assert store.upkeep.check() == []


# --- upkeep ----------------------------------------------------------------------------------------------------------


def test_a_backup_is_one_checked_file_and_replaces_the_old_one(path: Path) -> None:
    target = path.with_name("backup.db")
    target.write_text("an old backup")
    steps: list[tuple[int, int]] = []
    with filled(path, 3000) as store:
        assert store.upkeep.backup(target, progress=lambda done, of: steps.append((done, of))) == target
        store.articles.add([judged(9000)])
        assert sorted(one.name for one in path.parent.iterdir()) == [
            "backup.db", "monitor.db", "monitor.db-shm", "monitor.db-wal"
        ]  # fmt: skip
        with pytest.raises(StoreError, match="is the database itself"):
            store.upkeep.backup(path)
        with pytest.raises(StoreError, match="does not exist"):
            store.upkeep.backup(path.parent / "nowhere" / "x.db")
    assert steps[-1][0] == steps[-1][1] > 0
    assert oct(target.stat().st_mode & 0o777) == "0o600"
    with Store.open(target) as restored:
        assert restored.articles.count() == 3000
        assert len(restored.articles.search(text="tank", limit=10_000)) == 3000
        assert restored.upkeep.check() == []


def test_check_finds_what_is_wrong(path: Path) -> None:
    with filled(path) as store:
        assert store.upkeep.check() == []
        with plain(path) as other:
            other.execute("DELETE FROM alerts")
            other.execute("UPDATE articles SET title = 'changed by hand' WHERE number = 3")
            other.execute("UPDATE deliveries SET state = 'leased', leased_until = NULL")
            other.execute("DELETE FROM sightings WHERE article_id = 'a000000000004'")
        found = "\n".join(store.upkeep.check())
        for words in ("deliveries names a row of alerts", "full-text index", "without an end", "belong to no alert",
                      "1 articles were never seen"):  # fmt: skip
            assert words in found
        store.upkeep.mend_index()
        assert "full-text" not in "\n".join(store.upkeep.check())
        assert len(store.articles.search(text="changed hand")) == 1


def test_pruning_keeps_hits_and_their_articles_and_forgets_no_id_too_early(path: Path) -> None:
    with filled(path, 1200) as store:
        delivery = store.alerts.lease(NOW, 60.0)[0].id
        store.alerts.sent(delivery, NOW)
        later = NOW + 100 * DAY
        pruned = store.upkeep.prune(Retention(articles=30 * DAY, identities=180 * DAY, deliveries=90 * DAY), later)
        assert pruned.rows["articles"] == 1199
        assert pruned.rows["deliveries"] == 1
        assert store.articles.get(article(1).id) is not None
        assert store.stories.get(story(1).id) is not None
        assert len(store.alerts.of_alert(alert(1).id)) == 0
        assert [one.article_id for one in store.hits.of(article(1).id)] == [article(1).id]
        assert len(store.articles.search(text="tank", limit=10)) == 1
        known = store.articles.known("source-1", [article(7).identity])
        assert known[article(7).identity].article_id == article(7).id  # the article is gone, its id is not
        assert store.upkeep.check() == []


def test_ids_are_forgotten_only_when_old_and_no_longer_among_the_newest(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.store.upkeep.LISTED", 10)
    retention = Retention(articles=DAY, identities=90 * DAY)
    ids = [article(n).identity for n in range(1, 51)]
    with filled(path) as store:
        store.upkeep.prune(retention, NOW + 90 * DAY)
        assert len(store.articles.known("source-1", ids)) == 50
        store.articles.touch("source-1", [ids[2]], NOW + 50 * DAY)
        store.upkeep.prune(retention, NOW + 92 * DAY)
        # The newest ten by when they were listed, and the first, whose article has a hit.
        assert set(store.articles.known("source-1", ids)) == {ids[0], ids[2], *ids[41:]}


def test_hits_are_pruned_when_asked_but_never_before_their_deliveries_are_made(path: Path) -> None:
    retention = Retention(articles=DAY, hits=200 * DAY)
    with filled(path) as store:
        store.articles.add([judged(60, seen_at=NOW + 199 * DAY)])
        store.hits.add([hit(60, at=NOW + 199 * DAY), hit(2, article_id=article(2).id)])
        later = NOW + 201 * DAY
        store.upkeep.prune(retention, later)
        assert store.stories.get(story(1).id) is not None  # its mail is still queued
        assert store.hits.of(article(2).id) == []
        store.alerts.sent(store.alerts.lease(later, 60.0)[0].id, later)
        pruned = store.upkeep.prune(retention, later)
        assert (pruned.rows["stories"], pruned.rows["hits"], pruned.rows["articles"]) == (1, 1, 1)
        assert store.articles.count() == 1
        assert store.alerts.get(alert(1).id) is None
        assert store.hits.count() == 1
        assert store.upkeep.check() == []


def test_pruning_goes_in_short_transactions_and_reports(path: Path) -> None:
    with filled(path, 1300) as store:
        commits: list[int] = []
        store._db.before_commit.append(lambda: commits.append(1))
        done: list[int] = []
        store.upkeep.prune(Retention(articles=DAY), NOW + 10 * DAY, progress=lambda so_far, _: done.append(so_far))
        assert len(commits) >= 3
        assert done[-1] == 1299
        before = store.upkeep.stats()
        store.upkeep.shrink()
        assert path.stat().st_size < (before.bytes + before.wal_bytes) / 2


def test_an_edited_article_is_pruned_with_its_versions(path: Path) -> None:
    with filled(path) as store:
        store.articles.add([judged(2, Novelty.EDITED, title="x", content_hash="x", version=2)])
        store.upkeep.prune(Retention(articles=DAY), NOW + 10 * DAY)
        assert store.upkeep.stats().rows["versions"] == 0
        assert store.upkeep.check() == []


def test_stats_tell_what_is_there(path: Path) -> None:
    with filled(path) as store:
        stats = store.upkeep.stats()
        assert (stats.rows["articles"], stats.rows["hits"], stats.rows["sources"]) == (50, 1, 2)
        assert (stats.first_seen, stats.last_seen) == (NOW + 1, NOW + 50)
        assert stats.bytes + stats.wal_bytes > 10_000
        assert stats.sqlite == sqlite_version()


def test_upkeep_works_on_a_reader(path: Path) -> None:
    with filled(path), Store.open(path, read_only=True) as reader:
        assert isinstance(reader.upkeep, Upkeep)
        assert reader.upkeep.check() == []
        assert reader.upkeep.stats().rows["articles"] == 50


# --- quick enough ----------------------------------------------------------------------------------------------------


def test_five_thousand_sources_cost_little(path: Path) -> None:
    """Figures of a small machine are a tenth of these; the index being used is what counts."""
    with Store.open(path) as store:
        store.sources.sync([source(n) for n in range(5000)], 0.0)
        states = [
            SourceState(source_id=one, next_due=1e6 + n, items=b"x" * 240)
            for n, one in enumerate(store.sources.states())
        ]
        store.sources.save(states)
        start = time.perf_counter()
        for _ in range(10):
            assert store.sources.due(1e5, 64) == []
            assert len(store.sources.due(2e6, 64, [state.source_id for state in states[:48]])) == 64
            assert store.sources.next_due() == 1e6
        assert (time.perf_counter() - start) / 10 < 0.05
        plan = store._db.rows(
            "EXPLAIN QUERY PLAN SELECT id FROM sources WHERE enabled = 1 AND state <> 'gone' AND next_due <= 5"
        )
        assert "sources_due" in str(plan)


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT * FROM articles WHERE source_id = 'x' ORDER BY number DESC LIMIT 5", "articles_source"),
        ("SELECT * FROM articles WHERE url = 'x'", "articles_url"),
        ("SELECT * FROM articles WHERE seen_at > 5", "articles_seen"),
        ("SELECT * FROM sightings WHERE source_id = 'x' AND identity = 'y'", "PRIMARY KEY"),
        ("SELECT * FROM hits WHERE rule_id = 'x' AND at > 5", "hits_rule"),
        (
            "SELECT id FROM deliveries WHERE channel = 'x' AND state IN ('queued', 'held', 'leased') ORDER BY id",
            "deliveries_pending",
        ),
    ],
)  # fmt: skip
def test_the_usual_questions_use_an_index_and_need_no_sorting(path: Path, sql: str, index: str) -> None:
    with Store.open(path) as store:
        plan = str(store._db.rows(f"EXPLAIN QUERY PLAN {sql}"))
        assert index in plan
        assert "TEMP B-TREE" not in plan


# --- a full disk -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small tmpfs needs root")
def test_a_full_disk_is_said_and_work_goes_on_when_there_is_space_again(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], check=True)
    try:
        fill_and_free(disk)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill_and_free(disk: Path) -> None:
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(3 * 1024**2))
    stored: list[int] = []
    with Store.open(disk / "monitor.db") as store:
        store.sources.sync([source(1)], 0.0)
        with pytest.raises(StoreError, match="disk is full"):  # noqa: PT012
            for first in range(0, 100_000, 50):
                store.articles.add([judged(n, body=f"word{n} " * 40) for n in range(first, first + 50)])
                stored.append(first)
        for _ in range(3):
            with pytest.raises(StoreError, match="disk is full"):
                store.articles.add([judged(10**6 + n, body="x" * 4000) for n in range(500)])
        assert store.articles.count() == 50 * len(stored)  # reading goes on
        ballast.unlink()
        store.articles.add([judged(10**7)])
        assert store.articles.count() == 50 * len(stored) + 1
        assert store.upkeep.check() == []
    with (disk / "filled").open("wb", buffering=0) as filling, suppress(OSError):
        while filling.write(bytes(4096)):
            pass
    with pytest.raises(StoreError, match="disk is full"):  # SQLite itself says "disk I/O error" here
        Store.open(disk / "monitor.db").close()
