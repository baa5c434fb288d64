"""The words between the daemon and its reading children: a length, then a pickle of our own values.

Pickle, since it writes a document's bytes as they are and a frozen value in C (JSON would double the bytes, marshal
knows no classes of ours); and since a document from the network went through the child, the daemon unpickles nothing
but the classes of `monitor.model`.
"""

import io
import pickle
import struct
from enum import Enum
from typing import Any

HEAD = struct.Struct(">I?")  # bytes that follow; whether the child ends after this answer
ALLOWED = ("monitor.model",)
LARGEST = 256 * 1024**2  # bytes; no document becomes more


def frame(value: object, *, last: bool = False) -> bytes:
    """Return a value as it is sent; `last` announces that the sender ends."""
    body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return HEAD.pack(len(body), last) + body


def head(data: bytes) -> tuple[int, bool]:
    """Return how many bytes follow, and whether the sender ends; UnpicklingError where that is absurd."""
    size, last = HEAD.unpack(data)
    if size > LARGEST:
        raise pickle.UnpicklingError(f"{size:,} bytes are no answer")
    return size, last


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Know our own classes only: neither what their modules import, nor what hangs on them behind a dot."""
        if (module, name) == ("builtins", "getattr"):
            return _member
        if module == "builtins" and name in {"frozenset", "set"}:
            return super().find_class(module, name)
        found = super().find_class(module, name) if module in ALLOWED and "." not in name else None
        if not isinstance(found, type) or found.__module__ != module:
            raise pickle.UnpicklingError(f"{module}.{name} is not expected")
        return found


def _member(kind: Any, name: Any) -> Any:
    """Return a member of an enumeration: Python 3.11.0 to 3.11.3 pickle it as `getattr(kind, name)`."""
    if not (isinstance(kind, type) and issubclass(kind, Enum)):
        raise pickle.UnpicklingError("getattr is expected for enumerations only")
    return kind[name]


def loads(data: bytes) -> Any:
    """Unpickle values of our own classes; UnpicklingError for anything else."""
    return _Unpickler(io.BytesIO(data)).load()
