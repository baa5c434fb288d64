"""EDGE: the schema, as a list of steps that only ever grows.

A step that was released is never changed: a new one is written below it. Steps run in one transaction each, once a
database; `_sqlite_migrations` says which have run (`sqlite-utils migrate` reads the same table).
"""

from functools import cache

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from monitor.errors import StoreError
from monitor.store.connection import Connection, advice, sqlite3

SCHEMA = Migrations("monitor")


def bring_up(connection: Connection) -> None:
    """Run the steps that this database has not had; StoreError for a newer database or one of another program."""
    try:
        _check(connection)
        if SCHEMA.pending(connection.database):
            with connection.transaction(durable=True):  # takes the write lock first: two programs may start at once
                SCHEMA.apply(connection.database)
    except sqlite3.Error as error:
        raise advice(connection.path, error) from error


def _check(connection: Connection) -> None:
    path, database = connection.path, connection.database
    tables = database.table_names()  # first: another program may be bringing it up, and commit tables and steps at once
    known = [step.name for step in SCHEMA.pending(database)] + (had := [step.name for step in SCHEMA.applied(database)])
    if newer := [name for name in had if name not in _names()]:
        raise StoreError(
            f"database {path} was written by a newer monitor (it has {newer[-1]!r}); "
            "install that version again, or restore a backup made before the upgrade"
        )
    if not had and tables:
        raise StoreError(f"database {path} belongs to another program; set `database` to a file of monitor's own")
    if connection.read_only and len(had) < len(known):
        raise StoreError(
            f"database {path} was written by an older monitor; run `monitor db check` to bring it up to date"
        )


@cache
def _names() -> set[str]:
    """Return the names of all steps."""
    empty = Database(memory=True, recursive_triggers=False, execute_plugins=False)
    try:
        return {step.name for step in SCHEMA.pending(empty)}
    finally:
        empty.close()


@SCHEMA(name="0001_sources")
def _sources(db: Database) -> None:
    db.execute("""
        CREATE TABLE sources (
            id TEXT PRIMARY KEY,
            url TEXT NOT NULL,
            kind TEXT NOT NULL,
            title TEXT NOT NULL,
            publisher TEXT NOT NULL,
            family TEXT NOT NULL,
            country TEXT NOT NULL,
            language TEXT NOT NULL,
            reliability TEXT NOT NULL,
            fixed_interval REAL,
            tags TEXT NOT NULL,
            enabled INTEGER NOT NULL,
            removed_at REAL,
            state TEXT NOT NULL DEFAULT 'new',
            reason TEXT NOT NULL DEFAULT '',
            status INTEGER,
            etag TEXT,
            last_modified TEXT,
            body_hash TEXT NOT NULL DEFAULT '',
            moved_to TEXT NOT NULL DEFAULT '',
            moved_count INTEGER NOT NULL DEFAULT 0,
            learnt_url TEXT NOT NULL DEFAULT '',
            next_due REAL NOT NULL DEFAULT 0,
            last_polled REAL,
            last_success REAL,
            last_new REAL,
            last_whole REAL,
            failures REAL NOT NULL DEFAULT 0,
            interval REAL NOT NULL DEFAULT 0,
            rhythm REAL,
            floor REAL NOT NULL DEFAULT 0,
            primed INTEGER NOT NULL DEFAULT 0,
            items BLOB NOT NULL DEFAULT x''
        ) STRICT
    """)
    db.execute("CREATE INDEX sources_due ON sources (next_due) WHERE enabled = 1 AND state <> 'gone'")


