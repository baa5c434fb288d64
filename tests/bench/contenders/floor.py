"""The floor: libcurl, expat, raw SQLite with FTS5, nothing else: python floor.py DATABASE URLS."""

import io
import sqlite3
import sys
from pathlib import Path
from xml.parsers import expat

import pycurl

sys.path.insert(0, str(Path(__file__).parents[3]))
from tests.bench.contenders.clock import measured

WANTED = ("title", "link", "guid", "pubDate", "description")


def entries(body: bytes) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    text: list[str] = []
    current: dict[str, str] | None = None

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal current
        if name == "item":
            current = {}
            found.append(current)
        text.clear()

    def end(name: str) -> None:
        nonlocal current
        if name == "item":
            current = None
        elif current is not None and name in WANTED:
            current[name] = "".join(text)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text.append
    parser.Parse(body, True)
    return found


def store(db: sqlite3.Connection, url: str, etag: str, body: bytes) -> None:
    first = db.execute("select coalesce(max(id), 0) from articles").fetchone()[0]
    db.executemany(
        "insert or ignore into articles (feed, guid, title, link, published, summary) values (?, ?, ?, ?, ?, ?)",
        [
            (url, *(entry.get(key, "") for key in ("guid", "title", "link", "pubDate", "description")))
            for entry in entries(body)
        ],
    )
    db.execute("insert into fts (rowid, title, summary) select id, title, summary from articles where id > ?", (first,))
    db.execute("insert or replace into feeds values (?, ?)", (url, etag))


def handle_for(url: str, etag: str) -> pycurl.Curl:
    handle = pycurl.Curl()
    handle.body, handle.etag, handle.url = io.BytesIO(), "", url

    def header(line: bytes) -> None:
        name, _, value = line.partition(b":")
        if name.lower() == b"etag":
            handle.etag = value.strip().decode()

    handle.setopt(pycurl.URL, url)
    handle.setopt(pycurl.ACCEPT_ENCODING, "gzip")
    handle.setopt(pycurl.WRITEFUNCTION, handle.body.write)
    handle.setopt(pycurl.HEADERFUNCTION, header)
    if etag:
        handle.setopt(pycurl.HTTPHEADER, [f"If-None-Match: {etag}"])
    return handle


def main() -> None:
    db = sqlite3.connect(sys.argv[1])
    db.executescript(
        "pragma journal_mode=wal; pragma synchronous=normal;"
        "create table if not exists feeds (url primary key, etag);"
        "create table if not exists articles"
        " (id integer primary key, feed, guid, title, link, published, summary, unique (feed, guid));"
        "create virtual table if not exists fts using fts5(title, summary, content='articles', content_rowid='id');"
    )
    with measured():
        poll(db)


def poll(db: sqlite3.Connection) -> None:
    etags = dict(db.execute("select url, etag from feeds"))
    waiting = [handle_for(url, etags.get(url, "")) for url in Path(sys.argv[2]).read_text().split()]
    multi, active = pycurl.CurlMulti(), 0
    while waiting or active:
        while waiting and active < 64:
            multi.add_handle(waiting.pop())
            active += 1
        multi.select(1.0)
        while multi.perform()[0] == pycurl.E_CALL_MULTI_PERFORM:
            pass
        for handle in multi.info_read()[1]:
            multi.remove_handle(handle)
            active -= 1
            if handle.getinfo(pycurl.RESPONSE_CODE) == 200:
                store(db, handle.url, handle.etag, handle.body.getvalue())
    db.commit()


main()
