"""Rules whose examples fail: what stays, what goes live, what waits."""

import pytest
from rule_builders import NOW, article_of, compiled, source_of

from monitor.match.proving import prove
from monitor.match.rulebook import RuleBook


def book_with(**words: str) -> RuleBook:
    """Return a book of rules that look for one word each, and must all find "troops"."""
    rules = [{"id": name, "match": [word], "examples": {"match": ["troops"]}} for name, word in words.items()]
    book, problems = compiled({"rules": rules})
    assert problems == ()
    return book


def found(book: RuleBook, text: str) -> list[str]:
    return [hit.rule_id for hit in book.match(article_of(text), source_of(), now=NOW)]


def test_at_a_start_a_failing_rule_is_live() -> None:
    proof = prove(book_with(one="troops", two="tanks"))
    assert found(proof.book, "troops and tanks") == ["one", "two"]
    assert list(proof.failing) == ["two"]
    assert proof.failing["two"].startswith("an example fails; it is live all the same\nfile1.yaml:")
    assert "does not match its example 'troops'" in proof.failing["two"]


def test_on_a_reload_the_old_version_stays_and_the_others_change() -> None:
    before = book_with(one="troops", two="troops")
    proof = prove(book_with(one="tanks", two="troop*"), before)
    assert found(proof.book, "tanks") == []
    assert found(proof.book, "troops") == ["one", "two"]
    assert found(proof.book, "troopship") == ["two"]
    assert "its old version stays" in proof.failing["one"]
    assert proof.book.rules[0].hash == before.rules[0].hash


def test_the_old_version_survives_further_reloads_and_goes_when_its_rule_does() -> None:
    first = prove(book_with(one="tanks"), book_with(one="troops"))
    again = prove(book_with(one="tanks", two="troops"), first.book)
    assert found(again.book, "troops") == ["one", "two"]
    assert found(prove(book_with(two="troops"), again.book).book, "troops") == ["two"]


def test_a_new_rule_waits_until_its_examples_hold() -> None:
    before = book_with(one="troops")
    waits = prove(book_with(one="troops", two="tanks"), before)
    assert found(waits.book, "tanks") == []
    assert "it is not live until they hold" in waits.failing["two"]
    assert found(prove(book_with(one="troops", two="troop*"), waits.book).book, "troops") == ["one", "two"]


@pytest.mark.parametrize("before", [None, {"one": "troops"}])
def test_where_all_examples_hold_nothing_is_said(before: dict[str, str] | None) -> None:
    book = book_with(one="troops", two="troop*")
    proof = prove(book, book_with(**before) if before else None)
    assert (proof.failing, proof.book) == ({}, book)