@SCHEMA(name="0002_articles")
def _articles(db: Database) -> None:
    db.execute("""
        CREATE TABLE articles (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            source_id TEXT NOT NULL REFERENCES sources (id),
            url TEXT NOT NULL,
            identity TEXT, -- NULL here and in `link`: the same as `url`
            link TEXT,
            title TEXT NOT NULL,
            summary TEXT NOT NULL,
            body TEXT NOT NULL,
            author TEXT NOT NULL,
            published_at REAL,
            published_raw TEXT NOT NULL,
            updated_at REAL,
            updated_raw TEXT NOT NULL,
            seen_at REAL NOT NULL,
            language TEXT NOT NULL,
            language_from TEXT NOT NULL,
            categories TEXT NOT NULL,
            flags TEXT NOT NULL,
            marks TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            version INTEGER NOT NULL,
            novelty TEXT NOT NULL,
            reason TEXT NOT NULL,
            variants TEXT NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX articles_source ON articles (source_id)")
    db.execute("CREATE INDEX articles_url ON articles (url)")
    db.execute("CREATE INDEX articles_seen ON articles (seen_at)")
    # The index reads its text from `articles`. Marks belong to words in most scripts, so they are token characters.
    db.execute("""
        CREATE VIRTUAL TABLE articles_fts USING fts5 (
            title, summary, body, variants, content='articles', content_rowid='number', columnsize=0,
            tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
        )
    """)
    db.execute("""
        CREATE TABLE versions (
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            title TEXT NOT NULL,
            summary TEXT NOT NULL,
            body TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            seen_at REAL NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (article_id, version)
        ) STRICT, WITHOUT ROWID
    """)
    # No foreign key on article_id: that an item was seen is remembered longer than the article itself.
    db.execute("""
        CREATE TABLE sightings (
            source_id TEXT NOT NULL REFERENCES sources (id),
            identity TEXT NOT NULL,
            article_id TEXT NOT NULL,
            first_seen REAL NOT NULL,
            last_seen REAL NOT NULL,
            url TEXT, -- NULL: the same as the article's
            content_hash TEXT NOT NULL,
            PRIMARY KEY (source_id, identity)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX sightings_article ON sightings (article_id)")


@SCHEMA(name="0003_hits")
def _hits(db: Database) -> None:
    db.execute("""
        CREATE TABLE hits (
            number INTEGER PRIMARY KEY,
            article_id TEXT NOT NULL REFERENCES articles (id),
            article_version INTEGER NOT NULL,
            rule_id TEXT NOT NULL,
            rule_name TEXT NOT NULL,
            rule_hash TEXT NOT NULL,
            watch TEXT NOT NULL,
            severity TEXT NOT NULL,
            evidence TEXT NOT NULL,
            at REAL NOT NULL,
            UNIQUE (article_id, rule_id, article_version)
        ) STRICT
    """)
    db.execute("CREATE INDEX hits_rule ON hits (rule_id, at)")
    db.execute("CREATE INDEX hits_at ON hits (at)")


@SCHEMA(name="0004_stories")
def _stories(db: Database) -> None:
    db.execute("""
        CREATE TABLE stories (
            id TEXT PRIMARY KEY,
            article_id TEXT NOT NULL REFERENCES articles (id),
            title TEXT NOT NULL,
            severity TEXT NOT NULL,
            novelty TEXT NOT NULL,
            first_seen REAL NOT NULL,
            updated_at REAL NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX stories_article ON stories (article_id)")
    db.execute("CREATE INDEX stories_seen ON stories (first_seen)")
    db.execute("""
        CREATE TABLE story_articles (
            story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
            article_id TEXT NOT NULL REFERENCES articles (id),
            PRIMARY KEY (story_id, article_id)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX story_articles_article ON story_articles (article_id)")


@SCHEMA(name="0005_alerts")
def _alerts(db: Database) -> None:
    db.execute("""
        CREATE TABLE alerts (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            severity TEXT NOT NULL,
            title TEXT NOT NULL,
            story_id TEXT REFERENCES stories (id) ON DELETE CASCADE,
            at REAL NOT NULL,
            data TEXT NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX alerts_story ON alerts (story_id)")
    db.execute("CREATE INDEX alerts_at ON alerts (at)")
    db.execute("""
        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            alert_id TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
            channel TEXT NOT NULL,
            key TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('queued', 'held', 'leased', 'sent', 'dead', 'dropped')),
            attempts INTEGER NOT NULL DEFAULT 0,
            first_queued REAL NOT NULL,
            next_try REAL NOT NULL,
            leased_until REAL,
            holder TEXT,
            last_error TEXT NOT NULL DEFAULT '',
            answer TEXT NOT NULL DEFAULT '',
            sent_at REAL,
            UNIQUE (alert_id, channel)
        ) STRICT
    """)
    db.execute("""
        CREATE INDEX deliveries_pending ON deliveries (channel, id) WHERE state IN ('queued', 'held', 'leased')
    """)
    db.execute("CREATE INDEX deliveries_state ON deliveries (state, channel, id)")
    db.execute("""
        CREATE TABLE decisions (
            number INTEGER PRIMARY KEY,
            story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
            channel TEXT NOT NULL,
            action TEXT NOT NULL,
            policy TEXT NOT NULL,
            reason TEXT NOT NULL,
            until REAL,
            at REAL NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX decisions_story ON decisions (story_id)")


@SCHEMA(name="0006_upkeep")
def _upkeep(db: Database) -> None:
    db.execute("""
        CREATE TABLE problems (
            number INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            message TEXT NOT NULL,
            opened_at REAL NOT NULL,
            closed_at REAL
        ) STRICT
    """)
    db.execute("CREATE UNIQUE INDEX problems_open ON problems (kind, key) WHERE closed_at IS NULL")
    db.execute("""
        CREATE TABLE counters (
            day TEXT NOT NULL,
            gate TEXT NOT NULL,
            label TEXT NOT NULL,
            n INTEGER NOT NULL,
            PRIMARY KEY (day, gate, label)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID")


@SCHEMA(name="0007_alert_keys")
def _alert_keys(db: Database) -> None:
    # Under which keys (article, URL, title) an alert told something: what was told lately is looked up by them.
    db.execute("""
        CREATE TABLE alert_keys (
            key TEXT NOT NULL,
            alert_id TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
            PRIMARY KEY (key, alert_id)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX alert_keys_alert ON alert_keys (alert_id)")


@SCHEMA(name="0008_marks")
def _marks(db: Database) -> None:
    # By article and rule, not by hit: a mark holds for every version of the article that the rule finds.
    db.execute("""
        CREATE TABLE marks (
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            rule_id TEXT NOT NULL,
            verdict TEXT NOT NULL CHECK (verdict IN ('right', 'wrong')),
            note TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (article_id, rule_id)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX marks_rule ON marks (rule_id, at)")


@SCHEMA(name="0009_trends")
def _trends(db: Database) -> None:
    db.execute("""
        CREATE TABLE trends (
            trend_id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            hash TEXT NOT NULL,
            since REAL NOT NULL,
            watching_since REAL NOT NULL,
            checked_at REAL NOT NULL,
            fired_at REAL,
            fired INTEGER NOT NULL DEFAULT 0,
            reason TEXT NOT NULL DEFAULT '',
            alert_id TEXT NOT NULL DEFAULT ''
        ) STRICT, WITHOUT ROWID
    """)
    # What a trend told, or knows: for `new` every value ever seen, also when its hits are pruned; for the others what
    # holds now and is not told again before it has ceased.
    db.execute("""
        CREATE TABLE trend_values (
            trend_id TEXT NOT NULL REFERENCES trends (trend_id) ON DELETE CASCADE,
            value TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (trend_id, value)
        ) STRICT, WITHOUT ROWID
    """)


@SCHEMA(name="0010_health")
def _health(db: Database) -> None:
    db.execute("""
        CREATE TABLE pulses (
            source_id TEXT PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
            since REAL NOT NULL,
            arrivals INTEGER NOT NULL,
            usual REAL NOT NULL,
            longest REAL NOT NULL,
            last_new REAL,
            failing_since REAL,
            failed INTEGER NOT NULL,
            good_since REAL,
            failed_for REAL NOT NULL,
            dated INTEGER NOT NULL,
            undated INTEGER NOT NULL,
            missed REAL NOT NULL
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("ALTER TABLE problems ADD COLUMN title TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE problems ADD COLUMN advice TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE problems ADD COLUMN severity TEXT NOT NULL DEFAULT 'high'")
    # When the operators were told that it began (NULL: not yet, it waits for others), and that it is over.
    db.execute("ALTER TABLE problems ADD COLUMN told_at REAL")
    db.execute("ALTER TABLE problems ADD COLUMN over_at REAL")
    db.execute("UPDATE problems SET told_at = opened_at, over_at = closed_at")
    db.execute("UPDATE problems SET kind = 'gone' WHERE kind = 'source'")  # the only trouble of theirs until now
    db.execute("CREATE INDEX problems_untold ON problems (opened_at) WHERE told_at IS NULL AND closed_at IS NULL")
    db.execute("""
        CREATE INDEX problems_over ON problems (opened_at)
        WHERE told_at IS NOT NULL AND closed_at IS NOT NULL AND over_at IS NULL
    """)


@SCHEMA(name="0011_places")
def _places(db: Database) -> None:
    # Where an article is that rules hit: countries (JSON, the most certain first), its most specific place, how sure
    # that is, and the km to the borders near it (JSON).
    db.execute("""
        CREATE TABLE places (
            article_id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
            countries TEXT NOT NULL,
            place TEXT NOT NULL,
            kind TEXT NOT NULL,
            lat REAL,
            lon REAL,
            sure TEXT NOT NULL,
            borders TEXT NOT NULL,
            why TEXT NOT NULL,
            words TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
    """)


@SCHEMA(name="0012_stories")
def _grown_stories(db: Database) -> None:
    # A story was one article until now. `first_at` is the time of its first article by that article's own date.
    db.execute("ALTER TABLE stories ADD COLUMN merged_into TEXT REFERENCES stories (id) ON DELETE CASCADE")
    db.execute("ALTER TABLE stories ADD COLUMN first_at REAL NOT NULL DEFAULT 0")
    db.execute("""
        UPDATE stories SET first_at = coalesce(
            (SELECT coalesce(nullif(published_at, 0), seen_at) FROM articles WHERE id = stories.article_id), first_seen
        )
    """)
    db.execute("CREATE INDEX stories_merged ON stories (merged_into) WHERE merged_into IS NOT NULL")
    db.execute("CREATE INDEX stories_updated ON stories (updated_at) WHERE merged_into IS NULL")
    # How an article came to its story, the article it was found to be like, and the terms that said so (JSON).
    # `place` is its place in the story, `indexed` in the memory of the grouping (0: no longer in it).
    db.execute("DROP INDEX story_articles_article")
    db.execute("ALTER TABLE story_articles RENAME TO story_articles_0011")
    db.execute("""
        CREATE TABLE story_articles (
            story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
            article_id TEXT NOT NULL REFERENCES articles (id),
            place INTEGER NOT NULL,
            indexed INTEGER NOT NULL,
            novelty TEXT NOT NULL,
            how TEXT NOT NULL,
            alike TEXT NOT NULL,
            shared TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (story_id, article_id)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        INSERT INTO story_articles
        SELECT m.story_id, m.article_id, a.number, a.number, s.novelty, 'opens', '', '[]', s.first_seen
        FROM story_articles_0011 AS m JOIN stories AS s ON s.id = m.story_id JOIN articles AS a ON a.id = m.article_id
        GROUP BY m.article_id
    """)
    db.execute("DROP TABLE story_articles_0011")
    db.execute("CREATE UNIQUE INDEX story_articles_article ON story_articles (article_id)")
    db.execute("CREATE INDEX story_articles_indexed ON story_articles (indexed)")
    # Stories that a person has parted, both ways round: they are never merged by themselves.
    db.execute("""
        CREATE TABLE stories_apart (
            story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
            other_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
            PRIMARY KEY (story_id, other_id)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX stories_apart_other ON stories_apart (other_id)")


@SCHEMA(name="0013_threads")
def _threads(db: Database) -> None:
    # What each channel knows of each story. `due` and `escalate_at` are when time alone makes something of it.
    db.execute("""
        CREATE TABLE threads (
            story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
            channel TEXT NOT NULL,
            opened REAL NOT NULL,
            told INTEGER NOT NULL,
            times TEXT NOT NULL,
            facts TEXT NOT NULL,
            heard TEXT NOT NULL,
            watches TEXT NOT NULL,
            alert_id TEXT NOT NULL,
            action TEXT NOT NULL,
            policy TEXT NOT NULL,
            reason TEXT NOT NULL,
            due REAL,
            digest TEXT NOT NULL,
            since REAL NOT NULL,
            escalate_at REAL,
            escalation TEXT NOT NULL,
            last_told REAL,
            PRIMARY KEY (story_id, channel)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX threads_held ON threads (due) WHERE action = 'hold'")
    db.execute("CREATE INDEX threads_unanswered ON threads (escalate_at) WHERE escalate_at IS NOT NULL")
    db.execute("CREATE INDEX threads_told ON threads (channel, last_told) WHERE last_told IS NOT NULL")
    db.execute("CREATE INDEX threads_dropped ON threads (channel, policy, since) WHERE action = 'drop'")
    db.execute("CREATE INDEX deliveries_first_queued ON deliveries (channel, first_queued)")
    db.execute("ALTER TABLE decisions ADD COLUMN digest TEXT NOT NULL DEFAULT ''")
    # Of a digest, which tells many articles: the one that a key stands for, and its rules (JSON).
    db.execute("ALTER TABLE alert_keys ADD COLUMN article_id TEXT")
    db.execute("ALTER TABLE alert_keys ADD COLUMN rules TEXT")


@SCHEMA(name="0014_handling")
def _handling(db: Database) -> None:
    # What a silence names lies in `matcher`, a JSON object of the fields of `model.Silence` that are not empty.
    db.execute("""
        CREATE TABLE silences (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            author TEXT NOT NULL,
            reason TEXT NOT NULL,
            start REAL NOT NULL,
            end REAL NOT NULL,
            matcher TEXT NOT NULL,
            ended_by TEXT NOT NULL DEFAULT ''
        ) STRICT
    """)
    db.execute("CREATE INDEX silences_end ON silences (end)")
    # A log: what a person did about a story is never overwritten. `number` is the order.
    db.execute("""
        CREATE TABLE handled (
            number INTEGER PRIMARY KEY,
            story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
            what TEXT NOT NULL CHECK (what IN ('acknowledged', 'muted', 'unmuted')),
            by TEXT NOT NULL,
            at REAL NOT NULL,
            note TEXT NOT NULL,
            until REAL,
            severity TEXT NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX handled_story ON handled (story_id)")


@SCHEMA(name="0017_people")
def _people(db: Database) -> None:
    # Who may log in to the page: an argon2 hash each, never a password. Sessions are kept by the hash of their token.
    db.execute("""
        CREATE TABLE people (
            name TEXT PRIMARY KEY,
            role TEXT NOT NULL CHECK (role IN ('viewer', 'triager', 'admin')),
            password TEXT NOT NULL,
            since REAL NOT NULL
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE sessions (
            token_hash TEXT PRIMARY KEY,
            name TEXT NOT NULL REFERENCES people (name) ON DELETE CASCADE,
            since REAL NOT NULL,
            seen_at REAL NOT NULL
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX sessions_name ON sessions (name)")


@SCHEMA(name="0015_waiting")
def _waiting(db: Database) -> None:
    # Articles of the past that rules hit: they are put into stories after the first poll, and not during it.
    db.execute("""
        CREATE TABLE waiting (
            number INTEGER PRIMARY KEY,
            article_id TEXT NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE
        ) STRICT
    """)


@SCHEMA(name="0018_pages")
def _pages(db: Database) -> None:
    # By which a list of stories is put in order. One step of severity weighs as much as six hours.
    db.execute("""
        ALTER TABLE stories ADD COLUMN grade INTEGER GENERATED ALWAYS AS (
            CASE severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END
        ) VIRTUAL
    """)
    db.execute("""
        ALTER TABLE stories ADD COLUMN weight REAL GENERATED ALWAYS AS (updated_at + 21600.0 * grade) VIRTUAL
    """)
    # The most severe first, however old: no time is as long as one step.
    db.execute("""
        ALTER TABLE stories ADD COLUMN gravity REAL GENERATED ALWAYS AS (updated_at + 1e11 * grade) VIRTUAL
    """)
    # How well a story is founded: independent voices and Admiralty code; 0 = not judged since this step.
    db.execute("ALTER TABLE stories ADD COLUMN independent INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE stories ADD COLUMN credibility INTEGER NOT NULL DEFAULT 0")
    db.execute("DROP INDEX stories_updated")
    # With all that a list is filtered by, so that it is walked without a look at the rows.
    db.execute("CREATE INDEX stories_updated ON stories (updated_at, id, grade, first_seen) WHERE merged_into IS NULL")
    db.execute(
        "CREATE INDEX stories_weight ON stories (weight, id, grade, updated_at, first_seen) WHERE merged_into IS NULL"
    )
    db.execute(
        "CREATE INDEX stories_gravity ON stories (gravity, id, grade, updated_at, first_seen) WHERE merged_into IS NULL"
    )
    # The number of the article, so that the full-text index leads to stories without a look at the articles.
    db.execute("ALTER TABLE story_articles ADD COLUMN number INTEGER")
    db.execute("UPDATE story_articles SET number = (SELECT number FROM articles WHERE id = story_articles.article_id)")
    db.execute("CREATE INDEX story_articles_number ON story_articles (number, story_id)")
    # By what stories can be filtered: kind is rule, watch, source, language or country.
    db.execute("""
        CREATE TABLE story_facets (
            story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (story_id, kind, value)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX story_facets_value ON story_facets (kind, value, story_id)")
    db.execute("""
        INSERT OR IGNORE INTO story_facets (story_id, kind, value)
        SELECT m.story_id, 'rule', h.rule_id FROM story_articles AS m JOIN hits AS h ON h.article_id = m.article_id
        UNION ALL
        SELECT m.story_id, 'watch', h.watch FROM story_articles AS m JOIN hits AS h ON h.article_id = m.article_id
        UNION ALL
        SELECT m.story_id, 'source', a.source_id FROM story_articles AS m JOIN articles AS a ON a.id = m.article_id
        UNION ALL
        SELECT m.story_id, 'language', a.language FROM story_articles AS m JOIN articles AS a ON a.id = m.article_id
        UNION ALL
        SELECT m.story_id, 'country', j.value FROM story_articles AS m
            JOIN places AS p ON p.article_id = m.article_id, json_each(p.countries) AS j
    """)
    db.execute("DELETE FROM story_facets WHERE value = ''")
    db.execute("CREATE INDEX marks_wrong ON marks (article_id) WHERE verdict = 'wrong'")
    # Filters under a name, as the query of an address.
    db.execute("""
        CREATE TABLE views (
            name TEXT PRIMARY KEY,
            query TEXT NOT NULL,
            by TEXT NOT NULL,
            at REAL NOT NULL
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE notes (
            number INTEGER PRIMARY KEY,
            story_id TEXT NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
            by TEXT NOT NULL,
            at REAL NOT NULL,
            text TEXT NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX notes_story ON notes (story_id)")
    db.execute("""
        CREATE TABLE assigned (
            story_id TEXT PRIMARY KEY REFERENCES stories (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            by TEXT NOT NULL,
            at REAL NOT NULL
        ) STRICT, WITHOUT ROWID
    """)


@SCHEMA(name="0019_picture")
def _picture(db: Database) -> None:
    # With the article in the index, what counts hits by place or source need not read the hits and their evidence.
    db.execute("DROP INDEX hits_rule")
    db.execute("CREATE INDEX hits_rule ON hits (rule_id, at, article_id)")
    # With the source in it, the rhythm of all sources is counted without reading their articles.
    db.execute("DROP INDEX articles_seen")
    db.execute("CREATE INDEX articles_seen ON articles (seen_at, source_id)")


@SCHEMA(name="0020_certificates")
def _certificates(db: Database) -> None:
    # Until when the certificate of a source's server is valid, and from when on that is near.
    db.execute("ALTER TABLE pulses ADD COLUMN certificate REAL")
    db.execute("ALTER TABLE pulses ADD COLUMN certificate_near REAL")


@SCHEMA(name="0021_attempts")
def _attempts(db: Database) -> None:
    # What a service said each time when it did not take a delivery; what it said when it did is in `deliveries`.
    db.execute("""
        CREATE TABLE attempts (
            number INTEGER PRIMARY KEY,
            delivery_id INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
            at REAL NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('failed', 'dead')),
            answer TEXT NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX attempts_delivery ON attempts (delivery_id)")


@SCHEMA(name="0023_hit_texts")
def _hit_texts(db: Database) -> None:
    # The full-text index once more, over articles that rules hit: one in twenty of all. Stories and hits are searched
    # in it, so that the most frequent word costs no more than a rare one. Triggers keep it: there are few such rows.
    columns = "title, summary, body, variants"
    db.execute(f"""
        CREATE VIEW hit_texts AS SELECT number, {columns} FROM articles AS a
        WHERE EXISTS (SELECT 1 FROM hits AS h WHERE h.article_id = a.id)
    """)
    db.execute(f"""
        CREATE VIRTUAL TABLE hits_fts USING fts5 (
            {columns}, content='hit_texts', content_rowid='number', columnsize=0,
            tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
        )
    """)
    db.execute(f"INSERT INTO hits_fts (rowid, {columns}) SELECT number, {columns} FROM hit_texts")
    filled = f"INSERT INTO hits_fts (rowid, {columns}) SELECT number, {columns} FROM articles WHERE"
    emptied = (
        f"INSERT INTO hits_fts (hits_fts, rowid, {columns}) SELECT 'delete', number, {columns} FROM articles WHERE"
    )
    db.execute(f"""
        CREATE TRIGGER hits_fts_first AFTER INSERT ON hits
        WHEN NOT EXISTS (SELECT 1 FROM hits WHERE article_id = new.article_id AND number <> new.number)
        BEGIN {filled} id = new.article_id; END
    """)
    db.execute(f"""
        CREATE TRIGGER hits_fts_last AFTER DELETE ON hits
        WHEN NOT EXISTS (SELECT 1 FROM hits WHERE article_id = old.article_id)
        BEGIN {emptied} id = old.article_id; END
    """)
    hit = "WHEN EXISTS (SELECT 1 FROM hits WHERE article_id = old.id)"
    db.execute(f"""
        CREATE TRIGGER hits_fts_before BEFORE UPDATE OF {columns} ON articles {hit}
        BEGIN {emptied} number = old.number; END
    """)
    db.execute(f"""
        CREATE TRIGGER hits_fts_after AFTER UPDATE OF {columns} ON articles {hit}
        BEGIN {filled} number = new.number; END
    """)
    # Stories can be filtered by the names of their places, too.
    db.execute("""
        INSERT OR IGNORE INTO story_facets (story_id, kind, value)
        SELECT m.story_id, 'place', p.place FROM story_articles AS m JOIN places AS p ON p.article_id = m.article_id
        WHERE p.kind = 'place' AND p.place <> ''
    """)


@SCHEMA(name="0024_source_states")
def _source_states(db: Database) -> None:
    # How a source did before: its last changes of state. A trigger keeps them, so that a poll that changes nothing, as
    # nearly all do, costs one comparison.
    db.execute("""
        CREATE TABLE source_states (
            number INTEGER PRIMARY KEY,
            source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
            at REAL NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            status INTEGER
        ) STRICT
    """)
    db.execute("CREATE INDEX source_states_source ON source_states (source_id, number)")
    db.execute("""
        CREATE TRIGGER sources_state AFTER UPDATE OF state ON sources
        WHEN NEW.state <> 'new' AND NEW.last_polled IS NOT NULL
            AND (NEW.state <> OLD.state OR NEW.status IS NOT OLD.status)
            AND NOT (NEW.state IN ('ok', 'unchanged') AND OLD.state IN ('ok', 'unchanged'))
        BEGIN
            INSERT INTO source_states (source_id, at, state, reason, status)
                VALUES (NEW.id, NEW.last_polled, NEW.state, NEW.reason, NEW.status);
            DELETE FROM source_states WHERE source_id = NEW.id AND number <= (
                SELECT number FROM source_states WHERE source_id = NEW.id ORDER BY number DESC LIMIT 1 OFFSET 20
            );
        END
    """)
