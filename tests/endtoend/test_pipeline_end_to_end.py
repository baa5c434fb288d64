"""The real program against a real HTTP server, a real webhook and a real SQLite file."""

import sqlite3

import pytest

from tests.endtoend.conftest import RULES, SETTINGS, Home, Loopback, rss

OLD = [("o1", "Harvest begins", "Farmers are early."), ("o2", "Troops left the border last year", "An old story.")]
NEW = [
    ("n1", "Troops mass at the border", "Soldiers were seen."),
    ("n2", "Border collie saves sheep", "No troops here. The border collie is well."),
]


def set_up(home: Home, loopback: Loopback, extra: str = "") -> None:
    home.write(
        "monitor.yaml",
        SETTINGS.format(port=loopback.port)
        + f'channels: {{desk: {{url: "json://127.0.0.1:{loopback.port}/hook"}}}}\n'
        + extra,
    )
    home.write("sources.yaml", f"sources:\n  - {{id: wire, title: Wire, url: '{loopback.url('/feed')}'}}\n")
    home.write("rules/border.yaml", RULES)
    loopback.pages["/hook"] = lambda _: (200, {}, b"ok")


def rows(home: Home, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(home.database) as db:
        return db.execute(sql).fetchall()


@pytest.mark.slow
def test_the_first_poll_is_history_and_the_next_one_is_news(home: Home, loopback: Loopback) -> None:
    set_up(home, loopback)
    loopback.serve("/feed", rss(OLD))
    first = home.run("once", "--all")
    assert first.returncode == 0, first.stdout + first.stderr
    assert loopback.received() == []
    assert rows(home, "select count(*) from articles") == [(2,)]
    assert rows(home, "select count(*) from hits") == [(1,)]  # matched, but history

    loopback.serve("/feed", rss(NEW + OLD))
    second = home.run("once", "--all")
    assert second.returncode == 0, second.stdout + second.stderr
    messages = loopback.received()
    assert len(messages) == 1
    text = f"{messages[0]['title']}\n{messages[0]['message']}"
    assert "Troops mass at the border" in text
    assert "HIGH" in text.upper()
    assert "Wire" in text
    assert "monitor explain" in text
    assert messages[0]["key"]
    assert rows(home, "select state from deliveries") == [("sent",)]

    home.run("once", "--all")
    assert len(loopback.received()) == 1


@pytest.mark.slow
def test_an_edit_is_a_version_and_only_a_new_hit_alerts(home: Home, loopback: Loopback) -> None:
    set_up(home, loopback)
    loopback.serve("/feed", rss(OLD))
    home.run("once", "--all")
    loopback.serve("/feed", rss([("n1", "Convoy on the move", "Details to follow."), *OLD]))
    home.run("once", "--all")
    assert loopback.received() == []
    loopback.serve("/feed", rss([("n1", "Convoy on the move", "Troops reached the border."), *OLD]))
    home.run("once", "--all")
    assert len(loopback.received()) == 1
    loopback.serve("/feed", rss([("n1", "Convoy on the move, again", "Troops reached the border."), *OLD]))
    home.run("once", "--all")
    assert len(loopback.received()) == 1
    assert rows(home, "select max(version) from articles") == [(3,)]


@pytest.mark.slow
def test_one_article_in_two_sources_is_one_article_with_two_sightings(home: Home, loopback: Loopback) -> None:
    set_up(home, loopback)
    home.write(
        "sources.yaml",
        "sources:\n" + "".join(f"  - {{id: {name}, url: '{loopback.url('/' + name)}'}}\n" for name in ("one", "two")),
    )
    loopback.serve("/one", rss(OLD))
    loopback.serve("/two", rss([("x", "Something else", "Entirely.")]))
    home.run("once", "--all")
    loopback.serve("/one", rss([("n1", "Troops mass at the border", "Soldiers."), *OLD]))
    same = rss([("n1", "Troops mass at the border", "Soldiers.")]).replace(b"n1</guid>", b"other</guid>")
    loopback.serve("/two", same)
    home.run("once", "--all")
    home.run("once", "--all")
    assert len(loopback.received()) == 1
    assert rows(home, "select count(*) from articles where title like 'Troops mass%'") == [(1,)]
    assert rows(
        home,
        "select count(*) from sightings where article_id in (select id from articles where title like 'Troops mass%')",
    ) == [(2,)]


@pytest.mark.slow
def test_a_channel_that_fails_gets_its_message_later_and_once(home: Home, loopback: Loopback) -> None:
    set_up(home, loopback)
    loopback.serve("/feed", rss(OLD))
    home.run("once", "--all")
    loopback.pages["/hook"] = lambda _: (503, {}, b"later")
    loopback.serve("/feed", rss(NEW + OLD))
    failed = home.run("once", "--all")
    assert failed.returncode == 1
    assert rows(home, "select state, attempts from deliveries") == [("queued", 1)]
    tried = len(loopback.received())
    loopback.pages["/hook"] = lambda _: (200, {}, b"ok")
    with sqlite3.connect(home.database) as db:
        db.execute("update deliveries set next_try = 0")
    assert home.run("once").returncode == 0
    keys = {message["key"] for message in loopback.received()}
    assert len(loopback.received()) == tried + 1
    assert len(keys) == 1


@pytest.mark.slow
def test_a_failing_source_is_stated_and_the_others_run(home: Home, loopback: Loopback) -> None:
    set_up(home, loopback)
    home.write(
        "sources.yaml",
        "sources:\n"
        + "".join(
            f"  - {{id: {name}, url: '{loopback.url('/' + name)}'}}\n" for name in ("feed", "page", "lost", "gone")
        ),
    )
    loopback.serve("/feed", rss(OLD))
    loopback.serve(
        "/page",
        b"<!doctype html><html><head><title>Just a moment</title></head><body>Verify you are human</body></html>",
        "text/html",
    )
    loopback.pages["/gone"] = lambda _: (410, {}, b"gone")
    done = home.run("once", "--all")
    assert done.returncode == 1, done.stdout + done.stderr
    assert rows(home, "select id, state from sources order by id") == [
        ("feed", "ok"),
        ("gone", "gone"),
        ("lost", "http-error"),
        ("page", "not-a-feed"),
    ]
    listing = home.run("sources")
    assert "not-a-feed" in listing.stdout
    messages = loopback.received()
    assert len(messages) == 1  # 410 stops polling, and says so
    assert "gone" in str(messages[0]).lower()
