"""Links that acknowledge: whoever has one may use it, and nobody can make one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alert.acknowledging import LIFE, BadToken, Ticket, ack_url, ticket_of, token_of

KEY, OTHER = b"k" * 32, b"o" * 32
TICKET = Ticket("sabcdefghijkl", "desk", 1_790_000_000)
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


@given(WORDS, WORDS, st.integers(0, 2**40))
def test_a_token_says_what_was_put_into_it(story: str, channel: str, expires: int) -> None:
    ticket = Ticket(story, channel, expires)
    assert ticket_of(token_of(ticket, KEY), KEY) == ticket


def test_a_token_is_the_same_each_time_and_needs_no_escaping() -> None:
    token = token_of(TICKET, KEY)
    assert token == token_of(TICKET, KEY)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_another_key_another_signature() -> None:
    with pytest.raises(BadToken):
        ticket_of(token_of(TICKET, OTHER), KEY)


@given(st.data())
def test_a_token_that_was_changed_anywhere_is_refused(data: st.DataObject) -> None:
    token = token_of(TICKET, KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCxyz019-_.=%é "))
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        with pytest.raises(BadToken):
            ticket_of(changed, KEY)


@given(st.text(max_size=500))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(BadToken):
        ticket_of(text, KEY)


def test_a_ticket_ends() -> None:
    assert not TICKET.is_over(TICKET.expires - 1)
    assert TICKET.is_over(TICKET.expires)


def test_a_link_is_for_a_channel_whichever_of_its_targets_reads_it() -> None:
    link = ack_url("https://monitor.example.org/", "s1", "desk/ann@example.org", key=KEY, at=1000.9)
    base, _, token = link.rpartition("/")
    assert base == "https://monitor.example.org/ack"
    assert ticket_of(token, KEY) == Ticket("s1", "desk", int(1000.9 + LIFE))
    assert ack_url("", "s1", "desk", key=KEY, at=0.0) == ""
