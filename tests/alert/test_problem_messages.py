"""What becomes one message: tables, and a property over any sequence of problems that come and go."""

from dataclasses import dataclass, replace
from datetime import UTC

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alert.problems import SHOWN, Telling, tellings
from monitor.model import Severity

NOW, MINUTE, HOUR = 1.8e9, 60.0, 3600.0


@dataclass(frozen=True)
class Problem:
    number: int
    kind: str = "source"
    opened_at: float = NOW
    closed_at: float | None = None
    told_at: float | None = None
    severity: Severity = Severity.HIGH
    advice: str = "look at it"

    @property
    def key(self) -> str:
        return f"s{self.number}"

    @property
    def title(self) -> str:
        return f"Source {self.number} fails"

    @property
    def message(self) -> str:
        return "it is down"


def tell(waiting: list[Problem], current: list[Problem] | None = None, now: float = NOW + 5 * MINUTE) -> list[Telling]:
    return list(
        tellings(
            waiting, current=waiting if current is None else current, wait=300.0, above=5,
            at_once=frozenset({"network"}), sources=40, zone=UTC, now=now,
        )
    )  # fmt: skip


def titles(found: list[Telling]) -> list[str]:
    return [one.alert.title.removeprefix("monitor: ") for one in found]


def test_a_few_are_told_one_by_one_and_many_as_one() -> None:
    few = [Problem(number) for number in range(5)]
    assert titles(tell(few)) == [f"Source {number} fails" for number in range(5)]
    assert titles(tell([*few, Problem(5)])) == ["6 sources fail"]
    many = [Problem(number) for number in range(31)]
    [one] = tell(many)
    assert titles([one]) == ["31 sources fail: our own network?"]
    assert len(one.numbers) == 31
    lines = one.alert.data["lines"]
    assert isinstance(lines, list)
    assert lines[-1] == f"and {31 - SHOWN} more: `monitor status` lists them"


def test_they_wait_for_each_other_and_an_hour_after_the_last_message() -> None:
    assert tell([Problem(1)], now=NOW + 4 * MINUTE) == []
    told = Problem(9, told_at=NOW - 30 * MINUTE)
    assert tell([Problem(1)], [told, Problem(1)]) == []
    assert len(tell([Problem(1)], [told, Problem(1)], now=NOW + 31 * MINUTE)) == 1
    assert len(tell([Problem(1, kind="network")], now=NOW)) == 1


def test_what_was_told_together_ends_together_unless_a_part_goes_on_for_hours() -> None:
    ended = [Problem(number, told_at=NOW, closed_at=NOW + HOUR) for number in range(7)]
    still = Problem(8, told_at=NOW)
    assert tell(ended, [still], now=NOW + 2 * HOUR) == []
    assert titles(tell(ended, [still], now=NOW + 8 * HOUR)) == ["Over: 7 sources fail"]
    assert titles(tell(ended, [], now=NOW + 2 * HOUR)) == ["Over: 7 sources fail"]
    assert titles(tell(ended[:1], [], now=NOW + 2 * HOUR)) == ["Over: Source 0 fails"]


events = st.lists(st.tuples(st.sampled_from(["open", "close", "wait"]), st.integers(0, 9)), max_size=80)


@given(events)
@settings(deadline=None, max_examples=150)
def test_each_one_is_told_once_and_its_end_once(life: list[tuple[str, int]]) -> None:
    now, book, counter = NOW, dict[int, Problem](), 0
    opened: dict[int, int] = {}
    begun: list[int] = []
    ended: list[int] = []

    def look() -> None:
        current = [one for one in book.values() if one.closed_at is None]
        untold = [one for one in current if one.told_at is None]
        over = [one for one in book.values() if one.closed_at and one.told_at and one.number not in ended]
        for found in tell(untold, current, now):
            begun.extend(found.numbers)
            book.update({number: replace(book[number], told_at=now) for number in found.numbers})
        for found in tell(over, current, now):
            ended.extend(found.numbers)

    for what, which in life:
        now += 2 * MINUTE
        if what == "open" and which not in opened:
            counter += 1
            opened[which] = counter
            book[counter] = Problem(counter, opened_at=now)
        elif what == "close" and which in opened:
            number = opened.pop(which)
            book[number] = replace(book[number], closed_at=now)
        elif what == "wait":
            now += which * 20 * MINUTE
        look()
    now += 9 * HOUR
    look()
    now += 9 * HOUR
    look()
    assert len(begun) == len(set(begun))
    assert len(ended) == len(set(ended))
    assert set(ended) <= set(begun)
    for number, one in book.items():
        assert (number in ended) == (one.closed_at is not None and one.told_at is not None)
        assert one.closed_at is not None or one.told_at is not None
