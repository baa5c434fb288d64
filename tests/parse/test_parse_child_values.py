"""What the daemon takes from a reading child: our own values, pickled by any Python, and nothing that runs."""

import operator
import os
import pickle
from enum import Enum

import pytest

from monitor.model import Parsed, Reading, Source, State
from monitor.parse.frames import loads


class Call:
    """Pickles as a call."""

    def __init__(self, function: object, *arguments: object) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> object:
        return self.call


def test_our_own_values_come_back() -> None:
    reading = Reading(parsed=Parsed(state=State.OK, reason="read"))
    assert loads(pickle.dumps(reading, 5)) == reading
    source = Source(id="a", url="https://a.example/", tags=frozenset({"x"}))
    assert loads(pickle.dumps(source, 5)) == source


def test_a_member_comes_back_as_early_python_311_writes_it() -> None:
    assert loads(pickle.dumps(Call(getattr, State, "BROKEN"), 5)) is State.BROKEN


@pytest.mark.parametrize(
    "call",
    [
        Call(os.system, "true"),
        Call(getattr, "text", "upper"),
        Call(getattr, State, "__class__"),
        Call(getattr, State, "mro"),
        Call(operator.attrgetter, "x"),
        Call(eval, "1"),
    ],
    ids=lambda call: str(call.call[0]),
)
def test_nothing_else_does(call: Call) -> None:
    with pytest.raises((pickle.UnpicklingError, KeyError)):
        loads(pickle.dumps(call, 5))


@pytest.mark.parametrize("name", ["Enum", "StrEnum", "State.mro", "dataclass", "Mapping", "extract"])
@pytest.mark.parametrize("module", ["monitor.model", "monitor.reading"])
def test_what_a_module_imports_is_not_ours(module: str, name: str) -> None:
    assert issubclass(State, Enum)
    frame = (
        pickle.PROTO
        + b"\x04"
        + b"".join(pickle.SHORT_BINUNICODE + bytes([len(text)]) + text.encode() for text in (module, name))
    )
    with pytest.raises((pickle.UnpicklingError, AttributeError)):
        loads(frame + pickle.STACK_GLOBAL + pickle.STOP)
